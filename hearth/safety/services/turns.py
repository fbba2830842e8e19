"""Who really takes a turn on call, and the way back."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.safety.models import Concern, OnCall
from hearth.safety.on_call_rules import AHEAD
from hearth.safety.queries import PLAN_ON_CALL, SEE_CONCERNS
from hearth.safety.services.telling import tell


class TooLongAgo(Exception):
    """The turn ended more than two weeks ago: the rota of then is no longer put right."""


class TakenByAnother(Exception):
    """Somebody else has taken the turn meanwhile: only they, or who plans the rota, give it back."""


@transaction.atomic
def take_turn(*, row: OnCall, by: User, at: datetime) -> OnCall:
    """`by` says that they take this turn, or took it: as planned or in somebody's place. The last who says so counts.

    From then on they are told of concerns in place of who was planned, and whoever they replaced hears of it. Raises
    PermissionDenied, TooLongAgo.
    """
    row = _held(row, by=by, at=at)
    if row.taken_by_id == by.pk:
        return row
    before, row.taken_by, row.taken_at = row.answers, by, at
    row.save(update_fields=["taken_by", "taken_at"])
    audit.record("safety.on_call_taken", by=by, about=row, at=at)
    _tell({before}, row, by=by, at=at)
    return row


@transaction.atomic
def give_back_turn(*, row: OnCall, by: User, at: datetime) -> OnCall:
    """The turn is again whose it was planned to be: they and whoever had taken it hear of it, but not `by`.

    Whoever took it gives it back, or who plans the rota does. Not to somebody who cannot be told any more. Raises
    PermissionDenied, TooLongAgo, TakenByAnother.
    """
    row = _held(row, by=by, at=at)
    if row.taken_by is None or row.taken_by_id == row.person_id:
        return row
    if not row.person.is_active:
        raise PermissionDenied
    if row.taken_by_id != by.pk and not by.has_any(PLAN_ON_CALL):
        raise TakenByAnother
    before, row.taken_by, row.taken_at = row.taken_by, None, None
    row.save(update_fields=["taken_by", "taken_at"])
    audit.record("safety.on_call_given_back", by=by, about=row, at=at)
    _tell({before, row.person}, row, by=by, at=at)
    return row


def _held(row: OnCall, *, by: User, at: datetime) -> OnCall:
    if not by.has_any(SEE_CONCERNS):
        raise PermissionDenied
    rows = OnCall.objects.select_for_update(of=("self",)).select_related("person", "taken_by")
    row = rows.get(pk=row.pk)
    if row.ends_at <= at - AHEAD:
        raise TooLongAgo
    return row


def _tell(people: set[User], row: OnCall, *, by: User, at: datetime) -> None:
    """That the rota changed for them, naming nobody; nothing once the turn is over.

    While it runs, whoever answers now is led to the concerns: what rang before does not ring again at once.
    """
    if row.ends_at <= at:
        return
    is_on = row.starts_at <= at and Concern.objects.open().owing(at).exists()
    for person in (one for one in people - {by} if one.is_active):
        with override(person.language):
            if is_on and person == row.answers:
                link = settings.BASE_URL + reverse("safety:concerns")
                body = _("You are on call from now on, and somebody waits. Please look here: %(link)s") % {"link": link}
            else:
                link = settings.BASE_URL + reverse("safety:on-call")
                body = _("When you are needed has changed. Please look here: %(link)s") % {"link": link}
            key = f"on-call-{row.pk}-{at.isoformat()}-{person.pk}"
            tell(person, subject=_("Please look at Hearth"), body=body, key=key, about=None, at=at)
