from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "hearth.safety"
    label = "safety"

    def ready(self) -> None:
        from hearth.safety import reactions  # noqa: F401
