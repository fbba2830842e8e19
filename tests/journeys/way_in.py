"""The first half of the way: asking, being referred, admitted, planned for, and given a week that fits."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from hearth.inquiry.tests import bundles
from hearth.people.models import Patient
from hearth.timetable.models import Proposal
from tests.journeys.house import FIRST_MONDAY, House, denver, maya_of, the_worker_works
from tests.journeys.people import PHONE, Person

MAIL = "maya@example.org"
HER_ANSWERS = (
    ("Safe: no thoughts of dying or of hurting anyone",),
    ("None of these",),
    ("None of these",),
    ("Safe, but hard: tension, or others who drink or use",),
    ("Low mood, emptiness", "Loss and grief"),
    *[("Several days",)] * 4,
    ("Most days are hard, but parts of them work",),
    ("Work", "Sleep"),
    ("Weekly therapy, now or before",),
    ("A little",),
    ("Weekday evenings",),
    ("By video",),
    ("English",),
)
"""What Maya says to one question after another, before the one about her state."""


def she_asks_and_is_answered(house: House) -> None:
    """1. A public page, a few questions, a message; and a named person who answers."""
    her = house.person(screen=PHONE)
    her.opens("/")
    her.sees("More support than once a week. Without leaving home.")
    her.follows("Check if this fits")
    her.page.get_by_role("radio", name="Me, and I am 18 or older", exact=True).check()
    her.taps("Begin")
    for chosen in HER_ANSWERS:
        for choice in chosen:
            her.page.locator("[data-part=question]").get_by_text(choice, exact=True).click()
        her.taps("Next")
    her.page.get_by_role("combobox").select_option("CO")
    her.taps("Next")
    her.sees("An intensive outpatient program may fit")
    her.writes("Your first name", "Maya")
    her.chooses("How may we answer?", "Text me")
    her.writes("Phone", "303 555 0117")
    her.writes("Anything you would like to say first", "Evenings are the worst.")
    her.presses("Send")
    her.sees("That was the hard part.")
    her.goes()

    ines = house.person()
    ines.opens("/today/")
    ines.signs_in(house.ines)
    ines.card("Waiting for an answer").get_by_role("link", name="Maya").click()
    ines.looks()
    ines.sees("Evenings are the worst.", "Most days are hard, but parts of them work")
    ines.presses("I take this")
    ines.chooses("How", "Text message")
    ines.chooses("What came of it", "We spoke or wrote with each other")
    ines.writes("What was said and agreed", "Her doctor sends the papers tomorrow.")
    ines.presses("Write it down")
    ines.sees("Her doctor sends the papers tomorrow.")
    ines.opens("/inquiries/")
    ines.sees("answered", "Inés Alvarado")
    ines.goes()


def her_referral_arrives(house: House, folder: Path) -> None:
    """1. A hospital's file is read, shown to a person, and only then becomes a chart."""
    house.it_is(denver(date(2026, 9, 15), "10:00"))
    sent = folder / "from-the-hospital.json"
    sent.write_text(json.dumps(the_hospitals_bundle()))
    ines = house.person(house.ines)
    ines.opens("/referrals/")
    ines.follows("Put files in")
    ines.page.get_by_label("Files").set_input_files(sent)
    ines.presses("Read the files")
    ines.sees("in the inbox")
    ines.opens("/today/")
    ines.follows("1 referral to look at")
    ines.follows("Maya Reyes")
    ines.sees("Recurrent major depression", "Sertraline 50 MG", "Penicillin", "Acme Health Plan", "not sent")
    with house.inside():
        assert not Patient.objects.filter(chosen_name="Maya").exists()
    ines.selects("State they live in", "Colorado")
    ines.presses("Accept")
    ines.sees("Maya is on the way in.")
    ines.goes()


def the_hospitals_bundle() -> dict[str, Any]:
    maya = bundles.patient(
        id="maya",
        name=[{"use": "official", "family": "Reyes", "given": ["Maya"]}],
        birthDate="1997-05-14",
        telecom=[{"system": "phone", "value": "303 555 0117"}, {"system": "email", "value": MAIL}],
    )
    sent: dict[str, Any] = bundles.bundle(
        bundles.condition("Recurrent major depression", "66344007", onsetDateTime="2025-11-03"),
        bundles.condition("Full-time employment (finding)", "160903007", onsetDateTime="2021"),
        bundles.about_her(
            "MedicationRequest",
            status="active",
            intent="order",
            authoredOn="2026-08-01",
            medicationCodeableConcept=bundles.coded("Sertraline 50 MG"),
        ),
        {
            "resourceType": "AllergyIntolerance",
            "patient": {"reference": bundles.ME},
            "code": bundles.coded("Penicillin"),
            "criticality": "high",
        },
        {
            "resourceType": "Coverage",
            "status": "active",
            "beneficiary": {"reference": bundles.ME},
            "subscriberId": "M-1",
            "payor": [{"display": "Acme Health Plan"}],
        },
        person=maya,
    )
    return sent


