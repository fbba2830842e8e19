"""How somebody is reached safely: brought along from their way in, and changed by staff as it changes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Patient, SafeContact
from hearth.people.queries import access_patient


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of how they, or whom they refer, are reached."""

    message_ok: bool
    name_us_ok: bool
    words: str = ""


def with_what_was_known(said: Said, known: Said | None) -> Said:
    """Both together: of two answers the more careful one holds, and no words are lost."""
    if known is None:
        return said
    words = known.words if said.words in known.words else "\n".join(filter(None, (known.words, said.words)))
    return Said(said.message_ok and known.message_ok, said.name_us_ok and known.name_us_ok, words)


@transaction.atomic
def bring_along(*, patient: Patient, said: Said, by: User, at: datetime) -> SafeContact:
    """Keep with the chart what was said before there was one. The caller has checked `by`."""
    row = SafeContact.objects.select_for_update().filter(patient=patient).first()
    known = Said(row.message_ok, row.name_us_ok, row.words) if row else None
    return _keep(patient, with_what_was_known(said, known), by=by, at=at)


@transaction.atomic
def change_safe_contact(*, patient: Patient, said: Said, by: User, at: datetime) -> SafeContact:
    """Write down how somebody is reached from now on. Raises PermissionDenied."""
    patient = access_patient(viewer=by, pk=patient.pk, to="change", lock=True)
    return _keep(patient, said, by=by, at=at)


def _keep(patient: Patient, said: Said, *, by: User, at: datetime) -> SafeContact:
    now = {"message_ok": said.message_ok, "name_us_ok": said.name_us_ok, "words": said.words.strip()}
    row, _is_new = SafeContact.objects.update_or_create(
        patient=patient, defaults=now | {"written_by": by, "written_at": at}
    )
    audit.record("people.safe_contact_written", by=by, about=row, at=at, patient_id=patient.pk)
    return row
