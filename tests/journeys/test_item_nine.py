"""A grave answer late in the evening: help at that moment, whoever is on call, and the call of the day after."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from playwright.sync_api import Browser, expect

from hearth.outbox.models import Message
from hearth.people.models import Licence
from hearth.safety.models import Concern, OnCall
from tests.journeys.house import House, denver, opened, the_worker_works
from tests.journeys.people import PHONE, Person

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"]),
]

EVENING = date(2026, 9, 22)
MORNING = EVENING + timedelta(days=1)


@pytest.fixture
def house(browser: Browser, base_url: str, stored_organisation):
    """At eleven in the evening; Ruth, who has a license, is on call."""
    with (
        time_machine.travel(denver(EVENING, "23:00"), tick=True) as clock,
        opened(House(stored_organisation, browser, base_url, clock)) as found,
    ):
        with found.inside():
            held = DateRange(date(2020, 1, 1), date(2030, 1, 1))
            Licence.objects.create(holder=found.ruth, state="CO", discipline="PSY", number="4711", during=held)
            OnCall.objects.create(
                person=found.ruth, starts_at=denver(EVENING, "17:00"), ends_at=denver(MORNING, "09:00"),
                planned_by=found.walt, planned_at=denver(EVENING, "09:00"),
            )  # fmt: skip
        yield found


def answers(phone: Person, *values: str) -> None:
    """One question after another, each with the choice that has this value."""
    for number, value in enumerate(values, 1):
        expect(phone.page.get_by_text(f"Question {number} of {len(values)}")).to_be_visible()
        phone.page.locator(f"[data-question]:visible label.choice:has(input[value='{value}'])").click()


def test_from_item_9_at_eleven_in_the_evening_to_the_call_of_the_day_after(house):
    jonah = house.mates[0]
    phone = house.person(jonah.user, screen=PHONE)
    phone.opens("/my/check-ins/phq-9/")
    answers(phone, "2", "1", "1", "1", "1", "1", "0", "0", "1", "1")
    phone.presses("Send my answers")
    phone.sees("You told us something important", "988")
    phone.sees("Five short questions, if you like")
    phone.sees("Somebody of your team is on call until Wednesday 23 September, 09:00.")

    the_worker_works()
    with house.inside():
        assert Concern.objects.get().patient == jonah
        told = set(Message.objects.filter(channel="mail").values_list("to", flat=True))
        assert {house.ruth.email, house.dana.email} <= told

    house.it_is(denver(EVENING, "23:20"))
    ruth = house.person(house.ruth)
    ruth.opens("/concerns/")
    ruth.sees("On call now: Ruth Okafor")
    ruth.leaves_by(ruth.card("Open").get_by_role("link").first)
    ruth.presses("I take this")
    ruth.chooses("Did you speak with each other?", "Yes, we spoke")
    ruth.writes("In a few words", "At home with his brother. Tired, not alone tonight.")
    ruth.presses("Write it down")
    ruth.chooses("Thoughts of suicide", "Wishes to be dead, no thoughts of suicide")
    ruth.chooses("Means", "No means at hand")
    ruth.chooses("Risk as you judge it", "Moderate")
    ruth.writes("What this rests on", "Says the thought came and went; his brother stays.")
    ruth.chooses("What happens now", "Stays with the plan")
    ruth.writes("Follow-up call on", MORNING.isoformat())
    ruth.presses("Sign")
    ruth.writes("What was done?", "Spoke for twenty minutes; Dana calls tomorrow.")
    ruth.presses("Sign and close this concern")
    ruth.sees("PSY CO 4711")

    house.it_is(denver(MORNING, "10:00"))
    dana = house.person(house.dana)
    dana.opens("/concerns/")
    dana.sees("promised for Wednesday 23 September by Ruth Okafor")
    dana.leaves_by(dana.card("Calls due").get_by_role("link").first)
    dana.chooses("Did you speak with each other?", "Yes, we spoke")
    dana.writes("In a few words", "Slept. Comes to group tonight.")
    dana.presses("Write it down")
    dana.opens("/concerns/")
    dana.sees_nothing_of("Calls due")

    ruth = house.person(house.ruth)  # the supervisor, of the program: what was dealt with, and what becomes of people
    ruth.opens("/concerns/")
    expect(ruth.card("Dealt with")).to_contain_text("Ruth Okafor")
    ruth.opens("/outcomes/")
    ruth.sees("Outcomes")
