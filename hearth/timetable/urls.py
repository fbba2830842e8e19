from django.urls import path

from hearth.timetable import pages

app_name = "timetable"
urlpatterns = [
    path("my/week/", pages.my_week, name="my-week"),
    path("my/hours/", pages.my_hours, name="my-hours"),
    path("my/calendar/", pages.my_calendar, name="my-calendar"),
    path("calendar/<str:token>.ics", pages.feed, name="feed"),
    path("students/<uuid:patient>/hours/", pages.hours_of_student, name="hours"),
    path("timetable/", pages.week, name="week"),
    path("timetable/propose/", pages.propose, name="propose"),
    path("timetable/proposals/<uuid:proposal>/", pages.proposal, name="proposal"),
    path("timetable/proposals/<uuid:proposal>/accept/", pages.accept, name="accept"),
    path("timetable/proposals/<uuid:proposal>/drop/", pages.drop, name="drop"),
]
