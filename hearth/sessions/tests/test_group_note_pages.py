"""The group note's page: proposals, versions, two writers, formats and the printed note."""

import json
import re
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.people.testing import make_patient
from hearth.sessions import services
from hearth.sessions.models import Attendance, GroupNote, ProgressNote
from hearth.sessions.note_layout import blocks_of
from hearth.sessions.testing import make_episode, make_section, make_session
from hearth.skills.models import Assignment, Practice

Status = Attendance.Status
HTMX = {"HX-Request": "true"}
START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
END = START + timedelta(hours=3)
PROPOSED = (
    "In person for 133 of 180 minutes. Came 47 minutes late. Rated their mood 4 on arriving and 7 on leaving, 0 to 10. "
    "Practised what was assigned: “Ride the wave”. Practised 2 times since November 19."
)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(END + timedelta(minutes=5), tick=False) as moved:
        yield moved


@pytest.fixture
def session(dana, theo, maya):
    """Over; Dana and Theo led it. Maya came late, and had practised since Thursday's session."""
    make_episode(maya, by=dana, starts_on=date(2026, 10, 19))
    before = make_session(dana, maya, starts_at=START - timedelta(days=5))
    services.mark(attendance=before.roster.get(), status=Status.PRESENT, by=dana, at=START - timedelta(days=5))
    for days in (1, 2, 8):
        Practice.objects.create(patient=maya, lesson="ride-the-wave", practised_at=START - timedelta(days=days))
    Assignment.objects.create(
        patient=maya,
        lesson="ride-the-wave",
        due_on=date(2026, 11, 24),
        assigned_by=dana,
        assigned_at=START - timedelta(days=4),
        done_at=START - timedelta(days=1),
    )
    found = make_session(dana, maya, starts_at=START, topic="Early signs", co_facilitator=theo)
    services.mark(
        attendance=found.roster.get(),
        status=Status.LATE,
        by=dana,
        at=START + timedelta(minutes=47),
        mood_in=4,
        mood_out=7,
    )
    return services.end(session=found, by=dana, at=END)


@pytest.fixture
def row(session):
    return str(session.roster.get().pk)


def url(name, *args):
    return reverse(f"sessions:{name}", args=[getattr(each, "pk", each) for each in args])


def typed(row, **changes):
    own = {"text": PROPOSED, "proposed": PROPOSED, "took_part": "4", "risk": "none", "goal": "2", "progress": "same"}
    data = {"text": "Mapped early signs.", "interventions": ["role-play"], "plan": "Practise.", "base": "0"}
    return data | {f"{row}-{name}": value for name, value in (own | changes).items()}


def told(page):
    """What a part of the page tells the script of the draft."""
    found = {name: unescape(value) for name, value in re.findall(r'data-(version|values|beside)="([^"]*)"', page)}
    return int(found["version"]), json.loads(found["values"]), json.loads(found["beside"])


def test_a_line_is_proposed_from_what_is_known_and_from_nothing_else(session, row, as_user, dana):
    page = as_user(dana).get(url("note", session)).text
    assert told(page)[1][f"{row}-text"] == PROPOSED
    assert "Keep as proposed" in page


def test_a_proposal_counts_once_it_is_kept_or_changed(session, row, as_user, dana):
    browser = as_user(dana)
    part = browser.post(url("note", session), typed(row), headers=HTMX).text
    assert "own line: keep it or write" in part
    assert GroupNote.objects.get().lines[row]["text"] == ""
    part = browser.post(url("note", session), typed(row, keep="on"), headers=HTMX).text
    assert "Ready to sign" in part
    assert GroupNote.objects.get().lines[row]["text"] == PROPOSED


def test_an_untouched_proposal_follows_what_becomes_known(session, row, as_user, dana):
    part = as_user(dana).post(url("note", session), typed(row), headers=HTMX).text
    _, values, _ = told(part)
    assert values[f"{row}-text"] == values[f"{row}-proposed"]
    assert "Took part: 4 of 5." in values[f"{row}-text"]
    assert "Goal “Evenings without drinking”: as before." in values[f"{row}-text"]


def test_what_is_said_for_all_is_proposed_from_the_curriculum_and_counts_once_kept(session, row, as_user, dana):
    services.hand_out(session=session, lesson="ride-the-wave", by=dana, at=END)
    browser = as_user(dana)
    values = told(browser.get(url("note", session)).text)[1]
    assert values["text"].startswith("Handed out: “Ride the wave”. Planned for today: Arrive and check in; ")
    assert values["plan"] == values["plan_proposed"] == "Practise “Ride the wave”."
    sent = typed(row, keep="on") | {each: values[each] for each in ("text", "text_proposed", "plan", "plan_proposed")}
    part = browser.post(url("note", session), sent, headers=HTMX).text
    assert "what was done, for all" in part
    assert "what comes next is missing" in part
    note = GroupNote.objects.get()
    assert (note.text, note.plan) == ("", "")
    kept = sent | {"text_keep": "on", "plan_keep": "on", "base": str(note.version)}
    assert "Ready to sign" in browser.post(url("note", session), kept, headers=HTMX).text
    note.refresh_from_db()
    assert (note.text, note.plan) == (values["text"], values["plan"])


