"""What was told of somebody before they are asked: in the self-check, their inquiry, a referral, the version before.

Rows in, values out; the caller has passed the chart's door. A fixed number of queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hearth.background.models import BackgroundSignature
from hearth.background.questionnaire import questions
from hearth.background.rules import Item, Value
from hearth.inquiry.models import CarriedFact, Inquiry, Referral
from hearth.inquiry.referral_queries import carried_facts
from hearth.inquiry.referral_store import read_packet
from hearth.inquiry.selfcheck import filled
from hearth.inquiry.selfcheck.filled import Filled
from hearth.measures import instrument as instruments
from hearth.measures.queries import latest_by_instrument
from hearth.people.models import Patient


@dataclass(frozen=True, slots=True)
class Known:
    """What answers a question already. `own`: the student told it, or it came with them; else somebody who asked for
    them did, which is for staff alone.
    """

    value: Value
    source: str  # a key of wording.SOURCES
    at: datetime
    own: bool = True

    @property
    def label(self) -> str:
        """What is kept where it is said to be still true."""
        return f"{self.source} {self.at:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Beside:
    """Something else that is known of a section, for staff."""

    text: str
    at: datetime | None


def known_of(patient: Patient) -> dict[str, Known]:
    """By item what was told of it; the version before counts more than what came earlier."""
    inquiries = list(Inquiry.objects.filter(patient=patient).order_by("received_at"))
    facts = list(carried_facts(patient).select_related("source"))
    last = BackgroundSignature.objects.filter(patient=patient).order_by("-at").first()
    found: dict[str, Known] = {}
    for item in questions().items:
        told = [*_told_by_inquiries(item, inquiries), *_told_by_referrals(item, facts)]
        best = next((one for one in reversed(told) if one.own), told[-1] if told else None)
        if best:
            found[item.id] = best
    if last:
        for item in questions().items:
            row = last.body["items"].get(item.id)
            if row and (value := _still_asked(item, row["value"])):
                found[item.id] = Known(value, "before", last.at)
    return found


def _still_asked(item: Item, value: object) -> Value:
    """A value that was kept under earlier questions, as far as it is one of today's."""
    if item.kind == "many":
        given = value if isinstance(value, list) else []
        return tuple(code for code in item.choices if code in given)
    text = value if isinstance(value, str) else ""
    return text if item.kind == "text" or text in item.choices else ""


def _told_by_inquiries(item: Item, inquiries: Iterable[Inquiry]) -> list[Known]:
    found = []
    for inquiry in inquiries:
        own = inquiry.asked_for == Inquiry.AskedFor.ME
        if "inquiry" in item.known and inquiry.words.strip():
            found.append(Known(inquiry.words.strip(), "inquiry", inquiry.received_at, own))
        check = filled.stored(inquiry.answers)
        value = _checked(item, check) if check else ()
        if value:
            found.append(Known(value, "check", inquiry.received_at, own))
    return found


def _checked(item: Item, check: Filled) -> Value:
    """What the self-check told of this item: the same question, or choices of another that mean the same."""
    if item.check:
        given = check.all(item.check)
        return given if item.kind == "many" else next(iter(given), "")
    for place in item.known:
        if place.startswith("check:"):
            given = check.all(place.removeprefix("check:"))
            return tuple(code for code in item.choices if code in given and code != item.none)
    return ()


def _told_by_referrals(item: Item, facts: Iterable[CarriedFact]) -> list[Known]:
    rows = [one for one in facts if one.kind in item.known]
    if not rows:
        return []
    lines = [f"{one.text} ({one.detail})" if one.detail else one.text for one in rows]
    return [Known("\n".join(dict.fromkeys(lines)), "referral", max(one.source.received_at for one in rows))]


def beside_of(patient: Patient) -> dict[str, list[Beside]]:
    """By section what else is known of it: circumstances and stays that senders told of, and measures' totals."""
    told = _told_by_senders(patient)
    measured = latest_by_instrument([patient])[patient.pk]
    found: dict[str, list[Beside]] = {}
    for section in questions().sections:
        lines = [one for about in section.referral for one in told.get(about, [])]
        for name in section.measures:
            row = measured.get(name)
            if row and row.total is not None:
                lines.append(Beside(f"{instruments.get(name).name}: {row.total}", row.answered_at))
        if lines:
            found[section.id] = lines
    return found


def _told_by_senders(patient: Patient) -> dict[str, list[Beside]]:
    """By what it is about, newest referral last. Sealed content, opened for whoever may open the chart."""
    found: dict[str, list[Beside]] = {}
    rows = Referral.objects.filter(patient=patient, status=Referral.Status.ACCEPTED).defer("original", "label")
    for referral in rows.order_by("received_at"):
        packet = read_packet(referral)
        at = referral.received_at
        for social in packet.social:
            if social.current:
                found.setdefault(social.about, []).append(Beside(social.text, at))
        for visit in packet.visits:
            if visit.behavioural and visit.kind != "outpatient":
                words = ", ".join(filter(None, (visit.text, visit.reason, visit.place, visit.started)))
                found.setdefault("visits", []).append(Beside(words, at))
        for reason in packet.referral.reasons if packet.referral else ():
            found.setdefault("reason", []).append(Beside(reason, at))
    return found


def is_shown(item: Item, known: Known | None, *, staff: bool) -> bool:
    """Whether this reader is shown what was told before: staff always, students what is theirs and not discreet."""
    return known is not None and (staff or (known.own and not item.discreet))
