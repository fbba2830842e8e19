"""A changed place that is offered, not imposed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.outbox.models import Message
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.safety.models import Concern
from hearth.timetable import services
from hearth.timetable.changing import options_for
from hearth.timetable.models import Availability, ChangeOffer, Seat, Section
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, make_section, put_on_duty
from hearth.timetable.tests.conftest import MONDAY

DENVER = ZoneInfo("America/Denver")
BEGAN = date(2026, 11, 23)
UNTIL = datetime(2026, 11, 27, 18, tzinfo=DENVER)
GROUP = {"minutes": 150}


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


@pytest.fixture
def tuesdays(class_of_four, evening, dana):
    """The four on Tuesdays with Dana."""
    return make_section(evening, dana, class_of_four, on=BEGAN, **GROUP)


def somebody(chosen: str, program, counselor, coordinator, now):
    """A student of this counselor with a plan and free evenings."""
    person = make_patient(chosen, "Lane", at=now)
    role, since = Role.COUNSELOR, now.date()
    CareTeamMember.objects.create(patient=person, member=counselor, role=role, is_primary=True, since=since)
    make_plan(make_episode(person, program, by=coordinator, at=now), by=counselor, at=now)
    make_hours(person, by=counselor, at=now)
    return person


@pytest.fixture
def thursdays(evening, theo, dana, ines, now, tuesdays):
    """Two others on Thursdays with Theo, in a group for three."""
    people = []
    for chosen in ("Dee", "Eli"):
        people.append(somebody(chosen, evening, dana, ines, now))
    return make_section(evening, theo, people, on=BEGAN, weekday=3, name="Quiet evening", capacity=3, **GROUP)


def offered(patient, section, ines, now, **changes) -> ChangeOffer:
    facts = {
        "to_section": None, "weekday": None, "starts": None, "from_on": MONDAY, "until": UNTIL, "note": "It is calmer",
    } | changes  # fmt: skip
    return services.offer_change(patient=patient, section=section, by=ines, at=now, **facts)


def held(patient, day: date) -> set[str]:
    seats = Seat.objects.filter(patient=patient, during__contains=day).select_related("section")
    return {seat.section.name for seat in seats}


def test_the_student_says_yes_and_their_place_moves_on_that_monday(tuesdays, thursdays, maya, ines, now):
    offer = offered(maya, tuesdays, ines, now, to_section=thursdays)
    assert held(maya, MONDAY) == {"Evening group"}

    services.accept_change(offer=offer, by=maya.user, at=now + timedelta(hours=1))

    offer.refresh_from_db()
    assert offer.status == "accepted"
    assert held(maya, MONDAY - timedelta(days=1)) == {"Evening group"}
    assert held(maya, MONDAY) == {"Quiet evening"}


def test_an_hour_alone_moves_to_the_new_time(class_of_four, evening, maya, dana, ines, now):
    alone = make_section(
        evening,
        dana,
        [maya],
        on=BEGAN,
        kind="individual",
        name="One-to-one",
        minutes=60,
        capacity=1,
        modality="virtual",
    )
    keys = {each.key for each in options_for(maya, alone, viewer=ines, week_of=MONDAY)}
    assert "2-18:00" in keys
    assert "6-18:00" not in keys  # nobody is free on Sunday
    offer = offered(maya, alone, ines, now, weekday=2, starts=time(18))

    services.accept_change(offer=offer, by=maya.user, at=now)

    alone.refresh_from_db()
    new = Section.objects.get(weekday=2)
    assert (alone.ended_on, new.started_on, new.facilitator, new.name) == (MONDAY, MONDAY, dana, "One-to-one")
    assert [seat.section for seat in Seat.objects.filter(patient=maya, during__contains=MONDAY)] == [new]


def test_what_suits_best_stands_first_and_what_breaks_a_rule_is_not_offered(
    tuesdays, thursdays, maya, dana, ines, now, evening
):
    make_section(evening, dana, [], on=BEGAN, weekday=4, name="Nobody's group", **GROUP)
    make_hours(
        maya,
        by=dana,
        at=now + timedelta(minutes=1),
        hours=[{"day": day, "from": "16:00", "to": "21:00", "preference": "best"} for day in (1, 3)],
    )

    options = options_for(maya, tuesdays, viewer=ines, week_of=MONDAY)

    assert [(each.section, each.suits_best) for each in options] == [(thursdays, True)]


def test_a_change_that_breaks_a_rule_is_refused_by_name(tuesdays, thursdays, maya, ines, now):
    Availability.objects.filter(patient=maya).update(hours=[{"day": 1, "from": "16:00", "to": "21:00"}])

    with pytest.raises(services.CannotOffer) as refusal:
        offered(maya, tuesdays, ines, now, to_section=thursdays)

    assert "Maya Reyes" in str(refusal.value)
    assert not Message.objects.exists()


def test_the_rules_are_asked_again_when_the_student_says_yes(tuesdays, thursdays, maya, ines, now, as_user):
    offer = offered(maya, tuesdays, ines, now, to_section=thursdays)
    Availability.objects.filter(patient=maya).update(hours=[{"day": 1, "from": "16:00", "to": "21:00"}])

    page = as_user(maya.user).post(reverse("timetable:my-change", args=[offer.pk]), {"do": "accept"}, follow=True)

    assert "This is not possible any more" in page.content.decode()
    offer.refresh_from_db()
    assert offer.status == "withdrawn"
    assert held(maya, MONDAY) == {"Evening group"}


def test_whoever_cannot_keeps_their_place_and_staff_read_why(tuesdays, thursdays, maya, ines, now, as_user):
    offer = offered(maya, tuesdays, ines, now, to_section=thursdays)
    browser = as_user(maya.user)
    assert "A change in your week?" in browser.get("/today/").content.decode()
    assert "It is calmer" in browser.get(reverse("timetable:my-change", args=[offer.pk])).content.decode()

    browser.post(reverse("timetable:my-change", args=[offer.pk]), {"do": "decline", "reason": "Choir is on Thursdays"})

    assert held(maya, MONDAY) == {"Evening group"}
    assert "A change in your week?" not in browser.get("/my/week/").content.decode()
    page = as_user(ines).get(reverse("timetable:changes-lately")).content.decode()
    assert "Choir is on Thursdays" in page
    assert "Said no" in page
    assert not Concern.objects.exists()


def test_words_of_danger_in_a_no_are_a_concern_and_help_is_shown(tuesdays, thursdays, maya, ines, now, as_user):
    offer = offered(maya, tuesdays, ines, now, to_section=thursdays)
    said = {"do": "decline", "reason": "I am going to kill myself tonight"}
    page = as_user(maya.user).post(reverse("timetable:my-change", args=[offer.pk]), said, follow=True)
    assert "You do not have to carry this alone" in page.text
    assert (Concern.objects.get().patient, Concern.objects.get().severity) == (maya, "emergency")


def test_an_offer_lapses_and_cannot_be_answered_after(tuesdays, thursdays, maya, ines, now):
    offer = offered(maya, tuesdays, ines, now, to_section=thursdays)

    with pytest.raises(services.NotOpen):
        services.accept_change(offer=offer, by=maya.user, at=UNTIL)
    assert services.lapse_changes(at=UNTIL) == 1
    assert services.lapse_changes(at=UNTIL) == 0
    offer.refresh_from_db()
    assert offer.status == "lapsed"


def test_a_planner_offers_on_the_page_and_the_student_is_told_without_a_word_of_what(
    tuesdays, thursdays, maya, ines, as_user
):
    browser, address = as_user(ines), reverse("timetable:changes", args=[maya.pk])
    asked = f"{address}?place={tuesdays.pk}&week={MONDAY.isoformat()}"
    assert "Thursday 17:30–20:00 · Quiet evening · Theo" in browser.get(asked).content.decode()

    page = browser.post(
        asked, {"to": str(thursdays.pk), "until": UNTIL.isoformat(), "note": ""}, follow=True
    ).content.decode()

    assert "Maya is asked" in page
    message = Message.objects.get()
    for word in ("Quiet", "Thursday", "Theo", "Hearthside", "group"):
        assert word not in f"{message.subject} {message.body}"
    browser.post(reverse("timetable:withdraw-change", args=[ChangeOffer.objects.get().pk]))
    assert ChangeOffer.objects.get().status == "withdrawn"


def test_a_second_offer_takes_the_place_of_the_first(tuesdays, thursdays, maya, ines, now):
    first = offered(maya, tuesdays, ines, now, to_section=thursdays)
    offered(maya, tuesdays, ines, now, to_section=thursdays)

    first.refresh_from_db()
    assert first.status == "withdrawn"


def test_an_answer_must_be_there_before_the_change_begins(tuesdays, thursdays, maya, ines, now):
    with pytest.raises(services.CannotOffer):
        offered(maya, tuesdays, ines, now, to_section=thursdays, until=datetime(2026, 12, 1, 18, tzinfo=DENVER))


def test_only_planners_offer_and_only_the_student_answers(tuesdays, thursdays, maya, jonah, dana, ines, now, as_user):
    with pytest.raises(PermissionDenied):
        offered(maya, tuesdays, dana, now, to_section=thursdays)
    assert as_user(dana).get(reverse("timetable:changes", args=[maya.pk])).status_code == 403
    offer = offered(maya, tuesdays, ines, now, to_section=thursdays)
    address = reverse("timetable:my-change", args=[offer.pk])
    for person in (jonah.user, dana, ines):
        assert as_user(person).post(address, {"do": "accept"}).status_code == 403
    with pytest.raises(PermissionDenied):
        services.accept_change(offer=offer, by=ines, at=now)
    assert held(maya, MONDAY) == {"Evening group"}


def test_the_list_of_offers_asks_the_same_number_of_questions_however_long_it_is(
    tuesdays, thursdays, class_of_four, ines, now, count_queries, as_user
):
    browser, address = as_user(ines), reverse("timetable:changes-lately")
    offered(class_of_four[0], tuesdays, ines, now, to_section=thursdays)
    few = count_queries(browser, address)
    for person in class_of_four[1:]:
        offered(person, tuesdays, ines, now, to_section=thursdays)

    assert count_queries(browser, address) == few


# ---- at the same moment


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_last_place_is_given_once_however_many_say_yes_at_once(stored_organisation, now):
    with tenancy.within(stored_organisation.pk):
        ines = make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation)
        program = make_program()
        put_on_duty(dana, since=date(2026, 1, 1))
        people = [somebody(f"P{number}", program, dana, ines, now) for number in range(54)]
        crowd = make_section(program, dana, people[:52], on=BEGAN, **GROUP)
        wanted = make_section(
            program, dana, people[52:], on=BEGAN, weekday=3, name="Quiet evening", capacity=3, **GROUP
        )
        offer = {"from_section": crowd, "to_section": wanted, "from_on": MONDAY, "until": UNTIL, "offered_at": now}
        offers = [
            (person, ChangeOffer.objects.create(patient=person, offered_by=ines, **offer)) for person in people[:50]
        ]

    def say_yes(person, offer) -> bool:
        try:
            with tenancy.within(stored_organisation.pk):
                services.accept_change(offer=offer, by=person.user, at=now)
        except services.CannotOffer:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(12) as threads:  # as many at a time as the web has connections
        answers = list(threads.map(lambda one: say_yes(*one), offers))

    assert sum(answers) == 1
    with tenancy.within(stored_organisation.pk):
        assert Seat.objects.filter(section=wanted, during__contains=MONDAY).count() == 3
