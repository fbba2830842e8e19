"""Stays about which somebody decided: fewer days a week, a hold, an ending that waits for a review, a way back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hearth.aftercare import deciding, ending, holding, way_back
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene
from hearth.web.demo.lives import NAMED, Life

STEADY, KNOWN = 6, 2  # weeks after which somebody is called steady, and before which nobody is decided about
LEFT = 3  # weeks to come: fewer days are worth deciding
GOES_WELL = ("shining", "steady")


@dataclass(frozen=True, slots=True)
class Picked:
    """Three who are here: one steady for weeks, one who goes on hold, one whose end is asked for."""

    steady: Life
    away: Life
    asked: Life


def pick(lives: Iterable[Life], *, today: date) -> Picked | None:
    """Adults whom nobody knows by name, the same on every day of a week; nobody in a demo that is too small."""
    monday = today - timedelta(days=today.weekday())
    adults = [one for one in sorted(lives, key=lambda one: one.key) if not one.is_adolescent and not one.ended_on]
    known = [
        one
        for one in adults
        if (one.chosen, one.family) not in NAMED
        and one.starts_on <= monday - timedelta(weeks=KNOWN)
        and monday + timedelta(weeks=LEFT) < one.planned_end_on
    ]
    long = [one for one in known if one.course in GOES_WELL and one.starts_on <= monday - timedelta(weeks=STEADY)]
    steady = min(long, key=lambda one: GOES_WELL.index(one.course), default=None)
    others = [one for one in known if one is not steady]
    return Picked(steady, *others[-2:]) if steady and len(others) > 1 else None


def decide(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """One of each, about students whom nobody knows by name from elsewhere in the demo."""
    gone = [chart for _, chart in sorted(charts.items()) if chart.life.ended_on and not chart.life.is_adolescent]
    picked = pick((chart.life for chart in charts.values()), today=scene.today)
    if picked is None:
        return
    at = scene.at - timedelta(hours=3)
    monday = scene.today + timedelta(days=14 - scene.today.weekday())
    steady, away, asked = (charts[one.key] for one in (picked.steady, picked.away, picked.asked))
    deciding.fewer_days(
        episode=steady.episode,
        days=1,
        from_on=monday,
        why="Back at work and steady for six weeks; wants to try with one day.",
        by=house.staff[steady.life.primary],
        at=at,
    )
    holding.put_on_hold(
        episode=away.episode,
        reason="hospital",
        until=scene.today + timedelta(days=6),
        words="A planned operation. Calls us from home afterwards.",
        by=house.staff[away.life.primary],
        at=at,
    )
    ending.ask_to_end(
        episode=asked.episode,
        grounds=["privacy"],
        reasons="Told a neighbor who else is in the group, twice, also after we had spoken about it.",
        by=house.staff[asked.life.primary],
        at=at,
    )
    if gone:
        way_back.ask_back(patient=gone[-1].patient, wish="booster", by=gone[-1].user, at=at)
