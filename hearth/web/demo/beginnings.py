"""What is in the way of some students' coming, and who sees to it."""

from datetime import timedelta

from hearth.admission.barriers import change_barrier, note_barrier, possible_owners
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

IN_THE_WAY = (
    ("Wendell Hargreave", "ride", "Bus pass for the first month; he lives far from the stop.", 2, ""),
    ("Wendell Hargreave", "device", "A tablet to borrow, with data.", 4, ""),
    ("Amina Bashir", "childcare", "Her sister takes the little one on Mondays; Thursdays are open.", -1, ""),
    ("Maya Reyes", "papers", "Two pay stubs, for what she can afford.", -20, "They came; 20 dollars a day."),
    ("Jonah Park", "curfew", "Ask his officer for 21:30 on group nights.", 3, ""),
)
"""Whose, what kind, in which words, in how many days, and what became of it."""


def smooth_the_way(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """Each has an owner who may open the chart: Bev where she is on the team, else who admitted them."""
    ines, bev = house.staff["Inés Alvarado"], house.staff["Bev Lindqvist"]
    for name, kind, words, days, became in IN_THE_WAY:
        patient = charts[name].patient
        owner = bev if bev in possible_owners(patient) else ines
        at = scene.at - timedelta(days=25 if became else 5)
        told = {"kind": kind, "words": words, "owner": owner, "due_on": scene.today + timedelta(days=days)}
        row = note_barrier(patient=patient, told=told, by=ines, at=at)
        if became:
            change_barrier(row=row, told={}, became=became, by=ines, at=at + timedelta(days=6))
