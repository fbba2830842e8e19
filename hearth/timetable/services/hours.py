"""Writing down when somebody could come, and what a guardian suggests."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.people.queries import access_patient
from hearth.timetable import hours
from hearth.timetable.board import Span
from hearth.timetable.models import Availability
from hearth.timetable.one_offs import Dates
from hearth.timetable.services.one_offs import say_cannot_come


@transaction.atomic
def give_hours(
    *,
    patient: Patient,
    spans: tuple[Span, ...],
    family: tuple[Span, ...],
    by: User,
    at: datetime,
    best: tuple[Span, ...] = (),
    dates: Iterable[Dates] = (),
    note: str = "",
) -> Availability:
    """Write down when this student (and their family) could come; the newest counts.

    `best` are those hours that suit best: a wish, which binds nobody. `dates` are days on which they cannot come.
    """
    own = patient.user_id == by.pk
    access_patient(viewer=by, pk=patient.pk, to="own" if own else "change", lock=True)
    row = Availability.objects.create(
        patient=patient,
        hours=hours.as_json(spans, best),
        family_hours=hours.as_json(family),
        note=note,
        entered_by=by,
        entered_at=at,
    )
    audit.record("timetable.hours_given", by=by, about=row, at=at, minutes=hours.minutes_in(spans))
    say_cannot_come(patient=patient, dates=dates, by=by, at=at)
    return row
