"""The promise clock: inquiries and referrals climb by one rule until somebody answers."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.inquiry import climbing, interviews
from hearth.inquiry.models import Referral
from hearth.inquiry.promise import Rung, rung
from hearth.inquiry.queries import promise
from hearth.inquiry.referral_services import AlreadyDecided, decline, take_referral
from hearth.inquiry.services import log_contact, take_inquiry
from hearth.inquiry.testing import make_inquiry, make_link, portal_form, told
from hearth.outbox.models import Message

DENVER = ZoneInfo("America/Denver")
WEDNESDAY = date(2026, 11, 25)
HOUR = timedelta(hours=1)


def denver(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=DENVER)


@pytest.fixture
def hours(ines, now):
    """Inés takes first conversations on Wednesdays in the morning."""
    return interviews.give_hours(hours=[{"day": 2, "from": "09:00", "to": "12:00"}], by=ines, at=now)


@pytest.mark.parametrize(
    ("minutes", "urgent", "reached"),
    [
        (-61, False, Rung.NOBODY),
        (-60, False, Rung.OWNER),
        (0, False, Rung.LEAD),
        (60, False, Rung.DIRECTOR),
        (-61, True, Rung.OWNER),
        (0, True, Rung.DIRECTOR),
        (900, True, Rung.DIRECTOR),
    ],
)
def test_an_inquiry_climbs_as_its_promise_nears_and_breaks(minutes, urgent, reached):
    promised = denver(WEDNESDAY, 12)
    at = promised + timedelta(minutes=minutes)
    assert rung(received_at=promised - 2 * HOUR, promised_by=promised, at=at, urgent=urgent) is reached


@pytest.mark.parametrize(
    ("minutes", "reached"), [(0, Rung.OWNER), (59, Rung.OWNER), (60, Rung.LEAD), (120, Rung.DIRECTOR)]
)
def test_danger_climbs_on_the_clock_however_far_a_closure_puts_the_promise(minutes, reached):
    came = denver(WEDNESDAY, 2)
    at, promised = came + timedelta(minutes=minutes), came + timedelta(days=5)
    assert rung(received_at=came, promised_by=promised, at=at, urgent=True) is reached
    assert rung(received_at=came, promised_by=promised, at=at, urgent=False) is Rung.NOBODY


SUBJECT = "Someone still waits for an answer"


def mails():
    return sorted(Message.objects.filter(subject=SUBJECT).values_list("to", flat=True))


def test_an_unanswered_inquiry_climbs_from_its_owner_to_the_director_and_each_is_told_once(ines, ruth, walt, now):
    sam = make_inquiry("Sam", at=now)
    late = sam.promised_by
    take_inquiry(inquiry=sam, by=ines, at=now)
    climbing.climb(at=late - timedelta(hours=2))
    assert mails() == []
    for at in (late - timedelta(hours=1), late, late, late + timedelta(hours=1), late + timedelta(days=3)):
        climbing.climb(at=at)
    assert mails() == sorted([ines.email, ruth.email, walt.email])


def test_an_answered_one_or_one_with_a_conversation_to_come_does_not_climb(ines, ruth, hours, now):
    sam, kim = make_inquiry("Sam", at=now), make_inquiry("Kim", at=now)
    log_contact(inquiry=sam, way="call", result="reached", note="", by=ines, at=now)
    interviews.book_interview(inquiry_pk=kim.pk, starts_at=denver(date(2026, 12, 2), 11), at=now)
    climbing.climb(at=now + timedelta(days=2))
    assert mails() == []
    climbing.climb(at=now + timedelta(days=20))
    assert ruth.email in mails()


def test_an_inquiry_that_tells_of_danger_climbs_although_a_conversation_is_to_come(ines, ruth, walt, hours, now):
    kim = make_inquiry("Kim", at=now, answers=told(danger="thoughts"))
    interviews.book_interview(inquiry_pk=kim.pk, starts_at=denver(date(2026, 12, 2), 11), at=now)
    climbing.climb(at=kim.promised_by)
    assert mails() == sorted([ines.email, ruth.email, walt.email])


def test_in_place_of_an_owner_who_left_those_who_answer_are_told(ines, now):
    gone = make_user("Lou Ray", Role.COORDINATOR, organisation=ines.organisation)
    sam = make_inquiry("Sam", at=now)
    take_inquiry(inquiry=sam, by=gone, at=now)
    gone.is_active = False
    gone.save()
    climbing.climb(at=sam.promised_by - timedelta(hours=1))
    assert mails() == [ines.email]


@pytest.fixture
def sent(client, organisation, now, time_machine):
    """A court's referral in the inbox, that tells of no danger."""
    time_machine.move_to(now, tick=False)
    client.post(make_link("mwale@court.example", at=now), portal_form() | {"step": "form", "danger": "no"})
    return Referral.objects.get()


def test_a_referral_is_promised_and_climbs_like_an_inquiry(sent, ines, ruth, walt, organisation, now):
    assert sent.promised_by == promise(house=organisation, at=now)
    climbing.climb(at=sent.promised_by - 2 * HOUR)
    assert mails() == []
    for at in (sent.promised_by - HOUR, sent.promised_by, sent.promised_by, sent.promised_by + HOUR, now + 99 * HOUR):
        climbing.climb(at=at)
    assert mails() == sorted([ines.email, ruth.email, walt.email])
    assert f"/referrals/{sent.pk}/" in Message.objects.filter(subject=SUBJECT).latest("posted_at").body
    assert "Amaya" not in "".join(Message.objects.filter(subject=SUBJECT).values_list("body", flat=True))
    assert Event.objects.filter(verb="referral.climbed").count() == 3


def test_whoever_took_a_referral_is_told_first_and_a_decided_one_climbs_no_more(sent, ines, ruth, now):
    take_referral(referral=sent, by=ruth, at=now)
    climbing.climb(at=sent.promised_by - HOUR)
    assert mails() == [ruth.email]
    decline(referral=sent, reason="Needs detox first.", by=ines, at=now)
    climbing.climb(at=sent.promised_by + 99 * HOUR)
    assert mails() == [ruth.email]
    with pytest.raises(AlreadyDecided):
        take_referral(referral=sent, by=ines, at=now)


def test_a_referral_that_tells_of_danger_stands_one_rung_further_up(sent, ines, ruth, now):
    Referral.objects.update(urgent=True)
    climbing.climb(at=now)
    assert mails() == [ines.email]


def test_intake_takes_a_referral_on_its_page_or_the_board_and_its_promise_is_shown(sent, ines, ruth, dana, as_user):
    page = reverse("inquiry:referral", args=[sent.pk])
    assert "Promised by" in as_user(ines).get(page).text
    assert as_user(dana).post(page, {"step": "take"}).status_code == 403
    as_user(ines).post(page, {"step": "take"})
    assert "Inés Alvarado answers." in as_user(ruth).get(page).text
    as_user(ruth).post(reverse("web:intake-take", args=["referral", sent.pk]))
    sent.refresh_from_db()
    assert sent.taken_by == ruth
    assert "Ruth" in as_user(ines).get("/referrals/").text


def test_a_broken_promise_is_said_on_the_page_the_list_and_the_board(sent, ines, as_user, time_machine):
    time_machine.move_to(sent.promised_by + HOUR, tick=False)
    browser = as_user(ines)
    assert "Say sorry" in browser.get(reverse("inquiry:referral", args=[sent.pk])).text
    for page in ("/referrals/", reverse("web:intake")):
        assert "promise broken" in browser.get(page).text
