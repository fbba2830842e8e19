from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "hearth.sessions"
    label = "care_sessions"
