"""First conversations at times that are really free, taken once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.inquiry import interviews
from hearth.inquiry.models import Inquiry, Interview
from hearth.inquiry.services import NotWaiting, start_admission, take_inquiry
from hearth.inquiry.slots import Free, starts
from hearth.inquiry.testing import make_inquiry
from hearth.inquiry.ways_out import close
from hearth.lib import tenancy
from hearth.outbox.models import Message
from hearth.people.services import note_death
from hearth.program.models import Booking
from hearth.program.services.booking import book

DENVER = ZoneInfo("America/Denver")
MORNINGS = [{"day": 2, "from": "09:00", "to": "12:00"}, {"day": 3, "from": "09:00", "to": "10:00"}]
WEDNESDAY = date(2026, 11, 25)
TALK = {"asked_for": "work", "first_name": "Sam", "reach": "call", "phone": "303 555 0161", "best_time": "any"}


def denver(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=DENVER)


def test_times_lie_within_the_hours_given_an_hour_apart():
    found = starts(Free(MORNINGS), at=denver(WEDNESDAY, 6), zone=DENVER)
    assert found[:4] == [
        denver(WEDNESDAY, 9),
        denver(WEDNESDAY, 10),
        denver(WEDNESDAY, 11),
        denver(date(2026, 11, 26), 9),
    ]
    assert len(found) == 8  # two weeks


def test_what_is_too_soon_taken_or_on_a_day_away_is_not_offered():
    taken = [(denver(WEDNESDAY, 10, 30), denver(WEDNESDAY, 11))]
    found = starts(Free(MORNINGS, taken, [date(2026, 11, 26)]), at=denver(WEDNESDAY, 7, 30), zone=DENVER)
    assert found[:2] == [denver(WEDNESDAY, 11), denver(date(2026, 12, 2), 9)]


def test_hours_may_last_until_midnight():
    late = [{"day": 2, "from": "22:30", "to": "24:00"}]
    assert starts(Free(late), at=denver(WEDNESDAY, 6), zone=DENVER)[0] == denver(WEDNESDAY, 22, 30)


@pytest.fixture
def hours(ines, now):
    """Inés takes first conversations on Wednesdays and Thursdays in the morning."""
    return interviews.give_hours(hours=MORNINGS, by=ines, at=now)


@pytest.fixture
def _at_that_time(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.mark.usefixtures("_at_that_time")
def test_whoever_wrote_takes_a_time_and_intake_sees_it(client, hours, ines, as_user):
    sent = client.post(reverse("inquiry:talk"), TALK, follow=True)
    assert reverse("inquiry:choose-time") in sent.content.decode()
    page = client.get(reverse("inquiry:choose-time"))
    assert "Wednesday 25 November, 09:00" in page.content.decode()
    booked = client.post(reverse("inquiry:choose-time"), {"starts": page.context["times"][0][0]}).content.decode()
    assert "Wednesday 25 November, 09:00 (America/Denver), with Inés Alvarado." in booked
    assert client.get(reverse("inquiry:choose-time")).url == reverse("inquiry:talk")

    inquiry = Inquiry.objects.get()
    assert "25 November, 09:00" in as_user(ines).get(reverse("inquiry:inquiry", args=[inquiry.pk])).content.decode()
    mail = Message.objects.get(subject="A first conversation was booked with you")
    assert "Sam" not in mail.body
    assert denver(WEDNESDAY, 9) not in interviews.free_times(at=datetime(2026, 11, 24, 23, 48, tzinfo=UTC))


@pytest.mark.usefixtures("_at_that_time")
def test_a_time_that_was_just_taken_is_said_and_the_others_are_shown(client, hours, ines, now):
    client.post(reverse("inquiry:talk"), TALK)
    first = client.get(reverse("inquiry:choose-time")).context["times"][0][0]
    book(people=[ines.pk], start=denver(WEDNESDAY, 9), end=denver(WEDNESDAY, 10), purpose_kind="x", purpose_id=ines.pk)
    page = client.post(reverse("inquiry:choose-time"), {"starts": first})
    assert page.status_code == 422
    assert "This time was just taken." in page.content.decode()
    assert not Interview.objects.exists()


@pytest.mark.usefixtures("_at_that_time")
def test_who_gave_no_phone_number_is_offered_no_time_to_be_called(client, hours):
    by_mail = TALK | {"reach": "mail", "phone": "", "email": "sam@example.org"}
    assert reverse("inquiry:choose-time") not in client.post(reverse("inquiry:talk"), by_mail, follow=True).text
    assert client.get(reverse("inquiry:choose-time")).status_code == 302


def test_somebody_who_did_not_write_takes_no_time(client, hours):
    assert client.post(reverse("inquiry:choose-time"), {"starts": "x"}).url == reverse("inquiry:talk")


def test_free_times_are_found_with_the_same_few_queries(hours, organisation, now, django_assert_num_queries):
    for name in ("Kim Ode", "Lou Ray", "Ben Ash", "Eva Roe"):
        more = make_user(name, Role.COORDINATOR, organisation=organisation)
        interviews.give_hours(hours=MORNINGS, by=more, at=now)
    with django_assert_num_queries(5):
        assert len(interviews.free_times(at=now)[denver(WEDNESDAY, 9)]) == 5


def test_whoever_left_intake_is_offered_to_nobody(hours, ines, now):
    ines.roles = [Role.COUNSELOR]
    ines.save()
    assert interviews.free_times(at=now) == {}


def test_only_intake_gives_hours(as_user, dana, ines):
    page = reverse("inquiry:intake-hours")
    assert as_user(dana).get(page).status_code == 403
    assert as_user(ines).post(page, {"day_1": "9-12"}).status_code == 302
    assert ines.intake_hours.hours == [{"day": 1, "from": "09:00", "to": "12:00"}]
    assert as_user(ines).post(page, {"day_1": "at noon"}).status_code == 422


@pytest.fixture
def booked(hours, now):
    """Sam, whom nobody took, with Inés on Wednesday at nine."""
    sam = make_inquiry("Sam", at=now)
    return interviews.book_interview(inquiry_pk=sam.pk, starts_at=denver(WEDNESDAY, 9), at=now)


def test_who_is_to_hold_the_conversation_answers_for_the_inquiry_unless_a_colleague_does(booked, ines, ruth, now):
    assert (booked.inquiry.taken_by, booked.inquiry.taken_at) == (ines, now)
    kim = make_inquiry("Kim", at=now)
    take_inquiry(inquiry=kim, by=ruth, at=now)
    interviews.book_interview(inquiry_pk=kim.pk, starts_at=denver(WEDNESDAY, 10), at=now)
    kim.refresh_from_db()
    assert kim.taken_by == ruth


def test_closing_an_inquiry_frees_the_hour_still_to_come(booked, ines, now):
    assert denver(WEDNESDAY, 9) not in interviews.free_times(at=now)
    close(who=booked.inquiry, reason="chose_other", note="Found a therapist.", by=ines, at=now)
    assert denver(WEDNESDAY, 9) in interviews.free_times(at=now)
    assert not Interview.objects.exists()
    assert Event.objects.filter(verb="inquiry.interview_dropped").count() == 1


@pytest.mark.parametrize("recorder", ["ruth", "walt"])
def test_the_hour_of_a_conversation_with_somebody_who_has_died_is_free(booked, jonah, recorder, request, now):
    by = request.getfixturevalue(recorder)
    start_admission(inquiry=booked.inquiry, person={}, patient=jonah, by=by, at=now)
    note_death(patient=jonah, died_on=None, by=by, at=now)
    assert denver(WEDNESDAY, 9) in interviews.free_times(at=now)
    assert not Interview.objects.exists()


def test_a_conversation_that_took_place_stays_when_its_inquiry_is_closed(booked, ines):
    close(
        who=booked.inquiry, reason="chose_other", note="Begins.", by=ines, at=booked.starts_at + timedelta(minutes=30)
    )
    assert Interview.objects.exists()


def test_no_time_is_booked_on_an_inquiry_that_is_closed(hours, ines, now):
    sam = make_inquiry("Sam", at=now)
    close(who=sam, reason="not_now", note="", by=ines, at=now)
    with pytest.raises(NotWaiting):
        interviews.book_interview(inquiry_pk=sam.pk, starts_at=denver(WEDNESDAY, 9), at=now, by=ines)
    assert not Booking.objects.exists()


@pytest.mark.usefixtures("_at_that_time")
def test_a_visitor_whose_message_was_closed_meanwhile_is_told_so(client, hours, ines, now):
    client.post(reverse("inquiry:talk"), TALK)
    first = client.get(reverse("inquiry:choose-time")).context["times"][0][0]
    close(who=Inquiry.objects.get(), reason="not_now", note="", by=ines, at=now)
    page = client.post(reverse("inquiry:choose-time"), {"starts": first}, follow=True)
    assert "Your message was dealt with in the meantime." in page.text
    assert page.redirect_chain == [(reverse("inquiry:talk"), 302)]


def test_another_time_is_not_said_to_be_booked_while_one_is_to_come(booked, ines, now):
    same = {"inquiry_pk": booked.inquiry_id, "at": now, "by": ines}
    assert interviews.book_interview(**same, starts_at=booked.starts_at) == booked
    with pytest.raises(interviews.BookedAlready):
        interviews.book_interview(**same, starts_at=denver(WEDNESDAY, 10))
    assert Interview.objects.get() == booked


def test_a_conversation_that_was_missed_is_booked_anew(booked, ines):
    later = denver(date(2026, 12, 2), 9)
    at = booked.ends_at + timedelta(hours=1)
    interviews.book_interview(inquiry_pk=booked.inquiry_id, starts_at=later, at=at, by=ines)
    assert Interview.objects.get().starts_at == later
    said = Event.objects.filter(verb="inquiry.interview_booked").latest("at").detail
    assert datetime.fromisoformat(said["before"]) == booked.starts_at


@pytest.mark.usefixtures("_at_that_time")
def test_intake_lets_go_of_a_time_at_a_button_and_nobody_else_does(booked, ines, dana, as_user):
    page = reverse("inquiry:inquiry", args=[booked.inquiry_id])
    assert as_user(dana).post(page, {"step": "drop_interview"}).status_code == 403
    assert "Let go of this time" in as_user(ines).get(page).text
    assert as_user(ines).post(page, {"step": "drop_interview"}).status_code == 302
    assert "Let go of this time" not in as_user(ines).get(page).text
    assert not Interview.objects.exists()
    assert not Booking.objects.exists()


def test_todays_first_conversations_stand_on_the_page_of_who_holds_them(booked, ines, ruth, as_user, time_machine):
    time_machine.move_to(denver(WEDNESDAY, 7), tick=False)
    assert "09:00–09:45" in as_user(ines).get(reverse("web:today")).text
    assert "First conversations today" not in as_user(ruth).get(reverse("web:today")).text
    time_machine.move_to(denver(date(2026, 11, 26), 7), tick=False)
    assert "First conversations today" not in as_user(ines).get(reverse("web:today")).text


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_forty_who_take_the_same_time_at_once_get_it_once(stored_organisation):
    pk, at = stored_organisation.pk, datetime(2026, 11, 24, 23, 48, tzinfo=UTC)
    with tenancy.within(pk):
        ines = make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
        interviews.give_hours(hours=MORNINGS, by=ines, at=at)
        people = [make_inquiry(f"P{n}", at=at, address=f"192.0.2.{n}").pk for n in range(40)]

    def take(inquiry):
        try:
            with tenancy.within(pk):
                return interviews.book_interview(inquiry_pk=inquiry, starts_at=denver(WEDNESDAY, 9), at=at)
        except interviews.SlotTaken:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        booked = [one for one in threads.map(take, people) if one]
    assert len(booked) == 1
    with tenancy.within(pk):
        assert Interview.objects.count() == Booking.objects.count() == 1
