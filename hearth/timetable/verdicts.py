"""What a move would break, in the planner's words and with the names of those it hits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.timetable.rules import Violation

WORDS: dict[str, Promise] = {
    "sessions lie on the grid and have a known kind and length": _("Not a day, half hour or length that can be"),
    "nobody sits twice in one group": _("Listed twice in one group"),
    "a group is neither too small nor too large": _("Too few or too many people"),
    "staff and people are known": _("Not on this week's board"),
    "staff who are away lead nothing": _("Away that week"),
    "staff are inside their hours": _("Does not work then"),
    "people are inside their hours": _("Not free then"),
    "family sessions are inside the familys hours": _("The family is not free then"),
    "nobody is in two places": _("In two places at once"),
    "a group in person has a room with enough seats": _("No room with a seat for everyone"),
    "the leader fits the session": _("Does not serve this age, topic or language"),
    "people fit their group": _("The group does not fit: its age, topic, language or length"),
    "a virtual sessions leader is licensed where each person is": _("Leader not licensed in their state"),
    "people attend in their own modality": _("Cannot come this way: in person or by video"),
    "individual sessions are with the primary counselor": _("Not with their own counselor"),
    "staff stay within their weekly minutes": _("More than their weekly hours"),
    "staff get a break in time": _("Too long without a break"),
    "nobody gets more than prescribed": _("More than the plan holds"),
    "nobody comes on more than five days": _("On more than five days"),
    "a day holds no more group blocks than the dose allows": _("Too many groups on one day"),
    "a person has one modality a day": _("In person and by video on one day"),
    "there is time to travel between sites": _("No time to get from one site to the other"),
    "a room has the equipment that is needed": _("The room lacks equipment"),
    "a group is interpreted for whoever needs it": _("Nobody interprets for them"),
    "an interpreter is known and inside their hours": _("The interpreter cannot come then"),
    "a group that needs two leaders has two": _("A second leader is missing"),
    "staff pairs lead together or never": _("Leads only with, or never with, the other"),
    "nobody meets in person where it is closed": _("Closed that day"),
    "a place that is kept stays": _("A place is promised to someone who waits"),
    "those kept apart never meet": _("Not to be in one session together"),
}
"""Each rule's name in `rules`, shortly, as it stands before the names of those it hits."""

NAMES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """One broken rule and whom it hits, by name; `more` are not named."""

    rule: str
    names: tuple[str, ...] = ()
    more: int = 0

    def __str__(self) -> str:
        rest = f" +{self.more}" if self.more else ""
        return f"{self.rule}: {', '.join(self.names)}{rest}" if self.names else self.rule


def verdicts(broken: Iterable[Violation], names: Mapping[str, str]) -> list[Verdict]:
    """The broken rules, each once, with everyone whom it hits by the alphabet: two looks at one move read the same."""
    hit: dict[str, set[str]] = {}
    for one in broken:
        about = hit.setdefault(one.rule, set())
        first = one.sentence.split(" ", 1)[0].removesuffix("'s")
        who = first if first in names else one.patient or ("" if one.session else one.staff or one.room)
        if who in names:
            about.add(names[who])
    return [
        Verdict(
            str(WORDS.get(rule, rule.capitalize())),
            tuple(sorted(about))[:NAMES_SHOWN],
            max(0, len(about) - NAMES_SHOWN),
        )
        for rule, about in hit.items()
    ]
