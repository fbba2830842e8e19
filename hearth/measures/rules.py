"""What answers add up to and what changed. Pure: values in, a verdict with reasons out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hearth.measures.instrument import Instrument
from hearth.measures.instrument_parts import Band, Cluster, Item, ItemBand, Severity

Answers = Mapping[str, int | None] | Sequence[int | None]
Given = Mapping[str, int | None]
OLDEST = 120


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
        strange = [key for key in answers if key not in known and key not in instrument.headings]
        problems = [f"{instrument.name} has no item “{key}”." for key in strange]
        given = {link_id: answers.get(link_id) for link_id in known}
    else:
        told = dict(zip(_order(instrument, len(answers)), answers, strict=False))
        given = {link_id: told.get(link_id) for link_id in known}
        problems = []
    problems += [_misfit(known[key], value) for key, value in given.items() if not _fits(known[key], value)]
    if problems:
        raise UnusableAnswers(tuple(problems))
    return given


def _order(instrument: Instrument, count: int) -> tuple[str, ...]:
    """The link ids that a list of so many answers stands for."""
    for order in instrument.lists:
        if len(order) == count:
            return order
    items = instrument.items
    least = max((at for at, item in enumerate(items, start=1) if item.required), default=0)
    if not least <= count <= len(items):
        lengths = sorted({len(order) for order in instrument.lists} | {least, len(items)})
        many = " or ".join(map(str, lengths)) if instrument.lists else f"{least} to {len(items)}"
        many = f"{least}" if lengths == [len(items)] else many
        raise UnusableAnswers((f"{instrument.name} takes {many} answers, not {count}.",))
    return tuple(item.link_id for item in items)


def _fits(item: Item, value: object) -> bool:
    return value is None or (type(value) is int and value in item.values)


def _misfit(item: Item, value: object) -> str:
    if item.numeric:
        return f"Item {item.link_id} takes a whole number from {item.values[0]} to {item.values[-1]}, not {value!r}."
    allowed = ", ".join(str(one) for one in item.values)
    return f"Item {item.link_id} takes one of {allowed}, not {value!r}."


def score(instrument: Instrument, answers: Answers, *, person: Person = NOBODY) -> Score:
    """Score these answers by the instrument's own published rules. Raises UnusableAnswers."""
    given = _with_skipped(instrument, read_answers(instrument, answers))
    missing = tuple(item.link_id for item in instrument.items if _is_missing(item, given))
    total, reasons = _total(instrument, given)
    subscales = _subscales(instrument, given)
    positive, positive_reasons = _positive(instrument, given, total, person)
    band, band_reasons = _band(instrument, given, total, positive)
    return Score(
        instrument=instrument.id,
        total=total,
        subscales=subscales,
        band=band,
        alerts=_alerts(instrument, given, total),
        complete=not missing,
        reasons=(
            *reasons,
            *_unanswered_alert_items(instrument, given),
            *positive_reasons,
            *band_reasons,
            *_noteworthy(instrument, given, subscales),
            *_not_made_for(instrument, person),
        ),
        positive=positive,
    )


def _with_skipped(instrument: Instrument, given: Given) -> Given:
    """The answers with 0 for what was rightly not asked, because what leads to it was answered with 0."""
    full = dict(given)
    for item in instrument.items:
        if full[item.link_id] is None and item.asked_if_any and all(full[one] == 0 for one in item.asked_if_any):
            full[item.link_id] = 0
    return full


def _is_missing(item: Item, given: Given) -> bool:
    if given[item.link_id] is not None or item.omittable or not item.required:
        return False
    return not item.asked_if_any or any(given[other] for other in item.asked_if_any)


def _points(item: Item, given: Given) -> int | None:
    value = given[item.link_id]
    return None if value is None else item.points(value)


