from datetime import date, timedelta

import pytest

from hearth.program import pack
from hearth.sessions.rules.topics import About, Stay, about

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
    assert about("group", stays, on=MONDAY + timedelta(days=3), language="en") == About(topic.title["en"])
    assert about("group", stays, on=MONDAY, language="es-MX").topic == topic.title["es"]


def test_a_group_of_several_weeks_moves_on_a_topic_each_week():
    stays = [stay(2), stay(5), stay(9)]
    heard = [about("group", stays, on=MONDAY + timedelta(weeks=turn), language="en").topic for turn in range(4)]
    assert heard == [topic.title["en"] for topic in TOPICS[4:8]]


def test_life_skills_take_the_lessons_in_order():
    lessons = list(pack.get("adult-evening").life_skills())
    assert [about("skills", [stay(week)], on=MONDAY, language="es").lesson for week in (1, 2)] == lessons[:2]


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
