"""What becomes of something written, when a person reads it next, and who may share a circle. Plain values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from hearth.circle import contact_rule
from hearth.lib import phrases
from hearth.safety import danger, danger_of_others

QUIET_FROM, QUIET_UNTIL = time(22), time(7)
"""Quiet hours: what is written in them appears in the morning. A product default."""

HOURS = [{"day": day, "from": "09:00", "to": "20:00"} for day in range(5)]
"""When a circle's hosts read, until they say otherwise: as hours of duty are stored, Monday is 0."""


READ_FIRST = "read_first"
"""Why a post waits where no rule met it: the circle, or this member for now, is read by a host first."""

PHOTO = "photo"
"""Why a post with a photo waits, always: no rule reads faces, places, or words and QR codes in a picture."""

STRIKES_READ_FIRST = 2
"""After so many, a host reads a member's posts first until the stay ends. A product default; it shuts nobody out."""

ADULT_AT = 18
"""Alumni of adults' and of adolescents' programs never meet: whoever is this old leaves the one for good."""

MOST_CHOICES = 12
"""With how many others an alumnus may wish to be in touch, so that nobody asks everyone to see who asked them."""

MENTOR_AFTER = timedelta(days=180)
"""So long after completing the program an alumnus may be a peer mentor. A product default."""

CHECK_HOLDS = timedelta(days=365)
"""How old a background check may be when somebody is named a mentor. A product default."""

MOST_MENTORED = 3
"""To how many students one mentor is introduced at a time. A product default."""

SLOW_MINUTES = (0, 15, 30, 60, 180, 720)
"""What a host may choose to lie between two posts of one member; 0 for nothing. A product default."""

TOGETHER_FROM = 3
"""From so many people on a circle is told how often they did something together: no number is of one or two."""

LONGEST_CHALLENGE = 31
"""Days. A product default."""

FURTHEST_EVENT = timedelta(days=366)
"""How far ahead a circle is told of something."""

TICKED_LATE = timedelta(days=2)
"""How long after its last day the days of a challenge can still be ticked."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules found. Held for a human where they found anything; `severity` where it shows danger."""

    reasons: tuple[str, ...] = ()
    severity: str = ""

    @property
    def is_held(self) -> bool:
        return bool(self.reasons)


@cache
def other_rules() -> tuple[phrases.PhraseRule, ...]:
    """Drug selling, hate and triggering detail, as moderation.toml has them."""
    return phrases.read(Path(__file__).with_name("moderation.toml"))


@cache
def every_rule() -> Mapping[str, phrases.PhraseRule]:
    """Every rule that can hold a post, by id."""
    return {rule.id: rule for rule in (*danger.rules(), *contact_rule.rules(), *other_rules())}


def judge(text: str, *, names: Collection[str] = (), reads_first: bool = False, has_photo: bool = False) -> Verdict:
    """What the rules say of `text`, written in a circle whose members go by `names`."""
    signs = danger.signs_in(text)
    found = (*signs, *contact_rule.found_in(text, names=names), *phrases.found_in(text, other_rules()))
    others = ((PHOTO,) if has_photo else ()) + ((READ_FIRST,) if reads_first else ())
    reasons = (*(rule.id for rule in found), *others)
    return Verdict(reasons, signs[0].severity if signs else "")


@dataclass(frozen=True, slots=True)
class ReadReport:
    """How severe the concerns of a report are: about who wrote the post, and about who reports it; empty for none."""

    writer: str = ""
    reporter: str = ""


def read_report(words: str, *, is_worried: bool) -> ReadReport:
    """What a report tells of danger: signs about others are of the post's writer, signs about oneself of its own."""
    of_writer = [rule.severity for rule in danger_of_others.signs_in(words)] + ["urgent"] * is_worried
    return ReadReport(danger.worst(of_writer), danger.severity_in(words))


