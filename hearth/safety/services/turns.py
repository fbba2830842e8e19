"""Who really takes a turn on call."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.safety.models import OnCall
from hearth.safety.on_call_rules import AHEAD
from hearth.safety.queries import SEE_CONCERNS


class TooLongAgo(Exception):
    """The turn ended more than two weeks ago: the rota of then is no longer put right."""


@transaction.atomic
def take_turn(*, row: OnCall, by: User, at: datetime) -> OnCall:
    """`by` says that they take this turn, or took it: as planned or in somebody's place. The last who says so counts.

    From then on they are told of concerns in place of who was planned. Raises PermissionDenied, TooLongAgo.
    """
    if not by.has_any(SEE_CONCERNS):
        raise PermissionDenied
    row = OnCall.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.ends_at <= at - AHEAD:
        raise TooLongAgo
    if row.taken_by_id == by.pk:
        return row
    row.taken_by, row.taken_at = by, at
    row.save(update_fields=["taken_by", "taken_at"])
    audit.record("safety.on_call_taken", by=by, about=row, at=at)
    return row
