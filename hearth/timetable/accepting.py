"""Bringing the rows to an accepted week: what goes on, what ends and what begins; and back again.

`services.deciding` asks whether it may be and opens the transaction.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import DateField, F, Func, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Patient
from hearth.timetable import facts
from hearth.timetable.board import Group, Individual, Solution
from hearth.timetable.models import Kind, Proposal, Seat, Section
from hearth.timetable.week_board import CAPACITY, WeekBoard
from hearth.timetable.wording import topic_words

Meeting = Group | Individual
Key = tuple[object, ...]

NOON, EVENING = 12 * 60, 17 * 60


@dataclass(frozen=True, slots=True)
class Frame:
    """What all sections of one acceptance share. Places hold from the day `start` on, or from then `until` a day.

    With `until` the places that were there before stand again from that day on.
    """

    proposal: Proposal
    week: WeekBoard
    start: date
    time_zone: str
    until: date | None = None


def one_at_a_time(organisation_id: UUID) -> None:
    """Two people who change the week at once are let in one after the other, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"timetable {organisation_id}"])


def settle(frame: Frame, solution: Solution, *, people: Collection[str] | None = None) -> dict[str, Any]:
    """Bring sections and seats to the solution; the deeds, as JSON, from which they can be taken back.

    With `people` only their places change, and a section ends only if nobody is left in it. Without, whoever is not
    in the solution gives up their places. What rests in this week because of a closure stays as it is.
    """
    standing: dict[Key, Section] = {}
    rows = Section.objects.filter(Q(ended_on=None) | Q(ended_on__gt=frame.start)).exclude(pk__in=frame.week.resting)
    if frame.until is not None:
        rows = rows.filter(started_on__lt=frame.until)
    for section in rows.select_for_update(of=("self",)).prefetch_related("seats"):
        standing[_key_of_section(section)] = section
    meetings: list[Meeting] = [*solution.groups, *solution.individual]
    kept: list[Section] = []
    begun: list[Section] = []
    coming: list[Seat] = []
    going: list[Seat] = []
    for meeting in meetings:
        found = standing.pop(_key(meeting), None)
        section = found or _new_section(frame, meeting)
        seated = open_seats(section, frame.start, frame.until) if found else []
        arriving = _arriving(frame, section, meeting, seated=seated, people=people)
        coming += arriving
        if found is not None:
            kept.append(found)
            going += [seat for seat in seated if not _stays(seat, meeting, frame) and _may_change(seat, people)]
        elif arriving:
            begun.append(section)
    ended = []
    for section in standing.values():
        seated = open_seats(section, frame.start, frame.until)
        leaving = [seat for seat in seated if _may_change(seat, people)]
        going += leaving
        if frame.until is None and (people is None or (leaving and len(leaving) == len(seated))):
            ended.append(section)
    if people is not None:
        fuller = {seat.section_id for seat in coming}
        kept = [each for each in kept if each.pk in fuller]
    coming += _coming_back(frame, going)
    deeds = {
        "kept": {str(each.pk): str(each.proposal_id or "") for each in kept},
        "began": [str(each.pk) for each in begun],
        "ended": {str(each.pk): each.ended_on.isoformat() if each.ended_on else "" for each in ended},
        "gone": [_seat_as_json(seat) for seat in going],
        "come": [_seat_as_json(seat) for seat in coming],
    }
    Section.objects.filter(pk__in=[each.pk for each in kept]).update(proposal=frame.proposal)
    Section.objects.bulk_create(begun)
    _end_seats(going, frame.start)
    _end_sections(ended, frame.start)
    Seat.objects.bulk_create(coming)
    return deeds


def _may_change(seat: Seat, people: Collection[str] | None) -> bool:
    return people is None or str(seat.patient_id) in people


def _seat_as_json(seat: Seat) -> dict[str, str]:
    return {
        "id": str(seat.pk),
        "section": str(seat.section_id),
        "patient": str(seat.patient_id),
        "from": seat.during.lower.isoformat(),
        "until": seat.during.upper.isoformat() if seat.during.upper else "",
        "modality": seat.modality,
    }