_BECOMES = {
    "release": {"held": "shown", "returned": "shown"},
    "keep": {state: state for state in ("shown", "returned", "hidden", "taken_back")},
    "return": {"held": "returned", "shown": "returned"},
    "hide": {"held": "hidden", "shown": "hidden", "returned": "hidden"},
    "restore": {"hidden": "shown"},
    "strike": {state: state for state in ("held", "shown", "returned", "hidden")},
    "uphold": {"hidden": "hidden", "returned": "returned"},
}
_ANSWERS_APPEAL = frozenset({"release", "restore", "uphold"})


def becomes(state: str, what: str) -> str | None:
    """The state of a post after this decision; None where it cannot be decided of a post in that state."""
    return _BECOMES[what].get(state)


def choices(state: str, *, is_appealed: bool, is_struck: bool = False, is_reported: bool = False) -> tuple[str, ...]:
    """What a host may decide of a post in this state. An appeal is answered before anything else is decided.

    `is_struck`: somebody has spoken with its writer about it, which is counted once for a post. `is_reported`: a report
    waits, so that also a post which the others no longer read can be left as it is.
    """
    open_ones = tuple(what for what, table in _BECOMES.items() if state in table)
    if is_appealed:
        return tuple(what for what in open_ones if what in _ANSWERS_APPEAL)
    closed = {"uphold"}
    if is_struck:
        closed.add("strike")
    if state != "shown" and not is_reported:
        closed.add("keep")
    return tuple(what for what in open_ones if what not in closed)


def born_by(day: date, years: int) -> date:
    """The last birth date of those who are `years` old on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February: that year had none
        return day.replace(year=day.year - years, day=28)


def fits(population: str, *, born: date, on: date) -> bool:
    """Whether somebody is of an age band on the day `on`."""
    return (born <= born_by(on, ADULT_AT)) == (population == "adult")


def is_ticked_on(day: date, *, starts_on: date, ends_on: date, today: date) -> bool:
    """Whether a day of a challenge can be ticked today: one of its days that has begun, not long after its end."""
    return starts_on <= day <= min(ends_on, today) and today <= ends_on + TICKED_LATE


def next_post_at(last: datetime | None, minutes: int, *, at: datetime) -> datetime | None:
    """When somebody who last posted at `last` may post again, with so many minutes between; None where they may now."""
    if last is None:
        return None
    free = last + timedelta(minutes=minutes)
    return free if free > at else None


def instant(day: date, clock: time, *, zone: ZoneInfo) -> datetime | None:
    """This time on the clock of `zone`, in UTC; the first of two when clocks are put back, None where it is skipped.

    None also in the last days that a calendar of ours knows.
    """
    try:
        moment = datetime.combine(day, clock, zone).astimezone(UTC)
    except OverflowError:
        return None
    return moment if moment.astimezone(zone).time() == clock else None


def is_quiet(moment: datetime, *, zone: ZoneInfo) -> bool:
    """Whether `moment` lies in quiet hours on the clock of `zone`."""
    clock = moment.astimezone(zone).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def appears_at(moment: datetime, *, zone: ZoneInfo) -> datetime:
    """When the others see what is let through at `moment`: at once, or when quiet hours are over."""
    if not is_quiet(moment, zone=zone):
        return moment
    local = moment.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, zone)


def read_next(moment: datetime, *, hours: Sequence[Mapping[str, object]], zone: ZoneInfo) -> datetime | None:
    """When a host reads next: `moment` itself within their hours, else when the next ones begin. None without hours."""
    local = moment.astimezone(zone)
    spans = [_span(local.date() + timedelta(days=ahead), one, zone) for ahead in range(8) for one in hours]
    open_now = [max(start, moment) for start, end in filter(None, spans) if end > moment]
    return min(open_now, default=None)


def _span(day: date, hours: Mapping[str, object], zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    if day.weekday() != hours["day"]:
        return None
    midnight = datetime.combine(day, time(), zone)
    start, end = (_minutes(str(hours[side])) for side in ("from", "to"))
    return (_on_the_clock(midnight, start), _on_the_clock(midnight, end))


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _on_the_clock(midnight: datetime, minutes: int) -> datetime:
    days, rest = divmod(minutes, 24 * 60)
    return datetime.combine(midnight.date() + timedelta(days=days), time(rest // 60, rest % 60), midnight.tzinfo)
