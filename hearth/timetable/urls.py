from django.urls import path

from hearth.timetable.pages import changes, deciding, family, hours, imports, mine, one_offs, proposals, week, what_if

app_name = "timetable"
urlpatterns = [
    path("my/week/", mine.my_week, name="my-week"),
    path("my/week/seen/", mine.seen, name="seen"),
    path("my/hours/", hours.mine, name="my-hours"),
    path("my/hours/calendar/", imports.calendar, name="my-hours-calendar"),
    path("my/hours/suggested/", hours.suggested, name="my-hours-suggested"),
    path("my/family/<uuid:patient>/hours/", family.hours_of_family, name="family-hours"),
    path("my/changes/<uuid:change>/", changes.mine, name="my-change"),
    path("my/dates/", one_offs.mine, name="my-dates"),
    path("my/dates/<uuid:one_off>/", one_offs.change, name="change-dates"),
    path("my/calendar/", mine.my_calendar, name="my-calendar"),
    path("calendar/<str:token>.ics", mine.feed, name="feed"),
    path("students/<uuid:patient>/hours/", hours.of_student, name="hours"),
    path("students/<uuid:patient>/hours/suggested/", hours.suggested_for, name="hours-suggested"),
    path("students/<uuid:patient>/dates/", one_offs.of_student, name="dates"),
    path("students/<uuid:patient>/changes/", changes.of_student, name="changes"),
    path("timetable/changes/", changes.lately, name="changes-lately"),
    path("timetable/changes/<uuid:change>/withdraw/", changes.withdraw, name="withdraw-change"),
    path("timetable/", week.week, name="week"),
    path("timetable/propose/", week.propose, name="propose"),
    path("timetable/proposals/<uuid:proposal>/", proposals.proposal, name="proposal"),
    path("timetable/proposals/<uuid:proposal>/accept/", deciding.accept, name="accept"),
    path("timetable/proposals/<uuid:proposal>/part/", deciding.decide_part, name="part"),
    path("timetable/proposals/<uuid:proposal>/take-back/", deciding.take_back, name="take-back"),
    path("timetable/proposals/<uuid:proposal>/drop/", deciding.drop, name="drop"),
    path("timetable/what-if/", what_if.what_if, name="what-if"),
]
