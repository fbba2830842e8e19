"""The staff's week: named while it is small, counted when it is not, and who cannot be placed."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from hearth.timetable.left_out import left_out_of_week
from hearth.timetable.models import Section
from hearth.timetable.queries import monday_of
from hearth.timetable.testing import make_section
from hearth.timetable.whole_week import ONE_BY_ONE, Part, whole_week

WEEK = reverse("timetable:week")


@pytest.fixture
def monday(now):
    return monday_of(now.date())


@pytest.fixture
def crowded(evening, dana, maya, monday):
    """More sections than anyone reads, all led by Dana, with Maya in the two at 17:30 on Tuesday."""
    for room in (evening.site.rooms.first(), None):
        make_section(evening, dana, [maya], on=monday, room=room)
    Section.objects.bulk_create(
        Section(
            program=evening, name="Skills", kind="skills", population="adult", modality="virtual", weekday=0,
            starts=time(9), minutes=60, time_zone="America/Denver", facilitator=dana, started_on=monday,
        )
        for _number in range(ONE_BY_ONE)
    )  # fmt: skip


def test_a_week_of_too_much_is_counted(crowded, ines, monday):
    week = whole_week(viewer=ines, monday=monday, part=Part())
    assert week.sections == []
    assert [(one.weekday, one.kind, one.sections, one.people) for one in week.together] == [(1, "group", 2, 2)]


def test_a_part_of_it_is_named(crowded, ines, evening, monday, as_user):
    room = evening.site.rooms.first()
    week = whole_week(viewer=ines, monday=monday, part=Part(room=str(room.pk)))
    held = [(section.name, len(section.held)) for section in week.sections]  # type: ignore[attr-defined]
    assert held == [("Evening group", 1)]
    page = as_user(ines).get(WEEK, {"week": monday.isoformat(), "room": room.pk})
    assert "Evening group" in page.content.decode()
    assert "is counted here" not in page.content.decode()


def test_a_part_that_nothing_can_be_is_the_whole(crowded, ines, as_user):
    assert "is counted here" in as_user(ines).get(WEEK, {"room": "nowhere"}).content.decode()


def test_a_section_that_ends_before_its_day_does_not_meet(evening, dana, maya, ines, monday):
    make_section(evening, dana, [maya], on=monday, ended_on=monday + timedelta(days=1))
    assert whole_week(viewer=ines, monday=monday, part=Part()).is_empty


def test_who_is_left_out_is_counted_and_the_first_are_named(class_of_four, ines, now):
    week_of = monday_of(now.date()) + timedelta(days=7)
    assert left_out_of_week(viewer=ines, week_of=week_of, most=1) == ([], 0)
    patient = class_of_four[0]
    patient.availabilities.all().delete()
    named, count = left_out_of_week(viewer=ines, week_of=week_of, most=1)
    assert [(one.patient, [str(reason) for reason in one.reasons]) for one in named] == [
        (patient, ["has not said which hours fit"])
    ]
    assert count == 1
