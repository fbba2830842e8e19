from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "hearth.timetable"
    label = "timetable"
