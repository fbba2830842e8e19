"""Those who were here in the two years before: little of each, so that figures of many people have people in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from hearth.accounts.models import User
from hearth.admission.coverage import sealed_member_id
from hearth.admission.coverage_models import Coverage
from hearth.admission.models import Episode
from hearth.aftercare.followed import DAYS
from hearth.aftercare.models import FollowUp, FollowUpWish
from hearth.inquiry.models import Inquiry
from hearth.measures import instrument as instruments
from hearth.measures import rules
from hearth.measures.models import How, Response
from hearth.measures.testing import answered
from hearth.people.models import Modality, Patient
from hearth.people.services import population_of
from hearth.web.demo import wording
from hearth.web.demo.house import House, Scene
from hearth.web.demo.names import Names
from hearth.web.demo.payers import PAYERS

YEARS = timedelta(days=730)
MEANT = 14  # weeks
PEOPLE = {"adult-evening": (120, 19, 66), "adult-day": (92, 19, 66), "adolescent-after-school": (88, 14, 16)}
"""How many of each program, and from which age to which."""
ENDS = (
    (2, "left"), (6, "stepped_up"), (10, "left"), (3, "stepped_up"), (7, "left"),
    (11, "transferred"), (3, "lost"), (5, "stepped_up"), (9, "left"),
)  # fmt: skip
"""After how many weeks those who did not complete left, and how; by turns."""
TOTALS = {"phq-9": (12, 18, 7), "gad-7": (9, 15, 5), "connection": (4, 9, -4)}
"""From which first total to which, and by how much the last one is lower for those who completed."""
ASKED = (Inquiry.AskedFor.ME, Inquiry.AskedFor.OTHER, Inquiry.AskedFor.WORK, None)


@dataclass(frozen=True, slots=True)
class Past:
    """One person's turn: everything about them follows from it and from chance."""

    pack: str
    turn: int
    starts_on: date
    weeks: int
    reason: str


def remember(scene: Scene, house: House) -> None:
    """Write down those who came before."""
    random = Random(len(PEOPLE))  # noqa: S311 - of its own: nobody else's life changes with theirs
    names = Names(random, taken=scene.names.taken)
    for past in _pasts(scene):
        _write(scene, house, past, names, random)
    scene.pile.store()


