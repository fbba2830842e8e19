from django.apps import AppConfig


class AftercareConfig(AppConfig):
    name = "hearth.aftercare"
    label = "aftercare"
