"""Writing down who read and did what."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Model

from hearth.audit.models import Event
from hearth.lib import tenancy


class Actor(Protocol):
    """Whoever does the deed: a user."""

    @property
    def pk(self) -> Any: ...


def record(
    verb: str,
    *,
    by: Actor | None,
    about: Model,
    at: datetime,
    reason: str = "",
    patient_id: UUID | None = None,
    **detail: Any,
) -> Event:
    """Add the deed `verb` to the record, in this transaction.

    `by` is None for the machine itself. `detail` holds ids, codes and counts (JSON), never text a person wrote.
    `patient_id` defaults to `about.patient_id`, or to `about` itself where it is the patient.
    """
    return _add(Event.Kind.DEED, verb, by, about, at, patient_id, reason=reason, detail=detail)


def record_read(
    verb: str, *, by: Actor | None, about: Model, purpose: str, at: datetime, patient_id: UUID | None = None
) -> Event:
    """Add a read of health information, with its HL7 PurposeOfUse (`TREAT`, `HOPERAT`, `HPAYMT`, `PATRQT`, `BTG`)."""
    return _add(Event.Kind.READ, verb, by, about, at, patient_id, purpose=purpose)


def record_reads(verb: str, *, by: Actor | None, patient_ids: Iterable[UUID], purpose: str, at: datetime) -> None:
    """Add a read of each of these patients' health information, in one statement."""
    Event.objects.bulk_create(
        Event(
            organisation_id=tenancy.current(),
            at=at,
            kind=Event.Kind.READ,
            verb=verb,
            actor_id=by.pk if by else None,
            subject_kind="people.patient",
            subject_id=pk,
            patient_id=pk,
            purpose=purpose,
        )
        for pk in patient_ids
    )


def _add(
    kind: Event.Kind,
    verb: str,
    by: Actor | None,
    about: Model,
    at: datetime,
    patient_id: UUID | None,
    **rest: Any,
) -> Event:
    is_patient = about._meta.label == "people.Patient"
    return Event.objects.create(
        organisation_id=tenancy.current(),
        at=at,
        kind=kind,
        verb=verb,
        actor_id=by.pk if by else None,
        subject_kind=about._meta.label_lower,
        subject_id=about.pk,
        patient_id=patient_id or (about.pk if is_patient else getattr(about, "patient_id", None)),
        **rest,
    )
