"""Finding cover with one press: from the days off and from the board, and what the proposal shows."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.program.models import Leave
from hearth.program.services import take_back_leave
from hearth.timetable import services
from hearth.timetable.figures import figures
from hearth.timetable.models import Proposal
from hearth.timetable.tests.conftest import MONDAY
from hearth.timetable.tests.test_deciding import LATER, offered, solved, standing
from hearth.timetable.tests.test_passing import away, changed
from hearth.timetable.week_board import board_of_week

__all__ = ["standing"]
DAYS_OFF = "/days-off/"
BOARD = f"/timetable/board/{MONDAY.isoformat()}/"


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


@pytest.fixture
def leave(standing, dana, walt, now):
    """Dana is away on Monday, when she leads a group of four."""
    away(dana, walt, now, first=MONDAY, last=MONDAY)
    return Leave.objects.get(member=dana)


def test_one_press_beside_a_leave_asks_for_cover_which_is_then_accepted(leave, ines, as_user):
    browser = as_user(ines)
    address = reverse("timetable:find-cover-of-leave", args=[leave.pk])
    assert address in browser.get(DAYS_OFF).text
    page = browser.post(address, follow=True).text
    assert "Being worked out" in page
    assert "Cover for Dana Kim (Mon)" in page
    cover = solved(Proposal.objects.get(cover__isnull=False))
    page = browser.get(reverse("timetable:proposal", args=[cover.pk])).text
    assert "the weeks of 4 people change" in page
    assert "Mon 16:00, Dana, by video" in page
    assert "Mon 16:00, Theo, by video" in page
    assert "Everything that somebody would have lost is covered." in page
    assert "holds for this week alone" in page
    page = browser.post(reverse("timetable:accept", args=[cover.pk]), follow=True).text
    assert "The cover is accepted. Those whose week changes are told." in page
    assert "Cover for Dana Kim (Mon)" in page  # in the list of proposals
    assert "Take it back" in browser.get(reverse("timetable:proposal", args=[cover.pk])).text


def test_the_board_says_who_is_away_and_offers_to_find_cover(leave, ines, as_user):
    browser = as_user(ines)
    assert "Away: Dana Kim (Mon). 1 session needs somebody else." in browser.get(BOARD).text
    browser.post(f"{BOARD}cover/")
    services.accept_proposal(proposal=solved(Proposal.objects.get(cover__isnull=False)), by=ines, at=leave.asked_at)
    assert "needs somebody else" not in browser.get(BOARD).text
    assert "Nothing in this week needs cover any more." in browser.post(f"{BOARD}cover/", follow=True).text


def test_an_impossible_address_is_not_found(standing, ines, as_user):
    for monday in ("9999-12-31", "2026-12-01", "soon"):
        assert as_user(ines).post(f"/timetable/board/{monday}/cover/").status_code == 404


def test_who_accepts_an_earlier_week_is_told_to_take_the_cover_back_first(standing, dana, walt, ines, now, as_user):
    away(dana, walt, now, first=LATER, last=LATER)
    cover, browser = solved(services.find_cover(week_of=LATER, by=ines, at=now)), as_user(ines)
    page = browser.get(reverse("timetable:proposal", args=[cover.pk])).text
    assert "no week before this one can be accepted or published, until it is taken back" in page
    services.accept_proposal(proposal=cover, by=ines, at=now)
    board = board_of_week(viewer=ines, week_of=MONDAY).board
    week = changed(board.current, start=17 * 60)
    moved = offered(week, ines, now, figures=figures(board, week))
    page = browser.post(reverse("timetable:accept", args=[moved.pk])).text
    assert "Cover in the week of 7 December stands. Take it back first, then ask for it again." in page


def test_a_leave_that_is_taken_back_is_said_beside_its_cover(leave, walt, ines, now, as_user):
    cover, browser = solved(services.find_cover(week_of=MONDAY, by=ines, at=now)), as_user(ines)
    address = reverse("timetable:proposal", args=[cover.pk])
    assert "Somebody is no longer away" not in browser.get(address).text
    page = as_user(walt).post(reverse("program:decide-leave", args=[leave.pk]), {"do": "take-back"}, follow=True).text
    assert "Cover that was accepted for it stands until a planner takes it back." in page
    assert "Somebody is no longer away as when this cover was asked for. Ask for it again." in browser.get(address).text
    page = browser.post(reverse("timetable:accept", args=[cover.pk])).text
    assert "This cannot be done as it is. Nothing has changed." in page


def test_accepted_cover_says_that_its_leave_was_taken_back(leave, dana, ines, now, as_user):
    cover = solved(services.find_cover(week_of=MONDAY, by=ines, at=now))
    services.accept_proposal(proposal=cover, by=ines, at=now)
    take_back_leave(leave=leave, by=dana, at=now)
    page = as_user(ines).get(reverse("timetable:proposal", args=[cover.pk])).text
    assert "This cover stands, but somebody is no longer away as when it was asked for." in page


def test_a_leave_that_takes_nothing_away_says_so(standing, theo, walt, ines, now, as_user):
    away(theo, walt, now, first=MONDAY, last=MONDAY)
    address = reverse("timetable:find-cover-of-leave", args=[Leave.objects.get(member=theo).pk])
    page = as_user(ines).post(address, follow=True).text
    assert "Theo Brandt leads nothing on these days that still needs cover." in page


def test_only_planners_press_it(leave, dana, maya, organisation, as_user, client):
    biller = make_user("Bea Holt", Role.BILLER, organisation=organisation)
    address = reverse("timetable:find-cover-of-leave", args=[leave.pk])
    assert client.post(address).status_code == 302
    assert "Find cover" not in as_user(dana).get(DAYS_OFF).text
    for user in (dana, maya.user, biller):
        assert as_user(user).post(address).status_code == 403
        assert as_user(user).post(f"{BOARD}cover/").status_code == 403
    assert not Proposal.objects.filter(cover__isnull=False).exists()


def test_the_proposal_asks_few_questions(leave, ines, as_user, django_assert_max_num_queries):
    cover = solved(services.find_cover(week_of=MONDAY, by=ines, at=leave.asked_at))
    cache.clear()
    with django_assert_max_num_queries(60):
        assert as_user(ines).get(reverse("timetable:proposal", args=[cover.pk])).status_code == 200
