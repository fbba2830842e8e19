"""The request as Hearth's pages see it."""

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from hearth.accounts.models import Organisation, User


class Request(HttpRequest):
    """A request that has passed `arrive` and a door."""

    user: User
    organisation: Organisation
    now: datetime
    htmx: HtmxDetails
    shared_device: bool
    idle_seconds: int
