from django.urls import path

from hearth.family import asking_pages, lesson_pages, pages

app_name = "family"
urlpatterns = [
    path("my/people/", pages.my_people, name="my-people"),
    path("my/people/<uuid:tie>/", pages.choose, name="choose"),
    path("family/sharing/", pages.what_i_see, name="what-i-see"),
    path("family/lessons/", lesson_pages.shelf, name="lessons"),
    path("family/lessons/<slug:lesson>/", lesson_pages.lesson, name="lesson"),
    path("family/questions/", asking_pages.questions, name="questions"),
    path("family-questions/<uuid:question>/", asking_pages.question, name="question"),
    path("students/<uuid:patient>/family/", pages.of_patient, name="of-patient"),
    path("students/<uuid:patient>/family/<uuid:tie>/no-guardian/", pages.end_guardianship, name="end-guardianship"),
]
