"""Accepting a proposal: what goes on, what ends and what begins, all in one transaction."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import DateField, F, Func, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.timetable import facts
from hearth.timetable.board import Group, Individual, Solution
from hearth.timetable.board_json import parse_solution
from hearth.timetable.models import Kind, Proposal, Seat, Section
from hearth.timetable.queries import PLANNERS, access_proposal, named
from hearth.timetable.rules import violations
from hearth.timetable.week_board import CAPACITY, WeekBoard, board_of_week

Meeting = Group | Individual
Key = tuple[object, ...]

TOPIC_WORDS = {
    "mental_health": gettext_lazy("mental health"),
    "substance_use": gettext_lazy("substance use"),
    "co_occurring": gettext_lazy("co-occurring"),
    "trauma": gettext_lazy("trauma"),
    "grief": gettext_lazy("grief"),
}
NOON, EVENING = 12 * 60, 17 * 60


class NotReady(Exception):
    """This proposal was decided on before, or is still being worked out."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(f"proposal is {proposal.status}")
        self.proposal = proposal


class NoLongerHolds(Exception):
    """Something changed since the proposal was worked out. `sentences` say what, with names."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class LaterWeekStands(Exception):
    """A week that begins later was accepted already."""

    def __init__(self, week_of: date) -> None:
        super().__init__(f"the week of {week_of} was accepted")
        self.week_of = week_of


@dataclass(frozen=True, slots=True)
class Frame:
    """What all sections of one acceptance share. Places hold from the day `start` on."""

    proposal: Proposal
    week: WeekBoard
    start: date
    time_zone: str


@transaction.atomic
def accept_proposal(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """From its Monday on (or from today, if that is later) the week is as proposed.

    The rules are asked again on today's rows. Sections that are in both weeks go on with the people who stay;
    others end and begin. Accepting twice changes nothing. Raises NotReady, NoLongerHolds, LaterWeekStands.
    """
    if not by.has_any(PLANNERS):
        raise PermissionDenied
    _one_at_a_time(by.organisation_id)
    proposal = access_proposal(viewer=by, pk=proposal.pk, lock=True)
    if proposal.status == Proposal.Status.ACCEPTED:
        return proposal
    if proposal.status != Proposal.Status.READY:
        raise NotReady(proposal)
    later = Proposal.objects.filter(status=Proposal.Status.ACCEPTED, week_of__gt=proposal.week_of).first()
    if later is not None:
        raise LaterWeekStands(later.week_of)
    solution = parse_solution(proposal.solution)
    week = board_of_week(viewer=by, week_of=proposal.week_of)
    _check(week, solution)
    organisation = by.organisation
    start = max(proposal.week_of, at.astimezone(organisation.zone).date())
    counts = _settle(Frame(proposal, week, start, organisation.time_zone), solution)
    proposal.status, proposal.decided_by, proposal.decided_at = Proposal.Status.ACCEPTED, by, at
    proposal.save(update_fields=["status", "decided_by", "decided_at"])
    audit.record("timetable.proposal_accepted", by=by, about=proposal, at=at, sections=counts)
    facts.proposal_accepted.send(Proposal, proposal_id=proposal.pk, by_id=by.pk, at=at)
    return proposal


def _one_at_a_time(organisation_id: UUID) -> None:
    """Two people who accept at once are let in one after the other, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"timetable {organisation_id}"])


def _check(week: WeekBoard, solution: Solution) -> None:
    broken = violations(week.board, solution)
    if broken:
        raise NoLongerHolds(list(dict.fromkeys(named(one.sentence, week.names) for one in broken)))


def _settle(frame: Frame, solution: Solution) -> dict[str, int]:
    """Bring sections and seats to the solution; how many sections went on, began and ended."""
    standing: dict[Key, Section] = {}
    rows = Section.objects.filter(Q(ended_on=None) | Q(ended_on__gt=frame.start))
    for section in rows.select_for_update(of=("self",)).prefetch_related("seats"):
        standing[_key_of_section(section)] = section
    meetings: list[Meeting] = [*solution.groups, *solution.individual]
    kept: list[Section] = []
    begun: list[Section] = []
    coming: list[Seat] = []
    going: list[Seat] = []
    for meeting in meetings:
        found = standing.pop(_key(meeting), None)
        if found is None:
            begun.append(_new_section(frame, meeting))
            coming += _arriving(frame, begun[-1], meeting, seated=[])
        else:
            kept.append(found)
            seated = _open_seats(found, frame.start)
            going += [seat for seat in seated if not _stays(seat, meeting)]
            coming += _arriving(frame, found, meeting, seated=seated)
    Section.objects.filter(pk__in=[each.pk for each in kept]).update(proposal=frame.proposal)
    Section.objects.bulk_create(begun)
    _end_seats(going, frame.start)
    _end_sections(standing.values(), frame.start)
    Seat.objects.bulk_create(coming)
    return {"kept": len(kept), "began": len(begun), "ended": len(standing)}


def _key(meeting: Meeting) -> Key:
    """What must be the same for a section to go on: what, when, with whom, where; alone, for whom."""
    shared = (meeting.kind, meeting.modality, meeting.day, meeting.start, meeting.minutes, meeting.staff)
    if isinstance(meeting, Group):
        return (*shared, meeting.population, meeting.topic or "", meeting.language, meeting.room)
    return (*shared, meeting.patient)


