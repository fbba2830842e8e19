"""What a group note's draft still lacks, whom it names, and what else its writer should look at before signing.

For callers who have passed `access_session`: all of it is worked out from the chairs they hold, without another query.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hearth.people.models import Patient
from hearth.sessions.chairs import Chair, chairs_of
from hearth.sessions.models import GroupNote, Session
from hearth.sessions.rules.attendance import Status
from hearth.sessions.rules.merging import split
from hearth.sessions.rules.names import Person, names_others
from hearth.sessions.rules.notes import Draft, Gap, Lack, Line, Missing, OnRoster, missing
from hearth.sessions.rules.pointers import Member, Pointer, alike, pointers


def draft_of(note: GroupNote | None) -> Draft:
    """The stored draft as the rules read it."""
    if note is None:
        return Draft()
    lines = {
        pk: Line(**{name: value for name, value in line.items() if name in Line.__slots__})
        for pk, line in note.lines.items()
    }
    return Draft(
        text=note.text, interventions=tuple(note.interventions), process=note.process, plan=note.plan, lines=lines
    )


def missing_of(
    session: Session, draft: Draft, seats: Sequence[Chair], *, beside: Collection[str] = ()
) -> list[Missing]:
    """What is left before `draft` can be signed; `beside` are the fields with another's text beside them."""
    on_roster = [
        OnRoster(
            id=str(each.attendance.pk),
            status=Status(each.attendance.status),
            is_virtual=each.is_virtual,
            has_goals=bool(each.goals),
        )
        for each in seats
    ]
    is_over, topic = session.ended_at is not None, session.topic or session.lesson
    found = missing(draft, on_roster, is_over=is_over, is_group=session.is_group, topic=topic)
    waiting = dict.fromkeys(split(field)[0] or None for field in beside)
    return [*found, *(Missing(Lack.TWO_TEXTS, of) for of in waiting)]


def named_in(draft: Draft, seats: Sequence[Chair]) -> dict[str, list[str]]:
    """Other members' names, by the attendance id of the line they stand in; "" for what is said for all."""
    people = {str(each.attendance.pk): person_of(each.attendance.patient) for each in seats}
    found: dict[str, list[str]] = {}
    if len(people) > 1:
        found[""] = names_others(_said_for_all(draft), people.values())
    for pk, line in draft.lines.items():
        others = [person for other, person in people.items() if other != pk]
        found[pk] = names_others(_said_of_one(line), others, own=people.get(pk))
    return {pk: names for pk, names in found.items() if names}


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is worth a look and keeps no note from being signed: by attendance id, "" for what is said for all."""

    pointers: dict[str, list[Pointer]]
    alike: dict[str, list[str]]  # whose lines say the same, as their short names


def remarks_on(session: Session, draft: Draft, seats: Sequence[Chair]) -> Remarks:
    """Words that may point to another member, and lines that say the same of several."""
    day = session.starts_at.date()
    members = {str(each.attendance.pk): _member(each.attendance.patient, on=day) for each in seats}
    found: dict[str, list[Pointer]] = {}
    if len(members) > 1:
        found[""] = pointers(_said_for_all(draft), members.values())
    for pk, line in draft.lines.items():
        others = [member for other, member in members.items() if other != pk]
        found[pk] = pointers(_said_of_one(line), others, own=members.get(pk))
    short = {str(each.attendance.pk): each.attendance.patient.short_name for each in seats if each.is_here}
    same = alike({pk: line.text for pk, line in draft.lines.items() if pk in short})
    return Remarks(
        pointers={pk: each for pk, each in found.items() if each},
        alike={pk: [short[other] for other in others] for pk, others in same.items()},
    )


def gaps_of(chair: Chair) -> list[Gap]:
    """What the chart of somebody who was here lacks; others mend it, and the note says so as it is."""
    if not chair.is_here:
        return []
    lacking = {
        Gap.DIAGNOSIS: not chair.problems,
        Gap.GOALS: not chair.goals,
        Gap.CONSENT: chair.is_virtual and chair.telehealth_consent is None,
    }
    return [gap for gap, lacks in lacking.items() if lacks]


def person_of(patient: Patient) -> Person:
    """The names by which `patient` may be called."""
    return Person(chosen=patient.chosen_name, family=patient.family_name, legal=patient.legal_given)


def _member(patient: Patient, *, on: date) -> Member:
    language = patient.languages[0].split("-")[0] if patient.languages else ""
    return Member(person_of(patient), age=patient.age(on=on), city=patient.city, language=language)


def _said_for_all(draft: Draft) -> str:
    return " \n".join((draft.text, draft.process, draft.plan))


def _said_of_one(line: Line) -> str:
    return " \n".join((line.text, line.risk_text, line.plan))


def left_of(sessions: Sequence[Session], *, at: datetime) -> dict[UUID, list[Lack]]:
    """What each of these sessions' notes still lacks, each thing once, by session. Six queries, however many."""
    notes = {note.session_id: note for note in GroupNote.objects.filter(session__in=sessions)}
    seats = chairs_of(sessions=sessions, at=at)
    found: dict[UUID, list[Lack]] = {}
    for each in sessions:
        note = notes.get(each.pk)
        left = missing_of(each, draft_of(note), seats[each.pk], beside=note.beside if note else ())
        found[each.pk] = list(dict.fromkeys(one.what for one in left))
    return found
