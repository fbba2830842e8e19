from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "hearth.letters"
    label = "letters"
