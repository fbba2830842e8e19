"""What waits for an answer in the demo: a change that Maya is offered, a date she cannot come, hours for Lee."""

from datetime import datetime, time, timedelta

from hearth.accounts.models import User
from hearth.people.models import Relationship
from hearth.timetable import services
from hearth.timetable.board import Span
from hearth.timetable.changing import options_for
from hearth.timetable.models import Seat
from hearth.timetable.one_offs import Dates
from hearth.timetable.queries import monday_of
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

AFTER_PRACTICE = tuple(Span(day, 16 * 60 + 30, 20 * 60) for day in (0, 1, 3, 4))


def ask(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """As the services do it, a few hours ago."""
    if maya := charts.get("Maya Reyes"):
        exam = scene.today + timedelta(days=20)
        services.say_cannot_come(
            patient=maya.patient, dates=[Dates(exam, exam)], by=maya.user, at=scene.at - timedelta(hours=7)
        )
        _offer_another_hour(scene, maya, by=house.staff["Walt Jensen"])
    if lee := charts.get("Lee Castellan"):
        carmen = Relationship.objects.select_related("person").get(patient=lee.patient, is_guardian=True).person
        services.suggest_hours(
            patient=lee.patient,
            spans=AFTER_PRACTICE,
            best=AFTER_PRACTICE[:1],
            note="Soccer practice ends at 16:00 now.",
            by=carmen,
            at=scene.at - timedelta(hours=3),
        )


def _offer_another_hour(scene: Scene, chart: Chart, *, by: User) -> None:
    """One of her places at another time, where one fits: her hour alone if it can be, or else a group."""
    monday = monday_of(scene.today) + timedelta(weeks=1 if scene.today.weekday() < 4 else 2)
    seats = Seat.objects.filter(patient=chart.patient).select_related("section")
    for section in sorted((seat.section for seat in seats), key=lambda one: (one.is_group, one.weekday, one.starts)):
        for option in options_for(chart.patient, section, viewer=by, week_of=monday):
            if (option.weekday, option.starts) != (section.weekday, section.starts):
                services.offer_change(
                    patient=chart.patient,
                    section=section,
                    to_section=option.section,
                    weekday=None if option.section else option.weekday,
                    starts=None if option.section else option.starts,
                    from_on=monday,
                    until=datetime.combine(scene.today + timedelta(days=2), time(18), scene.zone),
                    note="It would give you another evening at home. Say no if it does not fit.",
                    by=by,
                    at=scene.at - timedelta(hours=2),
                )
                return
