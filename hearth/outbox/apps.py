from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "hearth.outbox"
    label = "outbox"
