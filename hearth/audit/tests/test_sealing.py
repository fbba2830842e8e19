"""The record after somebody who owns the tables has been at it. Each test stores rows for good, then tampers."""

import json
import stat
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connections
from django.utils import timezone

from hearth.audit import heads, keys, sealing, services
from hearth.audit.models import Event, Seal
from hearth.audit.rules import Fault
from hearth.audit.verifying import SEALED_WITHIN, verify
from hearth.lib import tenancy

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"])
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.HEARTH_KEY_DIR = tmp_path / "keys"
    settings.HEARTH_AUDIT_HEADS = tmp_path / "heads"


@pytest.fixture
def house(stored_organisation):
    return stored_organisation.pk


@pytest.fixture
def dana():
    return SimpleNamespace(pk=UUID(int=7))


def write(house, dana, *verbs):
    with tenancy.within(house):
        return [services.record(verb, by=dana, about=Seal(), at=AT) for verb in verbs]


@pytest.fixture
def record(house, dana):
    """Six sealed deeds, in two runs."""
    events = write(house, dana, "plan.made", "plan.signed", "note.written")
    sealing.seal(house, at=timezone.now())
    events += write(house, dana, "note.signed", "seat.given_up", "seat.offered")
    sealing.seal(house, at=timezone.now())
    return events


