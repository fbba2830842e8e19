"""Those who completed: what comes after, the signed summary, and what they answered when they were asked."""

from datetime import datetime, timedelta

from hearth.admission.models import Episode
from hearth.aftercare import services as aftercare
from hearth.aftercare import transfer
from hearth.aftercare.models import FollowUp, TransitionPlan
from hearth.aftercare.summary import Words
from hearth.aftercare.transfer_consent import terms_of
from hearth.aftercare.transfer_rules import Part
from hearth.audit import services as audit
from hearth.consent.models import ConsentKind
from hearth.consent.testing import sign
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

LOOKED_BACK = "The criteria were looked through together; the missing hours were made up in individual sessions."
PROVIDERS = (
    "Foothills Counseling",
    "Mile High Therapy Collective",
    "Plaza Community Health",
    "Cedar & Sage Counseling",
)
SUMMARY = Words(
    level_at_discharge="1.0",
    course="Took part steadily, practised between sessions and brought others along. Mood and sleep improved.",
    medications="No change during the program; the list was compared with the prescriber's.",
    risk="No thoughts of suicide in the last eight weeks; the safety plan is in their pocket.",
    naloxone="offered",
)


def complete(scene: Scene, house: House, charts: list[Chart]) -> None:
    """Discharge everyone of `charts` who reached the end, through the services, each on their last day."""
    for chart in charts:
        if chart.life.ended_on:
            _discharge(scene, house, chart)
        elif chart.life.key == "Tomás Lindgren":
            _plan_transition(scene, house, chart, days_before=0)
            _agree_to_less(scene, chart)


def _discharge(scene: Scene, house: House, chart: Chart) -> None:
    _plan_transition(scene, house, chart, days_before=10)
    last_day = chart.life.planned_end_on - timedelta(days=1)
    at = scene.moment(last_day, 20, 45)
    counselor = house.staff[chart.life.primary]
    _say_wish(chart, at - timedelta(days=8))
    aftercare.agree_to_transition(episode=chart.episode, by=chart.user, at=at - timedelta(days=8))
    aftercare.discharge(
        episode=chart.episode,
        reason=Episode.EndReason.COMPLETED,
        words=SUMMARY,
        despite=LOOKED_BACK,
        by=counselor,
        at=at,
    )
    transfer.put_together(episode=chart.episode, by=counselor, at=at + timedelta(minutes=5))
    for row in FollowUp.objects.filter(episode=chart.episode, due_on__lt=scene.today).order_by("due_on"):
        _follow_up(scene, house, chart, row)
    _ask_of_the_first_visit(scene, house, chart)


def _agree_to_less(scene: Scene, chart: Chart) -> None:
    """He would rather tell them himself what he was here for and how it is paid."""
    plan = TransitionPlan.objects.select_related("patient__organisation").get(episode=chart.episode)
    parts = frozenset(Part) - {Part.MEASURES, Part.COVERAGE}
    at = scene.at - timedelta(days=1)
    terms = terms_of(plan, parts, today=at.date())
    sign(chart.patient, ConsentKind.RELEASE, by=chart.user, at=at, terms=terms)


def _say_wish(chart: Chart, at: datetime) -> None:
    aftercare.say_follow_up_wish(
        patient=chart.patient, wants=True, way="mail", address=chart.user.email or "", by=chart.user, at=at
    )


def _ask_of_the_first_visit(scene: Scene, house: House, chart: Chart) -> None:
    """Of most somebody knows; of whoever ended last nobody has asked yet."""
    on = chart.life.planned_end_on + timedelta(days=6)
    if on <= scene.today - timedelta(days=10):
        aftercare.note_first_visit(
            episode=chart.episode,
            outcome="yes",
            on=on,
            words="Said so on the phone, and likes her.",
            by=house.staff["Bev Lindqvist"],
            at=scene.moment(on + timedelta(days=2), 11),
        )


def _plan_transition(scene: Scene, house: House, chart: Chart, *, days_before: int) -> None:
    end = chart.life.planned_end_on
    written = scene.moment(end - timedelta(days=days_before), 14) if days_before else scene.at - timedelta(days=2)
    aftercare.write_transition_plan(
        episode=chart.episode,
        by=house.staff[chart.life.primary],
        at=written,
        next_care=TransitionPlan.NextCare.THERAPY,
        next_provider=scene.random.choice(PROVIDERS),
        next_phone="303 555 0188",
        next_at=scene.moment(end + timedelta(days=6), 10),
        follow_up_on=end + timedelta(days=4),
        warning_signs="Skipping breakfast. Not answering messages. “One won't matter.”",
        what_helps="Walking after dinner, the breathing card, calling before it is late.",
        people="Robin, and the Tuesday group's chat.",
    )


def _follow_up(scene: Scene, house: House, chart: Chart, row: FollowUp) -> None:
    """It went out on its day; most answered the day after, some were called, one or two have not answered yet."""
    row.sent_at = scene.moment(row.due_on, 9)
    row.save(update_fields=["sent_at"])
    audit.record("aftercare.follow_up_sent", by=None, about=row, at=row.sent_at)
    at = min(row.sent_at + timedelta(hours=27), scene.at)
    chance = scene.random.random()
    if chance < 0.7:
        answers = {"1": scene.random.randint(5, 9), "2": scene.random.randint(0, 4), "3": 1, "4": 0}
        language = chart.life.languages[0]
        aftercare.answer_follow_up(follow_up=row, answers=answers, language=language, token=None, at=at)
    elif chance < 0.85:
        caller = house.staff["Bev Lindqvist"]
        aftercare.note_contact(
            follow_up=row, note="Reached by phone: doing well, likes the new group.", by=caller, at=at
        )
