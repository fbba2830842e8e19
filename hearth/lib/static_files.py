"""Scripts, styles and pictures, given by the web server itself."""

from contextlib import closing

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise with each file answered in one piece.

    Its own answer is a file read bit by bit by a synchronous iterator. Under ASGI Django reads such an answer to its
    end before it sends anything, and warns of that; our files are small, so they are read at once.
    """

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:  # type: ignore[override]  # no stream
        """The file, a part of it, or that it has not changed, as the request asks."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with closing(found.file):
                content = found.file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]  # WhiteNoise gives its own
        for name, value in found.headers:
            response[name] = value
        return response
