"""Can we serve them?: asked for an inquiry, a person on their way in, or nobody yet known."""

import json
from datetime import date

import pytest
from django.urls import reverse

from hearth.inquiry.models import Inquiry
from hearth.inquiry.services import receive_inquiry
from hearth.inquiry.testing import make_referral
from hearth.people.testing import make_patient
from hearth.timetable.models import Accommodation, WaitlistEntry
from hearth.timetable.openings import openings
from hearth.timetable.testing import make_hours, make_section

PLACES = "/timetable/places/"


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


@pytest.fixture
def week(class_of_four, evening, team):
    """Maya and Ana in three evening groups and a skills group."""
    dana, theo = team
    seated, start = class_of_four[:2], date(2026, 11, 23)
    for weekday, leader in ((0, dana), (1, theo), (2, dana)):
        make_section(evening, leader, seated, on=start, weekday=weekday, minutes=150)
    make_section(evening, theo, seated, on=start, weekday=3, kind="skills", topic="", minutes=90)
    return evening


def asked(program, *days: int, start: str = "16:00", **changes) -> dict[str, object]:
    typed: dict[str, object] = {
        "kind": f"{program.pk}:mental-health", "languages": ["en"], "modality": "either", "state": "CO"
    }  # fmt: skip
    for day in days:
        typed |= {f"week-{day}-from": [start], f"week-{day}-to": ["21:00"]}
    return typed | changes


def test_a_whole_week_is_shown_with_its_counselor_and_nobody_else(week, ines, as_user):
    page = as_user(ines).post(PLACES, asked(week, 0, 1, 2, 3)).content.decode()
    assert "Yes: a whole week is free" in page
    assert "Dana Kim" in page
    assert "Maya" not in page


def test_one_change_is_named_where_a_whole_week_is_not_free(week, ines, as_user):
    page = as_user(ines).post(PLACES, asked(week, 0, 1, 3)).content.decode()
    assert "Not the whole week, but this much" in page
    assert "If Wednesday 17:30–20:00 could be free, too" in page
    assert "the whole week" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"languages": []}, "Choose at least one."),
        ({"state": ""}, "By video the state decides who may treat them."),
        ({"week-0-to": ["9:00"]}, "Some hours need another look"),
        ({"kind": "x:y"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_looked_for_is_said_beside_the_field(week, ines, as_user, changes, sentence):
    answer = as_user(ines).post(PLACES, asked(week, 0) | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_inquirys_answers_are_taken_over_and_it_can_wait(week, ines, now, as_user):
    answers = {"times": ["evening"], "how": "virtual", "state": "CO", "what": ["anxiety"]}
    told = {"version": 1, "audience": "adult", "answers": answers}
    who = {"first_name": "Sam", "asked_for": "me", "reach": "call", "phone": "303 555 0161", "answers": told}
    receive_inquiry(asked=who, address="192.0.2.1", at=now)
    inquiry, browser = Inquiry.objects.get(), as_user(ines)
    page = browser.get(PLACES, {"inquiry": inquiry.pk}).content.decode()
    assert "Sam" in page
    assert "Yes: a whole week is free" in page  # enough is known to look at once
    assert 'name="week-0-from" value="17:00"' in page
    assert reverse("timetable:places") in browser.get(reverse("inquiry:inquiry", args=[inquiry.pk])).content.decode()

    listed = browser.post(PLACES, asked(week, 0, 1, 2, 3, inquiry=inquiry.pk, do="wait"), follow=True)

    assert "Sam" in listed.content.decode()
    assert WaitlistEntry.objects.get().inquiry_id == inquiry.pk
    twice = browser.post(PLACES, asked(week, 0, 1, 2, 3, inquiry=inquiry.pk, do="wait"))
    assert "on the waitlist already" in twice.content.decode()


def test_the_hours_of_somebody_on_the_way_in_are_taken_over(week, ines, now, as_user):
    pilar = make_patient("Pilar", "Quintanar", at=now)
    make_hours(pilar, by=ines, at=now, hours=[{"day": 5, "from": "09:00", "to": "12:00"}])
    page = as_user(ines).get(PLACES, {"patient": pilar.pk}).content.decode()
    assert 'name="week-5-from" value="09:00"' in page


def test_strangers_and_unknown_people_are_refused(week, dana, maya, ines, as_user):
    assert as_user(dana).get(PLACES).status_code == 403
    assert as_user(maya.user).get(PLACES).status_code == 403
    assert as_user(ines).get(PLACES, {"inquiry": "nonsense"}).status_code == 403


def test_openings_count_whom_all_weekly_groups_could_take(week, class_of_four):
    (found,) = openings(on=date(2026, 11, 24))
    assert (found.part, found.days, found.places) == ("evening", (0, 1, 2), 10)
    assert found.first == date(2026, 11, 30)


def sent(**changes) -> bytes:
    """A referral of a woman of 36 who speaks Spanish and needs an interpreter."""
    speaks = {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "es"}]}, "preferred": True}
    person = {
        "resourceType": "Patient", "id": "ana", "name": [{"family": "Ruiz", "given": ["Ana"]}],
        "birthDate": "1990-05-01", "communication": [speaks], "address": [{"state": "UT"}],
    }  # fmt: skip
    entry = [{"fullUrl": "urn:uuid:ana", "resource": person | changes}]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entry}).encode()


def test_a_referral_leads_to_what_is_known_of_the_persons_needs(week, ines, now, as_user):
    referral, browser = make_referral(sent(), at=now), as_user(ines)
    address = f"{PLACES}?referral={referral.pk}"
    assert address in browser.get(reverse("inquiry:referral", args=[referral.pk])).text
    page = browser.get(address).text
    assert "Ana Ruiz" in page
    assert '<option value="UT" selected>' in page
    assert f'<option value="{week.pk}:mental-health" selected>' in page
    found = browser.post(PLACES, asked(week, 0, 1, 2, 3, referral=referral.pk)).text
    assert "Yes: a whole week is free" in found
    assert "Let them wait" not in found  # before they are taken over nobody waits in their name


def test_what_somebody_needs_to_follow_is_asked_and_kept_for_the_waitlist(week, ines, now, as_user):
    pilar = make_patient("Pilar", "Quintanar", at=now)
    Accommodation.objects.create(
        patient=pilar, interpreting="ase", equipment=["wheelchair"], entered_by=ines, entered_at=now
    )
    browser = as_user(ines)
    page = browser.get(PLACES, {"patient": pilar.pk}).text
    assert '<option value="ase" selected>' in page
    needs = {"interpreting": "ase", "equipment": ["wheelchair"], "patient": pilar.pk}
    found = browser.post(PLACES, asked(week, 0, 1, 2, 3) | needs).text
    assert "Yes: a whole week is free" not in found  # nobody interprets these groups
    browser.post(PLACES, asked(week, 0, 1, 2, 3) | needs | {"do": "wait"})
    stored = WaitlistEntry.objects.get().needs
    assert (stored["interpreting"], stored["equipment"]) == ("ase", ["wheelchair"])


def test_a_referral_is_no_way_round_intakes_door(week, dana, now, as_user):
    referral = make_referral(sent(), at=now)
    assert as_user(dana).get(PLACES, {"referral": referral.pk}).status_code == 403
