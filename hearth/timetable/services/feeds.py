"""Private calendar addresses: made, shown once, and ended."""

import secrets
from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.timetable.models import CalendarFeed
from hearth.timetable.queries import digest_of


@transaction.atomic
def make_feed(*, user: User, at: datetime) -> str:
    """A new private calendar address for `user`: its token, which is kept nowhere. The one before stops working."""
    token = secrets.token_urlsafe(32)
    row, _ = CalendarFeed.objects.update_or_create(
        user=user, defaults={"token_digest": digest_of(token), "made_at": at}
    )
    audit.record("timetable.feed_made", by=user, about=row, at=at)
    return token


@transaction.atomic
def revoke_feed(*, user: User, at: datetime) -> None:
    """The calendar address of `user` stops working."""
    row = CalendarFeed.objects.filter(user=user).first()
    if row is not None:
        audit.record("timetable.feed_revoked", by=user, about=row, at=at)
        row.delete()
