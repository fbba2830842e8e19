"""Tiny habits: a streak that forgives, days where the student is, their student's alone."""

import json
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hearth.audit.models import Event
from hearth.lib import kept
from hearth.skills import habit_queries, habit_services
from hearth.skills.habits import State, day_of, streak
from hearth.skills.models import Habit, HabitDay

HABITS, TODAY = reverse("skills:habits"), date(2026, 11, 24)
ZONES = ("America/Denver", "America/Havana", "Australia/Lord_Howe", "Asia/Beirut", "Pacific/Kiritimati", "UTC")
DAYS = st.sets(st.integers(0, 40).map(lambda ago: TODAY - timedelta(days=ago)))


def ago(*days):
    return [TODAY - timedelta(days=each) for each in days]


@pytest.mark.parametrize(
    ("days", "state", "run"),
    [
        ([], State.NEW, 0),
        (ago(0), State.GOING, 1),
        (ago(1, 2, 3), State.GOING, 3),
        (ago(2, 3), State.GOING, 2),  # yesterday was missed, today is not over
        (ago(0, 2, 4), State.GOING, 3),  # one missed day at a time breaks nothing
        (ago(3, 4, 5), State.RESTING, 0),  # two in a row let it rest
        (ago(0, 3, 4), State.BACK, 1),  # and coming back is celebrated
        (ago(0, 1, 4, 5), State.GOING, 2),
        (ago(-1, 0), State.GOING, 2),  # begun further east
    ],
)
def test_a_streak_forgives_one_day_rests_after_two_and_is_glad_of_coming_back(days, state, run):
    found = streak(days, TODAY)
    assert (found.state, found.days, found.total) == (state, run, len(days))


@given(DAYS)
def test_a_run_is_as_long_as_days_counted_back_until_two_are_missed(days):
    counted, missed, day = 0, 0 if TODAY in days else -1, TODAY  # today is missed only once it is over
    while missed < 2 and day > TODAY - timedelta(days=50):
        counted, missed = (counted + 1, 0) if day in days else (counted, missed + 1)
        day -= timedelta(days=1)
    assert streak(days, TODAY).days == counted


@given(DAYS, st.integers(0, 40))
def test_doing_it_once_more_never_takes_anything_away(days, back):
    before, after = streak(days, TODAY), streak(days | {TODAY - timedelta(days=back)}, TODAY)
    assert after.days >= before.days
    assert after.total >= before.total


@given(
    st.sampled_from(ZONES),
    st.dates(date(2020, 1, 1), date(2032, 1, 1)),
    st.lists(st.times(), min_size=1, max_size=20),
)
def test_once_on_every_day_is_every_day_wherever_clocks_change(name, first, times):
    zone = ZoneInfo(name)
    local = [first + timedelta(days=n) for n in range(len(times))]
    said = [datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for day, at in zip(local, times, strict=True)]
    assert [day_of(at, zone) for at in said] == local
    assert streak([day_of(at, zone) for at in said], local[-1]).days == len(times)


@given(st.sampled_from(ZONES), st.dates(date(2020, 1, 1), date(2032, 1, 1)))
def test_a_day_has_one_date_from_its_first_moment_to_its_last(name, day):
    zone = ZoneInfo(name)
    for at in (time.min, time.max):
        assert day_of(datetime.combine(day, at, tzinfo=zone).astimezone(UTC), zone) == day


def begin(patient, at, *, what="Three slow breaths"):
    return habit_services.begin(anchor="After I brush my teeth", what=what, by=patient.user, at=at)


def test_a_habit_is_begun_once_done_with_one_tap_and_taken_back(as_user, maya):
    client, form = as_user(maya.user), {"token": uuid4(), "anchor": "After I brush my teeth", "what": "Breathe"}
    for _ in range(2):
        assert client.post(HABITS, form).status_code == 302
    (one,) = habit_queries.habits_of(maya.user, at=timezone.now())
    for _ in range(2):
        assert client.post(reverse("skills:habit-done", args=[one.habit.pk])).status_code == 302
    page = client.get(HABITS).text
    assert "1 day in this run." in page
    assert "Take today back" in page
    assert "1 of 1 today" in client.get(reverse("web:today")).text
    client.post(reverse("skills:habit-not-today", args=[one.habit.pk]))
    assert "Your first day is still to come" in client.get(HABITS).text


def test_coming_back_after_a_rest_is_told_without_guilt(as_user, maya):
    now = timezone.now()
    habit = begin(maya, now - timedelta(days=9))
    habit_services.did_today(pk=habit.pk, by=maya.user, at=now - timedelta(days=9))
    client = as_user(maya.user)
    assert "It is having a rest" in client.get(HABITS).text
    client.post(reverse("skills:habit-done", args=[habit.pk]))
    page = client.get(HABITS).text
    assert "Good to see you again" in page
    assert "2 days in all" in page


