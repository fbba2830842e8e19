"""A document is put together as R4 asks, and what is wrong with one is found before it leaves."""

from copy import deepcopy

import pytest

from hearth.fhir.check import faults
from hearth.fhir.document import Section, concept, document, record, reference

ANA, LETTER, GOAL = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))


@pytest.fixture
def letter():
    goal = record(
        "Goal", GOAL, lifecycleStatus="active", description=concept("Sleep <8 h & more"), subject=reference(ANA)
    )
    composition = record(
        "Composition",
        LETTER,
        status="final",
        type=concept("Transfer summary", system="http://loinc.org", code="18761-7"),
        subject=reference(ANA),
        author=[reference(ANA)],
        date="2026-11-24",
        title="Transfer summary",
    )
    section = Section("Goals", "One line.", ("Goal",), [("Sleep <8 h & more",)], "61146-7", [goal])
    return document(
        pk="00000000-0000-4000-8000-000000000009",
        at="2026-11-24T16:48:00-07:00",
        composition=composition,
        around=[record("Patient", ANA, birthDate="1997-01-01", gender="")],
        sections=[section],
    )


def test_a_document_begins_with_its_composition_and_holds_what_its_sections_name(letter):
    assert faults(letter) == ()
    kinds = [entry["resource"]["resourceType"] for entry in letter["entry"]]
    assert kinds == ["Composition", "Patient", "Goal"]
    assert all(entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}" for entry in letter["entry"])


def test_what_people_typed_stays_words_in_the_narrative(letter):
    told = letter["entry"][0]["resource"]["section"][0]["text"]["div"]
    assert "<td>Sleep &lt;8 h &amp; more</td>" in told


def test_every_record_about_somebody_says_how_it_must_be_kept(letter):
    for entry in letter["entry"]:
        assert {"R", "42CFRPart2"} == {one["code"] for one in entry["resource"]["meta"]["security"]}


def test_what_is_empty_is_left_out(letter):
    assert "gender" not in letter["entry"][1]["resource"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda it: it["entry"].pop(), "Composition refers to a record that is not in the document."),
        (lambda it: it["entry"].reverse(), "The document does not begin with its Composition."),
        (lambda it: it.pop("timestamp"), "The document has no identifier, or does not say when it was made."),
        (lambda it: it.update(type="collection"), "The Bundle is no document."),
        (lambda it: it["entry"].append(it["entry"][1]), "Two records have the same full URL."),
        (lambda it: it["entry"][0]["resource"]["section"][0].pop("text"), "A section has no title or no narrative."),
        (lambda it: it["entry"][0]["resource"]["section"][0].pop("entry"), "Goal is in the document, but nothing"),
        (lambda it: it["entry"][2]["resource"].pop("lifecycleStatus"), "Goal: lifecycleStatus"),
        (lambda it: it["entry"][1]["resource"].update(birthDate="soon"), "Patient: birthDate"),
    ],
)
def test_what_would_not_hold_elsewhere_is_named_without_telling_of_anybody(letter, damage, said):
    broken = deepcopy(letter)
    damage(broken)
    found = " ".join(faults(broken))
    assert said in found
    assert "Sleep" not in found
    assert "soon" not in found
