"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """The organisation of this address and whether this is the demo."""
    return {"organisation": getattr(request, "organisation", None), "is_demo": settings.DEMO}
