"""A note signed under supervision is locked at once and waits for the named supervisor."""

from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.people import services as people
from hearth.sessions import services
from hearth.sessions.cosigning import head_of_queue, overdue_co_signatures, queue_of, stand, standing_of
from hearth.sessions.models import (
    Addendum,
    Attendance,
    ContactNote,
    CoSignature,
    CoSignatureAsked,
    ProgressNote,
    SentBack,
)
from hearth.sessions.note_paper import paper_of, pdf_of
from hearth.sessions.rules.cosigning import Course, State, covers, since, state
from hearth.sessions.rules.notes import Draft, Line
from hearth.sessions.testing import make_episode, make_session

START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
SIGNED = START + timedelta(hours=3, minutes=8)
LATER = SIGNED + timedelta(hours=1)
times = st.none() | st.integers(1, 9).map(lambda hours: START + timedelta(hours=hours))


@given(times, times, times)
def test_it_is_always_somebodys_turn_or_done(signed_at, sent_back_at, added_at):
    course = Course(START, signed_at, sent_back_at, added_at)
    assert since(course) >= START
    assert (state(course) is State.SIGNED) == (signed_at is not None and (added_at is None or added_at <= signed_at))
    if state(course) is State.SENT_BACK:
        assert sent_back_at
        assert added_at is None or added_at <= sent_back_at


@given(st.lists(st.tuples(st.text(), st.text()), max_size=3), st.tuples(st.text(), st.text()))
def test_a_co_signature_covers_exactly_what_stood_there(addenda, one_more):
    assert covers("a" * 64, addenda) == covers("a" * 64, list(addenda))
    assert covers("a" * 64, addenda) != covers("a" * 64, [*addenda, one_more])
    assert covers("a" * 64, addenda) != covers("b" * 64, addenda)


def to_co_sign(*, viewer, at, everyone=False):
    """Whatever waits or was sent back, as its supervisor sees it."""
    both = [queue_of(viewer=viewer, at=at, state=each, everyone=everyone) for each in (State.WAITING, State.SENT_BACK)]
    return [one for rows in both for one in stand(rows, viewer=viewer, at=at)]


def note_with(course, patient, author, supervisor):
    """A note of which all this happened."""
    contact = ContactNote.objects.create(
        patient=patient, kind="phone", author=author, happened_at=START, begun_at=START, saved_at=START
    )
    note = ProgressNote.objects.create(patient=patient, contact=contact, body={}, signed_by=author, signed_at=START)
    CoSignatureAsked.objects.create(note=note, supervisor=supervisor, at=course.asked_at)
    if course.signed_at:
        CoSignature.objects.create(note=note, by=supervisor, signed_as="Ruth", covers="x", at=course.signed_at)
    if course.sent_back_at:
        SentBack.objects.create(note=note, by=supervisor, comment="More.", at=course.sent_back_at)
    if course.added_at:
        Addendum.objects.create(note=note, text="More.", by=author, at=course.added_at)
    return note.pk


def test_the_database_says_whose_turn_it_is_as_the_rules_do(dana, ruth, maya):
    moments = [None, *(START + timedelta(hours=hours) for hours in (1, 2, 3))]
    every = [Course(START, *each) for each in product(moments, moments, moments)]
    courses = {note_with(course, maya, dana, ruth): course for course in every}
    later = START + timedelta(hours=74)
    for wanted in (State.WAITING, State.SENT_BACK):
        found = {note.pk: vars(note)["since"] for note in queue_of(viewer=ruth, at=later, state=wanted)}
        assert found == {pk: since(course) for pk, course in courses.items() if state(course) is wanted}
    unfinished = [since(course) for course in every if state(course) is not State.SIGNED]
    assert overdue_co_signatures(at=later) == sum(later - each >= timedelta(hours=72) for each in unfinished)
    head = head_of_queue(viewer=ruth, at=later)
    assert head.count == sum(state(course) is State.WAITING for course in every)
    assert head.first is not None
    assert head.first.urgency == "overdue"


@pytest.fixture
def sign(dana, maya, jonah):
    """`sign(dana)`: the group is held and its two notes are signed by `dana`."""

    def held(by, *, starts_at=START):
        for patient in (maya, jonah):
            if not patient.episodes.exists():
                make_episode(patient, by=dana, starts_on=date(2026, 10, 19))
        session = make_session(by, maya, jonah, starts_at=starts_at, topic="Early signs")
        for row in session.roster.all():
            services.mark(attendance=row, status=Attendance.Status.PRESENT, by=by, at=starts_at)
        services.end(session=session, by=by, at=starts_at + timedelta(hours=3))
        line = Line(text="Named three signs.", took_part=4, risk="none", goal=2, progress="same")
        draft = Draft(
            text="Mapped early signs.",
            interventions=("psychoeducation",),
            plan="Practise until Thursday.",
            lines={str(row.pk): line for row in session.roster.all()},
        )
        at = starts_at + timedelta(hours=3, minutes=8)
        services.save_group_note(session=session, draft=draft, by=by, at=at)
        return services.sign_group_note(session=session, by=by, at=at)

    return held