def test_five_at_once_are_enough_and_a_pause_makes_room(as_user, maya, now):
    rows, client = [begin(maya, now) for _ in range(5)], as_user(maya.user)
    form = {"token": uuid4(), "anchor": "On the bus", "what": "Look out of the window"}
    answer = client.post(HABITS, form)
    assert answer.status_code == 422
    assert "Five at once are plenty" in answer.text
    pause = reverse("skills:pause-habit", args=[rows[2].pk])
    client.post(pause, {"pause": "yes"})
    assert client.post(HABITS, form).status_code == 302
    assert client.post(pause, {"pause": "no"}).status_code == 302
    assert "Resting" in client.get(HABITS).text  # there is no room for it
    client.post(reverse("skills:let-habit-go", args=[rows[0].pk]))
    client.post(pause, {"pause": "no"})
    found = habit_queries.habits_of(maya.user, at=now)
    assert [one.habit.place for one in found] == [0, 1, 2, 3, 4]


def test_a_phone_without_a_connection_sends_a_habits_day_later_and_once(as_user, maya):
    now, client = timezone.now(), as_user(maya.user)
    habit = begin(maya, now - timedelta(days=5))
    earlier = now - timedelta(days=2)

    def item(what, fields=None):
        return {"key": str(uuid4()), "what": what, "fields": fields or {}, "at": earlier.timestamp() * 1000, "skew": 0}

    items = [
        item(f"habit-done.{habit.pk}"),
        item(f"habit-done.{habit.pk}"),
        item(f"habit-done.{uuid4()}"),  # let go meanwhile
        item("habit-done.nothing"),
        *(item("habit", {"anchor": "On the bus", "what": str(n)}) for n in range(5)),
    ]
    body = json.dumps({"owner": kept.owner_of(maya.user.pk), "items": items})
    for _ in range(2):
        answer = client.post(reverse("skills:queued"), body, content_type="application/json").json()
        done = [result["done"] for result in answer["results"]]
        assert done == [True, True, True, False, True, True, True, True, False]
    found = habit_queries.habits_of(maya.user, at=now)
    assert [one.streak.total for one in found] == [1, 0, 0, 0, 0]
    assert found[0].streak.days == 1  # it counts for the day it was done


@pytest.mark.parametrize(
    ("away", "skew"),
    [(timedelta(days=2), timedelta(hours=3)), (timedelta(days=40), timedelta()), (timedelta(days=-1), timedelta())],
)
def test_a_habits_day_that_a_turned_clock_tells_is_refused_with_a_sentence(as_user, maya, away, skew):
    now, client = timezone.now(), as_user(maya.user)
    habit = begin(maya, now - timedelta(days=50))
    at, turned = (now - away).timestamp() * 1000, skew.total_seconds() * 1000
    item = {"key": str(uuid4()), "what": f"habit-done.{habit.pk}", "fields": {}, "at": at, "skew": turned}
    body = json.dumps({"owner": kept.owner_of(maya.user.pk), "items": [item]})
    (result,) = client.post(reverse("skills:queued"), body, content_type="application/json").json()["results"]
    assert not result["done"]
    assert "which day" in result["words"]
    assert habit_queries.habits_of(maya.user, at=now)[0].streak.total == 0


def test_a_habits_day_sent_at_once_is_today(as_user, maya):
    now = timezone.now()
    habit = begin(maya, now - timedelta(days=5))
    item = {
        "key": str(uuid4()),
        "what": f"habit-done.{habit.pk}",
        "fields": {},
        "at": now.timestamp() * 1000,
        "skew": 0,
    }
    body = json.dumps({"owner": kept.owner_of(maya.user.pk), "items": [item]})
    answer = as_user(maya.user).post(reverse("skills:queued"), body, content_type="application/json").json()
    assert answer["results"][0]["done"]
    assert habit_queries.habits_of(maya.user, at=now)[0].streak.done_today


def test_habits_are_their_students_alone_and_the_charts_log_is_silent(as_user, maya, jonah, dana, now):
    habit = begin(maya, now)
    habit_services.did_today(pk=habit.pk, by=maya.user, at=now)
    assert (Habit.objects.count(), HabitDay.objects.count()) == (0, 0)
    for name in ("habit-done", "habit-not-today", "pause-habit", "let-habit-go"):
        for other in (jonah.user, dana):
            assert as_user(other).post(reverse(f"skills:{name}", args=[habit.pk])).status_code == 403
    assert as_user(dana).get(HABITS).status_code == 403
    assert not Event.objects.filter(verb="skills.own_kept").exclude(patient_id=None).exists()
    assert len(habit_queries.habits_of(maya.user, at=now)) == 1


def test_many_habits_with_many_days_ask_no_more_queries_than_one(as_user, maya, now, count_queries):
    counts, client = [], as_user(maya.user)
    for many in (1, 3):
        for _ in range(many):
            habit = begin(maya, now)
            for back in range(many):
                habit_services.did_today(pk=habit.pk, by=maya.user, at=now - timedelta(days=back))
        counts.append([count_queries(client, link) for link in (HABITS, reverse("web:today"))])
    assert counts[0] == counts[1]
