from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    name = "hearth.admission"
    label = "admission"
