"""The waitlist on real rows: offers by themselves, in order, by a deadline, and never a seat twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.admission.testing import make_episode
from hearth.audit.models import Event
from hearth.inquiry.models import Inquiry
from hearth.inquiry.services import start_admission
from hearth.inquiry.testing import make_inquiry
from hearth.inquiry.ways_out import hand_over, reopen
from hearth.people.services import note_death, take_back_death
from hearth.people.testing import make_patient
from hearth.program.models import Room
from hearth.timetable import services, waitlist
from hearth.timetable.accepting import free_places
from hearth.timetable.asking import waiting_for_a_place
from hearth.timetable.board import Span
from hearth.timetable.models import PlaceOffer, Seat, WaitlistEntry
from hearth.timetable.newcomer_needs import Needs
from hearth.timetable.testing import make_section

EVENINGS = tuple(Span(day, 16 * 60, 21 * 60) for day in range(5))
NEEDS = Needs("adult-evening", "mental-health", ("en",), "either", "CO", EVENINGS)
MONDAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


@pytest.fixture
def full_week(class_of_four, evening, team, maya):
    """Three evening groups and a skills group with a seat for one more than Maya and Ana, who are in them."""
    dana, theo = team
    seated, start = class_of_four[:2], date(2026, 11, 23)
    room = Room.objects.get()
    Room.objects.update(seats=4)
    where = {"room": room, "modality": "in_person"}
    for weekday, leader in ((0, dana), (1, theo), (2, dana)):
        make_section(evening, leader, seated, on=start, weekday=weekday, minutes=150, **where)
    make_section(evening, theo, seated, on=start, weekday=3, kind="skills", topic="", minutes=90, **where)
    return class_of_four


@pytest.fixture
def pilar(organisation, now):
    """Pilar is on her way in."""
    return make_patient("Pilar", "Quintanar", at=now)


@pytest.fixture
def elias(organisation, now):
    """Elias is on his way in, too."""
    return make_patient("Elias", "Norgaard", at=now)


def wait(person, program, by, at) -> WaitlistEntry:
    return services.join_waitlist(program=program, needs=NEEDS, patient=person, by=by, at=at)


def test_whoever_waits_longest_is_offered_the_last_place_and_the_next_after_a_no(
    full_week, evening, pilar, elias, ines, now
):
    first = wait(pilar, evening, ines, now)
    second = wait(elias, evening, ines, now + timedelta(minutes=1))
    offer = first.offers.get()
    assert (offer.status, offer.starts_on) == ("open", MONDAY)
    assert offer.until > now
    assert not second.offers.exists()

    services.pass_on_place(offer=offer, by=ines, at=now + timedelta(hours=1))

    assert second.offers.get().status == "open"
    assert first.offers.get().status == "passed"


def test_an_offer_without_an_answer_expires_and_goes_to_the_next_once(full_week, evening, pilar, elias, ines, now):
    first, second = wait(pilar, evening, ines, now), wait(elias, evening, ines, now)
    late = now + timedelta(hours=49)
    for _ in range(2):
        services.offer_places(organisation=ines.organisation, at=late)
    assert [offer.status for offer in first.offers.all()] == ["expired"]
    assert [offer.status for offer in second.offers.all()] == ["open"]
    with pytest.raises(services.AnsweredBefore):
        services.accept_place(offer=first.offers.get(), by=ines, at=late)


def test_an_accepted_place_is_kept_from_everyone_else(full_week, evening, pilar, elias, ines, now):
    offer = wait(pilar, evening, ines, now).offers.get()
    services.accept_place(offer=offer, by=ines, at=now)
    second = wait(elias, evening, ines, now)
    services.offer_places(organisation=ines.organisation, at=now + timedelta(days=9))
    assert not second.offers.exists()
    assert PlaceOffer.objects.get(pk=offer.pk).status == "accepted"


def test_a_freed_seat_is_offered_by_a_job(full_week, evening, pilar, elias, ines, now):
    services.accept_place(offer=wait(pilar, evening, ines, now).offers.get(), by=ines, at=now)
    second = wait(elias, evening, ines, now)
    jobs = ProcrastinateJob.objects.filter(task_name="timetable.offer_places")
    before = jobs.count()

    free_places(patient=full_week[1], start=date(2026, 11, 25), by=ines, at=now)

    assert jobs.count() == before + 1
    services.offer_places(organisation=ines.organisation, at=now)
    assert second.offers.get().status == "open"


def test_whoever_leaves_the_waitlist_frees_what_was_kept(full_week, evening, pilar, elias, ines, now):
    first, second = wait(pilar, evening, ines, now), wait(elias, evening, ines, now)
    services.leave_waitlist(entry=first, by=ines, at=now)
    assert second.offers.get().status == "open"
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [second]


def test_whoever_has_a_seat_waits_no_longer(full_week, evening, pilar, ines, now):
    entry = wait(pilar, evening, ines, now)
    held = Seat.objects.select_related("section").all()[0]
    held.section.seats.create(patient=pilar, during=held.during, modality="virtual")
    assert services.waitlist.end_of_waiting(by=ines, at=now) == 1
    assert WaitlistEntry.objects.get(pk=entry.pk).status == "placed"


def test_nobody_waits_twice_and_only_planners_keep_the_list(full_week, evening, pilar, ines, dana, now):
    wait(pilar, evening, ines, now)
    with pytest.raises(services.WaitsAlready):
        wait(pilar, evening, ines, now)
    with pytest.raises(PermissionDenied):
        wait(pilar, evening, dana, now)


def test_whoever_is_pregnant_is_asked_first_where_the_block_grant_pays(full_week, evening, pilar, elias, ines, now):
    evening.has_block_grant = True
    evening.save()
    needs = replace(NEEDS, track="co-occurring", languages=("es",))  # in which nothing is free yet
    first = services.join_waitlist(program=evening, needs=needs, patient=elias, by=ines, at=now)
    second = services.join_waitlist(program=evening, needs=needs, patient=pilar, by=ines, at=now + timedelta(hours=1))
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [first, second]
    services.say_what_counts(entry=second, is_pregnant=True, injects=False, risk=0, by=ines, at=now)
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [second, first]
    WaitlistEntry.objects.update(needs=second.needs | {"languages": ["en"], "track": "mental-health"})
    services.offer_places(organisation=ines.organisation, at=now + timedelta(hours=2))
    assert first.offers.exists()
    assert not second.offers.exists()  # of mental health care alone, who waits longest is asked first


def test_danger_told_at_first_contact_counts_until_somebody_looks(full_week, evening, ines, now):
    told_danger = make_inquiry("Ada", at=now)
    Inquiry.objects.update(urgent=True)
    entry = services.join_waitlist(program=evening, needs=NEEDS, inquiry=told_danger.pk, by=ines, at=now)
    assert entry.risk == WaitlistEntry.Risk.HIGH


def test_danger_told_at_first_contact_counts_for_whoever_has_a_chart_since(full_week, evening, pilar, elias, ines, now):
    told_danger = make_inquiry("Pilar", at=now)
    Inquiry.objects.update(urgent=True)
    start_admission(inquiry=told_danger, person={}, patient=pilar, by=ines, at=now)
    assert wait(pilar, evening, ines, now).risk == WaitlistEntry.Risk.HIGH
    assert wait(elias, evening, ines, now).risk == WaitlistEntry.Risk.NONE


def test_danger_told_before_the_last_admission_was_looked_at_then(full_week, evening, pilar, elias, ines, dana, now):
    before, since = now - timedelta(weeks=20), now - timedelta(days=1)
    for person, wrote in ((pilar, [before]), (elias, [before, since])):
        for at in wrote:
            asked = make_inquiry(person.chosen_name, at=at)
            start_admission(inquiry=asked, person={}, patient=person, by=ines, at=at)
        make_episode(person, by=dana, at=now, admitted_at=before + timedelta(days=3), ended_at=now, end_reason="left")
    Inquiry.objects.update(urgent=True)
    assert wait(pilar, evening, ines, now).risk == WaitlistEntry.Risk.NONE
    assert wait(elias, evening, ines, now).risk == WaitlistEntry.Risk.HIGH


def test_whoever_is_cared_for_elsewhere_waits_no_longer(full_week, evening, pilar, elias, ines, now):
    wait(pilar, evening, ines, now)
    second = wait(elias, evening, ines, now)
    hand_over(who=pilar, to_whom="Dr. Rey", reason="other_level", note="", by=ines, at=now)
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [second]
    assert second.offers.get().status == "open"


def test_whoever_joined_before_they_had_a_chart_waits_no_longer_once_they_have_ended(
    full_week, evening, pilar, elias, ines, now
):
    asked = make_inquiry("Pilar", at=now)
    services.join_waitlist(program=evening, needs=NEEDS, inquiry=asked.pk, by=ines, at=now)
    start_admission(inquiry=asked, person={}, patient=pilar, by=ines, at=now)
    second = wait(elias, evening, ines, now)
    hand_over(who=pilar, to_whom="Dr. Rey", reason="other_level", note="", by=ines, at=now)
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [second]
    assert second.offers.get().status == "open"


def test_whoever_is_on_the_way_in_again_has_the_turn_they_had(full_week, evening, pilar, elias, ines, now):
    first = wait(pilar, evening, ines, now)
    kept = first.offers.get()
    out = hand_over(who=pilar, to_whom="Dr. Rey", reason="other_level", note="", by=ines, at=now)
    second = wait(elias, evening, ines, now + timedelta(minutes=1))
    assert second.offers.get().status == "open"
    later = now + timedelta(minutes=2)
    reopen(way_out=out, by=ines, at=later)
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [first, second]
    assert not first.offers.exists()  # the one place is kept for Elias now
    services.pass_on_place(offer=second.offers.get(), by=ines, at=later)
    assert first.offers.get().sessions == kept.sessions


def test_whoever_asks_again_has_the_turn_they_had(full_week, evening, pilar, elias, ines, now):
    first = wait(pilar, evening, ines, now)
    hand_over(who=pilar, to_whom="Dr. Rey", reason="other_level", note="", by=ines, at=now)
    second = wait(elias, evening, ines, now + timedelta(minutes=1))
    again = make_inquiry("Pilar", at=now + timedelta(minutes=2))
    start_admission(inquiry=again, person={}, patient=pilar, by=ines, at=now + timedelta(minutes=3))
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [first, second]
    assert Event.objects.get(verb="inquiry.reopened").patient_id == pilar.pk


def test_whoever_asked_again_and_waits_already_has_no_second_turn(full_week, evening, pilar, ines, now):
    wait(pilar, evening, ines, now)
    hand_over(who=pilar, to_whom="Dr. Rey", reason="other_level", note="", by=ines, at=now)
    again = make_inquiry("Pilar", at=now + timedelta(minutes=2))
    anew = services.join_waitlist(program=evening, needs=NEEDS, inquiry=again.pk, by=ines, at=now)
    start_admission(inquiry=again, person={}, patient=pilar, by=ines, at=now + timedelta(minutes=3))
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [anew]


def test_an_ending_that_is_taken_back_brings_no_second_turn(full_week, evening, pilar, ines, now):
    wait(pilar, evening, ines, now)
    out = hand_over(who=pilar, to_whom="Dr. Rey", reason="other_level", note="", by=ines, at=now)
    anew = wait(pilar, evening, ines, now + timedelta(minutes=1))
    reopen(way_out=out, by=ines, at=now + timedelta(minutes=2))
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [anew]


def test_whoever_has_died_waits_no_longer_and_has_the_turn_they_had_if_it_was_a_mistake(
    full_week, evening, pilar, elias, ines, ruth, now
):
    asked = make_inquiry("Pilar", at=now)
    first = services.join_waitlist(program=evening, needs=NEEDS, inquiry=asked.pk, by=ines, at=now)
    start_admission(inquiry=asked, person={}, patient=pilar, by=ines, at=now)
    second = wait(elias, evening, ines, now + timedelta(minutes=1))
    noted_at = now + timedelta(minutes=2)
    note_death(patient=pilar, died_on=None, by=ruth, at=noted_at)
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [second]
    assert second.offers.get().status == "open"
    take_back_death(patient=pilar, noted_at=noted_at, reopen=False, by=ruth, at=now + timedelta(minutes=3))
    assert [row.entry for row in waitlist.waitlist(viewer=ines, language="en")] == [first, second]


# ---- pages


def test_intake_reads_why_and_offers_support_and_both_are_recorded(full_week, evening, pilar, ines, now, as_user):
    entry = wait(pilar, evening, ines, now)
    page = reverse("timetable:waitlist-why", args=[entry.pk])
    browser = as_user(ines)
    assert "Asked as number 1 of 1" in browser.get(page).text
    assert Event.objects.filter(verb="timetable.waitlist_order_read", patient_id=pilar.pk).count() == 1
    browser.post(page, {"step": "order", "is_pregnant": "on", "risk": "2"})
    entry.refresh_from_db()
    assert (entry.is_pregnant, entry.injects, entry.risk) == (True, False, 2)
    assert Event.objects.get(verb="timetable.waitlist_order_said").detail == {}
    browser.post(page, {"step": "support", "kind": "skills", "is_wanted": "no"})
    browser.post(page, {"step": "support", "kind": "health", "is_wanted": "yes"})
    assert browser.post(page, {"step": "support"}).status_code == 422
    listed = browser.get(reverse("timetable:waitlist")).text
    assert "Support for the time of waiting was offered on" in listed
    assert "Prenatal" not in listed  # would tell the reason to everybody who may see the list
    assert "pregnant" not in listed
    assert "Prenatal care" in browser.get(page).text


def test_support_that_nobody_offered_in_time_is_late(full_week, evening, pilar, ines, now, as_user):
    wait(pilar, evening, ines, now - timedelta(hours=49))
    assert "no support offered yet; late" in as_user(ines).get(reverse("timetable:waitlist")).text


def test_support_is_due_two_days_after_they_wrote_however_late_they_joined(full_week, evening, pilar, ines, now):
    sam, *theirs = (make_inquiry("Sam", at=now - timedelta(days=days)) for days in (1, 3, 2))
    for one in theirs:
        start_admission(inquiry=one, person={}, patient=pilar, by=ines, at=now)
    services.join_waitlist(program=evening, needs=NEEDS, inquiry=sam.pk, by=ines, at=now)
    wait(pilar, evening, ines, now)
    due = {row.name: row.support_due for row in waitlist.waitlist(viewer=ines, language="en")}
    assert due == {"Sam": now + timedelta(days=1), "Pilar Quintanar": now - timedelta(days=1)}


def test_what_they_wrote_before_their_last_stay_makes_no_support_due(full_week, evening, pilar, ines, dana, now):
    before = make_inquiry("Pilar", at=now - timedelta(days=90))
    start_admission(inquiry=before, person={}, patient=pilar, by=ines, at=now - timedelta(days=89))
    make_episode(pilar, by=dana, at=now, admitted_at=now - timedelta(days=80))
    wait(pilar, evening, ines, now)
    assert waitlist.waitlist(viewer=ines, language="en")[0].support_due == now + timedelta(days=2)


def test_nothing_is_told_of_whoever_waits_no_longer(full_week, evening, pilar, ines, now):
    entry = wait(pilar, evening, ines, now)
    services.leave_waitlist(entry=entry, by=ines, at=now)
    with pytest.raises(PermissionDenied):
        waitlist.why_here(viewer=ines, pk=entry.pk, language="en", at=now)


def test_those_for_whom_no_place_is_kept_are_counted_in_their_turn(full_week, evening, pilar, elias, ines, now):
    wait(make_patient("Noa", "Begun", at=now), evening, ines, now)  # the one place is kept for Noa
    first, urgent = wait(pilar, evening, ines, now), wait(elias, evening, ines, now + timedelta(minutes=1))
    services.say_what_counts(entry=urgent, is_pregnant=False, injects=False, risk=2, by=ines, at=now)
    assert waiting_for_a_place() == [urgent, first]


def test_the_list_asks_the_same_number_of_questions_however_many_wait(
    full_week, evening, pilar, elias, ines, now, as_user, count_queries
):
    wait(pilar, evening, ines, now)
    one = count_queries(as_user(ines), reverse("timetable:waitlist"))
    wait(elias, evening, ines, now)
    assert count_queries(as_user(ines), reverse("timetable:waitlist")) == one


def test_intake_reads_and_answers_the_list(full_week, evening, pilar, ines, now, as_user):
    offer = wait(pilar, evening, ines, now).offers.get()
    browser = as_user(ines)
    page = browser.get(reverse("timetable:waitlist")).content.decode()
    assert "Pilar Quintanar" in page
    assert "Monday 17:30–20:00" in page
    answered = browser.post(reverse("timetable:answer-place", args=[offer.pk]), {"answer": "yes"}, follow=True)
    assert "kept until they are admitted" in answered.content.decode()
    again = browser.post(reverse("timetable:answer-place", args=[offer.pk]), {"answer": "no"}, follow=True)
    assert "answered before" in again.content.decode()


def test_a_counselor_and_a_student_do_not_see_the_list(full_week, evening, pilar, ines, dana, maya, now, as_user):
    offer = wait(pilar, evening, ines, now).offers.get()
    for stranger in (dana, maya.user):
        assert as_user(stranger).get(reverse("timetable:waitlist")).status_code == 403
        assert as_user(stranger).get(reverse("timetable:waitlist-why", args=[offer.entry_id])).status_code == 403
        assert as_user(stranger).get(reverse("timetable:places")).status_code == 403
        assert as_user(stranger).post(reverse("timetable:answer-place", args=[offer.pk])).status_code == 403


def test_the_picture_of_demand_counts_who_waits_and_asks_no_more_questions(
    full_week, evening, pilar, elias, ines, now, as_user, django_assert_max_num_queries
):
    address = f"{reverse('timetable:demand')}?week={MONDAY.isoformat()}"
    browser = as_user(ines)
    needs = replace(NEEDS, languages=("es",))  # in which nothing is free
    services.join_waitlist(program=evening, needs=needs, patient=pilar, by=ines, at=now)
    browser.get(address)

    def asked() -> tuple[int, str]:
        cache.clear()  # a picture is kept for a minute
        with django_assert_max_num_queries(42) as found:
            page = browser.get(address).text
        return len(found), page

    one, page = asked()
    assert "by 1 person who waits" in page
    services.join_waitlist(program=evening, needs=needs, patient=elias, by=ines, at=now)
    two, page = asked()
    assert "by 2 people who wait" in page
    assert one == two
