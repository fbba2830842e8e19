from django.apps import AppConfig


class MedicalConfig(AppConfig):
    name = "hearth.medical"
    label = "medical"
