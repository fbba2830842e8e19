"""The other side, for tests: a mail server real enough for SMTP, and a gateway for texts, which stands in for push."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail into `mails`. While `may_answer` is not set, it has taken a mail and does not say so yet."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[str] = []
        self.arrived = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                self._take_mail()
            elif word == b"QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")
        return None

    def _take_mail(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.decode())
        self.server.arrived.set()
        self.server.may_answer.wait(30)
        self.server.mails.append("".join(lines))
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A running server on a free port of this machine."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.may_answer.set()
        server.shutdown()


@dataclass(frozen=True, slots=True)
class Posted:
    """One request that reached the gateway. Header names are in lower case."""

    path: str
    headers: dict[str, str]
    content: str


class SmsGateway(ThreadingHTTPServer):
    """Keeps what is posted in `posted` and answers with the next of `answers`, then with 201.

    The answer 0 is none: the line goes dead after the text was taken.
    """

    daemon_threads = True

    def __init__(self, *answers: int) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.answers = list(answers)
        self.posted: list[Posted] = []

    @property
    def endpoint(self) -> str:
        """Where a browser's push service would take a notice: for such it can stand in as well."""
        return f"http://127.0.0.1:{self.server_address[1]}/push/a-device"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/send?v=1"


class _Post(BaseHTTPRequestHandler):
    server: SmsGateway

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.posted.append(Posted(self.path, headers, content))
        status = self.server.answers.pop(0) if self.server.answers else 201
        if status:
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@contextmanager
def sms_gateway(*answers: int) -> Iterator[SmsGateway]:
    """A running gateway on a free port of this machine."""
    with SmsGateway(*answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
