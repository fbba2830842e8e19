"""Who opened whose chart: for the privacy officer by chart and by person, and for the student in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.audit.models import Event
from hearth.consent.deeds import deed, part
from hearth.people.models import Patient
from hearth.people.queries import own_patient

PURPOSES = {
    "TREAT": _("care"),
    "HPAYMT": _("payment"),
    "HOPERAT": _("running the program"),
    "PATRQT": _("at the student's request"),
    "BTG": _("emergency"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `person` is None for the machine itself, `patient` for deeds about no student."""

    event: Event
    person: User | None
    patient: Patient | None

    @property
    def words(self) -> str:
        return deed(self.event.verb)

    @property
    def purpose(self) -> str:
        return str(PURPOSES.get(self.event.purpose, ""))

    @property
    def is_emergency(self) -> bool:
        return self.event.purpose == "BTG"


@dataclass(frozen=True, slots=True)
class Visit:
    """What one person read of the reader's own chart on one day."""

    day: date
    person: User | None
    parts: tuple[str, ...]
    is_emergency: bool


def find(*, viewer: User, words: str) -> tuple[QuerySet[Patient], QuerySet[User]]:
    """Patients and users whose name holds `words`: whose log the privacy officer wants to see."""
    _officer(viewer)
    users = User.objects.filter(organisation_id=viewer.organisation_id, name__icontains=words)
    return Patient.objects.named_like(words).order_by("chosen_name", "family_name", "pk"), users.order_by("name", "pk")


def of_patient(*, viewer: User, pk: UUID, who: str, at: datetime) -> tuple[Patient, QuerySet[Event]]:
    """Everything recorded about this patient, newest first; `who` narrows to people of that name."""
    _officer(viewer)
    patient = Patient.objects.filter(pk=pk).first()
    if patient is None:
        raise PermissionDenied
    audit.record_read("access_log.read", by=viewer, about=patient, purpose="HOPERAT", at=at)
    events = Event.objects.filter(patient_id=pk)
    if who:
        people = User.objects.filter(organisation_id=viewer.organisation_id, name__icontains=who)
        events = events.filter(actor_id__in=list(people.values_list("pk", flat=True)))
    return patient, events.order_by("-number")


def of_user(*, viewer: User, pk: UUID, whom: str, at: datetime) -> tuple[User, QuerySet[Event]]:
    """Everything this user did and read, newest first; `whom` narrows to patients of that name."""
    _officer(viewer)
    user = User.objects.filter(pk=pk, organisation_id=viewer.organisation_id).first()
    if user is None:
        raise PermissionDenied
    audit.record_read("access_log.read", by=viewer, about=user, purpose="HOPERAT", at=at)
    events = Event.objects.filter(actor_id=pk)
    if whom:
        found = Patient.objects.named_like(whom).values_list("pk", flat=True)
        events = events.filter(patient_id__in=list(found))
    return user, events.order_by("-number")


def entries(events: Iterable[Event]) -> list[Entry]:
    """These events with their people and patients: two queries, however many events."""
    rows = list(events)
    people = User.objects.in_bulk([row.actor_id for row in rows if row.actor_id])
    patients = Patient.objects.in_bulk([row.patient_id for row in rows if row.patient_id])
    return [
        Entry(
            row,
            people.get(row.actor_id) if row.actor_id else None,
            patients.get(row.patient_id) if row.patient_id else None,
        )
        for row in rows
    ]


def who_has_seen_mine(*, viewer: User) -> QuerySet[Any, Any]:
    """Who else read the viewer's own chart, one row per person and day, newest first; see `visits`."""
    patient = own_patient(viewer=viewer)
    return (
        Event.objects.filter(patient_id=patient.pk, kind=Event.Kind.READ)
        .exclude(actor_id=viewer.pk)
        .annotate(day=TruncDate("at", tzinfo=viewer.zone))
        .values("day", "actor_id", "purpose")
        .annotate(verbs=ArrayAgg("verb", distinct=True), last=Max("at"))
        .order_by("-last", "actor_id")
    )


def visits(rows: Iterable[dict[str, Any]]) -> list[Visit]:
    """Those rows in plain words: one query more, however many rows."""
    found = list(rows)
    people = User.objects.in_bulk([row["actor_id"] for row in found if row["actor_id"]])
    return [
        Visit(
            day=row["day"],
            person=people.get(row["actor_id"]),
            parts=tuple(part(verb.partition(".")[0]) for verb in row["verbs"]),
            is_emergency=row["purpose"] == "BTG",
        )
        for row in found
    ]


def _officer(viewer: User) -> None:
    if not viewer.has_role(Role.PRIVACY):
        raise PermissionDenied
