"""The dose ledger: beside each week's dose what is authorised and billable, and every gap with its reason. Pure.

With `rules.dose` the one authority on hours and days of care. Everything is whole minutes of real time, so that no
zone and no change of the clocks moves any; a day is the local day a session starts on. For each week

    prescribed + surplus == attended + to come - what makes up for other weeks + the minutes of its gaps
    attended == billable + the minutes of what is not billed

where the surplus is what was scheduled for the week itself beyond the prescription.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from hearth.sessions.rules.attendance import Status
from hearth.sessions.rules.authorised import Account, Authorised, runs_out_on
from hearth.sessions.rules.dose import Meeting, Phase, WeekDose, is_elsewhere


class Why(StrEnum):
    """The reason of a gap."""

    NOT_SCHEDULED = "not_scheduled"
    CANCELLED = "cancelled"
    ABSENT = "absent"
    EXCUSED = "excused"
    KEPT_OUT = "kept_out"  # they came, and the house could not let them in
    LATE = "late"
    LEFT_EARLY = "left"
    AWAY = "away"
    MADE_UP = "made_up"  # missed, and had in another session on the day that is named
    SHORTENED = "shortened"
    NOT_RECORDED = "not_recorded"
    TOO_SHORT = "too_short"  # attended, but less than a day that is billed
    NOT_AUTHORISED = "not_authorised"
    USED_UP = "used_up"


@dataclass(frozen=True, slots=True)
class Gap:
    """So many minutes are missing, why, and on which day; None where none was ever planned. `words` are the staff's."""

    why: Why
    minutes: int
    on: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class LedgerWeek:
    """One week. `authorised` and `days_authorised` are None where no payer asks for an authorisation."""

    dose: WeekDose
    authorised: int | None
    days_authorised: int | None
    billable: int
    days_billable: int
    gaps: tuple[Gap, ...] = ()
    unbilled: tuple[Gap, ...] = ()

    @property
    def surplus(self) -> int:
        """Scheduled for this week itself beyond what was prescribed."""
        return max(0, self.dose.own - self.dose.prescribed)