@pytest.fixture
def notes(sign, dana, ruth, walt):
    """Two notes of Dana's that wait for Ruth."""
    people.begin_supervision(clinician=dana, supervisor=ruth, first_on=date(2026, 11, 1), by=walt, at=START)
    return sign(dana)


def read_all(notes, by, at=LATER):
    for note in notes:
        services.mark_read(note=note.pk, by=by, at=at)


def state_of(note, *, at):
    standing = standing_of(ProgressNote.objects.get(pk=note.pk), at=at)
    assert standing is not None
    return standing.state


def pks(notes):
    return [note.pk for note in notes]


def test_without_a_supervisor_nothing_waits(sign, dana, ruth):
    notes = sign(dana)
    assert not CoSignatureAsked.objects.exists()
    assert standing_of(notes[0], at=LATER) is None
    assert to_co_sign(viewer=ruth, at=LATER, everyone=True) == []


def test_notes_under_supervision_wait_and_are_co_signed_together(notes, ruth, dana):
    assert {one.note.pk for one in to_co_sign(viewer=ruth, at=LATER)} == set(pks(notes))
    read_all(notes, ruth)
    made = services.co_sign(notes=pks(notes), by=ruth, at=LATER)
    assert [row.signed_as for row in made] == ["Ruth Okafor, PsyD"] * 2
    assert to_co_sign(viewer=ruth, at=LATER) == []
    assert state_of(notes[0], at=LATER) is State.SIGNED
    assert Event.objects.filter(verb="sessions.note_co_signed", actor_id=ruth.pk).count() == 2


def test_only_what_was_read_is_signed_all_or_none(notes, ruth):
    services.mark_read(note=notes[0].pk, by=ruth, at=LATER)
    with pytest.raises(services.NotRead) as refusal:
        services.co_sign(notes=pks(notes), by=ruth, at=LATER)
    assert refusal.value.notes == [notes[1]]
    assert not CoSignature.objects.exists()


def test_an_addendum_that_was_not_read_is_not_signed(notes, ruth, dana):
    read_all(notes, ruth)
    services.add_addendum(note=notes[0], text="Left ten minutes for a call.", by=dana, at=LATER)
    with pytest.raises(services.NotRead):
        services.co_sign(notes=pks(notes), by=ruth, at=LATER)


def test_sent_back_it_waits_for_an_addendum_and_the_note_stays_as_it_is(notes, ruth, dana):
    first, before = notes[0], notes[0].body
    services.mark_read(note=first.pk, by=ruth, at=LATER)
    services.send_back(note=first.pk, comment="Which goal did this touch?", by=ruth, at=LATER)
    with pytest.raises(services.NotWaiting):
        services.co_sign(notes=[first.pk], by=ruth, at=LATER)
    with pytest.raises(services.NotWaiting):
        services.send_back(note=first.pk, comment="Again", by=ruth, at=LATER)
    tomorrow = LATER + timedelta(days=1)
    services.add_addendum(note=first, text="It touched goal 2.", by=dana, at=tomorrow)
    services.mark_read(note=first.pk, by=ruth, at=tomorrow)
    services.co_sign(notes=[first.pk], by=ruth, at=tomorrow)
    first.refresh_from_db()
    assert first.body == before
    assert state_of(first, at=tomorrow) is State.SIGNED


def test_what_the_author_adds_afterwards_is_co_signed_too(notes, ruth, dana):
    read_all(notes, ruth)
    services.co_sign(notes=pks(notes), by=ruth, at=LATER)
    services.add_addendum(note=notes[0], text="Called the sister on Friday.", by=dana, at=LATER + timedelta(hours=1))
    assert [one.note for one in to_co_sign(viewer=ruth, at=LATER + timedelta(hours=2))] == [notes[0]]


def test_nothing_is_signed_twice(notes, ruth):
    read_all(notes, ruth)
    services.co_sign(notes=[notes[0].pk, notes[0].pk], by=ruth, at=LATER)
    with pytest.raises(services.NotWaiting):
        services.co_sign(notes=[notes[0].pk], by=ruth, at=LATER)
    row = CoSignature.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CoSignature.objects.create(note=row.note, by=ruth, signed_as="Ruth", covers=row.covers, at=LATER)
    for forbidden in (lambda: row.delete(), lambda: CoSignature.objects.update(signed_as="Somebody else")):
        with pytest.raises(ProgrammingError), transaction.atomic():
            forbidden()


def test_who_supervises_now_may_sign_what_was_asked_of_the_one_before(notes, ruth, dana, walt, organisation):
    uma = make_user("Uma Bell", Role.SUPERVISOR, organisation=organisation)
    assert to_co_sign(viewer=uma, at=LATER) == []
    people.begin_supervision(clinician=dana, supervisor=uma, first_on=LATER.date(), by=walt, at=LATER)
    assert len(to_co_sign(viewer=uma, at=LATER)) == 2


@pytest.mark.parametrize("who", ["dana", "theo", "ines", "walt", "priya"])
def test_nobody_else_co_signs(request, notes, who):
    reader = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        services.mark_read(note=notes[0].pk, by=reader, at=LATER)
    with pytest.raises(PermissionDenied):
        services.co_sign(notes=pks(notes), by=reader, at=LATER)
    with pytest.raises(PermissionDenied):
        services.send_back(note=notes[0].pk, comment="Hm", by=reader, at=LATER)


