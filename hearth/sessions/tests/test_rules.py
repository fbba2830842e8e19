"""Attendance, dose, notes and names, as tables and properties."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.sessions.rules import attendance, dose, names, notes
from hearth.sessions.rules.attendance import Status
from hearth.sessions.rules.dose import Cause, Meeting, Phase, Prescription, Shortfall
from hearth.sessions.rules.names import Person
from hearth.sessions.rules.notes import Draft, Lack, Line, Missing, OnRoster
from hearth.sessions.rules.policy import SETTINGS, Policy, policy
from hearth.sessions.rules.presence import Stretch

DENVER = ZoneInfo("America/Denver")
START = datetime(2026, 11, 24, 17, 30, tzinfo=DENVER)
END = datetime(2026, 11, 24, 20, 30, tzinfo=DENVER)


def minutes(number):
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("arrived", "left", "over_at", "status", "whole"),
    [
        (None, None, None, Status.EXPECTED, 0),
        (None, None, END, Status.ABSENT, 0),
        (START, None, END, Status.PRESENT, 180),
        (START - minutes(25), None, END, Status.PRESENT, 180),
        (START + minutes(10), None, END, Status.PRESENT, 170),
        (START + minutes(11), None, END, Status.LATE, 169),
        (START + minutes(47), None, END - minutes(2), Status.LATE, 131),
        (START, END - minutes(11), END, Status.LEFT_EARLY, 169),
        (START + minutes(20), END - minutes(60), END, Status.LEFT_EARLY, 100),
        (START, END + minutes(30), END + minutes(30), Status.PRESENT, 180),
        (START, None, END - minutes(2), Status.PRESENT, 178),
        (END + minutes(5), None, END, Status.ABSENT, 0),
        (START, START - minutes(5), END, Status.ABSENT, 0),
        (START + timedelta(seconds=59), END, END, Status.PRESENT, 179),
        (START, None, START - minutes(5), Status.PRESENT, 0),
    ],
)
def test_arrival_and_leaving_give_a_status_and_whole_minutes(arrived, left, over_at, status, whole):
    verdict = attendance.judge(attendance.stretch_of(arrived, left), planned=(START, END), over_at=over_at)
    assert (verdict.status, verdict.minutes) == (status, whole)


def test_a_session_over_the_night_the_clocks_change_has_its_real_minutes():
    start = datetime(2026, 11, 1, 0, 30, tzinfo=DENVER)  # 01:00 to 02:00 comes twice
    end = datetime(2026, 11, 1, 2, 30, tzinfo=DENVER)
    assert attendance.judge([Stretch(start)], planned=(start, end), over_at=end).minutes == 180
    assert Meeting("group", start, end).minutes == 180


instants = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minute: (datetime(2026, 1, 1, tzinfo=UTC) + minutes(minute)).astimezone(DENVER)
)


@given(start=instants, planned=st.integers(1, 300), came=st.integers(-600, 600), went=st.integers(-600, 600))
def test_nobody_ever_attends_more_than_was_planned_or_less_than_nothing(start, planned, came, went):
    end = (start.astimezone(UTC) + minutes(planned)).astimezone(DENVER)
    arrived, left = start + minutes(came), start + minutes(went)
    for over_at in (None, end, end + minutes(10), start - minutes(10)):
        verdict = attendance.judge([Stretch(arrived, left)], planned=(start, end), over_at=over_at)
        assert 0 <= verdict.minutes <= planned
        assert verdict.late_by >= 0
        assert verdict.left_by >= 0


offsets = st.integers(-90, 270)
stretches = st.lists(
    st.builds(
        lambda came, went: Stretch(START + minutes(came), None if went is None else START + minutes(went)),
        offsets,
        st.none() | offsets,  # a wrong clock may say that somebody left before they came
    ),
    min_size=1,
    max_size=8,
)


@given(stretches=stretches, over=st.integers(-30, 240), order=st.randoms())
def test_stretches_in_any_order_from_any_clock_give_the_same_and_never_more_than_the_session(stretches, over, order):
    mixed = [*stretches, *stretches[:2]]  # what arrives twice counts once
    order.shuffle(mixed)
    over_at = START + minutes(over)
    verdict = attendance.judge(stretches, planned=(START, END), over_at=over_at)
    assert attendance.judge(mixed, planned=(START, END), over_at=over_at) == verdict
    assert 0 <= verdict.minutes <= max(0, min(180, over))


@given(stretches=stretches, more=stretches)
def test_another_stretch_never_takes_minutes_away(stretches, more):
    few = attendance.judge(stretches, planned=(START, END), over_at=END).minutes
    assert attendance.judge([*stretches, *more], planned=(START, END), over_at=END).minutes >= few


BRIDGE = Policy().bridge


@pytest.mark.parametrize(("gap", "lost"), [(BRIDGE, 0), (BRIDGE + minutes(1), 6), (minutes(30), 30)])
def test_a_dropped_connection_is_not_an_absence_but_a_long_gap_is_not_attended(gap, lost):
    parts = [Stretch(START, START + minutes(60)), Stretch(START + minutes(60) + gap)]
    verdict = attendance.judge(parts, planned=(START, END), over_at=END)
    assert (verdict.status, verdict.minutes) == (Status.PRESENT, 180 - lost)


def test_video_and_room_at_once_count_once():
    parts = [Stretch(START, START + minutes(90)), Stretch(START + minutes(30), END)]
    assert attendance.judge(parts, planned=(START, END), over_at=END).minutes == 180


@pytest.mark.parametrize(("offset", "may"), [(-31, False), (-30, True), (0, True), (179, True), (180, False)])
def test_a_student_may_tap_from_half_an_hour_before_until_the_end(offset, may):
    assert attendance.may_check_in(planned=(START, END), at=START + minutes(offset)) is may


STRICT = Policy(late_after=0, left_early_after=0, check_in_opens=5, away_at_most=0, attended_from=90)


@pytest.mark.parametrize(
    ("came", "went", "status", "whole"),
    [
        (0, 180, Status.PRESENT, 180),
        (1, 180, Status.LATE, 179),
        (0, 179, Status.LEFT_EARLY, 179),
        (90, 180, Status.LATE, 90),
        (91, 180, Status.ABSENT, 89),  # too little to count: not there, and the minutes still say what was
    ],
)
def test_what_is_late_early_and_enough_is_the_programs_to_say(came, went, status, whole):
    stay = [Stretch(START + minutes(came), START + minutes(went))]
    verdict = attendance.judge(stay, planned=(START, END), over_at=END, policy=STRICT)
    assert (verdict.status, verdict.minutes) == (status, whole)


def test_a_program_without_patience_counts_every_gap_and_opens_its_door_later():
    parts = [Stretch(START, START + minutes(60)), Stretch(START + minutes(64), END)]
    assert attendance.judge(parts, planned=(START, END), over_at=END, policy=STRICT).minutes == 176
    assert attendance.may_check_in(planned=(START, END), at=START - minutes(5), policy=STRICT)
    assert not attendance.may_check_in(planned=(START, END), at=START - minutes(6), policy=STRICT)


def test_a_policy_takes_over_what_a_pack_names_and_keeps_the_defaults_for_the_rest():
    assert policy({"late_after_minutes": 3, "group_cap": 12}) == Policy(late_after=3)
    assert {*SETTINGS.values(), "makes_up"} == set(Policy.__slots__)


ADULT = Prescription(date(2026, 10, 19), {"group": 540, "skills": 60, "individual": 60, "family": 0}, 3)


def group_on(day, *, attended=180, cancelled=False, kind="group", hour=17, length=180):
    start = datetime.combine(day, datetime.min.time(), DENVER) + timedelta(hours=hour, minutes=30)
    return Meeting(kind, start, start + minutes(length), attended, cancelled)


def weeks_of(meetings, *, at, prescriptions=(ADULT,), starts_on=date(2026, 10, 19), ends_on=date(2026, 11, 15)):
    return dose.weeks(
        meetings,
        prescriptions=prescriptions,
        starts_on=starts_on,
        ends_on=ends_on,
        zone=DENVER,
        at=at,
        floor=540,
    )


AFTER = datetime(2026, 12, 1, tzinfo=DENVER)


def full_week(monday, **changes):
    groups = [group_on(monday + timedelta(days=day), **changes) for day in (0, 1, 3)]
    return [
        *groups,
        group_on(monday + timedelta(days=3), kind="skills", hour=15, length=60, attended=60),
        group_on(monday + timedelta(days=2), kind="individual", length=60, attended=60),
    ]


def test_a_week_counts_minutes_by_kind_and_local_days():
    week = weeks_of(full_week(date(2026, 10, 19)), at=AFTER)[0]
    assert week.kinds["group"] == dose.Share(540, 540, 540)
    assert week.kinds["skills"] == dose.Share(60, 60, 60)
    assert (week.prescribed, week.scheduled, week.attended) == (660, 660, 660)
    assert (week.days_prescribed, week.days_scheduled, week.days_attended) == (3, 4, 4)
    assert week.shortfall is None
    assert (week.starts_on, week.ends_on) == (date(2026, 10, 19), date(2026, 10, 25))


def test_the_week_of_the_clock_change_is_seven_local_days_and_no_minute_more():
    monday = date(2026, 10, 26)  # clocks go back on Sunday 1 November
    late_sunday = group_on(date(2026, 11, 1), hour=23, length=25, attended=25)  # 06:30 UTC on Monday
    weeks = weeks_of([*full_week(monday), late_sunday, *full_week(date(2026, 11, 2))], at=AFTER)
    assert weeks[1].attended == 660 + 25
    assert weeks[2].attended == 660
    assert weeks[2].starts_on == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("meetings", "expected"),
    [
        (full_week(date(2026, 10, 19)), None),
        (full_week(date(2026, 10, 19), attended=140), None),  # 540 is the floor
        (full_week(date(2026, 10, 19), attended=60), Shortfall(Cause.NOT_ATTENDED, 360)),
        ([group_on(date(2026, 10, 19))], Shortfall(Cause.NOT_SCHEDULED, 480)),
        (full_week(date(2026, 10, 19), cancelled=True), Shortfall(Cause.CANCELLED, 540)),
        ([], Shortfall(Cause.NOT_SCHEDULED, 660)),
    ],
)
def test_a_short_week_names_its_worst_cause(meetings, expected):
    assert weeks_of(meetings, at=AFTER)[0].shortfall == expected


def test_a_running_week_is_not_short_while_its_sessions_are_still_to_come():
    monday = date(2026, 10, 19)
    meetings = full_week(monday, attended=0)
    at_once = datetime(2026, 10, 19, 12, tzinfo=DENVER)
    assert weeks_of(meetings, at=at_once)[0].shortfall is None
    assert weeks_of(meetings, at=at_once)[0].phase is Phase.NOW
    assert weeks_of(meetings, at=at_once)[1].phase is Phase.AHEAD


def test_a_changed_plan_counts_from_its_week_on():
    fewer = Prescription(date(2026, 11, 3), {"group": 360, "skills": 0, "individual": 0, "family": 0}, 2)
    weeks = weeks_of([], at=AFTER, prescriptions=(fewer, ADULT))
    assert [week.prescribed for week in weeks] == [660, 660, 360, 360]


@st.composite
def stays(draw):
    first = draw(st.dates(date(2026, 1, 1), date(2027, 6, 1)))
    length = draw(st.integers(1, 120))
    meetings = draw(
        st.lists(
            st.builds(
                lambda day, hour, length, share, cancelled, kind: group_on(
                    first + timedelta(days=day),
                    hour=hour,
                    length=length,
                    attended=0 if cancelled else length * share // 100,
                    cancelled=cancelled,
                    kind=kind,
                ),
                st.integers(0, length),
                st.integers(0, 23),
                st.integers(1, 240),
                st.integers(0, 100),
                st.booleans(),
                st.sampled_from(dose.KINDS),
            ),
            max_size=20,
        )
    )
    return first, first + timedelta(days=length), meetings


@given(stay=stays(), now=instants, order=st.randoms())
def test_weeks_lose_and_gain_no_minute_whatever_the_order(stay, now, order):
    first, last, meetings = stay
    weeks = weeks_of(meetings, at=now, starts_on=first, ends_on=last)
    inside = [each for each in meetings if first <= each.starts_at.astimezone(DENVER).date() <= last]
    standing = [each for each in inside if not each.is_cancelled]
    assert sum(week.scheduled for week in weeks) == sum(each.minutes for each in standing)
    assert sum(week.attended for week in weeks) == sum(each.attended for each in standing)
    assert all(week.ends_on - week.starts_on == timedelta(days=6) for week in weeks)
    assert [week.number for week in weeks] == list(range(1, len(weeks) + 1))
    order.shuffle(meetings)
    assert weeks == weeks_of(meetings, at=now, starts_on=first, ends_on=last)


@given(stay=stays(), now=instants)
def test_a_shortfall_is_positive_and_no_more_than_was_prescribed_or_planned(stay, now):
    first, last, meetings = stay
    for week in weeks_of(meetings, at=now, starts_on=first, ends_on=last):
        if week.shortfall:
            assert 0 < week.shortfall.minutes <= max(week.prescribed, week.scheduled)


READY = Line(
    text="Named three signs.",
    took_part=4,
    risk="none",
    goal=2,
    progress="forward",
    plan="Call her sister first.",
    location="At home, Denver",
)
DRAFT = Draft(text="Mapped early signs.", interventions=("psychoeducation",), lines={"m": READY})
HERE = OnRoster("m", Status.PRESENT, is_virtual=True)


def test_a_complete_note_lacks_nothing():
    assert (
        notes.missing(DRAFT, [HERE, OnRoster("a", Status.ABSENT, is_virtual=False)], is_over=True, topic="Signs") == []
    )


@pytest.mark.parametrize(
    ("change", "lack"),
    [
        ({"text": " "}, Lack.TEXT),
        ({"took_part": None}, Lack.TOOK_PART),
        ({"took_part": 6}, Lack.TOOK_PART),
        ({"risk": ""}, Lack.RISK),
        ({"risk": "new"}, Lack.RISK_TEXT),
        ({"goal": None}, Lack.GOAL),
        ({"progress": ""}, Lack.PROGRESS),
        ({"plan": ""}, Lack.PLAN),
        ({"location": ""}, Lack.LOCATION),
    ],
)
def test_each_missing_item_is_named_with_its_student(change, lack):
    line = Line(**{name: getattr(READY, name) for name in Line.__slots__} | change)
    draft = Draft(text=DRAFT.text, interventions=DRAFT.interventions, lines={"m": line})
    assert notes.missing(draft, [HERE], is_over=True, topic="Signs") == [Missing(lack, "m")]


def test_what_is_said_for_all_and_the_roster_itself_can_be_missing():
    waiting = OnRoster("m", Status.EXPECTED, is_virtual=False)
    assert [each.what for each in notes.missing(Draft(), [waiting], is_over=False)] == [
        Lack.NOT_OVER,
        Lack.TOPIC,
        Lack.SHARED_TEXT,
        Lack.INTERVENTIONS,
        Lack.STATUS,
    ]
    assert notes.missing(Draft(), [OnRoster("m", Status.ABSENT, is_virtual=False)], is_over=True) == []


def test_an_individual_session_needs_no_text_for_all():
    draft = Draft(interventions=("motivational interviewing",), lines={"m": READY})
    assert notes.missing(draft, [HERE], is_over=True, is_group=False) == []


@pytest.mark.parametrize(("hours", "state"), [(0, "new"), (23, "new"), (24, "due"), (71, "due"), (72, "overdue")])
def test_a_note_is_due_after_a_day_and_overdue_after_three(hours, state):
    assert notes.note_state(over_at=END, at=END.astimezone(UTC) + timedelta(hours=hours)) == state


def test_a_digest_changes_with_any_word_and_not_with_the_order_of_parts():
    assert notes.digest({"a": 1, "b": "é"}) == notes.digest({"b": "é", "a": 1})
    assert notes.digest({"a": 1}) != notes.digest({"a": 2})


JONAH = Person("Jonah", "Park", "Jonathan Lee")
TOMAS = Person("Tomás", "López de la Cruz")
WILL = Person("Will", "Hope")
HE = Person("Bo", "He")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Named three signs and chose a first step.", []),
        ("Laughed with Jonah about it.", ["Jonah"]),
        ("laughed with JONAH's friend", ["JONAH"]),
        ("Told Jon and jonathan.", ["Jon", "jonathan"]),
        ("Sat beside Mr Park.", ["Park"]),
        ("Walked in the park.", []),
        ("Agreed with Tomas, and with López-Cruz.", ["Tomas", "López", "Cruz"]),
        ("TOMÁS led the role-play; Tommy answered", ["TOMÁS", "Tommy"]),
        ("Tomás in letters apart: Toma\u0301s", ["Tomás", "Toma\u0301s"]),
        ("de la vida", []),
        ("Will call her sister.", ["Will"]),
        ("She will call her sister and has hope.", []),
        ("Asked Bill.", ["Bill"]),
        ("Jonahs and Parker are no names here.", []),
        ("He was quiet. So he said little.", []),
        ("Thanked Bo and Ms He.", ["Bo", "He"]),
        ("Told J.P. and T. L. of it, at 5 p.m.", ["J.P.", "T. L."]),
        ("", []),
    ],
)
def test_other_members_names_are_found_and_words_left_in_peace(text, found):
    assert names.names_others(text, [JONAH, TOMAS, WILL, HE]) == found


def test_a_name_the_student_shares_is_their_own():
    sister = Person("Ana", "Park")
    assert names.names_others("Ana Park spoke of the Park family.", [JONAH], own=sister) == []
    assert names.names_others("Ana spoke with Jonah.", [JONAH], own=sister) == ["Jonah"]


given_names = st.sampled_from(["Maya", "Jonah", "Tomás", "Amina", "José", "Zoë", "Siobhán", "Łukasz", "Nguyễn"])


@given(name=given_names, before=st.sampled_from(["", "with ", "("]), after=st.sampled_from(["", ".", "'s", " said"]))
def test_any_way_of_writing_a_name_is_found(name, before, after):
    for written in (name, name.upper(), name.lower()):
        assert names.names_others(f"{before}{written}{after}", [Person(name, "Nobody")])
