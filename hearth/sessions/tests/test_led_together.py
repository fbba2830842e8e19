"""Sessions that two people lead, and that somebody interprets: who sees them, and who may do what."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.people.models import Licence, Modality
from hearth.program.models import Booking, Interpreter, Leave
from hearth.sessions import queries, services
from hearth.sessions.appointments import appointments_of
from hearth.sessions.models import Attendance, ProgressNote, Session
from hearth.sessions.rules.notes import Draft, Line
from hearth.sessions.testing import make_episode, make_room, make_section
from hearth.sessions.to_sign import unsigned_sessions
from hearth.timetable.facts import proposal_accepted
from hearth.timetable.models import Proposal

DENVER = ZoneInfo("America/Denver")
MONDAY = date(2026, 10, 19)
BEFORE = datetime(2026, 10, 18, 12, tzinfo=DENVER)
START = datetime(2026, 10, 20, 17, 30, tzinfo=DENVER)
END = START + timedelta(hours=3)
NEXT_WEEK = datetime(2026, 10, 26, tzinfo=DENVER)


@pytest.fixture
def ivy(dana):
    """An interpreter for sign language, bound to confidentiality."""
    return Interpreter.objects.create(
        name="Ivy Stone", agency="Clear Hands", offers=["ase"], modalities=["in_person"], bound_on=date(2026, 1, 5)
    )


@pytest.fixture
def group(dana, theo, ivy, maya, jonah):
    """Tuesdays with Dana and Theo, interpreted by Ivy."""
    for patient in (maya, jonah):
        make_episode(patient, by=dana, starts_on=MONDAY)
    return make_section(
        dana, maya, jonah, since=MONDAY, room=make_room(), co_facilitator=theo, interpreter=ivy, weekday=1
    )


@pytest.fixture
def session(group, dana):
    return services.make_sessions(section=group, until=date(2026, 11, 4), by=dana, at=BEFORE)[0]


@pytest.fixture
def over(session, theo):
    """The group took place; Theo, the second leader, marked everyone and ended it."""
    for row in session.roster.all():
        services.mark(attendance=row, status=Attendance.Status.PRESENT, by=theo, at=START)
    return services.end(session=session, by=theo, at=END)


def draft(session):
    line = Line(text="Named three signs.", took_part=4, risk="none", goal=1, progress="same", plan="Practise.")
    return Draft(text="Mapped signs.", interventions=("psychoeducation",), lines=dict.fromkeys(ids(session), line))


def ids(session):
    return [str(pk) for pk in session.roster.values_list("pk", flat=True)]


def sessions_before(end, viewer):
    """What `viewer` finds among their own sessions in the week before `end`."""
    return queries.sessions_of(viewer=viewer, start=end - timedelta(days=7), end=end)


def test_sessions_know_who_leads_and_interprets_as_their_section_says(session, dana, theo, ivy):
    assert session.leaders == [dana, theo]
    assert session.interpreter == ivy
    held = set(Booking.objects.filter(purpose_id=session.pk).values_list("resource_id", flat=True))
    assert {theo.pk, ivy.pk} <= held


def test_the_second_leader_finds_it_among_their_sessions_and_in_their_calendar(session, theo, ruth):
    assert sessions_before(NEXT_WEEK, theo) == [session]
    assert appointments_of(user=theo, at=BEFORE)[0].uid == session.pk
    assert sessions_before(NEXT_WEEK, ruth) == []
    assert appointments_of(user=ruth, at=BEFORE) == []


def test_the_second_leader_passes_the_door_and_a_colleague_does_not(session, theo, organisation):
    nora = make_user("Nora Lind", Role.COUNSELOR, organisation=organisation)
    assert queries.access_session(viewer=theo, pk=session.pk, at=BEFORE, to="change") == session
    with pytest.raises(PermissionDenied):
        queries.access_session(viewer=nora, pk=session.pk, at=BEFORE)


def test_either_may_sign_and_the_note_says_who_did(over, dana, theo):
    assert unsigned_sessions(viewer=theo, at=END) == [(over.pk, over.over_at)]
    services.save_group_note(session=over, draft=draft(over), by=dana, at=END)
    services.sign_group_note(session=over, by=theo, at=END)
    assert set(ProgressNote.objects.values_list("signed_by", "body__clinician")) == {(theo.pk, theo.name)}
    assert not unsigned_sessions(viewer=dana, at=END)
    with pytest.raises(services.NoteLocked):
        services.sign_group_note(session=over, by=dana, at=END)


def test_the_notes_and_the_roster_name_both_leaders_and_the_interpreter_uncounted(session, as_user, theo, dana, ruth):
    with time_machine.travel(START, tick=False):
        room = as_user(theo).get(reverse("sessions:room", args=[session.pk])).text
        assert "Dana Kim, Theo" in room
        assert "0 of 2 here" in room
        assert "Ivy Stone" in room
        assert "bound to confidentiality since 5 January 2026" in room
        assert "Sign 0 notes" in as_user(theo).get(reverse("sessions:note", args=[session.pk])).text
        assert "led by Dana Kim, Theo" in as_user(ruth).get(reverse("sessions:note", args=[session.pk])).text


def test_a_student_reads_who_leads_and_who_interprets(session, as_user, maya, theo):
    with time_machine.travel(BEFORE, tick=False):
        page = as_user(maya.user).get(reverse("sessions:mine", args=[session.pk])).text
    assert theo.name in page
    assert "Ivy Stone" in page


def test_a_session_needs_cover_when_either_leader_is_away(session, theo, walt):
    assert queries.needing_cover([session]) == set()
    Leave.objects.create(
        member=theo, first_on=START.date(), last_on=START.date(), status="confirmed", asked_at=BEFORE, decided_by=walt
    )
    assert queries.needing_cover([session]) == {session.pk}


def test_a_second_leader_too_is_given_nobody_by_video_from_a_state_without_licence(dana, theo, maya):
    section = make_section(dana, maya, since=MONDAY, modality=Modality.VIRTUAL, co_facilitator=theo)
    held = {"discipline": "LPC", "during": (date(2020, 1, 1), None)}
    Licence.objects.create(holder=dana, state="CO", number="1", **held)
    with pytest.raises(services.NotLicensed, match=theo.name):
        services.make_sessions(section=section, until=date(2026, 11, 4), by=dana, at=BEFORE)
    Licence.objects.create(holder=theo, state="CO", number="2", **held)
    assert services.make_sessions(section=section, until=date(2026, 11, 4), by=dana, at=BEFORE)


def test_a_week_with_another_leader_is_followed(session, group, dana, ruth, theo, walt, maya, jonah):
    monday = date(2026, 10, 26)
    proposal = Proposal.objects.create(week_of=monday, asked_by=walt, asked_at=BEFORE, status="accepted")
    group.ended_on = monday
    group.save()
    make_section(ruth, maya, jonah, since=monday, starts=time(17, 30), proposal=proposal, co_facilitator=dana)
    proposal_accepted.send(Proposal, proposal_id=proposal.pk, by_id=walt.pk, at=BEFORE)
    later = Session.objects.filter(starts_at__gte=NEXT_WEEK)
    assert {(each.facilitator_id, each.co_facilitator_id, each.interpreter_id) for each in later} == {
        (ruth.pk, dana.pk, None)
    }
    assert sessions_before(NEXT_WEEK + timedelta(days=7), theo) == []
