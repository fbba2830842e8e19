"""Life skills between sessions: lessons handed out, practice, and a few thoughts looked at from both sides."""

from datetime import timedelta

from hearth.program import pack
from hearth.skills.models import Assignment, Practice, ThoughtRecord
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

TIMES_A_WEEK = {"shining": 4, "steady": 2, "slow": 1, "struggling": 0}
THOUGHTS = {
    "Maya Reyes": (
        "My sister read my message and did not answer.", "She has given up on me.",
        "She sighed on the phone last week.", "She drove me here twice. She answers slowly to everyone.",
        "She may be busy. I can ask her on Sunday.", (("sad", 80, 45), ("ashamed", 60, 30)), True,
    ),
    "Tomás Lindgren": (
        "The foreman asked where I was last spring.", "Everyone knows, and I will lose this job.",
        "People talk.", "He said he was glad I am back.", "I can tell as much as I want to tell.",
        (("afraid", 70, 25),), True,
    ),
    "Amina Bashir": (
        "My heart raced on the bus.", "I am going to faint in front of everyone.", "I felt dizzy.",
        "I have never fainted. It passed after two stops.", "A racing heart is unpleasant, and it passes.",
        (("afraid", 90, 60),), False,
    ),
}  # fmt: skip


def practise_all(scene: Scene, house: House, charts: list[Chart]) -> None:
    """What everyone of `charts` practised in the weeks they have been here."""
    for chart in charts:
        lessons = [each.id for each in pack.get(chart.life.cohort.pattern.pack).lessons if each.language == "en"]
        _hand_out(scene, house, chart, lessons)
        _practise(scene, chart, lessons)
        if chart.life.key in THOUGHTS:
            _look_at_a_thought(scene, chart)


def _hand_out(scene: Scene, house: House, chart: Chart, lessons: list[str]) -> None:
    """This week's lesson, still to be done by those who have not ended."""
    if chart.life.ended_on:
        return
    at = max(chart.episode.admitted_at, scene.at - timedelta(days=2))
    by = house.staff[chart.life.primary]
    lesson = scene.random.choice(lessons)
    row = scene.pile.make(
        Assignment, patient=chart.patient, lesson=lesson, due_on=scene.today + timedelta(days=4), assigned_by=by,
        assigned_at=at,
    )  # fmt: skip
    scene.pile.deed("skills.lesson_assigned", by=by, about=row, at=at, lesson=lesson)


def _practise(scene: Scene, chart: Chart, lessons: list[str]) -> None:
    random, life = scene.random, chart.life
    day, last = life.starts_on, min(scene.today, life.lasts_until())
    while day + timedelta(days=7) < last:
        for _each in range(random.randint(0, TIMES_A_WEEK[life.course])):
            at = scene.moment(day + timedelta(days=random.randint(0, 6)), random.randint(7, 22), random.randint(0, 59))
            before = random.randint(3, 9)
            row = scene.pile.make(
                Practice, patient=chart.patient, lesson=random.choice(lessons), before=before,
                after=max(0, before - random.randint(0, 4)), practised_at=at,
            )  # fmt: skip
            scene.pile.deed("skills.practised", by=chart.user, about=row, at=at, lesson=row.lesson, shared=False)
        day += timedelta(days=7)


def _look_at_a_thought(scene: Scene, chart: Chart) -> None:
    situation, thought, evidence_for, evidence_against, balanced, feelings, shared = THOUGHTS[chart.life.key]
    at = scene.at - timedelta(days=3)
    row = scene.pile.make(
        ThoughtRecord, patient=chart.patient, situation=situation, thought=thought, evidence_for=evidence_for,
        evidence_against=evidence_against, balanced=balanced, is_shared=shared, written_at=at, changed_at=at,
        feelings=[{"name": name, "before": before, "after": after} for name, before, after in feelings],
    )  # fmt: skip
    scene.pile.deed("skills.thought_record_kept", by=chart.user, about=row, at=at, shared=shared)
