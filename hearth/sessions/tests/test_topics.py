from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from hearth.program import pack
from hearth.sessions.rules.topics import About, Place, Stay, about

MONDAY = date(2026, 10, 19)
TOPICS = pack.get("adult-evening").track("mental-health").topics


def stay(weeks_in, *, track="mental-health", weeks=12, of="adult-evening"):
    starts = MONDAY - timedelta(weeks=weeks_in - 1)
    return Stay(of, track, starts, starts + timedelta(weeks=weeks))


@pytest.mark.parametrize(
    ("stays", "topic"),
    [
        ([stay(1)], TOPICS[0]),
        ([stay(3), stay(3)], TOPICS[2]),
        ([stay(2), stay(5), stay(9)], TOPICS[4]),  # the one in the middle
        ([stay(4), stay(4), stay(1, track="substance-use")], TOPICS[3]),  # the track most are on
        ([stay(12)], TOPICS[-1]),  # the last week closes every stay
        ([stay(40)], TOPICS[-1]),
    ],
)
def test_a_group_hears_the_topic_of_the_one_in_the_middle(stays, topic):
    assert about("group", stays, on=MONDAY + timedelta(days=3), language="en") == About(topic.title["en"], topic.lesson)
    assert about("group", stays, on=MONDAY, language="es-MX").topic == topic.title["es"]


def test_a_group_of_several_weeks_moves_on_a_topic_each_week():
    stays = [stay(2), stay(5), stay(9)]
    heard = [about("group", stays, on=MONDAY + timedelta(weeks=turn), language="en").topic for turn in range(4)]
    assert heard == [topic.title["en"] for topic in TOPICS[4:8]]


def test_life_skills_take_the_lessons_in_order():
    lessons = list(pack.get("adult-evening").life_skills())
    assert [about("skills", [stay(week)], on=MONDAY, language="es").lesson for week in (1, 2)] == lessons[:2]


def seated(weeks_in, *, group=(0, 2, 3), skills=(1, 4), **more):
    """A stay with seats on these weekdays, and one in a group that ended before."""
    found = stay(weeks_in, **more)
    always, before = Days(MONDAY, date.max), Days(date.min, MONDAY)
    places = [Place("group", day, always) for day in group] + [Place("skills", day, always) for day in skills]
    return replace(found, places=(*places, Place("group", 1, before)))


@dataclass(frozen=True)
class Days:
    """From one day until another, which lies outside."""

    first: date
    last: date

    def __contains__(self, day):
        return self.first <= day < self.last


def test_each_group_of_a_week_has_a_topic_of_its_own_the_tracks_first():
    described = pack.get("adult-evening")
    heard = [about("group", [seated(3)], on=MONDAY + timedelta(days=day), language="en") for day in (0, 2, 3)]
    topics = [described.topic("mental-health", week=3, turn=turn, of=12) for turn in (1, 2, 3)]
    assert heard == [About(topic.title["en"], topic.lesson) for topic in topics]
    assert len({each.topic for each in heard}) == 3


def test_the_week_of_a_stay_begins_on_its_own_weekday():
    wednesday = replace(seated(1), starts_on=MONDAY + timedelta(days=2))
    assert [wednesday.turn_on(MONDAY + timedelta(days=day), "group") for day in (2, 3, 7)] == [1, 2, 3]


def test_two_skills_blocks_in_a_week_take_two_lessons_and_the_next_week_goes_on():
    lessons = pack.get("adult-evening").life_skills()
    late = [
        about("skills", [seated(week)], on=MONDAY + timedelta(days=day), language="en").lesson
        for week, days in ((9, (1,)), (10, (1, 4)), (11, (1, 4)))
        for day in days
    ]
    assert late == list(lessons[8:13])


@pytest.mark.parametrize(
    ("kind", "stays"),
    [
        ("individual", [stay(1)]),
        ("group", []),
        ("group", [stay(1, of="gone")]),
        ("group", [stay(1, track="gone")]),
    ],
)
def test_where_the_curriculum_says_nothing_the_topic_is_left_to_be_typed(kind, stays):
    assert about(kind, stays, on=MONDAY, language="en") == About()
