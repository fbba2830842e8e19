"""What goes wrong is written down with its way through the code, and with nothing of what people wrote."""

import logging
import sys

from django.db import IntegrityError
from django.test import RequestFactory
from django.urls import resolve

from hearth.lib.logs import QuietFormatter


def _record(**fields):
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error: %s", (), None)
    vars(record).update({"args": ("/sign-in/link/s3cret/",)} | fields)
    return record


def test_an_exception_is_told_with_its_kinds_and_places_and_without_its_words():
    first, then = "Maya drinks", "Key (email)=(maya@example.org) exists"
    try:
        try:
            raise KeyError(first)
        except KeyError as error:
            raise IntegrityError(then) from error
    except IntegrityError:
        said = QuietFormatter().format(_record(exc_info=sys.exc_info()))
    assert said.count("test_logs.py") == 2
    assert said.index("KeyError\n") < said.index("IntegrityError")
    assert first not in said
    assert then not in said


def test_of_a_request_its_page_is_told_and_not_its_address():
    request = RequestFactory().get("/sign-in/link/s3cret/")
    request.resolver_match = resolve(request.path)
    said = QuietFormatter().format(_record(request=request, status_code=500))
    assert "500 GET sign-in/link/<str:" in said
    assert "s3cret" not in said
