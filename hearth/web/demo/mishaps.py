"""Incidents of the last weeks: one looked into and closed, one that nearly happened, one still open."""

from datetime import timedelta
from typing import Any

from hearth.safety import services
from hearth.safety.incident_models import Incident
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene


def report_mishaps(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """A fall with its review, a near miss with medication, and a letter of which the insurer was not told."""
    services.keep_reporting_rule(
        kind="privacy",
        state="",
        to="Our insurer",
        what="Information that went to the wrong place",
        within=24,
        unit="hours",
        source="The policy, section 9 (made up)",
        effective_on=scene.today - timedelta(days=200),
        by=house.staff["Walt Jensen"],
        at=scene.at - timedelta(days=30),
    )
    _fall(scene, house, charts["Jonah Park"])
    _near_miss(scene, house, charts["Maya Reyes"])
    _letter(scene, house)


def _report(scene: Scene, house: House, by: str, *, days: int, hour: int, **said: Any) -> Incident:
    happened = scene.moment(scene.today - timedelta(days=days), hour, 20)
    facts: dict[str, Any] = {
        "happened_at": happened, "learned_at": happened, "place": "video", "site": None, "students": [], "staff": [],
        "others": "", "is_near_miss": False, "harm": "none",
    }  # fmt: skip
    return services.report_incident(by=house.staff[by], at=happened + timedelta(minutes=25), **(facts | said))


def _fall(scene: Scene, house: House, chart: Chart) -> None:
    row = _report(
        scene,
        house,
        chart.life.primary,
        days=12,
        hour=18,
        kind="fall",
        place="site",
        site=house.sites["Denver"],
        students=[chart.patient.pk],
        harm="minor",
        what_happened="The floor by the back door was wet from boots. He slipped and went down on one hand.",
        done_at_once="Sat down together, ice on the wrist. He can move it and did not want a doctor. Floor dried.",
    )
    ruth = house.staff["Ruth Okafor"]
    seen = row.reported_at + timedelta(hours=15)
    services.name_reviewer(incident=row, person=ruth, by=ruth, at=seen)
    services.add_words(
        incident=row, words="I called him in the morning: the wrist is fine.", by=row.reported_by, at=seen
    )
    services.close_review(
        incident=row,
        led_to="Forty people come in within ten minutes when it snows, and there was no mat at the back door.",
        changed="Two mats bought; whoever opens the house lays them out. Walt looks again in December.",
        by=ruth,
        at=seen + timedelta(days=3),
    )


def _near_miss(scene: Scene, house: House, chart: Chart) -> None:
    _report(
        scene,
        house,
        chart.life.primary,
        days=5,
        hour=17,
        kind="medication",
        students=[chart.patient.pk],
        is_near_miss=True,
        what_happened="The refill at the pharmacy was for thirty days. The safety plan says three days at a time.",
        done_at_once="Alma noticed and called. The pharmacy took it back the same evening.",
    )


def _letter(scene: Scene, house: House) -> None:
    row = _report(
        scene,
        house,
        "Inés Alvarado",
        days=2,
        hour=10,
        kind="privacy",
        place="site",
        site=house.sites["Denver"],
        what_happened="A letter with dates of sessions went to an address where the person no longer lives.",
        done_at_once="Called the number there; the letter will be sent back unopened. Address corrected.",
    )
    priya = house.staff["Priya Nair"]
    services.name_reviewer(incident=row, person=priya, by=priya, at=row.reported_at + timedelta(hours=3))
