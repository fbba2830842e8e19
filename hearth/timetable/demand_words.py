"""The picture of wanted and offered hours as rows and sentences for the screen. Nothing is read here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hearth.people.models import Modality, Population
from hearth.timetable.accepting import name_of
from hearth.timetable.board import clock
from hearth.timetable.compared import Names, topic_word, when
from hearth.timetable.demand import Bottleneck, Cell, Demand, Nearest, Sort, hours_of_day
from hearth.timetable.models import Kind
from hearth.timetable.what_if_words import language_word

WAYS = ("in_person", "virtual", "either")
NOON, EVENING = 12 * 60, 17 * 60
LEVELS: dict[str, Promise] = {
    "short": gettext_lazy("too few"),
    "full": gettext_lazy("nearly full"),
    "filling": gettext_lazy("filling"),
    "room": gettext_lazy("room left"),
    "none": gettext_lazy("nothing wanted"),
}
MOST_LISTED = 50
MUCH = 3  # the heat from which an hour in which nothing is offered is worth a word


@dataclass(frozen=True, slots=True)
class Square:
    """One field of a heat map: hours wanted and offered. `level` is one of LEVELS; `heat` 0 (none) to 4."""

    wanted: str
    offered: str
    level: str
    said: Promise | str
    heat: int = 0


@dataclass(frozen=True, slots=True)
class MapRow:
    """One line of a heat map with its heading."""

    label: str
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A heat map: the headings of its columns, and its lines."""

    columns: tuple[str, ...]
    rows: tuple[MapRow, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A bottleneck in words; `ask` is the address's question that tries what would help as a what-if."""

    sentence: str
    names: str
    ask: str


@dataclass(frozen=True, slots=True)
class FillRow:
    """How full one group is."""

    name: str
    when: str
    leader: str
    taken: int
    seats: int


def by_sort(found: Demand) -> HeatMap:
    """Topics by language and way, with everything of a topic at the end."""
    languages = sorted({sort.language for sort in found.sorts}, key=language_word)
    ways = [way for way in WAYS if any(sort.way == way for sort in found.sorts)]
    columns = [(language, way) for language in languages for way in ways if _any(found, language, way)]
    rows = []
    for kind, topic in sorted({(sort.kind, sort.topic) for sort in found.sorts}):
        cells = [found.sorts.get(Sort(kind, topic, language, way), Cell()) for language, way in columns]
        squares = [_square(cell, is_offered=way != "either") for cell, (_lang, way) in zip(cells, columns, strict=True)]
        rows.append(MapRow(_about(kind, topic), (*squares, _square(sum(cells, Cell()), is_offered=True))))
    headings = [f"{language_word(language)}, {Modality(way).label}" for language, way in columns]
    return HeatMap((*headings, _("all together")), tuple(rows))


def _any(found: Demand, language: str, way: str) -> bool:
    return any((sort.language, sort.way) == (language, way) for sort in found.sorts)


def _about(kind: str, topic: str) -> str:
    return topic_word(topic).capitalize() if kind == "group" else str(Kind.SKILLS.label)


def _square(cell: Cell, *, is_offered: bool) -> Square:
    level = _level(cell) if is_offered else "none"
    heat = ("none", "room", "filling", "full", "short").index(level)
    said = LEVELS[level] if is_offered else ""
    return Square(_hours(cell.wanted), _hours(cell.offered) if is_offered else "", level, said, heat)


def _level(cell: Cell) -> str:
    if not cell.wanted:
        return "none"
    if cell.wanted > cell.offered:
        return "short"
    share = cell.wanted / cell.offered
    return "full" if share >= 0.9 else "filling" if share >= 0.7 else "room"


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.0f}" if minutes else ""


def by_hour(found: Demand) -> HeatMap:
    """Hours of the day by weekday: the more is wanted, the hotter."""
    days = [day for day in range(7) if any(key[0] == day for key in found.hours)]
    most = max((cell.wanted for cell in found.hours.values()), default=0)
    rows = []
    for hour in hours_of_day(found.hours):
        cells = [found.hours.get((day, hour), Cell()) for day in days]
        rows.append(MapRow(clock(hour * 60), tuple(_hour_square(cell, most) for cell in cells)))
    return HeatMap(tuple(str(WEEKDAYS_ABBR[day]) for day in days), tuple(rows))


