"""The circle in a real browser: a number in five ways, a host's decision and its appeal; alumni who both choose."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from hearth.accounts.roles import Role
from hearth.admission.models import Episode
from hearth.admission.services import end_episode
from hearth.circle import services
from hearth.circle.models import Circle, Post
from hearth.circle.testing import photo_file
from tests.journeys.house import House, denver, opened
from tests.journeys.people import PHONE, Person

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"]),
]
CIRCLE = "/my/circle/"
WAYS = (
    "Call me if it gets loud: 720 555 0142",
    "seven two zero, five five five, zero one four two",
    "7️⃣2️⃣0️⃣ 5️⃣5️⃣5️⃣ 0️⃣1️⃣4️⃣2️⃣",
    "mi número: siete dos cero, cinco cinco cinco, cero uno cuatro dos",
)
FIFTH = "It is written on the back of this one."


@pytest.fixture
def house(browser, base_url, stored_organisation, settings):
    settings.BASE_URL = base_url
    with (
        time_machine.travel(denver(date(2026, 11, 24), "12:00"), tick=True) as clock,
        opened(House(stored_organisation, browser, base_url, clock)) as found,
    ):
        yield found


@pytest.fixture
def maya(house):
    """Maya, in a circle with Jonah and Luis that Ruth and Dana host and in which words are shown at once."""
    with house.inside():
        found = house.join("Maya", "Reyes")
        at = timezone.now()
        for episode in Episode.objects.select_related("patient__user", "program"):
            assert episode.patient.user
            services.join(episode=episode, at=at)
            services.agree(by=episode.patient.user, at=at)
        circle = Circle.objects.get()
        services.name_host(circle=circle, member=house.dana.pk, by=house.ruth, at=at)
        services.keep_hours(circle=circle, hours=circle.hours, reads_first=False, by=house.ruth, at=at)
    return found


def writes(person: Person, words: str, photo: bytes = b"") -> None:
    person.opens("/my/circle/write/")
    person.writes("Your words", words)
    if photo:
        file = FilePayload(name="IMG_0042.jpg", mimeType="image/jpeg", buffer=photo)
        person.page.get_by_label("A photo").set_input_files(file)
        person.writes("What the photo shows", "A card on a table")
    person.presses("Send")


def test_a_number_is_held_in_five_ways_decided_kindly_and_looked_at_again(house, maya):
    her, jonah = house.person(maya.user, screen=PHONE), house.person(house.mates[0].user, screen=PHONE)
    writes(her, "I slept six hours, and it rained.")
    her.sees("Your circle can read it.")
    for words in WAYS:
        writes(her, words)
        her.sees("A host reads it first", "You did nothing wrong")
    writes(her, FIFTH, photo_file())
    her.sees("A photo: a host looks at every one.")
    expect(her.page.get_by_role("img", name="A card on a table")).to_be_visible()
    jonah.opens(CIRCLE)
    jonah.sees("I slept six hours, and it rained.")
    jonah.sees_nothing_of(*WAYS, FIFTH)

    a_host_hides_one(house)
    her.opens(CIRCLE)
    her.leaves_by(her.page.get_by_role("link", name=FIFTH))
    her.sees("A host decided not to show it.", "There is a number on it")
    her.page.get_by_text("Ask for somebody else to look again").click()
    her.writes("Your words", "It is a recipe, look at it again.")
    her.presses("Ask")
    her.sees("Somebody else looks at it again.")

    another_host_shows_it(house)
    jonah.opens(CIRCLE)
    jonah.sees(FIFTH)
    expect(jonah.page.get_by_role("img", name="A card on a table")).to_be_visible()
    jonah.sees_nothing_of(*WAYS)
    with house.inside():
        assert Post.objects.filter(state="held").count() == len(WAYS)


def a_host_hides_one(house: House) -> None:
    dana = house.person(house.dana)
    dana.opens("/circles/")
    dana.leaves_by(dana.page.get_by_role("link", name="Decide").last)
    dana.sees("QR codes")
    dana.chooses("Decision", "Hide it")
    dana.writes("To the writer", "There is a number on it. Tell us in group how it is.")
    dana.presses("Carry out")
    dana.sees("Done. The writer can read what you said.")
    dana.goes()
    house.present.remove(dana)


def another_host_shows_it(house: House) -> None:
    ruth = house.person(house.ruth)
    ruth.opens("/circles/")
    ruth.leaves_by(ruth.page.get_by_role("link", name="Decide").last)
    ruth.sees("The writer asks for somebody else", "It is a recipe, look at it again.")
    ruth.chooses("Decision", "Show it again")
    ruth.presses("Carry out")
    ruth.sees("Done. The writer can read what you said.")


def test_alumni_are_in_touch_only_where_both_said_so(house, maya):
    with house.inside():
        at = timezone.now()
        people = [maya, house.mates[0]]
        for person in people:
            stay = Episode.objects.get(patient=person)
            end_episode(episode=stay, reason="completed", on=at.date(), by=house.ruth, at=at)
            person.user.roles = [Role.ALUMNUS]
            person.user.save()
    house.it_is(denver(date(2026, 11, 25), "12:00"))
    her, jonah = (house.person(person.user, screen=PHONE) for person in people)
    for person, way in ((her, "970 555 0119"), (jonah, "jonah at post.example")):
        person.opens(CIRCLE)
        person.presses("I have read it. Come in")
        person.opens("/my/circle/in-touch/")
        person.writes("How you can be reached", way)
        person.presses("Keep")
    her.opens("/my/circle/in-touch/")
    her.presses("I would like to be in touch Jonah")
    her.sees("You said it. Only you see this.")
    her.sees_nothing_of("jonah at post.example")
    jonah.opens("/my/circle/in-touch/")
    jonah.sees_nothing_of("You both said so", "970 555 0119")
    jonah.presses("I would like to be in touch Maya")
    jonah.sees("You both said so", "970 555 0119")
    her.opens("/my/circle/in-touch/")
    her.sees("You both said so", "jonah at post.example")
    her.presses("Take it back Jonah")
    jonah.opens("/my/circle/in-touch/")
    jonah.sees_nothing_of("You both said so", "970 555 0119")
