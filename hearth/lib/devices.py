"""Which pages may use the camera and the microphone: the video room's alone. Browsers refuse them everywhere else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADER = "Permissions-Policy"
NOWHERE = "camera=(), microphone=(), display-capture=(), geolocation=()"
HERE = "camera=(self), microphone=(self), display-capture=(self), geolocation=()"

Page = Callable[..., HttpResponseBase]


def with_camera(page: Page) -> Page:
    """This page may ask for the camera, the microphone and the screen."""

    @wraps(page)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = page(request, *args, **kwargs)
        response[HEADER] = HERE
        return response

    return respond


def withhold(get_response: Page) -> Page:
    """Every other page may not."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault(HEADER, NOWHERE)
        return response

    return respond
