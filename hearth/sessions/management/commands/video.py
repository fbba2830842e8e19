"""`hearth video`: the Janus servers of the pool, and taking one out of it for maintenance."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hearth.sessions.video import pool, services
from hearth.sessions.video.queries import draining


class Command(BaseCommand):
    help = "List the video servers, or take one out of use (drain) and back into it (use)."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="servers|drain|use")
        commands.add_parser("servers", help="Who answers, how many people take part there, and what drains.")
        for name, what in (
            ("drain", "Place no new room there; those who are in one stay until they leave."),
            ("use", "Place rooms there again."),
        ):
            commands.add_parser(name, help=what).add_argument("server", help="its name in HEARTH_JANUS_SERVERS")

    def handle(self, *, command: str, server: str = "", **_: Any) -> None:
        """Do it, then show the pool as it stands."""
        if server and pool.named(server) is None:
            known = ", ".join(each.name for each in pool.servers()) or "none"
            raise CommandError(f"There is no video server {server!r}. Known: {known}.")
        if command == "drain":
            services.drain(server=server, at=timezone.now())
        elif command == "use":
            services.use_again(server=server)
        self._list()

    def _list(self) -> None:
        drains = draining()
        for name, people in asyncio.run(pool.loads()).items():
            state = "does not answer" if people is None else f"{people} taking part"
            self.stdout.write(f"{name:<20} {state}{', draining' if name in drains else ''}")