def test_the_next_meeting_is_proposed_as_what_comes_next(session, as_user, dana, maya):
    section = make_section(dana, maya, since=date(2026, 10, 19))
    session.section = section
    session.save()
    make_session(dana, maya, starts_at=START + timedelta(days=7), section=section)
    values = told(as_user(dana).get(url("note", session)).text)[1]
    assert values["plan"] == "Next session: Tuesday, 1 December, 17:30."


def test_two_who_write_at_once_see_each_others_words_and_choose(session, row, as_user, dana, theo):
    as_user(dana).post(url("note", session), typed(row, text="Dana's line."), headers=HTMX)
    other = as_user(theo)
    part = other.post(url("note", session), typed(row, text="Theo's line."), headers=HTMX).text
    version, values, beside = told(part)
    assert (version, values[f"{row}-text"], beside) == (2, "Dana's line.", [f"{row}-text"])
    assert "two of you wrote here at the same time" in part
    assert "Theo&#x27;s line." in part
    refused = other.post(url("note", session), typed(row, text="Dana's line.") | {"base": "2"})
    assert refused.status_code == 422
    assert "choose between two texts" in refused.text
    choice = {"choose": f"{row}-text:both", "base": "2"}
    assert other.post(url("note", session), typed(row, text="Dana's line.") | choice).status_code == 302
    assert GroupNote.objects.get().lines[row]["text"] == "Dana's line.\nTheo's line."
    assert other.post(url("note", session), typed(row) | {"choose": "text:both", "base": "3"}).status_code == 404


@pytest.mark.parametrize(("base", "bases"), [("", "{}"), ("x", "[1]"), ("1", "no json"), ("99", '{"text": "1"}')])
def test_versions_that_make_no_sense_are_no_trouble(session, row, as_user, dana, base, bases):
    data = typed(row) | {"base": base, "bases": bases}
    assert as_user(dana).post(url("note", session), data, headers=HTMX).status_code == 200


def test_an_open_page_asks_for_what_a_colleague_wrote(session, row, as_user, dana, theo, ruth, maya):
    as_user(dana).post(url("note", session), typed(row, text="Dana's line."), headers=HTMX)
    for reader in (theo, ruth):
        part = as_user(reader).get(url("note-state", session), headers=HTMX).text
        assert told(part)[1][f"{row}-text"] == "Dana's line."
        assert as_user(reader).get(url("note-told", session)).status_code == 204  # no streams on this server
    for name in ("note-state", "note-told", "note-versions"):
        assert as_user(maya.user).get(url(name, session)).status_code == 403


def test_every_version_is_shown_with_its_writer(session, row, as_user, dana, theo):
    as_user(dana).post(url("note", session), typed(row, text="Dana's line."), headers=HTMX)
    as_user(theo).post(url("note", session), typed(row, text="Theo's line.") | {"base": "1"}, headers=HTMX)
    page = as_user(theo).get(url("note-versions", session)).text
    for words in ("<b>Dana Kim</b>", "<b>Theo Brandt</b>", "<del>Dana&#x27;s line.</del>", "Maya R., In the note"):
        assert words in page


def test_a_stranger_sees_no_version(session, row, as_user, organisation):
    stranger = make_user("Sam Field", Role.COUNSELOR, organisation=organisation)
    for name in ("note", "note-state", "note-told", "note-versions"):
        assert as_user(stranger).get(url(name, session)).status_code == 403


@pytest.fixture
def note(session, row, as_user, dana):
    assert as_user(dana).post(url("note", session), typed(row, text="Named three signs.")).status_code == 302
    return ProgressNote.objects.get()


def test_a_signed_note_is_laid_out_as_the_program_says_on_the_page_and_in_the_chart(note, as_user, dana, maya):
    assert note.body["format"] == "dap"
    page = as_user(dana).get(url("progress-note", note)).text
    assert re.findall(r"<h3>(\w+)</h3>", page) == ["Data", "Assessment", "Plan"]
    assert "As before" in page
    chart = as_user(dana).get(url("notes-of-patient", maya)).text
    assert re.findall(r"<h3>(\w+)</h3>", chart) == ["Data", "Assessment", "Plan"]


def test_a_note_of_a_time_without_formats_is_read_as_it_was(note, as_user, dana):
    old = {key: value for key, value in note.body.items() if key not in ("format", "process", "progress")}
    before = ProgressNote(body=old)
    (block,) = blocks_of(before.body)
    assert block.heading == ""
    assert "Named three signs." in [part.words for part in block.parts]


def test_the_page_asks_the_same_number_of_queries_for_one_and_for_many(session, as_user, dana, now):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url("note", session)).status_code == 200
        return len(asked)

    browser = as_user(dana)
    queries()
    one = queries()
    for name in ("Ben", "Cleo", "Dev", "Esi"):
        patient = make_patient(name, "Ito", at=now)
        make_episode(patient, by=dana, starts_on=date(2026, 10, 19))
        session.roster.create(patient=patient, modality="in_person", status="present", minutes=180)
    assert queries() == one
