"""Days off, rooms, duty hours, interpreters and pairs: who may enter them, and what holds from when."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from hearth.accounts.models import Site
from hearth.audit.models import Event
from hearth.program import services
from hearth.program.hours_text import NotHours, read_day, write_day
from hearth.program.models import Closure, GroupNeed, Interpreter, Leave, Room, StaffDuty, StaffPair, Travel
from hearth.program.queries import interpreters_on, travel_minutes

MONDAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def clock(now):
    """The days that are typed here lie ahead."""
    with time_machine.travel(now, tick=False):
        yield


WEEK = {f"day_{day}": "" for day in range(7)}


def duty(hours, **changes):
    facts = {"populations": ["adult"], "topics": [], "languages": ["en"], "hours": hours}
    return services.Duty(**facts | {"max_minutes_week": 1500, "max_minutes_run": 300, "site": None} | changes)


# ---- services


def test_new_hours_hold_from_their_monday_and_the_old_ones_until_then(dana, walt, now):
    StaffDuty.objects.create(member=dana, hours=[], since=date(2026, 1, 1))
    hours = read_day(0, "12-20")
    services.set_duty(member=dana, since=MONDAY, duty=duty(hours), by=walt, at=now)
    services.set_duty(member=dana, since=MONDAY, duty=duty(hours, max_minutes_week=900), by=walt, at=now)
    assert [one.hours for one in StaffDuty.objects.on(date(2026, 11, 29))] == [[]]
    (new,) = StaffDuty.objects.on(MONDAY)
    assert (new.hours, new.max_minutes_week) == (hours, 900)
    with pytest.raises(services.TooEarly):
        services.set_duty(member=dana, since=date(2026, 11, 23), duty=duty(hours), by=walt, at=now)
    with pytest.raises(PermissionDenied):
        services.set_duty(member=dana, since=MONDAY, duty=duty(hours), by=dana, at=now)


def test_a_lead_confirms_leave_but_not_their_own_unless_they_direct(dana, ruth, walt, now):
    facts = {"first_on": MONDAY, "last_on": MONDAY, "at": now}
    leave, own, directors = (services.ask_leave(by=one, **facts) for one in (dana, ruth, walt))
    with pytest.raises(PermissionDenied):
        services.decide_leave(leave=leave, is_confirmed=True, by=dana, at=now)
    with pytest.raises(services.NotYours):
        services.decide_leave(leave=own, is_confirmed=True, by=ruth, at=now)
    assert services.decide_leave(leave=leave, is_confirmed=True, by=ruth, at=now).status == "confirmed"
    assert services.decide_leave(leave=own, is_confirmed=False, by=walt, at=now).status == "declined"
    assert services.decide_leave(leave=directors, is_confirmed=True, by=walt, at=now).status == "confirmed"
    assert services.take_back_leave(leave=leave, by=dana, at=now).status == "taken_back"
    assert Event.objects.filter(verb="program.leave_confirmed").count() == 2


def test_nobody_is_booked_who_is_not_bound_to_confidentiality(walt, now):
    facts: dict[str, Any] = {"agency": "", "offers": ["ase"], "modalities": ["virtual"], "hours": [], "left_on": None}
    bound, _ = (
        services.keep_interpreter(name=name, bound_on=day, by=walt, at=now, **facts)
        for name, day in (("Ivy Stone", date(2026, 1, 1)), ("Not yet", None))
    )
    assert interpreters_on(MONDAY) == [bound]
    services.keep_interpreter(
        interpreter=bound, name="Ivy Stone", bound_on=bound.bound_on, by=walt, at=now, **facts | {"left_on": MONDAY}
    )
    assert interpreters_on(MONDAY) == []


def test_a_way_is_said_once_for_both_directions(walt, now):
    one, other = Site.objects.create(name="A"), Site.objects.create(name="B")
    services.say_travel(one=one, other=other, minutes=20, by=walt, at=now)
    services.say_travel(one=other, other=one, minutes=35, by=walt, at=now)
    assert travel_minutes() == {frozenset((one.pk, other.pk)): 35}


def test_what_groups_need_is_taken_back_with_one_leader_and_nothing_else(walt, now):
    facts = {"kind": "skills", "topic": "", "by": walt, "at": now}
    services.say_what_groups_need(leaders=2, equipment=["screen"], **facts)
    assert GroupNeed.objects.get().leaders == 2
    assert services.say_what_groups_need(leaders=1, equipment=[], **facts) is None
    assert not GroupNeed.objects.exists()


# ---- hours as text


@pytest.mark.parametrize("text", ["noon", "9-9", "9:15-10", "9-12, 11-13", "20-26", "12"])
def test_what_are_no_hours_is_refused(text):
    with pytest.raises(NotHours):
        read_day(0, text)


@given(st.sets(st.integers(0, 48), min_size=2, max_size=6).map(sorted), st.integers(0, 6))
def test_hours_read_back_as_they_were_written(slots, day):
    clock = [f"{slot // 2:02d}:{slot % 2 * 30:02d}" for slot in slots]
    pairs = list(zip(clock[::2], clock[1::2], strict=False))
    hours = [{"day": day, "from": start, "to": end} for start, end in pairs]
    assert read_day(day, write_day(day, hours)) == hours


# ---- pages


def test_the_director_closes_some_days_and_is_told_what_overlaps(walt, as_user, now):
    browser = as_user(walt)
    day = {"form": "closure", "closure-name": "Thanksgiving", "closure-first_on": "2026-11-26"}
    assert browser.post("/days-off/", day).status_code == 302
    page = browser.post("/days-off/", {**day, "closure-name": "Storm", "closure-last_on": "2026-11-27"}, follow=True)
    assert "it is closed already: Thanksgiving (everywhere)" in page.content.decode()
    assert Closure.objects.standing().count() == 2
    closure = Closure.objects.get(name="Storm")
    browser.post(f"/days-off/closures/{closure.pk}/take-back/")
    assert Closure.objects.standing().count() == 1
    wrong = browser.post("/days-off/", {**day, "closure-last_on": "2026-11-20"})
    assert wrong.status_code == 422
    assert "The last day is before the first." in wrong.content.decode()


def test_a_counselor_asks_for_leave_and_a_lead_confirms_it(dana, theo, ruth, as_user):
    asked = {"form": "leave", "leave-first_on": "2026-12-07", "leave-last_on": "2026-12-08"}
    assert as_user(dana).post("/days-off/", asked).status_code == 302
    leave = Leave.objects.get()
    assert "Dana Kim" not in as_user(theo).get("/days-off/").content.decode().split("</header>")[-1]
    assert as_user(theo).post(f"/days-off/leave/{leave.pk}/", {"do": "confirm"}).status_code == 403
    assert "Leave to confirm" in as_user(ruth).get("/days-off/").content.decode()
    as_user(ruth).post(f"/days-off/leave/{leave.pk}/", {"do": "confirm"})
    assert Leave.objects.get().status == "confirmed"


def test_only_those_who_set_up_the_house_change_rooms_hours_interpreters_and_pairs(
    walt, dana, ruth, maya, as_user, client
):
    site = Site.objects.create(name="Denver")
    room = Room.objects.create(site=site, name="Oak", seats=8)
    pages = [
        "/programs/rooms/", f"/programs/rooms/{room.pk}/", f"/programs/duties/{dana.pk}/", "/programs/interpreters/",
        "/programs/leading/",
    ]  # fmt: skip
    assert all(client.get(page).status_code == 302 for page in (*pages, "/days-off/"))
    for page in pages:
        for who in (dana, maya.user, *([] if page == "/programs/rooms/" else [ruth])):
            assert as_user(who).get(page).status_code == 403
        assert as_user(walt).get(page).status_code == 200
    assert as_user(maya.user).get("/days-off/").status_code == 403
    assert as_user(walt).get(f"/programs/duties/{maya.user.pk}/").status_code == 403


def test_rooms_ways_hours_interpreters_and_pairs_are_kept_from_the_browser(walt, dana, theo, as_user):
    one, other = Site.objects.create(name="Aurora"), Site.objects.create(name="Denver")
    browser = as_user(walt)
    facts = {"form": "room", "room-site": other.pk, "room-name": "Oak", "room-seats": 9, "room-equipment": ["screen"]}
    browser.post("/programs/rooms/", facts)
    assert "a room of this name" in browser.post("/programs/rooms/", facts).content.decode()
    room = Room.objects.get()
    assert room.equipment == ["screen"]
    browser.post(f"/programs/rooms/{room.pk}/", {"site": other.pk, "name": "Oak", "seats": 11})
    assert (Room.objects.get().seats, Room.objects.get().equipment) == (11, [])
    browser.post("/programs/rooms/", {"form": "travel", "way-one": one.pk, "way-other": other.pk, "way-minutes": 25})
    assert Travel.objects.get().minutes == 25

    hours = {**WEEK, "day_0": "9-12, 13–17", "populations": ["adult"], "languages": ["en"], "hours_week": 20}
    hours |= {"run_minutes": 180, "site": other.pk}
    wrong = browser.post(f"/programs/duties/{dana.pk}/", {**hours, "since": "2026-12-01", "day_1": "late"})
    assert "begin on a Monday" in wrong.content.decode()
    assert "Write it like 12:00–17:00" in wrong.content.decode()
    browser.post(f"/programs/duties/{dana.pk}/", {**hours, "since": "2026-11-30"})
    found = StaffDuty.objects.get(member=dana)
    assert [(span["from"], span["to"]) for span in found.hours] == [("09:00", "12:00"), ("13:00", "17:00")]
    assert found.site == other

    ivy = {**WEEK, "day_2": "17-21", "name": "Ivy Stone", "offers": ["ase"], "modalities": ["virtual"]}
    browser.post("/programs/interpreters/", ivy)
    row = Interpreter.objects.get()
    assert "not before they sign" in browser.get("/programs/interpreters/").content.decode()
    browser.post(f"/programs/interpreters/{row.pk}/", {**ivy, "bound_on": "2026-01-05"})
    assert Interpreter.objects.get().bound_on == date(2026, 1, 5)

    StaffDuty.objects.create(member=theo, since=date(2026, 1, 1))
    StaffDuty.objects.update(since=date(2026, 1, 1))
    pair = {"form": "pair", "pair-first": theo.pk, "pair-lead": "must", "pair-second": dana.pk}
    browser.post("/programs/leading/", pair)
    assert "only together with" in browser.get("/programs/leading/").content.decode()
    browser.post("/programs/leading/", {"form": "need", "need-kind": "skills", "need-leaders": 2})
    assert "two leaders" in browser.get("/programs/leading/").content.decode()
    browser.post(f"/programs/leading/{StaffPair.objects.get().pk}/take-back/")
    assert not StaffPair.objects.exists()


def test_more_days_off_ask_no_more_questions(walt, dana, as_user, now, django_assert_max_num_queries):
    def add(day):
        services.close(
            name=f"Day {day}", first_on=date(2026, 12, day), last_on=date(2026, 12, day), site=None, by=walt, at=now
        )
        services.ask_leave(first_on=date(2026, 12, day), last_on=date(2026, 12, day), by=dana, at=now)

    add(1)
    browser = as_user(walt)
    with django_assert_max_num_queries(20) as few:
        browser.get("/days-off/")
    for day in (2, 3, 4):
        add(day)
    with django_assert_max_num_queries(len(few)):
        browser.get("/days-off/")
