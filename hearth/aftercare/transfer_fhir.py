"""A transfer packet as a FHIR R4 document. Pure: the packet's body in, a Bundle out.

`sections_of` is what people read, on paper and as the narrative, with the records that say the same to machines.
A part that is not in the body is in neither.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from hearth.fhir.codes import LOINC, TERMINOLOGY
from hearth.fhir.document import Json, Section, coded, concept, document, identifier, record, reference

type Body = dict[str, Any]

NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""42 CFR 2.32(a)(2), with what was agreed to beside it (2.32(b))."""
DISCHARGE, TRANSFER = ("18842-5", "Discharge summary"), ("18761-7", "Transfer summary")
GOAL_STATUS = {"active": "active", "reached": "completed", "set_aside": "cancelled"}


def bundle_of(pk: UUID, body: Body) -> Json:
    """The document of the packet `pk`."""
    sections = sections_of(pk, body)
    house, author, to = body["house"], body["author"], _recipient(pk)
    code, title = DISCHARGE if body["is_over"] else TRANSFER
    role = _made(pk, "author")
    composition = record(
        "Composition",
        _made(pk, "composition"),
        identifier=identifier(pk),
        status="final",
        type=concept(title, system=LOINC, code=code),
        subject=reference(body["person"]["id"]),
        date=body["made_at"],
        author=[reference(role, author["name"])],
        title=title,
        confidentiality="R",
        custodian=reference(house["id"], house["name"]),
    )
    around = [
        _patient(body["person"], house["id"]),
        record(
            "PractitionerRole",
            role,
            practitioner=reference(author["id"], author["name"]),
            organization=reference(house["id"], house["name"]),
            code=[concept(author["title"])] if author["title"] else [],
            telecom=_phone(house["phone"]),
        ),
        record("Practitioner", author["id"], identifier=[identifier(author["id"])], name=[{"text": author["name"]}]),
        _organisation(house["id"], house["name"], house["phone"]),
    ]
    if "next" in body:
        around.append(_organisation(to, body["recipient"]["name"], body["recipient"]["phone"]))
    return document(pk=str(pk), at=body["made_at"], composition=composition, around=around, sections=sections)


def sections_of(pk: UUID, body: Body) -> list[Section]:
    """What the packet tells, in the order in which it is read."""
    makers = {
        "stay": _stay,
        "conditions": _conditions,
        "medications": _medications,
        "allergies": _allergies,
        "measures": _measures,
        "plan": _plan,
        "next": _next,
        "coverage": _coverage,
    }
    told = [made for part, maker in makers.items() if part in body for made in maker(pk, body)]
    return [_person(body), *told, _agreed(body)]


def _made(pk: UUID, what: str) -> str:
    """The id of a record that has no row of its own: always the same within one packet."""
    return str(uuid5(NAMESPACE_URL, f"urn:hearth:transfer:{pk}:{what}"))


def _recipient(pk: UUID) -> str:
    return _made(pk, "recipient")


def _about(body: Body) -> Json:
    return reference(body["person"]["id"])


def _phone(number: str) -> list[Json]:
    return [{"system": "phone", "value": number}] if number else []


def _organisation(pk: str, name: str, phone: str) -> Json:
    return record("Organization", pk, identifier=[identifier(pk)], name=name, telecom=_phone(phone))


def _patient(person: Body, house: str) -> Json:
    chosen = person["chosen"]
    names = [{"use": "official", "family": person["family"], "given": [person["given"]]}]
    if chosen != person["given"]:
        names.append({"use": "usual", "family": person["family"], "given": [chosen]})
    return record(
        "Patient",
        person["id"],
        identifier=[identifier(person["id"])],
        name=names,
        telecom=_phone(person["phone"]),
        gender=person["sex"],
        birthDate=person["birth_date"],
        communication=[
            {"language": concept(code, system="urn:ietf:bcp:47", code=code)} | ({"preferred": True} if first else {})
            for code, first in ((code, place == 0) for place, code in enumerate(person["languages"]))
        ],
        managingOrganization=reference(house),
    )


def _person(body: Body) -> Section:
    person = body["person"]
    rows = [
        ("Name", f"{person['given']} {person['family']}"),
        ("Called", person["chosen"]),
        ("Date of birth", person["birth_date"]),
        ("Phone", person["phone"]),
        ("Languages", ", ".join(person["languages"])),
    ]
    return Section("Who it is about", rows=_filled(rows))


