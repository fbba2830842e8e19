"""What the cast told of themselves before they were admitted, signed since; who waits for that, and who is half-way."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from hearth.accounts.models import User
from hearth.background.models import Background, BackgroundAnswer, BackgroundLook
from hearth.background.queries import answers_now
from hearth.background.questionnaire import questions
from hearth.background.rules import read
from hearth.background.services import finish, sign
from hearth.background.testing import answer_all
from hearth.inquiry.services import receive_inquiry, start_admission
from hearth.inquiry.testing import told
from hearth.people.models import Patient
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene
from hearth.web.demo.taken import TAKEN

SAFE = {"danger": "no", "others": "no", "home": "safe", "before_now": "never", "means": ["none"]}
CALM = {
    "in_the_way": "some",
    "safe_here": ["door", "step_out"],
    "conditions": "None that I know.",
    "taking": "takes_none",
}
USUAL = SAFE | CALM | {
    "brings": "I could not go on like this, and my family saw it too.", "what": ["depression", "stress"],
    "since": "year", "daily": "slipping", "parts": ["work", "sleep"], "substances": ["none"], "before": ["weekly"],
    "helped": "Somebody who asked and then waited for the answer.", "lives_with": ["partner"], "support": "little",
    "doing": ["work"], "pressing": ["none"], "legal": ["none"], "good_at": "I am there when somebody calls.",
    "hoped": "To wake up without dread.", "history_seen": "Oriented, tearful at times, thinking clear.",
}  # fmt: skip
OWN: dict[str, dict[str, object]] = {
    "Maya Reyes": {
        "brings": "My daughter asked why I never have breakfast with her.", "what": ["depression", "substances"],
        "substances": ["alcohol"], "use": "most_days", "last_use": "Three glasses of wine, Saturday night.",
        "stopping": ["shakes"], "overdose": "never", "lives_with": ["partner", "children"], "support": "some",
        "close": "Alma, my sister. Alex, when we are not tired.", "doing": ["work", "home"],
        "doing_words": "Hotel front desk, days. They change my shifts on Fridays.",
        "caring": "My daughter, four. Alex can take evenings.", "good_at": "Baking. Making my daughter laugh.",
        "hoped": "Evenings that I remember.", "keeps_away": "A shift that changes on short notice.",
        "craving": ["naltrexone"],
        "substances_seen": "Wine, two to five glasses on most evenings, first use at 17, longest time without 5 weeks.",
    },
    "Jonah Park": {"brings": "My phone rings and I hide from it.", "lives_with": ["alone"], "support": "nobody",
                   "legal": ["probation"], "legal_hours": "Home by nine; my officer can change that."},
    "Tomás Lindgren": {"substances": ["alcohol", "opioids"], "use": "stopped", "overdose": "long_ago",
                       "naloxone": "have", "craving": ["buprenorphine"], "legal": ["probation"],
                       "legal_hours": "Officer on the first Tuesday, ten o’clock."},
    "Rosa Montenegro": {
        "brings": "No duermo desde que murió mi hermano.", "helped": "Cantar. Hablar con el padre Julio.",
        "hoped": "Dormir sin miedo.", "good_at": "Cocino para quien haga falta.", "conditions": "La presión.",
        "faith": "yes", "matters": "La iglesia y el coro son mi casa.", "since": "months",
        "history_seen": "Duelo; ánimo bajo, pensamiento claro.",
    },
    "Lee Castellan": {"brings": "I stopped eating lunch at school.", "lives_with": ["parents"], "doing": ["school"],
                      "doing_words": "Tenth grade.", "good_at": "Guitar, mostly at night.",
                      "body": ["eating", "sleep"]},
    "Wendell Hargreave": {"conditions": "High blood pressure."},
}  # fmt: skip
SUMMARY = {
    "en": "A person who kept going for others and ran out of strength. Symptoms are moderate and hold back work and"
    " home; no danger now, and support that can carry part of it. Structure on several days a week and work on sleep"
    " come first. They want this and say what could keep them away; we plan around that.",
    "es": "Una persona que siguió adelante por los demás y se quedó sin fuerzas. Los síntomas son moderados; ahora no"
    " hay peligro, y hay apoyo. Primero, estructura varios días por semana y trabajo con el sueño. Lo desea y dice qué"
    " podría impedirle venir; planificamos a partir de eso.",
}
CHECKED = {"what": ["depression", "stress"], "daily": "slipping", "parts": ["sleep", "work"], "before": ["weekly"],
           "support": "little", "danger": "no", "home": "safe"}  # fmt: skip


def tell_of_themselves(scene: Scene, house: House, charts: dict[str, Chart], named: tuple[str, ...]) -> None:
    """Signed assessments of the named; Elias told us things in the self-check, and stopped in the middle here."""
    for key in named:
        chart = charts[key]
        _signed(scene, house, chart)
    _half_way(scene, house.staff["Inés Alvarado"])
    _told(scene)


def _signed(scene: Scene, house: House, chart: Chart) -> None:
    counselor, language = house.staff[chart.life.primary], chart.life.languages[0]
    at = scene.moment(chart.life.starts_on - timedelta(days=6), 19)
    takes = {"taking": "as_written"} if chart.life.key in TAKEN else {}
    said = USUAL | takes | OWN.get(chart.life.key, {})
    own = {name: value for name, value in said.items() if not name.endswith("_seen")}
    row = scene.pile.make(
        Background, patient=chart.patient, version=1, questions=questions().version, begun_by=chart.user, begun_at=at,
        told_at=at + timedelta(minutes=12),
    )  # fmt: skip
    scene.pile.deed("background.begun", by=chart.user, about=row, at=at, version=1)
    _answered(scene, row, own, by=chart.user, at=at)
    scene.pile.deed("background.told", by=chart.user, about=row, at=at + timedelta(minutes=12), version=1)
    seen = {name: value for name, value in said.items() if name.endswith("_seen")}
    _answered(scene, row, seen, by=counselor, at=at + timedelta(hours=14))
    scene.pile.store()
    sign(
        patient_pk=chart.patient.pk, summary=SUMMARY["es" if language == "es" else "en"],
        seen=answers_now(chart.patient), language=language, by=counselor, at=at + timedelta(hours=14, minutes=30),
    )  # fmt: skip


def _answered(scene: Scene, row: Background, said: Mapping[str, object], *, by: User, at: datetime) -> None:
    """What `by` said, section by section; none of it is grave."""
    own = by.pk == row.patient.user_id
    for section in questions().sections:
        values = {item.id: read(item, said[item.id]) for item in section.items if item.id in said}
        for name, value in values.items():
            scene.pile.make(
                BackgroundAnswer, background=row, patient=row.patient, item=name, value=value, own=own, by=by, at=at
            )
        if values:
            scene.pile.make(BackgroundLook, background=row, section=section.id, own=own, by=by, at=at)
            scene.pile.deed(
                "background.answered", by=by, about=row, at=at, section=section.id, own=own, answers=len(values)
            )


def _half_way(scene: Scene, ines: User) -> None:
    elias = Patient.objects.get(chosen_name="Elias", family_name="Norgaard")
    assert elias.user is not None
    at = scene.at - timedelta(days=2)
    asked = {
        "first_name": "Elias", "asked_for": "me", "reach": "call", "phone": "303 555 0171",
        "words": "Since the layoff I sleep three hours.", "answers": told("adult", **CHECKED),
    }  # fmt: skip
    inquiry = receive_inquiry(asked=asked, address="192.0.2.41", at=at)
    start_admission(inquiry=inquiry, person={}, patient=elias, by=ines, at=at + timedelta(hours=1))
    here = {"brings": "Since the layoff I sleep three hours.", "what": ["depression", "stress"], "since": "months"}
    answer_all(elias, here | SAFE | {"substances": ["cannabis"]}, by=elias.user, at=scene.at - timedelta(hours=20))


def _told(scene: Scene) -> None:
    """Pilar has said that this is all: a clinician completes and signs it."""
    pilar = Patient.objects.get(chosen_name="Pilar", family_name="Quintanar")
    assert pilar.user is not None
    at = scene.at - timedelta(hours=9)
    answer_all(pilar, {name: said for name, said in USUAL.items() if not name.endswith("_seen")}, by=pilar.user, at=at)
    finish(patient_pk=pilar.pk, by=pilar.user, at=at + timedelta(minutes=11))
