"""The pages of sessions for who leads, a colleague, a stranger, and the student."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.audit.models import Event
from hearth.people.models import Modality
from hearth.people.testing import make_patient
from hearth.sessions import doses, queries, services
from hearth.sessions.door_code import code_at
from hearth.sessions.models import Attendance, GroupNote, ProgressNote
from hearth.sessions.testing import make_episode, make_room, make_session
from hearth.sessions.tests.test_whereabouts import HOME, hold_licence
from hearth.timetable import services as timetable
from hearth.timetable.one_offs import Dates

Status = Attendance.Status
START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
END = START + timedelta(hours=3)
NOW = START + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def clock():
    """Ten minutes into the group."""
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def session(dana, maya, jonah):
    for patient in (maya, jonah):
        make_episode(patient, by=dana, starts_on=date(2026, 10, 19))
    return make_session(dana, maya, jonah, starts_at=START, room=make_room(), topic="Spotting the early signs")


def place(session, patient):
    return session.roster.get(patient=patient)


def url(name, *args):
    return reverse(f"sessions:{name}", args=[getattr(each, "pk", each) for each in args])


def lines(session, **changes):
    """The note's form as a browser sends it, complete for everyone here."""
    data = {"text": "Mapped early signs.", "interventions": ["psychoeducation"], "plan": "Practise until Thursday."}
    for row in session.roster.filter(status__in=queries.HERE):
        own = {
            "text": "Named three signs.",
            "took_part": "4",
            "risk": "none",
            "goal": "2",
            "progress": "same",
        } | changes
        data |= {f"{row.pk}-{name}": value for name, value in own.items()}
    return data


@pytest.fixture
def over(session, dana, maya, jonah, clock):
    """The group is over: Maya was there, Jonah was not."""
    services.mark(attendance=place(session, maya), status=Status.PRESENT, by=dana, at=START)
    services.end(session=session, by=dana, at=END)
    clock.move_to(END + timedelta(minutes=5))
    return session


def test_my_week_shows_my_sessions_with_who_is_expected(session, as_user, dana, theo):
    page = as_user(dana).get(url("list"))
    assert "Evening group" in page.text
    assert "2 expected" in page.text
    assert "Evening group" not in as_user(theo).get(url("list") + "?whose=all").text


@pytest.mark.parametrize("week", ["2026-11-30", "no-date", "9999-12-31", "0001-01-01"])
def test_any_week_can_be_asked_for(session, as_user, dana, week):
    assert as_user(dana).get(url("list"), {"week": week}).status_code == 200


def test_the_room_is_open_to_its_leader_and_to_who_sees_everyone(session, as_user, dana, ruth, theo, maya):
    assert "Maya R." in as_user(dana).get(url("room", session)).text
    assert as_user(ruth).get(url("room", session)).status_code == 200
    for stranger in (theo, maya.user):
        assert as_user(stranger).get(url("room", session)).status_code == 403


def test_one_tap_marks_and_undoes_with_and_without_htmx(session, as_user, dana, maya):
    browser = as_user(dana)
    address = url("tap", session, place(session, maya))
    part = browser.post(address, {"status": "present"}, headers={"HX-Request": "true"})
    assert 'id="roster"' in part.text
    assert "<html" not in part.text
    assert place(session, maya).status == Status.PRESENT
    assert browser.post(address, {"status": "expected"}).status_code == 302
    assert place(session, maya).status == Status.EXPECTED
    assert browser.post(address, {"status": "asleep"}).status_code == 404


def test_a_place_of_another_session_is_not_marked_here(session, as_user, dana, theo, maya):
    other = make_session(theo, maya, starts_at=START + timedelta(days=7))
    assert as_user(dana).post(url("tap", session, place(other, maya)), {"status": "present"}).status_code == 403
    assert as_user(theo).post(url("tap", session, place(session, maya)), {"status": "present"}).status_code == 403