def tamper(house, *statements):
    """As the owner of the tables, with row-level security lifted, as whoever owns them could."""
    with connections["owner"].cursor() as cursor:
        for table in ("audit_event", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for statement, *values in statements:
            cursor.execute(statement, values)
        for table in ("audit_event", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def faults(house, *, at=None):
    return {problem.fault for problem in verify(house, at=at or timezone.now()).problems}


def test_an_untouched_record_is_whole(house, record):
    verdict = verify(house, at=timezone.now())
    assert verdict.problems == ()
    assert (verdict.sealed, verdict.waiting) == (6, 0)


def test_each_organisation_has_its_own_chain_from_one_on(house, dana, record):
    other = UUID(int=2)
    write(other, dana, "plan.made")
    sealing.seal(other, at=timezone.now())
    assert verify(other, at=timezone.now()).sealed == 1
    assert verify(house, at=timezone.now()).sealed == 6


def test_a_deed_whose_transaction_ends_late_is_sealed_after_those_that_overtook_it(house, dana):
    with tenancy.within(house, using="owner"):
        late = Event.objects.using("owner").create(
            organisation_id=house, at=AT, kind="deed", verb="plan.late", subject_kind="x"
        )
        (early,) = write(house, dana, "plan.made")
        assert sealing.seal(house, at=timezone.now()) == 1
    assert sealing.seal(house, at=timezone.now()) == 1
    with tenancy.within(house):
        order = list(Seal.objects.order_by("number").values_list("event_number", flat=True))
    assert order == [early.number, late.number]
    assert late.number < early.number
    assert faults(house) == set()


def test_more_deeds_than_one_batch_are_all_sealed(house, dana, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    write(house, dana, *(f"plan.deed_{n}" for n in range(5)))
    assert sealing.seal(house, at=timezone.now()) == 5
    assert faults(house) == set()


def test_a_changed_event_is_altered(house, record):
    tamper(house, ("UPDATE audit_event SET actor_id = NULL WHERE number = %s", record[1].number))
    assert faults(house) == {Fault.ALTERED}


def test_a_removed_event_is_missing(house, record):
    tamper(house, ("DELETE FROM audit_event WHERE number = %s", record[1].number))
    assert faults(house) == {Fault.MISSING}


def test_an_event_removed_with_its_seal_is_missing(house, record):
    tamper(
        house,
        ("DELETE FROM audit_event WHERE number = %s", record[1].number),
        ("DELETE FROM audit_seal WHERE event_number = %s", record[1].number),
    )
    assert Fault.MISSING in faults(house)


def test_two_events_in_each_others_place_are_reordered(house, record):
    first, second = record[0].number, record[1].number
    tamper(
        house,
        ("UPDATE audit_event SET number = -1 WHERE number = %s", first),
        ("UPDATE audit_event SET number = %s WHERE number = %s", first, second),
        ("UPDATE audit_event SET number = %s WHERE number = -1", second),
    )
    assert faults(house) == {Fault.REORDERED}


def test_two_seals_in_each_others_place_are_reordered(house, record):
    tamper(
        house,
        ("UPDATE audit_seal SET number = -1 WHERE number = 2",),
        ("UPDATE audit_seal SET number = 2 WHERE number = 3",),
        ("UPDATE audit_seal SET number = 3 WHERE number = -1",),
    )
    assert Fault.REORDERED in faults(house)


COPY = (
    "INSERT INTO audit_event (id, organisation_id, at, kind, verb, subject_kind, purpose, reason, detail, written_in)"
    " SELECT gen_random_uuid(), organisation_id, at, kind, 'plan.invented', subject_kind, '', '', '{}', written_in"
    " FROM audit_event WHERE number = %s"
)


def test_an_event_slipped_in_among_older_ones_is_inserted(house, record):
    tamper(house, (COPY, record[0].number))
    # Another transaction of this server that is still open holds the horizon back: then it may be a late one until
    # its minute is over, and is reported as unsealed.
    with tenancy.within(house, using=sealing.AUDITOR):
        head = sealing.last_head(house)
    behind = head is not None and head.horizon is not None and record[0].written_in < head.horizon
    expected = Fault.INSERTED if behind else Fault.UNSEALED
    assert faults(house, at=timezone.now() + 2 * SEALED_WITHIN) == {expected}


def test_an_event_slipped_in_with_a_seal_is_inserted(house, record):
    tamper(
        house,
        (COPY, record[0].number),
        (
            "INSERT INTO audit_seal SELECT gen_random_uuid(), organisation_id, 7,"
            " (SELECT max(number) FROM audit_event), digest, hash, repeat('a', 64), sealed_at, ''"
            " FROM audit_seal WHERE number = 6",
        ),
    )
    assert Fault.INSERTED in faults(house)


def test_a_chain_made_anew_does_not_fit_the_heads_that_were_signed(house, record):
    tamper(
        house,
        ("UPDATE audit_event SET reason = 'another' WHERE number = %s", record[1].number),
        ("DELETE FROM audit_seal WHERE true",),
    )
    sealing.seal(house, at=timezone.now(), whole=True)
    assert Fault.ALTERED in faults(house)


def test_an_end_cut_off_is_seen_by_the_heads_outside(house, record):
    tamper(
        house,
        ("DELETE FROM audit_seal WHERE number > 3",),
        ("DELETE FROM audit_event WHERE number > %s", record[2].number),
    )
    assert faults(house) == {Fault.CUT_OFF}


def test_a_signature_of_another_key_is_forged(house, record, settings, tmp_path):
    settings.HEARTH_KEY_DIR = tmp_path / "another"
    assert Fault.FORGED in faults(house)


def test_heads_taken_away_outside_are_missed_after_a_minute(house, record):
    heads.path_of(house).unlink()
    assert faults(house, at=timezone.now() + timedelta(minutes=2)) == {Fault.HEADS_MISSING}
    sealing.seal(house, at=timezone.now())
    assert faults(house, at=timezone.now() + timedelta(minutes=2)) == set()


def test_a_deed_may_wait_a_minute_for_its_seal_and_no_longer(house, dana, record):
    write(house, dana, "plan.changed")
    assert verify(house, at=timezone.now()).waiting == 1
    assert faults(house) == set()
    assert faults(house, at=timezone.now() + timedelta(minutes=2)) == {Fault.UNSEALED}


def test_verify_prints_one_document_and_says_what_is_wrong_in_a_sentence(house, record, capsys):
    call_command("audit", "verify")
    assert json.loads(capsys.readouterr().out)["whole"] is True
    tamper(house, ("UPDATE audit_event SET verb = 'plan.lost' WHERE number = %s", record[0].number))
    with pytest.raises(CommandError, match=r"not whole: 1 problem \(altered\)"):
        call_command("audit", "verify")
    document = json.loads(capsys.readouterr().out)
    assert document["organisations"][0]["problems"][0]["event"] == record[0].number


def test_the_key_is_readable_by_its_owner_alone(house, record, settings):
    assert stat.S_IMODE((settings.HEARTH_KEY_DIR / keys.PRIVATE).stat().st_mode) == 0o600
    assert "PUBLIC" in (settings.HEARTH_KEY_DIR / keys.PUBLIC).read_text()


def test_the_webs_role_cannot_write_a_seal_and_the_auditor_cannot_change_one(house, record):
    with pytest.raises(ProgrammingError, match="permission denied"), tenancy.within(house):
        Seal.objects.create(organisation_id=house, number=9, event_number=9, sealed_at=AT)
    with pytest.raises(ProgrammingError, match="permission denied"), tenancy.within(house, using="auditor"):
        Seal.objects.using("auditor").filter(number=1).delete()
    with pytest.raises(ProgrammingError, match="permission denied"), connections["auditor"].cursor() as cursor:
        cursor.execute("SELECT * FROM people_patient")
