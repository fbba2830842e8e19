from django.urls import path

from hearth.notebook import pages

app_name = "notebook"
urlpatterns = [
    path("my/notebook/", pages.home, name="home"),
    path("my/notebook/key/", pages.key, name="key"),
    path("my/notebook/entries/", pages.entries, name="entries"),
    path("my/notebook/queued/", pages.queued, name="queued"),
    path("my/notebook/entries/<uuid:entry>/", pages.entry, name="entry"),
    path("my/notebook/entries/<uuid:entry>/share/", pages.share, name="share"),
    path("students/<uuid:patient>/notebook/", pages.of_patient, name="of-patient"),
]
