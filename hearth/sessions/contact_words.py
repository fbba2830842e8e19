"""What the fields of a contact's note are called, and the signed note in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearth.consent.rules import Why
from hearth.sessions.rules.contacts import NOT_ALLOWED, PARTS, TO_COME, Disposition, How, Kind, Relation
from hearth.sessions.wording import RISKS

NAMES: dict[str, Promise] = {
    "day": gettext_lazy("Day"),
    "clock": gettext_lazy("Began at"),
    "minutes": gettext_lazy("Minutes"),
    "how": gettext_lazy("How"),
    "about": gettext_lazy("What it was about"),
    "done": gettext_lazy("What was said and done"),
    "risk": gettext_lazy("Risk"),
    "risk_text": gettext_lazy("What the risk is, and what was done"),
    "plan": gettext_lazy("What comes next"),
    "location": gettext_lazy("Where they were"),
    "presenting": gettext_lazy("The risk they came with"),
    "assessment": gettext_lazy("Assessment"),
    "interventions": gettext_lazy("What was done"),
    "safety_plan": gettext_lazy("Safety plan: what was agreed"),
    "disposition": gettext_lazy("How it ended"),
    "follow_up": gettext_lazy("Who follows up, how and when"),
    "contacted": gettext_lazy("Who was contacted"),
    "who": gettext_lazy("Whom you talked with"),
    "relation": gettext_lazy("Who they are to the student"),
    "said": gettext_lazy("What they said"),
    "disclosed": gettext_lazy("What they were told"),
}

LACKS: dict[str, Promise] = {
    TO_COME: gettext_lazy("the time has not come yet"),
    NOT_ALLOWED: gettext_lazy("no consent lets them be told anything"),
    "risk_text": gettext_lazy("say what the risk is"),
}

CHOICES: dict[str, dict[str, Promise]] = {
    "how": {
        How.PHONE: gettext_lazy("By phone"),
        How.VIDEO: gettext_lazy("By video"),
        How.IN_PERSON: gettext_lazy("In person"),
        How.WRITING: gettext_lazy("In writing"),
    },
    "relation": {
        Relation.FAMILY: gettext_lazy("Family"),
        Relation.FRIEND: gettext_lazy("Friend or partner"),
        Relation.PROVIDER: gettext_lazy("Treats them: doctor, therapist, clinic"),
        Relation.SCHOOL_OR_WORK: gettext_lazy("School or work"),
        Relation.COURT: gettext_lazy("Court, probation or lawyer"),
        Relation.OTHER: gettext_lazy("Somebody else"),
    },
    "disposition": {
        Disposition.AT_HOME: gettext_lazy("At home, with the safety plan"),
        Disposition.WITH_SOMEBODY: gettext_lazy("With somebody who stays with them"),
        Disposition.HIGHER_CARE: gettext_lazy("Taken into more intensive care"),
        Disposition.MOBILE_CRISIS: gettext_lazy("The mobile crisis team came"),
        Disposition.EMERGENCY_ROOM: gettext_lazy("Went to an emergency room"),
        Disposition.EMERGENCY_CALL: gettext_lazy("911 was called"),
    },
    "risk": RISKS,
}

SPOKEN: dict[Why, Promise] = {
    Why.NAMED: gettext_lazy("A signed release names them. Stay within what it says:"),
    Why.TREATING: gettext_lazy("The consent for treatment lets those who treat the student be told what they need."),
    Why.NO_NAME: gettext_lazy("Until it is written who they are, they may be told nothing."),
    Why.NOT_NAMED: gettext_lazy("No consent names them: tell them nothing, not even that the student comes here."),
    Why.NOT_ALL_SIGNED: gettext_lazy("Not everyone has signed who must (student and guardian): tell them nothing."),
}


def in_words(name: str, value: object) -> str:
    """One value of a field as it is read."""
    return str(CHOICES.get(name, {}).get(str(value), value or ""))


def lacks_in_words(lacks: list[str]) -> list[Promise | str]:
    """What is left before signing."""
    return [LACKS[each] if each in LACKS else _("missing: %(name)s") % {"name": NAMES[each]} for each in lacks]


def facts_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """When, how and by whom."""
    said = body["said"]
    who = ", ".join([body["clinician"], *filter(None, [body["credentials"]]), *body["licences"]])
    about = [f"{each['text']} ({each['code']})" if each["code"] else each["text"] for each in body["diagnoses"]]
    return [
        (_("When"), f"{body['date']}, {body['start']}–{body['stop']} ({body['time_zone']})"),
        (_("Contact"), f"{body['session']}, {in_words('how', said['how']).lower()}"),
        (_("Clinician"), who),
        (_("About"), "; ".join(about) or _("no problem noted")),
    ]


def parts_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the note says, in the order of its form; what a talk disclosed is said in any case."""
    said = body["said"]
    found = [(name, in_words(name, said.get(name))) for name in PARTS[Kind(body["contact"])]]
    parts = [(str(NAMES[name]), words) for name, words in found if words]
    if body["contact"] == Kind.COLLATERAL:
        if not said["disclosed"]:
            parts.append((str(NAMES["disclosed"]), _("Nothing. They were listened to.")))
        consent = body["consent"]
        relied = _("the one signed on %(day)s") % {"day": consent["signed_on"]} if consent else _("none")
        parts.append((_("Consent relied on"), relied))
    return parts
