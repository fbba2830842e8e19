"""Somebody else in danger: what Grace said of her nephew was reported at once and waits for a signature."""

from datetime import timedelta

from hearth.safety import services
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

SAID = "Her nephew of eight came for the weekend with bruises again and does not want to go home."
TOLD = (
    "A boy of eight has bruises on both arms, the second time this month, and is afraid to go home."
    " His name, his address, and who is with him now."
)


def look_after_others(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """Where Grace is in the demo."""
    chart = charts.get("Grace Oyelaran")
    if chart is None:
        return
    by, heard_at = house.staff[chart.life.primary], scene.at - timedelta(hours=4)
    concern = services.raise_observation(
        patient_pk=chart.patient.pk, severity="urgent", summary=SAID, dangers=["child"], by=by, at=heard_at
    )
    services.record_contact(
        concern=concern, how="in_person", whom="student", reached=True, words="We called together.", by=by, at=heard_at
    )
    told_at = heard_at + timedelta(minutes=20)
    services.record_danger_told(
        duty=concern.protective_duties.get(),
        whom="Colorado child abuse and neglect hotline, Ms. Ortiz",
        basis="law",
        words=TOLD,
        reference="1182-26",
        told_at=told_at,
        by=by,
        at=told_at,
    )
