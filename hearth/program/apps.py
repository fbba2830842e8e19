from django.apps import AppConfig


class ProgramConfig(AppConfig):
    name = "hearth.program"
    label = "program"
