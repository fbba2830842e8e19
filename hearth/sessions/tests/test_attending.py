"""Who is there: the student's own tap, the staff's marks, and the end of a session."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from hearth.audit.models import Event
from hearth.program.models import Booking
from hearth.program.services import book
from hearth.sessions import services
from hearth.sessions.door_code import code_at
from hearth.sessions.models import Attendance
from hearth.sessions.testing import make_room, make_session

Status = Attendance.Status
START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
END = START + timedelta(hours=3)


def after(minutes):
    return START + timedelta(minutes=minutes)


@pytest.fixture
def session(dana, maya, jonah):
    return make_session(dana, maya, jonah, starts_at=START)


@pytest.fixture
def of_maya(session, maya):
    return session.roster.get(patient=maya)


def test_a_student_says_they_are_here_with_their_mood(of_maya, maya):
    row = services.check_in(attendance=of_maya, by=maya.user, at=after(-5), mood=4, location="At home, Denver")
    assert (row.status, row.source, row.mood_in, row.location) == (Status.PRESENT, "own", 4, "At home, Denver")
    again = services.check_in(attendance=of_maya, by=maya.user, at=after(30))
    assert (again.arrived_at, again.mood_in, again.status) == (after(-5), 4, Status.PRESENT)


@pytest.mark.parametrize("minutes", [-31, 180, 24 * 60])
def test_a_tap_outside_its_time_is_refused_with_a_sentence(of_maya, maya, minutes):
    with pytest.raises(services.NotNow, match="from 30 minutes before"):
        services.check_in(attendance=of_maya, by=maya.user, at=after(minutes))
    of_maya.refresh_from_db()
    assert of_maya.arrived_at is None


def test_nobody_checks_in_for_another(of_maya, jonah, theo):
    for stranger in (jonah.user, theo):
        with pytest.raises(PermissionDenied):
            services.check_in(attendance=of_maya, by=stranger, at=START)


def test_staff_check_in_at_any_time(of_maya, dana, ruth):
    assert services.check_in(attendance=of_maya, by=dana, at=after(-60)).source == "staff"
    assert services.check_in(attendance=of_maya, by=ruth, at=after(40)).arrived_at == after(-60)


@pytest.mark.parametrize(
    ("status", "minute", "expected"),
    [
        (Status.PRESENT, 20, (START, None, Status.PRESENT)),
        (Status.LATE, 20, (after(20), None, Status.LATE)),
        (Status.LEFT_EARLY, 60, (START, after(60), Status.LEFT_EARLY)),
        (Status.ABSENT, 20, (None, None, Status.ABSENT)),
        (Status.EXPECTED, 20, (None, None, Status.EXPECTED)),
    ],
)
def test_one_tap_marks_a_student(of_maya, dana, status, minute, expected):
    row = services.mark(attendance=of_maya, status=status, by=dana, at=after(minute))
    assert (row.arrived_at, row.left_at, row.status) == expected


def test_a_mark_is_undone_and_the_record_remembers_both(of_maya, dana):
    services.mark(attendance=of_maya, status=Status.ABSENT, by=dana, at=after(20))
    services.mark(attendance=of_maya, status=Status.EXPECTED, by=dana, at=after(21))
    details = [event.detail for event in Event.objects.filter(verb="sessions.marked").order_by("at")]
    assert details == [{"before": "expected", "now": "absent"}, {"before": "absent", "now": "expected"}]


def test_being_excused_and_corrections_after_the_end_say_why(session, of_maya, dana):
    with pytest.raises(services.ReasonMissing):
        services.mark(attendance=of_maya, status=Status.EXCUSED, by=dana, at=START)
    services.end(session=session, by=dana, at=END)
    with pytest.raises(services.ReasonMissing):
        services.mark(attendance=of_maya, status=Status.PRESENT, by=dana, at=END)
    row = services.mark(
        attendance=of_maya, status=Status.LATE, by=dana, at=END, reason="was there", arrived_at=after(47)
    )
    assert (row.status, row.minutes) == (Status.LATE, 133)


def test_late_and_left_need_times_once_it_is_over(of_maya, dana):
    for status in (Status.LATE, Status.LEFT_EARLY):
        with pytest.raises(services.TimesMissing):
            services.mark(attendance=of_maya, status=status, by=dana, at=END)
    with pytest.raises(services.TimesMissing, match="before the time of arriving"):
        services.mark(
            attendance=of_maya,
            status=Status.LEFT_EARLY,
            by=dana,
            at=END,
            arrived_at=after(60),
            left_at=after(50),
        )


def test_ending_counts_minutes_and_who_never_came_is_absent(session, of_maya, jonah, dana, maya):
    services.check_in(attendance=of_maya, by=maya.user, at=after(-10), mood=4)
    services.start(session=session, by=dana, at=START)
    ended = services.end(session=session, by=dana, at=after(178))
    of_maya.refresh_from_db()
    of_jonah = session.roster.get(patient=jonah)
    assert (of_maya.status, of_maya.minutes) == (Status.PRESENT, 178)
    assert (of_jonah.status, of_jonah.minutes) == (Status.ABSENT, 0)
    assert ended.ended_at == after(178)


def test_an_end_forgotten_until_the_next_day_is_the_planned_end(session, of_maya, dana):
    services.mark(attendance=of_maya, status=Status.PRESENT, by=dana, at=START)
    assert services.end(session=session, by=dana, at=after(24 * 60)).ended_at == END
    of_maya.refresh_from_db()
    assert of_maya.minutes == 180


def test_leaving_and_coming_back(of_maya, maya):
    services.check_in(attendance=of_maya, by=maya.user, at=START)
    left = services.check_out(attendance=of_maya, by=maya.user, at=after(60), mood=7)
    assert (left.status, left.mood_out) == (Status.LEFT_EARLY, 7)
    assert services.check_in(attendance=of_maya, by=maya.user, at=after(90)).status == Status.PRESENT


def test_the_time_away_does_not_count_but_a_dropped_connection_does(session, of_maya, maya, dana):
    services.check_in(attendance=of_maya, by=maya.user, at=START)
    for left, back in ((60, 64), (100, 120)):
        services.check_out(attendance=of_maya, by=maya.user, at=after(left))
        services.check_in(attendance=of_maya, by=maya.user, at=after(back))
    services.end(session=session, by=dana, at=END)
    of_maya.refresh_from_db()
    assert (of_maya.status, of_maya.minutes, of_maya.arrived_at) == (Status.PRESENT, 160, START)


def test_a_correction_takes_the_place_of_what_was_known_and_keeps_it_for_the_record(session, of_maya, maya, dana):
    services.check_in(attendance=of_maya, by=maya.user, at=after(50))
    services.end(session=session, by=dana, at=END)
    row = services.mark(attendance=of_maya, status=Status.PRESENT, by=dana, at=END, reason="phone was off")
    assert (row.minutes, row.arrived_at) == (180, START)
    kept = of_maya.presences.order_by("recorded_at").values_list("source", "began_at", "voided_at")
    assert list(kept) == [("own", after(50), END), ("staff", START, None)]


class TestInARoom:
    """On site, a student's own tap needs the code that is shown there."""

    @pytest.fixture
    def of_maya(self, dana, maya):
        session = make_session(dana, maya, starts_at=START, modality="in_person", room=make_room())
        return session.roster.get(patient=maya)

    def test_the_code_in_the_room_checks_in_for_two_minutes(self, of_maya, maya):
        shown = code_at(of_maya.session_id, START)
        with pytest.raises(services.WrongCode):
            services.check_in(attendance=of_maya, by=maya.user, at=after(2), code=shown)
        row = services.check_in(attendance=of_maya, by=maya.user, at=after(1), code=f"{shown[:3]} {shown[3:]}")
        assert (row.status, row.source) == (Status.PRESENT, "site")

    def test_neither_no_code_nor_that_of_another_room(self, of_maya, maya, dana, jonah):
        other = make_session(dana, jonah, starts_at=START + timedelta(days=1))
        for code in ("", "no code", code_at(other.pk, START)):
            with pytest.raises(services.WrongCode):
                services.check_in(attendance=of_maya, by=maya.user, at=START, code=code)
        assert not of_maya.presences.exists()

    def test_staff_need_none(self, of_maya, dana):
        assert services.check_in(attendance=of_maya, by=dana, at=START).source == "staff"


