"""A signed note laid out as its program's format says: for the chart, for the student, and for a printed page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hearth.people.models import Relationship
from hearth.sessions import contact_words
from hearth.sessions.rules.formats import FORMATS, PARTS, Heading, Section, layout
from hearth.sessions.wording import HEADINGS, PROGRESS, RISKS


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the note says, and what it is called."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Block:
    """One heading with the parts under it."""

    heading: str
    parts: list[Part]


def head_of(body: Mapping[str, Any]) -> list[Part]:
    """When, where, by whom and for what: the same in every format."""
    if "contact" in body:
        return [Part(*fact) for fact in contact_words.facts_of(body)]
    topic = f": {body['topic']}" if body["topic"] else ""
    lesson = f" ({body['lesson']})" if body["lesson"] else ""
    who = [", ".join(filter(None, (body["clinician"], body["credentials"]))), *body["licences"]]
    found = [
        Part(_("When"), f"{body['date']}, {body['start']}–{body['stop']} ({body['time_zone']})"),
        Part(_("Session"), f"{body['session']}{topic}{lesson}"),
        Part(_("Clinician"), " · ".join(who)),
        *(Part(*fact) for fact in people_of(body)),
        Part(_("Attended"), _attended(body)),
    ]
    if body["modality"] == "virtual":
        found.append(Part(_("Location"), _location(body)))
    about = [f"{each['text']} ({each['code']})" if each["code"] else each["text"] for each in body["diagnoses"]]
    return [*found, Part(_("About"), "; ".join(about) or _("no problem noted"))]


def people_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who else took part than the student and the one who signed."""
    found: list[tuple[str, str]] = []
    if body.get("led_with"):
        found.append((_("Led with"), "; ".join(body["led_with"])))
    if body.get("interpreter"):
        found.append((_("Interpreter"), body["interpreter"]))
    if "family" in body:
        came = [f"{one['name']} ({Relationship.Kind(one['kind']).label.lower()})" for one in body["family"]]
        found.append((_("Family who came"), ", ".join(came) or _("nobody")))
    return found


def blocks_of(body: Mapping[str, Any]) -> list[Block]:
    """What was done, how they took part and what follows, under the headings of the note's format."""
    if "contact" in body:
        return [Block("", [Part(*part) for part in contact_words.parts_of(body)])]
    parts = {name: part for name in PARTS if (part := _part(name, body)) is not None}
    name = body.get("format", "")
    laid = layout(name, parts) if name in FORMATS else [Section(Heading.DATA, tuple(_IN_ORDER))]
    return [
        Block(str(HEADINGS[each.heading]) if name else "", [parts[part] for part in each.parts if part in parts])
        for each in laid
    ]


_IN_ORDER = (
    "interventions",
    "said_for_all",
    "process",
    "goal",
    "progress",
    "response",
    "took_part",
    "mood",
    "risk",
    "plan",
)
"""How notes signed before there were formats are read."""


def _part(name: str, body: Mapping[str, Any]) -> Part | None:
    said = _SAID[name](body)
    return Part(str(_NAMES[name]), said) if said else None


_NAMES: dict[str, Promise] = {
    "topic": gettext_lazy("Topic"),
    "interventions": gettext_lazy("Interventions"),
    "said_for_all": gettext_lazy("What was done"),
    "beside": gettext_lazy("Also in this session"),
    "process": gettext_lazy("Group process"),
    "response": gettext_lazy("Response"),
    "took_part": gettext_lazy("Took part"),
    "mood": gettext_lazy("Mood"),
    "goal": gettext_lazy("Goal"),
    "progress": gettext_lazy("Progress"),
    "risk": gettext_lazy("Risk"),
    "plan": gettext_lazy("Plan"),
}


def _attended(body: Mapping[str, Any]) -> str:
    minutes = ngettext("%(n)s minute", "%(n)s minutes", body["minutes"]) % {"n": body["minutes"]}
    how = _("by video") if body["modality"] == "virtual" else _("in person")
    notable = {"late": _("late"), "left": _("left early")}.get(body["attendance"])
    whole = ngettext("%(n)s attendee in all", "%(n)s attendees in all", body["attendees"]) % {"n": body["attendees"]}
    return f"{', '.join(filter(None, (minutes, how, notable)))}. {whole}"


def _location(body: Mapping[str, Any]) -> str:
    seen = _("identity by own sign-in") if body["identity"] == "signed_in" else _("identity seen by the clinician")
    signed = body["telehealth_consent"]
    consent = _("consent to video of %(day)s") % {"day": signed} if signed else _("no consent to video on file")
    return "; ".join((body["location"], seen, consent))


def _goal(body: Mapping[str, Any]) -> str:
    goal = body["goal"]
    return f"{goal['number']}: {goal['words']}" if goal else _("no goal agreed yet")


def _took_part(body: Mapping[str, Any]) -> str:
    return _("%(n)s of 5") % {"n": body["took_part"]}


def _mood(body: Mapping[str, Any]) -> str:
    given = [str(each) for each in (body["mood_in"], body["mood_out"]) if each is not None]
    return _("%(moods)s, 0 to 10") % {"moods": " → ".join(given)} if given else ""


def _risk(body: Mapping[str, Any]) -> str:
    return ": ".join(filter(None, (str(RISKS[body["risk"]]), body["risk_text"])))


_SAID: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "topic": lambda body: str(body["topic"]),
    "interventions": lambda body: ", ".join(body["interventions"]),
    "said_for_all": lambda body: str(body["said_for_all"]),
    "beside": lambda body: str(body.get("beside", "")),
    "process": lambda body: str(body.get("process", "")),
    "response": lambda body: str(body["response"]),
    "took_part": _took_part,
    "mood": _mood,
    "goal": _goal,
    "progress": lambda body: str(PROGRESS.get(body.get("progress", ""), "")),
    "risk": _risk,
    "plan": lambda body: str(body["plan"]),
}
