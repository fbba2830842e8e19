"""Events of a circle: what is coming, who says that they come, and who learns what of it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.admission.services import end_episode
from hearth.audit.models import Event
from hearth.circle import rules, services
from hearth.circle.gathering import coming_for, coming_to, events_of
from hearth.circle.models import CircleEvent, EventMark
from hearth.circle.places import own_membership
from hearth.circle.testing import make_member
from hearth.outbox.models import Message
from hearth.people.testing import make_patient
from hearth.program.testing import make_program
from hearth.timetable.models import KeepApart

HOME, COMING, TODAY = reverse("circle:home"), reverse("circle:coming"), reverse("web:today")
DENVER = ZoneInfo("America/Denver")
DATA = {
    "name": "Open evening on Colfax", "day": "2026-11-26", "starts": "18:30", "minutes": "90", "way": "in_person",
    "place": "Church basement, 1400 Colfax", "link": "", "words": "Soup at six.", "support_group": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon(time_machine, noon):
    time_machine.move_to(noon, tick=False)


@pytest.fixture
def make_event(circle, sam, noon):
    def make(name="Open evening", *, ahead=timedelta(days=2), **fields):
        facts: dict[str, Any] = {
            "circle": circle, "starts_at": noon + ahead, "minutes": 60, "way": "in_person", "place": "1400 Colfax",
            "link": "", "words": "", "is_ours": True, "support_group": None, "by": sam, "at": noon,
        }  # fmt: skip
        return services.write_event(name=name, **facts | fields)

    return make


@pytest.fixture
def young(ruth, noon):
    """Lee, of the program after school."""
    lee = make_patient("Lee", "Test", at=noon, birth_date=date(2010, 5, 1))
    teens = make_program(name="After school", pack="adolescent-after-school", population="adolescent")
    make_member(lee, by=ruth, at=noon, program=teens)
    return lee


def seen_by(patient, at):
    place = own_membership(viewer=patient.user, at=at)
    assert place is not None
    return [(one.event.name, one.is_coming) for one in coming_for(place, at=at)]


def come(patient, event, at, *, says=True):
    services.say_coming(event=event.pk, is_coming=says, by=patient.user, at=at)


# ---- the clock


@pytest.mark.parametrize(
    ("day", "clock", "found"),
    [
        (date(2026, 11, 26), time(18, 30), datetime(2026, 11, 27, 1, 30, tzinfo=UTC)),
        (date(2026, 7, 1), time(18, 30), datetime(2026, 7, 2, 0, 30, tzinfo=UTC)),
        (date(2027, 3, 14), time(2, 30), None),
        (date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_clock_time_is_an_instant_of_the_programs_zone(day, clock, found):
    assert rules.instant(day, clock, zone=DENVER) == found


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.times(), st.sampled_from(["America/Denver", "Asia/Kolkata"]))
def test_an_instant_shows_the_clock_it_was_written_with(day, clock, name):
    found = rules.instant(day, clock, zone=ZoneInfo(name))
    assert found is None or found.astimezone(ZoneInfo(name)).replace(tzinfo=None) == datetime.combine(day, clock)


# ---- what is coming


def test_what_is_coming_stands_the_next_first_until_it_is_over(make_event, maya, noon):
    make_event("Later", ahead=timedelta(days=9))
    make_event("Sooner", ahead=timedelta(days=1))
    assert seen_by(maya, noon) == [("Sooner", False), ("Later", False)]
    assert seen_by(maya, noon + timedelta(days=1, minutes=59)) == [("Sooner", False), ("Later", False)]
    assert seen_by(maya, noon + timedelta(days=1, minutes=60)) == [("Later", False)]


def test_the_list_is_finite(make_event, maya, noon):
    for number in range(22):
        make_event(f"Number {number:02}", ahead=timedelta(days=2 + number))
    assert [name for name, _ in seen_by(maya, noon)] == [f"Number {number:02}" for number in range(20)]


def test_a_host_writes_on_the_clock_of_the_program_and_members_find_it(circle, sam, maya, as_user):
    page = reverse("circle:events", args=[circle.pk])
    assert "Open evening on Colfax" in as_user(sam).post(page, DATA | {"is_ours": "on"}, follow=True).text
    as_user(sam).post(page, DATA | {"is_ours": "on"})
    row = CircleEvent.objects.get()
    assert row.starts_at == datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
    assert row.ends_at - row.starts_at == timedelta(minutes=90)
    for where in (HOME, COMING):
        assert "Open evening on Colfax" in as_user(maya.user).get(where).text
    assert "Soup at six." in as_user(maya.user).get(COMING).text


def test_where_the_reader_has_another_clock_both_are_named(make_event, maya, noon, as_user):
    make_event()
    assert "the program is in Denver" not in as_user(maya.user).get(COMING).text
    maya.user.time_zone = "America/New_York"
    maya.user.save()
    page = as_user(maya.user).get(COMING).text
    assert "the program is in Denver" in page
    assert "Thursday 26 November, 14:00" in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"place": " "}, "place"),
        ({"way": ""}, "way"),
        ({"way": "by boat"}, "way"),
        ({"link": "somewhere"}, "link"),
        ({"day": "2026-11-24", "starts": "11:00"}, "day"),
        ({"day": "2028-01-01"}, "day"),
        ({"day": "2027-03-14", "starts": "02:30"}, "starts"),
        ({"minutes": "7"}, "minutes"),
        ({"support_group": "none"}, "support_group"),
        ({"support_group": "8a3e7a4e-0000-4000-8000-000000000000"}, "support_group"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays_typed(circle, sam, as_user, wrong, field):
    answer = as_user(sam).post(reverse("circle:events", args=[circle.pk]), DATA | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Soup at six." in answer.text
    assert not CircleEvent.objects.exists()


def test_the_same_name_and_hour_in_other_words_is_told(circle, make_event, sam, as_user):
    page = reverse("circle:events", args=[circle.pk])
    as_user(sam).post(page, DATA)
    answer = as_user(sam).post(page, DATA | {"words": "No soup."})
    assert answer.status_code == 422
    assert "call that off first" in answer.text


def test_an_event_of_a_support_group_takes_over_where_it_meets(circle, sam, as_user, noon):
    facts: dict[str, Any] = {
        "weekday": 2, "starts": time(19), "way": "in_person", "place": "1400 Colfax", "language": "English",
        "source": "Leaflet", "checked_on": noon.date(),
    }  # fmt: skip
    bands = ("adult", "adolescent", "")
    adult, young, everyone = (
        services.keep_group(name=f"Of {one}", population=one, by=sam, at=noon, **facts) for one in bands
    )
    page = reverse("circle:events", args=[circle.pk])
    bare = DATA | {"place": ""}
    for other in (young, everyone):
        assert as_user(sam).post(page, bare | {"support_group": other.pk}).status_code == 422
    as_user(sam).post(page, bare | {"support_group": adult.pk})
    row = CircleEvent.objects.get()
    assert (row.place, row.support_group) == ("1400 Colfax", adult)


# ---- who comes


def test_a_member_says_on_the_page_that_they_come_and_finds_it_on_today(make_event, maya, as_user):
    row = make_event()
    make_event("Next month", ahead=timedelta(days=30))
    say = reverse("circle:say-coming", args=[row.pk])
    assert "Open evening" not in as_user(maya.user).get(TODAY).text
    for _twice in range(2):
        as_user(maya.user).post(say, {"say": "yes"})
    assert EventMark.objects.count() == 1
    assert "you come" in as_user(maya.user).get(COMING).text
    today = as_user(maya.user).get(TODAY).text
    assert "Open evening" in today
    assert "Next month" not in today
    as_user(maya.user).post(say, {"say": "no"})
    assert "Open evening" not in as_user(maya.user).get(TODAY).text


def test_hosts_learn_a_number_from_three_on_and_no_name_and_members_nothing(
    circle, make_event, sam, maya, jonah, dana, as_user, noon
):
    row = make_event()
    grace = make_patient("Grace", "Test", at=noon)
    make_member(grace, by=dana, at=noon)
    page = reverse("circle:events", args=[circle.pk])
    for one in (maya, jonah):
        come(one, row, noon)
    assert events_of(viewer=sam, circle=circle, at=noon)[0].people is None
    come(grace, row, noon)
    assert events_of(viewer=sam, circle=circle, at=noon)[0].people == 3
    seen = as_user(sam).get(page).text
    assert "3 people said that they come." in seen
    assert [name for name in ("Maya", "Jonah", "Grace") if name in seen] == []
    of_a_member = as_user(maya.user).get(COMING).text
    assert [word for word in ("Jonah", "Grace", "3 people") if word in of_a_member] == []


def test_whoever_left_is_counted_and_reminded_no_more(circle, make_event, sam, ruth, maya, jonah, dana, noon):
    row = make_event()
    grace = make_patient("Grace", "Test", at=noon)
    stay = make_member(grace, by=dana, at=noon).episode
    for one in (maya, jonah, grace):
        come(one, row, noon)
    end_episode(episode=stay, reason="left", on=noon.date(), by=ruth, at=noon)
    assert events_of(viewer=sam, circle=circle, at=noon)[0].people is None
    assert coming_to(grace, at=noon) == []
    services.call_off(circle=circle, event=row.pk, by=sam, at=noon)
    assert set(Message.objects.values_list("about", flat=True)) == {maya.user.pk, jonah.user.pk}


def test_who_comes_stands_in_no_chart(make_event, maya, noon):
    come(maya, make_event(), noon)
    deed = Event.objects.get(verb="circle.event_mark_kept")
    assert (deed.subject_id, deed.patient_id, deed.detail) == (maya.user.pk, None, {})


def test_what_is_called_off_stays_there_and_tells_once_whoever_comes(
    circle, make_event, sam, maya, jonah, as_user, noon
):
    row = make_event("Open evening of the grieving")
    come(maya, row, noon)
    Message.objects.all().delete()
    page = reverse("circle:events", args=[circle.pk])
    for _twice in range(2):
        as_user(sam).post(page, {"end": row.pk})
    told = Message.objects.get()
    assert told.to == maya.user.email
    assert "grieving" not in told.subject + told.body
    for reader in (maya, jonah):
        assert "called off" in as_user(reader.user).get(COMING).text
        assert "called off" in as_user(reader.user).get(HOME).text
    assert "called off" in as_user(maya.user).get(TODAY).text
    with pytest.raises(PermissionDenied):
        come(jonah, row, noon)
    make_event("Open evening of the grieving")


# ---- who must not meet


def test_adults_and_adolescents_never_find_each_others_events_nor_meet_at_one(
    circle, make_event, young, ruth, maya, noon, as_user
):
    make_event("For adults", place="Big room")
    place = own_membership(viewer=young.user, at=noon)
    assert place is not None
    assert seen_by(young, noon) == []
    with pytest.raises(services.OthersThere):
        make_event("For the young", circle=place.circle, place="big room", ahead=timedelta(days=2, minutes=59), by=ruth)
    row = make_event("For the young", circle=place.circle, place="big room", ahead=timedelta(days=2, hours=1), by=ruth)
    with pytest.raises(IntegrityError, match="adults_and_adolescents_never_meet_at_one_place"), transaction.atomic():
        CircleEvent.objects.filter(pk=row.pk).update(starts_at=noon + timedelta(days=2))
    page = reverse("circle:events", args=[place.circle_id])
    answer = as_user(ruth).post(
        page, DATA | {"is_ours": "on", "day": "2026-11-26", "starts": "12:00", "place": "Big Room"}
    )
    assert answer.status_code == 422
    assert "Adults and adolescents never meet" in answer.text


def test_a_student_is_asked_to_nothing_of_a_host_they_are_kept_apart_from(make_event, sam, ruth, maya, jonah, noon):
    ours, theirs = make_event("Ours"), make_event("Elsewhere", is_ours=False)
    KeepApart.objects.create(patient=maya, member=sam, reason="…", entered_by=ruth, entered_at=noon)
    assert seen_by(maya, noon) == [("Elsewhere", False)]
    assert seen_by(jonah, noon) == [("Elsewhere", False), ("Ours", False)]
    with pytest.raises(PermissionDenied):
        come(maya, ours, noon)
    come(maya, theirs, noon)


def test_what_they_said_they_come_to_leaves_today_once_they_are_kept_apart_from_its_host(
    make_event, sam, ruth, maya, noon
):
    come(maya, make_event("Ours"), noon)
    assert [one.name for one in coming_to(maya, at=noon)] == ["Ours"]
    KeepApart.objects.create(patient=maya, member=sam, reason="…", entered_by=ruth, entered_at=noon)
    assert coming_to(maya, at=noon) == []


def test_supervisors_are_warned_of_two_kept_apart_and_nobody_reads_who(
    circle, make_event, sam, ruth, maya, jonah, noon, as_user
):
    row = make_event()
    KeepApart.objects.create(patient=maya, other=jonah, reason="…", entered_by=ruth, entered_at=noon)
    come(maya, row, noon)
    assert not events_of(viewer=ruth, circle=circle, at=noon)[0].must_not_meet
    come(jonah, row, noon)
    page = reverse("circle:events", args=[circle.pk])
    seen = as_user(ruth).get(page).text
    assert "two who are kept apart" in seen
    assert [name for name in ("Maya", "Jonah") if name in seen] == []
    assert "two who are kept apart" not in as_user(sam).get(page).text
    assert seen_by(maya, noon) == seen_by(jonah, noon) == [("Open evening", True)]


@pytest.mark.parametrize(
    "viewer", ["other_circle", "not_agreed", "alumnus", "adolescent", "host", "supervisor", "other_facilitator",
               "counselor", "stranger"],
)  # fmt: skip
def test_nobody_but_members_comes_and_nobody_but_hosts_writes_and_calls_off(
    circle, make_event, viewer, young, dana, ruth, sam, as_user, client, noon, organisation, alumni_member
):
    row = make_event()
    omar, theo = (make_patient(name, "Test", at=noon) for name in ("Omar", "Theo"))
    make_member(omar, by=dana, at=noon, program=make_program(name="Adult noon", pack="adult-day"))
    new = make_member(theo, by=dana, at=noon)
    type(new).objects.filter(pk=new.pk).update(agreed_at=None)
    users = {
        "other_circle": omar.user, "not_agreed": theo.user, "alumnus": alumni_member.patient.user,
        "adolescent": young.user, "host": sam, "supervisor": ruth, "counselor": dana, "stranger": None,
        "other_facilitator": make_user("Noor Other", Role.PEER, organisation=organisation),
    }  # fmt: skip
    browser = as_user(users[viewer]) if users[viewer] else client
    browser.post(reverse("circle:say-coming", args=[row.pk]), {"say": "yes"})
    assert not EventMark.objects.exists()
    assert "Open evening" not in browser.get(COMING).text
    page = reverse("circle:events", args=[circle.pk])
    assert ("Open evening" in browser.get(page).text) == (viewer in ("host", "supervisor"))
    browser.post(page, DATA)
    browser.post(page, {"end": row.pk})
    row.refresh_from_db()
    assert (row.called_off_at is not None) == (CircleEvent.objects.count() == 2) == (viewer in ("host", "supervisor"))


def test_pages_ask_as_often_for_many_events_as_for_one(
    circle, make_event, maya, jonah, ruth, as_user, count_queries, noon
):
    pages = ((maya.user, HOME), (maya.user, COMING), (maya.user, TODAY),
             (ruth, reverse("circle:events", args=[circle.pk])))  # fmt: skip

    def asked():
        return [count_queries(as_user(reader), page) for reader, page in pages]

    for one in (maya, jonah):
        come(one, make_event("One"), noon)
    before = asked()
    for number in range(4):
        row = make_event(f"Number {number}")
        for one in (maya, jonah):
            come(one, row, noon)
    assert asked() == before
