from django.urls import URLPattern, URLResolver, path

from hearth.medical import pages, reminder_pages

app_name = "medical"
urlpatterns: list[URLPattern | URLResolver] = [
    path("medical/", pages.work, name="work"),
    path("medical/tests/<uuid:pk>/", pages.test, name="test"),
    path("students/<uuid:pk>/medical/", pages.of_patient, name="of-patient"),
    path("students/<uuid:pk>/medical/<uuid:medication>/end/", pages.end, name="end"),
    path("students/<uuid:pk>/medical/told/<uuid:fact>/", pages.take_over, name="take-over"),
    path("my/medications/", pages.mine, name="mine"),
    path("my/medications/tests/<uuid:pk>/agree/", pages.agree, name="agree"),
    path("my/medications/reminders/", reminder_pages.reminders, name="reminders"),
    path("my/medications/reminders/<uuid:reminder>/drop/", reminder_pages.drop, name="drop-reminder"),
    path("my/withdrawal/", pages.withdrawal, name="withdrawal"),
]
