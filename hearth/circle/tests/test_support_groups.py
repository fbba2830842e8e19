"""The list of support groups: kept by staff, found by those for whom they are."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.circle import services, support_groups
from hearth.circle.models import SupportGroup
from hearth.circle.testing import make_alumnus, make_member
from hearth.lib import tenancy
from hearth.people.testing import make_patient
from hearth.program.testing import make_program

MINE, LISTED, NEW = (reverse(f"circle:{name}") for name in ("my-support-groups", "support-groups", "new-support-group"))
DATA = {
    "name": "Evening circle on Colfax", "weekday": "2", "starts": "19:00", "ends": "20:00", "way": "in_person",
    "place": "Church basement, 1400 Colfax", "link": "", "for_whom": "Open to all", "population": "",
    "language": "English", "source": "Their leaflet", "checked_on": "2026-11-20",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon(time_machine, noon):
    time_machine.move_to(noon, tick=False)


@pytest.fixture
def make_group(sam, noon):
    def make(name, **fields):
        facts: dict[str, Any] = {
            "weekday": 2, "starts": time(19), "way": "in_person", "place": "1400 Colfax", "language": "English",
            "source": "Their leaflet", "checked_on": date(2026, 11, 20),
        }  # fmt: skip
        return services.keep_group(name=name, by=sam, at=noon, **facts | fields)

    return make


def found_by(patient, at, **asked):
    days = support_groups.groups_for(viewer=patient.user, at=at, **asked)
    return [group.name for day in days for group in day.groups]


def test_groups_stand_by_day_and_hour_and_can_be_asked_for_by_day_and_way(circle, make_group, maya, noon):
    make_group("Late", weekday=2, starts=time(21))
    make_group("Early", weekday=2, starts=time(7), way="video", place="", link="https://groups.example/early")
    make_group("Monday", weekday=0)
    assert found_by(maya, noon) == ["Monday", "Early", "Late"]
    assert found_by(maya, noon, weekday=2) == ["Early", "Late"]
    assert found_by(maya, noon, way="video") == ["Early"]


def test_adults_and_adolescents_find_what_is_for_them_and_a_grown_alumnus_nothing_of_the_young(
    circle, make_group, maya, ruth, noon
):
    make_group("For adults", population="adult")
    make_group("For the young", population="adolescent", is_ours=True)
    make_group("For everyone")
    lee, kim = (make_patient(name, "Test", at=noon, birth_date=date(2010, 5, 1)) for name in ("Lee", "Kim"))
    teens = make_program(name="After school", pack="adolescent-after-school", population="adolescent")
    make_member(lee, by=ruth, at=noon, program=teens)
    make_alumnus(kim, by=ruth, at=noon, program=teens, track="mental-health")
    assert found_by(maya, noon) == ["For adults", "For everyone"]
    assert found_by(lee, noon) == found_by(kim, noon) == ["For everyone", "For the young"]
    type(kim).objects.filter(pk=kim.pk).update(birth_date=date(2008, 5, 1))
    assert found_by(kim, noon) == ["For adults", "For everyone"]


def test_our_own_groups_never_mix_adults_and_adolescents(circle, make_group, sam, as_user):
    assert as_user(sam).post(NEW, DATA | {"is_ours": "on"}).status_code == 422
    with pytest.raises(IntegrityError, match="our_own_groups_never_mix"), transaction.atomic():
        make_group("Ours", is_ours=True)


def test_staff_put_one_on_the_list_change_it_and_take_it_off(circle, sam, maya, as_user):
    browser = as_user(sam)
    assert browser.post(NEW, DATA | {"place": " "}).status_code == 422
    assert "Evening circle on Colfax" in browser.post(NEW, DATA, follow=True).text
    row = SupportGroup.objects.get()
    own = reverse("circle:support-group", args=[row.pk])
    assert "Church basement" in browser.get(own).text
    browser.post(own, DATA | {"starts": "18:30"})
    row.refresh_from_db()
    assert row.starts == time(18, 30)
    page = as_user(maya.user).get(MINE).text
    assert "Evening circle on Colfax" in page
    assert "by chance, and that is fine" in page
    as_user(sam).post(own, {"end": "yes"})
    assert "Evening circle on Colfax" not in as_user(maya.user).get(MINE).text


def test_what_nobody_checked_for_three_months_is_marked_for_staff(circle, make_group, sam, as_user, noon):
    make_group("Fresh", checked_on=noon.date() - timedelta(days=90))
    assert "check again" not in as_user(sam).get(LISTED).text
    make_group("Old", checked_on=noon.date() - timedelta(days=91))
    assert "check again" in as_user(sam).get(LISTED).text


def test_a_day_or_way_that_is_none_finds_everything(circle, make_group, maya, as_user):
    make_group("Monday", weekday=0)
    browser = as_user(maya.user)
    for asked in ({"day": "9"}, {"way": "by boat"}):
        assert "Monday" in browser.get(MINE, asked).text
    assert "Nothing on this day" in browser.get(MINE, {"day": "3"}).text


@pytest.mark.parametrize(
    "viewer", ["student", "alumnus", "host", "counselor", "family", "biller", "other_house", "stranger"]
)
def test_who_finds_and_who_keeps(
    circle, make_group, viewer, maya, alumni_member, sam, dana, organisation, as_user, client
):
    row = make_group("For everyone")
    away = make_organisation(name="Elsewhere", slug="elsewhere")
    users = {
        "student": maya.user, "alumnus": alumni_member.patient.user, "host": sam, "counselor": dana, "stranger": None,
        "family": make_user("Carmen", Role.FAMILY, organisation=organisation),
        "biller": make_user("Bill", Role.BILLER, organisation=organisation),
        "other_house": make_user("Away", Role.SUPERVISOR, organisation=away),
    }  # fmt: skip
    browser = as_user(users[viewer]) if users[viewer] else client
    assert ("For everyone" in browser.get(MINE).text) == (viewer in ("student", "alumnus"))
    assert ("For everyone" in browser.get(LISTED).text) == (viewer in ("host", "counselor"))
    browser.post(reverse("circle:support-group", args=[row.pk]), {"end": "yes"})
    with tenancy.within(organisation.pk):
        row.refresh_from_db()
    assert (row.ended_at is not None) == (viewer in ("host", "counselor"))


def test_the_lists_ask_as_often_for_many_groups_as_for_one(circle, make_group, maya, sam, as_user, count_queries):
    make_group("One")
    asked = count_queries(as_user(maya.user), MINE), count_queries(as_user(sam), LISTED)
    for number in range(5):
        make_group(f"Number {number}", weekday=number)
    assert (count_queries(as_user(maya.user), MINE), count_queries(as_user(sam), LISTED)) == asked
