"""A tablet of the house in a student's hands: what is due, one question a screen, and nothing else of anybody."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import Browser
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.measures import instrument as instruments
from hearth.measures import kiosk, rules, services
from hearth.measures.concerns import raised_by
from hearth.measures.models import Begun, How, Kiosk, Response
from hearth.measures.testing import make_response
from hearth.program.pack import DueRule
from hearth.safety.models import Concern

HERE = reverse("measures:kiosk")
GIVE_BACK = reverse("accounts:give-back")


@pytest.fixture
def asked(maya, dana, now, time_machine):
    time_machine.move_to(now, tick=False)
    rows = [DueRule("phq-9", True, 7), DueRule("who-5", True, 7)]
    services.follow_rules(patient=maya, rules=rows, started_on=now.date(), by=dana, at=now)
    return maya


def handed_over(patient, by):
    """A browser of its own, on which `by` signed in and which they handed to `patient`."""
    browser = Client()
    browser.force_login(by)
    session = browser.session
    session["second_factor"] = True
    session.save()
    browser.post(reverse("measures:hand-over", args=[patient.pk]))
    return browser


@pytest.fixture
def tablet(asked, dana):
    return handed_over(asked, dana)


def tap(client, do="answer", **more):
    return client.post(HERE, {"do": do, **more}, follow=True)


def answer(client, value, question, instrument="phq-9"):
    return tap(client, answer=value, question=question, instrument=instrument)


def fill_in(client, values, instrument="phq-9"):
    for number, value in enumerate(values, 1):
        answer(client, value, number, instrument)


def test_staff_read_what_will_happen_and_then_hand_the_tablet_over(as_user, asked, dana):
    client = as_user(dana)
    chart = client.get(reverse("measures:of-patient", args=[asked.pk])).text
    link = reverse("measures:hand-over", args=[asked.pk])
    assert f'href="{link}"' in chart
    assert "You are signed out here" in client.get(link).text
    page = client.post(link, follow=True)
    assert page.redirect_chain[-1][0] == HERE
    assert "Hello Maya" in page.text
    assert Event.objects.get(verb="measures.kiosk_handed_over").actor_id == dana.pk


def test_nobody_is_signed_in_on_it_and_back_finds_no_session(tablet, asked, dana):
    assert "_auth_user_id" not in tablet.session
    assert not Browser.objects.filter(user=dana).exists()
    assert tablet.get(HERE)["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    "name", ["web:today", "accounts:sign-in", "accounts:me", "measures:mine", "measures:catalogue"]
)
def test_every_other_page_leads_back_to_the_question(tablet, name):
    assert tablet.get(reverse(name)).url == HERE


def test_the_chart_leads_back_to_the_question_and_an_unknown_address_too(tablet, asked):
    assert tablet.get(reverse("measures:of-patient", args=[asked.pk])).url == HERE
    assert tablet.post("/nowhere/").url == HERE


def test_help_is_open_from_it(tablet):
    assert "988" in tablet.get(reverse("web:help-now")).text
    assert "tel:988" in tablet.get(HERE).text


def test_it_shows_the_chosen_first_name_and_nothing_else_of_them(tablet, asked, now):
    make_response(asked, "gad-7", [3] * 7, at=now - timedelta(days=1))
    page = tablet.get(HERE).text
    assert asked.family_name not in page
    assert str(asked.pk) not in page
    begun = tap(tablet, "begin").text
    assert "Little interest or pleasure in doing things" in begun
    assert "Question 1 of" in begun
    assert "Feeling down" not in begun  # one question a screen


def test_the_questions_come_in_the_students_language(as_user, asked, dana):
    asked.languages = ["es-MX", "en"]
    asked.save()
    client = as_user(dana)
    page = client.post(reverse("measures:hand-over", args=[asked.pk]), follow=True).text
    assert "Hola" in page
    assert 'lang="es"' in tap(client, "begin").text
    assert "Poco interés" in client.get(HERE).text


def test_all_that_is_due_is_answered_and_the_tablet_is_wiped(tablet, asked, dana):
    tap(tablet, "begin")
    fill_in(tablet, [1, 1, 1, 1, 1, 1, 1, 0, 0, 0])
    assert not Response.objects.exists()
    tap(tablet, "send")
    response = Response.objects.get()
    assert (response.patient, response.how, response.answered_by, response.total) == (asked, How.KIOSK, dana, 7)
    assert not Begun.objects.exists()
    fill_in(tablet, [3, 3, 3, 3, 3], "who-5")
    assert "That was all" in tap(tablet, "send").text
    page = tap(tablet, "stop")
    assert page.redirect_chain[-1][0] == GIVE_BACK
    assert "Give the tablet back" in page.text
    assert tablet.get(HERE).url == GIVE_BACK
    assert Response.objects.count() == 2


def test_a_grave_answer_rings_at_once_and_shows_help_even_if_nothing_is_ever_sent(tablet, asked):
    tap(tablet, "begin")
    fill_in(tablet, [1, 1, 1, 1, 1, 1, 1, 0])
    assert not Concern.objects.exists()
    page = answer(tablet, 2, 9)
    row = Concern.objects.get()
    assert (row.patient, row.severity, row.raised_by) == (asked, "urgent", None)
    assert "You told us something important" in page.text
    assert "tell anybody who works here" in page.text
    tap(tablet, "stop")
    assert Concern.objects.get().is_open


def test_sending_it_afterwards_raises_nothing_twice_and_the_concern_is_that_responses(tablet, asked):
    tap(tablet, "begin")
    fill_in(tablet, [1, 1, 1, 1, 1, 1, 1, 0, 2, 0])
    tap(tablet, "send")
    concerns = Concern.objects.all()
    assert len(concerns) == 1
    assert raised_by(Response.objects.get(), concerns) == list(concerns)


OFFER = "Five short questions, if you like"


def tell_of_danger(tablet):
    tap(tablet, "begin")
    fill_in(tablet, [1, 1, 1, 1, 1, 1, 1, 0, 2, 0])
    return tap(tablet, "send").text


def test_after_what_tells_of_danger_the_five_questions_are_offered_below_help_as_on_a_phone(tablet, asked):
    page = tell_of_danger(tablet)
    assert page.index("You told us something important") < page.index(OFFER)
    assert "Question 1 of" not in page
    page = tap(tablet, "follow_up").text
    assert "In the past few weeks, have you wished you were dead?" in page
    fill_in(tablet, [1, 0, 0, 0, 1], "asq")
    phq = Response.objects.get()
    assert [one.severity for one in raised_by(phq, Concern.objects.all())] == ["emergency"]
    page = tap(tablet, "send").text
    assert OFFER not in page
    assert Response.objects.filter(instrument="asq", how=How.KIOSK).exists()
    assert "Question 1 of" in page  # what else is due


def test_the_five_questions_are_asked_once_taken_also_of_who_answered_them_before_on_this_tablet(
    tablet, asked, dana, now, time_machine
):
    services.store_answers(
        patient=asked, instrument_id="asq", answers=[0, 0, 0, 0, None], language="en", by=dana, at=now
    )  # fmt: skip
    time_machine.move_to(now + timedelta(minutes=1), tick=False)
    tell_of_danger(tablet)
    assert "In the past few weeks, have you wished you were dead?" in tap(tablet, "follow_up").text


def test_whoever_would_rather_not_goes_on_with_what_is_due_and_is_not_asked_again(tablet, asked):
    tell_of_danger(tablet)
    page = tap(tablet, "not_now").text
    assert "Question 1 of 5" in page
    assert OFFER not in page
    fill_in(tablet, [3, 3, 3, 3, 3], "who-5")
    assert OFFER not in tap(tablet, "send").text
    assert not Response.objects.filter(instrument="asq").exists()


def test_without_danger_nothing_is_offered_nor_where_the_five_questions_are_due_anyway(tablet, asked, dana, now):
    tap(tablet, "begin")
    fill_in(tablet, [1, 1, 1, 1, 1, 1, 1, 0, 0, 0])
    assert OFFER not in tap(tablet, "send").text
    row = Kiosk.objects.get()
    row.waiting = ["phq-9", "asq"]
    for link_id in "123456789":
        kiosk.answer(row, link_id=link_id, value=2, at=now)
    kiosk.answer(row, link_id="10", value=0, at=now)
    kiosk.send(row, at=now)
    assert (row.waiting, row.offers) == (["asq"], "")


def deal_with(concern, by, at):
    concern.resolved_by, concern.resolved_at, concern.action = by, at, "Talked with them."
    concern.save()


def test_the_next_grave_answer_rings_also_when_the_one_before_was_dealt_with(asked, dana, now):
    row = kiosk.hand_over(patient=asked.pk, by=dana, at=now)
    row.waiting = ["c-ssrs"]
    kiosk.answer(row, link_id="2", value=1, at=now)
    deal_with(Concern.objects.get(), dana, now)
    kiosk.answer(row, link_id="3", value=1, at=now)
    assert [one.severity for one in Concern.objects.filter(resolved_at=None)] == ["urgent"]


def test_an_answer_changed_to_a_graver_one_rings_and_the_same_again_does_not(tablet, asked, dana, now):
    tap(tablet, "begin")
    fill_in(tablet, [1, 1, 1, 1, 1, 1, 1, 0, 1])
    deal_with(Concern.objects.get(), dana, now)
    for value in (1, 3):
        tap(tablet, "back")
        answer(tablet, value, 9)
    assert Concern.objects.count() == 2
    answer(tablet, 0, 10)
    tap(tablet, "send")
    assert Concern.objects.filter(resolved_at=None).count() == 1
    assert len(raised_by(Response.objects.get(), Concern.objects.all())) == 2


def test_what_only_all_the_answers_together_say_rings_as_they_are_sent(asked, dana, now):
    row = kiosk.hand_over(patient=asked.pk, by=dana, at=now)
    row.waiting = ["who-5"]
    for link_id in "12345":
        kiosk.answer(row, link_id=link_id, value=0, at=now)
    assert not Concern.objects.exists()
    kiosk.send(row, at=now)
    assert Concern.objects.get().source_id == Response.objects.get().pk


def test_an_answer_and_its_concern_are_stored_together_or_not_at_all(tablet, asked, monkeypatch, now):
    row = Kiosk.objects.get()

    def fails(**_facts):
        raise RuntimeError

    monkeypatch.setattr("hearth.safety.services.raise_concern", fails)
    with pytest.raises(RuntimeError):
        kiosk.answer(row, link_id="9", value=3, at=now)
    assert not Begun.objects.exists()


def test_half_an_answer_is_kept_and_shows_nothing_of_before_when_it_goes_on(tablet, asked, dana):
    tap(tablet, "begin")
    fill_in(tablet, [3, 2])
    tap(tablet, "stop")
    again = handed_over(asked, dana)
    page = tap(again, "begin").text
    assert "Question 3 of" in page
    assert 'value="back"' not in page
    assert "checked" not in page.split("<main", 1)[1]
    fill_in_rest = [(3, 1), (4, 1), (5, 1), (6, 1), (7, 0), (8, 0), (9, 0), (10, 0)]
    for question, value in fill_in_rest:
        answer(again, value, question)
    tap(again, "send")
    assert Response.objects.get().answers["1"] == 3


def test_half_an_answer_of_last_month_is_asked_anew(tablet, asked, dana, now, time_machine):
    tap(tablet, "begin")
    fill_in(tablet, [3, 2])
    time_machine.move_to(now + timedelta(days=30), tick=False)
    again = handed_over(asked, dana)
    assert "Question 1 of" in tap(again, "begin").text


def test_what_was_answered_on_the_phone_meanwhile_ends_what_was_begun(tablet, asked, now):
    tap(tablet, "begin")
    fill_in(tablet, [3, 2])
    make_response(asked, "phq-9", [0] * 9, at=now)
    assert not Begun.objects.exists()


def test_back_shows_what_was_answered_here_and_it_may_be_changed(tablet, asked):
    tap(tablet, "begin")
    fill_in(tablet, [3])
    page = tap(tablet, "back").text
    assert "Question 1 of" in page
    assert "checked" in page.split("<main", 1)[1]
    answer(tablet, 0, 1)
    assert Begun.objects.get().answers == {"1": 0}


def test_a_second_tap_from_an_older_screen_answers_no_other_question(tablet, asked):
    tap(tablet, "begin")
    answer(tablet, 3, 1)
    answer(tablet, 3, 1)
    assert Begun.objects.get().answers == {"1": 3}


def test_a_question_without_an_answer_is_asked_again_or_declined(tablet, asked):
    tap(tablet, "begin")
    assert tablet.post(HERE, {"do": "answer", "question": "1", "instrument": "phq-9"}).status_code == 422
    tap(tablet, "decline", question=1, instrument="phq-9")
    assert Begun.objects.get().answers == {"1": None}
    assert "Question 2 of" in tablet.get(HERE).text


def test_a_safety_question_declined_counts_as_a_yes_at_once():
    asq = instruments.get("asq")
    assert [one.severity for one in rules.answer_alerts(asq, "2", None)] == ["urgent"]
    assert rules.answer_alerts(asq, "2", 0) == ()
    assert rules.answer_alerts(instruments.get("phq-9"), "9", None) == ()


def test_after_three_quiet_minutes_it_is_wiped(tablet, asked, now, time_machine):
    tap(tablet, "begin")
    fill_in(tablet, [1])
    time_machine.move_to(now + timedelta(minutes=2), tick=False)
    assert tablet.post(HERE, {"do": "still"}).status_code == 204
    time_machine.move_to(now + timedelta(minutes=4), tick=False)
    assert tablet.get(HERE).status_code == 200
    time_machine.move_to(now + timedelta(minutes=8), tick=False)
    page = tablet.get(HERE, follow=True)
    assert page.redirect_chain[-1][0] == GIVE_BACK
    assert not dict(tablet.session)
    assert Kiosk.objects.get().ended_at is not None
    assert Begun.objects.get().answers == {"1": 1}


def test_an_answer_that_comes_as_time_is_over_is_kept_all_the_same(tablet, asked, now, time_machine):
    tap(tablet, "begin")
    fill_in(tablet, [0, 0, 0, 0, 0, 0, 0, 0])
    time_machine.move_to(now + timedelta(minutes=5), tick=False)
    page = answer(tablet, 3, 9)
    assert page.redirect_chain[-1][0] == GIVE_BACK
    assert Concern.objects.get().severity == "urgent"


def test_it_lives_for_minutes_however_busy(tablet, asked, now, time_machine):
    for minutes in range(2, 30, 2):
        time_machine.move_to(now + timedelta(minutes=minutes), tick=False)
        assert tablet.post(HERE, {"do": "still"}).status_code == 204
    time_machine.move_to(now + timedelta(minutes=31), tick=False)
    assert tablet.get(HERE).url == GIVE_BACK


def test_an_answer_tapped_as_its_last_minute_runs_out_is_kept_and_then_it_is_wiped(tablet, asked, now, time_machine):
    tap(tablet, "begin")
    fill_in(tablet, [0, 0, 0, 0, 0, 0, 0, 0])
    for minutes in range(2, 31, 2):
        time_machine.move_to(now + timedelta(minutes=minutes), tick=False)
        assert tablet.post(HERE, {"do": "still"}).status_code == 204
    time_machine.move_to(now + timedelta(minutes=30, seconds=20), tick=False)
    page = answer(tablet, 3, 9)
    assert Concern.objects.get().severity == "urgent"
    assert page.redirect_chain[-1][0] == GIVE_BACK
    assert tablet.get(HERE).url == GIVE_BACK
    assert not dict(tablet.session)


def test_what_a_forgotten_page_fetches_by_itself_is_refused_and_is_no_sign_of_life(tablet, now, time_machine):
    seen = Kiosk.objects.get().seen_at
    time_machine.move_to(now + timedelta(minutes=2), tick=False)
    for headers in ({"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "no-cors"}):
        refused = tablet.get(reverse("web:today"), headers=headers, follow=True)
        assert (refused.status_code, refused["HX-Redirect"]) == (401, HERE)
    assert Kiosk.objects.get().seen_at == seen
    assert tablet.get(reverse("web:today"), headers={"Sec-Fetch-Mode": "navigate"}).url == HERE


def test_who_hands_it_over_is_told_to_close_every_other_tab(as_user, asked, dana):
    page = as_user(dana).get(reverse("measures:hand-over", args=[asked.pk])).text
    assert "Close every other tab and window of Hearth." in page


def test_a_second_tablet_ends_the_first(tablet, asked, dana):
    handed_over(asked, dana)
    assert tablet.get(HERE).url == GIVE_BACK
    assert Kiosk.objects.filter(ended_at=None).count() == 1


def test_only_who_may_write_into_the_chart_hands_it_over(asked, theo, organisation, now):
    for name, role in (("Ada", Role.DIRECTOR), ("Bo", Role.BILLER), ("Cy", Role.FAMILY), ("Di", Role.STUDENT)):
        with pytest.raises(PermissionDenied):
            kiosk.hand_over(patient=asked.pk, by=make_user(f"{name} Other", role, organisation=organisation), at=now)
    with pytest.raises(PermissionDenied):
        kiosk.hand_over(patient=asked.pk, by=theo, at=now)  # a counselor of others


def test_a_browser_that_nobody_handed_over_is_shown_nothing(client, as_user, asked, dana):
    assert client.get(HERE).url == GIVE_BACK
    assert as_user(dana).get(HERE).url == GIVE_BACK


def test_with_nothing_due_there_is_nothing_to_hand_over(as_user, maya, dana, now):
    with pytest.raises(kiosk.NothingDue):
        kiosk.hand_over(patient=maya.pk, by=dana, at=now)
    link = reverse("measures:hand-over", args=[maya.pk])
    assert "Nothing is due" in as_user(dana).get(link).text
    assert as_user(dana).post(link).url == link
