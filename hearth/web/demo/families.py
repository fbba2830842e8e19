"""What families read and ask: Carmen for Lee, answered and waiting, and Alex for Maya."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from hearth.family import asking, lessons
from hearth.people.models import Relationship
from hearth.people.queries import primary_counselor_of
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

READ = {"Lee Castellan": ("what-recovery-asks", "talk-so-it-stays-open"), "Maya Reyes": ("what-recovery-asks",)}
ANSWERED = "Lee has a dentist on Thursday at four. Does he have to move it?"
ANSWER = "He can come half an hour later that day, and we will not count it as missed. Thank you for telling us early."
WAITING = {
    "Lee Castellan": "He says he wants to stop soccer. Should I push him, or let it be for now?",
    "Maya Reyes": "What can I do on the evenings after group? She comes home tired and quiet.",
}


def ask_the_team(scene: Scene, house: House, charts: Mapping[str, Chart]) -> None:
    """As the services do it: an answer of last week, and two questions since yesterday."""
    for name, words in WAITING.items():
        if (chart := charts.get(name)) is None:
            continue
        tie = Relationship.objects.select_related("person").get(patient=chart.patient)
        for number, lesson in enumerate(READ[name]):
            lessons.mark(lesson=lesson, is_read=True, by=tie.person, at=scene.at - timedelta(days=9 - number))
        if name == "Lee Castellan":
            _answered(scene, house, tie, at=scene.at - timedelta(days=6))
        yesterday = scene.moment(scene.today - timedelta(days=1), 19, 20)
        asking.ask(tie=tie.pk, text=words, token=_token(scene), by=tie.person, at=yesterday)


def _answered(scene: Scene, house: House, tie: Relationship, *, at: datetime) -> None:
    row = asking.ask(tie=tie.pk, text=ANSWERED, token=_token(scene), by=tie.person, at=at)
    by = primary_counselor_of(tie.patient) or house.staff["Dana Kim"]
    asking.answer(question=row.pk, words=ANSWER, confirming=True, by=by, at=at + timedelta(hours=5))


def _token(scene: Scene) -> UUID:
    return UUID(int=scene.random.getrandbits(128))
