from django.urls import path

from hearth.admission import barrier_pages, card_pages, pages

app_name = "admission"
urlpatterns = [
    path("admissions/", pages.on_the_way_in, name="on-the-way-in"),
    path("admissions/<uuid:patient>/", pages.way_in, name="way-in"),
    path("admissions/<uuid:patient>/findings/", pages.findings, name="findings"),
    path("students/<uuid:patient>/in-the-way/", barrier_pages.of_patient, name="barriers"),
    path("in-the-way/<uuid:barrier>/", barrier_pages.change, name="barrier"),
    path("cards/<uuid:patient>/", card_pages.of_patient, name="cards"),
    path("cards/photo/<uuid:photo>/", card_pages.picture, name="card-photo"),
    path("cards/photo/<uuid:photo>/delete/", card_pages.remove, name="remove-card-photo"),
]
