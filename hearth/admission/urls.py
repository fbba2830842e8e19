from django.urls import path

from hearth.admission import barrier_pages, pages

app_name = "admission"
urlpatterns = [
    path("admissions/", pages.on_the_way_in, name="on-the-way-in"),
    path("admissions/<uuid:patient>/", pages.way_in, name="way-in"),
    path("admissions/<uuid:patient>/findings/", pages.findings, name="findings"),
    path("students/<uuid:patient>/in-the-way/", barrier_pages.of_patient, name="barriers"),
    path("in-the-way/<uuid:barrier>/", barrier_pages.change, name="barrier"),
]
