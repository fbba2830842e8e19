from django.urls import URLPattern, URLResolver, path

from hearth.consent import packet_pages, pages, privacy_pages

app_name = "consent"
urlpatterns: list[URLPattern | URLResolver] = [
    path("consents/", pages.mine, name="mine"),
    path("consents/signed/<uuid:pk>/", pages.signed, name="signed"),
    path("consents/signed/<uuid:pk>/copy.pdf", pages.copy, name="copy"),
    path("consents/signed/<uuid:pk>/revoke/", pages.revoke, name="revoke"),
    path("consents/<uuid:pk>/<slug:kind>/", pages.sign, name="sign"),
    path("my/papers/", packet_pages.mine, name="papers"),
    path("my/papers/<uuid:pk>/<slug:paper>/", packet_pages.paper, name="paper"),
    path("students/<uuid:pk>/consents/", pages.of_patient, name="of-patient"),
    path("emergency/", pages.find_in_emergency, name="find-in-emergency"),
    path("students/<uuid:pk>/emergency/", pages.emergency, name="emergency"),
    path("me/who-has-seen/", privacy_pages.who_has_seen, name="who-has-seen"),
    path("privacy/", privacy_pages.privacy, name="privacy"),
    path("privacy/students/<uuid:pk>/", privacy_pages.log_of_patient, name="log-of-patient"),
    path("privacy/people/<uuid:pk>/", privacy_pages.log_of_user, name="log-of-user"),
    path("privacy/emergencies/", privacy_pages.emergency_accesses, name="emergency-accesses"),
    path("privacy/emergencies/<uuid:pk>/review/", privacy_pages.review, name="review"),
]
