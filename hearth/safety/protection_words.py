"""Dangers to somebody else, and to who cannot look after themselves, in words: what to do first, what may be said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.lib.states import STATES
from hearth.safety import protection_rules as rules
from hearth.safety.crisis import EMERGENCY, LIFELINE, Number

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Pathway:
    """What stands on the page of one danger. `whom` and `first` are read in this order; `say` is what may be said."""

    label: Words
    asks: Words
    first: tuple[Words, ...]
    whom: tuple[Words, ...]
    say: Words
    numbers: tuple[Number, ...]


NEVER = (
    _("That they are in a program, or which one."),
    _("Anything about alcohol, drugs or treatment for them."),
    _("Diagnoses, notes, and what others in a group said."),
)
"""Never said without the student's consent or a rule that allows it (42 CFR Part 2): the same for every danger."""

CHILD_LINE = Number(_("Childhelp hotline, for every state"), "800 422 4453", "phone")
PARTNER_LINE = Number(_("National domestic violence hotline"), "800 799 7233", "phone")
TRAFFICKING_LINE = Number(_("National human trafficking hotline"), "888 373 7888", "phone")
ELDER_LINE = Number(_("Eldercare locator: the county's adult protection"), "800 677 1116", "phone")

PATHWAYS = {
    "threat": Pathway(
        _("A threat to somebody else"),
        _("Did they say that they mean to hurt a certain person, or people at a certain place, and soon?"),
        (
            _("Stay with them, or on the line. Ask whom they mean, how, when, and what they have at hand."),
            _("Get a clinician with a license and a supervisor now. Decide together; one signs."),
            _("Is there a way that keeps everybody safe with their help: another place to stay, a hospital, a hold?"),
        ),
        (
            _("The person who was threatened, or who answers for the place"),
            _("The police where that person is"),
        ),
        _("Who may be in danger, from whom, how and when, as far as it was said. No more than that."),
        (EMERGENCY, LIFELINE),
    ),
    "child": Pathway(
        _("A child abused or neglected"),
        _("Is there reason to suspect that somebody under 18 is, or was, abused or neglected? That is enough."),
        (
            _("Whoever heard it reports it themselves, at once. Nobody at work may stop that, and no proof is needed."),
            _("Do not question the child, and do not look into it: that is for those whom you call."),
            _("Tell the family that you will report, unless that could put the child in danger."),
        ),
        (_("The county's child welfare, the police, or the state's child abuse hotline"),),
        _("What was seen or said, about whom, and where the child is. The first report may name the student."),
        (CHILD_LINE, EMERGENCY),
    ),
    "at_risk_adult": Pathway(
        _("An elder or an adult at risk mistreated"),
        _("Is an adult who cannot protect themselves hurt, neglected or cheated?"),  # `pathway` says from which age
        (
            _("Whoever heard it reports it themselves. No proof is needed."),
            _("Tell the person that you will report, unless that could put them in danger."),
        ),
        (_("Adult protective services, or the police where that person lives"),),  # `pathway` says whom in which state
        _("Who is mistreated, how and where. Without the student's consent: not from whom you know it."),
        (ELDER_LINE, EMERGENCY),
    ),
    "partner": Pathway(
        _("Violence by a partner"),
        _("Is the student, or somebody at home, hurt, controlled or threatened by a partner?"),
        (
            _("Talk with them alone, never with the partner on the line. Ask whether this phone is safe."),
            _("Ask about choking, weapons, and threats to kill: each makes it far more dangerous."),
            _("It is their choice whom to tell. Offer to call the hotline together, and plan for a safe way out."),
            _("Are there children at home? Then look at that danger too."),
        ),
        (_("Nobody without the student's consent, unless somebody is in danger now"),),
        _("What the student agreed to, word for word if they wish."),
        (PARTNER_LINE, EMERGENCY),
    ),
    "trafficking": Pathway(
        _("Human trafficking"),
        _("Is the student, or somebody they know, made to work or to have sex by force, threat or debt?"),
        (
            _("Talk with them alone. Do not promise what you cannot keep, and do not set out to rescue them."),
            _("If it is somebody under 18, report it as abuse of a child, at once."),
            _("An adult chooses: offer to call the hotline together, day or night, in their language."),
        ),
        (_("Nobody without an adult's consent, unless somebody is in danger now"),),
        _("What the student agreed to, word for word if they wish."),
        (TRAFFICKING_LINE, CHILD_LINE, EMERGENCY),
    ),
    "grave_disability": Pathway(
        _("Cannot look after themselves"),
        _("Is the student unable to eat, keep warm, stay safe or see the danger, because of how ill they are?"),
        (
            _("Somebody goes to them, or stays on the line until somebody is there."),
            _("Ask a mobile crisis team first, where it is safe; the police last."),
            _("A medical look comes first: withdrawal, an infection or a head injury can look like this."),
            _("A hold against their will is for those whom their state allows it: hand over, and stay until then."),
        ),
        (_("The mobile crisis team"), _("Emergency care"), _("Their emergency contact")),
        _("Where they are, what they need now, and what they take. To those who treat them: what treating them needs."),
        (LIFELINE, EMERGENCY),
    ),
}

WHOM: dict[str, Words] = {
    "police": _("The police where that person lives"),
    "county": _("The county's adult protection"),
    "protection": _("The state's adult protective services"),
    "protection_or_police": _("Adult protective services, or the police where that person lives"),
}

