from django.urls import path

from hearth.letters import future_pages, pages, staff_pages

app_name = "letters"
urlpatterns = [
    path("my/letters/", pages.mine, name="mine"),
    path("my/letters/to-myself/", future_pages.new, name="write"),
    path("my/letters/to-myself/<uuid:letter>/", future_pages.one, name="to-myself"),
    path("my/letters/to-myself/<uuid:letter>/delete/", future_pages.delete, name="delete"),
    path("my/letters/<uuid:letter>/", pages.own, name="own"),
    path("my/letters/<uuid:letter>/say/", pages.say, name="say"),
    path("my/letters/<uuid:letter>/paper/", pages.paper, name="own-paper"),
    path("family/letters/", pages.family, name="family"),
    path("family/letters/<uuid:letter>/", pages.asked, name="asked"),
    path("letters/for/<uuid:patient>/<slug:letter_kind>/", pages.ask, name="ask"),
    path("letters/<uuid:letter>/", staff_pages.letter, name="letter"),
    path("letters/<uuid:letter>/paper/", staff_pages.paper, name="paper"),
    path("letters/name/", staff_pages.letterhead, name="letterhead"),
    path("students/<uuid:patient>/letters/", staff_pages.of_patient, name="of-patient"),
]
