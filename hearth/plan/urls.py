from django.urls import path

from hearth.plan import pages

app_name = "plan"
urlpatterns = [
    path("students/<uuid:patient>/plan/", pages.of_patient, name="of-patient"),
    path("plans/<uuid:plan>/sign/", pages.sign, name="sign"),
    path("my/plan/", pages.mine, name="mine"),
    path("my/plan/agree/", pages.agree, name="agree"),
    path("my/goals/<uuid:goal>/", pages.goal, name="goal"),
    path("my/goals/<uuid:goal>/steps/", pages.add_step, name="add-step"),
    path("my/goals/<uuid:goal>/steps/<int:number>/", pages.tick_step, name="tick-step"),
]
