from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "hearth.sessions"
    label = "care_sessions"

    def ready(self) -> None:
        """Listen to the floors below."""
        from hearth.sessions import reactions  # noqa: F401
