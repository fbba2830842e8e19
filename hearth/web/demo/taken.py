"""What some of the cast take, one test that was as expected, one that waits for a laboratory, and naloxone given."""

from collections.abc import Iterable
from datetime import time, timedelta

from hearth.accounts.models import User
from hearth.medical import services
from hearth.medical.models import NaloxoneGiven, Reconciliation, mark_of
from hearth.medical.queries import AT_RISK
from hearth.medical.reminding import set_reminder
from hearth.web.demo.answers import licence_of
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

TAKEN = {
    "Tomás Lindgren": (
        ("Buprenorphine 8 mg / naloxone 2 mg film", "One under the tongue every morning", "Opioid use"),
    ),
    "Maya Reyes": (
        ("Sertraline 50 mg", "One in the morning", "Mood"),
        ("Naltrexone 50 mg", "One in the morning", "Cravings"),
    ),
    "Wendell Hargreave": (
        ("Mirtazapine 15 mg", "One at night", "Sleep"),
        ("Lisinopril 10 mg", "One a day", "Blood pressure"),
    ),
    "Grace Oyelaran": (("Fluoxetine 20 mg", "One in the morning", "Mood"),),
}
COMPARED = ("Tomás Lindgren", "Maya Reyes")
REMINDED = {"Maya Reyes": (time(7, 30),), "Wendell Hargreave": (time(8), time(21, 30))}  # at their own times
PANEL = ("alcohol", "buprenorphine", "cocaine", "fentanyl", "opiates")
NOTHING_TAKEN = "Takes nothing by prescription; asked about teas and vitamins, too."
LEFT_OUT = 12  # one in so many is still to be done
GIVEN_TO = {"Tomás Lindgren": "Tomás", "Maya Reyes": "Alex, her partner"}


def compare_lists(scene: Scene, house: House, charts: Iterable[Chart]) -> None:
    """Lists that were compared on the first days, and naloxone given where opioids may come into play; some wait."""
    bev = house.staff["Bev Lindqvist"]
    in_care = [chart for chart in charts if not chart.life.ended_on and chart.life.key not in TAKEN]
    for number, chart in enumerate(in_care):
        at = min(chart.episode.admitted_at + timedelta(days=2), scene.at)
        if number % LEFT_OUT:
            row = scene.pile.make(
                Reconciliation, patient=chart.patient, listed=[], sources=["student"], found=NOTHING_TAKEN, by=bev,
                licence=licence_of(scene, bev), at=at,
            )  # fmt: skip
            scene.pile.deed("medical.reconciled", by=bev, about=row, at=at)
        if chart.episode.track in AT_RISK and (number + 3) % LEFT_OUT:
            given = scene.pile.make(
                NaloxoneGiven, patient=chart.patient, to=chart.patient.chosen_name, taught=True,
                expires_on=scene.today + timedelta(days=600), by=bev, at=at,
            )  # fmt: skip
            scene.pile.deed("medical.naloxone_given", by=bev, about=given, at=at)


def write_what_they_take(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """Of those of the cast who are in the demo, through the services."""
    bev, helen = house.staff["Bev Lindqvist"], house.staff["Helen Cho"]
    for key, lines in TAKEN.items():
        if key not in charts:
            continue
        patient, admitted_at = charts[key].patient, charts[key].episode.admitted_at
        at = max(scene.at - timedelta(days=20), admitted_at + timedelta(hours=2))
        made = [
            services.write_medication(
                patient_pk=patient.pk, name=name, dose=dose, reason=reason, prescriber="", source="label", by=bev, at=at
            )
            for name, dose, reason in lines
        ]
        for moment in REMINDED.get(key, ()):
            set_reminder(at_time=moment, by=charts[key].user, at=at + timedelta(hours=2))
        if key in COMPARED:
            found = "Nothing differed; the pharmacy was called."
            services.reconcile(
                patient_pk=patient.pk,
                sources=["label", "prescriber"],
                found=found,
                shown=mark_of(sorted(made, key=lambda row: row.pk)),
                by=bev,
                at=at + timedelta(hours=1),
            )
        if key in GIVEN_TO:
            expires_on = scene.today + timedelta(days=700)
            services.give_naloxone(
                patient_pk=patient.pk, to=GIVEN_TO[key], taught=True, expires_on=expires_on, by=bev, at=at
            )
    for key, odd, days in (("Tomás Lindgren", "", 9), ("Maya Reyes", "opiates", 1)):
        if key in charts:
            _test(charts[key], by=bev if not odd else helen, odd=odd, days=days, scene=scene)


def _test(chart: Chart, *, by: User, odd: str, days: int, scene: Scene) -> None:
    at = scene.at - timedelta(days=days, hours=2)
    row = services.order_test(
        patient_pk=chart.patient.pk, reason="Agreed in the plan: once a month, on a day nobody knows before.",
        panel=PANEL, is_observed=False, observed_why="", by=by, at=at,
    )  # fmt: skip
    services.go_on(pk=row.pk, step="collected", results={}, words="", by=by, at=at + timedelta(minutes=10))
    results = {one: "positive" if one in (*row.expected, odd) else "negative" for one in PANEL}
    services.go_on(pk=row.pk, step="resulted", results=results, words="", by=by, at=at + timedelta(minutes=30))
