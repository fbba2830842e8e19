"""Slow mode: a host says how slowly a circle goes, and posts wait for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.circle import rules
from hearth.circle.models import Circle, Membership, Post, SlowMode
from hearth.circle.queries import access_circle
from hearth.circle.slowing import minutes_of, pace_of


class TooSoon(Exception):
    """The circle goes slowly at the moment: its writer can post again at `next_at`."""

    def __init__(self, next_at: datetime) -> None:
        super().__init__(next_at)
        self.next_at = next_at


@transaction.atomic
def keep_pace(*, circle: Circle, minutes: int, by: User, at: datetime) -> None:
    """A host says how many minutes lie between two posts of one member, of `rules.SLOW_MINUTES`; 0 for none.

    What is so already is written down once. Raises PermissionDenied, ValueError.
    """
    circle = access_circle(viewer=by, pk=circle.pk)
    if minutes not in rules.SLOW_MINUTES:
        raise ValueError(minutes)
    if minutes != minutes_of(circle):
        row = SlowMode.objects.create(circle=circle, minutes=minutes, by=by, at=at)
        audit.record("circle.slow_mode_kept", by=by, about=row, at=at, minutes=minutes)


def must_not_hurry(place: Membership, *, token: UUID, at: datetime) -> None:
    """Inside the transaction of a post: it is time for one of this place, or its form was sent before.

    Of two at once the second waits until the first is there.

    Raises TooSoon.
    """
    if not minutes_of(place.circle):
        return
    Membership.objects.select_for_update().get(pk=place.pk)
    if Post.objects.filter(form_token=token).exists():
        return
    next_at = pace_of(place, at=at).next_at
    if next_at is not None:
        raise TooSoon(next_at)
