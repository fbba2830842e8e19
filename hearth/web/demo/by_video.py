"""The evening group, which also meets by video: who has a seat in its room and may stay at home, and who does today."""

from collections.abc import Mapping
from datetime import timedelta

from hearth.consent.models import ConsentKind
from hearth.people.models import Modality
from hearth.sessions import services
from hearth.sessions.models import Attendance, Session
from hearth.sessions.rules.whereabouts import Address
from hearth.web.demo.charts import Chart, sign_consent
from hearth.web.demo.house import Scene

MAY_STAY_AT_HOME = ("Maya Reyes", "Tomás Lindgren")
TODAY = "Tomás Lindgren"


def stay_at_home(scene: Scene, charts: Mapping[str, Chart]) -> None:
    """They agreed to video; where they are is said by the services, for the group that comes next."""
    chosen = [charts[key] for key in MAY_STAY_AT_HOME if key in charts]
    for chart in chosen:
        chart.patient.modality = Modality.EITHER
        chart.patient.save(update_fields=["modality"])
        at = scene.at - timedelta(days=2)
        sign_consent(scene, chart.patient, ConsentKind.TELEHEALTH, chart.user, at=at)
    scene.pile.store()
    groups = Session.objects.standing().filter(
        kind="group", room__isnull=False, ended_at=None, roster__patient__in=[chart.patient for chart in chosen]
    )
    Session.objects.filter(pk__in=groups.values("pk")).update(modality=Modality.EITHER)
    if tomas := charts.get(TODAY):
        rows = Attendance.objects.filter(patient=tomas.patient, session__in=groups, arrived_at=None)
        row = rows.order_by("session__starts_at").first()
        home = tomas.patient
        address = Address(home.street, home.city, home.state, home.postal_code)
        if row is not None:
            at = scene.at - timedelta(minutes=12)
            services.confirm_place(attendance=row, address=address, by=tomas.user, at=at)
