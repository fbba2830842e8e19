from django.urls import path

from hearth.timetable.pages import mine, proposals, week

app_name = "timetable"
urlpatterns = [
    path("my/week/", mine.my_week, name="my-week"),
    path("my/hours/", mine.my_hours, name="my-hours"),
    path("my/week/seen/", mine.seen, name="seen"),
    path("my/calendar/", mine.my_calendar, name="my-calendar"),
    path("calendar/<str:token>.ics", mine.feed, name="feed"),
    path("students/<uuid:patient>/hours/", mine.hours_of_student, name="hours"),
    path("timetable/", week.week, name="week"),
    path("timetable/propose/", week.propose, name="propose"),
    path("timetable/proposals/<uuid:proposal>/", proposals.proposal, name="proposal"),
    path("timetable/proposals/<uuid:proposal>/accept/", proposals.accept, name="accept"),
    path("timetable/proposals/<uuid:proposal>/drop/", proposals.drop, name="drop"),
]
