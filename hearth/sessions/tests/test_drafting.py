"""The draft of a group note: versions, two who lead writing at once, and choosing between two texts."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction

from hearth.program.rules import NOTE_FORMATS
from hearth.sessions import services
from hearth.sessions.models import Attendance, GroupNote, GroupNoteVersion
from hearth.sessions.rules.formats import FORMATS
from hearth.sessions.rules.notes import Draft, Lack, Line
from hearth.sessions.testing import make_episode, make_session

Status = Attendance.Status
START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
LATER = START + timedelta(hours=3, minutes=5)


@pytest.fixture
def session(dana, theo, maya):
    """Over; Dana and Theo led it, Maya was there."""
    make_episode(maya, by=dana, starts_on=date(2026, 10, 19))
    session = make_session(dana, maya, starts_at=START, topic="Early signs", co_facilitator=theo)
    services.mark(attendance=session.roster.get(), status=Status.PRESENT, by=dana, at=START)
    return services.end(session=session, by=dana, at=START + timedelta(hours=3))


@pytest.fixture
def row(session):
    return str(session.roster.get().pk)


def save(session, by, *, base=None, bases=None, **fields):
    draft = Draft(**{"text": "Mapped signs."} | fields)
    return services.save_group_note(session=session, draft=draft, base=base, bases=bases, by=by, at=LATER)


def test_each_saving_is_a_version_with_its_writer(session, row, dana, theo):
    save(session, dana)
    note = save(session, theo, base=1, text="Mapped signs.", lines={row: Line(text="Named three.")})
    found = [(each.number, each.by, each.changes) for each in note.versions.order_by("number")]
    assert found == [
        (1, dana, {"text": ["", "Mapped signs."]}),
        (2, theo, {f"{row}-text": [None, "Named three."]}),
    ]


def test_saving_what_is_there_makes_no_version(session, dana):
    save(session, dana)
    assert save(session, dana).version == 1


def test_versions_cannot_be_changed_or_deleted(session, dana):
    save(session, dana)
    rows = GroupNoteVersion.objects.all()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows.update(number=2)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows._raw_delete("default")


def test_what_two_write_in_different_places_comes_together(session, row, dana, theo):
    save(session, dana, text="A")
    save(session, dana, text="A", plan="Practise.", base=1)
    note = save(session, theo, text="B", lines={row: Line(took_part=4)}, base=1)
    assert (note.text, note.plan, note.lines[row]["took_part"], note.beside) == ("B", "Practise.", 4, {})


def test_two_texts_in_one_place_are_both_kept_until_one_is_chosen(session, dana, theo):
    save(session, dana, text="A")
    save(session, dana, text="Dana's", base=1)
    note = save(session, theo, text="Theo's", base=1)
    assert note.text == "Dana's"
    assert [(each["value"], each["name"]) for each in note.beside["text"]] == [("Theo's", "Theo Brandt")]
    with pytest.raises(services.NotComplete) as refusal:
        services.sign_group_note(session=session, by=dana, at=LATER)
    assert Lack.TWO_TEXTS in [each.what for each in refusal.value.missing]
    note = services.choose_text(session=session, field="text", choice=str(theo.pk), by=dana, at=LATER)
    assert (note.text, note.beside) == ("Theo's", {})
    assert note.versions.get(number=3).beside == {"text": "Theo's"}


def test_who_writes_on_beside_a_colleagues_text_keeps_the_newest_of_their_own(session, dana, theo):
    save(session, dana, text="A")
    save(session, dana, text="Dana's", base=1)
    save(session, theo, text="Theo", base=1)
    note = save(session, theo, text="Theo's whole text", base=3, bases={"text": 1})
    assert [each["value"] for each in note.beside["text"]] == ["Theo's whole text"]
    note = save(session, theo, text="Dana's", base=3, bases={"text": 1})
    assert note.text == "Dana's"


@pytest.mark.parametrize(("choice", "text"), [("stored", "Dana's"), ("both", "Dana's\nTheo's")])
def test_the_text_in_the_note_may_stay_or_take_the_other_below_it(session, dana, theo, choice, text):
    save(session, dana, text="A")
    save(session, dana, text="Dana's", base=1)
    save(session, theo, text="Theo's", base=1)
    note = services.choose_text(session=session, field="text", choice=choice, by=theo, at=LATER)
    assert (note.text, note.beside) == (text, {})


def test_only_what_waits_can_be_chosen_and_two_marks_cannot_stand_together(session, row, dana, theo):
    save(session, dana)
    save(session, dana, lines={row: Line(took_part=2)}, base=1)
    save(session, theo, lines={row: Line(took_part=4)}, base=1)
    for field, choice in (("text", "stored"), (f"{row}-took_part", "both"), (f"{row}-took_part", "nobody")):
        with pytest.raises(LookupError):
            services.choose_text(session=session, field=field, choice=choice, by=dana, at=LATER)
    note = services.choose_text(session=session, field=f"{row}-took_part", choice=str(theo.pk), by=dana, at=LATER)
    assert note.lines[row]["took_part"] == 4


def test_a_stranger_saves_and_chooses_nothing(session, dana, ruth, maya):
    save(session, dana)
    for stranger in (ruth, maya.user):
        with pytest.raises(PermissionDenied):
            save(session, stranger)
        with pytest.raises(PermissionDenied):
            services.choose_text(session=session, field="text", choice="stored", by=stranger, at=LATER)


def test_a_signed_note_takes_nothing_more(session, row, dana, theo):
    line = Line(text="Named three.", took_part=4, risk="none", goal=1, progress="same", plan="Practise.")
    save(session, dana, interventions=("role-play",), lines={row: line})
    services.sign_group_note(session=session, by=theo, at=LATER)
    with pytest.raises(services.NoteLocked):
        save(session, dana, text="Changed.")
    with pytest.raises(services.NoteLocked):
        services.mark_took_part(attendance=session.roster.get(), much=1, by=dana, at=LATER)
    assert GroupNote.objects.get().text == "Mapped signs."


def test_packs_may_choose_every_format_there_is():
    assert set(NOTE_FORMATS) == set(FORMATS)
