"""The year after completing, in a real browser: asked five times, links that were used, a way back in two taps."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect
from procrastinate.contrib.django import app

from hearth.aftercare import services
from hearth.aftercare.models import FollowUp
from hearth.aftercare.tests.test_services import complete, plan_next
from hearth.inquiry.models import Inquiry
from tests.journeys.house import House, denver, opened, the_worker_works
from tests.journeys.people import PHONE, Person

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"]),
]
COMPLETED = date(2026, 12, 18)
MAIL = "only.hers@post.example"


@pytest.fixture
def house(browser, base_url, stored_organisation, settings):
    settings.DEBUG = True  # for the demo's outbox
    settings.BASE_URL = base_url
    with (
        time_machine.travel(denver(date(2026, 9, 15), "12:00"), tick=True) as clock,
        opened(House(stored_organisation, browser, base_url, clock)) as found,
    ):
        yield found


@pytest.fixture
def maya(house):
    """Maya, who completed the evening program, said yes to being asked, and how."""
    with house.inside():
        found = house.join("Maya", "Reyes")
        house.it_is(denver(COMPLETED, "12:00"))
        at, episode = timezone.now(), found.episodes.get()
        plan_next(episode, by=house.dana, at=at)
        services.say_follow_up_wish(patient=found, wants=True, way="mail", address=MAIL, by=found.user, at=at)
        complete(episode, by=house.dana, at=at)
    return found


def test_the_year_after_completing_and_an_alumnus_who_comes_back(house, maya):
    with house.inside():
        days = sorted(FollowUp.objects.filter(patient=maya).values_list("due_on", flat=True))
    assert [(day - COMPLETED).days for day in days[1:]] == [30, 90, 180, 365]
    for day in days[:-1]:
        her = is_asked(house, day)
        answers(her, well="8", call="No")
        her.sees("Thank you for telling us.")
        link = her.page.url
        her.opens(link)
        her.sees("Would something help now?")  # her own browser knows that it was hers
        her.goes()
        house.present.remove(her)
    a_forwarded_link_tells_nothing(house, link)
    her = is_asked(house, days[-1])
    answers(her, well="3", call="Yes")
    her.sees("Someone will call you.")
    her.presses("A few sessions to freshen up")
    her.sees("Good that you asked.", "you need not tell anything again")
    somebody_finds_her_on_the_board(house)
    she_comes_back_from_her_own_home(house, maya)


def is_asked(house: House, day: date) -> Person:
    """The question goes out by itself on its day, and she opens it from her mail without signing in."""
    house.it_is(denver(day, "10:05"))
    app.configure_task("aftercare.send_follow_ups").defer(timestamp=0)
    the_worker_works()
    her = house.person(screen=PHONE)
    her.reads_mail(MAIL, "A short question for you")
    her.sees("How are you?")
    her.sees_nothing_of("Maya")
    return her


def answers(her: Person, *, well: str, call: str) -> None:
    her.chooses("1. All in all, how are you these days?", well)
    her.chooses("2. How strong were cravings", "1")
    her.chooses("3. Are you going to your next care", "Yes")
    her.chooses("4. Would you like a call from us?", call)
    her.presses("Send")


def a_forwarded_link_tells_nothing(house: House, link: str) -> None:
    other = house.person(screen=PHONE)
    other.opens(link)
    other.sees("This was answered already.")
    other.sees_nothing_of("Maya", "Would something help now?")


def somebody_finds_her_on_the_board(house: House) -> None:
    dana = house.person(house.dana)
    dana.opens("/aftercare/")
    expect(dana.page.locator("main")).to_contain_text("Maya Reyes")
    with house.inside():
        assert Inquiry.objects.filter(patient__chosen_name="Maya", email=MAIL).count() == 1


def she_comes_back_from_her_own_home(house: House, maya) -> None:
    """Signed in as an alumna: two taps, and what is known of her is not asked again."""
    house.it_is(timezone.now() + timedelta(hours=2))
    her = house.person(maya.user, screen=PHONE)
    her.opens("/my/next/")
    her.follows("I would like something")
    her.presses("I want to come back")
    her.sees("Good that you asked.")
    ines = house.person(house.ines)
    ines.opens("/intake/")
    ines.sees("Maya")
