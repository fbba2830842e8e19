from django.urls import URLPattern, URLResolver, path

from hearth.safety import area_pages, incident_pages, on_call_pages, pages, plan_pages, protection_pages

app_name = "safety"
urlpatterns: list[URLPattern | URLResolver] = [
    path("concerns/", pages.concerns, name="concerns"),
    path("concerns/<uuid:pk>/", pages.concern, name="concern"),
    path("concerns/<uuid:pk>/take/", pages.take, name="take"),
    path("concerns/<uuid:pk>/dangers/", protection_pages.mark, name="mark-dangers"),
    path("concerns/dangers/<uuid:pk>/", protection_pages.danger, name="danger"),
    path("concerns/areas/", area_pages.areas, name="areas"),
    path("concerns/areas/<uuid:pk>/", area_pages.area, name="area"),
    path("concerns/on-call/", on_call_pages.on_call, name="on-call"),
    path("concerns/on-call/<uuid:pk>/take/", on_call_pages.take, name="take-turn"),
    path("concerns/on-call/<uuid:pk>/give-back/", on_call_pages.give_back, name="give-back-turn"),
    path("concerns/on-call/<uuid:pk>/drop/", on_call_pages.drop, name="drop-on-call"),
    path("incidents/", incident_pages.incidents, name="incidents"),
    path("incidents/report/", incident_pages.report, name="report-incident"),
    path("incidents/rules/", incident_pages.rules, name="reporting-rules"),
    path("incidents/rules/<uuid:pk>/end/", incident_pages.end_rule, name="end-reporting-rule"),
    path("incidents/<uuid:pk>/", incident_pages.incident, name="incident"),
    path("students/<uuid:pk>/incident/", incident_pages.report_about, name="report-incident-about"),
    path("students/<uuid:pk>/concern/", pages.raise_by_hand, name="raise"),
    path("my/safety-plan/", plan_pages.mine, name="plan-mine"),
    path("my/safety-plan/change/", plan_pages.change_mine, name="plan-change-mine"),
    path("my/safety-plan/confirm/", plan_pages.confirm_mine, name="plan-confirm-mine"),
    path("my/safety-plan/paper/", plan_pages.paper_mine, name="plan-paper-mine"),
    path("students/<uuid:pk>/safety-plan/", plan_pages.of_patient, name="plan-of"),
    path("students/<uuid:pk>/safety-plan/change/", plan_pages.change_of, name="plan-change-of"),
    path("students/<uuid:pk>/safety-plan/confirm/", plan_pages.confirm_of, name="plan-confirm-of"),
    path("students/<uuid:pk>/safety-plan/paper/", plan_pages.paper_of_patient, name="plan-paper-of"),
]
