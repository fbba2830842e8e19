"""Places that are promised to people who wait, on a week's board: taken there until they lapse or become seats."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from hearth.inquiry.models import Inquiry
from hearth.timetable import hours
from hearth.timetable.board import KINDS, Board, Group, Individual, Patient, Solution, Span
from hearth.timetable.models import PlaceOffer, WaitlistEntry
from hearth.timetable.newcomer_needs import from_json
from hearth.timetable.week import Session, moments, people_in, slots_of

Sessions = dict[str, Session]


@dataclass(frozen=True, slots=True)
class Promises:
    """The board and its sessions with those who were promised a place in them; `offers` and `names` by board id."""

    board: Board
    sessions: Sessions
    offers: dict[str, PlaceOffer]
    names: dict[str, str]


def with_promises(board: Board, sessions: Mapping[str, Session], *, home: str) -> Promises:
    """Everyone who was offered a place, in the seats that are kept for them. Two queries, none more for more offers.

    They are on the board as people who can come then and at no other time, so that no rule lets their place go. What
    cannot be held in this week, its leader being away, is kept for the weeks after and stands on no board of this one.
    """
    rows = PlaceOffer.objects.holding().select_related("entry__patient", "entry__program").order_by("made_at", "pk")
    offers = {str(row.entry_id): row for row in rows}
    found, kept = dict(sessions), []
    for key, offer in offers.items():
        held = _seated(board, found, key, offer.sessions)
        if held:
            kept.append(_person(offer, key, held, home))
    if kept:
        people = frozenset(one.id for one in kept)
        board = replace(board, patients=(*board.patients, *kept), kept=people)
    return Promises(
        board, found, {one.id: offers[one.id] for one in kept}, names_of_waiting(row.entry for row in offers.values())
    )


def names_of_waiting(entries: Iterable[WaitlistEntry]) -> dict[str, str]:
    """What the board calls each of these people who wait, by the ids of their rows. One query, or none."""
    rows = list(entries)
    asked = [row.inquiry_id for row in rows if row.inquiry_id]
    found = Inquiry.objects.filter(pk__in=asked).values_list("pk", "first_name") if asked else ()
    inquiries: Mapping[Any, str] = dict(found)
    names = {row.pk: row.patient.name if row.patient else inquiries.get(row.inquiry_id, "") for row in rows}
    return {str(pk): _("%(name)s (waits)") % {"name": name} for pk, name in names.items()}


def _seated(board: Board, sessions: Sessions, who: str, offered: Iterable[dict[str, Any]]) -> list[Session]:
    """Puts this person into their sessions, as far as those are held in this week; gives them."""
    staff = {one.id: moments(one.hours) for one in board.staff if one.id not in board.absent}
    held: list[Session] = []
    for number, one in enumerate(offered):
        if "population" in one:
            key = _group_like(sessions, one)
            if key is not None and slots_of(sessions[key]) <= staff.get(sessions[key].staff, frozenset()):
                group = sessions[key]
                assert isinstance(group, Group)
                sessions[key] = replace(group, patients=(*group.patients, who))
                held.append(sessions[key])
        else:
            alone = Individual(patient=who, **one)
            if slots_of(alone) <= staff.get(alone.staff, frozenset()):
                sessions[f"kept-{who}-{number}"] = alone
                held.append(alone)
    return held


def _group_like(sessions: Sessions, one: Mapping[str, Any]) -> str | None:
    """The group that was offered: the same hour and leader, or where the leader is another now, the like of it."""
    like = [
        (group.staff != one["staff"], key)
        for key, group in sessions.items()
        if isinstance(group, Group)
        and (group.kind, group.day, group.start, group.population, group.language)
        == (one["kind"], one["day"], one["start"], one["population"], one["language"])
    ]
    return min(like)[1] if like else None


def _person(offer: PlaceOffer, key: str, held: list[Session], home: str) -> Patient:
    """Somebody who needs just these sessions and can come to nothing else."""
    asked = from_json(offer.entry.needs).as_person(key, home=home)
    group, skills, individual, family = (
        replace(asked.dose.part(kind), count=sum(one.kind == kind for one in held)) for kind in KINDS
    )
    spans: dict[bool, list[Span]] = defaultdict(list)
    for one in held:
        spans[one.kind == "family"].append(Span(one.day, one.start, one.start + one.minutes))
    counselors = [one.staff for one in held if isinstance(one, Individual)]
    return replace(
        asked,
        dose=replace(asked.dose, group=group, skills=skills, individual=individual, family=family),
        available=hours.joined([*spans[False], *spans[True]]),
        family_available=hours.joined(spans[True]),
        primary=counselors[0] if counselors else None,
    )


# ---- weeks with and without them


def without(week: Solution, people: Collection[str]) -> Solution:
    """The week without these people; groups of which nobody is left are gone."""
    gone = set(people)
    groups = [replace(one, patients=tuple(who for who in one.patients if who not in gone)) for one in week.groups]
    alone = tuple(one for one in week.individual if one.patient not in gone)
    return replace(week, groups=tuple(one for one in groups if one.patients), individual=alone)


def renamed(week: Solution, names: Mapping[str, str]) -> Solution:
    """The week with people under other ids."""
    return replace(
        week,
        groups=tuple(replace(one, patients=tuple(names.get(who, who) for who in one.patients)) for one in week.groups),
        individual=tuple(replace(one, patient=names.get(one.patient, one.patient)) for one in week.individual),
    )


def keeping(week: Solution, stands: Solution, people: Collection[str]) -> Solution:
    """The week with the places these people have in `stands`, where it has the same groups."""
    groups = {(one.kind, one.day, one.start, one.staff): one for one in week.groups}
    for one in stands.groups:
        key = (one.kind, one.day, one.start, one.staff)
        new = tuple(who for who in one.patients if who in people and key in groups and who not in groups[key].patients)
        if new:
            groups[key] = replace(groups[key], patients=(*groups[key].patients, *new))
    order = [groups[one.kind, one.day, one.start, one.staff] for one in week.groups]
    alone = [one for one in stands.individual if one.patient in people and one not in week.individual]
    return replace(week, groups=tuple(order), individual=(*week.individual, *alone))


def seated(week: Solution) -> set[str]:
    """The ids of everyone with a place in this week."""
    sessions: tuple[Session, ...] = (*week.groups, *week.individual)
    return {who for one in sessions for who in people_in(one)}
