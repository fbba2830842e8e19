"""What payers approved for some of the students: four weeks at a time, of which some run out in these days."""

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from hearth.accounts.models import User
from hearth.admission.card_models import CardPhoto
from hearth.admission.cards import sealed_picture
from hearth.admission.coverage import sealed_member_id
from hearth.admission.coverage_models import Benefit, Coverage
from hearth.lib.pictures import read
from hearth.sessions.models import Authorisation
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

PAYERS = ("Front Range Health Plan", "Prairie Mutual", "Colorado Access Demo", "Summit Employers' Fund")
HERE = Path(__file__).parent
BLOCK = timedelta(days=28)
DAYS, HOURS = 20, 56  # approved for four weeks


def authorise(scene: Scene, house: House, charts: list[Chart]) -> None:
    """Two of three students have a payer who asks; the newest of some has not been prolonged yet."""
    ines = house.staff["Inés Alvarado"]
    for chart in charts:
        chance = Random(chart.life.key)  # noqa: S311 - the same demo every time, and no secret
        if chance.random() > 0.66:
            _pays_otherwise(scene, chart, ines, chance)
            continue
        payer, in_days = chance.choice(PAYERS), chance.random() < 0.7
        coverage = _insured(scene, chart, ines, chance, payer)
        first = chart.life.starts_on
        until = scene.today + timedelta(days=4 if chance.random() < 0.08 else 30)
        until = min(until, chart.life.lasts_until() - timedelta(days=1))
        while first <= until:
            last = first + BLOCK - timedelta(days=1)
            row = scene.pile.make(
                Authorisation, patient=chart.patient, episode=chart.episode, coverage=coverage, payer=payer,
                number=f"{chance.randint(100000, 999999)}", first_on=first, last_on=last,
                unit="days" if in_days else "hours", approved=DAYS if in_days else HOURS, recorded_by=ines,
                recorded_at=min(scene.at, scene.moment(first, 9)),
            )  # fmt: skip
            scene.pile.deed(
                "sessions.authorisation_recorded", by=ines, about=row, at=row.recorded_at, unit=row.unit,
                approved=row.approved,
            )  # fmt: skip
            first += BLOCK


def _insured(scene: Scene, chart: Chart, ines: User, chance: Random, payer: str) -> Coverage:
    """The insurance that pays first, with what its payer said on the phone."""
    at, life = chart.episode.admitted_at, chart.life
    year = date(scene.today.year, 1, 1)
    row = scene.pile.make(
        Coverage, patient=chart.patient, kind="insurance", rank="primary", payer=payer, plan="Silver 2500",
        group=f"{chance.randint(1000, 9999)}", subscriber=chart.patient.name, relationship="self",
        starts_on=min(year, life.starts_on), recorded_by=ines, recorded_at=at,
    )  # fmt: skip
    row.member_id = sealed_member_id(row, f"XH{chance.randint(10_000_000, 99_999_999)}")
    scene.pile.deed("admission.coverage_kept", by=ines, about=row, at=at)
    said = scene.pile.make(
        Benefit, coverage=row, asked_on=at.date(), spoke_with="Joan, provider line",
        reference=f"C-{chance.randint(100, 999)}", deductible=2500,
        deductible_left=chance.choice((0, 400, 1250)), copay=chance.choice((0, 25, 40)),
        words="IOP is covered with an authorization.", recorded_by=ines, recorded_at=at,
    )  # fmt: skip
    scene.pile.deed("admission.benefit_recorded", by=ines, about=said, at=at, patient=chart.patient.pk)
    if payer == PAYERS[0] and chart.user:
        _photographed(scene, chart, at)
    return row


def _photographed(scene: Scene, chart: Chart, at: datetime) -> None:
    """Both sides of a card made for the demo, sent by the student from their phone."""
    for side in CardPhoto.Side:
        photo = read((HERE / f"card-{side}.jpeg").read_bytes())
        row = scene.pile.make(
            CardPhoto, patient=chart.patient, card=CardPhoto.Card.FIRST, side=side, kind=photo.kind,
            width=photo.width, height=photo.height, sent_by=chart.user, sent_at=at,
        )  # fmt: skip
        row.picture = sealed_picture(row, photo.data)
        scene.pile.deed("admission.card_photo_kept", by=chart.user, about=row, at=at, card=row.card, side=side)


def _pays_otherwise(scene: Scene, chart: Chart, ines: User, chance: Random) -> None:
    """Some pay by what they can afford, some themselves, and of some nobody has asked yet."""
    ways = (("sliding_scale", "20 dollars for each day"), ("self_pay", "90 dollars for each day"), ("", ""))
    kind, terms = ways[0] if chart.life.key == "Maya Reyes" else chance.choice(ways)
    if not kind:
        return
    at = chart.episode.admitted_at
    row = scene.pile.make(
        Coverage, patient=chart.patient, kind=kind, rank="primary", terms=terms, starts_on=chart.life.starts_on,
        recorded_by=ines, recorded_at=at,
    )  # fmt: skip
    row.member_id = sealed_member_id(row, "")
    scene.pile.deed("admission.coverage_kept", by=ines, about=row, at=at)
