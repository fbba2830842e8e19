from django.apps import AppConfig


class FamilyConfig(AppConfig):
    name = "hearth.family"
    label = "family"
