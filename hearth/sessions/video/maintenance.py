"""The pool as administrators see it, and taking a server out of it for maintenance.

Servers belong to a Hearth, not to one of its houses: where it serves several, only those who run it take one out, with
`hearth video`.
"""

from dataclasses import dataclass
from datetime import datetime

from asgiref.sync import async_to_sync
from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.sessions.video import pool, services
from hearth.sessions.video.queries import draining_since


@dataclass(frozen=True, slots=True)
class Standing:
    """One server: how many take part there (None: it does not answer), and since when it takes no new room."""

    name: str
    people: int | None
    drains_since: datetime | None

    @property
    def may_stop(self) -> bool:
        """Whether nobody is there any more and nobody new will be; of one that does not answer nobody knows."""
        return self.drains_since is not None and self.people == 0


def servers_now(*, viewer: User) -> list[Standing]:
    """Every server of the pool, in the order it was written down; each is asked. Raises PermissionDenied."""
    _must_keep_servers(viewer)
    since = draining_since()
    return [Standing(name, people, since.get(name)) for name, people in async_to_sync(pool.loads)().items()]


def may_drain(viewer: User) -> bool:
    """Whether this administrator's house is the only one that meets on these servers."""
    return viewer.has_role(Role.ADMINISTRATOR) and Organisation.objects.count() == 1


@transaction.atomic
def say_whether_it_drains(*, server: str, drains: bool, by: User, at: datetime) -> None:
    """Place no new room there from now on, or place rooms there again. Raises PermissionDenied, also for no server."""
    _must_keep_servers(by)
    if not may_drain(by) or pool.named(server) is None:
        raise PermissionDenied
    if drains:
        services.drain(server=server, at=at)
    else:
        services.use_again(server=server)
    verb = "sessions.video_server_drained" if drains else "sessions.video_server_used"
    audit.record(verb, by=by, about=by.organisation, at=at, server=server)


def _must_keep_servers(viewer: User) -> None:
    if not viewer.has_role(Role.ADMINISTRATOR):
        raise PermissionDenied
