from django.urls import path

from hearth.background import pages, staff_pages

app_name = "background"
urlpatterns = [
    path("my/about-me/", pages.mine, name="mine"),
    path("my/about-me/now/", pages.help_at_once, name="help"),
    path("my/about-me/done/", pages.finish, name="finish"),
    path("my/about-me/paper.pdf", pages.paper, name="paper-mine"),
    path("my/about-me/<slug:section>/", pages.section, name="section"),
    path("students/<uuid:patient>/background/", staff_pages.of_patient, name="of-patient"),
    path("students/<uuid:patient>/background/<int:number>.pdf", staff_pages.paper, name="paper"),
    path("students/<uuid:patient>/background/<int:number>.json", staff_pages.as_fhir, name="as-fhir"),
    path("students/<uuid:patient>/background/<slug:section>/", staff_pages.section, name="complete"),
    path("background/<slug:language>.json", staff_pages.as_questionnaire, name="questionnaire"),
]