def test_a_correction_takes_clock_times_and_asks_why_once_it_is_over(over, as_user, dana, maya):
    browser = as_user(dana)
    address = url("correct", over, place(over, maya))
    typed = {"status": "late", "arrived": "18:17", "left": "", "mood_in": "3", "mood_out": "", "reason": ""}
    refused = browser.post(address, typed)
    assert refused.status_code == 422
    assert "Write why, in a few words." in refused.text
    assert 'value="18:17' in refused.text
    browser.post(address, typed | {"reason": "camera was off"})
    row = place(over, maya)
    assert (row.minutes, row.mood_in, row.reason) == (133, 3, "camera was off")


def test_ending_leads_the_leader_to_the_note(session, as_user, dana):
    assert as_user(dana).post(url("end", session)).url == url("note", session)


def test_the_draft_saves_itself_and_says_what_is_left(over, as_user, dana):
    typed = lines(over, risk="")
    part = as_user(dana).post(url("note", over), typed, headers={"HX-Request": "true"})
    assert "1 thing left before signing" in part.text
    assert "risk line missing" in part.text
    assert "<html" not in part.text
    assert GroupNote.objects.get(session=over).text == "Mapped early signs."
    assert "Named three signs." in as_user(dana).get(url("note", over)).text


def test_signing_from_the_page_locks_the_notes(over, as_user, dana, maya):
    browser = as_user(dana)
    assert browser.post(url("note", over), lines(over)).status_code == 302
    note = ProgressNote.objects.get(patient=maya)
    assert "signed and locked" in browser.get(url("note", over)).text
    page = browser.get(url("progress-note", note)).text
    assert "Named three signs." in page
    assert "Unchanged since." in page


def test_a_draft_that_still_saves_itself_after_signing_is_led_to_the_signed_notes(over, as_user, dana):
    browser = as_user(dana)
    browser.post(url("note", over), lines(over))
    late = browser.post(url("note", over), lines(over, text="Changed."), headers={"HX-Request": "true"})
    assert late.headers["HX-Redirect"] == url("note", over)
    assert ProgressNote.objects.get().body["response"] == "Named three signs."


def test_a_line_that_names_another_member_is_refused_and_kept(over, as_user, dana):
    page = as_user(dana).post(url("note", over), lines(over, text="Laughed with Jonah."))
    assert page.status_code == 422
    assert "names Jonah" in page.text
    assert "Laughed with Jonah." in page.text
    assert not ProgressNote.objects.exists()


def test_saving_without_script_keeps_the_draft_unsigned(over, as_user, dana):
    assert as_user(dana).post(url("note", over), lines(over) | {"save": "1"}).status_code == 302
    assert GroupNote.objects.get().signed_at is None


def test_a_colleague_reads_the_draft_and_cannot_write_it(over, as_user, dana, ruth, theo):
    assert "This session is led by Dana Kim" in as_user(ruth).get(url("note", over)).text
    assert as_user(ruth).post(url("note", over), lines(over)).status_code == 403
    assert as_user(theo).get(url("note", over)).status_code == 403


def test_what_may_point_to_another_and_what_is_said_twice_is_shown_and_keeps_nothing_from_being_signed(
    over, as_user, dana, maya, jonah
):
    services.mark(attendance=place(over, jonah), status=Status.PRESENT, by=dana, at=END, reason="camera was off")
    browser, typed = as_user(dana), lines(over, text="Calls her sister Ana.")
    part = browser.post(url("note", over), typed, headers={"HX-Request": "true"}).text
    assert "“her sister Ana”: is the name needed?" in part
    assert "same words as Jonah P." in part
    assert "Ready to sign" in part
    assert browser.post(url("note", over), typed).status_code == 302


@pytest.fixture
def note(over, dana, as_user, maya):
    as_user(dana).post(url("note", over), lines(over))
    return ProgressNote.objects.get(patient=maya)


def test_a_signed_note_is_read_by_who_may_and_by_its_own_student(note, as_user, ruth, theo, maya, jonah):
    assert as_user(ruth).get(url("progress-note", note)).status_code == 200
    assert "Named three signs." in as_user(maya.user).get(url("progress-note", note)).text
    for stranger in (theo, jonah.user):
        assert as_user(stranger).get(url("progress-note", note)).status_code == 403