def _pasts(scene: Scene) -> Iterator[Past]:
    """Two of five left early. Whoever would still be here is not among them."""
    for pack, (count, _youngest, _oldest) in PEOPLE.items():
        for turn in range(count):
            starts_on = scene.today - timedelta(days=21) - turn * YEARS / count
            weeks, reason = (
                ENDS[(turn // 5 * 2 + (turn % 5 == 3)) % len(ENDS)] if turn % 5 in (1, 3) else (MEANT, "completed")
            )
            if starts_on + timedelta(weeks=weeks) < scene.today:
                yield Past(pack, turn, starts_on, weeks, reason)


def _write(scene: Scene, house: House, past: Past, names: Names, random: Random) -> None:
    ines, ruth = house.staff["Inés Alvarado"], house.staff["Ruth Okafor"]
    _count, youngest, oldest = PEOPLE[past.pack]
    language = "es" if random.random() < 0.2 else "en"
    chosen, family, pronouns = names.next(language)
    born_on = past.starts_on - timedelta(days=366 * random.randint(youngest, oldest) + random.randint(1, 300))
    begins = scene.moment(past.starts_on, 9)
    patient = scene.pile.make(
        Patient, organisation=scene.organisation, chosen_name=chosen, legal_given=chosen, family_name=family,
        pronouns=pronouns, birth_date=born_on, sex=wording.sex_of(pronouns), languages=[language],
        population=population_of(born_on, on=scene.today), phone=f"303 555 {random.randint(1000, 9999)}", state="CO",
        city="Denver", postal_code="80203", modality=Modality.IN_PERSON, joined_at=begins - timedelta(days=5),
    )  # fmt: skip
    stay = scene.pile.make(
        Episode, patient=patient, program=house.programs[past.pack], track="co-occurring", admitted_by=ines,
        admitted_at=begins - timedelta(days=3), starts_on=past.starts_on,
        planned_end_on=past.starts_on + timedelta(weeks=MEANT),
        ended_at=scene.moment(past.starts_on + timedelta(weeks=past.weeks), 20), end_reason=past.reason,
    )  # fmt: skip
    _ask(scene, patient, ines, random, at=begins - timedelta(days=12))
    _pay(scene, past, patient, ines, random)
    _answer(scene, past, patient, ruth, random)
    _follow(scene, past, patient, stay, ruth, random)


def _ask(scene: Scene, patient: Patient, by: User, random: Random, *, at: datetime) -> None:
    asked_for = random.choice(ASKED)
    if asked_for:
        scene.pile.make(
            Inquiry, received_at=at, promised_by=at + timedelta(hours=4), asked_for=asked_for,
            first_name=patient.chosen_name, reach=Inquiry.Reach.CALL, phone=patient.phone,
            status=Inquiry.Status.CLOSED, answered_by=by, answered_at=at + timedelta(hours=2),
            closed_at=at + timedelta(days=7), patient=patient,
        )  # fmt: skip


def _pay(scene: Scene, past: Past, patient: Patient, by: User, random: Random) -> None:
    """Three of four are insured, by two payers more often than by the others; the rest pay what they can."""
    insured = random.random() < 0.75
    row = scene.pile.make(
        Coverage, patient=patient, kind="insurance" if insured else "sliding_scale", rank="primary",
        payer=random.choice((*PAYERS, *PAYERS[:2], *PAYERS[:2])) if insured else "", starts_on=past.starts_on,
        ends_on=past.starts_on + timedelta(weeks=MEANT), recorded_by=by, recorded_at=scene.moment(past.starts_on, 9),
    )  # fmt: skip
    row.member_id = sealed_member_id(row, f"XH{random.randint(10_000_000, 99_999_999)}" if insured else "")


def _answer(scene: Scene, past: Past, patient: Patient, by: User, random: Random) -> None:
    """What was read out to them on the first day, and to most again in the last week."""
    share = 1.0 if past.reason == "completed" else 0.3
    days = (0,) if past.turn % 7 == 0 else (0, 7 * past.weeks - 3)
    for name, (least, most, gain) in TOTALS.items():
        one, first = instruments.get(name), random.randint(least, most)
        for day in days:
            total = first - round(gain * share + random.randint(-2, 2)) if day else first
            answers = dict(zip([item.link_id for item in one.items], answered(name, max(0, total)), strict=True))
            score = rules.score(one, answers, person=rules.Person(age=None, sex=None))
            scene.pile.make(
                Response, patient=patient, instrument=name, version=one.version, language="en", answers=answers,
                total=score.total, subscales=dict(score.subscales), band=score.band or "", is_complete=score.complete,
                answered_by=by, answered_at=scene.moment(past.starts_on + timedelta(days=day), 12), how=How.INTERVIEW,
            )  # fmt: skip


def _follow(scene: Scene, past: Past, patient: Patient, stay: Episode, by: User, random: Random) -> None:
    """One of five did not want to be asked, another said so after the first month; the others answered."""
    answers = random.choice((0, 30, 365, 365, 365))
    ended_on = past.starts_on + timedelta(weeks=past.weeks)
    scene.pile.make(
        FollowUpWish, patient=patient, wants=answers == DAYS[-1], way="call" if answers == DAYS[-1] else "",
        address=patient.phone if answers == DAYS[-1] else "", said_by=by, said_at=scene.moment(ended_on, 12),
    )  # fmt: skip
    for days in DAYS:
        due_on = ended_on + timedelta(days=days)
        if due_on < scene.today:
            at = scene.moment(due_on, 11)
            scene.pile.make(
                FollowUp, episode=stay, patient=patient, due_on=due_on,
                answered_at=at if days <= answers else None, reached_by=by if days <= answers else None,
            )  # fmt: skip
