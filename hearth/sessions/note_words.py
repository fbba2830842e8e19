"""What a group note's parts are called, and the sentences its lines are proposed with, in the reader's language."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hearth.program import pack
from hearth.sessions.chairs import Chair
from hearth.sessions.models import Session
from hearth.sessions.queries import stretches_of
from hearth.sessions.rules import attendance
from hearth.sessions.rules.notes import Line
from hearth.sessions.rules.proposing import Fact, Known, Sentence, proposed
from hearth.sessions.wording import FEELINGS, PROGRESS

FIELDS = {
    "text": _("In the note"),
    "interventions": _("Interventions"),
    "process": _("Group process"),
    "plan": _("What comes next"),
    "took_part": _("Took part, 1 to 5"),
    "risk": _("Risk"),
    "risk_text": _("What the risk is, and what was done"),
    "goal": _("Goal"),
    "progress": _("Progress"),
    "location": _("Where they are (for emergencies)"),
}
"""The fields of a draft."""

_SENTENCES: dict[Fact, Promise] = {
    Fact.HERE: _("In person for %(minutes)s of %(of)s minutes."),
    Fact.VIDEO: _("By video for %(minutes)s of %(of)s minutes."),
    Fact.LATE: _("Came %(minutes)s minutes late."),
    Fact.LEFT: _("Left %(minutes)s minutes early."),
    Fact.TOOK_PART: _("Took part: %(much)s of 5."),
    Fact.MOOD: _("Rated their mood %(before)s on arriving and %(after)s on leaving, 0 to 10."),
    Fact.MOOD_IN: _("Rated their mood %(before)s on arriving, 0 to 10."),
    Fact.MOOD_OUT: _("Rated their mood %(after)s on leaving, 0 to 10."),
    Fact.HANDED_IN: _("Practised what was assigned: %(lessons)s."),
    Fact.GOAL: _("Goal “%(goal)s”."),
}


def proposal(session: Session, chair: Chair, line: Line) -> str:
    """The line that can be said of this student from what is known, before anybody has written one."""
    return " ".join(_said(each, chair) for each in proposed(_known(session, chair, line)))


def _known(session: Session, chair: Chair, line: Line) -> Known:
    row = chair.attendance
    planned = (session.starts_at, session.ends_at)
    verdict = attendance.judge(stretches_of(row), planned=planned, over_at=session.ended_at)
    goal = next((each for each in chair.goals if each.number == line.goal), None)
    return Known(
        minutes=row.minutes,
        planned=session.minutes,
        is_virtual=chair.is_virtual,
        late_by=verdict.late_by if row.status == attendance.Status.LATE else 0,
        left_early_by=verdict.left_by if row.status == attendance.Status.LEFT_EARLY else 0,
        took_part=line.took_part,
        mood_in=row.mood_in,
        mood_out=row.mood_out,
        rounds=chair.rounds,
        goal=goal.words.rstrip(".") if goal else "",
        progress=line.progress,
        last_on=chair.since.last_on,
        practised=chair.since.practised,
        handed_in=chair.since.handed_in,
    )


def _said(sentence: Sentence, chair: Chair) -> str:
    values: dict[str, Any] = dict(sentence.values)
    if sentence.fact is Fact.PRACTISED:
        words = ngettext("Practised %(n)s time since %(day)s.", "Practised %(n)s times since %(day)s.", values["times"])
        return words % {"n": values["times"], "day": formats.date_format(values["since"], "MONTH_DAY_FORMAT")}
    if sentence.fact is Fact.GOAL and values["progress"]:
        words = gettext("Goal “%(goal)s”: %(progress)s.")
        return words % {"goal": values["goal"], "progress": str(PROGRESS[str(values["progress"])]).lower()}
    if sentence.fact is Fact.ROUND:
        each = [
            gettext("“%(word)s”, %(number)s of 10") % {"word": FEELINGS[w], "number": n} for w, n in values["rounds"]
        ]
        return gettext("In the check-in round: %(said)s.") % {"said": "; ".join(each)}
    if sentence.fact is Fact.HANDED_IN:
        values["lessons"] = ", ".join(f"“{title}”" for title in _titles(chair))
    return str(_SENTENCES[sentence.fact] % values)


def _titles(chair: Chair) -> list[str]:
    known = {one.id for one in chair.pack.lessons} if chair.pack else set()
    language = get_language() or "en"
    return [
        chair.pack.lesson(each, language).title if chair.pack and each in known else each
        for each in chair.since.handed_in
    ]


def interventions_of(seats: Iterable[Chair]) -> dict[str, str]:
    """What those present's programs choose interventions from, by id; the shared list where nobody has a program."""
    packs = {each.pack.id: each.pack for each in seats if each.pack} or {"": pack.all_packs()[0]}
    return _named(packs.values())


def named_interventions(ids: Sequence[str]) -> list[str]:
    """These interventions in words, whatever pack they come from."""
    known = _named(pack.all_packs())
    return [known.get(each, each) for each in ids]


def _named(packs: Iterable[pack.Pack]) -> dict[str, str]:
    language = get_language() or "en"
    return {one.id: pack.in_language(one.name, language) for each in packs for one in each.notes.interventions}


def in_words(name: str, value: object) -> str:
    """One value of a field (`name` without the student's id) as it is read."""
    if name == "interventions" and isinstance(value, list | tuple):
        return ", ".join(named_interventions([str(each) for each in value]))
    if name == "progress" and value in PROGRESS:
        return str(PROGRESS[str(value)])
    return "" if value is None else str(value)