def _total(instrument: Instrument, given: Given) -> tuple[int | None, tuple[str, ...]]:
    if instrument.total == "none":
        return None, ()
    left_out = [item for item in instrument.items if item.omittable and given[item.link_id] is None]
    scored = [item for item in instrument.items if item.scored and item not in left_out]
    points = [one for item in scored if (one := _points(item, given)) is not None]
    missing = len(scored) - len(points)
    note = tuple(f"Item {item.link_id} does not apply and adds nothing." for item in left_out)
    if not missing:
        return sum(points) * instrument.multiply, note
    items = "1 item was" if missing == 1 else f"{missing} items were"
    if missing > instrument.missing_allowed or not points:
        allowed = instrument.missing_allowed or "none"
        return None, (f"{items} not answered; at most {allowed} may be missing, so there is no total.",)
    # Each missing item counts as the mean of the answered ones; halves are rounded up.
    whole = (2 * sum(points) * len(scored) + len(points)) // (2 * len(points))
    share = "its value is" if missing == 1 else "their values are"
    return whole * instrument.multiply, (f"{items} not answered; {share} taken from the mean of the others.", *note)


def _positive(
    instrument: Instrument, given: Given, total: int | None, person: Person
) -> tuple[bool | None, tuple[str, ...]]:
    if instrument.positive_if_any:
        return _positive_by_items(instrument, given)
    if not instrument.cuts or total is None:
        return None, ()
    for cut in instrument.cuts:
        if cut.sex in (None, person.sex):
            return _positive_by_needs(instrument, given) if total >= cut.least else (False, ())
    return None, ("The cut-off differs by sex, which was not told.",)


def _positive_by_items(instrument: Instrument, given: Given) -> tuple[bool | None, tuple[str, ...]]:
    asked = [instrument.item(link_id) for link_id in instrument.positive_if_any]
    if any(given[item.link_id] for item in asked):
        return True, ("At least one question was answered with yes.",)
    if not _silent(instrument, given):
        return False, ()
    if instrument.silence:
        return True, ("A question was not answered, which counts as a positive screen.",)
    return None, ("A question was not answered, so the screen says nothing yet.",)


def _positive_by_needs(instrument: Instrument, given: Given) -> tuple[bool | None, tuple[str, ...]]:
    for need in instrument.needs:
        value = given[need.item]
        if value is None:
            return None, (f"Item {need.item} was not answered, which the cut-off needs.",)
        if value < need.least:
            return False, (need.reason,)
    return True, ()


def _band(
    instrument: Instrument, given: Given, total: int | None, positive: bool | None
) -> tuple[str | None, tuple[str, ...]]:
    if instrument.bands:
        return (band_of(instrument, total).name, ()) if total is not None else (None, ())
    if positive is None:
        return None, ()
    if positive and instrument.item_bands:
        return _item_band(instrument, given)
    if not positive or not instrument.acute_item:
        return "positive" if positive else "negative", ()
    right_now = given[instrument.acute_item]
    if right_now is None:
        return "positive", ("The question about right now was not answered: ask it.",)
    return "acute-positive" if right_now else "non-acute-positive", ()


def _item_band(instrument: Instrument, given: Given) -> tuple[str | None, tuple[str, ...]]:
    def reached(band: ItemBand) -> bool:
        return any((given[link_id] or 0) >= least for link_id, least in band.items)

    found = next((band.name for band in reversed(instrument.item_bands) if reached(band)), None)
    unknown = [item.link_id for item in instrument.items if _is_missing(item, given)]
    if unknown and found != instrument.item_bands[-1].name:
        return found, (f"The band may be graver: ask item {', '.join(unknown)}.",)
    return found, ()


def band_of(instrument: Instrument, total: int) -> Band:
    """The band that this total lies in."""
    return max((band for band in instrument.bands if band.least <= total), key=lambda band: band.least)


def _subscales(instrument: Instrument, given: Given) -> dict[str, int | None]:
    sums: dict[str, int | None] = {}
    for subscale in instrument.subscales:
        points = [_points(instrument.item(link_id), given) for link_id in subscale.items]
        known = [one for one in points if one is not None]
        sums[subscale.name] = sum(known) if len(known) == len(points) else None
    return sums


