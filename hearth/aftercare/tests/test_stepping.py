"""Stepping down: the week is worked out by itself, accepted by somebody who plans, and only then told."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from hearth.aftercare import deciding, stepping
from hearth.outbox.models import Message
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.plan import services as plans
from hearth.plan.models import CarePlan
from hearth.program import pack
from hearth.timetable import services
from hearth.timetable.models import Proposal
from hearth.timetable.queries import has_places, places_of
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, put_on_duty

MONDAY = date(2026, 12, 7)
TODAY = reverse("web:today")


@pytest.fixture(autouse=True)
def at_that_time(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def group(maya, dana, ines, now):
    """Maya and four others in the evening program, whose week was worked out and accepted."""
    program = make_program()
    put_on_duty(dana, since=date(2026, 8, 3))
    people = [maya, *(make_patient(name, "Test", at=now) for name in ("Ana", "Ben", "Cleo", "Don"))]
    for person in people:
        make_plan(make_episode(person, program, by=dana, at=now), by=dana, at=now)
        make_hours(person, by=dana, at=now)
        if person is not maya:
            CareTeamMember.objects.create(
                patient=person, member=dana, role="counselor", is_primary=True, since=now.date()
            )
    CarePlan.objects.update(signed_by=dana, signed_at=now - timedelta(hours=2))
    accept(services.propose(week_of=MONDAY - timedelta(weeks=1), by=ines, at=now), ines, now)
    return people


def accept(row, by, at):
    services.solve_proposal(proposal_id=row.pk, organisation_id=row.organisation_id, seconds=1, workers=1)
    return services.accept_proposal(proposal=row, by=by, at=at)


def days_of(patient, by, at, monday=MONDAY):
    return {place.section.weekday for place in places_of(viewer=by, patient=patient, monday=monday, at=at)}


def step_down(maya, dana, now, days=1):
    episode = maya.episodes.get()
    return deciding.fewer_days(episode=episode, days=days, from_on=MONDAY, why="Steady.", by=dana, at=now)


def test_the_dose_falls_where_a_plan_says_less_and_from_a_monday_on(group, maya, now):
    plan = CarePlan.objects.select_related("episode").get(patient=maya)
    less = plan.dose | {"days": 1}
    plan.steps = [{"from_week": 3, "dose": less}, {"from_week": 5, "dose": less}]
    plan.episode.starts_on = date(2026, 11, 25)  # a Wednesday: the week that begins with the dose is the next
    assert stepping.falls_on(plan) == [(date(2026, 12, 14), 1)]


def test_a_week_is_worked_out_by_itself_once_and_nothing_changes_before_it_is_accepted(group, maya, dana, ines, now):
    step_down(maya, dana, now)
    before = days_of(maya, dana, now)
    assert stepping.ask_for_weeks(at=now, today=now.date()) == 1
    assert stepping.ask_for_weeks(at=now, today=now.date()) == 0
    row = Proposal.objects.get(status="solving")
    assert (row.week_of, row.programs, row.asked_by) == (MONDAY, [str(maya.episodes.get().program_id)], dana)
    assert [one.proposal for one in stepping.weeks_to_step_down(viewer=ines, at=now)] == [row]
    assert days_of(maya, dana, now) == before
    services.drop_proposal(proposal=row, by=ines, at=now)
    assert stepping.ask_for_weeks(at=now, today=now.date()) == 0  # whoever plans let go of it


def test_the_student_has_the_fewer_days_and_is_told_once_it_is_accepted(group, maya, dana, ines, now, as_user):
    assert has_places(maya)
    before = days_of(maya, dana, now)
    step_down(maya, dana, now)
    stepping.ask_for_weeks(at=now, today=now.date())
    row = Proposal.objects.get(status="solving")
    page = as_user(ines).get(TODAY).text
    assert "1 day a week from Mon 7 Dec" in page
    assert reverse("timetable:proposal", args=[row.pk]) in page
    assert "a week is proposed" not in page
    services.solve_proposal(proposal_id=row.pk, organisation_id=maya.organisation_id, seconds=1, workers=1)
    assert "a week is proposed" in as_user(ines).get(TODAY).text
    Message.objects.all().delete()
    services.accept_proposal(proposal=row, by=ines, at=now)
    minutes = sorted(place.section.minutes for place in places_of(viewer=dana, patient=maya, monday=MONDAY, at=now))
    assert minutes == [60, 150]  # the group and the hour alone of the dose of one day
    assert len(days_of(maya, dana, now)) < len(before)
    assert Message.objects.filter(to=maya.user.email).exists()
    assert stepping.weeks_to_step_down(viewer=ines, at=now) == []


def test_a_part_or_draft_that_changes_others_alone_makes_nobody_elses_week(group, maya, dana, ines, now):
    step_down(maya, dana, now)
    facts = {"week_of": MONDAY, "asked_by": ines, "asked_at": now, "status": "accepted", "decided_at": now}
    part = Proposal.objects.create(**facts, deeds={"come": [{"patient": str(group[1].pk)}], "gone": []})
    assert [one.proposal for one in stepping.stepping_down(today=now.date())] == [None]
    part.deeds = {"come": [], "gone": [{"patient": str(maya.pk)}]}
    part.save()
    assert stepping.stepping_down(today=now.date()) == []


def test_a_longer_stay_does_not_bring_back_a_fall_whose_week_was_made(group, maya, dana, ines, now):
    step_down(maya, dana, now)
    stepping.ask_for_weeks(at=now, today=now.date())
    accept(Proposal.objects.get(status="solving"), ines, now)
    later = now + timedelta(days=1)
    episode = maya.episodes.get()
    weeks = CarePlan.objects.filter(patient=maya).latest("version").weeks
    plans.extend_plan(episode=episode, weeks=weeks + 1, why="More time.", by=dana, at=later)
    assert stepping.stepping_down(today=later.date()) == []


def test_a_phase_with_fewer_days_is_planned_like_a_decision_two_weeks_before(group, maya, dana, ines, now):
    usual = pack.get("adult-evening").dose.as_board()
    steps = [{"from_week": 6, "phase": "carry-on", "dose": usual | {"days": 1}}]
    CarePlan.objects.filter(patient=maya).update(steps=steps)
    first = maya.episodes.get().starts_on + timedelta(weeks=5)
    early, late = first - timedelta(weeks=2, days=1), first - timedelta(weeks=2)
    assert stepping.stepping_down(today=early) == []
    assert [one.from_on for one in stepping.stepping_down(today=late)] == [first]


def test_a_house_with_nobody_to_place_asks_for_no_week(maya, dana, now):
    program = make_program()
    make_plan(make_episode(maya, program, by=dana, at=now), by=dana, at=now)
    CarePlan.objects.update(signed_by=dana, signed_at=now)
    step_down(maya, dana, now)
    stepping.ask_for_weeks(at=now, today=now.date())
    assert not Proposal.objects.exists()


def test_today_asks_as_often_for_many_who_step_down_as_for_one(group, maya, dana, ines, now, as_user, count_queries):
    step_down(maya, dana, now)
    before = count_queries(as_user(ines), TODAY)
    for person in group[1:]:
        step_down(person, dana, now)
    assert count_queries(as_user(ines), TODAY) == before
