"""What a session is about, as the program's curriculum has it for the weeks its students are in."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date

from hearth.program import pack


@dataclass(frozen=True, slots=True)
class Place:
    """A seat of one student: on this weekday (Monday is 0), in a `kind` of session, on the days `during` holds."""

    kind: str
    weekday: int
    during: Container[date]


@dataclass(frozen=True, slots=True)
class Stay:
    """One student's stay: which pack and track, the first day and the planned last one (outside), and their seats."""

    pack: str
    track: str
    starts_on: date
    ends_on: date
    places: tuple[Place, ...] = ()

    @property
    def weeks(self) -> int:
        """Whole weeks of the stay, at least 1."""
        return max(1, (self.ends_on - self.starts_on).days // 7)

    def week_of(self, day: date) -> int:
        """The week of the stay in which `day` lies; the first is 1."""
        return max(1, (day - self.starts_on).days // 7 + 1)

    def turn_on(self, day: date, kind: str) -> int:
        """Which session of this kind in the week of the stay falls on `day`; the first is 1."""
        first = self.starts_on.weekday()
        days = {(one.weekday - first) % 7 for one in self.places if one.kind == kind and day in one.during}
        return 1 + sum(each < (day.weekday() - first) % 7 for each in days)


@dataclass(frozen=True, slots=True)
class About:
    """A topic in words and the id of its lesson, the handout; empty where the curriculum says nothing."""

    topic: str = ""
    lesson: str = ""


def about(kind: str, stays: Sequence[Stay], *, on: date, language: str) -> About:
    """What a `kind` of session on this day is about, for the student in the middle of its most common track.

    People join a group in different weeks. The one in the middle moves on a week each week, so that the topics
    follow one another, and a group that began together hears every topic in its own week.
    """
    if kind not in ("group", "skills") or not stays:
        return About()
    middle = _in_the_middle(stays)
    try:
        described = pack.get(middle.pack)
        return _lesson(described, middle, on, language) if kind == "skills" else _topic(described, middle, on, language)
    except LookupError:  # a pack or track that no longer ships: the topic is typed
        return About()


def subjects(kind: str, stays: Sequence[Stay], *, on: date, language: str) -> list[About]:
    """Everything the curriculum of those students has for this kind of session: what this week has, then all in order.

    Each once; nothing for a kind the curriculum does not lay out.
    """
    first = about(kind, stays, on=on, language=language)
    if not first.topic:
        return []
    middle = _in_the_middle(stays)
    described = pack.get(middle.pack)
    if kind == "skills":
        ids = [lesson for module in described.modules for lesson in module.lessons]
        found = [About((lesson := described.lesson(one, language)).title, lesson.id) for one in ids]
    else:
        found = [About(pack.in_language(one.title, language)) for one in described.track(middle.track).topics]
    return list(dict.fromkeys([first, *found]))


def _in_the_middle(stays: Sequence[Stay]) -> Stay:
    """The stay in the middle of the most common track."""
    common, _ = max(Counter((one.pack, one.track) for one in stays).items(), key=lambda pair: (pair[1], pair[0]))
    riders = sorted((one for one in stays if (one.pack, one.track) == common), key=lambda one: one.starts_on)
    return riders[len(riders) // 2]


def _topic(described: pack.Pack, stay: Stay, on: date, language: str) -> About:
    turn = stay.turn_on(on, "group")
    found = described.topic(stay.track, week=stay.week_of(on), turn=turn, of=stay.weeks)
    return About(pack.in_language(found.title, language), found.lesson)


def _lesson(described: pack.Pack, stay: Stay, on: date, language: str) -> About:
    found = described.skills_lesson(week=stay.week_of(on), turn=stay.turn_on(on, "skills"), of=stay.weeks)
    return About(described.lesson(found, language).title, found) if found else About()