def _noteworthy(instrument: Instrument, given: Given, subscales: Mapping[str, int | None]) -> tuple[str, ...]:
    """Subscales beyond their published cut-off, and a pattern of answers that a paper names."""
    found = []
    for one in instrument.subscales:
        value = subscales[one.name]
        if value is not None and one.least is not None and value >= one.least:
            found.append(f"The subscale {one.name} is {value}: its cut-off is {one.least} or more.")
        if value is not None and one.most is not None and value <= one.most:
            found.append(f"The subscale {one.name} is {value}: its cut-off is {one.most} or less.")
    pattern = instrument.pattern
    if pattern and all(_is_met(cluster, given) for cluster in pattern.clusters):
        found.append(pattern.reason)
    return tuple(found)


def _is_met(cluster: Cluster, given: Given) -> bool:
    return sum((given[link_id] or 0) >= cluster.least for link_id in cluster.items) >= cluster.count


def _not_made_for(instrument: Instrument, person: Person) -> tuple[str, ...]:
    low, high = instrument.ages
    if person.age is None or low <= person.age <= high:
        return ()
    ages = f"{low} years or older" if high >= OLDEST else f"{low} to {high} years"
    return (f"{instrument.name} is made for people of {ages}: read it with care.",)


def _alerts(instrument: Instrument, given: Given, total: int | None) -> tuple[Alert, ...]:
    found: dict[str, Alert] = {}
    for rule in instrument.alerts:  # listed mildest first, so that the gravest for an item stays
        value = given[rule.item]
        if value is not None and rule.rings_at(value):
            found[rule.item] = Alert(rule.item, rule.reason, rule.severity)
    if silence := instrument.silence:
        found |= {item: Alert(item, silence.reason, silence.severity) for item in _silent(instrument, given)}
    for one in instrument.subscale_alerts:
        items = next(subscale.items for subscale in instrument.subscales if subscale.name == one.subscale)
        if _reach(instrument, items, given)[0] >= one.least:
            found[one.subscale] = Alert(one.subscale, one.reason, one.severity)
    ends = (total, total) if total is not None else _reach_of_total(instrument, given)
    for total_rule in instrument.total_alerts:
        if all(total_rule.rings_at(end) for end in ends):
            found["total"] = Alert("total", total_rule.reason, total_rule.severity)
    return tuple(found.values())


def answer_alerts(instrument: Instrument, link_id: str, value: int | None) -> tuple[Alert, ...]:
    """What this one answer asks for while the others are still to come. None is a question they would not answer."""
    if value is None:
        silence = instrument.silence if link_id in instrument.positive_if_any else None
        return (Alert(link_id, silence.reason, silence.severity),) if silence else ()
    ringing = [rule for rule in instrument.alerts if rule.item == link_id and rule.rings_at(value)]
    return tuple(Alert(link_id, rule.reason, rule.severity) for rule in ringing[-1:])  # the gravest is listed last


def _silent(instrument: Instrument, given: Given) -> list[str]:
    """The questions of a screen that wait for an answer."""
    return [one for one in instrument.positive_if_any if _is_missing(instrument.item(one), given)]


def _reach(instrument: Instrument, items: Sequence[str], given: Given) -> tuple[int, int]:
    """The least and the most that these items can add up to, whatever those without an answer would have been.

    What rings already is not silenced by a question left out.
    """
    ends = []
    for item in map(instrument.item, items):
        known = _points(item, given)
        ends.append((item.values[0], item.values[-1]) if known is None else (known, known))
    return sum(least for least, _ in ends), sum(most for _, most in ends)


def _reach_of_total(instrument: Instrument, given: Given) -> tuple[int, int]:
    least, most = _reach(instrument, [item.link_id for item in instrument.items if item.scored], given)
    return least * instrument.multiply, most * instrument.multiply


def _unanswered_alert_items(instrument: Instrument, given: Given) -> tuple[str, ...]:
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
    gain = -points if instrument.better == "lower" else points
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
