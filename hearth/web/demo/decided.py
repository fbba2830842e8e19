"""Stays about which somebody decided: fewer days a week, a hold, an ending that waits for a review, a way back."""

from datetime import timedelta

from hearth.aftercare import deciding, ending, holding, way_back
from hearth.web.demo.cast import STUDENTS
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

LEAST = 3  # a small demo has nobody of whom this could be told
NAMED = {f"{one.chosen} {one.family}" for one in STUDENTS}


def decide(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """One of each, about students whom nobody knows by name from elsewhere in the demo."""
    unknown = [chart for key, chart in sorted(charts.items()) if key not in NAMED and not chart.life.is_adolescent]
    here = [chart for chart in unknown if not chart.life.ended_on and chart.life.starts_on < scene.today]
    gone = [chart for chart in unknown if chart.life.ended_on]
    far = [chart for chart in here if scene.today + timedelta(weeks=3) < chart.life.planned_end_on]
    at = scene.at - timedelta(hours=3)
    monday = scene.today + timedelta(days=14 - scene.today.weekday())
    if len(far) < LEAST:
        return
    steady = next((chart for chart in far if chart.life.course == "shining"), far[0])
    away, asked = [chart for chart in far if chart is not steady][-2:]
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
        words="A planned operation. Calls us when she is home.",
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