def _hour_square(cell: Cell, most: int) -> Square:
    heat = -(-4 * cell.wanted // most) if most else 0
    bare = heat >= MUCH and not cell.offered
    said = _("nothing offered") if bare else ""
    return Square(_hours(cell.wanted), _hours(cell.offered), "short" if bare else "room", said, heat)


def fills(found: Demand, names: Names) -> list[FillRow]:
    """Every group with its seats, fullest first."""
    return [
        FillRow(name_of(one.group, names), when(one.group), names.get(one.group.staff, ""), one.taken, one.seats)
        for one in found.fills[:MOST_LISTED]
    ]


def bottlenecks(found: Demand, names: Names, monday: date) -> list[Told]:
    """What is full next, worst first, each as one line of words."""
    return [
        Told(
            sentence=" ".join(_sentences(one, names)),
            names=", ".join(sorted(names.get(who, "") for who in one.people)),
            ask=_ask(one, monday),
        )
        for one in found.bottlenecks
    ]


def _sentences(one: Bottleneck, names: Names) -> list[str]:
    said = [_what_is_full(one, names)]
    words = {"n": len(one.people), "hours": f"{one.minutes / 60:g}"}
    said.append(
        ngettext("%(n)s student lacks %(hours)s hours.", "%(n)s students lack %(hours)s hours.", len(one.people))
        % words
    )
    if one.waiting:
        said.append(
            ngettext("%(n)s of them waits for a place.", "%(n)s of them wait for a place.", one.waiting)
            % {"n": one.waiting}
        )
    if one.kind not in ("group", "skills"):
        return said
    opening = one.opening
    if opening is None:
        return [*said, _("Too few of them are ever free together for one more group.")]
    words = {"when": f"{WEEKDAYS_ABBR[opening.day]} {clock(opening.start)}", "n": len(opening.people)}
    if opening.staff is None:
        said.append(_("One more on %(when)s would serve %(n)s, with somebody new to lead it.") % words)
    else:
        words["name"] = names.get(opening.staff, "")
        said.append(_("One more on %(when)s with %(name)s would serve %(n)s.") % words)
    return said


def _what_is_full(one: Bottleneck, names: Names) -> str:
    if one.kind not in ("group", "skills"):
        if one.staff is None:
            return _("Somebody has no counselor yet.")
        return _("%(name)s has no hour left that fits.") % {"name": names.get(one.staff, "")}
    words = {"groups": _groups(one.kind, one.topic, one.language, one.population, _part_of_day(one))}
    return (_("Full: %(groups)s.") if one.full else _("Missing: %(groups)s.")) % words


def _groups(kind: str, topic: str, language: str, population: str, part: str) -> str:
    """A sort of groups in a few words, as in a list: evening groups on trauma, in Spanish, for adults."""
    about = _("groups on %(topic)s") % {"topic": topic_word(topic)} if kind == "group" else _("life skills groups")
    parts = [about, language_word(language), str(Population(population).label).lower(), part]
    return ", ".join(part for part in parts if part)


def _part_of_day(one: Bottleneck) -> str:
    starts = sorted(group.start for group in one.full) or ([one.opening.start] if one.opening else [])
    if not starts:
        return ""
    middle = starts[len(starts) // 2]
    return _("mornings") if middle < NOON else _("afternoons") if middle < EVENING else _("evenings")


def _ask(one: Bottleneck, monday: date) -> str:
    """What to ask the what-if page: somebody new in these hours, who serves this sort."""
    if one.opening is None:
        return ""
    asked: Mapping[str, object] = {
        "week": monday.isoformat(),
        "kind": "hire",
        "day": one.opening.day,
        "start": one.opening.start,
        "end": one.opening.start + one.opening.minutes,
        "population": one.population,
        "language": one.language,
        "topics": one.topic,
    }
    return urlencode({name: value for name, value in asked.items() if value != ""})


def nearest(found: Demand) -> list[str]:
    """Where seats run out first, in words."""
    return [_left(one) for one in found.nearest]


def _left(one: Nearest) -> str:
    words = {
        "groups": _groups(one.sort.kind, one.sort.topic, one.sort.language, one.population, ""),
        "n": one.left,
        "way": str(Modality(one.sort.way).label),
    }
    return ngettext("%(groups)s, %(way)s: %(n)s seat left", "%(groups)s, %(way)s: %(n)s seats left", one.left) % words
