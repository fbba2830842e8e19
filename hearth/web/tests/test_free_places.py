"""Free places on the public pages: true, and without a word about people."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, make_section, put_on_duty

CHECK = {"danger": "no", "daily": "hard", "home": "safe", "how": "either"}
POSTED = CHECK | {"audience": "adult", "judge": "yes"}
START = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


@pytest.fixture
def week(organisation, dana, theo, ines, maya, now):
    """Maya in three evening groups and a skills group that Dana and Theo lead."""
    program = make_program()
    for number, member in enumerate((dana, theo)):
        put_on_duty(member, since=date(2026, 1, 1), number=f"LPC.{number}")
    make_plan(make_episode(maya, program, by=ines, at=now), by=dana, at=now)
    make_hours(maya, by=dana, at=now)
    for weekday, leader in ((0, dana), (1, theo), (2, dana)):
        make_section(program, leader, [maya], on=START, weekday=weekday, minutes=150)
    make_section(program, theo, [maya], on=START, weekday=3, kind="skills", topic="", minutes=90)
    return program


def test_the_front_page_shows_what_is_free_and_nobody(week, client):
    page = client.get("/").content.decode()
    assert "Mon Tue Wed" in page
    assert "11 places free" in page
    assert "next start Monday 30 November" in page
    assert "Maya" not in page
    assert "Dana" not in page


def test_the_front_page_asks_the_same_number_of_questions_however_many_groups(week, dana, client, count_queries):
    few = count_queries(client, "/")
    for weekday in range(5):
        make_section(week, dana, [], on=START, weekday=weekday, minutes=150, topic="grief")
    assert count_queries(client, "/") == few


@pytest.mark.parametrize(
    ("times", "words"), [("evening", "A whole week could look like this:"), ("morning", "No whole week")]
)
def test_the_self_checks_result_leads_to_places_that_fit_its_hours(week, client, times, words):
    result = client.post(reverse("inquiry:self-check"), POSTED | {"times": [times]})
    assert reverse("web:places-that-fit") in result.content.decode()
    page = client.post(reverse("web:places-that-fit"), {"answers": result.context["answers"]}).content.decode()
    assert words in page
    assert "Maya" not in page
    assert "Dana" not in page


def test_one_change_is_named_to_a_visitor(week, client):
    told = CHECK | {"times": ["evening"], "how": "in_person"}
    answers = json.dumps({"audience": "adult", "answers": told})
    page = client.post(reverse("web:places-that-fit"), {"answers": answers}).content.decode()
    assert "Coming by video, too: a whole week is free." in page


@pytest.mark.parametrize(
    ("audience", "told", "shown"),
    [
        ("adult", {}, True),
        ("adolescent", {}, False),  # who skipped every question, too
        ("adolescent", {"times": ["evening"]}, False),
        ("other", {"age": "teen"}, False),
        ("other", {"age": "child"}, False),
        ("other", {"age": "adult"}, True),
        ("other", {}, True),
    ],
)
def test_only_adults_are_shown_the_weeks_of_adults(week, client, audience, told, shown):
    answers = json.dumps({"audience": audience, "answers": told})
    page = client.post(reverse("web:places-that-fit"), {"answers": answers}).content.decode()
    assert ("A whole week could look like this:" in page) is shown
    assert ("Adults</small>" in page) is shown


def test_weeks_are_looked_for_only_so_often_from_one_address(week, client):
    pages = [client.post(reverse("web:places-that-fit"), {"answers": "{}"}) for _ in range(61)]
    assert {page.status_code for page in pages[:60]} == {200}
    assert pages[60].status_code == 429
    assert "talk to us" in pages[60].content.decode()


def test_others_of_an_address_do_not_wait_while_a_week_is_looked_for(week, client):
    with CaptureQueriesContext(connection) as asked:
        client.post(reverse("web:places-that-fit"), {"answers": "{}"})
    statements = [one["sql"] for one in asked]
    counted = next(place for place, one in enumerate(statements) if "INTO accounts_attempts" in one)
    looked = [place for place, one in enumerate(statements) if "timetable_" in one]
    assert looked
    assert max(looked) < counted  # the row stays locked from there to the end


def test_nonsense_is_taken_as_nothing_told(week, client):
    page = client.post(reverse("web:places-that-fit"), {"answers": "nonsense"}).content.decode()
    assert "You named no hours" in page


def test_the_groups_for_a_phone_to_pick_from_say_what_they_are_and_name_nobody(week, client):
    rows = client.get(reverse("web:groups-with-places")).content.decode()
    assert 'data-group="adult" data-at="evening"' in rows
    assert 'data-language="en" data-places="11"' in rows
    assert "Maya" not in rows
    assert "Dana" not in rows
