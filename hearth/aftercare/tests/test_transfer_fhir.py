"""Whatever stands in a packet, its document holds elsewhere, says every part once, and is read by our own reader."""

from datetime import date
from uuid import UUID, uuid5
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from hearth.aftercare.transfer_fhir import bundle_of, sections_of
from hearth.aftercare.transfer_rules import Part, parts_said, sentence
from hearth.fhir.check import faults
from hearth.inquiry.bundle import read
from hearth.inquiry.tests.bundles import written

PACKET = UUID("00000000-0000-4000-8000-000000000001")
NAMES = {part: f"my {part}" for part in Part}
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).map(lambda said: f"a{said}")
maybe = st.just("") | words
days = st.dates(date(1950, 1, 1), date(2040, 1, 1)).map(date.isoformat)


def pk(name):
    return str(uuid5(PACKET, name))


def several(**fields):
    rows = st.lists(st.fixed_dictionaries(fields), max_size=3)
    return rows.map(lambda some: [row | {"id": pk(f"{sorted(fields)} {n}")} for n, row in enumerate(some)])


parts = {
    Part.STAY: st.fixed_dictionaries(
        {"id": st.just(pk("stay")), "program": words, "starts_on": days, "ended_on": st.just("") | days,
         "planned_end_on": days, "reason": maybe, "level": maybe, "came": st.integers(0, 90),
         "sessions": st.integers(0, 90), "hours": st.integers(0, 300), "course": maybe, "risk": maybe,
         "naloxone": maybe}
    ),
    Part.CONDITIONS: several(text=words, code=st.sampled_from(["", "F10.20"]), noted_on=days,
                             system=st.just("http://hl7.org/fhir/sid/icd-10-cm")),
    Part.MEDICATIONS: st.fixed_dictionaries(
        {"words": maybe, "taken": several(name=words, dose=maybe, reason=maybe, prescriber=maybe, on=days)}
    ),
    Part.ALLERGIES: several(text=words, system=st.just(""), code=st.just(""), reactions=maybe,
                            status=st.sampled_from(["", "high", "active", "inactive"])),
    Part.MEASURES: several(name=words, total=st.integers(-5, 90), band=maybe, at=st.just("2026-11-24T09:00:00+00:00"),
                           code=st.just({"system": "http://loinc.org", "code": "70274-6"})),
    Part.PLAN: st.fixed_dictionaries(
        {"id": st.sampled_from(["", pk("plan")]), "minutes": st.integers(0, 900), "weeks": st.integers(1, 30),
         "warning_signs": maybe, "what_helps": maybe,
         "goals": several(words=words, status=st.sampled_from(["active", "reached", "set_aside"]), shown=words,
                          progress=st.integers(0, 10), steps=st.lists(maybe, max_size=2), since=days)}
    ),
    Part.NEXT: st.fixed_dictionaries(
        {"care": words, "at": st.sampled_from(["", "2026-12-01T10:00:00-07:00"]), "shown": maybe}
    ),
    Part.COVERAGE: several(name=words, kind=st.sampled_from(["insurance", "self_pay"]), rank=words, plan=maybe,
                           group=maybe, member_id=maybe, starts_on=st.just("") | days, ends_on=st.just("")),
}  # fmt: skip
bodies = st.fixed_dictionaries(
    {
        "made_at": st.just("2026-11-24T16:48:00-07:00"),
        "is_over": st.booleans(),
        "house": st.fixed_dictionaries({"id": st.just(pk("house")), "name": words, "phone": maybe}),
        "author": st.fixed_dictionaries({"id": st.just(pk("author")), "name": words, "title": maybe}),
        "recipient": st.fixed_dictionaries({"name": words, "phone": maybe}),
        "consent": st.fixed_dictionaries(
            {"signed_on": days, "kind": words, "information": words, "purpose": words, "expires_on": st.just("")}
        ),
        "person": st.fixed_dictionaries(
            {"id": st.just(pk("person")), "chosen": words, "given": words, "family": words,
             "birth_date": st.just("1997-05-14"), "sex": st.sampled_from(["", "female"]), "phone": maybe,
             "languages": st.sampled_from([[], ["en"], ["es", "en"]])}
        ),
    },
    optional={str(part): made for part, made in parts.items()},
)  # fmt: skip


@given(bodies)
def test_every_packet_makes_a_document_that_holds_elsewhere_and_comes_back(body):
    bundle = bundle_of(PACKET, body)
    assert faults(bundle) == ()
    found = read(written(bundle), today=date(2026, 11, 24))
    assert found.person.birth_date == date(1997, 5, 14)
    assert found.counts.get("Observation", 0) == len(body.get("measures", []))
    assert found.counts.get("MedicationStatement", 0) == len(body.get("medications", {"taken": []})["taken"])


@given(bodies)
def test_what_a_person_reads_is_whole_whatever_somebody_typed(body):
    sections = bundle_of(PACKET, body)["entry"][0]["resource"]["section"]
    assert len(sections) == len(sections_of(PACKET, body)) == 2 + len(set(map(str, Part)) & set(body))
    for section in sections:
        assert "".join(ElementTree.fromstring(section["text"]["div"]).itertext()).strip()  # noqa: S314 - ours


@given(st.sets(st.sampled_from(list(Part))))
def test_a_release_is_understood_in_just_the_words_that_were_written(chosen):
    said = sentence(chosen, who="Who I am", names=NAMES)
    assert parts_said(said, who="Who I am", names=NAMES) == chosen
    for other in (said + ".", said + "; and more", said.lower().replace("who", "all"), ""):
        assert parts_said(other, who="Who I am", names=NAMES) == frozenset()