def test_an_addendum_is_added_and_one_that_names_another_is_refused_beside_its_field(note, as_user, dana):
    browser = as_user(dana)
    refused = browser.post(url("progress-note", note), {"text": "It was Jonah."})
    assert refused.status_code == 422
    assert "names another member of the group: Jonah" in refused.text
    browser.post(url("progress-note", note), {"text": "She called the next day."})
    assert "She called the next day." in browser.get(url("progress-note", note)).text


def test_the_notes_of_a_student_are_for_their_team(note, as_user, dana, theo, maya):
    assert "Named three signs." in as_user(dana).get(url("notes-of-patient", maya)).text
    assert as_user(theo).get(url("notes-of-patient", maya)).status_code == 403
    assert as_user(maya.user).get(url("notes-of-patient", maya)).status_code == 403


@pytest.mark.parametrize(("hours", "words"), [(1, "new"), (25, "due, 1 day old"), (73, "overdue, 3 days")])
def test_unsigned_notes_show_their_age(over, as_user, dana, theo, clock, hours, words):
    clock.move_to(END + timedelta(hours=hours))
    assert words in as_user(dana).get(url("notes")).text
    assert "Evening group" not in as_user(theo).get(url("notes")).text


def test_a_student_checks_in_and_sees_nobody_else(session, as_user, maya, jonah):
    browser = as_user(maya.user)
    page = browser.get(url("mine", session)).text
    assert "1420 Larimer Street" in page
    assert "Jonah" not in page
    wrong = browser.post(url("mine", session), {"form": "in", "mood": "4", "code": "12"})
    assert wrong.status_code == 422
    assert "not the code in the room" in wrong.text
    assert Event.objects.filter(verb="sessions.code_refused", patient_id=maya.pk).count() == 1
    browser.post(url("mine", session), {"form": "in", "mood": "4", "code": code_at(session.pk, NOW)})
    row = place(session, maya)
    assert (row.status, row.mood_in, row.source) == (Status.PRESENT, 4, "site")
    browser.post(url("mine", session), {"form": "out", "mood": "7"})
    assert place(session, maya).mood_out == 7


def test_the_code_in_the_room_is_shown_to_staff_and_renews_itself(session, as_user, dana, theo, maya):
    shown = code_at(session.pk, NOW)
    page = as_user(dana).get(url("code", session)).text
    assert f"{shown[:3]} {shown[3:]}" in page
    assert "data:image/svg+xml" in page
    part = as_user(dana).get(url("code", session), headers={"HX-Request": "true"}).text
    assert "<html" not in part
    for stranger in (theo, maya.user):
        assert as_user(stranger).get(url("code", session)).status_code == 403


def test_a_student_by_video_says_where_they_are_before_the_link_shows(session, as_user, maya, dana):
    session.link = "https://video.example/room"
    session.save()
    session.roster.update(modality=Modality.VIRTUAL)
    browser = as_user(maya.user)
    hold_licence(dana, "CO")
    assert browser.post(url("mine", session), {"form": "in", "mood": "4"})["Location"] == url("before", session)
    refused = browser.post(url("before", session), {"known": "elsewhere", "is_private": "on"})
    assert refused.status_code == 422
    assert "so that help could find you" in refused.text
    assert "https://video.example/room" not in browser.get(url("mine", session)).text
    browser.post(url("before", session), HOME)
    browser.post(url("mine", session), {"form": "in", "mood": "4"})
    assert "https://video.example/room" in browser.get(url("mine", session)).text


def test_a_student_too_early_is_told_when(session, as_user, maya, clock):
    clock.move_to(START - timedelta(hours=3))
    browser = as_user(maya.user)
    assert "From Tuesday 17:00 you can say you are here." in browser.get(url("mine", session)).text
    assert browser.post(url("mine", session), {"form": "in", "mood": "4"}).status_code == 422


def test_a_session_is_closed_to_students_who_are_not_on_its_roster(session, as_user, organisation, now, dana):
    amina = make_patient("Amina", "Bello", at=now)
    assert as_user(amina.user).get(url("mine", session)).status_code == 403
    assert as_user(dana).get(url("mine", session)).status_code == 403


