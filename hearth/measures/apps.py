from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "hearth.measures"
    label = "measures"
