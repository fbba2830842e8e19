from django.urls import path

from hearth.aftercare import pages

app_name = "aftercare"
urlpatterns = [
    path("aftercare/", pages.board, name="list"),
    path("students/<uuid:patient>/completion/", pages.of_patient, name="of-patient"),
    path("summaries/<uuid:discharge>/", pages.summary, name="summary"),
    path("follow-ups/<uuid:follow_up>/", pages.contact, name="contact"),
    path("my/next/", pages.mine, name="mine"),
    path("my/next/agree/", pages.agree, name="agree"),
    path("how-are-you/<str:token>/", pages.answer, name="answer"),
]
