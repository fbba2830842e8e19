from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.program.models import Closure
from hearth.timetable import queries, services
from hearth.timetable.board import CLOSE, OPEN, Span
from hearth.timetable.models import Availability, OneOff
from hearth.timetable.one_offs import Dates, NotDates, from_text, in_week
from hearth.timetable.testing import make_episode, make_section
from hearth.timetable.tests.conftest import MONDAY
from hearth.timetable.week_board import board_of_week

TUESDAY = MONDAY + timedelta(days=1)
MY_HOURS, MY_DATES = "/my/hours/", "/my/dates/"


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


@pytest.fixture
def in_group(maya, evening, team, dana, ines, now):
    """Maya, who comes on Tuesdays from 17:30 to 20:30."""
    make_episode(maya, evening, by=ines, at=now)
    make_section(evening, dana, [maya], on=date(2026, 11, 23))
    return maya


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
whole = st.builds(lambda first, more: Dates(first, first + timedelta(days=more)), days, st.integers(0, 59))
parts = st.builds(
    lambda day, times: Dates(day, day, *sorted(times)), days, st.sets(st.integers(0, 1440), min_size=2, max_size=2)
)


@given(whole | parts)
def test_dates_survive_being_carried_by_a_form(dates):
    assert from_text(dates.as_text()) == dates


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-12-03",
        "2026-12-03/2026-12-01",
        "2026-01-01/2026-12-31",
        "2026-12-03 11:00-10:00",
        "2026-12-03 a-b",
    ],
)
def test_what_a_form_cannot_have_written_is_no_date(text):
    with pytest.raises(NotDates):
        from_text(text)


def test_dates_take_their_part_out_of_their_week_alone():
    dates = [Dates(MONDAY - timedelta(days=2), MONDAY), Dates(TUESDAY, TUESDAY, 600, 720)]

    assert in_week(dates, MONDAY) == (Span(0, OPEN, CLOSE), Span(1, 600, 720))
    assert in_week(dates, MONDAY + timedelta(days=7)) == ()


@pytest.mark.parametrize(
    ("first", "minutes", "hit"),
    [(540, 60, False), (540, 61, True), (719, 60, True), (720, 60, False)],
)
def test_a_session_is_missed_if_it_touches_the_hours(first, minutes, hit):
    dates = Dates(TUESDAY, TUESDAY, 600, 720)

    assert dates.covers(TUESDAY, first, minutes) is hit
    assert not dates.covers(MONDAY, 600, 60)


def test_said_twice_is_kept_once_and_told_with_what_is_missed(in_group, now):
    for _ in range(2):
        services.say_cannot_come(patient=in_group, dates=[Dates(TUESDAY, TUESDAY)], by=in_group.user, at=now)

    (missed,) = queries.missed_by(in_group, since=now.date())
    assert [(place.day, place.section.name) for place in missed.places] == [(TUESDAY, "Evening group")]


def test_a_date_gone_by_and_a_stranger_are_refused(in_group, jonah, theo, now):
    with pytest.raises(services.DatesArePast):
        services.say_cannot_come(
            patient=in_group, dates=[Dates(date(2026, 1, 2), date(2026, 1, 2))], by=in_group.user, at=now
        )
    for stranger in (jonah.user, theo):
        with pytest.raises(PermissionDenied):
            services.say_cannot_come(patient=in_group, dates=[Dates(TUESDAY, TUESDAY)], by=stranger, at=now)


def test_the_board_of_that_week_leaves_these_hours_out_and_the_next_does_not(class_of_four, maya, ines, now):
    services.say_cannot_come(patient=maya, dates=[Dates(TUESDAY, TUESDAY)], by=maya.user, at=now)

    def free(week_of: date) -> set[int]:
        people = {one.id: one for one in board_of_week(viewer=ines, week_of=week_of).board.patients}
        return {span.day for span in people[str(maya.pk)].available}

    assert free(MONDAY) == {0, 2, 3, 4}
    assert free(MONDAY + timedelta(days=7)) == {0, 1, 2, 3, 4}


