"""Stepping down from more days to three, in a real browser: decided, worked out by itself, accepted, and told."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from playwright.sync_api import expect

from hearth.aftercare import stepping
from hearth.outbox.models import Message
from hearth.plan.models import CarePlan
from hearth.program import pack
from hearth.program.models import Program
from hearth.timetable import services
from hearth.timetable.models import Proposal
from tests.journeys.house import FIRST_MONDAY, House, denver, opened
from tests.journeys.people import PHONE

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"]),
]
SECONDS = 2.0  # the solver's time: this week is small
MONDAY = FIRST_MONDAY + timedelta(weeks=7)


@pytest.fixture
def house(browser, base_url, stored_organisation, settings):
    settings.BASE_URL = base_url
    with (
        time_machine.travel(denver(date(2026, 9, 15), "09:00"), tick=True) as clock,
        opened(House(stored_organisation, browser, base_url, clock)) as found,
    ):
        with found.inside():
            day = pack.get("adult-day")
            Program.objects.update(pack=day.id, pack_version=day.version, name="Adult day")
            found.mates += [found.join("Maya", "Reyes"), found.join("Rosa", "Vega")]
            CarePlan.objects.update(signed_by=found.dana, signed_at=timezone.now(), dose=day.dose.as_board())
            services.propose(week_of=FIRST_MONDAY, by=found.walt, at=timezone.now())
        row = solved(found)
        with found.inside():
            services.accept_proposal(proposal=row, by=found.walt, at=timezone.now())
        found.it_is(denver(MONDAY - timedelta(days=6), "12:00"))
        yield found


def solved(house: House) -> Proposal:
    """The waiting week, worked out as a worker does."""
    with house.inside():
        row = Proposal.objects.get(status=Proposal.Status.SOLVING)
    services.solve_proposal(proposal_id=row.pk, organisation_id=house.organisation.pk, seconds=SECONDS, workers=1)
    connections.close_all()
    return row


def test_fewer_days_are_decided_worked_out_accepted_and_told(house):
    maya = next(one for one in house.mates if one.chosen_name == "Maya")
    her, dana, walt = house.person(maya.user, screen=PHONE), house.person(house.dana), house.person(house.walt)
    her.opens(f"/my/week/?week={MONDAY}")
    before = her.page.locator("main").inner_text()

    dana.opens(f"/students/{maya.pk}/completion/go-on/")
    dana.selects("Days a week", "3")
    dana.writes("From the week of", MONDAY.isoformat())
    dana.card("Fewer days a week").get_by_label("Why").fill("Steady for weeks; back at work on two days.")
    dana.presses("Sign fewer days")
    her.opens(f"/my/week/?week={MONDAY}")
    assert her.page.locator("main").inner_text() == before  # nothing changed yet

    with house.inside():
        stepping.ask_for_weeks(today=timezone.localdate(), at=timezone.now())
    walt.opens("/today/")
    expect(walt.card("Fewer days: a week to accept")).to_contain_text("Maya R.")
    solved(house)
    walt.opens("/today/")
    expect(walt.card("Fewer days: a week to accept")).to_contain_text("a week is proposed")
    walt.follows("Maya R.")
    walt.sees("Maya Reyes", "Today and then")
    walt.presses("Accept all of it")

    her.opens("/today/")
    her.sees("Your week changes")
    her.opens(f"/my/week/?week={MONDAY}")
    assert her.page.locator("main").inner_text() != before
    with house.inside():
        assert Message.objects.filter(to=maya.user.email).exists()
    walt.opens("/today/")
    walt.sees_nothing_of("Fewer days: a week to accept")
