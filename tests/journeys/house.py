"""The house in which the whole way takes place: staff, rooms, two students already there, and the clock."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.utils import timezone
from playwright.sync_api import Browser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from hearth.accounts import second_factor
from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role
from hearth.accounts.testing import DEMO_PASSWORD, DEMO_TOTP_SECRET, make_user
from hearth.lib import tenancy
from hearth.people.models import Patient
from hearth.people.services import join_care_team
from hearth.people.testing import make_patient
from hearth.program.models import Program
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, put_on_duty
from tests.journeys.people import DESK, Person

DENVER = ZoneInfo("America/Denver")
FIRST_MONDAY = date(2026, 9, 21)  # fourteen weeks from here, the clocks change on the first of November
ENROLLED = datetime(2026, 1, 5, tzinfo=UTC)


def denver(day: date, clock: str) -> datetime:
    """This wall-clock time on this day in Denver."""
    return datetime.combine(day, time.fromisoformat(clock), DENVER)


@dataclass
class House:
    """The organisation, its people and the browser in which they meet it."""

    organisation: Organisation
    browser: Browser
    base_url: str
    clock: Any  # time-machine's traveller
    ines: User = field(init=False)
    ruth: User = field(init=False)
    dana: User = field(init=False)
    walt: User = field(init=False)
    program: Program = field(init=False)
    mates: list[Patient] = field(default_factory=list)
    present: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.inside():
            self._staff()
            self.program = make_program()
            put_on_duty(self.dana, since=date(2026, 8, 3))
            self.mates.append(self.join("Jonah", "Park", birth_date=date(1992, 3, 9), phone="303 555 0171"))
            self.mates.append(self.join("Luis", "Romero", birth_date=date(1988, 11, 2), phone="303 555 0172"))

    def inside(self):
        """Work on this organisation's rows."""
        return tenancy.within(self.organisation.pk)

    def _staff(self) -> None:
        def hire(name: str, *roles: Role, title: str = "") -> User:
            return make_user(name, *roles, organisation=self.organisation, title=title)

        self.ines = hire("Inés Alvarado", Role.COORDINATOR)
        self.ines.set_password(DEMO_PASSWORD)
        self.ines.save()
        second_factor.enrol_totp(self.ines, DEMO_TOTP_SECRET, at=ENROLLED)
        self.ruth = hire("Ruth Okafor", Role.SUPERVISOR, title="PsyD")
        self.dana = hire("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, title="LPC")
        self.walt = hire("Walt Jensen", Role.DIRECTOR)

    def join(self, chosen: str, family: str, **facts: Any) -> Patient:
        """Somebody who begins in the same week, with a plan and evenings free."""
        at = timezone.now()
        patient = make_patient(chosen, family, at=at, **facts)
        days = {"starts_on": FIRST_MONDAY, "planned_end_on": FIRST_MONDAY + timedelta(weeks=14)}
        episode = make_episode(patient, self.program, by=self.ruth, at=at, **days)
        make_plan(episode, by=self.dana, at=at)
        make_hours(patient, by=self.ines, at=at)
        join_care_team(patient=patient, member=self.dana, role=Role.COUNSELOR, by=self.ruth, at=at, primary=True)
        return patient

    def person(self, user: User | None = None, *, screen=DESK) -> Person:
        """Somebody at a screen; signed in where `user` says who."""
        person = Person(self.browser, self.base_url, screen=screen)
        self.present.append(person)
        return person.comes_as(user) if user else person

    def it_is(self, moment: datetime) -> None:
        """Move the clock of the whole house."""
        self.clock.move_to(moment)

    def closes(self) -> None:
        for person in self.present:
            person.goes()


def the_worker_works() -> None:
    """Carry out every waiting job, as `hearth worker` does, until none is left."""

    async def work() -> None:
        with app.replace_connector(cast(DjangoConnector, app.connector).get_worker_connector()) as worker:
            async with worker.open_async():
                await worker.run_worker_async(wait=False, install_signal_handlers=False, delete_jobs="successful")

    with ThreadPoolExecutor(1) as thread:  # Playwright holds the event loop of this one
        thread.submit(asyncio.run, work()).result()


def maya_of(house: House) -> Patient:
    """She whose way it is, as her chart stands now."""
    with house.inside():
        return Patient.objects.select_related("user").get(chosen_name="Maya")


@contextmanager
def opened(house: House):
    """The house until it closes, also when something went wrong."""
    try:
        yield house
    finally:
        house.closes()
