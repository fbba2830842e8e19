"""When something goes wrong at a screen: a sentence says so, nothing typed is lost, nothing wrong is kept."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from hearth.accounts.testing import DEMO_PASSWORD
from hearth.inquiry.models import Referral
from hearth.inquiry.tests import bundles
from hearth.people.models import Patient
from hearth.skills.models import ThoughtRecord
from hearth.timetable.models import Availability
from tests.journeys.house import House, denver, opened
from tests.journeys.people import PHONE

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"]),
]

NOON = denver(date(2026, 9, 22), "12:00")


@pytest.fixture
def house(browser, base_url, stored_organisation):
    with (
        time_machine.travel(NOON, tick=True) as clock,
        opened(House(stored_organisation, browser, base_url, clock)) as found,
    ):
        yield found


def test_who_was_away_too_long_signs_in_again_and_goes_on_with_what_was_typed(house):
    jonah = house.mates[0].user
    jonah.set_password(DEMO_PASSWORD)
    jonah.save()
    his = house.person(jonah, screen=PHONE)
    his.opens("/my/skills/thoughts/new/")
    his.writes("What happened?", "The bus left without me.")
    his.writes("Feeling 1", "anger")
    his.writes("How strong was feeling 1, 0 to 100?", "70")
    his.writes("What went through your mind?", "Nobody waits for me.")
    his.sees("Kept on this device until you send it.")

    house.it_is(NOON + timedelta(hours=5))
    his.presses("Keep this")
    his.sees("What you typed is kept on this device. Sign in and go on where you were.")
    his.signs_in(jonah)
    his.sees("We found what you had typed before.")
    expect(his.page.get_by_label("What went through your mind?")).to_have_value("Nobody waits for me.")
    with house.inside():
        assert ThoughtRecord.objects.count() == 0
    his.presses("Keep this")
    his.sees("Nobody waits for me.")
    with house.inside():
        assert ThoughtRecord.objects.get().situation == "The bus left without me."


def test_when_the_server_dies_in_the_middle_of_the_papers_nothing_typed_is_lost(house):
    jonah = house.mates[0]
    paper = f"/my/papers/{jonah.pk}/emergency_contact/"
    his = house.person(jonah.user, screen=PHONE)
    his.opens(paper)
    his.writes("Their name", "Robin Reyes")
    his.writes("Their phone", "303 555 0199")
    his.sees("Kept on this device until you send it.")

    his.page.context.set_offline(True)  # for the phone the same as a server that is gone
    his.taps("Keep it and go on")
    his.page.context.set_offline(False)
    his.opens(paper)
    his.sees("We found what you had typed before.")
    expect(his.page.get_by_label("Their phone")).to_have_value("303 555 0199")
    his.presses("Keep it and go on")
    with house.inside():
        jonah.refresh_from_db()
        assert (jonah.emergency_name, jonah.emergency_phone) == ("Robin Reyes", "303 555 0199")


def test_whoever_signs_in_next_on_the_same_browser_sees_no_draft_of_another(house):
    jonah, luis = (mate.user for mate in house.mates)
    theirs = house.person(jonah, screen=PHONE)
    theirs.opens("/my/skills/urges/new/")
    theirs.writes("What was going on?", "Payday, and the bar on the corner.")
    theirs.sees("Kept on this device until you send it.")

    theirs.comes_as(luis).opens("/my/skills/urges/new/")
    expect(theirs.page.get_by_label("What was going on?")).to_have_value("")
    theirs.comes_as(jonah).opens("/my/skills/urges/new/")
    expect(theirs.page.get_by_label("What was going on?")).to_have_value("Payday, and the bar on the corner.")

    week_later = theirs.page.evaluate("Date.now() / 1000") + timedelta(days=8).total_seconds()
    theirs.page.clock.install(time=week_later)
    theirs.comes_as(luis).opens("/my/skills/urges/new/")
    assert not theirs.page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('hearth.draft.'))")


# As the page of a note keeps what was not saved yet, which is another shape than that of other forms.
A_NOTE = """() => localStorage.setItem(`hearth.draft.${document.body.dataset.owner}.note-1`,
    JSON.stringify({ at: Date.now(), fields: [["text", "They spoke of the week.", 1]] }))"""


def test_signing_out_asks_first_and_then_leaves_nothing_of_what_was_typed(house):
    drafts = "Object.keys(localStorage).filter((key) => key.startsWith('hearth.draft.')).length"
    jonah = house.person(house.mates[0].user, screen=PHONE)
    jonah.opens("/my/skills/urges/new/")
    jonah.writes("What was going on?", "Payday, and the bar on the corner.")
    jonah.sees("Kept on this device until you send it.")
    jonah.page.evaluate(A_NOTE)
    jonah.opens("/me/")
    sign_out = jonah.page.locator("main").get_by_role("button", name="Sign out")
    jonah.page.once("dialog", lambda asked: asked.dismiss())
    sign_out.click()
    assert jonah.page.evaluate(drafts) == 2
    jonah.page.once("dialog", lambda asked: asked.accept())
    jonah.leaves_by(sign_out)
    jonah.sees("You are signed out")
    assert jonah.page.evaluate(drafts) == 0


def test_a_broken_referral_is_refused_in_a_sentence_and_leaves_nothing(house, tmp_path):
    broken = {
        "letter.json": (b"Dear colleague, please see Maya.", "not JSON"),
        "one-resource.json": (bundles.written(bundles.patient()), "not a bundle"),
        "old.json": (bundles.written(bundles.bundle(person=bundles.patient(name=[{"family": ["Ruiz"]}]))), "DSTU2"),
        "tomorrow.json": (bundles.written(bundles.bundle(person=bundles.patient(birthDate="2031-05-01"))), "future."),
        "nobody.json": (bundles.written(bundles.bundle(person=False)), "There is no patient in the file."),
        "large.json": (b" " * 20_000_001, "larger than 20 MB."),
    }
    for name, (sent, _) in broken.items():
        (tmp_path / name).write_bytes(sent)
    ines = house.person(house.ines)
    ines.opens("/referrals/send-in/")
    ines.page.get_by_label("Files").set_input_files([tmp_path / name for name in broken])
    ines.presses("Read the files")
    for name, (_, sentence) in broken.items():
        line = ines.page.get_by_role("listitem").filter(has_text=name)
        expect(line).to_contain_text("refused, nothing stored")
        expect(line).to_contain_text(sentence)
    with house.inside():
        assert Referral.objects.count() == 0
        assert Patient.objects.count() == len(house.mates)


def test_hours_that_overlap_are_explained_and_kept_until_they_fit(house):
    jonah = house.mates[0]
    with house.inside():
        before = Availability.objects.filter(patient=jonah).count()
    his = house.person(jonah.user, screen=PHONE)
    his.opens("/my/hours/")
    his.page.get_by_text("Write the times instead").click()
    monday = his.page.get_by_role("group", name="Monday")
    monday.get_by_text("Another time").click()
    monday.get_by_label("from Monday").last.fill("20:00")
    monday.get_by_label("to Monday").last.fill("20:30")
    his.presses("Keep these hours")
    his.sees("These hours overlap with others on the same day. Make them one.")
    wrong = his.page.locator(".hours-row.wrong")
    expect(wrong.locator("input").first).to_have_value("20:00")
    with house.inside():
        assert Availability.objects.filter(patient=jonah).count() == before

    for field in wrong.locator("input").all():
        field.fill("")
    his.presses("Keep these hours")
    his.sees("The hours are kept.")
    with house.inside():
        newest = Availability.objects.filter(patient=jonah).latest("entered_at")
    assert {"day": 0, "from": "16:00", "to": "21:00"} in newest.hours
    assert json.dumps(newest.hours).count("day") == 5
