"""What answers add up to, what changed, and what is due. Pure: values in, a verdict with reasons out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from hearth.measures.instrument import Band, Instrument, Item, Severity
from hearth.program.pack import DueRule

Answers = Mapping[str, int | None] | Sequence[int | None]


class UnusableAnswers(ValueError):
    """The answers do not fit the instrument; `problems` holds one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Person:
    """What some cut-offs need to know; None where it was not told."""

    age: int | None = None
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """An answer that a person must look at. `item` is the link id, or "total"."""

    item: str
    reason: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Score:
    """What the answers add up to. `total` is None where there is none or too much was left out."""

    instrument: str
    total: int | None
    subscales: Mapping[str, int | None]
    band: str | None
    alerts: tuple[Alert, ...]
    complete: bool
    reasons: tuple[str, ...]
    positive: bool | None = None  # only where the instrument screens


NOBODY = Person()


def read_answers(instrument: Instrument, answers: Answers) -> dict[str, int | None]:
    """The answers by link id, every item present. A list is taken in item order; items at its end that need
    no answer may be left off. Raises UnusableAnswers."""
    known = {item.link_id: item for item in instrument.items}
    if isinstance(answers, Mapping):
        problems = [f"{instrument.name} has no item “{key}”." for key in answers if key not in known]
        given = {link_id: answers.get(link_id) for link_id in known}
    else:
        least = sum(item.required for item in instrument.items)
        if not least <= len(answers) <= len(known):
            many = f"{least}" if least == len(known) else f"{least} to {len(known)}"
            raise UnusableAnswers((f"{instrument.name} takes {many} answers, not {len(answers)}.",))
        given = dict.fromkeys(known) | dict(zip(known, answers, strict=False))
        problems = []
    problems += [_misfit(known[key], value) for key, value in given.items() if not _fits(known[key], value)]
    if problems:
        raise UnusableAnswers(tuple(problems))
    return given


def _fits(item: Item, value: object) -> bool:
    return value is None or (type(value) is int and value in item.values)


def _misfit(item: Item, value: object) -> str:
    allowed = ", ".join(str(one) for one in item.values)
    return f"Item {item.link_id} takes one of {allowed}, not {value!r}."


def score(instrument: Instrument, answers: Answers, *, person: Person = NOBODY) -> Score:
    """Score these answers by the instrument's own published rules. Raises UnusableAnswers."""
    given = read_answers(instrument, answers)
    missing = tuple(item.link_id for item in instrument.items if _is_missing(item, given))
    total, reasons = _total(instrument, given)
    positive, positive_reasons = _positive(instrument, given, total, person)
    band, band_reasons = _band(instrument, given, total, positive)
    return Score(
        instrument=instrument.id,
        total=total,
        subscales=_subscales(instrument, given),
        band=band,
        alerts=_alerts(instrument, given, total),
        complete=not missing,
        reasons=(*reasons, *_unanswered_alert_items(instrument, given), *positive_reasons, *band_reasons),
        positive=positive,
    )


def _is_missing(item: Item, given: Mapping[str, int | None]) -> bool:
    if given[item.link_id] is not None:
        return False
    if item.asked_if_any:
        return any(given[other] for other in item.asked_if_any)
    return item.required


def _total(instrument: Instrument, given: Mapping[str, int | None]) -> tuple[int | None, tuple[str, ...]]:
    if instrument.total == "none":
        return None, ()
    scored = [item for item in instrument.items if item.scored]
    points = [item.points(value) for item in scored if (value := given[item.link_id]) is not None]
    missing = len(scored) - len(points)
    if not missing:
        return sum(points) * instrument.multiply, ()
    items = "1 item was" if missing == 1 else f"{missing} items were"
    if missing > instrument.missing_allowed or not points:
        allowed = instrument.missing_allowed or "none"
        return None, (f"{items} not answered; at most {allowed} may be missing, so there is no total.",)
    # Each missing item counts as the mean of the answered ones; halves are rounded up.
    whole = (2 * sum(points) * len(scored) + len(points)) // (2 * len(points))
    share = "its value is" if missing == 1 else "their values are"
    return whole * instrument.multiply, (f"{items} not answered; {share} taken from the mean of the others.",)


def _positive(
    instrument: Instrument, given: Mapping[str, int | None], total: int | None, person: Person
) -> tuple[bool | None, tuple[str, ...]]:
    if instrument.positive_if_any:
        answers = [given[link_id] for link_id in instrument.positive_if_any]
        if any(answers):
            return True, ("At least one question was answered with yes.",)
        if None in answers:
            return True, ("A question was not answered, which counts as a positive screen.",)
        return False, ()
    if not instrument.cuts or total is None:
        return None, ()
    for cut in instrument.cuts:
        if cut.sex in (None, person.sex):
            return total >= cut.least, ()
    return None, ("The cut-off differs by sex, which was not told.",)


