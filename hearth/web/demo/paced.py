"""Maya works through something painful with her counselor alone: her choice, a signed checklist, one session so far."""

from datetime import date, timedelta

from hearth.measures.rhythms import add
from hearth.measures.testing import answered, make_response
from hearth.sessions.models import Attendance, SessionKind
from hearth.sessions.queries import CAME
from hearth.skills.services import practise
from hearth.trauma import rules, services
from hearth.trauma.models import NextDayCheck, Processing
from hearth.trauma.texts import choice_text, lines_for
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

HOLDS = {line.id: "yes" for line in lines_for(is_minor=False)} | {"steady": "not_yet"}
SAID = {
    "wants": "Asked for it twice; knows steadying alone is enough.",
    "steady": "Wakes most nights because of it; no drinking in five weeks.",
    "between": "Alma comes over on the evening after; Dana calls if Maya asks.",
}
WHY = "Her sleep will hardly settle before this does. We begin with short sessions and stop early."

ASKED_FOR = "To see with her whether the work on it helps; every four weeks is enough."


def go_at_her_pace(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """From the talk three weeks ago to the day after her newest individual session."""
    chart = charts.get("Maya Reyes")
    if chart is None:
        return
    mine = Attendance.objects.filter(patient=chart.patient, session__kind=SessionKind.INDIVIDUAL, status__in=CAME)
    past = mine.filter(session__ends_at__lt=scene.at).select_related("session__facilitator")
    place = past.order_by("-session__starts_at", "pk").first()
    if place is None:
        return
    leader, at = place.session.facilitator, scene.at - timedelta(days=21)
    training = services.record_training(
        holder_pk=leader.pk,
        method="written-exposure",
        trained_where="Front Range Trauma Institute",
        trained_on=date(scene.today.year - 2, 5, 17),
        by=house.staff["Walt Jensen"],
        at=scene.at - timedelta(days=120),
    )
    pk, own = chart.patient.pk, chart.user
    services.offer_choice(patient_pk=pk, by=leader, at=at)
    services.choose(what="work", digest=choice_text("en").digest, by=own, at=at + timedelta(hours=5))
    services.say_signal(patient_pk=pk, words="My hand flat on the table", by=own, at=at + timedelta(hours=6))
    add(patient_pk=pk, instrument_id="pcl-5", rhythm="four_weeks", reason=ASKED_FOR, by=leader, at=at)
    make_response(chart.patient, "pcl-5", answered("pcl-5", 41), at=at + timedelta(hours=7))
    signed_at = place.session.starts_at - timedelta(days=2)
    for days, before, after in ((12, 6, 4), (9, 7, 4), (5, 5, 3)):
        practised_at = signed_at - timedelta(days=days)
        practise(
            patient=chart.patient, lesson_id="feet-on-the-floor", before=before, after=after, by=own, at=practised_at
        )
    services.sign_readiness(
        patient_pk=pk, holds=HOLDS, said=SAID, begins=True, words=WHY, by=leader, at=signed_at
    )  # fmt: skip
    begun_at = place.session.starts_at + timedelta(minutes=8)
    row = Processing.objects.create(
        attendance=place,
        patient=chart.patient,
        training=training,
        stop_signal="My hand flat on the table",
        by=leader,
        begun_at=begun_at,
        before=6,
        before_own=True,
        after=4,
        after_own=True,
        ending=Processing.Ending.GROUNDED,
        ended_words="Named five things in the room, cold water; Alma picked her up.",
        closed_at=place.session.ends_at,
    )
    window = rules.day_after(place.session.starts_at, zone=scene.zone)
    check = NextDayCheck.objects.create(
        processing=row,
        patient=chart.patient,
        due_on=window.day,
        opens_at=window.opens_at,
        answer_by=window.answer_by,
        named=leader,
    )
    said_at = window.opens_at + timedelta(hours=1, minutes=12)
    if said_at < scene.at:
        services.answer_check(
            pk=check.pk, night="broken", distress=4, safe="yes", wants_call=False, by=own, at=said_at
        )  # fmt: skip
