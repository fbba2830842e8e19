"""A stay on hold: sessions are excused, nothing reminds, the seat stays, and coming back begins with a short talk.

Seats and dose are left as they are, so every week that is worked out meanwhile keeps their places for them.
"""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS, Role
from hearth.admission.models import Episode
from hearth.admission.queries import access_episode
from hearth.aftercare.models import Hold
from hearth.audit import services as audit
from hearth.measures import services as measures
from hearth.people.models import Patient
from hearth.safety.models import Severity
from hearth.safety.services import raise_concern
from hearth.sessions import services as sessions

HOLDERS = CLINICIANS | {Role.NURSE, Role.CASE_MANAGER}
ASSESSORS = CLINICIANS | {Role.NURSE}
AHEAD = timedelta(hours=36)
BACK_WITH_A_RISK = gettext_noop("Back after a hold, with a risk: speak with them.")
SEVERITIES = {Hold.Risk.SOME: Severity.WATCH, Hold.Risk.HIGH: Severity.URGENT}


class NotNow(Exception):
    """The stay is on hold already, has ended, or nothing is on hold."""


@transaction.atomic
def put_on_hold(*, episode: Episode, reason: str, until: date, words: str, by: User, at: datetime) -> Hold:
    """From now on, until somebody has spoken with them again; the seat is kept until `until`. Raises NotNow."""
    if not by.has_any(HOLDERS):
        raise PermissionDenied
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="change", lock=True)
    today = at.astimezone(by.organisation.zone).date()
    if not episode.is_active or until <= today or current_hold(episode):
        raise NotNow
    row = Hold.objects.create(
        episode=episode,
        patient=episode.patient,
        reason=reason,
        starts_on=today,
        until=until,
        words=words.strip(),
        set_by=by,
        set_at=at,
    )
    measures.rest(patient=episode.patient, rests=True)
    before = datetime.combine(until, time(), by.organisation.zone)
    sessions.excuse_on_hold(patient=episode.patient, before=before, by=by, at=at)
    audit.record("aftercare.put_on_hold", by=by, about=row, at=at, reason=reason, until=until.isoformat())
    return row


@transaction.atomic
def come_back(*, hold: Hold, risk: str, risk_words: str, medications: str, by: User, at: datetime) -> Hold:
    """They were asked how safe they are and what they take; sessions go on. A risk is a concern at once."""
    if not by.has_any(ASSESSORS):
        raise PermissionDenied
    episode = access_episode(viewer=by, pk=hold.episode_id, at=at, to="change", lock=True)
    row = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if row.ended_at is not None or not episode.is_active:
        raise NotNow
    row.risk, row.risk_words, row.medications = risk, risk_words.strip(), medications.strip()
    row.ended_by, row.ended_at = by, at
    row.save(update_fields=["risk", "risk_words", "medications", "ended_by", "ended_at"])
    if risk in SEVERITIES:
        raise_concern(
            patient=episode.patient,
            source_kind="aftercare.hold",
            source_id=row.pk,
            severity=SEVERITIES[Hold.Risk(risk)],
            summary=BACK_WITH_A_RISK,
            by=by,
            at=at,
        )
    measures.rest(patient=episode.patient, rests=False)
    sessions.expect_after_hold(patient=episode.patient, by=by, at=at)
    audit.record("aftercare.came_back", by=by, about=row, at=at, risk=risk)
    return row


@transaction.atomic
def keep_quiet(*, at: datetime) -> int:
    """What was planned since for whoever is on hold is excused too; how many.

    Nobody's rights are asked for: whoever put a stay on hold may have left their team since.
    """
    holds = Hold.objects.filter(ended_at=None, episode__ended_at=None).select_related("patient")
    return sum(sessions.excuse_on_hold(patient=row.patient, before=at + AHEAD, by=None, at=at) for row in holds)


def current_hold(episode: Episode) -> Hold | None:
    """What this stay waits for, if it is on hold; one that has ended is not. The caller has passed a door."""
    rows = Hold.objects.filter(episode=episode, episode__ended_at=None, ended_at=None)
    return rows.select_related("set_by").first()


def holds_to_end(*, viewer: User, at: datetime) -> QuerySet[Hold]:
    """Stays on hold whose day has come, of students whose care team `viewer` is on."""
    today = at.astimezone(viewer.zone).date()
    mine = Patient.objects.filter(care_team__member=viewer, care_team__until=None)
    rows = Hold.objects.filter(ended_at=None, episode__ended_at=None, until__lte=today, patient__in=mine)
    return rows.select_related("patient").order_by("until", "pk")
