from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "hearth.plan"
    label = "plan"
