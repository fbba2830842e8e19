from django.urls import URLPattern, URLResolver, path

from hearth.trauma import own_pages, pages

app_name = "trauma"
urlpatterns: list[URLPattern | URLResolver] = [
    path("students/<uuid:pk>/strand/", pages.of_patient, name="of-patient"),
    path("students/<uuid:pk>/strand/readiness/", pages.readiness, name="readiness"),
    path("sessions/<uuid:session>/strand/", pages.session, name="session"),
    path("sessions/<uuid:session>/strand/told/", pages.told, name="told"),
    path("sessions/<uuid:session>/strand/line/", pages.beside_session, name="beside-session"),
    path("strand/day-after/<uuid:pk>/", pages.check, name="check"),
    path("staff/<uuid:pk>/trainings/", pages.trainings, name="trainings"),
    path("my/strand/", own_pages.mine, name="mine"),
    path("my/strand/sessions/<uuid:session>/", own_pages.session, name="my-session"),
    path("my/strand/sessions/<uuid:session>/line/", own_pages.beside_session, name="beside-my-session"),
    path("my/strand/day-after/<uuid:pk>/", own_pages.check, name="my-check"),
]
