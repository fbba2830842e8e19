"""Counting what was refused at a session's door, so that guessing and faults show. Nobody is named, nor any session."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from hearth.accounts.models import Organisation
from hearth.lib import tenancy
from hearth.sessions import door_code
from hearth.sessions.models import RefusalCount, Session

Kind = RefusalCount.Kind
log = logging.getLogger("hearth.refused")
NEAR = timedelta(hours=12)


@transaction.atomic
def count_refusal(*, kind: str, at: datetime) -> None:
    """One more of this kind today."""
    organisation = Organisation.objects.get(pk=tenancy.current())
    day = at.astimezone(organisation.zone).date()
    row, _made = RefusalCount.objects.get_or_create(day=day, kind=Kind(kind))
    RefusalCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
    log.warning("Refused at a session's door: %s", kind)


def count_refusal_in(*, organisation_id: UUID | None, kind: str, at: datetime) -> None:
    """The same from outside a request, where the organisation is only said to be this one."""
    if organisation_id is None or not Organisation.objects.filter(pk=organisation_id).exists():
        log.warning("Refused at a session's door: %s", kind)
        return
    with tenancy.within(organisation_id):
        count_refusal(kind=kind, at=at)


def kind_of_code(*, session: Session, code: str, at: datetime) -> str:
    """What a code is that is not this room's now: another room's, one from earlier, or none at all."""
    if door_code.was_right(session.pk, code, at=at):
        return Kind.OLD_CODE
    near = Session.objects.filter(starts_at__lt=at + NEAR, ends_at__gt=at - NEAR).exclude(pk=session.pk)
    if any(door_code.is_right(pk, code, at=at) for pk in near.values_list("pk", flat=True)):
        return Kind.OTHER_ROOM
    return Kind.WRONG_CODE
