"""What a drug test's steps add up to, what is due, and what signs of withdrawal ask for. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

RECONCILE_EVERY = timedelta(days=90)
STILL_OF_USE = timedelta(hours=1)  # so long after its time a reminder that could not leave is still sent

MOUD = {
    "methadone": ("methadone", "metadona"),
    "buprenorphine": ("buprenorphine", "buprenorfina", "suboxone", "sublocade", "subutex", "zubsolv", "brixadi"),
    "naltrexone": ("naltrexone", "naltrexona", "vivitrol", "revia"),
}
"""Medications for opioid use disorder (naltrexone is one for alcohol too), by the names on labels: treatment, never a
reason to refuse, delay or taper."""

SUBSTANCES = (
    "alcohol",
    "amphetamines",
    "benzodiazepines",
    "buprenorphine",
    "cannabis",
    "cocaine",
    "fentanyl",
    "methadone",
    "opiates",
    "oxycodone",
)
"""What a panel may hold."""

SHOWN_BY = {
    "buprenorphine": ("buprenorphine",),
    "methadone": ("methadone",),
    "amphetamines": ("amphetamine", "adderall", "lisdexamfetamine", "vyvanse", "dextroamphetamine"),
    "benzodiazepines": ("alprazolam", "xanax", "clonazepam", "klonopin", "lorazepam", "ativan", "diazepam", "valium"),
    "opiates": ("codeine", "morphine"),
    "oxycodone": ("oxycodone", "oxycontin", "percocet"),
}
"""Which medications show as which substance: prescribed, a positive result is what one expects."""


def moud(name: str) -> str:
    """Which medication for opioid use disorder this is; empty for any other."""
    plain = name.casefold()
    return next((kind for kind, names in MOUD.items() if any(one in plain for one in names)), "")


class Step(StrEnum):
    """What happens with a drug test, in the order in which it may."""

    ORDERED = "ordered"
    DECLINED = "declined"
    COLLECTED = "collected"
    RESULTED = "resulted"
    CONFIRMED = "confirmed"
    TALKED = "talked"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """What a drug test waits for."""

    COLLECTION = "collection"
    RESULT = "result"
    CONFIRMATION = "confirmation"
    TALK = "talk"
    DONE = "done"


class Result(StrEnum):
    """What the test or the laboratory found for one substance."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Happened:
    """One step; `results` by substance where it brought some."""

    step: Step
    results: Mapping[str, str]


def stage(happened: Sequence[Happened], expected: Collection[str]) -> Stage:
    """What it waits for. An unexpected result is confirmed first, then talked about; so is one that was declined."""
    done = [one.step for one in happened]
    if Step.TALKED in done or Step.CANCELLED in done:
        return Stage.DONE
    if Step.DECLINED in done:
        return Stage.TALK
    if Step.CONFIRMED in done:
        return Stage.TALK if unexpected(_last(happened, Step.CONFIRMED), expected) else Stage.DONE
    if Step.RESULTED in done:
        return Stage.CONFIRMATION if unexpected(_last(happened, Step.RESULTED), expected) else Stage.DONE
    return Stage.RESULT if Step.COLLECTED in done else Stage.COLLECTION


def _last(happened: Sequence[Happened], step: Step) -> Mapping[str, str]:
    return next(one.results for one in reversed(happened) if one.step == step)


def unexpected(results: Mapping[str, str], expected: Collection[str]) -> list[str]:
    """Substances found that nothing explains, and explained ones that were not found. Unclear is unexpected too."""
    return [
        substance
        for substance, result in results.items()
        if result != (Result.POSITIVE if substance in expected else Result.NEGATIVE)
    ]


def expected_from(medications: Collection[str], panel: Collection[str]) -> list[str]:
    """The substances of this panel that what somebody takes as prescribed would show."""
    taken = [one.casefold() for one in medications]
    return [
        substance for substance in panel if any(name in one for name in SHOWN_BY.get(substance, ()) for one in taken)
    ]


NEXT: Mapping[Stage, frozenset[Step]] = {
    Stage.COLLECTION: frozenset({Step.COLLECTED, Step.DECLINED, Step.CANCELLED}),
    Stage.RESULT: frozenset({Step.RESULTED, Step.CANCELLED}),
    Stage.CONFIRMATION: frozenset({Step.CONFIRMED}),
    Stage.TALK: frozenset({Step.TALKED}),
    Stage.DONE: frozenset(),
}
"""Which steps may follow. What was unexpected ends in a talk; it cannot be called off."""


class Why(StrEnum):
    """Why the medication list must be compared with its sources."""

    START = "start"
    CHANGED = "changed"
    LONG_AGO = "long_ago"


def reconciliation_due(*, last_at: datetime | None, changed_at: datetime | None, at: datetime) -> Why | None:
    """Whether the list must be compared again, and why; None where it need not be."""
    if last_at is None:
        return Why.START
    if changed_at is not None and changed_at > last_at:
        return Why.CHANGED
    return Why.LONG_AGO if at - last_at >= RECONCILE_EVERY else None


def naloxone_due(*, at_risk: bool, expires_on: date | None, today: date) -> bool:
    """Whether they should be given naloxone: where opioids may come into play and none that keeps is at hand."""
    return at_risk and (expires_on is None or expires_on <= today)


@dataclass(frozen=True, slots=True)
class Signs:
    """What somebody tells of stopping or using less: of what, and which signs."""

    stopped: frozenset[str]
    signs: frozenset[str]


DANGEROUS = frozenset({"seizure", "seeing", "confused", "heart", "overdose"})
RISKY_TO_STOP = frozenset({"alcohol", "benzodiazepines"})
STRONG = frozenset({"shaking", "vomiting", "fever", "seizure_before", "pregnant"})


def withdrawal(told: Signs) -> str:
    """The severity of the concern that these signs raise; empty where none does.

    Alcohol and benzodiazepines can kill in withdrawal: signs after either need a medical look on the same day
    (MedlinePlus on delirium tremens; ASAM's guideline on alcohol withdrawal, 2020, as we know it).
    """
    if told.signs & DANGEROUS:
        return "emergency"
    if told.signs & STRONG or (told.stopped & RISKY_TO_STOP and told.signs):
        return "urgent"
    return "watch" if told.stopped or told.signs else ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of one day by the clock: later than `after` (from midnight on, if None) up to `until`, itself inside."""

    day: date
    after: time | None
    until: time


def just_past(at: datetime, zone: ZoneInfo) -> list[Stretch]:
    """Which times of day have come in the last hour in this zone, also where the clock was changed meanwhile."""
    since, here = (at - STILL_OF_USE).astimezone(zone), at.astimezone(zone)
    if since.date() == here.date():
        return [Stretch(here.date(), since.time(), here.time())]
    return [Stretch(since.date(), since.time(), time.max), Stretch(here.date(), None, here.time())]