def _key_of_section(section: Section) -> Key:
    shared = (
        section.kind,
        section.modality,
        section.weekday,
        section.start_minute,
        section.minutes,
        str(section.facilitator_id),
    )
    if section.is_group:
        room = str(section.room_id) if section.room_id else None
        return (*shared, section.population, section.topic, section.language, room)
    newest = max(section.seats.all(), key=lambda seat: seat.during.lower or date.min, default=None)
    return (*shared, str(newest.patient_id) if newest else None)


def _new_section(frame: Frame, meeting: Meeting) -> Section:
    people = meeting.patients if isinstance(meeting, Group) else (meeting.patient,)
    episodes = [frame.week.episodes[who] for who in people]
    program = Counter(episode.program for episode in episodes).most_common(1)[0][0]
    return Section(
        program=program,
        name=name_of(meeting, frame.week.names),
        kind=meeting.kind,
        population=program.population,
        topic=(meeting.topic or "") if isinstance(meeting, Group) else "",
        language=meeting.language if isinstance(meeting, Group) else (episodes[0].patient.languages or ["en"])[0],
        modality=meeting.modality,
        weekday=meeting.day,
        starts=time(meeting.start // 60, meeting.start % 60),
        minutes=meeting.minutes,
        time_zone=frame.time_zone,
        facilitator_id=meeting.staff,
        room_id=meeting.room if isinstance(meeting, Group) else None,
        capacity=CAPACITY if isinstance(meeting, Group) else 1,
        started_on=frame.start,
        proposal=frame.proposal,
    )


def name_of(meeting: Meeting, names: Mapping[str, str]) -> str:
    """What a section is called: by its part of the day and topic, or by its counselor; never by a student."""
    if isinstance(meeting, Individual):
        words = _("Family session with %(name)s") if meeting.kind == Kind.FAMILY else _("One-to-one with %(name)s")
        return words % {"name": names.get(meeting.staff, "")}
    if meeting.kind == Kind.SKILLS:
        return {"morning": _("Morning skills"), "afternoon": _("Afternoon skills")}.get(
            _part_of_day(meeting.start), _("Evening skills")
        )
    group = {"morning": _("Morning group"), "afternoon": _("Afternoon group")}.get(
        _part_of_day(meeting.start), _("Evening group")
    )
    topic = TOPIC_WORDS.get(meeting.topic or "", (meeting.topic or "").replace("_", " "))
    return f"{group}: {topic}" if topic else group


def _part_of_day(start: int) -> str:
    if start < NOON:
        return "morning"
    return "afternoon" if start < EVENING else "evening"


def _people(meeting: Meeting) -> set[str]:
    return set(meeting.patients if isinstance(meeting, Group) else (meeting.patient,))


def _stays(seat: Seat, meeting: Meeting) -> bool:
    return str(seat.patient_id) in _people(meeting) and seat.during.upper is None


def _arriving(frame: Frame, section: Section, meeting: Meeting, *, seated: Iterable[Seat]) -> list[Seat]:
    """Seats, not stored yet, for those who come; whoever stays keeps theirs."""
    staying = {str(seat.patient_id) for seat in seated if _stays(seat, meeting)}
    return [
        Seat(
            section=section,
            patient_id=UUID(who),
            during=DateRange(max(frame.start, frame.week.episodes[who].starts_on), None),
            modality=meeting.modality,
        )
        for who in sorted(_people(meeting) - staying)
    ]


def _open_seats(section: Section, start: date) -> list[Seat]:
    rows = section.seats.all()
    return [seat for seat in rows if not seat.during.isempty and (seat.during.upper or date.max) > start]


def _end_sections(sections: Collection[Section], start: date) -> None:
    """These sections do not meet from the day `start` on."""
    _end_seats([seat for section in sections for seat in _open_seats(section, start)], start)
    rows = Section.objects.filter(pk__in=[each.pk for each in sections])
    rows.update(ended_on=Greatest("started_on", Value(start)))


def _end_seats(seats: Iterable[Seat], start: date) -> None:
    """These places are not held from the day `start` on; those that would only begin then are taken back."""
    held: list[UUID] = []
    to_come: list[UUID] = []
    for seat in seats:
        (to_come if seat.during.lower >= start else held).append(seat.pk)
    Seat.objects.filter(pk__in=to_come).delete()
    first = Func(F("during"), function="lower", output_field=DateField())
    until_start = Func(first, Value(start), function="daterange", output_field=DateRangeField())
    Seat.objects.filter(pk__in=held).update(during=until_start)


@transaction.atomic
def free_places(*, patient: Patient, start: date, by: User, at: datetime) -> int:
    """End every place of this student from the day `start` on; how many. Their individual hours end too."""
    seats = list(Seat.objects.select_for_update(of=("self",)).filter(patient=patient).select_related("section"))
    open_seats = [seat for seat in seats if not seat.during.isempty and (seat.during.upper or date.max) > start]
    _end_seats(open_seats, start)
    alone = {seat.section_id for seat in open_seats if not seat.section.is_group}
    Section.objects.filter(pk__in=alone, ended_on=None).update(ended_on=Greatest("started_on", Value(start)))
    if open_seats:
        audit.record("timetable.places_freed", by=by, about=patient, at=at, seats=len(open_seats))
    return len(open_seats)
