"""Writing down what a payer approved, and taking back what was written wrongly."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.admission.coverage_models import Coverage
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.sessions.models import Authorisation
from hearth.sessions.services.picturing import picture_hours
from hearth.sessions.services.running import ReasonMissing

AUTHORISERS = frozenset({Role.COORDINATOR, Role.COUNSELOR, Role.CASE_MANAGER, Role.SUPERVISOR})
"""Those who ask payers for authorisations and write down what they said."""


class DatesWrong(Exception):
    """An authorisation would end before it begins."""


@transaction.atomic
def record_authorisation(
    *,
    episode: Episode,
    payer: str,
    number: str,
    first_on: date,
    last_on: date,
    unit: str,
    approved: int,
    by: User,
    at: datetime,
    coverage: Coverage | None = None,
) -> Authorisation:
    """Write down what a payer approved for this stay, under which of their coverages. Raises DatesWrong."""
    _may(by, episode, at)
    if last_on < first_on:
        raise DatesWrong
    row = Authorisation.objects.create(
        patient_id=episode.patient_id,
        episode=episode,
        coverage=coverage,
        payer=payer.strip(),
        number=number.strip(),
        first_on=first_on,
        last_on=last_on,
        unit=unit,
        approved=approved,
        recorded_by=by,
        recorded_at=at,
    )
    audit.record("sessions.authorisation_recorded", by=by, about=row, at=at, unit=unit, approved=approved)
    picture_hours([episode], at=at)
    return row


@transaction.atomic
def withdraw_authorisation(*, authorisation: Authorisation, reason: str, by: User, at: datetime) -> Authorisation:
    """This authorisation does not hold, for a reason; it stays in the record. Raises ReasonMissing."""
    row = Authorisation.objects.select_for_update().get(pk=authorisation.pk)
    _may(by, row.episode, at)
    if not reason.strip():
        raise ReasonMissing
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_reason = at, reason.strip()
        row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        audit.record("sessions.authorisation_withdrawn", by=by, about=row, at=at, reason=row.withdrawn_reason)
        picture_hours([row.episode], at=at)
    return row


def _may(by: User, episode: Episode, at: datetime) -> None:
    if not by.has_any(AUTHORISERS):
        raise PermissionDenied
    access_chart(viewer=by, pk=episode.patient_id, purpose="HPAYMT", at=at, to="change", what="dose")
