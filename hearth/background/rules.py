"""The assessment's questions, what may answer them, what follows, and the way through them. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from hearth.safety import danger

Value = str | tuple[str, ...]
Values = Mapping[str, Value]
Asks = Literal["student", "staff", "both"]
Who = Literal["student", "staff"]
LONGEST = 4000  # characters of a text

DECLINED = "declined"
"""What answers any question with one choice: they would rather not say."""


class UnusableAnswer(ValueError):
    """This is no answer to this question."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question. See `questions/questions.toml` for what its fields mean."""

    id: str
    kind: Literal["text", "one", "many"]
    asks: Asks = "both"
    choices: tuple[str, ...] = ()
    none: str = ""
    check: str = ""
    known: tuple[str, ...] = ()
    again: bool = False
    discreet: bool = False
    part2: bool = False
    dimensions: tuple[str, ...] = ()
    asked_if: Mapping[str, tuple[str, ...]] | None = None
    urgent: tuple[str, ...] = ()
    emergency: tuple[str, ...] = ()

    def is_for(self, who: Who) -> bool:
        """Whether this person is asked: staff see everything, students not what staff write down."""
        return who == "staff" or self.asks != "staff"


@dataclass(frozen=True, slots=True)
class Section:
    """What is asked on one screen. `referral` and `measures` are what else is known of it, shown to staff."""

    id: str
    items: tuple[Item, ...]
    sensitive: bool = False
    referral: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Questions:
    """The whole questionnaire."""

    version: int
    sections: tuple[Section, ...]

    def section(self, pk: str) -> Section | None:
        """The section of this id, if there is one."""
        return next((one for one in self.sections if one.id == pk), None)

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)


@dataclass(frozen=True, slots=True)
class Alert:
    """An answer that a person must look at: of which item, how soon, and why (a code worded in `wording.py`)."""

    item: str
    severity: str
    reason: str


def read(item: Item, given: object) -> Value:
    """The answer as it is kept; "" or () where nothing was said. Raises UnusableAnswer."""
    if item.kind == "text":
        words = str(given or "").strip().replace("\r\n", "\n")
        if len(words) > LONGEST:
            raise UnusableAnswer(item.id)
        return words
    several = [given] if isinstance(given, str) else list(given or ())  # type: ignore[call-overload]
    several = [one for one in several if one]
    allowed = (*item.choices, DECLINED) if item.kind == "one" else item.choices
    if any(one not in allowed for one in several):
        raise UnusableAnswer(item.id)
    if item.kind == "one":
        if len(several) > 1:
            raise UnusableAnswer(item.id)
        return str(several[0]) if several else ""
    taken = tuple(code for code in item.choices if code in several)
    return tuple(code for code in taken if code != item.none) or taken


def applicable(section: Section, values: Values, *, who: Who) -> tuple[Item, ...]:
    """What is asked of this person in this section, after what is known so far."""
    return tuple(item for item in section.items if item.is_for(who) and _is_asked(item, values))


def _is_asked(item: Item, values: Values) -> bool:
    if item.asked_if is None:
        return True
    return any(set(chosen(values, other)) & set(codes) for other, codes in item.asked_if.items())


def chosen(values: Values, item: str) -> tuple[str, ...]:
    """Everything chosen there."""
    found = values.get(item, ())
    return (found,) if isinstance(found, str) and found else tuple(found)


def alerts(item: Item, value: Value) -> tuple[Alert, ...]:
    """What of this answer a person must look at. Staff's own words are their finding, not a sign."""
    if item.kind == "text":
        signs = () if item.asks == "staff" else danger.signs_in(str(value))
        return (Alert(item.id, signs[0].severity, "words"),) if signs else ()
    given = chosen({item.id: value}, item.id)
    grave = {"emergency": item.emergency, "urgent": item.urgent}
    return tuple(
        Alert(item.id, severity, f"{item.id}.{code}")
        for severity, codes in grave.items()
        for code in given
        if code in codes
    )


def more(section: Section, before: Iterable[Item], values: Values, *, who: Who) -> bool:
    """Whether what was just answered leads to questions of this section that were not on the screen."""
    seen = {item.id for item in before}
    return any(item.id not in seen for item in applicable(section, values, who=who))


def next_section(questions: Questions, looked_at: Collection[str]) -> Section | None:
    """Where to go on: the first section nobody has saved or skipped; None: all were."""
    return next((one for one in questions.sections if one.id not in looked_at), None)
