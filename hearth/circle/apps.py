from django.apps import AppConfig


class CircleConfig(AppConfig):
    name = "hearth.circle"
    label = "circle"

    def ready(self) -> None:
        from hearth.circle import reactions as reactions
