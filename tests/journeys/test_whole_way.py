"""One person's whole way through the program, in a real browser, with everybody she meets. Nothing is imitated.

The clock is moved through fourteen weeks; the server, the worker and the database are the real ones.
"""

from datetime import date, timedelta

import pytest
import time_machine

from tests.journeys import way_after, way_in, way_through
from tests.journeys.house import FIRST_MONDAY, House, denver, opened

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"]),
]


@pytest.fixture
def house(browser, base_url, stored_organisation, settings):
    settings.TRIAL = True  # for the demo's outbox
    settings.BASE_URL = base_url
    with (
        time_machine.travel(denver(date(2026, 9, 14), "09:00"), tick=True) as clock,
        opened(House(stored_organisation, browser, base_url, clock)) as found,
    ):
        yield found


def test_the_whole_way(house, tmp_path):
    way_in.she_asks_and_is_answered(house)
    way_in.her_referral_arrives(house, tmp_path)
    way_in.she_is_admitted(house)
    way_in.they_agree_on_a_plan(house)
    way_in.her_week_is_made(house)
    way_through.her_sessions_stand_for_the_whole_length(house)
    way_through.her_calendar_shows_them(house)
    way_through.a_session_is_run(house)
    way_through.her_mood_is_asked(house)
    way_through.she_practises(house)
    way_through.everyone_sees_their_day(house, denver(FIRST_MONDAY + timedelta(days=8), "13:00"))
    way_through.fourteen_weeks_pass(house)
    way_after.she_completes(house)
    way_after.she_is_asked_how_she_is(house)
