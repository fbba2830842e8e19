from django.urls import path

from hearth.program import pages

app_name = "program"
urlpatterns = [
    path("programs/", pages.programs, name="list"),
]
