"""Planners change a week by hand: drafts, two at once, publishing and taking back."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import live, tenancy
from hearth.outbox.models import Message
from hearth.people.models import Modality
from hearth.people.testing import make_patient
from hearth.program import pack
from hearth.timetable import drafts, services
from hearth.timetable.models import Availability, DraftMove, Kind, Proposal, Seat, Section, WeekNotice
from hearth.timetable.moving import End, Open, Reseat, Shift, spot_of
from hearth.timetable.services import CannotMove, NoLongerHolds, NothingToUndo, Stale
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, make_section, put_on_duty
from hearth.timetable.tests.conftest import MONDAY


@pytest.fixture
def rosa(organisation):
    """Rosa, a second planner."""
    return make_user("Rosa Vega", Role.COORDINATOR, organisation=organisation)


@pytest.fixture
def standing(class_of_four, evening, dana, theo, now):
    """Maya and Ana in a group with Dana on Tuesdays, Ben and Cleo in one with Theo on Thursdays, and Maya's talk."""
    maya, ana, ben, cleo = class_of_four
    on = MONDAY - timedelta(weeks=2)
    length = pack.get(evening.pack).dose.groups.minutes
    tuesday = make_section(evening, dana, [maya, ana], on=on, minutes=length)
    thursday = make_section(evening, theo, [ben, cleo], on=on, minutes=length, weekday=3, name="Later group")
    talk = make_section(
        evening, dana, [maya], on=on, weekday=0, kind=Kind.INDIVIDUAL, topic="", name="One-to-one",
        minutes=60, starts=time(16, 0), modality=Modality.VIRTUAL,
    )  # fmt: skip
    return tuesday, thursday, talk


def found_by(viewer):
    return drafts.draft_of_week(viewer=viewer, week_of=MONDAY)


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"])
def test_other_planners_pages_are_told_of_a_draft_that_changed(stored_organisation, now):
    with tenancy.within(stored_organisation.pk):
        by = make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation)
        program = make_program()
        put_on_duty(dana, since=MONDAY - timedelta(weeks=9))
        people = [make_patient(name, "Ortiz", at=now) for name in ("Ana", "Ben")]
        for person in people:
            make_plan(make_episode(person, program, by=by, at=now), by=dana, at=now)
            make_hours(person, by=dana, at=now)
        section = make_section(program, dana, people, on=MONDAY - timedelta(weeks=2), minutes=150)
    with psycopg.connect(live._address(), autocommit=True) as ear:
        ear.execute(f"LISTEN {live.NOTIFICATION}")
        with tenancy.within(stored_organisation.pk):
            make(shift(found_by(by), section, day=2), by, now)
        told = [json.loads(heard.payload) for heard in ear.notifies(timeout=60, stop_after=1)]
    assert told == [[str(stored_organisation.pk), drafts.channels_of_week(MONDAY)[0], ""]]


def shift(found, section, **changes):
    here = spot_of(found.sessions[str(section.pk)])
    return Shift(str(section.pk), here, replace(here, **changes))


def make(move, by, at, version=None):
    version = found_by(by).version if version is None else version
    return services.make_move(week_of=MONDAY, move=move, version=version, by=by, at=at)


def publish(by, at):
    return services.publish_draft(week_of=MONDAY, version=found_by(by).version, by=by, at=at)


def test_a_move_is_a_draft_that_changes_nothing_and_says_what_it_would(standing, maya, ines, now):
    tuesday, _thursday, _talk = standing

    make(shift(found_by(ines), tuesday, day=2), ines, now)

    found = found_by(ines)
    assert found.sessions[str(tuesday.pk)].day == 2
    assert len(found.affected) == 2
    assert found.unmet()[0] == found.unmet()[1]
    tuesday.refresh_from_db()
    assert (tuesday.weekday, tuesday.ended_on) == (1, None)
    assert not WeekNotice.objects.exists()


