"""The person, the sender and the people around them, read from a bundle."""

from collections.abc import Iterator
from datetime import date

from hearth.inquiry.bundle_codes import MARITAL_STATUS, STATE_CODES
from hearth.inquiry.bundle_fhir import (
    Index,
    Json,
    concept,
    concepts,
    day,
    human_name,
    obj,
    objs,
    period,
    phone_of,
    text,
    texts,
)
from hearth.inquiry.packet import (
    Address,
    Carer,
    Contact,
    Identifier,
    Language,
    Name,
    Person,
    Phone,
    Referral,
    Sender,
)
from hearth.inquiry.rules import display_name
from hearth.inquiry.said import Said
from hearth.inquiry.said import mark as _

_OLDEST_AGE = 120
_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_FHIR = "http://hl7.org/fhir/StructureDefinition/"


def birth_date(patient: Json) -> date | None:
    """The whole date, if it was sent whole."""
    sent = day(patient.get("birthDate"))
    return date.fromisoformat(sent) if sent and len(sent) == len("2000-01-01") else None


def person(patient: Json, *, today: date, problems: list[Said]) -> Person:
    """Who is referred. What a human should look at is added to `problems`."""
    read = Person(
        names=tuple(_names(patient)),
        birth_date=birth_date(patient),
        sex=text(patient.get("gender")),
        birth_sex=_coded(patient, _CORE + "birthsex"),
        gender_identity=_coded(patient, _CORE + "genderIdentity", _FHIR + "individual-genderIdentity"),
        pronouns=_coded(patient, _FHIR + "individual-pronouns"),
        languages=tuple(_languages(patient)),
        interpreter_needed=_interpreter_needed(patient),
        phones=tuple(_phones(patient)),
        emails=tuple(value for one in _telecom(patient, "email") if (value := text(one.get("value")))),
        address=_address(patient),
        marital_status=_marital_status(patient),
        race=_categories(patient, _CORE + "race"),
        ethnicity=_categories(patient, _CORE + "ethnicity"),
        identifiers=tuple(_identifiers(patient)),
        contacts=tuple(_contacts(patient)),
        died=day(patient.get("deceasedDateTime")) or ("yes" if patient.get("deceasedBoolean") is True else None),
    )
    problems.extend(_doubts(read, patient, today=today))
    return read


def _doubts(read: Person, patient: Json, *, today: date) -> list[Said]:
    found = []
    if not read.name:
        found.append(Said(_("The person's name was not sent.")))
    if read.birth_date is None:
        incomplete = patient.get("birthDate") is not None
        found.append(
            Said(_("The birth date is not a whole date.") if incomplete else _("The birth date was not sent."))
        )
    elif (read.age_on(today) or 0) > _OLDEST_AGE:
        found.append(
            Said(
                _("The birth date (%(born)s) is more than %(years)s years ago."),
                born=str(read.birth_date),
                years=_OLDEST_AGE,
            )
        )
    if read.died:
        found.append(
            Said(_("The sender records that this person died on %(day)s."), day=read.died)
            if read.died != "yes"
            else Said(_("The sender records that this person has died."))
        )
    return found


def _names(patient: Json) -> list[Name]:
    names = []
    for sent in objs(patient.get("name")):
        family = text(sent.get("family"))
        given = texts(sent.get("given"))
        if not family and not given and (whole := text(sent.get("text"))):
            *first, family = whole.split()
            given = tuple(first)
        if family or given:
            prefix, suffix = (text(" ".join(texts(sent.get(part)))) for part in ("prefix", "suffix"))
            names.append(Name(text(sent.get("use")), given, family, prefix, suffix))
    return names


def _extensions(resource: Json, *urls: str) -> list[Json]:
    return [one for one in objs(resource.get("extension")) if one.get("url") in urls]


