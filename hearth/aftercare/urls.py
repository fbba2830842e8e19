from django.urls import path

from hearth.aftercare import deciding_pages, following_pages, pages, transfer_pages

app_name = "aftercare"
urlpatterns = [
    path("aftercare/", pages.board, name="list"),
    path("students/<uuid:patient>/completion/", pages.of_patient, name="of-patient"),
    path("students/<uuid:patient>/completion/go-on/", deciding_pages.go_on, name="go-on"),
    path("students/<uuid:patient>/completion/ending/", deciding_pages.ending, name="ending"),
    path("students/<uuid:patient>/completion/hold/", deciding_pages.hold, name="hold"),
    path("students/<uuid:patient>/completion/asking/", following_pages.wish, name="wish"),
    path("students/<uuid:patient>/completion/first-visit/", following_pages.first_visit, name="first-visit"),
    path("students/<uuid:patient>/completion/packet/", transfer_pages.packet, name="packet"),
    path(
        "students/<uuid:patient>/completion/packet/<uuid:packet>/<slug:form>/", transfer_pages.take, name="take-packet"
    ),
    path("my/next/hold-back/", transfer_pages.hold_back, name="hold-back"),
    path("my/next/ahead/<uuid:patient>/", transfer_pages.ahead, name="ahead"),
    path("my/next/appeal/", deciding_pages.appeal, name="appeal"),
    path("summaries/<uuid:discharge>/", pages.summary, name="summary"),
    path("follow-ups/<uuid:follow_up>/", pages.contact, name="contact"),
    path("my/next/", pages.mine, name="mine"),
    path("my/next/people/", pages.name_people, name="name-people"),
    path("my/next/agree/", pages.agree, name="agree"),
    path("my/next/back/", following_pages.back, name="back"),
    path("my/next/asking/", following_pages.my_wish, name="my-wish"),
    path("how-are-you/<str:token>/", following_pages.answer, name="answer"),
    path("how-are-you/<str:token>/back/", following_pages.back_by_link, name="back-by-link"),
]
