"""The geometry of Hearth's pictures. Pure: plain data in, coordinates out; templates draw them as SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

WIDTH, HEIGHT = 640, 260  # of a chart, in SVG units
LEFT, RIGHT, TOP, BOTTOM = 36, 120, 26, 32  # margins: numbers, band names, breath, dates
DATE_ROOM = 125  # what a date needs, in SVG units, with the large letters of a phone
SPARK_WIDTH, SPARK_HEIGHT = 64, 24


class Point(Protocol):
    """One measurement."""

    @property
    def date(self) -> date: ...
    @property
    def value(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of values, both ends inside it. `tone` is a colour word: pine, dusk, gold, ember or alarm."""

    name: str
    low: float
    high: float
    tone: str = "dusk"


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    date: date
    value: float
    band: str
    last: bool


@dataclass(frozen=True, slots=True)
class Stripe:
    name: str
    tone: str
    low: float
    high: float
    y: float
    height: float
    middle: float


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    value: float


@dataclass(frozen=True, slots=True)
class DateTick:
    at: float
    date: date


@dataclass(frozen=True, slots=True)
class Trajectory:
    """A measure over time. `line` is the points attribute of an SVG polyline."""

    width: int
    height: int
    left: int
    right: int
    inside: int
    top: int
    bottom: int
    dots: tuple[Dot, ...]
    line: str
    stripes: tuple[Stripe, ...]
    ticks: tuple[Tick, ...]
    dates: tuple[DateTick, ...]
    goal: float | None


def trajectory(points: Iterable[Point], bands: Sequence[Band], *, goal: float | None = None) -> Trajectory:
    """Lay out a measure's scores over time upon its bands.

    The vertical axis reaches over the bands, or over the values where there are none. A single point stands in
    the middle; no points give an empty picture with its bands.
    """
    known = sorted(points, key=lambda point: point.date)
    low, high = _reach([p.value for p in known], bands)
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def across(day: date) -> float:
        days = (known[-1].date - known[0].date).days
        share = (day - known[0].date).days / days if days else 0.5
        return round(LEFT + 10 + share * (right - LEFT - 20), 1)

    def up(value: float) -> float:
        return round(bottom - (value - low) / (high - low) * (bottom - TOP), 1)

    dots = tuple(
        Dot(across(p.date), up(p.value), p.date, p.value, _band_name(p.value, bands), p is known[-1]) for p in known
    )
    return Trajectory(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=right,
        inside=right - LEFT,
        top=TOP,
        bottom=bottom,
        dots=dots,
        line=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        stripes=_stripes(bands, up),
        ticks=tuple(Tick(up(value), value) for value in _ticks(low, high, bands)),
        dates=_date_ticks(dots),
        goal=None if goal is None else up(goal),
    )


def sparkline(values: Sequence[float], *, low: float = 0, high: float | None = None) -> tuple[str, Dot | None]:
    """The points attribute of a small polyline, and its last dot (None if there are no values)."""
    if not values:
        return "", None
    top = max(high if high is not None else max(values), low + 1)
    step = (SPARK_WIDTH - 6) / max(len(values) - 1, 1)
    places = [
        (round(3 + n * step, 1), round(SPARK_HEIGHT - 3 - (value - low) / (top - low) * (SPARK_HEIGHT - 6), 1))
        for n, value in enumerate(values)
    ]
    x, y = places[-1]
    return " ".join(f"{a},{b}" for a, b in places), Dot(x, y, date.min, values[-1], "", True)


