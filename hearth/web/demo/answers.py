"""What was answered every two weeks, scored by the measures' own rules, and the concerns that came of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from hearth.accounts.models import User
from hearth.lib.working_hours import CLOSES, OPENS, WORKDAYS
from hearth.measures import instrument as instruments
from hearth.measures import rules
from hearth.measures.concerns import SOURCE
from hearth.measures.instrument import Instrument
from hearth.measures.models import How, Response, Rule
from hearth.safety.models import Concern, ConcernAssessment, ConcernContact, OnCall
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

ITEM_9 = "9"
SHARE = {"phq-9": 1.0, "gad-7": 0.78, "audit-c": 0.42}
"""How other totals follow PHQ-9, as shares of it; WHO-5 runs the other way."""
DEALT_WITH = (
    "Talked the same evening; no plan, no means. Safety plan looked through together, sister is with them tonight.",
    "Called within the hour. Passive thoughts, known from before; next talk moved to tomorrow morning.",
    "ASQ asked at once: non-acute. Agreed on check-in calls until Friday and told the supervisor.",
)
CALLED_AGAIN = "Called within the hour. Passive thoughts, no plan; a safety plan is to be made together tomorrow."
ON_CALL = ("Ruth Okafor", "Dana Kim", "Theo Brandt")
SWAPPED, NOT_PLANNED = -3, 9  # days from today: a turn that somebody else took, a night nobody is planned for
READ_OUT_TO = ("Amina Bashir",)  # at the start of the stay, by the counselor
ON_TABLET = ("Jonah Park",)  # at the start of the stay, in the waiting room
STILL_OPEN = ("Jonah Park", "Amina Bashir")
ASKS_FOR_A_TALK = "Said in the hallway that getting through the weekend alone feels like a lot."


def answer_all(scene: Scene, house: House, charts: list[Chart]) -> None:
    """The answers of everyone in `charts` to every rule of their stay."""
    asked: dict[object, list[str]] = {}
    for rule in scene.pile.of(Rule):
        asked.setdefault(rule.patient_id, []).append(rule.instrument)
    for chart in charts:
        for instrument_id in asked.get(chart.patient.pk, ()):
            instrument = instruments.get(instrument_id)
            if instrument.total == "sum" and not instrument.is_of_guardians:
                _answer(scene, house, chart, instrument)


def notice(scene: Scene, house: House, charts: list[Chart]) -> None:
    """A worry that a colleague wrote down today and nobody has taken yet."""
    chart = next((each for each in charts if each.life.key == "Amina Bashir"), None)
    if chart:
        row = scene.pile.make(
            Concern, patient=chart.patient, source_kind="staff", severity="watch", summary=ASKS_FOR_A_TALK,
            raised_at=scene.at - timedelta(hours=3), raised_by=house.staff["Bev Lindqvist"],
        )  # fmt: skip
        scene.pile.deed(
            "safety.concern_raised", by=row.raised_by, about=row, at=row.raised_at, severity="watch", source="staff"
        )


def _answer(scene: Scene, house: House, chart: Chart, instrument: Instrument) -> None:
    moments = list(_moments(scene, chart, 28 if instrument.id in ("who-5", "audit-c") else 14))
    if chart.life.key == "Maya Reyes" and instrument.id == "phq-9":
        moments.pop()  # something is due for Maya today
    for number, at in enumerate(moments):
        share = number / max(1, len(moments) - 1)
        is_last = number == len(moments) - 1
        _store(scene, house, chart, instrument, share, is_last, at)


def _moments(scene: Scene, chart: Chart, every: int) -> Iterator[datetime]:
    """In the evening of the first day and of every `every`th after, until now or the end of the stay."""
    day, end = chart.life.starts_on, chart.life.lasts_until()
    before_the_end = scene.moment(end - timedelta(days=1), 20)
    while day <= min(scene.today, end):
        at = min(scene.moment(day, scene.random.randint(7, 21), scene.random.randint(0, 59)), before_the_end)
        if at < scene.at:
            yield at
        day += timedelta(days=every)


def _store(
    scene: Scene, house: House, chart: Chart, instrument: Instrument, share: float, is_last: bool, at: datetime
) -> None:
    life = chart.life
    answers = _answers(scene, chart, instrument, share, is_last)
    person = rules.Person(age=chart.patient.age(on=at.date()), sex=chart.patient.sex or None)
    score = rules.score(instrument, answers, person=person)
    how = _how(life.key) if share == 0 else How.SELF
    by = chart.user if how == How.SELF else house.staff[life.primary]
    language = life.languages[0] if life.languages[0] in instrument.forms else "en"
    row = scene.pile.make(
        Response, patient=chart.patient, instrument=instrument.id, version=instrument.version, language=language,
        answers=answers, total=score.total, subscales=dict(score.subscales), band=score.band or "",
        alerts=[{"item": one.item, "reason": one.reason, "severity": one.severity} for one in score.alerts],
        is_complete=score.complete, answered_by=by, answered_at=at, how=how,
    )  # fmt: skip
    own = by == chart.user
    scene.pile.deed("measures.answered", by=by, about=row, at=at, instrument=instrument.id, own=own, how=row.how)
    reasons: dict[str, list[str]] = {}
    for alert in score.alerts:
        reasons.setdefault(alert.severity, []).append(alert.reason)
    for severity, told in reasons.items():
        keep_open = life.key in STILL_OPEN and is_last and instrument.id == "phq-9"
        _concern(scene, house, chart, row, severity, "\n".join([f"{instrument.name}:", *told]), is_open=keep_open)


def _how(key: str) -> How:
    """How this person answered at first."""
    if key in READ_OUT_TO:
        return How.INTERVIEW
    return How.KIOSK if key in ON_TABLET else How.SELF


def _concern(
    scene: Scene, house: House, chart: Chart, source: Response, severity: str, summary: str, *, is_open: bool
) -> None:
    at, counselor = source.answered_at, house.staff[chart.life.primary]
    row = scene.pile.make(
        Concern, patient=chart.patient, source_kind=SOURCE, source_id=source.pk, severity=severity,
        summary=summary[:300], raised_at=at, raised_by=source.answered_by,
    )  # fmt: skip
    scene.pile.deed("safety.concern_raised", by=source.answered_by, about=row, at=at, severity=severity, source=SOURCE)
    _answer_for(scene, row, counselor, at=min(at + timedelta(minutes=45), scene.at), goes_on=is_open)


def _answer_for(scene: Scene, row: Concern, by: User, *, at: datetime, goes_on: bool) -> None:
    """Taken, spoken about and assessed. Where it goes on, a call is due today and it stays open; else it is closed."""
    done = min(at + timedelta(hours=2), scene.at)
    told = scene.random.choice(DEALT_WITH)
    if goes_on:
        told = CALLED_AGAIN
    row.taken_by, row.taken_at, row.tried_at, row.reached_at = by, at, at, at
    scene.pile.make(
        ConcernContact, concern=row, how=ConcernContact.How.PHONE, whom=ConcernContact.Whom.STUDENT, reached=True,
        by=by, at=at,
    )  # fmt: skip
    scene.pile.make(
        ConcernAssessment, concern=row, thoughts=ConcernAssessment.Thoughts.PASSIVE,
        means=ConcernAssessment.Means.NONE, risk=ConcernAssessment.Risk.LOW,
        disposition=ConcernAssessment.Disposition.STAY, plan_reviewed=not goes_on, found=told, by=by,
        licence=licence_of(scene, by), call_on=scene.today if goes_on else None, at=done,
    )  # fmt: skip
    scene.pile.deed("safety.concern_taken", by=by, about=row, at=at)
    if not goes_on:
        row.resolved_by, row.resolved_at, row.action = by, done, told
        scene.pile.deed("safety.concern_resolved", by=by, about=row, at=done)


def licence_of(scene: Scene, by: User) -> str:
    """The licence that `by` signs under, as charts say it."""
    one = scene.licences[by.pk][0]
    return f"{one.discipline} {one.state} {one.number}"


def plan_on_call(scene: Scene, house: House) -> None:
    """A week that is over and two to come: nights, and weekends whole, by turns. One night is not planned yet."""
    turns = [house.staff[name] for name in ON_CALL]
    for number in range(-7, 15):
        day = scene.today + timedelta(days=number)
        if number == NOT_PLANNED:
            continue
        ends_on = day + timedelta(days=1)
        is_weekend = ends_on.weekday() not in WORKDAYS
        person = turns[number % len(turns)]
        took = turns[(number + 1) % len(turns)] if number == SWAPPED else person
        ends = scene.moment(ends_on, CLOSES.hour if is_weekend else OPENS.hour)
        is_over = ends <= scene.at
        scene.pile.make(
            OnCall, person=person, starts_at=scene.moment(day, CLOSES.hour), ends_at=ends,
            planned_by=house.staff["Ruth Okafor"], planned_at=scene.at - timedelta(days=14),
            taken_by=took if is_over else None, taken_at=ends if is_over else None,
        )  # fmt: skip


def _answers(scene: Scene, chart: Chart, instrument: Instrument, share: float, is_last: bool) -> dict[str, int | None]:
    """Answers that add up to where this life is at `share` of the way between its first and its latest total."""
    first, last = chart.life.phq
    phq = first + (last - first) * share + (0 if is_last else scene.random.uniform(-1.8, 1.8))
    top = max(instrument.items[0].values)
    scored = [item for item in instrument.items if item.scored]
    wanted = (27 - phq) / 27 * top * len(scored) if instrument.id == "who-5" else phq * SHARE.get(instrument.id, 0.7)
    values: dict[str, int | None] = {item.link_id: None for item in instrument.items}
    dark = instrument.id == "phq-9" and _has_dark_thoughts(scene, chart, is_last)
    fillable = [item for item in scored if not (instrument.id == "phq-9" and item.link_id == ITEM_9)]
    for item in fillable:
        values[item.link_id] = 0
    if instrument.id == "phq-9":
        values[ITEM_9] = 1 if dark else 0
    left = min(round(wanted) - sum(value or 0 for value in values.values()), top * len(fillable))
    while left > 0:
        item = scene.random.choice([each for each in fillable if (values[each.link_id] or 0) < top])
        values[item.link_id] = (values[item.link_id] or 0) + 1
        left -= 1
    if instrument.id == "phq-9":
        values["10"] = min(3, round(phq / 7))
    return values


def _has_dark_thoughts(scene: Scene, chart: Chart, is_last: bool) -> bool:
    if chart.life.key == "Jonah Park":
        return is_last
    return not is_last and chart.life.course in ("slow", "struggling") and scene.random.random() < 0.12
