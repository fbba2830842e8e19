import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hearth.accounts.testing import make_organisation
from hearth.inquiry.models import Referral
from hearth.inquiry.tests.bundles import whole_bundle, written
from hearth.lib import tenancy

SHARED = Path(os.environ.get("HEARTH_SHARED", Path(__file__).resolve().parents[4] / "shared"))
REFERRALS = SHARED / "data" / "referrals"
needs_shared = pytest.mark.skipif(not REFERRALS.is_dir(), reason=f"the shared referral bundles are not at {REFERRALS}")


def run(*words):
    """What the command printed, and its exit status."""
    printed, status = StringIO(), 0
    try:
        call_command("referral", "import", *map(str, words), stdout=printed)
    except SystemExit as end:
        status = int(end.code or 0)
    return json.loads(printed.getvalue()), status


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "ana.json"
    path.write_bytes(written(whole_bundle()))
    return path


def kept(organisation):
    with tenancy.within(organisation.pk):
        return Referral.objects.count()


def test_files_are_imported_and_told_of_as_one_json_list(organisation, good):
    ((one,), status) = run(good)
    assert status == 0
    assert one["file"] == str(good)
    assert (one["status"], one["patient"], one["problems"]) == ("inbox", "Ana Luz Ruiz", [])
    assert one["counts"]["Condition"] == 2
    assert kept(organisation) == 1
    ((again,), status) = run(good)
    assert (again["status"], status) == ("duplicate", 0)
    assert kept(organisation) == 1


def test_one_refused_file_keeps_no_other_out(organisation, good, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text("<html>")
    (results, status) = run(bad, tmp_path / "missing.json", good)
    assert [one["status"] for one in results] == ["refused", "refused", "inbox"]
    assert results[1]["problems"] == ["The file cannot be read: no such file or directory."]
    assert results[0]["patient"] is None
    assert status == 1
    assert kept(organisation) == 1


def test_a_dry_run_only_shows_and_sees_duplicates_among_its_files(organisation, good):
    (results, status) = run("--dry-run", good, good)
    assert [one["status"] for one in results] == ["inbox", "duplicate"]
    assert status == 0
    assert kept(organisation) == 0


def test_the_inbox_must_be_named_where_there_are_two(organisation, good):
    other = make_organisation(slug="elsewhere", name="Elsewhere")
    with pytest.raises(CommandError, match="--organisation: elsewhere, hearthside"):
        run(good)
    with pytest.raises(CommandError, match="There is no organisation 'nowhere'"):
        run(good, "--organisation", "nowhere")
    run(good, "--organisation", "elsewhere")
    assert (kept(other), kept(organisation)) == (1, 0)


@needs_shared
def test_every_real_referral_arrives_and_every_bad_one_is_refused(organisation):
    real = sorted(REFERRALS.glob("*.json"))
    (results, status) = run(*real)
    assert {one["status"] for one in results} == {"inbox"}
    assert status == 0
    assert kept(organisation) == len(real)
    (results, status) = run(*sorted((REFERRALS / "refuse").glob("*.json")))
    assert {one["status"] for one in results} == {"refused"}
    assert all(len(one["problems"]) == 1 for one in results)
    assert status == 1
    assert kept(organisation) == len(real)