def test_a_mood_after_the_end_does_not_make_anyone_leave_early(session, of_maya, dana, maya):
    services.check_in(attendance=of_maya, by=maya.user, at=START)
    services.end(session=session, by=dana, at=END)
    row = services.check_out(attendance=of_maya, by=maya.user, at=END + timedelta(minutes=5), mood=8)
    assert (row.status, row.minutes, row.mood_out) == (Status.PRESENT, 180, 8)


def test_a_session_does_not_end_before_it_begins(session, dana):
    with pytest.raises(services.NotNow):
        services.end(session=session, by=dana, at=after(-1))


def test_a_cancelled_session_frees_its_hours_and_takes_no_more_marks(session, of_maya, dana, maya):
    book(people=[dana.pk, maya.pk], start=START, end=END, purpose_kind="care_sessions.session", purpose_id=session.pk)
    with pytest.raises(services.ReasonMissing):
        services.cancel(session=session, reason=" ", by=dana, at=START)
    services.cancel(session=session, reason="Snow", by=dana, at=START)
    assert not Booking.objects.filter(purpose_id=session.pk).exists()
    with pytest.raises(services.NotNow, match="cancelled"):
        services.check_in(attendance=of_maya, by=maya.user, at=START)
    with pytest.raises(services.NotNow, match="cancelled"):
        services.end(session=session, by=dana, at=END)


def test_a_session_that_took_place_is_not_cancelled(session, dana):
    services.end(session=session, by=dana, at=END)
    with pytest.raises(services.NotNow):
        services.cancel(session=session, reason="Snow", by=dana, at=END)


def test_only_who_leads_it_or_cares_for_everyone_runs_a_session(session, theo, maya, walt):
    for other in (theo, maya.user, walt):
        with pytest.raises(PermissionDenied):
            services.start(session=session, by=other, at=START)
