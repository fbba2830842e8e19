"""What payers approved for some of the students: four weeks at a time, of which some run out in these days."""

from datetime import timedelta
from random import Random

from hearth.sessions.models import Authorisation
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

PAYERS = ("Front Range Health Plan", "Prairie Mutual", "Colorado Access Demo", "Summit Employers' Fund")
BLOCK = timedelta(days=28)
DAYS, HOURS = 20, 56  # approved for four weeks


def authorise(scene: Scene, house: House, charts: list[Chart]) -> None:
    """Two of three students have a payer who asks; the newest of some has not been prolonged yet."""
    ines = house.staff["Inés Alvarado"]
    for chart in charts:
        chance = Random(chart.life.key)  # noqa: S311 - the same demo every time, and no secret
        if chance.random() > 0.66 or not chart.episode.is_active:
            continue
        payer, in_days = chance.choice(PAYERS), chance.random() < 0.7
        first = chart.life.starts_on
        until = scene.today + timedelta(days=4 if chance.random() < 0.08 else 30)
        while first <= until:
            last = first + BLOCK - timedelta(days=1)
            row = scene.pile.make(
                Authorisation, patient=chart.patient, episode=chart.episode, payer=payer,
                number=f"{chance.randint(100000, 999999)}", first_on=first, last_on=last,
                unit="days" if in_days else "hours", approved=DAYS if in_days else HOURS, recorded_by=ines,
                recorded_at=min(scene.at, scene.moment(first, 9)),
            )  # fmt: skip
            scene.pile.deed(
                "sessions.authorisation_recorded", by=ines, about=row, at=row.recorded_at, unit=row.unit,
                approved=row.approved,
            )  # fmt: skip
            first += BLOCK