def test_the_paper_carries_addenda_and_co_signatures(notes, ruth, dana):
    first = notes[0]
    assert (
        "Waiting for the co-signature of Ruth Okafor"
        in paper_of(first, standing=standing_of(first, at=LATER))["signatures"]
    )
    services.add_addendum(note=first, text="Called his sister.", by=dana, at=LATER)
    services.mark_read(note=first.pk, by=ruth, at=LATER)
    services.co_sign(notes=[first.pk], by=ruth, at=LATER)
    paper = paper_of(first, standing=standing_of(first, at=LATER))
    assert paper["added"][0][0] == "Called his sister."
    assert any("Co-signed electronically by Ruth Okafor, PsyD" in line for line in paper["signatures"])
    assert [heading for heading, _ in paper["parts"]] == ["Data", "Assessment", "Plan"]
    assert pdf_of(paper).startswith(b"%PDF")
    assert pdf_of(paper) == pdf_of(paper)


# --- pages ---------------------------------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"sessions:{name}", args=[getattr(each, "pk", each) for each in args])


@pytest.fixture
def clock():
    with time_machine.travel(LATER, tick=False) as moved:
        yield moved


def test_reading_one_then_signing_leads_to_the_next(clock, notes, as_user, ruth):
    browser = as_user(ruth)
    assert browser.get(url("to-co-sign")).text.count("not read yet") == 2
    assert "Named three signs." in browser.get(url("co-sign", notes[0])).text
    assert browser.get(url("to-co-sign")).text.count("not read yet") == 1
    page = browser.post(url("co-sign", notes[0]))
    assert page.url == url("co-sign", notes[1])
    assert browser.post(page.url).url == url("co-sign", notes[1])  # not read: nothing is signed
    browser.get(page.url)
    assert browser.post(page.url).url == url("to-co-sign")
    assert CoSignature.objects.count() == 2


def test_ticked_notes_are_signed_together(clock, notes, as_user, ruth):
    browser = as_user(ruth)
    assert "Nothing was ticked" in browser.post(url("to-co-sign"), follow=True).text
    for note in notes:
        browser.get(url("co-sign", note))
    assert "2 notes co-signed" in browser.post(url("to-co-sign"), {"note": pks(notes)}, follow=True).text


def test_the_author_sees_what_is_asked_for_and_the_student_does_not(clock, notes, as_user, ruth, dana, maya):
    note = next(note for note in notes if note.patient == maya)
    browser = as_user(ruth)
    browser.get(url("co-sign", note))
    assert browser.post(url("co-sign", note), {"comment": " "}).status_code == 422
    browser.post(url("co-sign", note), {"comment": "Which goal did this touch?"})
    assert "Which goal did this touch?" in as_user(dana).get(url("progress-note", note)).text
    assert "Which goal did this touch?" in as_user(dana).get(url("notes")).text
    assert "Which goal" not in as_user(maya.user).get(url("progress-note", note)).text


def test_the_doors_of_the_pages(clock, notes, as_user, client, dana, theo, walt, ruth, maya, priya):
    note = next(note for note in notes if note.patient == maya)
    assert as_user(ruth).get(url("note-on-paper", note))["Content-Type"] == "application/pdf"
    assert as_user(dana).get(url("note-on-paper", note)).status_code == 200
    assert as_user(theo).get(url("note-on-paper", note)).status_code == 403
    assert as_user(theo).get(url("co-sign", note)).status_code == 403
    assert "Maya" not in as_user(theo).get(url("to-co-sign")).text
    assert "Maya" not in as_user(theo).get(url("to-co-sign") + "?whose=all").text
    assert "Ruth Okafor" in as_user(walt).get(url("to-co-sign")).text
    for stranger in (maya.user, priya):
        assert as_user(stranger).get(url("to-co-sign")).status_code == 403
        assert as_user(stranger).get(url("co-sign", note)).status_code == 403
    client.logout()
    assert client.get(url("co-sign", note)).status_code == 302


def test_what_was_sent_back_is_listed_in_pages(clock, as_user, ruth, dana, maya):
    for _each in range(26):
        note_with(Course(START, None, SIGNED, None), maya, dana, ruth)
    assert "1 to 25 of 26" in as_user(ruth).get(url("to-co-sign")).text
    further = as_user(ruth).get(url("to-co-sign") + "?sent-back=2").text
    assert "26 to 26 of 26" in further
    assert "?sent-back=1" in further


def test_the_lists_ask_the_same_number_of_questions_however_long(
    clock, sign, notes, as_user, ruth, dana, count_queries
):
    pages = [url("to-co-sign"), url("to-co-sign") + "?whose=all&order=name", url("notes")]
    few = [count_queries(as_user(ruth), page) for page in pages]
    for weeks in (1, 2):
        sign(dana, starts_at=START - timedelta(weeks=weeks))
    assert [count_queries(as_user(ruth), page) for page in pages] == few
