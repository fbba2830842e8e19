"""Sleep: two weeks of nights as a picture, what they have in common, the student's alone."""

import json
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hearth.audit.models import Event
from hearth.lib import kept
from hearth.skills import nights, sleep_queries, sleep_services
from hearth.skills.habits import day_of
from hearth.skills.models import Night
from hearth.skills.testing import make_stay

SLEEP, ROUTINE = reverse("skills:sleep"), reverse("skills:sleep-routine")
TODAY = date(2026, 12, 1)


@dataclass(frozen=True)
class Slept:
    on: date
    bed: time
    up: time
    rested: int | None
    helped: str


def here(patient):
    """Today, where the student is."""
    return day_of(timezone.now(), patient.user.zone)


def night(ago=0, bed=time(23), up=time(7), rested=None, helped=""):
    return Slept(on=TODAY - timedelta(days=ago), bed=bed, up=up, rested=rested, helped=helped)


def keep(patient, at, *, on=None, helped="", rested=7):
    return sleep_services.keep_night(
        on=on or here(patient), bed=time(23), up=time(7), rested=rested, helped=helped, by=patient.user, at=at
    )


def all_of(patient):
    return sleep_queries.nights_of(patient.user, since=date(2020, 1, 1))


def test_the_picture_has_fourteen_days_today_first_and_a_bar_where_there_is_a_night():
    shown = nights.lines([night(), night(ago=2, bed=time(0, 30), up=time(6, 30))], TODAY)
    assert [line.day for line in shown] == [TODAY - timedelta(days=ago) for ago in range(14)]
    assert [(line.begins, line.width, line.minutes) for line in shown[:3]] == [
        (208, 333, 480),
        (0, 0, 0),
        (270, 250, 360),
    ]


@given(st.times(), st.times())
def test_a_bar_never_leaves_its_line_and_a_night_is_never_longer_than_a_day(bed, up):
    (line, *_rest) = nights.lines([night(bed=bed, up=up)], TODAY)
    assert 0 <= line.begins < 1000
    assert 0 < line.width <= 1000
    assert line.begins + line.width <= 1000 + 4  # the shortest bar can still be seen
    assert 0 < line.minutes <= nights.DAY


def test_what_nights_have_in_common_is_said_from_four_on():
    few = [night(ago=ago, up=time(6 + ago % 2), rested=6 + ago, helped=f" Music {ago % 2} ") for ago in range(3)]
    assert nights.pattern(few) is None
    told = nights.pattern([*few, night(ago=3, bed=time(1), up=time(7), rested=2, helped="A fight")])
    assert told == nights.Pattern(4, 420, 60, 5.8, ("Music 0", "Music 1"))
    assert told.is_steady


def test_a_night_is_kept_written_again_and_taken_away(as_user, maya):
    client, today = as_user(maya.user), here(maya)
    form = {
        "token": uuid4(),
        "on": today,
        "bed": "23:10",
        "up": "06:40",
        "rested": "6",
        "helped": "Phone in the kitchen",
    }
    for _ in range(2):
        assert client.post(SLEEP, form).status_code == 302
    client.post(SLEEP, form | {"token": uuid4(), "rested": "7"})
    (row,) = all_of(maya)
    assert (row.bed, row.rested) == (time(23, 10), 7)
    page = client.get(SLEEP).text
    assert "23:10–06:40 · 7 h 30 min · rested 7" in page
    assert "Phone in the kitchen" in page
    client.post(reverse("skills:delete-night", args=[row.pk]))
    assert all_of(maya) == []


def test_what_cannot_be_kept_is_said_and_stays_typed(as_user, maya):
    client, tomorrow = as_user(maya.user), here(maya) + timedelta(days=1)
    answer = client.post(SLEEP, {"token": uuid4(), "on": tomorrow, "bed": "late", "up": "7:00", "helped": "Music"})
    assert answer.status_code == 422
    assert "This morning has not come yet" in answer.text
    assert "Music" in answer.text
    assert client.post(ROUTINE, {"routine-token": uuid4(), "routine-up": "early"}).status_code == 422


def test_the_routine_stands_on_top_and_changes(as_user, maya, dana, now):
    make_stay(maya, by=dana, at=now)
    client = as_user(maya.user)
    for words in ("Read a page", "Lie down early"):
        said = {"routine-token": uuid4(), "routine-up": "06:30", "routine-evening": words}
        assert client.post(ROUTINE, said).status_code == 302
    page = client.get(SLEEP).text
    assert "06:30" in page
    assert "Lie down early" in page
    assert "Read a page" not in page
    assert reverse("skills:lesson", args=["sleep-that-comes"]) in page


def test_nights_are_their_students_alone_and_the_charts_log_is_silent(as_user, maya, jonah, dana, now):
    row = keep(maya, now)
    assert Night.objects.count() == 0
    for other in (jonah.user, dana):
        assert as_user(other).post(reverse("skills:delete-night", args=[row.pk])).status_code == 403
    assert as_user(dana).get(SLEEP).status_code == 403
    assert not Event.objects.filter(verb="skills.own_kept").exclude(patient_id=None).exists()
    assert len(all_of(maya)) == 1


def test_a_night_written_without_a_connection_is_kept_once_and_never_over_newer_words(as_user, maya):
    now = timezone.now()
    fields = {"on": here(maya).isoformat(), "bed": "23:00", "up": "07:00", "helped": "From the phone"}
    item = {"key": str(uuid4()), "what": "night", "fields": fields, "at": now.timestamp() * 1000, "skew": 0}
    body = json.dumps({"owner": kept.owner_of(maya.user.pk), "items": [item]})
    for _ in range(2):
        answer = as_user(maya.user).post(reverse("skills:queued"), body, content_type="application/json").json()
        assert answer["results"][0]["done"]
    assert [row.helped for row in all_of(maya)] == ["From the phone"]
    keep(maya, now + timedelta(hours=1), on=here(maya), helped="Newer")
    as_user(maya.user).post(reverse("skills:queued"), body, content_type="application/json")
    assert [row.helped for row in all_of(maya)] == ["Newer"]


def test_many_nights_ask_no_more_queries_than_one(as_user, maya, count_queries):
    counts = []
    for many in (1, 12):
        for ago in range(many):
            keep(maya, timezone.now(), on=here(maya) - timedelta(days=ago))
        counts.append(count_queries(as_user(maya.user), SLEEP))
    assert counts[0] == counts[1]
