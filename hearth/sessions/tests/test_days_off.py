"""Closed days hold no sessions; leave shows which sessions need someone else."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hearth.accounts.models import Site
from hearth.program import services as program
from hearth.program.models import Booking, StaffDuty
from hearth.sessions import services
from hearth.sessions.models import Session
from hearth.sessions.queries import needing_cover
from hearth.sessions.testing import make_room, make_section
from hearth.timetable.models import WeekNotice

DENVER = ZoneInfo("America/Denver")
MONDAY = date(2026, 11, 23)
BEFORE = datetime(2026, 11, 22, 12, tzinfo=DENVER)
THURSDAY = date(2026, 11, 26)


@pytest.fixture
def thursday_group(dana, maya, jonah):
    return make_section(dana, maya, jonah, since=MONDAY, room=make_room(), weekday=3)


def days_of(section):
    rows = Session.objects.standing().filter(section=section).order_by("starts_at")
    return [each.starts_at.astimezone(DENVER).date() for each in rows]


def make(section, by):
    return services.make_sessions(section=section, until=date(2026, 12, 12), by=by, at=BEFORE)


def close(walt, *, first=THURSDAY, last=THURSDAY, site=None, name="Thanksgiving"):
    return program.close(name=name, first_on=first, last_on=last, site=site, by=walt, at=BEFORE)


def test_nothing_is_made_for_a_closed_day(thursday_group, dana, walt):
    close(walt)
    make(thursday_group, dana)
    assert days_of(thursday_group) == [date(2026, 12, 3), date(2026, 12, 10)]


def test_a_closure_entered_later_cancels_what_it_hits_frees_the_hours_and_tells_those_in_it(
    thursday_group, dana, maya, jonah, walt
):
    make(thursday_group, dana)
    close(walt)
    lost = Session.objects.get(cancelled_at__isnull=False)
    assert lost.cancel_reason == "Thanksgiving"
    assert not Booking.objects.filter(purpose_id=lost.pk).exists()
    assert days_of(thursday_group) == [date(2026, 12, 3), date(2026, 12, 10)]
    told = WeekNotice.objects.filter(week_of=MONDAY).values_list("user", flat=True)
    assert set(told) == {one.pk for one in (dana, maya.user, jonah.user) if one}


def test_a_closed_site_leaves_other_sites_and_video_alone(thursday_group, dana, theo, maya, walt, jonah):
    online = make_section(theo, jonah, since=MONDAY, weekday=3, name="Online")
    online.modality = "virtual"
    online.save()
    elsewhere = Site.objects.create(name="Aurora")
    make(thursday_group, dana)
    close(walt, site=elsewhere)
    assert THURSDAY in days_of(thursday_group)
    close(walt, site=thursday_group.room.site)
    assert THURSDAY not in days_of(thursday_group)
    assert not Session.objects.filter(section=online, cancelled_at__isnull=False).exists()


def test_an_hour_in_the_office_of_a_closed_site_is_cancelled(dana, maya, walt):
    site = Site.objects.create(name="Denver")
    StaffDuty.objects.create(member=dana, site=site, since=date(2026, 1, 1))
    alone = make_section(dana, maya, since=MONDAY, weekday=3, kind="individual")
    make(alone, dana)
    close(walt, site=site)
    assert THURSDAY not in days_of(alone)


def test_taking_a_closure_back_plans_its_sessions_again_unless_another_closure_holds(thursday_group, dana, walt):
    make(thursday_group, dana)
    holiday, storm = close(walt), close(walt, name="Storm", site=thursday_group.room.site)
    program.take_back_closure(closure=holiday, by=walt, at=BEFORE)
    assert THURSDAY not in days_of(thursday_group)
    program.take_back_closure(closure=storm, by=walt, at=BEFORE)
    program.take_back_closure(closure=close(walt), by=walt, at=BEFORE)
    assert THURSDAY in days_of(thursday_group)
    again = Session.objects.standing().get(section=thursday_group, starts_at__date__lte=date(2026, 11, 27))
    assert Booking.objects.filter(purpose_id=again.pk).count() == 4


def test_a_confirmed_leave_marks_the_leaders_sessions(thursday_group, dana, ruth):
    made = make(thursday_group, dana)
    leave = program.ask_leave(first_on=THURSDAY, last_on=THURSDAY, by=dana, at=BEFORE)
    assert needing_cover(made) == set()
    program.decide_leave(leave=leave, is_confirmed=True, by=ruth, at=BEFORE)
    assert needing_cover(made) == {made[0].pk}


def test_planners_see_on_the_week_which_sessions_need_someone_else(thursday_group, dana, ruth, as_user, theo):
    make(thursday_group, dana)
    leave = program.ask_leave(first_on=THURSDAY, last_on=THURSDAY, by=dana, at=BEFORE)
    program.decide_leave(leave=leave, is_confirmed=True, by=ruth, at=BEFORE)
    page = as_user(ruth).get("/sessions/?whose=all&week=2026-11-23").content.decode()
    assert "needs someone else" in page
    assert "Work out that week again" in page
    assert "needs someone else" not in as_user(theo).get("/sessions/?week=2026-11-23").content.decode()