def _band(
    instrument: Instrument, given: Mapping[str, int | None], total: int | None, positive: bool | None
) -> tuple[str | None, tuple[str, ...]]:
    if instrument.bands:
        return (band_of(instrument, total).name, ()) if total is not None else (None, ())
    if positive is None:
        return None, ()
    acute = [item for item in instrument.items if item.asked_if_any]
    if not positive or not acute:
        return "positive" if positive else "negative", ()
    if any(given[item.link_id] for item in acute):
        return "acute-positive", ()
    if any(given[item.link_id] is None for item in acute):
        return "positive", ("The question about right now was not answered: ask it.",)
    return "non-acute-positive", ()


def band_of(instrument: Instrument, total: int) -> Band:
    """The band that this total lies in."""
    return max((band for band in instrument.bands if band.least <= total), key=lambda band: band.least)


def _subscales(instrument: Instrument, given: Mapping[str, int | None]) -> dict[str, int | None]:
    sums: dict[str, int | None] = {}
    for subscale in instrument.subscales:
        values = [(instrument.item(link_id), given[link_id]) for link_id in subscale.items]
        points = [item.points(value) for item, value in values if value is not None]
        sums[subscale.name] = sum(points) if len(points) == len(values) else None
    return sums


def _alerts(instrument: Instrument, given: Mapping[str, int | None], total: int | None) -> tuple[Alert, ...]:
    found: dict[str, Alert] = {}
    for rule in instrument.alerts:  # listed mildest first, so that the gravest for an item stays
        value = given[rule.item]
        if value is not None and rule.rings_at(value):
            found[rule.item] = Alert(rule.item, rule.reason, rule.severity)
    for total_rule in instrument.total_alerts:
        if total is not None and total_rule.rings_at(total):
            found["total"] = Alert("total", total_rule.reason, total_rule.severity)
    return tuple(found.values())


def _unanswered_alert_items(instrument: Instrument, given: Mapping[str, int | None]) -> tuple[str, ...]:
    watched = dict.fromkeys(rule.item for rule in instrument.alerts)
    return tuple(
        f"Item {link_id} was not answered: ask about it."
        for link_id in watched
        if _is_missing(instrument.item(link_id), given)
    )


@dataclass(frozen=True, slots=True)
class Change:
    """How far a total moved since the first. `points` is after minus before."""

    direction: Literal["better", "worse", "steady"]
    points: int
    met: tuple[Literal["reliable", "response", "remission"], ...]
    criteria: str  # the paper that the limits come from


def change(instrument: Instrument, before: int, after: int) -> Change | None:
    """What became of a person between two totals; None where no criteria are published."""
    criteria = instrument.change
    if criteria is None:
        return None
    points = after - before
    gain = -points if criteria.better == "lower" else points
    met: list[Literal["reliable", "response", "remission"]] = []
    if gain >= criteria.reliable:
        met.append("reliable")
    if criteria.response is not None and before > 0 and gain >= before * criteria.response > 0:
        met.append("response")
    if criteria.remission_below is not None and after < criteria.remission_below <= before:
        met.append("remission")
    direction: Literal["better", "worse", "steady"] = "better" if gain > 0 else "worse"
    return Change("steady" if abs(gain) < criteria.reliable else direction, points, tuple(met), criteria.paper)


def trajectory(instrument: Instrument, scores: Sequence[tuple[date, int]]) -> Change | None:
    """From the first total to the latest, whatever order they come in; None with fewer than two."""
    if len(scores) < 2:
        return None
    in_order = sorted(scores, key=lambda one: one[0])
    return change(instrument, in_order[0][1], in_order[-1][1])


@dataclass(frozen=True, slots=True)
class Due:
    """A measure that is to be answered: since when, and why."""

    instrument: str
    on: date
    why: Literal["admission", "repeat", "completion", "after"]


def due(
    rule: DueRule,
    *,
    started_on: date,
    last_on: date | None,
    today: date,
    completed_on: date | None = None,
) -> Due | None:
    """What this rule asks for today; None if nothing is due.

    `last_on` is the day of the latest full answer. What became due while an earlier one was still open is
    asked once, not twice. After completion only the completion answer and the follow-ups are asked.
    """
    reached = [one for one in _occasions(rule, started_on, last_on, completed_on) if one.on <= today]
    open_ones = [one for one in reached if last_on is None or one.on > last_on]
    if not open_ones:
        return None
    return open_ones[-1] if completed_on is not None else open_ones[0]


def _occasions(rule: DueRule, started_on: date, last_on: date | None, completed_on: date | None) -> list[Due]:
    """Every day on which this rule asks, in order; repeats count from the latest answer."""
    occasions: list[Due] = []
    if completed_on is None:
        if rule.at_admission:
            occasions.append(Due(rule.instrument, started_on, "admission"))
        if rule.every_days:
            since = max(last_on, started_on) if last_on else started_on
            occasions.append(Due(rule.instrument, since + timedelta(days=rule.every_days), "repeat"))
        return occasions
    if rule.at_completion:
        occasions.append(Due(rule.instrument, completed_on, "completion"))
    for days in rule.days_after:
        occasions.append(Due(rule.instrument, completed_on + timedelta(days=days), "after"))
    return occasions
