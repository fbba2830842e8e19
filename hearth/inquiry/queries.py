"""Reads of first contact."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Func, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Right

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role
from hearth.inquiry.models import Inquiry, Interview
from hearth.inquiry.promise import promised_by
from hearth.inquiry.rules import Known, Match, match
from hearth.inquiry.selfcheck import filled
from hearth.people.models import Modality, Patient
from hearth.program.queries import closed_days, closures_within, working_week

INTAKE = frozenset({Role.COORDINATOR, Role.DIRECTOR, Role.SUPERVISOR})
"""Who answers first contacts and decides on referrals."""


CLOSED_AHEAD = timedelta(days=60)
"""How far ahead a promise looks for days on which the whole house is closed."""


def promise(*, house: Organisation, at: datetime) -> datetime:
    """By when a person of `house` answers what comes in at `at`. Two queries."""
    today = at.astimezone(house.zone).date()
    closed = closed_days(closures_within(today, today + CLOSED_AHEAD), site_id=None)
    return promised_by(at, hours=house.answer_hours, week=working_week(None), closed=closed, zone=house.zone)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Inquiries nobody has answered: how many, beyond the promise, telling of danger, and the oldest's arrival."""

    count: int
    late: int
    urgent: int
    oldest_at: datetime | None
    next_promise: datetime | None


def access_inquiry(*, viewer: User, pk: UUID, lock: bool = False) -> Inquiry:
    """The inquiry `pk`, for intake alone. Raises PermissionDenied, also where it does not exist."""
    if not viewer.has_any(INTAKE):
        raise PermissionDenied
    rows = Inquiry.objects.select_related("taken_by", "answered_by", "patient")
    inquiry = (
        (rows.select_for_update(of=("self",)) if lock else rows)
        .filter(pk=pk, organisation_id=viewer.organisation_id)
        .first()
    )
    if inquiry is None:
        raise PermissionDenied
    return inquiry


def inquiries(*, viewer: User, closed: bool = False) -> QuerySet[Inquiry]:
    """Open inquiries: unanswered before answered, danger first, then by promise; or closed ones, newest first."""
    if not viewer.has_any(INTAKE):
        raise PermissionDenied
    rows = Inquiry.objects.select_related("taken_by", "answered_by", "patient", "interview")
    if closed:
        return rows.filter(status=Inquiry.Status.CLOSED).order_by("-closed_at", "pk")
    return rows.exclude(status=Inquiry.Status.CLOSED).order_by("-status", "-urgent", "promised_by", "pk")


def interviews_of(*, viewer: User, start: datetime, end: datetime) -> QuerySet[Interview]:
    """The viewer's own first conversations that begin within [start, end), earliest first."""
    rows = Interview.objects.filter(member=viewer, starts_at__gte=start, starts_at__lt=end)
    return rows.select_related("inquiry").order_by("starts_at")


def waiting_inquiries(*, viewer: User, at: datetime) -> Waiting:
    """What waits for an answer at `at`; nothing for those who are not intake."""
    if not viewer.has_any(INTAKE):
        return Waiting(0, 0, 0, None, None)
    row = Inquiry.objects.waiting().aggregate(
        count=Count("pk"),
        late=Count("pk", filter=Q(promised_by__lt=at)),
        urgent=Count("pk", filter=Q(urgent=True)),
        oldest_at=Min("received_at"),
        next_promise=Min("promised_by"),
    )
    return Waiting(**row)


def person_told(inquiry: Inquiry) -> dict[str, str]:
    """What an inquiry told of the person's own row, by the fields of `PersonForm`, so that none is asked again."""
    told = filled.stored(inquiry.answers)
    found = {"modality": Modality.EITHER.value}
    if told:
        found |= {"state": told.one("state"), "modality": told.one("how") or Modality.EITHER.value}
        found["language"] = spoken if (spoken := told.one("language")) != "other" else ""
    if inquiry.asked_for == Inquiry.AskedFor.ME:
        found |= {"chosen_name": inquiry.first_name, "phone": inquiry.phone, "email": inquiry.email}
    return found


def alike_patients(known: Known) -> list[tuple[Patient, Match]]:
    """Patients who may be this person, likeliest first, with the reasons. The caller has passed intake's door.

    Without an identifier in common, a likeness of `rules.POSSIBLE` always includes the birth date, the e-mail
    or the phone, so that only such rows are compared.
    """
    digits = Func(F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField())
    lines = [number[-10:] for phone in known.phones if len(number := "".join(filter(str.isdigit, phone))) >= 7]
    alike = Q(birth_date=known.birth_date) | Q(line__in=lines)
    for email in known.emails:
        alike |= Q(email__iexact=email.strip())
    rows = {str(row.pk): row for row in Patient.objects.alias(line=Right(digits, 10)).filter(alike)}
    found = match(known, [_known_patient(row) for row in rows.values()])
    return [(rows[one.candidate.key], one) for one in found]


def _known_patient(row: Patient) -> Known:
    return Known(
        key=str(row.pk),
        names=(row.name, f"{row.legal_given} {row.family_name}"),
        birth_date=row.birth_date,
        phones=(row.phone,),
        emails=(row.email,),
    )
