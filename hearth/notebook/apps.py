from django.apps import AppConfig


class NotebookConfig(AppConfig):
    name = "hearth.notebook"
    label = "notebook"
