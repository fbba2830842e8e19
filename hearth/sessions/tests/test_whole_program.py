"""A program of twelve and of sixteen weeks, from the first session to the last, as the curriculum has it."""

import pytest

from hearth.program import pack
from hearth.sessions.rules.agenda import laid_out

PACKS = pack.all_packs()
WHOLE = [(one, track.id, weeks) for one in PACKS for track in one.tracks for weeks in (12, 16)]


def groups_of(one, week, of):
    """The turns of a week's groups that the curriculum has a topic of their own for."""
    named = {1} | {topic.turn for topic in one.strands if topic.week == week}
    return sorted(named)[: one.dose_in_week(week, of=of).groups.count]


@pytest.mark.parametrize(("one", "track", "weeks"), WHOLE)
def test_a_whole_program_has_a_topic_a_handout_and_a_guide_for_every_session_and_gives_the_prescribed_hours(
    one, track, weeks
):
    prescribed = given = 0
    heard = []
    for week in range(1, weeks + 1):
        dose = one.dose_in_week(week, of=weeks)
        prescribed += dose.minutes
        topics = [one.topic(track, week=week, turn=turn, of=weeks) for turn in groups_of(one, week, weeks)]
        assert len({topic.title["en"] for topic in topics}) == dose.groups.count
        for topic in topics:
            assert one.lesson(topic.lesson, "es").language == "es"
            assert one.guide(topic.lesson)
        blocks = [one.skills_lesson(week=week, turn=turn, of=weeks) for turn in range(1, dose.skills.count + 1)]
        assert all(one.guide(lesson) for lesson in blocks)
        heard += blocks
        parts = {kind: [part.minutes for part in one.agenda(kind).parts] for kind in ("group", "skills")}
        given += len(topics) * sum(laid_out(parts["group"], minutes=dose.groups.minutes))
        given += len(blocks) * sum(laid_out(parts["skills"], minutes=dose.skills.minutes))
        given += dose.individual.total + dose.family.total
    assert given == prescribed
    assert len(set(heard)) == len(heard), "no life skill is taught twice"


@pytest.mark.parametrize(("one", "track", "weeks"), WHOLE)
def test_no_handout_comes_twice_in_one_weeks_groups(one, track, weeks):
    for week in range(1, weeks):
        lessons = [one.topic(track, week=week, turn=turn, of=weeks).lesson for turn in groups_of(one, week, weeks)]
        assert len(set(lessons)) == len(lessons), (week, lessons)
