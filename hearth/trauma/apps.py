from django.apps import AppConfig


class TraumaConfig(AppConfig):
    name = "hearth.trauma"
    label = "trauma"
