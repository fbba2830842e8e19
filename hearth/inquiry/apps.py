from django.apps import AppConfig


class InquiryConfig(AppConfig):
    name = "hearth.inquiry"
    label = "inquiry"
