"""Partial, strange, damaged and real files."""

import copy
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearth.inquiry.bundle import Unreadable, read
from hearth.inquiry.packet import Packet, as_json, from_json
from hearth.inquiry.tests.bundles import (
    ME,
    TODAY,
    about_her,
    coded,
    condition,
    packet,
    patient,
    refusal,
    whole_bundle,
    written,
)

SHARED = Path(os.environ.get("HEARTH_SHARED") or Path(__file__).parents[3].parent / "shared")
REFERRALS = SHARED / "data" / "referrals"


# partial and strange


def test_records_about_someone_else_are_left_out():
    other = {"resourceType": "Condition", "subject": {"reference": "Patient/ben"}, "code": coded("Secret")}
    read_packet = packet(other, condition("Asthma"))
    assert [one.text for one in read_packet.conditions] == ["Asthma"]
    assert read_packet.problems == ("Records about someone else were left out (1).",)


def test_nameless_records_are_left_out_and_counted():
    read_packet = packet(about_her("Condition"), about_her("Condition", code=7), about_her("MedicationRequest"))
    assert read_packet.problems == (
        "A condition came without a name or code and was left out. (2 times)",
        "A medication came without a name or code and was left out.",
    )
    assert read_packet.counts == {"Condition": 2, "Patient": 1, "MedicationRequest": 1}


def test_entries_without_a_record_are_left_out():
    read_packet = packet(entry=[{"resource": patient()}, {"request": {"method": "DELETE"}}, 7, None, {"resource": []}])
    assert read_packet.problems == ("Entries without a FHIR record were left out (2).",)


def test_control_characters_and_broken_unicode_never_reach_a_packet():
    (one,) = packet(condition("Asth\u0000ma\ud800 \n of \t old" + "x" * 5000)).conditions
    assert one.text.startswith("Asth ma of old")
    assert len(one.text) <= 500
    assert as_json(packet(condition("\ud800a"))).encode()


def test_a_packet_survives_being_kept_as_json():
    kept = read(written(whole_bundle()), today=TODAY)
    assert from_json(as_json(kept)) == kept
    assert all([kept.conditions, kept.social, kept.medications, kept.allergies, kept.measures, kept.coverage])
    assert all([kept.care_team, kept.visits, kept.procedures, kept.sender, kept.referral, kept.counts])


def test_a_packet_kept_before_a_field_existed_takes_its_default():
    kept = json.loads(as_json(packet()))
    del kept["visits"], kept["person"]["contacts"]
    assert from_json(json.dumps({**kept, "gone": 1})) == packet()


# anything at all

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
KEYS = st.sampled_from(["code", "text", "reference", "id"])
ANYTHING = st.recursive(
    SCALARS | st.sampled_from([10**400, ME, "2026-99-99"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    max_leaves=6,
)


def places(value, at=()):
    """Every path inside this JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*at, key)
        yield from places(one, (*at, key))


WHOLE = whole_bundle()
PLACES = list(places(WHOLE))


@st.composite
def damaged_bundles(draw):
    """A good bundle in which up to six places were replaced by anything, removed, or copied over each other."""
    damaged = copy.deepcopy(WHOLE)
    for *path, last in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=6)):
        try:
            spot = damaged
            for key in path:
                spot = spot[key]
            if draw(st.booleans()):
                spot[last] = draw(ANYTHING)
            else:
                del spot[last]
        except (KeyError, IndexError, TypeError):
            continue
    return damaged


def read_or_refuse(data):
    try:
        kept = read(data, today=TODAY)
    except Unreadable as refused:
        problems = refused.problems
        kept = None
    if kept is None:
        assert problems
        assert all(sentence.endswith(".") for sentence in problems)
        return
    assert isinstance(kept, Packet)
    assert from_json(as_json(kept)) == kept
    assert as_json(kept).encode()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged_bundles())
def test_a_damaged_bundle_is_read_or_refused(damaged):
    read_or_refuse(written(damaged))


@settings(max_examples=200, deadline=None)
@given(st.binary() | st.integers(0, len(written(WHOLE))).map(lambda end: written(WHOLE)[:end]))
def test_any_bytes_are_read_or_refused(data):
    read_or_refuse(data)


# real files

needs_shared = pytest.mark.skipif(
    not REFERRALS.is_dir(), reason=f"the shared referral bundles are not at {REFERRALS} (set HEARTH_SHARED)"
)


@needs_shared
@pytest.mark.parametrize("path", sorted(REFERRALS.glob("*.json")), ids=lambda path: path.stem)
def test_a_real_referral_is_read_down_to_what_an_intake_needs(path):
    data = path.read_bytes()
    kept = read(data, today=TODAY)
    first, last = path.stem.split("_")[:2]
    assert first in kept.person.name.replace("ñ", "n")
    assert last in kept.person.name.replace("ñ", "n")
    assert kept.person.birth_date
    assert kept.person.address
    assert kept.person.address.state == "MA"
    assert sum(kept.counts.values()) == len(json.loads(data)["entry"])
    assert kept.conditions
    assert kept.coverage[0].payer
    assert kept.care_team
    assert kept.problems == ()
    lists = (
        kept.conditions,
        kept.social,
        kept.medications,
        kept.allergies,
        kept.measures,
        kept.visits,
        kept.procedures,
    )
    assert 5 < sum(map(len, lists)) < 60
    assert from_json(as_json(kept)) == kept


@needs_shared
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("dstu2-hca-pat-67", "The file is FHIR DSTU2, which cannot be read here."),
        ("stu3-Wuckert_Jules", "The file is FHIR STU3, which cannot be read here."),
        ("truncated", "The file ends in the middle: it was cut short."),
        ("no-patient-questionnaire", "There is no patient in the file."),
    ],
)
def test_a_real_bad_file_is_refused_in_one_sentence(name, sentence):
    (problem,) = refusal((REFERRALS / "refuse" / f"{name}.json").read_bytes())
    assert problem.startswith(sentence)
