"""Psychotherapy and SUD counseling notes: the author's alone, sealed, and in nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

import hearth
from hearth.accounts.models import User
from hearth.accounts.testing import make_organisation
from hearth.audit.models import Event
from hearth.lib import sealed, tenancy
from hearth.people.models import Patient
from hearth.sessions import services
from hearth.sessions.models import PrivateNote, PrivateNoteRelease
from hearth.sessions.private_notes import Kind, keys, own_notes, released_notes, unseal

WORDS = "She looks away whenever her brother is named."


@pytest.fixture(autouse=True)
def key_files(settings, tmp_path):
    settings.HEARTH_KEY_DIR = tmp_path


@pytest.fixture
def note(dana, maya, now):
    return keep(dana, maya, now)


def keep(by, patient, at, **fields):
    facts = {"kind": Kind.PSYCHOTHERAPY, "text": WORDS} | fields
    return services.keep_private_note(patient=patient.pk, by=by, at=at, **facts)


def left(user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    return user


def release(maya, dana, ruth, priya, at, **changes):
    facts = {"author": dana, "reader": ruth, "ground": "danger", "reason": "A threat was reported.", "by": priya}
    facts |= changes
    return services.release_private_notes(patient=maya, at=at, **facts)


def url(name, row):
    return reverse(f"sessions:{name}", args=[row.pk])


# --- the store -----------------------------------------------------------------------------------------------


def test_the_author_reads_it_again_and_changes_it(note, dana, maya, now):
    assert [one.text for one in own_notes(viewer=dana, patient=maya, at=now)] == [WORDS]
    later = now + timedelta(hours=1)
    keep(dana, maya, later, note=note.pk, text="Another thought.", kind=Kind.SUD_COUNSELING)
    (one,) = own_notes(viewer=dana, patient=maya, at=later)
    assert (one.text, one.kind, one.written_at, one.changed_at) == ("Another thought.", Kind.SUD_COUNSELING, now, later)


def test_postgresql_shows_it_to_nobody_who_is_not_its_author(note, dana, theo):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM care_sessions_privatenote")
        assert cursor.fetchone() == (0,)
    assert not PrivateNote.objects.exists()
    with tenancy.rows_of(theo.pk):
        assert not PrivateNote.objects.exists()
    with tenancy.rows_of(dana.pk):
        assert PrivateNote.objects.get() == note
    with tenancy.within(make_organisation(slug="elsewhere", name="Elsewhere").pk), tenancy.rows_of(dana.pk):
        assert not PrivateNote.objects.exists()


def test_nobody_writes_into_anothers_store(note, dana, theo, now):
    with pytest.raises(Exception, match="row-level security"), transaction.atomic(), tenancy.rows_of(theo.pk):
        PrivateNote.objects.create(author=dana, patient_id=note.patient_id, sealed=b"x", written_at=now, changed_at=now)


def test_it_is_sealed_for_its_own_row_with_a_key_of_its_own(note, dana, maya, jonah, now):
    assert WORDS.encode() not in bytes(note.sealed)
    assert keys().name == "private-notes"
    note.patient_id = jonah.pk
    with pytest.raises(sealed.CannotOpen):
        unseal(note)
    note.patient_id = maya.pk
    keys().write_text("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")  # another key than it was sealed with
    with pytest.raises(sealed.CannotOpen):
        unseal(note)


def test_no_chart_log_says_that_there_is_one(note, dana, maya, now):
    own_notes(viewer=dana, patient=maya, at=now)
    about_maya = Event.objects.filter(patient_id=maya.pk).values_list("verb", flat=True)
    assert not any("private" in verb for verb in about_maya)
    assert Event.objects.filter(verb="sessions.private_note_kept", actor_id=dana.pk).count() == 1
    assert not Event.objects.filter(detail__icontains="brother").exists()


def test_nothing_else_in_the_house_knows_the_store():
    root = Path(hearth.__file__).parent
    code = [path for path in root.rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
    knowing = {path.relative_to(root).as_posix() for path in code if "PrivateNote" in path.read_text()}
    assert knowing == {
        "sessions/models/__init__.py",
        "sessions/models/private_notes.py",
        "sessions/private_forms.py",
        "sessions/private_notes.py",
        "sessions/pages/private_notes.py",
        "sessions/services/private_notes.py",
    }
    assert "privatenote" not in {field.name for field in Patient._meta.related_objects if not field.hidden}


@pytest.mark.parametrize("who", ["theo", "ines", "walt", "priya"])
def test_who_may_not_write_keeps_none(request, who, maya, now):
    with pytest.raises(PermissionDenied):
        keep(request.getfixturevalue(who), maya, now)


def test_an_empty_one_and_somebody_elses_are_refused(note, dana, ruth, maya, jonah, now):
    with pytest.raises(ValueError, match="words"):
        keep(dana, maya, now, text="  ")
    with pytest.raises(PermissionDenied):
        keep(ruth, maya, now, note=note.pk)
    with pytest.raises(PermissionDenied):
        keep(dana, jonah, now, note=note.pk)


# --- somebody left -------------------------------------------------------------------------------------------


def test_a_named_reader_reads_what_somebody_who_left_wrote(note, dana, ruth, priya, maya, now):
    left(dana)
    row = release(maya, dana, ruth, priya, now)
    found, notes = released_notes(viewer=ruth, pk=row.pk, at=now)
    assert (found, [one.text for one in notes]) == (row, [WORDS])
    assert Event.objects.filter(verb="private_notes.read", actor_id=ruth.pk, patient_id=maya.pk, purpose="BTG").exists()
    assert Event.objects.filter(verb="sessions.private_notes_released", actor_id=priya.pk, patient_id=maya.pk).exists()
    with pytest.raises(PermissionDenied):
        released_notes(viewer=ruth, pk=row.pk, at=row.ends_at)


@pytest.mark.parametrize("who", ["priya", "walt", "theo"])
def test_only_the_named_reader_reads(request, note, dana, ruth, priya, maya, now, who):
    left(dana)
    row = release(maya, dana, ruth, priya, now)
    with pytest.raises(PermissionDenied):
        released_notes(viewer=request.getfixturevalue(who), pk=row.pk, at=now)


def test_while_the_author_is_here_nobody_is_named(note, dana, ruth, priya, maya, now):
    with pytest.raises(services.StillHere):
        release(maya, dana, ruth, priya, now)


def test_an_author_who_comes_back_has_their_notes_to_themself_again(note, dana, ruth, priya, maya, now):
    left(dana)
    row = release(maya, dana, ruth, priya, now)
    User.objects.filter(pk=dana.pk).update(is_active=True)
    with pytest.raises(PermissionDenied):
        released_notes(viewer=ruth, pk=row.pk, at=now)


def test_two_people_are_needed_and_a_reason(note, dana, ruth, walt, ines, priya, maya, now):
    left(dana)
    with pytest.raises(ValueError, match="reason"):
        release(maya, dana, ruth, priya, now, reason=" ")
    for changes in ({"by": ruth}, {"by": ines}, {"reader": priya}, {"reader": walt}, {"reader": dana}):
        with pytest.raises(PermissionDenied):
            release(maya, dana, ruth, priya, now, **changes)
    row = release(maya, dana, ruth, priya, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivateNoteRelease.objects.create(
            author=dana,
            patient=maya,
            reader=priya,
            authorised_by=priya,
            ground="court",
            reason="x",
            at=now,
            ends_at=row.ends_at,
        )


# --- pages ---------------------------------------------------------------------------------------------------


def test_the_author_writes_and_changes_on_the_page(as_user, dana, maya):
    browser = as_user(dana)
    assert "Who reads this" in browser.get(url("private-notes", maya)).text
    assert browser.post(url("private-notes", maya), {"text": "", "kind": "psychotherapy"}).status_code == 422
    browser.post(url("private-notes", maya), {"text": WORDS, "kind": "psychotherapy"})
    page = browser.get(url("private-notes", maya))
    assert WORDS in page.text
    assert "no-store" in page["Cache-Control"]
    with tenancy.rows_of(dana.pk):
        row = PrivateNote.objects.get()
    assert WORDS in browser.get(url("private-note", row)).text
    browser.post(url("private-note", row), {"text": "Another thought.", "kind": "sud_counseling"})
    assert "Another thought." in browser.get(url("private-notes", maya)).text


@pytest.mark.parametrize("who", ["theo", "ruth", "walt", "ines", "priya"])
def test_no_page_shows_anybody_else_that_there_is_one(request, as_user, note, maya, who):
    reader = request.getfixturevalue(who)
    browser = as_user(reader)
    assert browser.get(url("private-note", note)).status_code == 403
    for address in (
        url("private-notes", maya),
        url("notes-of-patient", maya),
        reverse("web:chart", args=[maya.pk]),
        reverse("consent:log-of-patient", args=[maya.pk]),
    ):
        text = browser.get(address).text
        assert WORDS not in text
        assert str(note.pk) not in text
    assert as_user(maya.user).get(url("private-notes", maya)).status_code == 403


def test_the_way_to_them_when_somebody_left(as_user, client, note, dana, ruth, priya, walt, theo, maya):
    page = as_user(priya).get(url("release-private-notes", maya))
    assert "Ask the author" in page.text
    left(dana)
    form = {"author": dana.pk, "reader": ruth.pk, "ground": "court", "reason": "Order 12, in the safe."}
    assert as_user(priya).post(url("release-private-notes", maya), form | {"reason": ""}).status_code == 422
    assert as_user(priya).post(url("release-private-notes", maya), form).status_code == 302
    row = PrivateNoteRelease.objects.get()
    assert "Ruth Okafor" in as_user(walt).get(url("release-private-notes", maya)).text
    assert WORDS in as_user(ruth).get(url("released-private-notes", row)).text
    assert url("released-private-notes", row) in as_user(ruth).get(url("private-notes", maya)).text
    assert as_user(theo).get(url("released-private-notes", row)).status_code == 403
    assert as_user(theo).get(url("release-private-notes", maya)).status_code == 403
    client.logout()
    assert client.get(url("private-notes", maya)).status_code == 302


def test_the_page_asks_the_same_number_of_questions_however_many(as_user, dana, maya, note, now, count_queries):
    few = count_queries(as_user(dana), url("private-notes", maya))
    for _ in range(3):
        keep(dana, maya, now)
    assert count_queries(as_user(dana), url("private-notes", maya)) == few