def _coded(patient: Json, *urls: str) -> str | None:
    """The words of an extension that holds a code, a Coding or a CodeableConcept, here or a level deeper."""
    for outer in _extensions(patient, *urls):
        for one in (outer, *_extensions(outer, "value")):
            said = text(one.get("valueCode")) or concept(one.get("valueCodeableConcept")).text
            if said or (said := concept(one.get("valueCoding")).text):
                return said
    return None


def _categories(patient: Json, url: str) -> tuple[str, ...]:
    """Race or ethnicity: the broad categories, else the free text."""
    parts = [one for outer in _extensions(patient, url) for one in objs(outer.get("extension"))]
    codings = (concept(one.get("valueCoding")).text for one in parts if one.get("url") == "ombCategory")
    broad = tuple(dict.fromkeys(said for said in codings if said))
    free = (text(one.get("valueString")) for one in parts if one.get("url") == "text")
    return broad or tuple(said for said in free if said)


def _languages(patient: Json) -> list[Language]:
    spoken = []
    for one in objs(patient.get("communication")):
        language = concept(one.get("language"))
        if language.text:
            spoken.append(Language(language.code, language.text, one.get("preferred") is True))
    return sorted(spoken, key=lambda one: not one.preferred)


def _interpreter_needed(patient: Json) -> bool | None:
    answers = [one.get("valueBoolean") for one in _extensions(patient, _FHIR + "patient-interpreterRequired")]
    return next((answer for answer in answers if isinstance(answer, bool)), None)


def _telecom(patient: Json, system: str) -> list[Json]:
    points = objs(patient.get("telecom"))
    return [one for one in points if one.get("system") == system and one.get("use") != "old"]


def _phones(patient: Json) -> list[Phone]:
    sent = [(text(one.get("value")), text(one.get("use"))) for one in _telecom(patient, "phone")]
    return sorted((Phone(value, use) for value, use in sent if value), key=lambda one: one.use != "mobile")


def _address(patient: Json) -> Address | None:
    current = [one for one in objs(patient.get("address")) if one.get("use") != "old" and any(one.values())]
    if not current:
        return None
    here = min(
        current,
        key=lambda one: (period(one.get("period"))[1] is not None, one.get("use") not in ("home", None)),
    )
    state = text(here.get("state"))
    return Address(
        lines=texts(here.get("line")),
        city=text(here.get("city")),
        state=STATE_CODES.get(state.casefold(), state) if state else None,
        postal_code=text(here.get("postalCode")),
        country=text(here.get("country")),
    )


def _marital_status(patient: Json) -> str | None:
    said = concept(patient.get("maritalStatus"))
    return MARITAL_STATUS.get(said.code or "", said.text)


def _identifiers(patient: Json) -> list[Identifier]:
    found = []
    for one in objs(patient.get("identifier")):
        kind, system, value = concept(one.get("type")), text(one.get("system")), text(one.get("value"))
        if value:
            code = kind.code or ("SS" if system == "http://hl7.org/fhir/sid/us-ssn" else None)
            found.append(Identifier(code, kind.text or "Identifier", system, value))
    return found


def _contacts(patient: Json) -> list[Contact]:
    found = []
    for one in objs(patient.get("contact")):
        relationship = next((said.text for said in concepts(one.get("relationship"))), None)
        contact = Contact(human_name(one.get("name")), relationship, phone_of(one))
        if contact.name or contact.phone:
            found.append(contact)
    return found


def referral(index: Index) -> tuple[Referral | None, Json]:
    """Why the person was sent, with the request it was read from: the newest one that is still meant.

    A document may ask for nothing in so many words; then its title says what was sent.
    """
    meant = [
        one for one in index.of("ServiceRequest") if one.get("status") in ("active", "draft", "on-hold", "completed")
    ]
    if not meant:
        return _titled(index), {}
    newest = max(meant, key=lambda one: (_is_referral(one), day(one.get("authoredOn")) or ""))
    reasons = [said.text for said in concepts(newest.get("reasonCode"))]
    reasons += [concept(index.resolve(one).get("code")).text for one in objs(newest.get("reasonReference"))]
    read = Referral(
        service=concept(newest.get("code")).text,
        reasons=tuple(said for said in reasons if said),
        notes=tuple(said for one in objs(newest.get("note")) if (said := text(one.get("text")))),
        priority=text(newest.get("priority")),
        on=day(newest.get("authoredOn")),
    )
    return read, newest


