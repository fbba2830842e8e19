"""A court refers by a link: a hostile paper is refused, a good one reaches intake, and “received” is all it hears."""

from datetime import date

import pytest
import time_machine

from hearth.inquiry.models import Referral
from hearth.lib.testing import a_pdf
from hearth.outbox.models import Message
from tests.journeys.house import House, denver, opened

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"]),
]
NOON = denver(date(2026, 9, 22), "12:00")
CLERK = "mwale@court.example"
SCRIPT = a_pdf(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")


@pytest.fixture
def house(browser, base_url, stored_organisation):
    with (
        time_machine.travel(NOON, tick=True) as clock,
        opened(House(stored_organisation, browser, base_url, clock)) as found,
    ):
        yield found


def test_a_court_refers_by_a_form_with_its_order(house, tmp_path):
    (tmp_path / "order.pdf").write_bytes(a_pdf())
    (tmp_path / "script.pdf").write_bytes(SCRIPT)
    clerk = house.person()
    clerk.opens("/en/about/referrers/")
    clerk.follows("Refer somebody")
    clerk.writes("Your e-mail at work", CLERK)
    clerk.presses("Mail me a link")
    clerk.sees("Look into your mail")
    with house.inside():
        words = Message.objects.get(to=CLERK).body.split()
    link = next(word[word.index("/refer/") :] for word in words if "/refer/" in word)

    clerk.opens(link)
    clerk.chooses("Is the person, or somebody else, in danger right now?", "No")
    clerk.presses("Go on")
    for label, text in (
        ("Your name", "Grace Mwale"), ("Your organization", "Denver Drug Court"), ("Your phone", "303 555 0190"),
        ("First name", "Luz"), ("Family name", "Amaya"), ("What happened, and what do they need?", "Relapsed."),
        ("Dates of court, supervision or release", "Hearing on October 12."),
    ):  # fmt: skip
        clerk.writes(label, text)
    clerk.selects("You write from", "A court or lawyer")
    clerk.chooses("How soon should we call?", "Within a week or so")
    clerk.chooses("Do they know that you write to us?", "Yes, and they want it")
    papers = clerk.page.get_by_label("Attach papers")
    papers.set_input_files(tmp_path / "script.pdf")
    clerk.presses("Send the referral")
    clerk.sees("script.pdf holds scripts", "Nothing was kept. Please choose the files again.")
    with house.inside():
        assert not Referral.objects.exists()
    papers.set_input_files(tmp_path / "order.pdf")
    clerk.presses("Send the referral")
    clerk.sees("Received", "Nothing new")
    clerk.sees_nothing_of("Amaya")

    ines = house.person(house.ines)
    ines.opens("/referrals/")
    ines.follows("Luz Amaya")
    ines.sees("Denver Drug Court", "Hearing on October 12.")
    with ines.page.expect_download() as saved:
        ines.page.get_by_role("link", name="order.pdf").click()
    assert saved.value.path().read_bytes() == a_pdf()
