from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "hearth.timetable"
    label = "timetable"

    def ready(self) -> None:
        from hearth.timetable import reactions  # noqa: F401