def test_the_student_adds_a_date_answers_about_a_make_up_and_takes_it_back(in_group, as_user):
    browser = as_user(in_group.user)

    page = browser.post(
        MY_DATES, {"first_on": TUESDAY.isoformat(), "starts": "17:00", "ends": "18:00"}, follow=True
    ).content.decode()
    assert "Tue 1 December, 17:00–18:00" in page
    assert "Would you like to make it up at another time?" in page
    address = reverse("timetable:change-dates", args=[OneOff.objects.get().pk])
    assert "You asked for a make-up" in browser.post(address, {"do": "make-up"}, follow=True).content.decode()
    browser.post(address, {"do": "take-back"})
    assert not OneOff.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first_on": "2026-11-23"}, "This is over"),
        ({"first_on": "2026-12-03", "last_on": "2026-12-01"}, "This is before the first day"),
        ({"first_on": "2026-12-03", "starts": "10:00"}, "One of the two times is missing"),
        ({"first_on": "2026-12-03", "starts": "10:00", "ends": "09:00"}, "This ends before it begins"),
        (
            {"first_on": "2026-12-03", "last_on": "2026-12-04", "starts": "10:00", "ends": "12:00"},
            "Times are for one day alone",
        ),
        ({"first_on": "2026-12-03", "last_on": "2027-12-04"}, "That is very long"),
    ],
)
def test_a_date_that_cannot_be_is_explained_beside(in_group, as_user, typed, words):
    answer = as_user(in_group.user).post(MY_DATES, typed)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_dates_are_for_the_student_and_their_team(in_group, dana, theo, jonah, as_user):
    as_user(dana).post(reverse("timetable:dates", args=[in_group.pk]), {"first_on": TUESDAY.isoformat()})
    row = OneOff.objects.get()
    assert row.entered_by == dana

    change = reverse("timetable:change-dates", args=[row.pk])
    for stranger in (theo, jonah.user):
        browser = as_user(stranger)
        assert browser.post(change, {"do": "take-back"}).status_code == 403
        assert (
            browser.post(reverse("timetable:dates", args=[in_group.pk]), {"first_on": "2026-12-03"}).status_code == 403
        )
    assert OneOff.objects.exists()


# ---- the buttons that fill the week


def test_school_hours_and_copied_days_are_on_the_page_but_not_kept_yet(in_group, as_user):
    page = as_user(in_group.user).post(MY_HOURS, {"do": "school", "note": "I ride the bus"}).content.decode()

    assert page.count('value="15:30"') == 5
    assert "This is not kept yet" in page
    assert "I ride the bus" in page
    typed = {
        "week-0-from": "16:00",
        "week-0-to": "18:00",
        "week-0-level": "best",
        "do": "copy",
        "day": "0",
        "to": "workdays",
    }
    page = as_user(in_group.user).post(MY_HOURS, typed).content.decode()
    assert page.count('value="16:00"') == 5
    assert page.count('<option value="best" selected>') == 5
    assert not Availability.objects.exists()


def test_best_hours_are_kept_and_shown_to_staff(in_group, dana, as_user):
    as_user(in_group.user).post(MY_HOURS, {"week-0-from": "16:00", "week-0-to": "18:00", "week-0-level": "best"})

    assert Availability.objects.get().hours == [{"day": 0, "from": "16:00", "to": "18:00", "preference": "best"}]
    page = as_user(dana).get(reverse("timetable:hours", args=[in_group.pk])).content.decode()
    assert '<option value="best" selected>' in page


def test_a_button_pressed_over_wrong_hours_explains_them_first(in_group, as_user):
    answer = as_user(in_group.user).post(MY_HOURS, {"do": "work", "week-0-from": "19:00", "week-0-to": "17:00"})

    assert answer.status_code == 422
    assert "This ends before it begins" in answer.content.decode()


def test_the_students_week_says_what_is_closed_and_what_they_cannot_come_to(in_group, ines, now, as_user):
    browser, week = as_user(in_group.user), {"week": MONDAY.isoformat()}
    services.say_cannot_come(patient=in_group, dates=[Dates(TUESDAY, TUESDAY)], by=in_group.user, at=now)
    page = browser.get("/my/week/", week).content.decode()
    assert "you said you cannot come" in page
    assert "called off" not in page

    Closure.objects.create(name="Snow", first_on=TUESDAY, last_on=TUESDAY, entered_by=ines, entered_at=now)

    assert "called off" in browser.get("/my/week/", week).content.decode()


def test_the_page_of_hours_asks_the_same_number_of_questions_however_many_dates_there_are(
    in_group, now, count_queries, as_user
):
    browser = as_user(in_group.user)
    days = [TUESDAY + timedelta(weeks=number) for number in range(6)]
    services.say_cannot_come(patient=in_group, dates=[Dates(days[0], days[0])], by=in_group.user, at=now)
    few = count_queries(browser, MY_HOURS)
    services.say_cannot_come(patient=in_group, dates=[Dates(day, day) for day in days], by=in_group.user, at=now)

    assert count_queries(browser, MY_HOURS) == few
