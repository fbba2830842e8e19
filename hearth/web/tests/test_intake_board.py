"""The intake board on real rows: true columns, deeds that move a card, doors, and as quick for many as for few."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission.testing import make_assessment, make_episode
from hearth.aftercare.way_back import ask_back
from hearth.audit.models import Event
from hearth.inquiry import interviews, services, ways_out
from hearth.inquiry.models import Inquiry, WayOut
from hearth.inquiry.referral_services import accept
from hearth.inquiry.testing import make_inquiry, make_referral
from hearth.inquiry.tests.bundles import whole_bundle, written
from hearth.lib import tenancy
from hearth.measures.small_numbers import FEWEST
from hearth.people.testing import make_patient
from hearth.timetable.board import Span
from hearth.timetable.newcomer_needs import Needs
from hearth.timetable.services import join_waitlist
from hearth.timetable.testing import make_program
from hearth.web.intake.board import board
from hearth.web.intake.figures import figures
from hearth.web.intake.rules import Column

BOARD = reverse("web:intake")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


@pytest.fixture
def sam(organisation, now):
    return make_inquiry("Sam", at=now - HOUR, words="It is too much since the divorce.")


@pytest.fixture
def pilar(organisation, now):
    """Pilar has a chart and is on her way in."""
    return make_patient("Pilar", "Quintanar", at=now - DAY)


def where(viewer, now, **asked):
    """The names in each column that is not empty."""
    columns, _owners = board(viewer=viewer, at=now, **asked)
    return {one.column.value: [card.name for card in one.cards] for one in columns if one.cards}


def move(card, to, kind="inquiry"):
    return reverse("web:intake-move", args=[kind, card.pk, to])


def test_everyone_stands_where_the_rows_say(ines, dana, sam, pilar, now):
    make_referral(written(whole_bundle()), at=now)
    elias = make_patient("Elias", "Norgaard", at=now)
    make_assessment(elias, by=dana, at=now)
    make_episode(make_patient("Noa", "Begun", at=now - 3 * DAY), by=dana, at=now, admitted_at=now - DAY)
    make_episode(make_patient("Old", "Stay", at=now - 90 * DAY), by=dana, at=now)
    found = where(ines, now)
    assert "Sam" in found["new"]
    assert len(found["new"]) == 2
    assert (found["contacted"], found["assessed"], found["admitted"]) == (["Pilar Q."], ["Elias N."], ["Noa B."])


def test_those_straight_in_are_counted_without_a_card(ruth, dana, now):
    for number in range(FEWEST):
        make_episode(make_patient(f"Noa {number}", "Begun", at=now - 3 * DAY), by=dana, at=now, admitted_at=now - DAY)
    make_episode(make_patient("Old", "Chart", at=now - 100 * DAY), by=dana, at=now, admitted_at=now - DAY)
    (direct,) = (row for row in figures(viewer=ruth, at=now) if row.source == "direct")
    assert (direct.total, direct.admitted) == (FEWEST, 1)


def test_a_contact_moves_the_card_by_the_form_that_logs_it(as_user, ines, sam, now):
    browser = as_user(ines)
    assert browser.get(move(sam, "contacted")).status_code == 200
    assert browser.post(move(sam, "contacted"), {"way": "call", "result": "reached"}).url == BOARD
    assert where(ines, now) == {"contacted": ["Sam"]}
    assert sam.contacts.count() == 1


def test_intake_books_a_time_and_is_asked_first(as_user, ines, ruth, sam, now):
    for member in (ruth, ines):
        interviews.give_hours(hours=[{"day": 3, "from": "09:00", "to": "10:00"}], by=member, at=now)
    browser = as_user(ines)
    page = browser.get(move(sam, "booked"))
    starts = page.context["form"].fields["starts"].choices[0][0]
    assert browser.post(move(sam, "booked"), {"starts": starts}).url == BOARD
    assert where(ines, now) == {"booked": ["Sam"]}
    assert sam.interview.member == ines
    assert "Sam" not in str(Event.objects.get(verb="inquiry.interview_booked").detail)


def test_a_second_time_is_booked_only_once_the_first_is_over(as_user, ines, sam, now, time_machine):
    interviews.give_hours(hours=[{"day": 3, "from": "09:00", "to": "11:00"}], by=ines, at=now)
    first, second, *_later = interviews.free_times(at=now)
    talk = interviews.book_interview(inquiry_pk=sam.pk, starts_at=first, at=now, by=ines)
    browser = as_user(ines)
    page = browser.post(move(sam, "booked"), {"starts": second.isoformat()})
    assert page.status_code == 422
    assert "They have a conversation to come" in page.text
    assert move(sam, "booked") not in browser.get(BOARD).text
    time_machine.move_to(talk.ends_at + HOUR, tick=False)
    assert move(sam, "booked") in as_user(ines).get(BOARD).text


def test_elsewhere_is_a_hand_over_to_somebody_and_is_followed_through(as_user, ines, sam, now):
    browser = as_user(ines)
    empty = browser.post(move(sam, "elsewhere"), {"reason": "other_level"})
    assert empty.status_code == 422
    assert "names who has taken it over" in empty.text
    said = {"reason": "other_level", "to_whom": "Jo Adler, Cedar Detox"}
    assert browser.post(move(sam, "elsewhere"), said).url == BOARD
    page = browser.get(BOARD).text
    assert "Jo Adler, Cedar Detox" in page
    assert "not followed through yet" in page
    ended = reverse("web:intake-ended", args=[WayOut.objects.get().pk])
    browser.post(ended, {"follow": "yes", "followed": "arrived"})
    assert "They are in care there" in browser.get(BOARD).text
    again = browser.post(ended, {"follow": "yes", "followed": "unknown"}, follow=True)
    assert "A colleague was quicker" in again.text
    assert WayOut.objects.get().followed == "arrived"


def test_a_card_is_closed_with_a_reason_and_taken_back(as_user, ines, sam, pilar, now):
    browser = as_user(ines)
    assert browser.post(move(sam, "closed"), {}).status_code == 422
    browser.post(move(sam, "closed"), {"reason": "not_reached"})
    browser.post(move(pilar, "closed", "patient"), {"reason": "not_now"})
    assert sorted(where(ines, now)["closed"]) == ["Pilar Q.", "Sam"]
    for row in WayOut.objects.all():
        browser.post(reverse("web:intake-ended", args=[row.pk]), {"back": "yes"})
    assert where(ines, now) == {"new": ["Sam"], "contacted": ["Pilar Q."]}
    assert Inquiry.objects.get().closed_at is None


def test_a_referral_that_is_handed_over_is_declined_with_the_reason(as_user, ines, now):
    sent = make_referral(written(whole_bundle()), at=now)
    said = {"reason": "not_offered", "to_whom": "Mesa Eating Disorder Center", "note": "By phone."}
    as_user(ines).post(move(sent, "elsewhere", "referral"), said)
    sent.refresh_from_db()
    assert sent.status == "declined"
    assert "Mesa Eating Disorder Center" in sent.reason
    assert list(where(ines, now)) == ["elsewhere"]
    with pytest.raises(ways_out.EndedBefore):
        ways_out.reopen(way_out=WayOut.objects.get(), by=ines, at=now)


def test_what_was_ended_by_a_colleague_is_said_and_not_ended_twice(as_user, ines, ruth, sam, pilar, now):
    ways_out.close(who=sam, reason="not_now", note="", by=ruth, at=now)
    ways_out.hand_over(who=pilar, to_whom="Dr. Rey", reason="other_level", note="", by=ruth, at=now)
    for card, kind in ((sam, "inquiry"), (pilar, "patient")):
        page = as_user(ines).post(move(card, "closed", kind), {"reason": "not_now"})
        assert "ended this way in already" in page.text
    assert WayOut.objects.count() == 2


def test_somebody_who_asks_again_is_on_the_way_in_again(ines, dana, pilar, now):
    ways_out.close(who=pilar, reason="not_now", note="", by=ines, at=now - 2 * HOUR)
    again = make_inquiry("Pilar", at=now - HOUR)
    services.start_admission(inquiry=again, person={}, patient=pilar, by=ines, at=now)
    assert where(ines, now) == {"contacted": ["Pilar Q."]}
    ways_out.close(who=pilar, reason="coverage", note="", by=ines, at=now)
    assert where(ines, now) == {"closed": ["Pilar Q."]}


def test_whoever_was_here_before_asks_back_in_one_tap_and_stands_there_with_their_chart(ines, dana, pilar, now):
    """Nothing is typed again: the card is theirs, and leads to the chart that there is."""
    long_ago = now - 90 * DAY
    make_episode(pilar, by=dana, at=long_ago, ended_at=now - 30 * DAY, end_reason="completed")
    assert where(ines, now) == {}
    asked = ask_back(patient=pilar, wish="booster", by=pilar.user, at=now - HOUR)
    assert where(ines, now) == {"contacted": ["Pilar Q."]}  # a chart is there already
    assert (asked.patient, asked.first_name, asked.words) == (pilar, "Pilar", "A few sessions to freshen up")


def test_whoever_ends_lets_go_of_the_conversation_that_their_inquiry_booked(ines, pilar, sam, now):
    interviews.give_hours(hours=[{"day": 3, "from": "09:00", "to": "10:00"}], by=ines, at=now)
    starts = next(iter(interviews.free_times(at=now)))
    interviews.book_interview(inquiry_pk=sam.pk, starts_at=starts, at=now, by=ines)
    services.start_admission(inquiry=sam, person={}, patient=pilar, by=ines, at=now)
    ways_out.close(who=pilar, reason="not_now", note="", by=ines, at=now)
    assert starts in interviews.free_times(at=now)


def test_an_inquiry_that_came_twice_ends_by_itself_and_its_person_waits_on(ines, pilar, now):
    tuesday, sunday = (make_inquiry("Pilar", at=now - days * DAY) for days in (1, 3))
    needs = Needs("adult-evening", "mental-health", ("en",), "either", "CO", (Span(0, 16 * 60, 21 * 60),))
    of = {"program": make_program(), "needs": needs, "by": ines, "at": now - HOUR}
    entries = [join_waitlist(inquiry=tuesday.pk, **of), join_waitlist(patient=pilar, **of)]
    for one in (tuesday, sunday):
        services.start_admission(inquiry=one, person={}, patient=pilar, by=ines, at=now - HOUR)
    ways_out.close(who=tuesday, reason="not_care", note="Came twice.", by=ines, at=now)
    for entry in entries:
        entry.refresh_from_db()
        assert entry.status == "waiting"
    assert where(ines, now) == {"waitlisted": ["Pilar Q."]}


def test_whoever_is_admitted_stays_so_when_their_inquiry_is_tidied_up(as_user, ines, dana, pilar, now):
    asked = make_inquiry("Pilar", at=now - DAY)
    services.start_admission(inquiry=asked, person={}, patient=pilar, by=ines, at=now - DAY)
    make_episode(pilar, by=dana, at=now, admitted_at=now - HOUR)
    ways_out.close(who=asked, reason="not_care", note="Admitted.", by=ines, at=now)
    assert where(ines, now) == {"admitted": ["Pilar Q."]}
    page = as_user(ines).post(move(pilar, "closed", "patient"), {"reason": "not_now"}, follow=True)
    assert "their stay ends on its own page" in page.text
    assert where(ines, now) == {"admitted": ["Pilar Q."]}


def test_a_request_that_is_joined_after_the_person_was_closed_is_on_the_way_in(ines, sam, pilar, now):
    ways_out.close(who=pilar, reason="not_now", note="", by=ines, at=now)  # Sam is how Pilar wrote before that
    services.start_admission(inquiry=sam, person={}, patient=pilar, by=ines, at=now)
    assert where(ines, now) == {"contacted": ["Pilar Q."]}


def test_a_referral_that_is_taken_over_after_the_person_was_closed_is_on_the_way_in(ines, pilar, now):
    sent = make_referral(written(whole_bundle()), at=now - HOUR)
    ways_out.close(who=pilar, reason="not_now", note="", by=ines, at=now)
    accept(referral=sent, person={}, conditions=[], patient=pilar, by=ines, at=now)
    assert where(ines, now) == {"contacted": ["Pilar Q."]}


def test_one_takes_a_card_and_sees_only_theirs(as_user, ines, ruth, sam, now):
    make_inquiry("Calixto", at=now, address="192.0.2.8")
    browser = as_user(ines)
    browser.post(reverse("web:intake-take", args=["inquiry", sam.pk]))
    assert where(ines, now, owner=str(ines.pk)) == {"new": ["Sam"]}
    assert where(ines, now, owner="nobody") == {"new": ["Calixto"]}
    page = browser.get(BOARD, {"owner": ines.pk}).text
    assert "Sam" in page
    assert "Calixto" not in page


def test_a_broken_promise_stands_first_and_says_so(as_user, ines, sam, now):
    make_inquiry("Late", at=now - 4 * DAY, address="192.0.2.8")
    assert where(ines, now) == {"new": ["Late", "Sam"]}
    assert "promise broken" in as_user(ines).get(BOARD).text


def test_the_board_tells_nothing_of_health_and_its_reading_is_recorded(as_user, ines, sam, now):
    page = as_user(ines).get(BOARD).text
    assert "divorce" not in page
    assert Event.objects.filter(verb="inquiry.board_read", actor_id=ines.pk).count() == 1


def test_whoever_reads_how_an_inquiry_ended_is_recorded(as_user, ines, sam, now):
    out = ways_out.close(who=sam, reason="not_now", note="Her mother is ill.", by=ines, at=now)
    assert "Her mother is ill." in as_user(ines).get(reverse("web:intake-ended", args=[out.pk])).text
    read = Event.objects.get(verb="inquiry.read", actor_id=ines.pk)
    assert (read.subject_id, read.purpose) == (sam.pk, "TREAT")


def test_the_board_is_intakes_and_of_one_house(as_user, dana, priya, maya, ines, sam, now):
    for stranger in (dana, priya, maya.user):
        for address in (BOARD, move(sam, "closed"), reverse("web:intake-figures")):
            assert as_user(stranger).get(address).status_code == 403
        assert as_user(stranger).post(move(sam, "closed"), {"reason": "not_now"}).status_code == 403
    other = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(other.pk):
        theirs = make_user("Other Intake", Role.COORDINATOR, organisation=other)
        with pytest.raises(PermissionDenied):
            ways_out.close(who=sam, reason="not_now", note="", by=theirs, at=now)
        assert where(theirs, now) == {}
    assert as_user(ines).get(reverse("web:intake-figures")).status_code == 403
    assert not WayOut.objects.exists()


def test_the_board_asks_the_same_number_of_questions_however_many(as_user, ines, dana, sam, pilar, now, count_queries):
    make_referral(written(whole_bundle()), at=now)
    make_assessment(make_patient("Elias", "Norgaard", at=now), by=dana, at=now)
    ways_out.close(who=make_inquiry("Gone", at=now, address="192.0.2.8"), reason="not_now", note="", by=ines, at=now)
    browser = as_user(ines)
    few = count_queries(browser, BOARD)
    for number in range(3):
        make_inquiry(f"Many{number}", at=now, address=f"192.0.2.{number + 10}")
        make_assessment(make_patient("Many", f"Found{number}", at=now), by=dana, at=now)
        make_episode(make_patient("Many", f"In{number}", at=now), by=dana, at=now, admitted_at=now)
    assert count_queries(browser, BOARD) == few


def test_figures_tell_of_eleven_and_of_nobody_fewer(as_user, walt, ines, dana, now):
    for number in range(11):
        make_episode(make_patient("Many", f"In{number}", at=now - DAY), by=dana, at=now, admitted_at=now)
    make_inquiry("Sam", at=now)
    rows = {row.source: row for row in figures(viewer=walt, at=now)}
    admitted = list(Column).index(Column.ADMITTED)
    assert rows["direct"].counts[admitted] == 11
    assert rows["direct"].admitted == 1
    assert rows["me"].total is None
    page = as_user(walt).get(reverse("web:intake-figures")).text
    assert "too few to tell" in page
    assert "Many" not in page
    with pytest.raises(PermissionDenied):
        figures(viewer=ines, at=now)
