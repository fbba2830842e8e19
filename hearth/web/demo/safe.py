"""Safety plans: Maya's in two versions, one each for those who worried us and some others. Jonah has none yet."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from hearth.safety.models import Concern
from hearth.safety.plan_rules import Helper, Sections
from hearth.safety.services import confirm_plan, save_plan
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

NONE_YET = ("Jonah Park",)
EVERY = 3  # of those who worried nobody, one in so many has one
LEARNT = timedelta(hours=1)  # after the first concern they sat down together

MAYA = Sections(
    signs="I stop answering messages. I lie awake and count what I did wrong. “They would be better off.”",
    coping="Cold water on my wrists.\nThe breathing card.\nWalk once around the block, without the phone.",
    places="The laundromat on Colfax, somebody is always there.\nAlma’s kitchen. I do not have to talk.",
    helpers=(Helper("Alma", "303 555 0161"), Helper("Alex", "303 555 0162")),
    professionals=(Helper("Dana Kim", "303 555 0100"),),
    means="The sleeping pills are out of the house. I get three days’ worth at a time. Until we talk about it again.",
    means_with="Alma keeps them. Agreed with Alma and Dana at the kitchen table.",
)
BREAKFAST = "Breakfast with my daughter.\nThe trip to the ocean that I promised her."
SPANISH = Sections(
    signs="Dejo de cantar. Cierro las cortinas de día.",
    coping="Respirar despacio, diez veces.\nRegar las plantas.",
    places="La iglesia, aunque no haya misa.\nEl parque con mi nieto.",
    helpers=(Helper("Lucha, mi hermana", "720 555 0164"),),
    professionals=(Helper("Lucía Ferrer", "303 555 0100"),),
    means="Las pastillas que sobran están en la farmacia. En casa solo queda lo de la semana.",
    means_with="Mi hija las lleva. Acordado con Lucía y con mi hija.",
    reasons="El coro. Ver crecer a mi nieto.",
)
USUAL = (
    Sections(
        signs="I snap at everybody, then go quiet. I stop eating dinner.",
        coping="Music on, loud.\nShower.\nWrite it down and close the notebook.",
        places="The rec center.\nMy cousin’s porch.",
        helpers=(Helper("Robin", "303 555 0165"), Helper("My cousin", "303 555 0166")),
        means="There is no firearm at home any more; it is locked up at my brother’s.",
        means_with="My brother. He asks before he gives it back.",
        reasons="The dog. My brother’s kids.",
    ),
    Sections(
        signs="Nights after three. Thinking that it does not matter who comes tomorrow.",
        coping="Lights on, tea, one episode of something old.",
        places="The diner that never closes.",
        helpers=(Helper("Sal", "720 555 0167"),),
        reasons="Finishing what I began.",
    ),
)


def plan_for_the_worst(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """A plan for everyone in care who worried us, as of then, and for some who did not."""
    here = [chart for key, chart in sorted(charts.items()) if chart.life.ended_on is None and chart.life.primary]
    since = _first_concerns(here)
    for number, chart in enumerate(here):
        if chart.life.key in NONE_YET:
            continue
        if chart.life.key == "Maya Reyes":
            _maya(scene, house, chart)
        elif chart.patient.pk in since or number % EVERY == 0:
            usual = max(scene.at - timedelta(days=number % 20 + 2), chart.episode.admitted_at)
            at = min(since.get(chart.patient.pk, usual), scene.at - timedelta(days=1))
            words = SPANISH if chart.life.languages[0] == "es" else USUAL[number % len(USUAL)]
            _make(house, chart, words, at=at + LEARNT)


def _first_concerns(charts: Iterable[Chart]) -> dict[UUID, datetime]:
    rows = Concern.objects.filter(patient__in=[chart.patient for chart in charts]).order_by("-raised_at")
    return dict(rows.values_list("patient", "raised_at"))  # the earliest of each comes last, and stays


def _make(house: House, chart: Chart, sections: Sections, *, at: datetime) -> None:
    counselor = house.staff[chart.life.primary]
    plan = save_plan(patient_pk=chart.patient.pk, sections=sections, based_on=0, by=counselor, at=at)
    for who, minutes in ((counselor, 20), (chart.user, 40)):
        later = at + timedelta(minutes=minutes)
        confirm_plan(patient_pk=chart.patient.pk, version=plan.version, by=who, at=later)


def _maya(scene: Scene, house: House, chart: Chart) -> None:
    """Made with Dana; a week later she wrote down by herself what she lives for, and both said yes to that."""
    _make(house, chart, MAYA, at=scene.at - timedelta(days=16))
    whole, at = Sections.read(MAYA.as_json() | {"reasons": BREAKFAST}), scene.at - timedelta(days=9)
    plan = save_plan(patient_pk=chart.patient.pk, sections=whole, based_on=1, by=chart.user, at=at)
    for who, hours in ((chart.user, 0), (house.staff[chart.life.primary], 20)):
        confirm_plan(patient_pk=chart.patient.pk, version=plan.version, by=who, at=at + timedelta(hours=hours))