def _key(meeting: Meeting) -> Key:
    """What must be the same for a section to go on: what, when, with whom, where; alone, for whom."""
    shared = (meeting.kind, meeting.modality, meeting.day, meeting.start, meeting.minutes, meeting.staff)
    if isinstance(meeting, Group):
        beside = (meeting.co_staff, meeting.interpreter)
        return (*shared, meeting.population, meeting.topic or "", meeting.language, meeting.room, *beside)
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
        others = (section.room_id, section.co_facilitator_id, section.interpreter_id)
        return (
            *shared,
            section.population,
            section.topic,
            section.language,
            *(str(one) if one else None for one in others),
        )
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
        co_facilitator_id=meeting.co_staff if isinstance(meeting, Group) else None,
        interpreter_id=meeting.interpreter if isinstance(meeting, Group) else None,
        room_id=meeting.room if isinstance(meeting, Group) else None,
        capacity=CAPACITY if isinstance(meeting, Group) else 1,
        started_on=frame.start,
        ended_on=frame.until,
        proposal=frame.proposal,
    )


def name_of(meeting: Meeting, names: Mapping[str, str]) -> str:
    """What a section is called: by its part of the day and topic, or by its counselor; never by a student."""
    if isinstance(meeting, Individual):
        words = _("Family session with %(name)s") if meeting.kind == Kind.FAMILY else _("One-to-one with %(name)s")
        return words % {"name": names.get(meeting.staff, "")}
    if meeting.kind == Kind.SKILLS:
        return {"morning": _("Morning skills"), "afternoon": _("Afternoon skills")}.get(
            part_of_day(meeting.start), _("Evening skills")
        )
    group = {"morning": _("Morning group"), "afternoon": _("Afternoon group")}.get(
        part_of_day(meeting.start), _("Evening group")
    )
    topic = topic_words(meeting.topic or "")
    return f"{group}: {topic}" if topic else group


def part_of_day(start: int) -> str:
    """`morning`, `afternoon` or `evening`, by minutes after midnight."""
    if start < NOON:
        return "morning"
    return "afternoon" if start < EVENING else "evening"


def _people(meeting: Meeting) -> set[str]:
    return set(meeting.patients if isinstance(meeting, Group) else (meeting.patient,))


def _stays(seat: Seat, meeting: Meeting, frame: Frame) -> bool:
    """Whether this person keeps the seat for as long as the frame goes."""
    last = seat.during.upper
    goes_on = last is None or (frame.until is not None and last >= frame.until)
    return str(seat.patient_id) in _people(meeting) and goes_on


def _arriving(
    frame: Frame,
    section: Section,
    meeting: Meeting,
    *,
    seated: Iterable[Seat],
    people: Collection[str] | None,
) -> list[Seat]:
    """Seats, not stored yet, for those who come, with `people` of them alone; whoever stays keeps theirs.

    Nobody comes to what is over before the frame begins and does not meet again in it.
    """
    if frame.until is not None and frame.proposal.week_of + timedelta(days=meeting.day) < frame.start:
        return []
    coming = _people(meeting) if people is None else _people(meeting).intersection(people)
    staying = {str(seat.patient_id) for seat in seated if _stays(seat, meeting, frame)}
    last = min((day for day in (frame.until, section.ended_on) if day is not None), default=None)
    first = {who: max(frame.start, frame.week.episodes[who].starts_on) for who in coming - staying}
    return [
        Seat(section=section, patient_id=UUID(who), during=DateRange(day, last), modality=meeting.modality)
        for who, day in sorted(first.items())
        if last is None or day < last
    ]


def _coming_back(frame: Frame, going: Iterable[Seat]) -> list[Seat]:
    """Places, not stored yet, of those who leave them only until a day."""
    last, back = frame.until, []
    for seat in going if last is not None else ():
        first = max(last, seat.during.lower)
        if seat.during.upper is None or seat.during.upper > first:
            during = DateRange(first, seat.during.upper)
            back.append(Seat(section=seat.section, patient_id=seat.patient_id, during=during, modality=seat.modality))
    return back


