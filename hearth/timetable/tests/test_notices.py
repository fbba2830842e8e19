from dataclasses import replace

import pytest

from hearth.outbox.models import Message
from hearth.timetable import services
from hearth.timetable.board import Solution
from hearth.timetable.changed import patients_changed, staff_changed
from hearth.timetable.models import WeekNotice
from hearth.timetable.tests import boards
from hearth.timetable.tests.conftest import MONDAY


def test_only_those_whose_hours_leader_way_or_room_changed_are_affected():
    stays, moves = boards.individual("ana"), boards.individual("ben", day=2)
    before = boards.solution(boards.group("ana", "ben"), stays, moves)
    after = boards.solution(boards.group("ana", "ben"), stays, replace(moves, day=3))

    assert patients_changed(before, after) == {"ben"}
    assert staff_changed(before, after) == {"dana"}
    assert not patients_changed(before, before)
    assert not staff_changed(before, before)


def test_another_room_is_told_to_everyone_in_it_and_a_swap_of_two_talks_to_both_students_and_nobody_else():
    before = boards.solution(boards.group("ana", "ben"), boards.individual("ana"), boards.individual("ben", day=2))
    swapped = boards.solution(boards.group("ana", "ben"), boards.individual("ben"), boards.individual("ana", day=2))
    other_room = boards.solution(boards.group("ana", "ben", room="elm"), *before.individual)

    assert patients_changed(before, swapped) == {"ana", "ben"}
    assert staff_changed(before, other_room) == {"dana"}
    assert patients_changed(before, other_room) == {"ana", "ben"}  # it may be in another building


def test_second_leaders_and_interpreters_whose_hours_change_are_affected_too():
    led = boards.group("ana", "ben", co_staff="theo", interpreter="ivy")
    before, after = boards.solution(led), boards.solution(replace(led, co_staff="ruth", interpreter=None))

    assert staff_changed(before, after) == {"theo", "ruth", "ivy"}


@pytest.fixture
def weeks(class_of_four, dana):
    """Maya's hour with Dana moves from Tuesday to Wednesday; Ana's stays. Ana has no account."""
    maya, ana = class_of_four[:2]
    hers = boards.individual(str(maya.pk), staff=str(dana.pk))
    others = boards.individual(str(ana.pk), staff=str(dana.pk), day=4)
    return Solution(individual=(hers, others)), Solution(individual=(replace(hers, day=2), others))


def test_one_notice_and_one_mail_go_to_whom_it_concerns_and_name_nothing(weeks, maya, dana, ines, now):
    before, after = weeks

    told = services.notify_changed(before=before, after=after, week_of=MONDAY, by=ines, at=now)

    assert set(told.told) == {maya.user, dana}
    assert {notice.user for notice in WeekNotice.objects.all()} == {maya.user, dana}
    mails = list(Message.objects.all())
    assert {mail.to for mail in mails} == {maya.user.email, dana.email}
    assert {mail.subject for mail in mails} == {"Your week changes"}
    for mail in mails:
        assert not any(word in mail.body for word in ("Adult", "evening", "therapy", "session", "Hearthside"))


def test_whoever_has_no_account_is_named_for_a_call(weeks, class_of_four, ines, now):
    before, after = weeks
    ana = class_of_four[1]
    ana.user = None
    ana.save()
    without_ana = replace(after, individual=after.individual[:1])

    told = services.notify_changed(before=before, after=without_ana, week_of=MONDAY, by=ines, at=now)

    assert told.not_reached == (ana,)


def test_nobody_is_told_of_their_own_deed_or_of_nothing(weeks, maya, dana, now):
    before, after = weeks

    assert services.notify_changed(before=before, after=before, week_of=MONDAY, by=dana, at=now).told == ()
    assert services.notify_changed(before=before, after=after, week_of=MONDAY, by=dana, at=now).told == (maya.user,)


def test_the_notice_stands_on_today_until_it_was_seen(weeks, maya, jonah, ines, now, as_user, time_machine):
    time_machine.move_to(now, tick=False)
    before, after = weeks
    services.notify_changed(before=before, after=after, week_of=MONDAY, by=ines, at=now)

    assert "Your week changes from Monday 30 November" in as_user(maya.user).get("/today/").content.decode()
    assert "Your week changes" not in as_user(jonah.user).get("/today/").content.decode()
    as_user(jonah.user).post("/my/week/seen/")
    assert "Your week changes" in as_user(maya.user).get("/today/").content.decode()
    as_user(maya.user).post("/my/week/seen/")
    assert "Your week changes" not in as_user(maya.user).get("/today/").content.decode()
