"""Letters: one that waits for Dana, one that is signed, one that waits for Lee's yes, and one of Maya to herself."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from hearth.accounts.models import User
from hearth.letters import future, services
from hearth.letters.models import Letter
from hearth.letters.services import Wanted
from hearth.people.models import Relationship
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

TO_HERSELF = (
    "Dear me,\n\nif you read this, a year has gone by. Remember the mornings at the kitchen table, and that you called"
    " Alma instead. You can do one evening. You have done so many.\n\nBe kind to yourself. Maya"
)


def write_letters(scene: Scene, house: House, charts: Mapping[str, Chart]) -> None:
    """As the services do it, where the students are among those of this demo."""
    services.keep_letterhead(
        name="Hearthside Health Services",
        address="1420 Larimer Street, Denver, CO 80202",
        phone="303 555 0100",
        by=house.staff["Walt Jensen"],
        at=scene.at - timedelta(days=60),
    )
    if maya := charts.get("Maya Reyes"):
        _ask(
            scene,
            maya,
            by=maya.user,
            kind="employer",
            reader="Front Range Logistics, Ms. Hale",
            days=21,
            to_reader=True,
        )
        at = scene.at - timedelta(days=3)
        due = scene.today + timedelta(days=300)
        future.keep(words=TO_HERSELF, due_on=due, token=_token(scene), by=maya.user, today=scene.today, at=at)
    if tomas := charts.get("Tomás Lindgren"):
        letter = _ask(scene, tomas, by=tomas.user, kind="attendance", reader="To whom it may concern", days=27)
        if letter:
            services.sign(pk=letter.pk, by=house.staff[tomas.life.primary], at=scene.at - timedelta(hours=2))
    if lee := charts.get("Lee Castellan"):
        tie = Relationship.objects.select_related("person").get(patient=lee.patient, is_guardian=True)
        reader = "Eastside High School, attendance office"
        _ask(scene, lee, by=tie.person, kind="school", reader=reader, days=13, back_in=1)


def _ask(
    scene: Scene,
    chart: Chart,
    *,
    by: User,
    kind: str,
    reader: str,
    days: int,
    to_reader: bool = False,
    back_in: int = 0,
) -> Letter | None:
    """Asked for since yesterday, of the days before it; nobody asks for a letter that tells of no day."""
    yesterday = scene.today - timedelta(days=1)
    wanted = Wanted(
        kind=kind,
        reader=reader,
        first_on=yesterday - timedelta(days=days),
        last_on=yesterday,
        to_reader=to_reader,
        until=scene.today + timedelta(days=back_in) if back_in else None,
    )
    draft = services.draft_of(chart.patient, wanted)
    if not draft.days:
        return None
    at = scene.moment(yesterday, 21, 5)
    return services.ask(patient=chart.patient.pk, wanted=wanted, shown=draft.mark, token=_token(scene), by=by, at=at)


def _token(scene: Scene) -> UUID:
    return UUID(int=scene.random.getrandbits(128))
