"""What is read of somebody's own calendar: their times on the program's clock, and nothing else."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from hearth.timetable.board import CLOSE, OPEN, Span
from hearth.timetable.busy import Busy, NotACalendar, as_json, from_json, read_busy
from hearth.timetable.importing import LARGEST, busy_from
from hearth.timetable.models import Availability, OneOff
from hearth.timetable.one_offs import Dates
from hearth.timetable.testing import make_hours

DENVER, LONDON = ZoneInfo("America/Denver"), ZoneInfo("Europe/London")
TODAY = date(2026, 10, 12)  # a Monday; the clocks change in London on the 25th, in Denver on 1 November
PAGE = "/my/hours/calendar/"


def calendar_of(*events: str) -> bytes:
    parts = [f"BEGIN:VEVENT\nUID:{number}\n{event}\nEND:VEVENT\n" for number, event in enumerate(events)]
    return (
        ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n" + "".join(parts) + "END:VCALENDAR\n")
        .replace("\n", "\r\n")
        .encode()
    )


def at(zone: str, day: date, clock: str, minutes: int = 60) -> str:
    begins = datetime.combine(day, time.fromisoformat(clock))
    return f"DTSTART;TZID={zone}:{begins:%Y%m%dT%H%M%S}\nDURATION:PT{minutes}M"


def read(*events: str, today: date = TODAY, home: ZoneInfo = DENVER) -> Busy:
    return read_busy(calendar_of(*events), zone=DENVER, home=home, today=today)


@given(
    day=st.integers(0, 6),
    start=st.integers(OPEN, CLOSE - 30),
    minutes=st.integers(10, 240),
    began=st.dates(date(2025, 1, 6), date(2026, 12, 1)),
    today=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_a_weekly_hour_of_the_same_zone_stays_where_it_is_whenever_the_clocks_change(day, start, minutes, began, today):
    began = began + timedelta(days=(day - began.weekday()) % 7)
    event = at("America/Denver", began, f"{start // 60:02d}:{start % 60:02d}", minutes)

    found = read(f"{event}\nRRULE:FREQ=WEEKLY", today=max(today, began))

    assert found == Busy((Span(day, start, min(CLOSE, start + minutes)),), ())


@given(
    st.integers(0, 6),
    st.integers(0, 23 * 60),
    st.integers(1, 300),
    st.sampled_from(["Europe/London", "Asia/Tokyo", "America/New_York"]),
)
def test_every_single_hour_lies_where_it_does_on_the_programs_clock(days, start, minutes, zone):
    begins = datetime.combine(TODAY + timedelta(days=14 + days), time(start // 60, start % 60), ZoneInfo(zone))

    found = read(at(zone, begins.date(), f"{begins:%H:%M}", minutes))

    local = begins.astimezone(DENVER)
    ends = (begins.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(DENVER)
    held = sum(
        max(0, int((min(ends, close) - max(local, opens)).total_seconds()) // 60)
        for day in {local.date(), ends.date()}
        for opens, close in [(datetime.combine(day, time(8), DENVER), datetime.combine(day, time(21), DENVER))]
    )
    assert sum((one.end or CLOSE) - (one.start or OPEN) for one in found.dates) == held


def test_an_hour_of_another_zone_moves_while_the_two_clocks_differ():
    found = read(f"{at('Europe/London', date(2026, 10, 5), '16:00')}\nRRULE:FREQ=WEEKLY")

    assert found.weekly == (Span(0, 9 * 60, 10 * 60),)
    assert found.dates == (Dates(date(2026, 10, 26), date(2026, 10, 26), 600, 660),)


def test_times_without_a_zone_are_those_of_home():
    assert read("DTSTART:20261020T180000\nDURATION:PT1H", home=LONDON).dates == (
        Dates(date(2026, 10, 20), date(2026, 10, 20), 11 * 60, 12 * 60),
    )


@pytest.mark.parametrize("free", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"])
def test_what_is_cancelled_or_free_takes_nothing(free):
    assert read(f"{at('America/Denver', date(2026, 10, 20), '10:00')}\n{free}") == Busy((), ())


def test_one_time_of_a_series_that_was_called_off_or_moved_is_so_here_too():
    series = f"{at('America/Denver', date(2026, 10, 5), '10:00')}\nRRULE:FREQ=WEEKLY;COUNT=4\nUID:same"
    called = "RECURRENCE-ID;TZID=America/Denver:"
    off = f"{at('America/Denver', date(2026, 10, 19), '10:00')}\n{called}20261019T100000\nSTATUS:CANCELLED\nUID:same"
    moved = f"{at('America/Denver', date(2026, 10, 27), '15:00')}\n{called}20261026T100000\nUID:same"
    text = calendar_of(series, off, moved).decode()
    for number in range(3):
        text = text.replace(f"UID:{number}\r\n", "")

    found = read_busy(text.encode(), zone=DENVER, home=DENVER, today=TODAY)

    assert [(each.first.day, each.start) for each in found.dates] == [(12, 600), (27, 900)]


def test_all_day_events_take_their_days_unless_they_return():
    trip = "DTSTART;VALUE=DATE:20261020\nDTEND;VALUE=DATE:20261023"
    bins = "DTSTART;VALUE=DATE:20261013\nRRULE:FREQ=WEEKLY"

    assert read(trip, bins) == Busy((), (Dates(date(2026, 10, 20), date(2026, 10, 22)),))


@pytest.mark.parametrize("says", ["TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"])
def test_all_day_events_that_return_take_their_days_where_the_calendar_says_busy(says):
    saturday = f"DTSTART;VALUE=DATE:20261017\nDTEND;VALUE=DATE:20261018\nRRULE:FREQ=WEEKLY\n{says}"
    monthly = f"DTSTART;VALUE=DATE:20261021\nDTEND;VALUE=DATE:20261023\nRRULE:FREQ=MONTHLY\n{says}"
    birthday = f"DTSTART;VALUE=DATE:20261014\nRRULE:FREQ=YEARLY\n{says}"

    found = read(saturday, monthly, birthday)

    assert found.weekly == (Span(5, OPEN, CLOSE),)
    days = [date(2026, 10, 21), date(2026, 10, 22), date(2026, 11, 22)]  # the 21st of November is one of the Saturdays
    assert found.dates == tuple(Dates(day, day) for day in days)


@pytest.mark.parametrize("says", ["", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"])
def test_all_day_events_that_return_take_nothing_where_it_does_not(says):
    assert read(f"DTSTART;VALUE=DATE:20261013\nRRULE:FREQ=WEEKLY\n{says}".strip()) == Busy((), ())


def test_hours_before_and_after_the_day_and_beyond_eight_weeks_are_left_out():
    night = f"{at('America/Denver', date(2026, 10, 13), '22:00', 9)}\nRRULE:FREQ=WEEKLY;COUNT=1"
    late = at("America/Denver", TODAY + timedelta(weeks=8), "10:00")

    assert read(late, at("America/Denver", date(2026, 10, 9), "10:00")) == Busy((), ())
    assert read(night) == Busy((), ())
    assert read(at("America/Denver", date(2026, 10, 13), "20:00", 780)).dates == (
        Dates(date(2026, 10, 13), date(2026, 10, 13), 1200, CLOSE),
        Dates(date(2026, 10, 14), date(2026, 10, 14), OPEN, 540),
    )


def test_every_other_week_is_a_habit_and_once_a_month_is_two_dates():
    every_other = f"{at('America/Denver', date(2026, 10, 13), '10:00')}\nRRULE:FREQ=WEEKLY;INTERVAL=2"
    monthly = f"{at('America/Denver', date(2026, 10, 14), '10:00')}\nRRULE:FREQ=MONTHLY"

    assert read(every_other) == Busy((Span(1, 600, 660),), ())
    assert [each.first for each in read(monthly).dates] == [date(2026, 10, 14), date(2026, 11, 14)]


def test_what_is_read_survives_the_way_between_two_processes():
    busy = Busy((Span(1, 600, 660),), (Dates(TODAY, TODAY), Dates(TODAY, TODAY, 600, 660)), 3)

    assert from_json(as_json(busy)) == busy


# ---- files that are none, or mean harm


@pytest.mark.parametrize(
    "content",
    [b"", b"a letter", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT", b"\xff\xfe" + b"BEGIN:VCALENDAR" * 3, b"PK\x03\x04" * 99],
)
def test_what_is_no_calendar_is_refused(content):
    with pytest.raises(NotACalendar):
        busy_from(content, zone=DENVER, home=DENVER, today=TODAY)


def test_a_file_that_would_never_end_is_stopped():
    rules = ["RRULE:FREQ=SECONDLY", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"]
    events = [f"DTSTART:00010101T000000\nDURATION:PT1H\n{rule}" for rule in rules for _ in range(300)]

    with pytest.raises(NotACalendar):
        busy_from(calendar_of(*events), zone=DENVER, home=DENVER, today=TODAY, seconds=1)


def test_every_second_of_a_life_is_left_out_at_once():
    events = ["DTSTART:20260101T000000\nDURATION:PT1H\nRRULE:FREQ=SECONDLY"]

    assert busy_from(calendar_of(*events), zone=DENVER, home=DENVER, today=TODAY) == Busy((), ())


# ---- the page


@pytest.fixture
def _now(time_machine, now):
    time_machine.move_to(now, tick=False)


SHIFT = at("America/Denver", date(2026, 11, 2), "16:00", 120)
WORK = f"{SHIFT}\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE\nSUMMARY:Secret shop\nLOCATION:Elm Street"
DENTIST = f"{at('America/Denver', date(2026, 12, 3), '10:00')}\nSUMMARY:Dentist"


@pytest.mark.usefixtures("_now")
def test_a_calendar_is_painted_looked_at_and_kept_without_a_word_of_it(maya, now, as_user):
    make_hours(maya, by=maya.user, at=now - timedelta(days=1))
    browser = as_user(maya.user)

    page = browser.post(PAGE, {"file": SimpleUploadedFile("mine.ics", calendar_of(WORK, DENTIST))}).content.decode()

    assert "This is not kept yet" in page
    assert 'data-taken="0-960-1080 2-960-1080"' in page
    assert "Thu 3 December, 10:00–11:00" in page
    assert not any(word in page for word in ("Secret", "Elm", "Dentist"))
    assert not OneOff.objects.exists()
    typed = {
        "week-0-from": "18:00",
        "week-0-to": "21:00",
        "offered": "2026-12-03 10:00-11:00",
        "date": "2026-12-03 10:00-11:00",
    }
    browser.post("/my/hours/", typed)
    assert OneOff.objects.get().dates == Dates(date(2026, 12, 3), date(2026, 12, 3), 600, 660)
    assert Availability.objects.latest("entered_at").hours == [{"day": 0, "from": "18:00", "to": "21:00"}]


@pytest.mark.usefixtures("_now")
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Choose a file or paste its text"),
        ({"text": "Dear all"}, "We cannot read this as one person"),
        ({"file": SimpleUploadedFile("large.ics", b"BEGIN:VCALENDAR" + b" " * LARGEST)}, "too large"),
        ({"file": SimpleUploadedFile("empty.ics", b"")}, "empty"),
    ],
)
def test_a_wrong_file_gets_one_sentence(maya, as_user, typed, words):
    answer = as_user(maya.user).post(PAGE, typed)

    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.usefixtures("_now")
def test_the_text_of_a_calendar_can_be_pasted_and_staff_have_no_such_page(maya, dana, as_user):
    page = as_user(maya.user).post(PAGE, {"text": calendar_of(WORK).decode()}).content.decode()

    assert 'data-taken="0-960-1080 2-960-1080"' in page
    assert as_user(dana).get(PAGE).status_code == 403
