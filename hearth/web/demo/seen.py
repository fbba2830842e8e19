"""How Lee's mother saw the past weeks; this week's answer waits for her. Maya began one, and goes on on any device."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from hearth.measures import guardians
from hearth.measures import instrument as instruments
from hearth.measures.models import Begun
from hearth.people.models import Relationship
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import Scene

ASKED = "caregiver-week"
SEEN = ((1, 1, 0, 1, 1, 0, 0, 0), (1, 2, 1, 1, 1, 0, 0, 0), (2, 2, 1, 2, 2, 0, 0, 0), (2, 3, 2, 2, 2, 0, 0, 0))


def see_both_sides(scene: Scene, charts: Mapping[str, Chart]) -> None:
    """As the services do it, one evening a week, the last one eight days ago."""
    if lee := charts.get("Lee Castellan"):
        tie = Relationship.objects.select_related("person").get(patient=lee.patient, is_guardian=True)
        for weeks, answers in enumerate(reversed(SEEN)):
            day = scene.today - timedelta(days=8 + 7 * weeks)
            if day < lee.life.starts_on:
                break
            guardians.store(
                tie=tie.pk,
                instrument_id=ASKED,
                answers=answers,
                language=tie.person.language,
                token=UUID(int=scene.random.getrandbits(128)),
                by=tie.person,
                at=scene.moment(day, 20, 10),
            )
    if maya := charts.get("Maya Reyes"):
        version = instruments.get("phq-9").version
        Begun.objects.create(
            patient=maya.patient, instrument="phq-9", version=version, answers={"1": 1, "2": 1}, changed_at=scene.at
        )