def test_cancelling_and_describing_ask_for_what_is_missing(session, as_user, dana):
    browser = as_user(dana)
    assert "Write why" in browser.post(url("cancel", session), {"reason": ""}).text
    assert "begins with https" in browser.post(url("describe", session), {"topic": "", "link": "not a link"}).text
    browser.post(url("describe", session), {"topic": "Sleep", "link": "https://video.example/a"})
    browser.post(url("cancel", session), {"reason": "Snow"})
    assert "This session was cancelled: Snow" in browser.get(url("room", session)).text


def count(browser, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_pages_take_as_many_queries_for_many_as_for_few(over, as_user, dana, maya, now):
    browser = as_user(dana)
    addresses = [url("list"), url("notes"), url("room", over), url("note", over)]
    browser.get(addresses[0])  # the first page of a sign-in also writes down its time
    before = [count(browser, address) for address in addresses]
    for number in range(4):
        patient = make_patient("Ana", f"Diaz{number}", at=now, email=f"a{number}@students.example", with_user=False)
        make_episode(patient, by=dana, starts_on=date(2026, 10, 19))
        Attendance.objects.create(session=over, patient=patient, modality="in_person", status=Status.PRESENT)
        other = make_session(dana, patient, maya, starts_at=START - timedelta(hours=20 + 4 * number))
        other.roster.update(status=Status.PRESENT)
    assert [count(browser, address) for address in addresses] == before


def test_dose_and_summaries_take_as_many_queries_for_many_as_for_few(over, dana, maya, now, clock):
    at = END + timedelta(minutes=5)
    episodes = [maya.episodes.get()]

    def queries_for(few):
        with CaptureQueriesContext(connection) as seen:
            weeks = doses.dose_of(episodes=few, at=at)
            doses.attendance_summary(episodes=few, at=at)
        return len(seen), weeks

    before, weeks = queries_for(episodes)
    assert weeks[episodes[0].pk][5].attended == 180
    assert len(weeks[episodes[0].pk]) == 14
    for number in range(3):
        patient = make_patient("Ana", f"Diaz{number}", at=now, with_user=False)
        episodes.append(make_episode(patient, by=dana, starts_on=date(2026, 10, 19)))
        make_session(dana, patient, starts_at=START + timedelta(days=7 * number))
    assert queries_for(episodes)[0] == before


def test_dose_and_notes_stay_with_staff_and_the_student(note, dana, theo, maya, jonah):
    at, episode = END + timedelta(hours=1), maya.episodes.get()
    assert doses.dose_weeks(viewer=maya.user, episode=episode, at=at)[5].kinds["group"].attended == 180
    assert list(queries.notes_of(viewer=dana, patient=maya, at=at)) == [note]
    for stranger in (theo, jonah.user):
        with pytest.raises(PermissionDenied):
            doses.dose_weeks(viewer=stranger, episode=episode, at=at)
        with pytest.raises(PermissionDenied):
            queries.notes_of(viewer=stranger, patient=maya, at=at)


def test_the_next_session_is_the_one_running_or_to_come(session, dana, maya, jonah):
    later = make_session(dana, maya, starts_at=START + timedelta(days=2))
    during = START + timedelta(minutes=10)
    assert queries.next_session(viewer=maya.user, patient=maya, at=during) == place(session, maya)
    services.mark(attendance=place(session, maya), status=Status.EXCUSED, by=dana, at=during, reason="sick")
    assert queries.next_session(viewer=maya.user, patient=maya, at=during) == place(later, maya)
    assert [row.session for row in queries.places_of(viewer=dana, patient=maya, start=START, end=END, at=during)] == [
        session
    ]


def test_the_roster_and_the_list_say_who_said_they_cannot_come(session, dana, maya, as_user):
    timetable.say_cannot_come(patient=maya, dates=[Dates(START.date(), START.date())], by=maya.user, at=START)
    browser = as_user(dana)

    page = browser.get(url("room", session)).content.decode()
    assert page.count("said they cannot come") == 2  # above the roster, and in Maya's row
    assert "would like a make-up" not in page
    assert "1 said they cannot come" in browser.get(url("list")).content.decode()
    timetable.answer_make_up(one_off=maya.one_offs.get(), wants=True, by=maya.user, at=START)
    assert "would like a make-up" in browser.get(url("room", session)).content.decode()
