from django.urls import path

from hearth.measures import catalogue_pages, guardian_pages, kiosk_pages, pages, reading_pages, rhythm_pages

app_name = "measures"
urlpatterns = [
    path("my/check-ins/", pages.mine, name="mine"),
    path("my/check-ins/queued/", pages.queued, name="queued"),
    path("my/check-ins/<slug:instrument>/", pages.answer, name="answer"),
    path("my/check-ins/<slug:instrument>/begun/", pages.keep, name="keep"),
    path("my/check-ins/results/<uuid:response>/", pages.result, name="result"),
    path("family/check-ins/<uuid:tie>/<slug:instrument>/", guardian_pages.answer, name="guardian"),
    path("family/check-ins/given/<uuid:response>/", guardian_pages.given, name="guardian-given"),
    path("students/<uuid:patient>/measures/", pages.of_patient, name="of-patient"),
    path("students/<uuid:patient>/measures/here/", kiosk_pages.hand_over, name="hand-over"),
    path("students/<uuid:patient>/measures/rhythm/", rhythm_pages.rhythm, name="rhythm"),
    path("students/<uuid:patient>/measures/rhythm/<slug:instrument>/", rhythm_pages.change, name="rhythm-of"),
    path("here/", kiosk_pages.kiosk, name="kiosk"),
    path("students/<uuid:patient>/measures/<slug:instrument>/", pages.enter, name="enter"),
    path("students/<uuid:patient>/measures/<slug:instrument>/read/", reading_pages.read, name="read"),
    path("students/<uuid:patient>/measures/read/<uuid:response>/", reading_pages.result, name="read-result"),
    path("students/<uuid:patient>/measures/given/<uuid:response>.json", reading_pages.as_fhir, name="as-fhir"),
    path("students/<uuid:patient>/measures/seen/<uuid:response>.json", reading_pages.view_as_fhir, name="view-as-fhir"),
    path("questionnaires/", catalogue_pages.catalogue, name="catalogue"),
    path("questionnaires/words/<uuid:words>/withdraw/", catalogue_pages.withdraw, name="withdraw"),
    path("questionnaires/<slug:instrument>/", catalogue_pages.instrument, name="instrument"),
    path("questionnaires/<slug:instrument>/<slug:language>.json", catalogue_pages.questionnaire, name="questionnaire"),
]