def she_is_admitted(house: House) -> None:
    """2. Findings, a clinician's signed decision, her own signatures on her phone, the first day."""
    house.it_is(denver(date(2026, 9, 16), "13:00"))
    way_in = f"/admissions/{maya_of(house).pk}/"
    ines = house.person(house.ines)
    ines.opens("/admissions/")
    ines.follows("Open Maya Reyes")
    ines.follows("Record the findings")
    for dimension, rating in zip("123456", ("None", "None", "Moderate", "None", "Mild", "None"), strict=True):
        ines.chooses(f"{dimension}.", rating)
    ines.presses("See what this adds up to")
    ines.sees("Intensive outpatient (2.1)", "more structure than weekly therapy is needed")

    ruth = house.person(house.ruth)
    ruth.opens("/today/")
    ruth.follows("Maya Reyes")
    ruth.ticks("I have reviewed the findings and sign this decision.")
    ruth.presses("Sign the decision")
    ruth.sees("Ruth Okafor, PsyD")
    ruth.goes()

    invite_her_and_her_mother(house, ines)
    her = house.person(screen=PHONE)
    her.reads_mail(MAIL, "Your invitation")
    her.presses("Come in")
    her.sees("Good that you are here.")
    her.follows("Read and sign")
    her.leaves_by(her.page.get_by_role("link", name=re.compile("^(Begin|Go on)$")).first)
    while her.page.get_by_role("button", name="Sign and go on").count():
        her.ticks("I have read this, and I agree.")
        her.writes("Type your name to sign", "Maya Reyes")
        her.presses("Sign and go on")
    her.opens("/consents/")
    her.sees("Everything the program needs from you is signed.")
    her.goes()

    ines.opens(way_in)
    ines.chooses("Program and track", re.compile("Adult evening · Mental health · "))
    ines.writes("First day", FIRST_MONDAY.isoformat())
    ines.writes("Weeks", "14")
    ines.selects("Primary counselor", "Dana Kim")
    ines.presses("Admit")
    ines.sees("Admitted to Adult evening, first day 21 September.")
    ines.goes()


def invite_her_and_her_mother(house: House, ines: Person) -> None:
    ines.opens(f"/help-signing-in/{maya_of(house).pk}/")
    ines.presses("Keep and invite")
    ines.follows("Invite someone close to them")
    ines.writes("Name", "Rosa Reyes")
    ines.writes("E-mail", "rosa@example.org")
    ines.selects("Who they are", "Parent")
    ines.ticks("They themselves want this person invited")
    ines.presses("Send the invitation")
    ines.sees("Rosa Reyes")
    the_worker_works()


def they_agree_on_a_plan(house: House) -> None:
    """3. Goals in her own words, the dose of the program, two signatures."""
    house.it_is(denver(date(2026, 9, 16), "17:00"))
    maya = maya_of(house)
    her = house.person(maya.user, screen=PHONE)
    her.opens("/my/plan/")
    her.sees("10 h a week on 3 days")
    her.writes("What do you want to be different?", "Sleep through the night")
    her.writes("A first small step", "Phone away at ten")
    her.presses("Write it down")
    her.sees("“Sleep through the night”")
    her.presses("I agree to this plan")
    her.goes()

    dana = house.person(house.dana)
    dana.opens("/today/")
    dana.follows("Plan to sign, Maya R.")
    dana.sees("“Sleep through the night”", "Phone away at ten", "3 × 150 min group therapy")
    dana.presses("Sign version 1")
    dana.sees("Signed")
    dana.goes()


def her_week_is_made(house: House) -> None:
    """4. She paints the hours she has; the solver makes everyone's week; a person accepts it."""
    house.it_is(denver(date(2026, 9, 17), "10:00"))
    her = house.person(maya_of(house).user, screen=PHONE)
    her.opens("/my/week/")
    her.follows("Say which hours fit")
    paint(her, first=(0, 16 * 60), last=(4, 20 * 60 + 30))
    her.sees("Marked: 25 hours a week, 0 of them best.")
    her.presses("Keep these hours")
    her.sees("The hours are kept.")
    her.goes()

    ines = house.person(house.ines)
    ines.opens("/timetable/")
    ines.selects("From the week of", "21 September")
    ines.presses("Work out a proposal")
    ines.sees("Being worked out")
    the_worker_works()
    expect(ines.page.get_by_role("button", name="Accept this week")).to_be_visible(timeout=30_000)
    ines.looks()
    ines.sees("Everyone has a place for every hour of their plan.")
    ines.presses("Accept this week")
    ines.sees("The week is accepted.")
    ines.goes()
    with house.inside():
        assert Proposal.objects.get().status == Proposal.Status.ACCEPTED


def paint(person: Person, *, first: tuple[int, int], last: tuple[int, int]) -> None:
    """One stroke over the grid from the half hour `first` to `last`, each (weekday, minutes after midnight)."""
    middles: list[tuple[float, float]] = []
    for number, minutes in (first, last):
        cell = person.page.locator(f"[data-canvas] [data-number='{number}'][data-at='{minutes}']")
        if not middles:
            person.page.locator(f"[data-canvas] [data-number='{number}'][data-at='{minutes + 120}']").evaluate(
                "cell => cell.scrollIntoView({block: 'center'})"
            )
        box = cell.bounding_box()
        assert box is not None
        middles.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    person.page.mouse.move(*middles[0])
    person.page.mouse.down()
    person.page.mouse.move(*middles[1], steps=8)
    person.page.mouse.up()