def _filled(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [row for row in rows if row[1]]


def _stay(_pk: UUID, body: Body) -> Iterator[Section]:
    stay = body["stay"]
    rows = [
        ("Program", stay["program"]),
        ("First day", stay["starts_on"]),
        ("Last day", stay["ended_on"] or f"{stay['planned_end_on']} (planned)"),
        ("Took part", f"{stay['came']} of {stay['sessions']} sessions, {stay['hours']} hours"),
        ("Why it ended", stay["reason"]),
        ("Level of care from here", stay["level"]),
        ("How it went", stay["course"]),
        ("Risk at the end", stay["risk"]),
        ("Naloxone", stay["naloxone"]),
    ]
    period = {"start": stay["starts_on"]} | ({"end": stay["ended_on"]} if stay["ended_on"] else {})
    episode = record(
        "EpisodeOfCare",
        stay["id"],
        identifier=[identifier(stay["id"])],
        status="finished" if stay["ended_on"] else "active",
        type=[concept(stay["program"])],
        patient=_about(body),
        managingOrganization=reference(body["house"]["id"]),
        period=period,
    )
    yield Section("The stay here", rows=_filled(rows), loinc="8648-8", records=[episode])


def _conditions(_pk: UUID, body: Body) -> Iterator[Section]:
    found = [
        record(
            "Condition",
            row["id"],
            identifier=[identifier(row["id"])],
            clinicalStatus=coded(TERMINOLOGY + "condition-clinical", "active"),
            category=[coded(TERMINOLOGY + "condition-category", "problem-list-item")],
            code=concept(row["text"], system=row["system"], code=row["code"]),
            subject=_about(body),
            recordedDate=row["noted_on"],
        )
        for row in body["conditions"]
    ]
    rows = [(row["text"], row["code"], row["noted_on"]) for row in body["conditions"]]
    yield _listed("Conditions", ("Condition", "Code", "Noted on"), rows, "11450-4", found)


def _listed(
    title: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    loinc: str,
    found: list[Json],
    words: str = "",
) -> Section:
    """A section that says so where there is nothing to tell."""
    said = words or ("" if rows else "Nothing is on record.")
    return Section(title, words=said, columns=columns, rows=rows, loinc=loinc, records=found)


def _medications(_pk: UUID, body: Body) -> Iterator[Section]:
    taken = body["medications"]["taken"]
    found = [
        record(
            "MedicationStatement",
            row["id"],
            identifier=[identifier(row["id"])],
            status="active",
            medicationCodeableConcept=concept(row["name"]),
            subject=_about(body),
            dateAsserted=row["on"],
            reasonCode=[concept(row["reason"])] if row["reason"] else [],
            note=[{"text": f"Prescribed by {row['prescriber']}"}] if row["prescriber"] else [],
            dosage=[{"text": row["dose"]}] if row["dose"] else [],
        )
        for row in taken
    ]
    rows = [(row["name"], row["dose"], row["reason"], row["prescriber"]) for row in taken]
    columns = ("Medication", "How much and when", "For what", "Prescribed by")
    yield _listed("Medications", columns, rows, "10160-0", found, body["medications"]["words"])


def _allergies(_pk: UUID, body: Body) -> Iterator[Section]:
    found = [
        record(
            "AllergyIntolerance",
            row["id"],
            identifier=[identifier(row["id"])],
            clinicalStatus=coded(
                TERMINOLOGY + "allergyintolerance-clinical", "inactive" if row["status"] == "inactive" else "active"
            ),
            criticality=row["status"] if row["status"] in ("low", "high", "unable-to-assess") else "",
            code=concept(row["text"], system=row["system"], code=row["code"]),
            patient=_about(body),
            reaction=[{"manifestation": [concept(one)]} for one in row["reactions"].split(", ") if one],
        )
        for row in body["allergies"]
    ]
    rows = [(row["text"], row["reactions"], row["status"]) for row in body["allergies"]]
    columns = ("Allergy, as a referral told us", "Reactions", "How grave")
    yield _listed("Allergies", columns, rows, "48765-2", found)


def _measures(_pk: UUID, body: Body) -> Iterator[Section]:
    found = [
        record(
            "Observation",
            row["id"],
            identifier=[identifier(row["id"])],
            status="final",
            category=[coded(TERMINOLOGY + "observation-category", "survey")],
            code=concept(f"{row['name']}, total", **row["code"]),
            subject=_about(body),
            effectiveDateTime=row["at"],
            valueInteger=row["total"],
            interpretation=[concept(row["band"])] if row["band"] else [],
        )
        for row in body["measures"]
    ]
    rows = [(row["name"], row["at"][:10], str(row["total"]), row["band"]) for row in body["measures"]]
    yield _listed("Questionnaires", ("Questionnaire", "Answered on", "Total", "Range"), rows, "10190-7", found)


def _plan(_pk: UUID, body: Body) -> Iterator[Section]:
    plan = body["plan"]
    goals = [
        record(
            "Goal",
            row["id"],
            identifier=[identifier(row["id"])],
            lifecycleStatus=GOAL_STATUS[row["status"]],
            description=concept(row["words"]),
            subject=_about(body),
            startDate=row["since"],
            note=[{"text": f"{row['progress']} of 10, as they see it"}],
        )
        for row in plan["goals"]
    ]
    rows = [(f"“{row['words']}”", row["shown"], f"{row['progress']} of 10") for row in plan["goals"]]
    columns = ("Goal, in their words", "Where it stands", "As they see it")
    yield Section(
        "Plan and goals", _plan_words(plan), columns, rows, loinc="18776-5", records=[*_care_plan(body, goals), *goals]
    )


def _plan_words(plan: Body) -> str:
    care = f"Care here: {plan['minutes']} minutes a week for {plan['weeks']} weeks." if plan["id"] else ""
    signs = f"Warning signs: {plan['warning_signs']}" if plan["warning_signs"] else ""
    helps = f"What helps: {plan['what_helps']}" if plan["what_helps"] else ""
    told = [line for line in (care, signs, helps) if line]
    return "\n".join(told) if told or plan["goals"] else "Nothing is on record."


def _care_plan(body: Body, goals: list[Json]) -> list[Json]:
    plan = body["plan"]
    if not plan["id"]:
        return []
    return [
        record(
            "CarePlan",
            plan["id"],
            identifier=[identifier(plan["id"])],
            status=("completed" if body["is_over"] else "active") if "stay" in body else "unknown",
            intent="plan",
            title="Plan of the stay",
            description=_plan_words(plan),
            subject=_about(body),
            goal=[reference(one["id"]) for one in goals],
        )
    ]


def _next(pk: UUID, body: Body) -> Iterator[Section]:
    coming, to = body["next"], body["recipient"]
    rows = [
        ("Next care", coming["care"]),
        ("With", to["name"]),
        ("Phone", to["phone"]),
        ("First appointment", coming["shown"]),
    ]
    asked = record(
        "ServiceRequest",
        _made(pk, "request"),
        status="active",
        intent="order",
        category=[concept("Referral to next care")],
        code=concept(coming["care"]),
        subject=_about(body),
        authoredOn=body["made_at"],
        requester=reference(_made(pk, "author"), body["author"]["name"]),
        performer=[reference(_recipient(pk), to["name"])],
    )
    records = [asked, *_appointment(pk, body)]
    yield Section("What comes next", rows=_filled(rows), loinc="56446-8", records=records)


def _appointment(pk: UUID, body: Body) -> list[Json]:
    """R4 wants the end of what is booked (app-3); how long it lasts nobody told us, so it ends when it begins."""
    at = body["next"]["at"]
    if not at:
        return []
    there = [reference(body["person"]["id"]), reference(_recipient(pk), body["recipient"]["name"])]
    return [
        record(
            "Appointment",
            _made(pk, "appointment"),
            status="booked",
            description=body["next"]["care"],
            start=at,
            end=at,
            comment="The first appointment. How long it lasts is not known here.",
            basedOn=[reference(_made(pk, "request"))],
            participant=[{"actor": who, "status": "accepted"} for who in there],
        )
    ]


def _coverage(pk: UUID, body: Body) -> Iterator[Section]:
    records = [one for place, row in enumerate(body["coverage"]) for one in _paying(pk, place, row, body)]
    rows = [(row["name"], row["plan"], _number(row), row["group"], row["rank"]) for row in body["coverage"]]
    yield _listed("Who pays", ("Payer", "Plan", "Member number", "Group", "Order"), rows, "48768-6", records)


def _number(row: Body) -> str:
    return row["member_id"] or ("On the file alone" if row.get("sealed") else "")


def _paying(pk: UUID, place: int, row: Body, body: Body) -> Iterator[Json]:
    """The coverage and its payer; who has no insurance pays themself, and nobody else is named."""
    payer, is_insured = _made(pk, f"payer {place}"), row["kind"] == "insurance"
    period = {name: row[day] for name, day in (("start", "starts_on"), ("end", "ends_on")) if row[day]}
    classes = [
        {"type": coded(TERMINOLOGY + "coverage-class", kind), "value": row[kind], "name": row[kind]}
        for kind in ("group", "plan")
        if row[kind]
    ]
    yield record(
        "Coverage",
        row["id"],
        identifier=[identifier(row["id"])],
        status="active",
        type=concept(row["name"]),
        subscriberId=row["member_id"],
        beneficiary=_about(body),
        period=period,
        payor=[reference(payer, row["name"]) if is_insured else _about(body)],
        **{"class": classes},
    )
    if is_insured:
        yield _organisation(payer, row["name"], "")


def _agreed(body: Body) -> Section:
    """42 CFR 2.32: the notice, with what was agreed to."""
    consent = body["consent"]
    until = f" It holds until {consent['expires_on']}." if consent["expires_on"] else ""
    words = (
        f"{NOTICE}\nSent to {body['recipient']['name']} under the consent “{consent['kind']}”, signed on"
        f" {consent['signed_on']}.{until}\nWhat: {consent['information']}.\nFor what: {consent['purpose']}."
    )
    return Section("What may be done with this", words=words)
