from django.urls import path

from hearth.admission import pages

app_name = "admission"
urlpatterns = [
    path("admissions/", pages.on_the_way_in, name="on-the-way-in"),
    path("admissions/<uuid:patient>/", pages.way_in, name="way-in"),
    path("admissions/<uuid:patient>/findings/", pages.findings, name="findings"),
]
