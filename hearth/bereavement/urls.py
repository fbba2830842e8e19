from django.urls import path

from hearth.bereavement import pages

app_name = "bereavement"
urlpatterns = [
    path("students/<uuid:patient>/what-follows/", pages.of_patient, name="of-patient"),
    path("students/<uuid:patient>/what-follows/record/", pages.record, name="record"),
    path("students/<uuid:patient>/what-follows/take-back/", pages.take_back, name="take-back"),
    path("what-follows/", pages.deaths, name="deaths"),
    path("what-follows/<uuid:task>/", pages.task, name="task"),
]