class WeekDose(Protocol):
    """One week's dose in minutes."""

    @property
    def label(self) -> str: ...
    @property
    def prescribed(self) -> int: ...
    @property
    def planned(self) -> int: ...
    @property
    def attended(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Column:
    """One week: x and width of its place, the tops and heights of what was planned and attended."""

    label: str
    x: float
    width: float
    middle: float
    planned_y: float
    planned_height: float
    attended_y: float
    attended_height: float
    short: bool
    planned: int
    attended: int
    prescribed: int


@dataclass(frozen=True, slots=True)
class DoseChart:
    width: int
    height: int
    left: int
    bottom: int
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    prescribed: float | None


def dose(weeks: Sequence[WeekDose]) -> DoseChart:
    """Minutes planned and attended, week by week, in whole hours along the edge."""
    height = 200
    bottom = height - BOTTOM
    most = max([60, *(max(w.planned, w.attended, w.prescribed) for w in weeks)])
    hours = -(-most // 60)
    place = (WIDTH - LEFT - 8) / max(len(weeks), 1)
    width = round(min(place * 0.62, 40), 1)

    def up(minutes: float) -> float:
        return round(bottom - minutes / (hours * 60) * (bottom - TOP), 1)

    def column(n: int, week: WeekDose) -> Column:
        middle = round(LEFT + place * (n + 0.5), 1)
        return Column(
            label=week.label,
            x=round(middle - width / 2, 1),
            width=width,
            middle=middle,
            planned_y=up(week.planned),
            planned_height=round(bottom - up(week.planned), 1),
            attended_y=up(week.attended),
            attended_height=round(bottom - up(week.attended), 1),
            short=week.attended < week.prescribed,
            planned=week.planned,
            attended=week.attended,
            prescribed=week.prescribed,
        )

    return DoseChart(
        width=WIDTH,
        height=height,
        left=LEFT,
        bottom=bottom,
        columns=tuple(column(n, week) for n, week in enumerate(weeks)),
        ticks=tuple(Tick(up(hour * 60), hour) for hour in _round_steps(0, hours)),
        prescribed=up(weeks[-1].prescribed) if weeks and weeks[-1].prescribed else None,
    )


def share(part: float, whole: float) -> str:
    """A width for an SVG rectangle, `33.3%`; never more than all, never less than nothing."""
    if whole <= 0:
        return "0%"
    return f"{round(min(max(part / whole, 0), 1) * 100, 1)}%"


def _reach(values: Sequence[float], bands: Sequence[Band]) -> tuple[float, float]:
    ends = [band.low for band in bands] + [band.high for band in bands] + list(values)
    if not ends:
        return 0, 1
    low, high = min([0, *ends]), max(ends)
    return low, high if high > low else low + 1


def _band_name(value: float, bands: Sequence[Band]) -> str:
    return next((band.name for band in bands if band.low <= value <= band.high), "")


def _stripes(bands: Sequence[Band], up: "Up") -> tuple[Stripe, ...]:
    """Bands meet half way between one's last value and the next one's first, so that no gap shows."""
    ordered = sorted(bands, key=lambda band: band.low)
    stripes = []
    for n, band in enumerate(ordered):
        floor = up(band.low if n == 0 else (ordered[n - 1].high + band.low) / 2)
        ceiling = up(band.high if n == len(ordered) - 1 else (band.high + ordered[n + 1].low) / 2)
        middle = round((floor + ceiling) / 2, 1)
        stripes.append(Stripe(band.name, band.tone, band.low, band.high, ceiling, round(floor - ceiling, 1), middle))
    return tuple(stripes)


class Up(Protocol):
    def __call__(self, value: float, /) -> float: ...


def _ticks(low: float, high: float, bands: Sequence[Band]) -> list[float]:
    """Where each band begins, so that the edge reads as the bands do; round numbers where there are no bands."""
    return sorted(band.low for band in bands) if bands else _round_steps(low, high)


def _round_steps(low: float, high: float) -> list[float]:
    """About four round numbers from low to high."""
    step = next(s for s in (1, 2, 3, 5, 10, 20, 25, 50, 100, 250, 500, 1000, 10_000) if (high - low) / s <= 6)
    first = -(-low // step) * step
    return [first + n * step for n in range(int((high - first) // step) + 1)]


def _date_ticks(dots: Sequence[Dot]) -> tuple[DateTick, ...]:
    """The first and last day, and those between that leave room for their words."""
    if not dots:
        return ()
    ticks = [DateTick(dots[0].x, dots[0].date)]
    for dot in dots[1:-1]:
        if dot.x - ticks[-1].at >= DATE_ROOM and dots[-1].x - dot.x >= DATE_ROOM:
            ticks.append(DateTick(dot.x, dot.date))
    if len(dots) > 1:
        ticks.append(DateTick(dots[-1].x, dots[-1].date))
    return tuple(ticks)
