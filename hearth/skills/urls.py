from django.urls import path

from hearth.skills import pages

app_name = "skills"
urlpatterns = [
    path("my/skills/", pages.home, name="home"),
    path("my/skills/lessons/<slug:lesson>/", pages.lesson, name="lesson"),
    path("my/skills/thoughts/", pages.thoughts, name="thoughts"),
    path("my/skills/thoughts/new/", pages.new_thought, name="new-thought"),
    path("my/skills/thoughts/<uuid:record>/", pages.thought, name="thought"),
    path("my/skills/thoughts/<uuid:record>/share/", pages.share_thought, name="share-thought"),
    path("my/skills/thoughts/<uuid:record>/delete/", pages.delete_thought, name="delete-thought"),
    path("students/<uuid:patient>/skills/", pages.of_patient, name="of-patient"),
]
