"""What became of the people of each program, for those who lead it: sums alone, never of fewer than eleven."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.measures import instrument as instruments
from hearth.measures import outcomes, wording
from hearth.measures.instrument import Instrument
from hearth.measures.models import Response
from hearth.program.models import Program
from hearth.web.leader_today import LEADERS

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in one program; `outcome` is None where too few people have two totals."""

    instrument: Instrument
    outcome: outcomes.Outcome | None
    distribution: list[tuple[wording.Words, float]]  # bands with the share of people in them


@dataclass(frozen=True, slots=True)
class ProgramOutcomes:
    """A program's stays of the year with what was measured in them."""

    program: Program
    lines: list[Line]


def program_outcomes(*, viewer: User, at: datetime) -> list[ProgramOutcomes]:
    """Every program's outcomes over the stays that began within a year, in three queries."""
    if not viewer.has_any(LEADERS):
        raise PermissionDenied
    since = timezone.localdate(at - YEAR)
    stays = list(Episode.objects.filter(starts_on__gte=since).values_list("program_id", "patient_id", "starts_on"))
    totals: dict[tuple[UUID, str], list[tuple[datetime, int]]] = {}
    rows = Response.objects.filter(total__isnull=False, answered_at__gte=at - YEAR).order_by("answered_at")
    for patient, name, moment, total in rows.values_list("patient_id", "instrument", "answered_at", "total"):
        if total is not None:
            totals.setdefault((patient, name), []).append((moment, total))
    names = [one.id for one in instruments.all_instruments() if one.change and one.bands]
    found = []
    for program in Program.objects.order_by("name"):
        people = {patient: start for owner, patient, start in stays if owner == program.pk}
        lines = [_line(instruments.get(name), people, totals) for name in names]
        found.append(ProgramOutcomes(program, [line for line in lines if line]))
    return found


def _line(
    instrument: Instrument,
    people: Mapping[UUID, date],
    totals: Mapping[tuple[UUID, str], list[tuple[datetime, int]]],
) -> Line | None:
    """This measure among these people; None if nobody answered it in their stay."""
    courses = []
    for patient, start in people.items():
        known = totals.get((patient, instrument.id), ())
        own = [total for moment, total in known if timezone.localdate(moment) >= start]
        if own:
            courses.append(own)
    if not courses:
        return None
    pairs = [(own[0], own[-1]) for own in courses if len(own) > 1]
    latest = [own[-1] for own in courses]
    bands = outcomes.distribution(instrument, latest) if len(latest) >= outcomes.FEWEST else []
    return Line(
        instrument=instrument,
        outcome=outcomes.outcome(instrument, pairs, asked=len(people)),
        distribution=[(wording.band_words(name), count / len(latest)) for name, count in bands],
    )
