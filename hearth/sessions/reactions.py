"""What sessions do when the timetable or admission tells of a deed."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.dispatch import receiver

from hearth.accounts.models import User
from hearth.admission.facts import episode_ended
from hearth.admission.models import Episode
from hearth.people.facts import death_noted, death_taken_back
from hearth.people.models import Patient
from hearth.program.facts import closed, opened_again
from hearth.program.models import Closure
from hearth.sessions import services
from hearth.sessions.facts import session_cancelled, session_ended
from hearth.sessions.models import VideoRoom
from hearth.sessions.rules.successors import Course
from hearth.sessions.video import leading
from hearth.timetable.accepting import one_at_a_time
from hearth.timetable.facts import proposal_accepted, proposal_taken_back, seat_changed
from hearth.timetable.models import Proposal, Seat, Section

LONGEST = timedelta(weeks=16)
"""How far ahead sessions are made; make_sessions stops earlier at each student's planned end."""


@receiver(proposal_accepted)
def make_the_weeks_that_were_accepted(*, proposal_id: UUID, by_id: UUID, at: datetime, **_: Any) -> None:
    """Let go of places nobody holds any more, then make the sessions of every section of the proposal."""
    by = User.objects.get(pk=by_id)
    proposal = Proposal.objects.get(pk=proposal_id)
    services.settle_seats(by=by, at=at)
    ended, began = _courses(proposal)
    services.carry_links_over(ended=ended, began=began, by=by, at=at)
    accepted = Q(proposal=proposal) | Q(seats__during__startswith=proposal.week_of)
    sections = Section.objects.current().filter(accepted).distinct()
    services.make_all_sessions(until={each.pk: _until(each, at) for each in sections}, by=by, at=at)


@receiver(proposal_taken_back)
def make_the_weeks_before_again(
    *, proposal_id: UUID, section_ids: list[UUID], by_id: UUID, at: datetime, **_: Any
) -> None:
    """Let go of the sessions of the week that was taken back, then make those of the sections held again."""
    by = User.objects.get(pk=by_id)
    services.settle_seats(by=by, at=at)
    ended, began = _courses(Proposal.objects.get(pk=proposal_id))
    services.carry_links_over(ended=began, began=ended, by=by, at=at)
    sections = Section.objects.current().filter(pk__in=section_ids)
    services.make_all_sessions(until={each.pk: _until(each, at) for each in sections}, by=by, at=at)


@receiver(seat_changed)
def follow_a_changed_seat(*, seat_id: UUID, by_id: UUID, at: datetime, **_: Any) -> None:
    """Bring a section's future rosters up to its seats."""
    by = User.objects.get(pk=by_id)
    section = Section.objects.get(seats=seat_id)
    if not section.is_group:
        ended, began = _hours_before(section, seat_id), [_course(section, Seat.objects.get(pk=seat_id))]
        services.carry_links_over(ended=ended, began=began, by=by, at=at)
    services.settle_seats(by=by, at=at, sections=[section.pk])
    services.make_sessions(section=section, until=_until(section, at), by=by, at=at)


@receiver(closed)
def cancel_what_is_closed(*, closure_id: UUID, by_id: UUID, at: datetime, **_: Any) -> None:
    """A closure cancels the sessions it hits."""
    closure = Closure.objects.select_related("organisation").get(pk=closure_id)
    services.cancel_closed(closure=closure, by=User.objects.get(pk=by_id), at=at)


@receiver(opened_again)
def plan_what_was_closed(*, closure_id: UUID, by_id: UUID, at: datetime, **_: Any) -> None:
    """Where it is open after all, sessions are made again."""
    closure = Closure.objects.select_related("organisation").get(pk=closure_id)
    services.plan_again(closure=closure, by=User.objects.get(pk=by_id), at=at)


@receiver([session_ended, session_cancelled])
def end_the_video(*, session_id: UUID, by_id: UUID, at: datetime, **_: Any) -> None:
    """When a session is over, so is its video room."""
    room = VideoRoom.objects.select_related("session").filter(session=session_id).first()
    if room:
        leading.close(room, by=User.objects.get(pk=by_id), at=at)


@receiver(episode_ended)
def free_the_hours_after_an_episode(*, episode_id: UUID, by_id: UUID, at: datetime, on: date, **_: Any) -> None:
    """Nothing of an ended episode takes place from the day it ended."""
    by = User.objects.get(pk=by_id)
    one_at_a_time(by.organisation_id)  # before any row of theirs is locked, as whoever changes the week does
    episode = Episode.objects.select_related("patient").get(pk=episode_id)
    services.release_future_sessions(patient=episode.patient, start=on, by=by, at=at)
    services.end_outreach(patient=episode.patient_id, by=by, at=at)


@receiver(death_noted)
def let_go_after_a_death(*, patient_id: UUID, by_id: UUID, at: datetime, on: date, **_: Any) -> None:
    """Nothing that somebody who has died was to come to takes place, nobody asks where they are, nothing is made up."""
    by, patient = User.objects.get(pk=by_id), Patient.objects.get(pk=patient_id)
    one_at_a_time(by.organisation_id)
    services.release_future_sessions(patient=patient, start=on, by=by, at=at)
    services.excuse_after_death(patient=patient, by=by, at=at)
    services.end_outreach(patient=patient_id, by=by, at=at)
    services.let_go_of_make_ups(patient=patient_id, by=by, at=at)


@receiver(death_taken_back)
def count_absences_after_a_mistake(*, patient_id: UUID, by_id: UUID, at: datetime, **_: Any) -> None:
    """What was excused because of a death that was none is an absence again."""
    patient = Patient.objects.get(pk=patient_id)
    services.count_absences_again(patient=patient, by=User.objects.get(pk=by_id), at=at)


def _course(section: Section, seat: Seat) -> Course:
    return Course(str(section.pk), section.kind, str(section.facilitator_id), frozenset({str(seat.patient_id)}))


def _hours_before(section: Section, seat_id: UUID) -> list[Course]:
    """The hours alone of the same student that ended when this one began: it goes on with one of them."""
    seats = Seat.objects.filter(patient__seats=seat_id, section__ended_on=section.started_on)
    rows = seats.exclude(section=section).select_related("section")
    return [_course(seat.section, seat) for seat in rows if not seat.section.is_group]


def _courses(proposal: Proposal) -> tuple[list[Course], list[Course]]:
    """The sections that ended with this proposal and those that began, with the people whose places did."""
    people: dict[str, set[str]] = {}
    for seat in (*proposal.deeds.get("gone", ()), *proposal.deeds.get("come", ())):
        people.setdefault(seat["section"], set()).add(seat["patient"])
    found = [list(proposal.deeds.get(what, ())) for what in ("ended", "began")]
    sections = Section.objects.in_bulk([UUID(pk) for each in found for pk in each])
    courses = {
        str(pk): Course(str(pk), one.kind, str(one.facilitator_id), frozenset(people.get(str(pk), ())))
        for pk, one in sections.items()
    }
    ended, began = ([courses[pk] for pk in each] for each in found)
    return ended, began


def _until(section: Section, at: datetime) -> date:
    return max(section.started_on, at.date()) + LONGEST
