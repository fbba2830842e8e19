"""Notes of contacts outside sessions: a call and a talk with a sister, both signed, and a call still to be signed."""

from datetime import timedelta

from hearth.sessions.rules.contacts import Kind
from hearth.sessions.services import begin_contact, save_contact, sign_contact
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

CALL = {
    "about": "Could not sleep before the talk with her manager.",
    "done": "Went through the breathing together; she wrote down what she wants to say.",
    "risk": "none",
    "plan": "Tells on Thursday how it went.",
}
TALK = {
    "who": "Rosa Reyes",
    "relation": "family",
    "said": "Maya sleeps better and eats with them again; on Sundays she is alone.",
    "disclosed": "",
    "risk": "none",
    "plan": "Ask Maya about Sundays, and whether Rosa may be told more.",
}


def write_of_contacts(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """Dana's, about Maya."""
    chart, dana = charts.get("Maya Reyes"), house.staff["Dana Kim"]
    if chart is None:
        return
    written = ((6, Kind.PHONE, CALL), (3, Kind.COLLATERAL, TALK), (2, Kind.PHONE, {"about": CALL["about"]}))
    for days, kind, said in written:
        at = scene.at - timedelta(days=days)
        note = begin_contact(patient=chart.patient.pk, kind=kind, by=dana, at=at)
        save_contact(note=note.pk, said=note.said | {"minutes": "12", "how": "phone"} | said, by=dana, at=at)
        if "plan" in said:
            sign_contact(note=note.pk, by=dana, at=at + timedelta(minutes=20))