def _titled(index: Index) -> Referral | None:
    for letter in index.of("Composition"):
        service = text(letter.get("title")) or concept(letter.get("type")).text
        if service and letter.get("status") != "entered-in-error":
            return Referral(service=service, on=day(letter.get("date")))
    return None


def _is_referral(request: Json) -> bool:
    """Tests and scans are asked for by the same kind of resource."""
    said = [concept(request.get("code")), *concepts(request.get("category"))]
    words = " ".join(one.text or "" for one in said).casefold()
    return any(word in words for word in ("refer", "outpatient", "behavioral", "psych", "counsel", "treatment"))


def sender(index: Index, patient: Json, request: Json) -> Sender | None:
    """Who sent the referral, where that was said."""
    said = [request.get("requester")]
    for header in index.of("MessageHeader"):
        said += [header.get("sender"), header.get("author"), header.get("responsible")]
    for letter in index.of("Composition"):
        said += [*objs(letter.get("author")), letter.get("custodian")]
    said.append(patient.get("managingOrganization"))
    for reference in said:
        carer = _carer(index, reference)
        if carer:
            return Sender(carer.name, carer.organisation, carer.phone)
    return None


def care_team(index: Index, patient: Json) -> tuple[Carer, ...]:
    """Who looks after this person: primary doctor first, then the care team, else whom they saw last."""
    once: dict[str, Carer] = {}
    for carer in _carers(index, patient):
        if carer and not _is_patient(carer, patient):
            once.setdefault(carer.name, carer)
    return tuple(once.values()) or _seen_last(index)


def _carers(index: Index, patient: Json) -> Iterator[Carer | None]:
    for doctor in objs(patient.get("generalPractitioner")):
        yield _carer(index, doctor, role="Primary care")
    for team in index.of("CareTeam"):
        if team.get("status") not in ("inactive", "entered-in-error"):
            for member in objs(team.get("participant")):
                said = next((one.text for one in concepts(member.get("role"))), None)
                yield _carer(index, member.get("member"), role=said)
    claims = index.of("ExplanationOfBenefit", "Claim")
    for claim in sorted(claims, key=lambda one: day(one.get("created")) or "", reverse=True):
        for member in objs(claim.get("careTeam")):
            role = concept(member.get("role"))
            if role.code == "primary":
                yield _carer(index, member.get("provider"), role=role.text, within=claim)


def _is_patient(carer: Carer, patient: Json) -> bool:
    return carer.name in [display_name(human_name(one) or "") for one in objs(patient.get("name"))]


def _seen_last(index: Index) -> tuple[Carer, ...]:
    visits = sorted(index.of("Encounter"), key=lambda one: period(one.get("period"))[0] or "", reverse=True)
    for visit in visits:
        for one in objs(visit.get("participant")):
            carer = _carer(index, one.get("individual"), role="Seen last")
            if carer:
                return (carer,)
    return ()


def _carer(index: Index, reference: object, *, role: str | None = None, within: Json | None = None) -> Carer | None:
    resource = index.resolve(reference, within=within)
    organisation: Json = {}
    if resource.get("resourceType") == "PractitionerRole":
        organisation = index.resolve(resource.get("organization"))
        role = role or next((said.text for said in concepts(resource.get("code"))), None)
        reference, resource = (
            resource.get("practitioner"),
            index.resolve(resource.get("practitioner")) or resource,
        )
    name = text(resource.get("name")) or next((human_name(one) for one in objs(resource.get("name"))), None)
    shown = name or text(obj(reference).get("display")) or text(organisation.get("name"))
    if not shown:
        return None
    phone = phone_of(resource) or phone_of(organisation)
    return Carer(display_name(shown), role, text(organisation.get("name")), phone)
