from django.urls import path

from hearth.measures import pages

app_name = "measures"
urlpatterns = [
    path("my/check-ins/", pages.mine, name="mine"),
    path("my/check-ins/<slug:instrument>/", pages.answer, name="answer"),
    path("my/check-ins/results/<uuid:response>/", pages.result, name="result"),
    path("students/<uuid:patient>/measures/", pages.of_patient, name="of-patient"),
    path("students/<uuid:patient>/measures/<slug:instrument>/", pages.enter, name="enter"),
]
