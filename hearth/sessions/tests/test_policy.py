"""What a program's pack says of attendance reaches the roster, the door and the correction."""

import re
import shutil
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hearth.program import pack
from hearth.sessions import services
from hearth.sessions.models import Attendance
from hearth.sessions.policies import policies_of, policy_of_pack
from hearth.sessions.rules.policy import Policy
from hearth.sessions.testing import make_episode, make_session

START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
END = START + timedelta(hours=3)


OTHERWISE = {"late_after_minutes": 2, "check_in_opens_minutes": 5, "attended_from_minutes": 60}


@pytest.fixture
def strict(monkeypatch, tmp_path):
    """The same programs with a stricter pack: two minutes are late and the door opens five minutes before."""
    packs = shutil.copytree(pack.FOLDER, tmp_path / "packs")
    common = packs / "common" / "common.toml"
    text = common.read_text(encoding="utf-8")
    for key, value in OTHERWISE.items():
        text = re.sub(rf"^{key} = {{ value = \d+", f"{key} = {{ value = {value}", text, flags=re.MULTILINE)
    common.write_text(text, encoding="utf-8")
    read = tuple(pack.read(folder) for folder in pack.folders(packs))
    monkeypatch.setattr(pack, "all_packs", lambda: read)
    policy_of_pack.cache_clear()
    yield
    policy_of_pack.cache_clear()


def test_the_defaults_of_the_code_are_those_the_packs_name_with_their_source():
    assert policy_of_pack("adult-evening") == Policy()
    assert policy_of_pack("adolescent-after-school") == Policy(family_every=14)


def test_whoever_was_never_admitted_has_the_products_defaults(organisation, maya, jonah, dana):
    make_episode(maya, by=dana, starts_on=START.date() - timedelta(days=30))
    assert policies_of([maya.pk, jonah.pk]) == {maya.pk: policy_of_pack("adult-evening"), jonah.pk: Policy()}


def test_a_programs_own_policy_decides_who_is_late_and_when_the_door_opens(strict, maya, jonah, dana):
    make_episode(maya, by=dana, starts_on=START.date() - timedelta(days=30))
    session = make_session(dana, maya, jonah, starts_at=START)
    of_maya, of_jonah = session.roster.get(patient=maya), session.roster.get(patient=jonah)
    with pytest.raises(services.NotNow, match="from 5 minutes before"):
        services.check_in(attendance=of_maya, by=maya.user, at=START - timedelta(minutes=6), location="At home")
    for row in (of_maya, of_jonah):
        services.check_in(attendance=row, by=dana, at=START + timedelta(minutes=3))
    services.end(session=session, by=dana, at=END)
    of_maya.refresh_from_db()
    of_jonah.refresh_from_db()
    assert (of_maya.status, of_jonah.status) == (Attendance.Status.LATE, Attendance.Status.PRESENT)


def test_too_little_to_count_is_absent_and_keeps_its_minutes(strict, maya, dana):
    make_episode(maya, by=dana, starts_on=START.date() - timedelta(days=30))
    session = make_session(dana, maya, starts_at=START)
    services.check_in(attendance=session.roster.get(), by=dana, at=END - timedelta(minutes=50))
    services.end(session=session, by=dana, at=END)
    row = session.roster.get()
    assert (row.status, row.minutes) == (Attendance.Status.ABSENT, 50)


def test_the_correction_offers_the_programs_reasons(as_user, maya, dana):
    make_episode(maya, by=dana, starts_on=START.date() - timedelta(days=30))
    session = make_session(dana, maya, starts_at=START)
    page = as_user(dana).get(f"/sessions/{session.pk}/roster/{session.roster.get().pk}/correct/").text
    for excuse in pack.get("adult-evening").excuses:
        assert f'<option value="{excuse.name["en"]}">' in page
