from django.urls import path

from hearth.family import lesson_pages, pages

app_name = "family"
urlpatterns = [
    path("my/people/", pages.my_people, name="my-people"),
    path("my/people/<uuid:tie>/", pages.choose, name="choose"),
    path("family/sharing/", pages.what_i_see, name="what-i-see"),
    path("family/lessons/", lesson_pages.shelf, name="lessons"),
    path("family/lessons/<slug:lesson>/", lesson_pages.lesson, name="lesson"),
    path("students/<uuid:patient>/family/", pages.of_patient, name="of-patient"),
]
