"""A safety plan in words: what its sections are called, and what each asks for. Ours, from nobody's form."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.safety.plan_rules import Helper, Section, Sections

TITLES = {
    Section.SIGNS: _("How I notice that it gets dangerous"),
    Section.COPING: _("What I can do by myself"),
    Section.PLACES: _("Where I can go, and who is good company"),
    Section.HELPERS: _("People I can tell"),
    Section.PROFESSIONALS: _("Professionals I can call"),
    Section.MEANS: _("Distance from what could hurt me"),
    Section.REASONS: _("What I live for"),
}
HINTS = {
    Section.SIGNS: _("Thoughts, feelings, things you do or stop doing, times of the day. Your own words are best."),
    Section.COPING: _("Small things that carried you before and need nobody else. The easiest one first."),
    Section.PLACES: _("Places with people around, and company that takes your mind elsewhere. You need not explain."),
    Section.HELPERS: _("Whom you would really call, the first one first. Ask them whether they want to be on it."),
    Section.PROFESSIONALS: _("Your counselor, a doctor, an urgent care center. 988 is always on your plan."),
    Section.MEANS: _(
        "Medication, a firearm, anything you thought of: what did you agree, and until when? Most of the worst moments"
        " pass. Time and distance keep people alive."
    ),
    Section.REASONS: _("People, animals, plans, small things. Also what only counts on some days."),
}
MEANS_WITH = _("Who keeps it, and who agreed to this")
MEANS_WITH_HINT = _("For example: Alma keeps the pills and brings two days’ worth. Agreed with Dana and Alma.")


@dataclass(frozen=True, slots=True)
class Shown:
    """One section as a page or a sheet of paper shows it."""

    section: Section
    title: str | Promise
    text: str = ""
    people: tuple[Helper, ...] = ()
    with_whom: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.people or self.with_whom)


def shown(sections: Sections) -> list[Shown]:
    """All seven in order, also those in which nothing stands."""
    found = []
    for each in Section:
        if each in (Section.HELPERS, Section.PROFESSIONALS):
            found.append(Shown(each, TITLES[each], people=getattr(sections, each)))
        else:
            with_whom = sections.means_with if each == Section.MEANS else ""
            found.append(Shown(each, TITLES[each], getattr(sections, each), with_whom=with_whom))
    return found
