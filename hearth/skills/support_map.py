"""Where everybody stands on a support map: the student in the middle, the closest in the innermost ring. No rows.

Ours, from no one's form: what brings somebody close, whether they make it easier or harder, and whether they know.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.safety.plan_rules import MOST_PEOPLE, Helper, Section, Sections

MOST = 30
"""As many as can be told apart on a phone. Product default."""
SIZE = 420
RADII = {1: 78, 2: 130, 3: 180}
NAMED = {1: 5, 2: 8, 3: 11}
"""How many names fit on a ring; beyond that numbers alone stand there, and the list tells who they are."""
LONGEST_NAME = 14
FIRST = {1: -90, 2: -68, 3: -81}
"""Degrees at which a ring begins, so that nobody of one stands right behind another."""


class Kind(models.TextChoices):
    """Who or what it is."""

    FAMILY = "family", _("Family")
    FRIEND = "friend", _("Friend")
    SUPPORTER = "supporter", _("Supporter: a sponsor, a mentor, a neighbor")
    PROFESSIONAL = "professional", _("Professional: a doctor, a therapist, a teacher")
    GROUP = "group", _("Group: a meeting, a team, a club")
    FAITH = "faith", _("Faith: a church, a temple, a practice")
    PET = "pet", _("Pet")
    PLACE = "place", _("Place")
    OTHER = "other", _("Somebody or something else")


class Ring(models.IntegerChoices):
    """How close."""

    CLOSE = 1, _("Very close")
    NEAR = 2, _("Quite close")
    FAR = 3, _("Further away")


class Effect(models.TextChoices):
    """What it is like with them."""

    EASIER = "easier", _("Makes it easier")
    HARDER = "harder", _("Makes it harder")
    BOTH = "both", _("Easier and harder")


class Knows(models.TextChoices):
    """Whether they know that the student is in the program."""

    YES = "yes", _("Knows that I come here")
    NO = "no", _("Does not know")
    UNSURE = "unsure", _("I am not sure, or it does not matter")


@dataclass(frozen=True, slots=True)
class Entry:
    """One of a map, as it is drawn, listed and shared."""

    name: str
    kind: str
    ring: int
    knows: str
    effect: str
    note: str = ""
    pk: str = ""  # of the student's own row; what is shared has none

    @classmethod
    def read(cls, row: dict[str, object]) -> Self:
        return cls(**row)  # type: ignore[arg-type]

    @property
    def kind_words(self) -> str:
        """Without the examples that the form gives."""
        return str(Kind(self.kind).label).partition(":")[0]

    @property
    def effect_words(self) -> str:
        return str(Effect(self.effect).label)

    @property
    def knows_words(self) -> str:
        return str(Knows(self.knows).label)


@dataclass(frozen=True, slots=True)
class Dot:
    """One on the picture, with the number by which the list names it."""

    number: int
    x: int
    y: int
    label: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Picture:
    """The map as it is drawn."""

    size: int
    middle: int
    radii: tuple[int, ...]
    dots: tuple[Dot, ...]

    @property
    def effects(self) -> list[tuple[str, str]]:
        """What each shape stands for."""
        return [(effect.value, str(effect.label)) for effect in Effect]

    @property
    def rings(self) -> list[tuple[str, list[Dot]]]:
        """The same as a list: each ring with who stands on it."""
        found = [(str(ring.label), [dot for dot in self.dots if dot.entry.ring == ring]) for ring in Ring]
        return [(name, dots) for name, dots in found if dots]


def picture(entries: Iterable[Entry]) -> Picture:
    """Everybody at even distances on their ring, in the order given, the closest first."""
    by_ring: dict[int, list[Entry]] = {ring: [] for ring in RADII}
    for entry in entries:
        by_ring[entry.ring].append(entry)
    dots: list[Dot] = []
    for ring, there in by_ring.items():
        for place, entry in enumerate(there):
            angle = radians(FIRST[ring] + 360 * place / len(there))
            x, y = (round(SIZE / 2 + RADII[ring] * turn) for turn in (cos(angle), sin(angle)))
            label = short(entry.name) if len(there) <= NAMED[ring] else ""
            dots.append(Dot(len(dots) + 1, x, y, label, entry))
    return Picture(SIZE, SIZE // 2, tuple(sorted(RADII.values(), reverse=True)), tuple(dots))


def short(name: str) -> str:
    """A name that fits beside its dot."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def offered(entries: Iterable[Entry]) -> list[Entry]:
    """Whom a plan could name: all but those with whom it is harder alone."""
    return [entry for entry in entries if entry.effect != Effect.HARDER]


def into_sections(sections: Sections, chosen: Sequence[Entry]) -> tuple[Sections, list[str]]:
    """A safety plan with these in it, and the names for which there was no room.

    Professionals among professionals, other people among whom to tell; places, groups and animals among where to go.
    Who stands there already stays as they are.
    """
    people = {Section.HELPERS: list(sections.helpers), Section.PROFESSIONALS: list(sections.professionals)}
    places, left = sections.places, []
    for entry in chosen:
        if entry.kind in (Kind.GROUP, Kind.FAITH, Kind.PET, Kind.PLACE):
            if not _names(places, entry.name):
                places = f"{places}\n{entry.name}".strip()
            continue
        section = Section.PROFESSIONALS if entry.kind == Kind.PROFESSIONAL else Section.HELPERS
        if entry.name.casefold() in [one.name.casefold() for one in people[section]]:
            continue
        if len(people[section]) >= MOST_PEOPLE[section]:
            left.append(entry.name)
        else:
            people[section].append(Helper(entry.name))
    said = sections.as_json() | {
        "places": places,
        **{
            str(section): [{"name": one.name, "phone": one.phone} for one in there] for section, there in people.items()
        },
    }
    return Sections.read(said), left


def _names(words: str, name: str) -> bool:
    """Whether `name` stands in these words, as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE) is not None


def into_words(words: str, chosen: Sequence[Entry]) -> str:
    """A list of people in somebody's own words, with these at its end, one a line. Who is named there is not again."""
    new = [entry.name for entry in chosen if not _names(words, entry.name)]
    return "\n".join([*([words.strip()] if words.strip() else []), *new])
