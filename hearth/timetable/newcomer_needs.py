"""What somebody needs who is not in a program yet: stored as codes and hours, turned into a person for the engine."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hearth.program import pack
from hearth.timetable import hours
from hearth.timetable.board import CLOSE, OPEN, Patient, Span
from hearth.timetable.board_json import parse_dose

PARTS_OF_DAY = {"morning": (OPEN, 12 * 60), "afternoon": (12 * 60, 17 * 60), "evening": (17 * 60, CLOSE)}
WORKDAYS, WEEKEND = range(5), (5, 6)


@dataclass(frozen=True, slots=True)
class Needs:
    """A pack with one of its tracks, how and in which languages somebody can come, and when.

    `interpreting`: into what groups are interpreted for them, empty for no need; `equipment`: what the room must have.
    """

    pack: str
    track: str
    languages: tuple[str, ...]
    modality: str
    state: str
    available: tuple[Span, ...]
    family: tuple[Span, ...] = ()
    interpreting: str = ""
    equipment: tuple[str, ...] = ()

    def as_person(self, key: str, *, home: str) -> Patient:
        """Who would need this, for a board; `home` is the organisation's state, where those who come in person are."""
        found = pack.get(self.pack)
        return Patient(
            id=key,
            population=found.population,
            topics=found.track(self.track).group_topics,
            languages=self.languages,
            modality=self.modality,
            state=self.state or home,
            available=self.available,
            family_available=self.family,
            primary=None,
            dose=parse_dose(found.dose.as_board()),
            interpreting=self.interpreting or None,
            equipment=self.equipment,
        )


def as_json(needs: Needs) -> dict[str, Any]:
    """The form in which needs are stored."""
    return {
        "pack": needs.pack,
        "track": needs.track,
        "languages": list(needs.languages),
        "modality": needs.modality,
        "state": needs.state,
        "hours": hours.as_json(needs.available),
        "family_hours": hours.as_json(needs.family),
        "interpreting": needs.interpreting,
        "equipment": list(needs.equipment),
    }


def from_json(stored: dict[str, Any]) -> Needs:
    """Needs as they were stored; those stored earlier say nothing of interpreters and rooms."""
    return Needs(
        pack=stored["pack"],
        track=stored["track"],
        languages=tuple(stored["languages"]),
        modality=stored["modality"],
        state=stored["state"],
        available=hours.from_json(stored["hours"]),
        family=hours.from_json(stored["family_hours"]),
        interpreting=stored.get("interpreting", ""),
        equipment=tuple(stored.get("equipment", ())),
    )


def hours_at(parts: Iterable[str]) -> tuple[Span, ...]:
    """The hours meant by `morning`, `afternoon`, `evening` (Monday to Friday) and `weekend`; all if none is named."""
    named = set(parts) or {*PARTS_OF_DAY, "weekend"}
    found = [Span(day, *PARTS_OF_DAY[part]) for part in PARTS_OF_DAY if part in named for day in WORKDAYS]
    found += [Span(day, OPEN, CLOSE) for day in WEEKEND if "weekend" in named]
    return hours.joined(found)


def track_for(found: pack.Pack, what: Iterable[str]) -> str:
    """The track of this pack that is nearest to what the self-check was told."""
    told, tracks = set(what), [track.id for track in found.tracks]
    wanted = "mental-health"
    if "substances" in told:
        wanted = "co-occurring" if told - {"substances", "other"} else "substance-use"
    return wanted if wanted in tracks else tracks[0]
