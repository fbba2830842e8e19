"""The end of the way: completing, and how it is afterwards."""

from datetime import date

from playwright.sync_api import expect
from procrastinate.contrib.django import app

from hearth.admission.models import Episode
from hearth.sessions.models import Session
from tests.journeys.house import House, denver, maya_of, the_worker_works
from tests.journeys.people import PHONE
from tests.journeys.way_through import MAIL, answers


def she_completes(house: House) -> None:
    """8. What was planned and what was attended, the criteria, what comes next, the summary."""
    house.it_is(denver(date(2026, 12, 18), "10:00"))
    maya = maya_of(house)
    her = house.person(maya.user, screen=PHONE)
    her.opens("/my/check-ins/")
    her.follows("Begin Your mood")
    answers(her, (1, 0, 1, 1, 0, 0, 1, 0, 0))
    her.sees("PHQ-9: 4 of 27")
    her.opens("/my/plan/")
    her.follows("Go on with it Sleep through the night")
    her.writes("How far along, 0 to 10", "8")
    her.presses("Keep this")

    dana = house.person(house.dana)
    dana.opens(f"/students/{maya.pk}/")
    dana.sees("Dose by week", "Came to")
    dana.follows("Completion")
    dana.selects("What comes next", "Weekly therapy")
    dana.writes("With whom", "Dr. Ida Voss")
    dana.writes("Their phone", "303 555 0190")
    dana.writes("First appointment", "2026-12-22 09:00")
    dana.writes("We ask how it is going on", "2026-12-23")
    dana.writes("Signs that it is getting harder", "Awake at three, three nights in a row.")
    dana.writes("What helps then", "Call Rosa. Ride the wave.")
    dana.presses("Keep it")

    her.opens("/my/next/")
    her.sees("Dr. Ida Voss", "Awake at three, three nights in a row.")
    her.presses("Yes, this is my plan")
    her.opens("/my/next/asking/")
    her.chooses("May we ask how you are, after a week", "Yes")
    her.chooses("How is it safe?", "E-mail me")
    her.writes("Phone or e-mail that only you read", MAIL)
    her.presses("Keep it")
    dana.opens(f"/students/{maya.pk}/completion/")
    expect(dana.card("1. Is it time?")).not_to_contain_text("not yet")
    dana.selects("How it ends", "Completed the program")
    dana.selects("Level of care from here", "Weekly therapy (1.0)")
    dana.writes("How it went", "From twelve points to four. She sleeps, works and calls her sister.")
    dana.writes("Risk at discharge, and the safety plan", "No thoughts since October; the plan is at hand.")
    dana.writes("Why complete although something is missing", "They looked at her safety plan together on paper.")
    dana.ticks("I sign this summary. It ends the episode.")
    dana.presses("Sign and end the episode")
    dana.sees("Discharge summary (PDF)")
    address = dana.page.get_by_role("link", name="Discharge summary (PDF)").get_attribute("href")
    dana.goes()

    her.opens("/my/next/")
    her.sees("You completed this part.")
    file = her.page.request.get(str(address))
    assert file.headers["content-type"] == "application/pdf"
    assert file.body().startswith(b"%PDF-")
    her.goes()
    with house.inside():
        episode = Episode.objects.get(patient=maya)
        assert episode.end_reason == Episode.EndReason.COMPLETED
        assert not Session.objects.filter(
            roster__patient=maya, starts_at__gt=denver(date(2026, 12, 19), "00:00"), roster__status="expected"
        ).exists()


def she_is_asked_how_she_is(house: House) -> None:
    """8. The dated follow-up goes out by itself and is answered by its link; a person sees the answer."""
    house.it_is(denver(date(2026, 12, 23), "10:05"))
    app.configure_task("aftercare.send_follow_ups").defer(timestamp=0)  # as the worker does every quarter of an hour
    the_worker_works()
    her = house.person(screen=PHONE)
    her.reads_mail(MAIL, "A short question for you")
    her.sees("How are you?")
    her.sees_nothing_of("Maya", "PHQ")
    her.chooses("1. All in all, how are you these days?", "8")
    her.chooses("2. How strong were cravings", "1")
    her.chooses("3. Are you going to your next care", "Yes")
    her.chooses("4. Would you like a call from us?", "No")
    her.presses("Send")
    her.sees("Thank you for telling us.")
    her.goes()
    dana = house.person(house.dana)
    dana.opens("/aftercare/")
    expect(dana.card("Answered")).to_contain_text("Maya Reyes")
    expect(dana.card("Answered")).to_contain_text("fine")
    dana.goes()
