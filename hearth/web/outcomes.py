"""What became of the people of each program, for those who lead it: sums alone, never of fewer than eleven."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
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
AT_COMPLETION = timedelta(days=7)  # after a stay, in which its completion answers come (product default)
Key = tuple[UUID, str]  # a program and an instrument


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in one program; `outcome` is None where too few people have two totals."""

    instrument: Instrument
    outcome: outcomes.Outcome | None
    distribution: list[tuple[wording.Words, float | None]]  # bands with the share of people; None tells of too few


@dataclass(frozen=True, slots=True)
class ProgramOutcomes:
    """A program's stays of the year with what was measured in them."""

    program: Program
    lines: list[Line]


def program_outcomes(*, viewer: User, at: datetime) -> list[ProgramOutcomes]:
    """Every program's outcomes over the stays that began within a year, each person's newest there. Four queries."""
    if not viewer.has_any(LEADERS):
        raise PermissionDenied
    today = timezone.localdate(at)
    stays = (
        Episode.objects.filter(starts_on__gte=timezone.localdate(at - YEAR), starts_on__lte=today)
        .order_by("program", "patient", "-starts_on", "pk")
        .distinct("program", "patient")
    )
    people = list(stays.values_list("program_id", flat=True))
    measured = [one for one in instruments.all_instruments() if one.change and one.bands]
    latest, pairs = _totals(stays, [one.id for one in measured])
    found = []
    for program in Program.objects.order_by("name"):
        asked = people.count(program.pk)
        known = [(one, (program.pk, one.id)) for one in measured]
        lines = [_line(one, latest[key], pairs[key], asked=asked) for one, key in known if latest[key]]
        found.append(ProgramOutcomes(program, lines))
    return found


def _totals(
    stays: QuerySet[Episode], names: Iterable[str]
) -> tuple[dict[Key, list[int]], dict[Key, list[tuple[int, int]]]]:
    """The latest total of everyone who gave one in their stay, and first and latest of those who gave two."""
    within = Q(answered_at__date__gte=F("patient__episodes__starts_on")) & (
        Q(patient__episodes__ended_at=None) | Q(answered_at__lte=F("patient__episodes__ended_at") + AT_COMPLETION)
    )
    given = Response.objects.filter(
        within, patient__episodes__in=stays.values("pk"), instrument__in=names, total__isnull=False
    )
    columns = ("patient__episodes__pk", "instrument", "patient__episodes__program_id", "pk", "total")

    def ends(*by: str) -> Iterable[tuple[UUID, str, UUID, UUID, int]]:
        rows = given.order_by(*columns[:2], *by).distinct(*columns[:2])
        return rows.values_list(*columns)

    first = {(stay, name): (pk, total) for stay, name, _program, pk, total in ends("answered_at", "pk")}
    latest: dict[Key, list[int]] = defaultdict(list)
    pairs: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for stay, name, program, pk, total in ends("-answered_at", "-pk"):
        latest[program, name].append(total)
        before, begun = first[stay, name]
        if before != pk:
            pairs[program, name].append((begun, total))
    return latest, pairs


def _line(instrument: Instrument, latest: list[int], pairs: list[tuple[int, int]], *, asked: int) -> Line:
    bands = outcomes.distribution(instrument, latest) if len(latest) >= outcomes.FEWEST else {}
    return Line(
        instrument=instrument,
        outcome=outcomes.outcome(instrument, pairs, asked=asked),
        distribution=[
            (wording.band_words(name), None if count is None else count / len(latest)) for name, count in bands.items()
        ],
    )