BY_AGE = _(
    "Is somebody of {age} or more, or an adult from 18 who cannot protect themselves because of an illness or a"
    " disability, hurt, neglected or cheated?"
)
BY_DISABILITY = _(
    "Is an adult from 18 who cannot protect themselves because of an illness or a disability hurt, neglected or"
    " cheated? Age alone does not count here."
)

LINES = {
    "child": _("Child abuse hotline, {state}"),
    "at_risk_adult": _("Adult protective services, {state}"),
}


def pathway(danger: str, state: str) -> Pathway:
    """What stands on the page of this danger, where it differs by state as the state has it."""
    found = PATHWAYS[danger]
    if danger != "at_risk_adult":
        return found
    at_risk = rules.at_risk_in(state)
    asks = BY_DISABILITY if at_risk.elder is None else format_lazy(BY_AGE, age=at_risk.elder)
    return replace(found, asks=asks, whom=tuple(WHOM[one] for one in at_risk.whom))


def numbers(danger: str, state: str, *, at: datetime) -> tuple[Number, ...]:
    """Whom to call, the state's own line first, with when it answers."""
    own = rules.line_of(danger, state=state)
    return (*([_number(own, at)] if own else []), *PATHWAYS[danger].numbers)


def _number(line: rules.Line, at: datetime) -> Number:
    label = format_lazy(LINES[line.danger], state=dict(STATES).get(line.state, line.state))
    shown = line.phone or gettext("Each county has its own number")
    return Number(label, shown, "phone", note=" ".join(_notes(line, at)), site=line.online or line.address)


def _notes(line: rules.Line, at: datetime) -> list[str]:
    found = []
    if line.phone:
        found.append(_hours(line.hours, at.astimezone(line.zone)) if line.hours else gettext("Day and night."))
    if not line.is_open(at):
        found.append(gettext("Closed now: report on their page, or call the police where that person lives."))
    if not line.is_checked:
        found.append(gettext("We have not found this at an official source: look it up before you rely on it."))
    return found


def _hours(hours: Sequence[rules.Hours], local: datetime) -> str:
    """As in "Mon to Fri 7:00 to 19:00, Sat to Sun 10:00 to 18:00 (MST)." Days of one row follow each other."""
    parts = [
        gettext("%(first)s to %(last)s %(since)s to %(until)s")
        % {
            "first": WEEKDAYS_ABBR[one.days[0]],
            "last": WEEKDAYS_ABBR[one.days[-1]],
            "since": f"{one.since:%H:%M}",
            "until": f"{one.until:%H:%M}",
        }
        for one in hours
    ]
    return f"{', '.join(parts)} ({local:%Z})."


RULES: dict[str, Words] = {
    "hipaa_threat": _("You may tell whoever can prevent a serious danger that is near, also whom it threatens."),
    "hipaa_child": _("You may report to whom the law lets take reports of child abuse."),
    "hipaa_adult": _(
        "You may report where a law asks for it or the person agrees, and tell them so soon,"
        " unless that would put them in danger."
    ),
    "part2_child": _(
        "The first report that a state asks for is free of the rules on substance use records."
        " What follows it is not: then consent or a court order."
    ),
    "part2_premises": _(
        "A crime on the program's premises or against its staff, and the threat of one, may be told to the police."
    ),
    "part2_emergency": _(
        "In a medical emergency in which the student cannot agree first, those who treat it may be told what they"
        " need. Write down to whom, by whom, when, and what the emergency was."
    ),
    "co_threat": _(
        "A serious threat of violence that is near, against a certain person or people at a certain place:"
        " try in time to tell them and the police, or do something else that fits, such as a hospital."
    ),
    "co_child": _("Staff who know or suspect it report it at once, each by themselves."),
    "co_at_risk_adult": _("Staff who see it, or have reason to believe it, report it to the police within 24 hours."),
    "co_hold": _("Those whom the state allows may hold somebody for an evaluation; others hand over to them."),
    "az_threat": _(
        "An explicit threat of serious harm that is near, against people who can be named, by somebody who means it"
        " and can do it: tell them where you can, notify the police where they or the student live, and seek a"
        " hospital if that fits."
    ),
    "az_child": _(
        "Staff who have reason to believe it while treating somebody report it at once to the police or the"
        " department of child safety; to the police alone where it is nobody who has the child in their care."
    ),
    "az_at_risk_adult": _(
        "Health professionals and whoever cares for the person report it at once, by telephone or online, to the"
        " police or adult protective services."
    ),
    "ca_threat": _(
        "A serious threat of physical violence that the student told a psychotherapist, against people who can be"
        " identified: make reasonable efforts to tell them and the police."
    ),
    "ca_child": _(
        "Staff whom the law names report it by telephone at once, each by themselves, and in writing within 36 hours."
    ),
    "ca_at_risk_adult": _(
        "Staff whom the law names report it at once; look up whether by telephone or online, to whom, and by when in"
        " writing."
    ),
    "tx_child": _("Whoever has cause to believe it reports it at once. Professionals do it themselves."),
    "tx_at_risk_adult": _(
        "Whoever has cause to believe that somebody elderly or with a disability is abused, neglected or exploited"
        " reports it at once to the state's department."
    ),
    "ut_threat": _(
        "An actual threat of physical violence that the student told a therapist, against somebody who can be"
        " identified: make reasonable efforts to tell them, and notify the police."
    ),
    "ut_child": _("Whoever has reason to believe it reports it at once to child and family services or the police."),
    "ut_at_risk_adult": _(
        "Whoever has reason to believe it tells adult protective services or the nearest police at once."
    ),
}
