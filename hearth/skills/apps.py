from django.apps import AppConfig


class SkillsConfig(AppConfig):
    name = "hearth.skills"
    label = "skills"
