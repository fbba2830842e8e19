"""Why something has no place, in the reader's words, from the codes that `explain` found.

The codes are stored as they are and said when they are shown, so that everyone reads them in their own language.
"""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hearth.program.forms import INTERPRETED
from hearth.timetable.board import Patient, Span
from hearth.timetable.explain import Remedy, Unplaced
from hearth.timetable.seat_chances import Rule
from hearth.timetable.wording import any_of, hours_words, language_words, topic_words, when_words

Stored = dict[str, Any]
IN_WHAT = frozenset({Rule.TOPIC, Rule.LANGUAGE, Rule.HOURS, Rule.FAMILY_HOURS})
"""Rules that are said in the first sentence already."""


@dataclass(frozen=True, slots=True)
class About:
    """Whom sentences are about, how ids are called in them, and the least size of a group."""

    patient: Patient
    minimum: int
    names: Mapping[str, str]

    def say(self, key: str | None) -> str:
        """The name for this id."""
        return self.names.get(key or "", key or "")


def stored(found: Unplaced) -> Stored:
    """What a proposal keeps of this: codes, ids and times, no words."""
    remedy = found.remedy
    return {
        "patient": found.patient,
        "kind": found.kind,
        "minutes": found.minutes,
        "conflict": [rule.value for rule in found.conflict],
        "hours": [[span.day, span.start, span.end] for span in found.hours],
        "remedy": None if remedy is None else list(astuple(remedy)),
    }


def said(kept: Stored, about: About) -> tuple[str, ...]:
    """The sentences for what was `stored`; none for what an earlier version kept."""
    if "conflict" not in kept:
        return ()
    rules = tuple(Rule(code) for code in kept["conflict"])
    hours = tuple(Span(*span) for span in kept["hours"])
    found = [_headline(kept["kind"], rules, hours, about)] if rules else []
    if len(rules) > 1 or not IN_WHAT.issuperset(rules):
        found += [sentence for rule in rules if (sentence := _because(rule, kept["kind"], about))]
    if kept["remedy"]:
        code, *rest = kept["remedy"]
        found += _instead(Remedy(Rule(code) if code else None, *rest), kept["kind"], about)
    return tuple(found)


# ---- what there is none of


def _headline(kind: str, rules: tuple[Rule, ...], hours: tuple[Span, ...], about: About) -> str:
    name, what = about.say(about.patient.id), _what(kind, rules, about.patient)
    if Rule.HOURS in rules and not hours:
        words = {"name": name, "minutes": about.patient.dose.part(kind).minutes}
        return _("%(name)s has no free stretch of %(minutes)s minutes.") % words
    if Rule.HOURS in rules:
        return _("No %(what)s fits %(hours)s.") % {"what": what, "hours": hours_words(hours)}
    if Rule.FAMILY_HOURS in rules:
        return _("No %(what)s fits the hours of the family.") % {"what": what}
    return _("There is no %(what)s with a place.") % {"what": what}


def _what(kind: str, rules: tuple[Rule, ...], patient: Patient) -> str:
    """A group, with as much of its topic and language as stands in the way."""
    words = {
        "topics": any_of([topic_words(topic) for topic in patient.topics]),
        "languages": any_of([language_words(code) for code in patient.languages]),
    }
    plain = {
        "group": _("group"),
        "skills": _("life skills group"),
        "individual": _("individual session"),
        "family": _("family session"),
    }[kind]
    if Rule.TOPIC in rules and Rule.LANGUAGE in rules:
        return _("group on %(topics)s in %(languages)s") % words
    if Rule.TOPIC in rules:
        return _("group on %(topics)s") % words
    if Rule.LANGUAGE in rules:
        return _("%(what)s in %(languages)s") % (words | {"what": plain})
    return plain


# ---- what else stands in the way


