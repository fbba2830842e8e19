from django.apps import AppConfig


class InquiryConfig(AppConfig):
    name = "hearth.inquiry"
    label = "inquiry"

    def ready(self) -> None:
        from hearth.inquiry import reactions  # noqa: F401
