"""What changes from one week to another, in words: rows for the screen. Nothing is read here."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hearth.timetable.accepting import name_of
from hearth.timetable.board import Board, Group, Solution, clock
from hearth.timetable.difference import Change, Difference, Key, SectionChange, Turn
from hearth.timetable.models import Kind
from hearth.timetable.week import Session
from hearth.timetable.wording import topic_words

TURNS: dict[Turn, tuple[Promise, str]] = {
    Turn.BEGINS: (gettext_lazy("begins"), "pine"),
    Turn.ENDS: (gettext_lazy("ends"), "gold"),
    Turn.MOVES: (gettext_lazy("moves"), "dusk"),
    Turn.PEOPLE: (gettext_lazy("other people"), ""),
}
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One place before and after; empty where there is none."""

    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Someone whose week changes."""

    id: str
    name: str
    lines: tuple[Line, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A group that begins, ends or moves, or that other people come to. `value` stands for it in the form."""

    value: str
    name: str
    turn: Promise
    tone: str
    before: str
    after: str
    people: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was ticked: people's ids, and sessions."""

    people: frozenset[str] = frozenset()
    sections: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure in both weeks; `turn` is better, worse or empty."""

    label: str
    before: str
    after: str
    turn: str


def values_of(keys: frozenset[Key]) -> str:
    """These sessions as one value of a form."""
    return " ".join(f"{day}-{start}-{staff}" for day, start, staff in sorted(keys))


def keys_in(value: str) -> frozenset[Key]:
    """The sessions that `values_of` wrote; what cannot be read is left out."""
    found = set()
    for one in value.split():
        day, _dash, rest = one.partition("-")
        start, _dash, staff = rest.partition("-")
        if day.isdecimal() and start.isdecimal() and staff:
            found.add((int(day), int(start), staff))
    return frozenset(found)


def people_rows(found: Difference, names: Names, chosen: Chosen, sites: Names) -> list[PersonRow]:
    """Everyone whose hours change, or the site to which they come, by name. `sites` are those of the rooms."""
    rows = [
        PersonRow(one.patient, names.get(one.patient, ""), lines, one.patient in chosen.people)
        for one in found.people
        if (lines := tuple(_line(change, names) for change in one.changes if not _keeps_the_way(change, sites)))
    ]
    return sorted(rows, key=lambda row: row.name)


def only_rooms(found: Difference, names: Names, sites: Names) -> list[str]:
    """Who keeps every hour and site and only comes to another room there, or has another topic."""
    staying = (one for one in found.people if all(_keeps_the_way(change, sites) for change in one.changes))
    return sorted(names.get(one.patient, "") for one in staying)


def _keeps_the_way(change: Change, sites: Names) -> bool:
    """Whether somebody comes at the same hour to the same site."""
    return change.keeps_the_hour and _site(change.before, sites) == _site(change.after, sites)


def _site(session: Session | None, sites: Names) -> str:
    return sites.get(session.room or "", "") if isinstance(session, Group) else ""


def _line(change: Change, names: Names) -> Line:
    session = change.before or change.after
    assert session is not None  # a change has one of the two
    before = place(change.before, names) if change.before else ""
    after = place(change.after, names) if change.after else ""
    return Line(str(Kind(session.kind).label), before, after)


def place(session: Session, names: Names) -> str:
    """When, with whom and where, shortly."""
    leader = names.get(session.staff, "").split(" ")[0]
    if session.modality == "virtual":
        where = _("by video")
    else:
        where = names.get(session.room or "", "") if isinstance(session, Group) else ""
    return ", ".join(part for part in (when(session), leader, where) if part)


def when(session: Session) -> str:
    """Day and hour, as `Tue 18:00`."""
    return f"{WEEKDAYS_ABBR[session.day]} {clock(session.start)}"


def section_rows(found: Difference, names: Names, chosen: Chosen) -> list[SectionRow]:
    """Every group that changes: those that begin first, then those that end, move, and get other people."""
    return [_section(one, names, chosen) for one in found.sections]


def _section(one: SectionChange, names: Names, chosen: Chosen) -> SectionRow:
    group = one.after or one.before
    assert group is not None  # a group is in one of the two weeks
    word, tone = TURNS[one.turn]
    before = place(one.before, names) if one.before else ""
    after = place(one.after, names) if one.after else ""
    return SectionRow(
        value=values_of(one.keys),
        name=name_of(group, names),
        turn=word,
        tone=tone,
        before="" if one.turn is Turn.PEOPLE else before,
        after=after,
        people=_people(one, names),
        is_chosen=bool(one.keys) and one.keys <= chosen.sections,
    )


def _people(one: SectionChange, names: Names) -> str:
    if one.turn in (Turn.BEGINS, Turn.ENDS):
        count = len(one.joins or one.leaves)
        return ngettext("%(n)s person", "%(n)s people", count) % {"n": count}
    said = []
    if one.joins:
        words = ngettext("%(names)s joins", "%(names)s join", len(one.joins))
        said.append(words % {"names": _listed(one.joins, names)})
    if one.leaves:
        words = ngettext("%(names)s leaves", "%(names)s leave", len(one.leaves))
        said.append(words % {"names": _listed(one.leaves, names)})
    return " · ".join(said)


def _listed(ids: tuple[str, ...], names: Names) -> str:
    return ", ".join(sorted(names.get(who, "") for who in ids))


def figure_rows(before: Mapping[str, float], after: Mapping[str, float], people: int) -> list[FigureRow]:
    """The figures of both weeks side by side; which way is better goes with each."""

    def row(label: str, key: str, *, more: bool | None, said: object = str) -> FigureRow:
        """`more`: whether more is better; None where neither is."""
        old, new = before.get(key, 0), after.get(key, 0)
        turn = "" if old == new or more is None else "better" if (new > old) == more else "worse"
        return FigureRow(label, said(old), said(new), turn)  # type: ignore[operator]

    return [
        row(_("Plan hours placed"), "coverage", more=True, said=_percent),
        row(_("Without a place"), "unmet_minutes", more=False, said=_hours),
        row(_("Get all of their plan"), "full_dose_share", more=True, said=lambda share: _of(share, people)),
        row(_("Groups"), "groups", more=None),
        row(_("People in a group"), "mean_group", more=None, said=lambda mean: f"{mean:g}"),
        row(_("Waits between sessions"), "gaps", more=False),
        row(_("Days beyond the plan"), "extra_days", more=False),
    ]


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _hours(minutes: float) -> str:
    return _("%(n)s h") % {"n": f"{minutes / 60:g}"}


def _of(share: float, people: int) -> str:
    return _("%(people)s of %(most)s") % {"people": round(share * people), "most": people}


def why(board: Board, solution: Solution, found: Difference, figures: Mapping[str, float]) -> list[str]:
    """What speaks for this week, in sentences."""
    said = []
    if found.kept:
        gone = sum(change.before is not None for one in found.people for change in one.changes)
        words = {"kept": found.kept, "before": found.kept + gone}
        said.append(_("%(kept)s of %(before)s places stay exactly as they are.") % words)
    opened = sum(one.turn is Turn.BEGINS for one in found.sections)
    if opened:
        said.append(ngettext("%(n)s group begins anew.", "%(n)s groups begin anew.", opened) % {"n": opened})
    full = round(figures["full_dose_share"] * len(board.patients))
    said.append(_("%(full)s of %(all)s people get all of their plan.") % {"full": full, "all": len(board.patients)})
    if not figures["broken"]:
        said.append(_("Every rule holds: hours, licenses, rooms, group sizes and breaks."))
    return said


def topic_word(topic: str) -> str:
    """A group's topic in words."""
    return topic_words(topic)
