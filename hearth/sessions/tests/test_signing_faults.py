"""When the database dies while signing, two tabs sign at once, or Sign is pressed twice: all notes once, or none."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError, connections

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.lib import tenancy
from hearth.people.testing import make_patient
from hearth.safety.models import Concern
from hearth.sessions import services
from hearth.sessions.models import Attendance, GroupNote, ProgressNote, Session
from hearth.sessions.rules.notes import Draft, Line
from hearth.sessions.testing import make_episode, make_session

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
LATER = START + timedelta(hours=3, minutes=5)
NAMES = ("Maya", "Jonah", "Amina", "Tomás")


@pytest.fixture
def led(stored_organisation):
    """Dana, and her group of four with a draft that is ready, one line with a new risk."""
    with tenancy.within(stored_organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, title="LPC", organisation=stored_organisation)
        people = [make_patient(name, "Reyes", at=START) for name in NAMES]
        for patient in people:
            make_episode(patient, by=dana, starts_on=date(2026, 10, 19))
        session = make_session(dana, *people, starts_at=START, topic="Early signs")
        for row in session.roster.all():
            services.mark(attendance=row, status=Attendance.Status.PRESENT, by=dana, at=START)
        services.end(session=session, by=dana, at=START + timedelta(hours=3))
        line = Line(text="Named three signs.", took_part=4, risk="new", risk_text="Said so.", goal=1, progress="same")
        draft = Draft("Mapped signs.", ("role-play",), "", "Practise.", {str(r.pk): line for r in session.roster.all()})
        services.save_group_note(session=session, draft=draft, by=dana, at=LATER)
    return stored_organisation, dana, session


def sign(led) -> str:
    organisation, dana, session = led
    try:
        with tenancy.within(organisation.pk):
            services.sign_group_note(session=Session.objects.get(pk=session.pk), by=dana, at=LATER)
    except services.NoteLocked:
        return "locked"
    finally:
        connections["default"].close()
    return "signed"


def stored(led) -> tuple[int, int, int, bool]:
    """How many notes, concerns and deeds of signing there are, and whether the group note is signed."""
    with tenancy.within(led[0].pk):
        deeds = Event.objects.filter(verb__in=("sessions.note_signed", "sessions.notes_signed")).count()
        is_signed = GroupNote.objects.get().signed_at is not None
        return ProgressNote.objects.count(), Concern.objects.count(), deeds, is_signed


@contextmanager
def the_server_dies_at_note(number: int) -> Iterator[None]:
    """PostgreSQL ends the backend that writes this many notes, in the middle of its transaction."""
    with connections["owner"].cursor() as owner:
        owner.execute(
            f"""
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (SELECT count(*) FROM care_sessions_progressnote) >= {number} THEN
                    PERFORM pg_terminate_backend(pg_backend_pid());
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER die AFTER INSERT ON care_sessions_progressnote FOR EACH ROW EXECUTE FUNCTION die();
            """  # noqa: S608 - a number of ours
        )
    try:
        yield
    finally:
        with connections["owner"].cursor() as owner:
            owner.execute("DROP TRIGGER die ON care_sessions_progressnote; DROP FUNCTION die();")


@pytest.mark.parametrize("number", [1, 3, 4])
def test_a_database_that_dies_while_signing_leaves_none_and_signing_again_makes_all(led, number):
    with the_server_dies_at_note(number), pytest.raises(OperationalError):
        sign(led)
    assert stored(led) == (0, 0, 0, False)
    assert sign(led) == "signed"
    assert stored(led) == (4, 4, 5, True)


def test_two_tabs_that_sign_at_once_make_one_set_of_notes(led):
    together = Barrier(3)

    def tab() -> str:
        together.wait()
        return sign(led)

    with ThreadPoolExecutor(3) as tabs:
        answers = [each.result() for each in [tabs.submit(tab) for _ in range(3)]]
    assert sorted(answers) == ["locked", "locked", "signed"]
    assert stored(led) == (4, 4, 5, True)


def test_a_second_tap_on_sign_leads_to_the_signed_notes(led, as_user):
    organisation, dana, session = led
    browser = as_user(dana)
    with tenancy.within(organisation.pk):
        ids = [str(row.pk) for row in session.roster.all()]
    form = {"text": "Mapped signs.", "interventions": ["role-play"], "plan": "Practise.", "base": "1"}
    own = {"text": "Named three signs.", "took_part": "4", "risk": "none", "goal": "1", "progress": "same"}
    form |= {f"{pk}-{name}": value for pk in ids for name, value in own.items()}
    first, second = (browser.post(f"/sessions/{session.pk}/note/", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 200)
    assert "signed and locked" in second.text
    assert stored(led)[0] == 4


def test_two_who_save_at_once_both_stay(led):
    """Dana writes the plan and what was done in two tabs at the same moment."""
    organisation, dana, session = led
    together = Barrier(2)

    def tab(**fields) -> None:
        with tenancy.within(organisation.pk):
            draft = Draft(**({"text": "Mapped signs.", "interventions": ("role-play",), "plan": "Practise."} | fields))
            found = Session.objects.get(pk=session.pk)
            together.wait()
            services.save_group_note(session=found, draft=draft, base=1, by=dana, at=LATER)
        connections["default"].close()

    with ThreadPoolExecutor(2) as tabs:
        for each in [tabs.submit(tab, text="Mapped three signs."), tabs.submit(tab, plan="Practise daily.")]:
            each.result()
    with tenancy.within(organisation.pk):
        note = GroupNote.objects.get()
        assert (note.text, note.plan, note.beside, note.version) == ("Mapped three signs.", "Practise daily.", {}, 3)