def test_a_move_that_breaks_a_rule_is_refused_and_kept_nowhere(standing, ines, now):
    tuesday, _thursday, _talk = standing

    with pytest.raises(CannotMove) as refused:
        make(shift(found_by(ines), tuesday, day=6), ines, now)

    assert {one.rule for one in refused.value.broken} == {
        "staff are inside their hours",
        "people are inside their hours",
    }
    assert not DraftMove.objects.exists()


def test_a_move_published_stands_from_its_monday_and_tells_whom_it_concerns_alone(standing, maya, dana, ines, now):
    tuesday, thursday, talk = standing
    make(shift(found_by(ines), tuesday, day=2), ines, now)

    proposal = publish(ines, now)

    moved = Section.objects.get(weekday=2)
    tuesday.refresh_from_db()
    assert tuesday.ended_on == MONDAY == moved.started_on
    assert {seat.patient.chosen_name for seat in moved.seats.all()} == {"Maya", "Ana"}
    assert set(Section.objects.current()) == {moved, thursday, talk}
    assert proposal.status == Proposal.Status.ACCEPTED
    told = {notice.user.name for notice in WeekNotice.objects.all()}
    assert told == {"Maya Reyes", "Ana Ortiz", "Dana Kim"} & told
    assert maya.user.name in told
    assert dana.name in told
    assert {mail.subject for mail in Message.objects.all()} == {"Your week changes"}
    assert found_by(ines).draft is None


def test_what_was_published_can_be_taken_back_until_it_begins(standing, ines, now):
    tuesday, _thursday, _talk = standing
    make(shift(found_by(ines), tuesday, day=2), ines, now)
    before = set(Seat.objects.values_list("section", "patient", "during"))
    proposal = publish(ines, now)

    with pytest.raises(services.CannotTakeBack):
        services.take_back_proposal(proposal=proposal, by=ines, at=now + timedelta(days=7))
    services.take_back_proposal(proposal=proposal, by=ines, at=now)

    assert set(Seat.objects.values_list("section", "patient", "during")) == before
    assert list(found_by(ines).sessions) == [str(one.pk) for one in sorted(standing, key=lambda one: one.weekday)]
    assert drafts.published_of_week(MONDAY) is None


def test_a_student_goes_into_another_group_when_it_is_published(standing, class_of_four, ines, now):
    tuesday, thursday, _talk = standing
    make_third = Reseat(str(class_of_four[0].pk), None, str(thursday.pk))

    make(make_third, ines, now)
    publish(ines, now)

    held = Seat.objects.filter(patient=class_of_four[0], during__endswith=None)
    assert {seat.section for seat in held} >= {tuesday, thursday}


def test_ending_a_group_and_opening_another_for_its_people(standing, ines, now):
    tuesday, _thursday, _talk = standing
    group = found_by(ines).sessions[str(tuesday.pk)]
    make(End(str(tuesday.pk)), ines, now)
    make(Open("new", replace(group, day=4)), ines, now)
    publish(ines, now)

    tuesday.refresh_from_db()
    assert tuesday.ended_on == MONDAY
    assert Section.objects.get(weekday=4).seats.count() == 2


def test_undo_and_redo_walk_through_the_draft_and_a_new_move_forgets_what_was_undone(standing, ines, now):
    tuesday, thursday, _talk = standing
    make(shift(found_by(ines), tuesday, day=2), ines, now)
    make(shift(found_by(ines), thursday, day=4), ines, now)

    services.undo_move(week_of=MONDAY, version=found_by(ines).version, by=ines, at=now)
    assert found_by(ines).sessions[str(thursday.pk)].day == 3
    services.redo_move(week_of=MONDAY, version=found_by(ines).version, by=ines, at=now)
    assert found_by(ines).sessions[str(thursday.pk)].day == 4
    services.undo_move(week_of=MONDAY, version=found_by(ines).version, by=ines, at=now)
    make(shift(found_by(ines), tuesday, day=0), ines, now)
    with pytest.raises(NothingToUndo):
        services.redo_move(week_of=MONDAY, version=found_by(ines).version, by=ines, at=now)

    assert [step.row.number for step in found_by(ines).steps] == [1, 2]