def open_seats(section: Section, start: date, until: date | None = None) -> list[Seat]:
    """The seats of this section that are held on the day `start` or later, and before `until`."""
    rows = [seat for seat in section.seats.all() if not seat.during.isempty]
    return [
        seat for seat in rows if (seat.during.upper or date.max) > start and seat.during.lower < (until or date.max)
    ]


def whose_places_change_after(start: date) -> frozenset[str]:
    """The ids of those who get other places by themselves after the seven days from `start` on.

    Cover ends, or a change that was agreed begins. What lasts would end the places that are to come.
    """
    found = set()
    for section in Section.objects.filter(Q(ended_on=None) | Q(ended_on__gt=start)).prefetch_related("seats"):
        day = section.day_in(start)
        for seat in open_seats(section, start):
            ends = section.meets_on(day) and seat.is_held_on(day) and (seat.during.upper or section.ended_on)
            if ends or seat.during.lower > day:
                found.add(str(seat.patient_id))
    return frozenset(found)


def whose_places_end(week: Solution, start: date) -> frozenset[str]:
    """The ids of those who come, in this week, to what ends by itself after the day `start`: nobody stays there.

    Cover was found for it, or all of it moves on a day that was agreed.
    """
    rows = Section.objects.filter(ended_on__gt=start).prefetch_related("seats")
    ending = {_key_of_section(section) for section in rows}
    meetings: list[Meeting] = [*week.groups, *week.individual]
    return frozenset(who for one in meetings if _key(one) in ending for who in _people(one))


def most_seated(section: Section, start: date) -> int:
    """How many seats of this section are held at most on one day, from `start` on."""
    held = [seat.during for seat in open_seats(section, start)]
    return max((sum(day in one for one in held) for day in {max(start, one.lower) for one in held}), default=0)


def _end_sections(sections: Collection[Section], start: date) -> None:
    """These sections, whose seats have ended, do not meet from the day `start` on."""
    rows = Section.objects.filter(pk__in=[each.pk for each in sections])
    rows.update(ended_on=Greatest("started_on", Value(start)))


def take_back(deeds: Mapping[str, Any], *, start: date, in_care: Collection[str]) -> list[UUID]:
    """Undo what `settle` did from the day `start` on; the sections whose places are held again.

    Whoever is not `in_care` any more gets no place back.
    """
    Seat.objects.filter(pk__in=[one["id"] for one in deeds["come"]]).delete()
    Section.objects.filter(pk__in=deeds["began"]).update(ended_on=F("started_on"))
    for ended_on, sections in _by_value(deeds["ended"]).items():
        Section.objects.filter(pk__in=sections).update(ended_on=ended_on or None)
    for proposal, sections in _by_value(deeds["kept"]).items():
        Section.objects.filter(pk__in=sections).update(proposal=proposal or None)
    back = [_seat_from_json(one) for one in deeds["gone"] if one["patient"] in in_care]
    Seat.objects.bulk_create(back, update_conflicts=True, unique_fields=["id"], update_fields=["during"])
    return [UUID(pk) for pk in {*deeds["ended"], *(str(seat.section_id) for seat in back)}]


def _by_value(pairs: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in pairs.items():
        found.setdefault(value, []).append(key)
    return found


def _seat_from_json(one: Mapping[str, str]) -> Seat:
    until = date.fromisoformat(one["until"]) if one["until"] else None
    return Seat(
        id=UUID(one["id"]),
        section_id=UUID(one["section"]),
        patient_id=UUID(one["patient"]),
        during=DateRange(date.fromisoformat(one["from"]), until),
        modality=one["modality"],
    )


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
    held = [seat for seat in seats if not seat.during.isempty and (seat.during.upper or date.max) > start]
    _end_seats(held, start)
    alone = {seat.section_id for seat in held if not seat.section.is_group}
    Section.objects.filter(pk__in=alone, ended_on=None).update(ended_on=Greatest("started_on", Value(start)))
    if held:
        audit.record("timetable.places_freed", by=by, about=patient, at=at, seats=len(held))
        facts.places_freed.send(Seat, patient_id=patient.pk, by_id=by.pk, at=at)
    return len(held)
