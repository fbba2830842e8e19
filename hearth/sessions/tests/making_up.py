"""A small program in which sessions are missed and made up for."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hearth.accounts.roles import Role
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.sessions import services
from hearth.sessions.make_ups import options_of
from hearth.sessions.models import Session
from hearth.timetable.models import Kind
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, make_section, put_on_duty

DENVER = ZoneInfo("America/Denver")
MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 8, tzinfo=DENVER)
WEDNESDAY = datetime(2026, 11, 25, 17, 30, tzinfo=DENVER)
UNTIL = MONDAY + timedelta(days=21)


def admitted(name, program, *, counselor, by, at):
    """Somebody in the program, with a plan and the evenings free."""
    person = make_patient(name, "Ortiz", at=at)
    CareTeamMember.objects.create(
        patient=person, member=counselor, role=Role.COUNSELOR, is_primary=True, since=at.date()
    )
    make_plan(make_episode(person, program, by=by, at=at), by=counselor, at=at)
    make_hours(person, by=counselor, at=at)
    return person


class House:
    """Monday evenings with Dana; Wednesdays with Theo, where others sit; an hour alone with Dana on Tuesdays."""

    def __init__(self, dana, theo, ines, *, others=2, capacity=12):
        self.dana, self.ines = dana, ines
        self.program = program = make_program()
        put_on_duty(dana, since=date(2026, 1, 1))
        put_on_duty(theo, since=date(2026, 1, 1), number="LPC.2")
        people = {"counselor": dana, "by": ines, "at": MORNING}
        self.ana = admitted("Ana", program, **people)
        self.others = [admitted(f"Other{number}", program, **people) for number in range(others)]
        self.mondays = make_section(program, dana, [self.ana, *self.others[:1]], on=MONDAY, weekday=0, minutes=150)
        self.wednesdays = make_section(
            program, theo, self.others, on=MONDAY, weekday=2, minutes=150, capacity=capacity, name="Wednesdays"
        )
        alone = {"kind": Kind.INDIVIDUAL, "minutes": 60, "topic": "", "name": "Ana's hour", "capacity": 1}
        self.hour = make_section(program, dana, [self.ana], on=MONDAY, weekday=1, **alone)
        everything = dict.fromkeys((one.pk for one in (self.mondays, self.wednesdays, self.hour)), UNTIL)
        services.make_all_sessions(until=everything, by=ines, at=MORNING)

    def first(self, section):
        return section.sessions.earliest("starts_at")

    def misses(self, section, *, status="absent", who=None):
        """The first session of this section ends without Ana; the place she missed and when that is known."""
        session = self.first(section)
        for row in session.roster.all():
            told = status if row.patient == (who or self.ana) else "present"
            services.mark(attendance=row, status=told, by=self.dana, at=session.ends_at, reason="so it was")
        services.end(session=session, by=self.dana, at=session.ends_at)
        return session.roster.get(patient=who or self.ana), session.ends_at


def offer(house, at):
    services.close_make_ups(organisation=house.dana.organisation, at=at)
    return services.offer_make_ups(organisation=house.dana.organisation, at=at)


def sessions_in(row):
    return [Session.objects.get(pk=one.session) for one in options_of(row) if one.session]
