from django.apps import AppConfig


class BereavementConfig(AppConfig):
    name = "hearth.bereavement"
    label = "bereavement"