def test_two_planners_at_once_lose_no_update(standing, ines, rosa, now):
    tuesday, thursday, _talk = standing
    seen = found_by(ines)

    make(shift(seen, tuesday, day=2), rosa, now, version=seen.version)
    other_session = make(shift(seen, thursday, day=4), ines, now, version=seen.version)
    with pytest.raises(CannotMove) as refused:
        make(shift(seen, tuesday, day=0), ines, now, version=seen.version)

    assert other_session.after_others
    assert refused.value.trouble is not None
    assert refused.value.trouble.why == "elsewhere"
    found = found_by(ines)
    assert (found.sessions[str(tuesday.pk)].day, found.sessions[str(thursday.pk)].day) == (2, 4)


def test_nobody_undoes_or_publishes_what_they_have_not_seen(standing, ines, rosa, now):
    tuesday, thursday, _talk = standing
    make(shift(found_by(ines), tuesday, day=2), ines, now)
    seen = found_by(ines).version
    make(shift(found_by(rosa), thursday, day=4), rosa, now + timedelta(minutes=1))

    for deed in (services.undo_move, services.publish_draft, services.drop_draft):
        with pytest.raises(Stale) as refused:
            deed(week_of=MONDAY, version=seen, by=ines, at=now)
        assert refused.value.by == rosa


def test_a_draft_that_no_longer_holds_is_shown_so_and_not_published(standing, class_of_four, ines, now):
    tuesday, _thursday, _talk = standing
    make(shift(found_by(ines), tuesday, day=2), ines, now)
    Availability.objects.filter(patient=class_of_four[1]).update(hours=[{"day": 1, "from": "16:00", "to": "21:00"}])

    assert {one.rule for one in found_by(ines).broken} == {"people are inside their hours"}
    with pytest.raises(NoLongerHolds):
        publish(ines, now)

    assert not WeekNotice.objects.exists()


def test_only_planners_draft_and_only_weeks_to_come(standing, dana, ines, now):
    tuesday, _thursday, _talk = standing
    move = shift(found_by(ines), tuesday, day=2)

    with pytest.raises(PermissionDenied):
        services.make_move(week_of=MONDAY, move=move, version="0", by=dana, at=now)
    with pytest.raises(services.WeekHasBegun):
        services.make_move(week_of=MONDAY, move=move, version="0", by=ines, at=now + timedelta(weeks=1))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_many_who_move_one_session_at_the_same_moment_one_does_and_the_others_hear_of_it(stored_organisation, now):
    with tenancy.within(stored_organisation.pk):
        ines = make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation)
        program = make_program()
        put_on_duty(dana, since=MONDAY - timedelta(weeks=9))
        people = [make_patient(chosen, "Ortiz", at=now) for chosen in ("Ana", "Ben")]
        for person in people:
            make_plan(make_episode(person, program, by=ines, at=now), by=dana, at=now)
            make_hours(person, by=dana, at=now)
        length = pack.get(program.pack).dose.groups.minutes
        section = make_section(program, dana, people, on=MONDAY - timedelta(weeks=2), minutes=length)
        seen = found_by(ines)

    def move_it(start: int) -> bool:
        try:
            with tenancy.within(stored_organisation.pk):
                make(shift(seen, section, day=2, start=start), ines, now, version=seen.version)
        except CannotMove as refused:
            return refused.trouble is None
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(move_it, range(16 * 60, 18 * 60 + 30, 30)))

    assert sum(answers) == 1
    with tenancy.within(stored_organisation.pk):
        assert DraftMove.objects.count() == 1
        assert found_by(ines).sessions[str(section.pk)].day == 2
