from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "hearth.plan"
    label = "plan"

    def ready(self) -> None:
        from hearth.plan import reactions  # noqa: F401