@dataclass(frozen=True, slots=True)
class Totals:
    """The weeks that have begun, together."""

    prescribed: int = 0
    scheduled: int = 0
    attended: int = 0
    authorised: int | None = None
    billable: int = 0
    days_prescribed: int = 0
    days_scheduled: int = 0
    days_attended: int = 0
    days_authorised: int | None = None
    days_billable: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every week, what each authorisation has been used for (in its own unit: minutes or days), and until when."""

    weeks: tuple[LedgerWeek, ...]
    used: tuple[int, ...]
    runs_out_on: date | None
    to_date: Totals


def ledger(
    weeks: Sequence[WeekDose],
    meetings: Iterable[Meeting],
    *,
    granted: Sequence[Authorised],
    billable_day: int,
    zone: ZoneInfo,
    at: datetime,
) -> Ledger:
    """The ledger of these weeks (`dose.weeks`) of one stay. `billable_day` is the least of a day that is billed."""
    account, by_day, found = Account(granted), _by_day(meetings, zone), []
    for week in weeks:
        days = {day: held for day, held in sorted(by_day.items()) if week.starts_on <= day <= week.ends_on}
        found.append(_week(week, days, account, billable_day, zone, at))
    used = tuple(account.used)
    ahead = [
        (day, sum(one.minutes for one in held if one.is_to_come(at)))
        for day, held in by_day.items()
        if weeks and weeks[0].starts_on <= day <= weeks[-1].ends_on
    ]
    return Ledger(tuple(found), used, runs_out_on(granted, ahead, used) if granted else None, to_date(found))


def _week(
    week: WeekDose,
    days: Mapping[date, Sequence[Meeting]],
    account: Account,
    billable_day: int,
    zone: ZoneInfo,
    at: datetime,
) -> LedgerWeek:
    authorised = billable = days_authorised = days_billable = 0
    unbilled: list[Gap] = []
    for day, held in days.items():
        attended = sum(one.attended for one in held if one.counts)
        covered = account.covered(day, sum(one.minutes for one in held if one.counts))
        authorised, days_authorised = authorised + covered, days_authorised + int(covered > 0)
        if not attended:
            continue
        if attended < billable_day and not any(one.is_to_come(at) for one in held):
            unbilled.append(Gap(Why.TOO_SHORT, attended, day))
            continue
        paid = account.use(day, attended) if account.granted else attended
        billable, days_billable = billable + paid, days_billable + int(paid > 0)
        if paid < attended:
            why = Why.USED_UP if account.is_covered(day) else Why.NOT_AUTHORISED
            unbilled.append(Gap(why, attended - paid, day))
    return LedgerWeek(
        dose=week,
        authorised=authorised if account.granted else None,
        days_authorised=days_authorised if account.granted else None,
        billable=billable,
        days_billable=days_billable,
        gaps=tuple(_gaps(week, days, zone, at)),
        unbilled=tuple(unbilled),
    )


def gaps(week: WeekDose, meetings: Iterable[Meeting], *, zone: ZoneInfo, at: datetime) -> tuple[Gap, ...]:
    """The gaps of one week (`dose.weeks`) by itself."""
    days = {day: held for day, held in sorted(_by_day(meetings, zone).items()) if week.starts_on <= day <= week.ends_on}
    return tuple(_gaps(week, days, zone, at))


def _by_day(meetings: Iterable[Meeting], zone: ZoneInfo) -> dict[date, list[Meeting]]:
    by_day: dict[date, list[Meeting]] = {}
    for one in meetings:
        by_day.setdefault(one.starts_at.astimezone(zone).date(), []).append(one)
    return by_day


def _gaps(week: WeekDose, days: Mapping[date, Sequence[Meeting]], zone: ZoneInfo, at: datetime) -> Iterable[Gap]:
    missing = max(0, week.prescribed - week.own)
    lost = [(day, one) for day, held in days.items() for one in held if one.is_cancelled and one.is_dose]
    for day, one in lost:
        if minutes := min(missing, one.minutes):
            yield Gap(Why.CANCELLED, minutes, day, one.reason)
            missing -= minutes
    if missing:
        yield Gap(Why.NOT_SCHEDULED, missing)
    for day, held in days.items():
        for one in held:
            is_own = not is_elsewhere(one.makes_up_for, week.starts_on, zone)
            if is_own and one.counts and not one.is_to_come(at):
                yield from _gaps_of(one, day, zone)


def _gaps_of(one: Meeting, day: date, zone: ZoneInfo) -> Iterable[Gap]:
    """Why minutes of a session that is over are missing.

    First what was had in another session, then what it fell short itself, then what the student missed.
    """
    if one.regained and one.made_up_at is not None:
        yield Gap(Why.MADE_UP, one.regained, one.made_up_at.astimezone(zone).date())
    missing = one.minutes - one.attended - one.regained
    shortened = min(missing, one.shortened)
    if shortened:
        yield Gap(Why.SHORTENED, shortened, day)
    if missing > shortened:
        why = WHY_BY_STATUS.get(one.status, Why.NOT_RECORDED)
        if why is Why.EXCUSED and one.is_kept_out and not one.reason:
            why = Why.KEPT_OUT
        yield Gap(why, missing - shortened, day, one.reason)


WHY_BY_STATUS: dict[str, Why] = {
    Status.ABSENT: Why.ABSENT,
    Status.EXCUSED: Why.EXCUSED,
    Status.LATE: Why.LATE,
    Status.LEFT_EARLY: Why.LEFT_EARLY,
    Status.PRESENT: Why.AWAY,
}


def to_date(weeks: Iterable[LedgerWeek]) -> Totals:
    """The weeks that have begun, together."""
    begun = [week for week in weeks if week.dose.phase is not Phase.AHEAD]
    asked = [week for week in begun if week.authorised is not None]
    return Totals(
        prescribed=sum(week.dose.prescribed for week in begun),
        scheduled=sum(week.dose.scheduled for week in begun),
        attended=sum(week.dose.attended for week in begun),
        authorised=sum(week.authorised or 0 for week in asked) if asked else None,
        billable=sum(week.billable for week in begun),
        days_prescribed=sum(week.dose.days_prescribed for week in begun),
        days_scheduled=sum(week.dose.days_scheduled for week in begun),
        days_attended=sum(week.dose.days_attended for week in begun),
        days_authorised=sum(week.days_authorised or 0 for week in asked) if asked else None,
        days_billable=sum(week.days_billable for week in begun),
    )
