"""Every refused check-in is counted by kind and day, without a name, for those who run the house."""

import logging
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.sessions import door_code, services
from hearth.sessions.models import RefusalCount
from hearth.sessions.testing import make_room, make_session
from hearth.sessions.video import tickets

START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
PAGE = reverse("sessions:refused")


@pytest.fixture
def walk_in(dana, maya, jonah, as_user, time_machine):
    """Maya at the door of her group; another group meets next door with Jonah."""
    room, next_door = make_room(), make_room("Next door")
    session = make_session(dana, maya, starts_at=START, room=room)
    other = make_session(dana, jonah, starts_at=START, room=next_door, name="Another")
    time_machine.move_to(START, tick=False)
    return as_user(maya.user), session, other


def counts():
    return dict(RefusalCount.objects.values_list("kind", "count"))


def tap(browser, session, code):
    return browser.post(reverse("sessions:mine", args=[session.pk]), {"form": "in", "code": code})


def test_what_was_wrong_with_a_code_is_told_apart(walk_in):
    browser, session, other = walk_in
    right = door_code.code_at(session.pk, START)
    wrong = next(code for code in ("000000", "111111") if code != right)
    for code in (
        wrong, door_code.code_at(other.pk, START), door_code.code_at(session.pk, START - timedelta(hours=20)),
    ):  # fmt: skip
        assert tap(browser, session, code).status_code == 422
    assert counts() == {"wrong_code": 1, "other_room": 1, "old_code": 1}
    tap(browser, session, wrong)
    assert counts()["wrong_code"] == 2


def test_double_taps_a_wrong_time_and_somebody_elses_session_are_counted(walk_in, time_machine):
    browser, session, other = walk_in
    right = door_code.code_at(session.pk, START)
    tap(browser, session, right)
    assert counts() == {}
    tap(browser, session, right)
    assert counts() == {"tapped_again": 1}
    assert session.roster.get().presences.count() == 1
    assert browser.get(reverse("sessions:mine", args=[other.pk])).status_code == 403
    time_machine.move_to(session.ends_at + timedelta(hours=1), tick=False)
    tap(browser, session, right)
    assert counts() == {"tapped_again": 1, "not_theirs": 1, "not_now": 1}


def test_tickets_are_counted_where_they_say_they_belong(dana, now):
    text = tickets.make(user=dana, session_id=dana.pk, at=now)
    tickets.spend(text, at=now)
    for changed, at in ((text, now), (text[:-1] + "x", now), ("no ticket", now), (text, now + timedelta(hours=1))):
        with pytest.raises(tickets.BadTicket) as refused:
            tickets.spend(changed, at=at)
        kind = f"ticket_{refused.value.why}"
        services.count_refusal_in(organisation_id=refused.value.organisation_id, kind=kind, at=at)
    assert counts() == {"ticket_used": 1, "ticket_forged": 1, "ticket_old": 1}


def test_neither_the_log_nor_the_table_names_anybody(walk_in, maya, caplog):
    browser, session, _other = walk_in
    with caplog.at_level(logging.WARNING, logger="hearth.refused"):
        tap(browser, session, "123")
    lines = [one.getMessage() for one in caplog.records if one.name == "hearth.refused"]
    assert lines == ["Refused at a session's door: wrong_code"]
    assert {field.name for field in RefusalCount._meta.get_fields()} == {"id", "organisation", "day", "kind", "count"}


def test_administrators_and_directors_read_the_counts_and_nobody_else(walk_in, dana, walt, as_user, count_queries):
    admin = make_user("Kit Marlow", Role.ADMINISTRATOR, organisation=dana.organisation)
    assert "Nothing was refused" in as_user(admin).get(PAGE).text
    few = count_queries(as_user(admin), PAGE)
    for kind in ("wrong_code", "flood", "flood"):
        services.count_refusal(kind=kind, at=START)
    for reader in (admin, walt):
        page = as_user(reader).get(PAGE).text
        assert page.index("A flood of video messages") < page.index("A code that was never shown")
    assert count_queries(as_user(admin), PAGE) == few
    assert as_user(dana).get(PAGE).status_code == 403


def test_every_door_of_a_session_counts_who_may_not_pass_it(walk_in, theo, as_user):
    browser, session, other = walk_in
    for name in ("my-video", "before"):
        assert browser.get(reverse(f"sessions:{name}", args=[other.pk])).status_code == 403
    for name in ("video-ticket", "my-quiet", "answer-round"):
        assert browser.post(reverse(f"sessions:{name}", args=[other.pk]), {"why": "word"}).status_code == 403
    assert counts() == {"not_theirs": 5}
    for name in ("video", "quiet", "places"):
        assert as_user(theo).get(reverse(f"sessions:{name}", args=[session.pk])).status_code == 403
    assert counts() == {"not_theirs": 8}


def test_a_session_that_is_not_of_this_house_is_counted_as_forged(walk_in):
    browser, *_ = walk_in
    made_up = uuid4()
    for name in ("mine", "my-video", "before"):
        assert browser.get(reverse(f"sessions:{name}", args=[made_up])).status_code == 403
    assert browser.post(reverse("sessions:video-ticket", args=[made_up])).status_code == 403
    assert counts() == {"room_forged": 4}
