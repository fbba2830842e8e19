"""One signature, a note for each student present, locked, naming nobody else."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction

from hearth.audit.models import Event
from hearth.consent.models import Consent
from hearth.people.models import Licence, Modality
from hearth.people.testing import make_patient
from hearth.safety.models import Concern
from hearth.sessions import services
from hearth.sessions.models import Addendum, Attendance, GroupNote, ProgressNote
from hearth.sessions.rules.notes import Draft, Lack, Line, digest
from hearth.sessions.testing import make_episode, make_session
from hearth.timetable.models import Kind

Status = Attendance.Status
START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
END = START + timedelta(hours=3)
LATER = END + timedelta(minutes=8)


@pytest.fixture
def tomas(organisation, now):
    return make_patient("Tomás", "López", at=now)


@pytest.fixture
def session(dana, maya, jonah, tomas):
    """Over: Maya by video all the time, Jonah late, Tomás absent."""
    for patient in (maya, jonah, tomas):
        make_episode(patient, by=dana, starts_on=date(2026, 10, 19))
    session = make_session(dana, maya, jonah, tomas, starts_at=START, topic="Spotting the early signs")
    session.roster.filter(patient=maya).update(modality=Modality.VIRTUAL)
    services.check_in(attendance=session.roster.get(patient=maya), by=maya.user, at=START, mood=4)
    services.mark(
        attendance=session.roster.get(patient=jonah), status=Status.LATE, by=dana, at=START + timedelta(minutes=47)
    )
    return services.end(session=session, by=dana, at=END - timedelta(minutes=2))


@pytest.fixture
def rows(session):
    return {row.patient.chosen_name: str(row.pk) for row in session.roster.select_related("patient")}


def draft(rows, *, text="Mapped early warning signs and built a three-step response.", **lines):
    ready = {
        "Maya": Line(
            text="Named three signs.",
            took_part=4,
            risk="none",
            goal=2,
            progress="forward",
            plan="Calls her sister.",
            location="At home, Denver",
        ),
        "Jonah": Line(text="Quiet; said mornings are the sign.", took_part=2, risk="none", goal=1, progress="same"),
    }
    return Draft(
        text=text,
        interventions=("psychoeducation", "role-play"),
        plan="Practise the three steps until Thursday.",
        lines={rows[name]: line for name, line in (ready | lines).items()},
    )


def save_and_sign(session, note, by):
    services.save_group_note(session=session, draft=note, by=by, at=LATER)
    return services.sign_group_note(session=session, by=by, at=LATER)


def test_signing_makes_one_note_for_each_student_present(session, rows, dana, maya, jonah, tomas):
    made = save_and_sign(session, draft(rows), dana)
    assert {note.patient for note in made} == {maya, jonah}
    assert not ProgressNote.objects.filter(patient=tomas).exists()


def test_a_note_has_what_payers_ask_and_only_its_own_student(session, rows, dana, maya):
    Licence.objects.create(
        holder=dana, state="CO", discipline="LPC", number="0099", during=(date(2020, 1, 1), date(2028, 1, 1))
    )
    Consent.objects.create(
        patient=maya,
        kind="telehealth",
        version="1",
        text="…",
        signer=maya.user,
        signed_name="Maya Reyes",
        signed_at=START - timedelta(days=30),
    )
    save_and_sign(session, draft(rows), dana)
    note = ProgressNote.objects.get(patient=maya)
    assert note.body == {
        "date": "2026-11-24",
        "start": "17:30",
        "stop": "20:28",
        "time_zone": "America/Denver",
        "kind": "group",
        "session": "Evening group",
        "topic": "Spotting the early signs",
        "lesson": "",
        "clinician": "Dana Kim",
        "credentials": "LPC",
        "licences": ["LPC CO 0099"],
        "attendees": 2,
        "interventions": ["psychoeducation", "role-play"],
        "said_for_all": "Mapped early warning signs and built a three-step response.",
        "process": "",
        "format": "dap",
        "minutes": 178,
        "attendance": "present",
        "modality": "virtual",
        "location": "At home, Denver",
        "identity": "signed_in",
        "telehealth_consent": "2026-10-25",
        "diagnoses": [{"text": "Alcohol use disorder, moderate", "code": "F10.20"}],
        "goal": {"number": 2, "words": "Evenings without drinking"},
        "progress": "forward",
        "took_part": 4,
        "response": "Named three signs.",
        "mood_in": 4,
        "mood_out": None,
        "risk": "none",
        "risk_text": "",
        "plan": "Calls her sister.",
    }
    assert note.digest == digest(note.body)
    assert "Jonah" not in str(note.body)


@pytest.mark.parametrize(
    ("source", "identity"),
    [("own", "signed_in"), ("waiting", "signed_in"), ("video", "signed_in"), ("staff", "seen_by_clinician")],
)
def test_who_came_by_their_own_sign_in_is_known_by_it(session, rows, dana, maya, source, identity):
    session.roster.get(patient=maya).presences.update(source=source)
    save_and_sign(session, draft(rows), dana)
    assert ProgressNote.objects.get(patient=maya).body["identity"] == identity


def test_a_plan_said_for_all_stands_in_for_a_line_without_one(session, rows, dana, jonah):
    save_and_sign(session, draft(rows), dana)
    body = ProgressNote.objects.get(patient=jonah).body
    assert body["plan"] == "Practise the three steps until Thursday."
    assert (body["attendance"], body["minutes"]) == ("late", 131)
    assert "location" not in body


def test_what_is_missing_is_named_and_nothing_is_signed(session, rows, dana):
    note = draft(rows, Jonah=Line(text="Quiet.", took_part=2, goal=1, progress="same"))
    with pytest.raises(services.NotComplete) as refusal:
        save_and_sign(session, note, dana)
    assert [(each.what, each.of) for each in refusal.value.missing] == [(Lack.RISK, rows["Jonah"])]
    assert not ProgressNote.objects.exists()


@pytest.mark.parametrize(
    ("text", "line", "where", "names"),
    [
        ("Jonah led the role-play.", "Named three signs.", "", ["Jonah"]),
        ("Mapped signs.", "Laughed with Jonah Park about it.", "Maya", ["Jonah", "Park"]),
        ("Mapped signs.", "Missed TOMAS today.", "Maya", ["TOMAS"]),
    ],
)
def test_a_note_that_names_another_member_is_refused(session, rows, dana, text, line, where, names):
    own = Line(text=line, took_part=4, risk="none", goal=2, progress="same", location="At home")
    with pytest.raises(services.NamesOthers) as refusal:
        save_and_sign(session, draft(rows, text=text, Maya=own), dana)
    assert list(refusal.value.found) == [rows.get(where, "")]
    assert set(refusal.value.found[rows.get(where, "")]) <= {*names, "Jonah Park"}
    assert not ProgressNote.objects.exists()
    assert GroupNote.objects.get().text == text  # what was typed is kept


def test_signed_notes_are_locked(session, rows, dana, maya):
    save_and_sign(session, draft(rows), dana)
    with pytest.raises(services.NoteLocked):
        services.save_group_note(session=session, draft=draft(rows), by=dana, at=LATER)
    with pytest.raises(services.NoteLocked):
        services.sign_group_note(session=session, by=dana, at=LATER)
    with pytest.raises(services.NoteLocked):
        services.mark(attendance=session.roster.get(patient=maya), status=Status.ABSENT, by=dana, at=LATER, reason="x")


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_itself_refuses_to_change_a_note_or_an_addendum(session, rows, dana, maya, deed):
    save_and_sign(session, draft(rows), dana)
    note = ProgressNote.objects.get(patient=maya)
    services.add_addendum(note=note, text="She called the next day.", by=dana, at=LATER)
    for model in (ProgressNote, Addendum):
        rows_of = model.objects.all()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rows_of.update(organisation=session.organisation_id) if deed == "update" else rows_of._raw_delete("default")


def test_an_addendum_names_nobody_else_and_is_never_empty(session, rows, dana, maya):
    save_and_sign(session, draft(rows), dana)
    note = ProgressNote.objects.get(patient=maya)
    with pytest.raises(services.NamesOthers):
        services.add_addendum(note=note, text="It was Jonah's idea.", by=dana, at=LATER)
    with pytest.raises(ValueError, match="words"):
        services.add_addendum(note=note, text="  ", by=dana, at=LATER)
    services.add_addendum(note=note, text="Maya called the next day.", by=dana, at=LATER)
    assert [each.text for each in note.addenda.all()] == ["Maya called the next day."]


def test_a_new_risk_raises_a_concern_with_the_signature(session, rows, dana, jonah):
    line = Line(
        text="Quiet.",
        took_part=2,
        goal=1,
        progress="back",
        risk="new",
        risk_text="Said he has thought of not waking up.",
    )
    save_and_sign(session, draft(rows, Jonah=line), dana)
    concern = Concern.objects.get(patient=jonah)
    assert (concern.severity, concern.summary) == ("urgent", "Said he has thought of not waking up.")
    assert concern.source_id == ProgressNote.objects.get(patient=jonah).pk


def test_only_who_led_the_session_writes_and_signs(session, rows, ruth, theo, maya):
    for other in (ruth, theo, maya.user):
        with pytest.raises(PermissionDenied):
            services.save_group_note(session=session, draft=draft(rows), by=other, at=LATER)


def test_a_stranger_adds_nothing(session, rows, dana, theo, maya):
    save_and_sign(session, draft(rows), dana)
    for stranger in (theo, maya.user):
        with pytest.raises(PermissionDenied):
            services.add_addendum(
                note=ProgressNote.objects.get(patient=maya), text="I was not there.", by=stranger, at=LATER
            )


def test_an_individual_session_is_a_roster_of_one(dana, maya):
    make_episode(maya, by=dana, starts_on=date(2026, 10, 19))
    session = make_session(
        dana, maya, starts_at=START, kind=Kind.INDIVIDUAL, name="Individual", ends_at=START + timedelta(hours=1)
    )
    row = session.roster.get()
    services.mark(attendance=row, status=Status.PRESENT, by=dana, at=START)
    services.end(session=session, by=dana, at=END)
    line = Line(text="Spoke about Tuesday.", took_part=5, risk="none", goal=1, progress="forward", plan="Two walks.")
    note = Draft(interventions=("motivational-interviewing",), lines={str(row.pk): line})
    assert save_and_sign(session, note, dana)[0].body["attendees"] == 1


def test_each_note_is_in_the_record_with_its_student(session, rows, dana, maya):
    save_and_sign(session, draft(rows), dana)
    assert Event.objects.filter(verb="sessions.note_signed", patient_id=maya.pk).count() == 1
