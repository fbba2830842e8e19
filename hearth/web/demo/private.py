"""What a clinician keeps to herself: a private note, which nobody else finds."""

from datetime import timedelta

from hearth.sessions.private_notes import Kind
from hearth.sessions.services import keep_private_note
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

WORDS = (
    "I notice how quickly I want to reassure her. When she talks about her daughter she watches my face first."
    " Take this to supervision before I say it to her."
)


def write_privately(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """Dana's own thoughts about Maya."""
    if chart := charts.get("Maya Reyes"):
        keep_private_note(
            patient=chart.patient.pk, kind=Kind.PSYCHOTHERAPY, text=WORDS,
            by=house.staff["Dana Kim"], at=scene.at - timedelta(days=2),
        )  # fmt: skip
