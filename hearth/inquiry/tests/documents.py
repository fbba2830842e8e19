"""A small C-CDA document for tests, written by hand after HL7's templates (release 2.1): nobody real."""

SECTIONS = """
<component><section><code code="42349-1" codeSystem="2.16.840.1.113883.6.1"/><title>Reason for Referral</title>
  <text><paragraph>Asks for an evening program after detox.</paragraph></text></section></component>
<component><section><code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><title>Problems</title>
  <text><list><item ID="p1">Alcohol dependence, severe</item></list></text>
  <entry><act classCode="ACT" moodCode="EVN"><statusCode code="active"/><entryRelationship typeCode="SUBJ">
    <observation classCode="OBS" moodCode="EVN"><effectiveTime><low value="20190512"/></effectiveTime>
      <value xsi:type="CD" nullFlavor="OTH"><originalText><reference value="#p1"/></originalText>
        <translation code="F10.20" codeSystem="2.16.840.1.113883.6.90"/></value></observation></entryRelationship></act>
  </entry>
  <entry><act classCode="ACT" moodCode="EVN"><statusCode code="completed"/><entryRelationship typeCode="SUBJ">
    <observation classCode="OBS" moodCode="EVN"><effectiveTime><low value="201201"/><high value="2013"/></effectiveTime>
      <value xsi:type="CD" code="195967001" codeSystem="2.16.840.1.113883.6.96" displayName="Asthma"/>
    </observation></entryRelationship></act></entry>
  <entry><act classCode="ACT" moodCode="EVN"><statusCode code="active"/><entryRelationship typeCode="SUBJ">
    <observation classCode="OBS" moodCode="EVN" negationInd="true">
      <value xsi:type="CD" code="55607006" codeSystem="2.16.840.1.113883.6.96" displayName="Problem"/>
    </observation></entryRelationship></act></entry></section></component>
<component><section><code code="10160-0" codeSystem="2.16.840.1.113883.6.1"/><title>Medications</title>
  <text><paragraph ID="m1">50 mg each morning</paragraph></text>
  <entry><substanceAdministration classCode="SBADM" moodCode="EVN"><text><reference value="#m1"/></text>
    <statusCode code="active"/><effectiveTime xsi:type="IVL_TS"><low value="20260110"/></effectiveTime>
    <consumable><manufacturedProduct><manufacturedMaterial><code code="1483744" codeSystem="2.16.840.1.113883.6.88"
      displayName="Naltrexone 50 MG Oral Tablet"/></manufacturedMaterial></manufacturedProduct></consumable>
  </substanceAdministration></entry>
  <entry><substanceAdministration classCode="SBADM" moodCode="EVN"><statusCode code="active"/>
    <effectiveTime xsi:type="IVL_TS"><low value="20250101"/><high value="20250201"/></effectiveTime>
    <doseQuantity value="10" unit="mg"/>
    <consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor="UNK"/><name>Diazepam</name>
    </manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry></section></component>
<component><section><code code="48765-2" codeSystem="2.16.840.1.113883.6.1"/><title>Allergies</title><text/>
  <entry><act classCode="ACT" moodCode="EVN"><statusCode code="active"/><entryRelationship typeCode="SUBJ">
    <observation classCode="OBS" moodCode="EVN"><participant typeCode="CSM"><participantRole><playingEntity>
      <code code="7980" codeSystem="2.16.840.1.113883.6.88" displayName="Penicillin G"/></playingEntity>
      </participantRole></participant>
      <entryRelationship typeCode="MFST" inversionInd="true"><observation classCode="OBS" moodCode="EVN">
        <templateId root="2.16.840.1.113883.10.20.22.4.9"/><value xsi:type="CD" code="247472004"
          codeSystem="2.16.840.1.113883.6.96" displayName="Hives"/></observation></entryRelationship>
      <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"><code code="82606-5"
        codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="CD" code="CRITH"/></observation></entryRelationship>
    </observation></entryRelationship></act></entry></section></component>
<component><section><code code="10190-7" codeSystem="2.16.840.1.113883.6.1"/><title>Mental Status</title><text/>
  <entry><organizer classCode="CLUSTER" moodCode="EVN"><component><observation classCode="OBS" moodCode="EVN">
    <code code="44260-8" codeSystem="2.16.840.1.113883.6.1" displayName="Thoughts"/><effectiveTime value="20260228"/>
    <value xsi:type="INT" value="2"/></observation></component></organizer></entry></section></component>
<component><section><code code="48768-6" codeSystem="2.16.840.1.113883.6.1"/><title>Payers</title><text/>
  <entry><act classCode="ACT" moodCode="EVN"><entryRelationship typeCode="COMP"><act classCode="ACT" moodCode="EVN">
    <id root="2.16.840.1.113883.19" extension="GRP-7"/><statusCode code="completed"/>
    <performer typeCode="PRF"><assignedEntity><representedOrganization><name>Front Range Health Plan</name>
      </representedOrganization></assignedEntity></performer>
    <participant typeCode="COV"><time><low value="20260101"/></time><participantRole>
      <id root="2.16.840.1.113883.19" extension="M-1234"/></participantRole></participant></act>
    </entryRelationship></act></entry></section></component>
"""
PATIENT = """<recordTarget><patientRole><id root="2.16.840.1.113883.19.5" extension="998991"/>
  <addr use="HP"><streetAddressLine>77 Alder Court</streetAddressLine><city>Denver</city><state>CO</state>
    <postalCode>80205</postalCode></addr>
  <telecom use="MC" value="tel:+1(303)555-0155"/><telecom value="mailto:luz@mail.example"/>
  <patient><name use="L"><given>Luz</given><given>Marina</given><family>Amaya</family></name>
    <administrativeGenderCode code="F"/><birthTime value="19930211"/>
    <languageCommunication><languageCode code="es-US"/><preferenceInd value="true"/></languageCommunication></patient>
  </patientRole></recordTarget>"""


def document(body: str = SECTIONS, people: str = PATIENT, before: str = "") -> bytes:
    """A referral note; `before` stands between the declaration and the document."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>{before}
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><title>Referral Note</title><effectiveTime value="20260301"/>
{people}
<author><assignedAuthor><telecom value="tel:303-555-0190"/>
  <assignedPerson><name><given>Ida</given><family>Voss</family></name></assignedPerson>
  <representedOrganization><name>St. Anne Hospital</name></representedOrganization></assignedAuthor></author>
<component><structuredBody>{body}</structuredBody></component></ClinicalDocument>""".encode()
