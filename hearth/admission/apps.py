from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    name = "hearth.admission"
    label = "admission"

    def ready(self) -> None:
        from hearth.admission import reactions as reactions
