"""What `can_we_serve` answers, as JSON: who could come when, never who else is there."""

from typing import Any

from hearth.timetable.board import Group, Individual, clock
from hearth.timetable.newcomer import Place
from hearth.timetable.one_change import Change
from hearth.timetable.places import Answer


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """The document `hearth timetable places` prints; its form is described in the README."""
    return {
        "places": [_place(place) for place in answer.places],
        "one_change_away": [_change(change) for change in answer.one_change_away],
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "full": place.is_full,
        "minutes": place.minutes,
        "of": place.of,
        "counselor": place.counselor,
        "sessions": [
            _session(session) | {"free": free} for session, free in zip(place.sessions, place.free, strict=True)
        ],
    }


def _session(session: Group | Individual) -> dict[str, Any]:
    shared: dict[str, Any] = {
        "kind": session.kind, "modality": session.modality, "day": session.day, "start": clock(session.start),
        "minutes": session.minutes, "staff": session.staff,
    }  # fmt: skip
    if isinstance(session, Individual):
        return shared
    return shared | {
        "population": session.population, "topic": session.topic, "language": session.language, "room": session.room,
        "co_staff": session.co_staff, "interpreter": session.interpreter,
    }  # fmt: skip


def _change(change: Change) -> dict[str, Any]:
    found: dict[str, Any] = {"change": change.what, "gained": change.gained}
    if change.span:
        found |= {"day": change.span.day, "from": clock(change.span.start), "to": clock(change.span.end)}
    if change.value:
        found[change.what] = change.value
    if change.group:
        found["group"] = _session(change.group)
    if change.what == "new_group":
        found["serves"] = change.serves
    return found | {"week": _place(change.place)}