def _because(rule: Rule, kind: str, about: About) -> str:
    patient, one_to_one = about.patient, kind in ("individual", "family")
    counselor = about.say(patient.primary)
    if rule == Rule.COUNSELOR and patient.primary is None:
        return _("%(name)s has no primary counselor yet.") % {"name": about.say(patient.id)}
    if one_to_one and counselor:
        found = {
            Rule.COUNSELOR: _("It has to be with %(leader)s."),
            Rule.STAFF_HOURS: _("%(leader)s works at other times."),
            Rule.STAFF_BUSY: _("%(leader)s is booked then, at the week's limit, or due a break."),
            Rule.LICENCE: _("%(leader)s is not licensed in %(state)s."),
        }.get(rule)
        if found:
            return found % {"leader": counselor, "state": patient.state}
    words = {
        "name": about.say(patient.id),
        "state": patient.state,
        "minimum": about.minimum,
        "language": dict(INTERPRETED).get(patient.interpreting or "", ""),
    }
    sentences = {
        Rule.OTHER_SESSIONS: _("Other sessions of the week leave no time for it."),
        Rule.WAY: _("%(name)s comes by video only.")
        if patient.modality == "virtual"
        else _("%(name)s comes in person only."),
        Rule.LICENCE: _("By video it takes someone licensed in %(state)s."),
        Rule.POPULATION: _("It takes someone who works with adolescents.")
        if patient.population == "adolescent"
        else _("It takes someone who works with adults."),
        Rule.STAFF_HOURS: _("Who could lead it works at other times."),
        Rule.STAFF_BUSY: _("Who could lead it is booked then, at the week's limit, or due a break."),
        Rule.SECOND_LEADER: _("It needs a second leader."),
        Rule.INTERPRETER: _("It needs an interpreter (%(language)s)."),
        Rule.ROOM: _("No room that would do is free then."),
        Rule.SEATS: _("The groups that would fit are full."),
        Rule.ENOUGH: _("Too few others could come at the same time; a group needs %(minimum)s."),
    }
    return sentences.get(rule, "") % words


# ---- what would make a place


def _instead(remedy: Remedy, kind: str, about: About) -> Iterator[str]:
    """Where there would be a seat, and what it takes."""
    words = {
        "when": when_words(remedy.day, remedy.start),
        "leader": about.say(remedy.leader),
        "n": remedy.others,
        "name": about.say(about.patient.id),
        "languages": any_of([language_words(code) for code in about.patient.languages]),
        "topics": any_of([topic_words(topic) for topic in about.patient.topics]),
        "state": about.patient.state,
        "helper": about.say(remedy.helper),
    }
    if kind in ("individual", "family"):
        yield _("It would fit on %(when)s with %(leader)s.") % words
    elif remedy.stands:
        yield _("The group on %(when)s with %(leader)s would fit.") % words
    else:
        yield (
            ngettext(
                "Opening one on %(when)s with %(leader)s would serve %(n)s more.",
                "Opening one on %(when)s with %(leader)s would serve %(n)s more.",
                remedy.others,
            )
            % words
        )
    if remedy.rule == Rule.ENOUGH:
        missing = max(1, about.minimum - 1 - remedy.others)
        sentence = ngettext("It takes %(n)s more person.", "It takes %(n)s more people.", missing)
        yield sentence % {"n": missing}
    else:
        yield _it_takes(remedy) % words


def _it_takes(remedy: Remedy) -> str:
    if remedy.rule is None:
        return _("Nothing stands against it: it can be booked now.")
    if remedy.helper:
        return _("It takes booking %(helper)s to interpret it, who is free then.")
    return {
        Rule.HOURS: _("It takes these hours to be freed."),
        Rule.FAMILY_HOURS: _("It takes the family to free these hours."),
        Rule.SEATS: _("It takes one more seat."),
        Rule.ROOM: _("It takes a room at that time."),
        Rule.STAFF_HOURS: _("It takes %(leader)s to work then."),
        Rule.STAFF_BUSY: _("It takes %(leader)s to be free then."),
        Rule.COUNSELOR: _("It takes a change of counselor."),
        Rule.LANGUAGE: _("It takes someone who speaks %(languages)s."),
        Rule.TOPIC: _("It takes someone who leads groups on %(topics)s."),
        Rule.LICENCE: _("It takes a license in %(state)s."),
        Rule.WAY: _("It takes %(name)s to come by video.")
        if remedy.way == "virtual"
        else _("It takes %(name)s to come in person."),
        Rule.SECOND_LEADER: _("It takes a second leader."),
        Rule.INTERPRETER: _("It takes an interpreter."),
        Rule.OTHER_SESSIONS: _("It takes another session to move."),
    }[remedy.rule]
