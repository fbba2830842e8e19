"""What is written down when something goes wrong: where it did, and nothing of what people wrote."""

import logging
import traceback
from types import TracebackType
from typing import override

from django.http import HttpRequest

type Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class QuietFormatter(logging.Formatter):
    """Time, level, message, and for an exception its kind and its way through the code.

    Its own words are left out: those of a database hold the values of the row that it refused. Of a request the page
    is told and not its address, which may hold the key that somebody was sent.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            page = request.resolver_match.route if request.resolver_match else "no page of ours"
            record.message = f"{getattr(record, 'status_code', '')} {request.method} {page}"
        return super().formatMessage(record)

    @override
    def formatException(self, ei: Raised) -> str:
        lines: list[str] = []
        raised = ei[1]
        while raised is not None:
            lines = [*traceback.format_tb(raised.__traceback__), f"{type(raised).__qualname__}\n", *lines]
            raised = raised.__cause__ or raised.__context__
        return "".join(lines).rstrip()
