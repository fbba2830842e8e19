from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    name = "hearth.background"
    label = "background"
