"""A referral that arrives as a FHIR R4 bundle or a C-CDA document: a packet for a human to judge, or refused plainly.

Nothing in the file is trusted. What makes the whole file unusable is refused (`Unreadable`); what is wrong
with single records is left out and named in `Packet.problems`. Why FHIR models do not read it: the record
"R4 referrals are read by our own small reader" in docs/adr.
"""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import NoReturn

from hearth.inquiry import bundle_clinical, bundle_coverage, bundle_history, bundle_person, cda
from hearth.inquiry.bundle_fhir import Index, Json, obj, objs, text
from hearth.inquiry.bundle_version import other_version
from hearth.inquiry.cda_xml import NotCda
from hearth.inquiry.packet import Packet
from hearth.inquiry.said import Said
from hearth.inquiry.said import mark as _

LARGEST_BYTES = 20_000_000
MOST_RECORDS = 20_000
_MOST_PROBLEMS = 20
_BUNDLES = ("transaction", "batch", "collection", "document", "message", "searchset")


class Unreadable(Exception):
    """This file cannot be taken as a referral; `problems` says why, one sentence each."""

    def __init__(self, *problems: Said) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def read(data: bytes, *, today: date) -> Packet:
    """The referral in this file. Raises Unreadable; a birth date after `today` is one of its reasons."""
    entries = _from_document(data, today) if _is_xml(data) else _entries(_parsed(data))
    index = Index(entries)
    patients = _patients(index)
    refused = _refusals(index, patients, today=today)
    if refused:
        raise Unreadable(*refused)
    problems: list[Said] = []
    theirs = _of_this_person(index, entries, patients[0], problems)
    packet = _packet(theirs, patients[0], today=today, problems=problems)
    return replace(packet, problems=_told_once(problems), counts=_counts(index))


def _is_xml(data: bytes) -> bool:
    return data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def _from_document(data: bytes, today: date) -> list[Json]:
    _require_size(data)
    try:
        return _not_too_many(cda.entries(data, today=today))
    except NotCda as refused:
        raise Unreadable(refused.said) from None


def _require_size(data: bytes) -> None:
    if len(data) > LARGEST_BYTES:
        raise Unreadable(Said(_("The file is larger than %(most)s MB."), most=LARGEST_BYTES // 1_000_000))


def _parsed(data: bytes) -> Json:
    _require_size(data)
    if not data.strip():
        raise Unreadable(Said(_("The file is empty.")))
    try:
        parsed = json.loads(data, parse_constant=_not_a_number)
    except RecursionError:
        raise Unreadable(Said(_("The file is nested too deeply to be a referral."))) from None
    except json.JSONDecodeError as error:
        raise Unreadable(_not_json(error)) from None
    except ValueError:
        raise Unreadable(Said(_("The file is not JSON. Please ask the sender for FHIR R4 as JSON."))) from None
    if not isinstance(parsed, dict):
        raise Unreadable(Said(_("The file is JSON, but not FHIR. Please ask the sender for FHIR R4 as JSON.")))
    return parsed


def _not_a_number(name: str) -> NoReturn:
    raise ValueError(name)


def _not_json(error: json.JSONDecodeError) -> Said:
    """Cut short, if it began like an object and was still waiting for something at its end."""
    sent = error.doc.strip()
    waiting = error.msg.startswith("Unterminated string") or error.pos >= len(error.doc.rstrip())
    if sent.startswith("{") and (waiting or not sent.endswith("}")):
        return Said(_("The file ends in the middle: it was cut short. Please ask the sender to send it again."))
    return Said(
        _("The file is not JSON (line %(line)s, column %(column)s). Please ask the sender for FHIR R4 as JSON."),
        line=error.lineno,
        column=error.colno,
    )


def _entries(bundle: Json) -> list[Json]:
    kind = text(bundle.get("resourceType"))
    if kind is None:
        raise Unreadable(Said(_("The file is JSON, but not FHIR. Please ask the sender for FHIR R4 as JSON.")))
    if kind != "Bundle":
        raise Unreadable(
            Said(_("The file holds a single FHIR %(kind)s, not a bundle of one person's records."), kind=kind[:60])
        )
    bundle_type = text(bundle.get("type"))
    if bundle_type not in _BUNDLES:
        raise Unreadable(
            Said(
                _("The bundle is of the type “%(kind)s”, which carries no referral."),
                kind=(bundle_type or "unknown")[:60],
            )
        )
    return _not_too_many(objs(bundle.get("entry")))


def _not_too_many(entries: list[Json]) -> list[Json]:
    if len(entries) > MOST_RECORDS:
        raise Unreadable(
            Said(
                _("The file holds more than %(most)s records, too many for one person's referral."),
                most=f"{MOST_RECORDS:,}",
            )
        )
    return entries


def _patients(index: Index) -> list[Json]:
    """The different patients; one that was sent twice under the same id counts once."""
    once: dict[object, Json] = {}
    for patient in index.of("Patient"):
        once.setdefault(text(patient.get("id")) or id(patient), patient)
    return list(once.values())


def _refusals(index: Index, patients: list[Json], *, today: date) -> list[Said]:
    found = []
    version = other_version(index)
    if version:
        asked = Said(_("Please ask the sender for FHIR R4 as JSON."))
        told = _("The file is FHIR %(version)s, which cannot be read here. %(asked)s")
        found.append(Said(told, version=version, asked=asked))
    if not patients:
        found.append(Said(_("There is no patient in the file.")))
    if len(patients) > 1:
        found.append(
            Said(_("There are %(count)s patients in the file; a referral is for one person."), count=len(patients))
        )
    for patient in patients:
        born = bundle_person.birth_date(patient)
        if born and born > today:
            found.append(Said(_("The birth date (%(born)s) is in the future."), born=str(born)))
    return found


def _of_this_person(index: Index, entries: list[Json], patient: Json, problems: list[Said]) -> Index:
    """The index without records that are about somebody else, so that they are never shown."""
    kept, others, empty = [], 0, 0
    for entry in entries:
        resource = obj(entry.get("resource"))
        if not isinstance(resource.get("resourceType"), str):
            empty += 1
        elif _is_about_another(index, resource, patient):
            others += 1
        else:
            kept.append(entry)
    if others:
        problems.append(Said(_("Records about someone else were left out (%(count)s)."), count=others))
    if empty:
        problems.append(Said(_("Entries without a FHIR record were left out (%(count)s)."), count=empty))
    return Index(kept)


def _is_about_another(index: Index, resource: Json, patient: Json) -> bool:
    about = next((obj(resource[key]) for key in ("subject", "patient", "beneficiary") if key in resource), {})
    target = about.get("reference")
    if not isinstance(target, str) or target.startswith("#"):
        return False
    found = index.resolve(about)
    return found is not patient and (found.get("resourceType"), found.get("id")) != (
        "Patient",
        patient.get("id"),
    )


def _packet(index: Index, patient: Json, *, today: date, problems: list[Said]) -> Packet:
    who = bundle_person.person(patient, today=today, problems=problems)
    referral, request = bundle_person.referral(index)
    conditions, social = bundle_clinical.conditions(index, problems)
    medications = bundle_clinical.medications(index, problems)
    allergies = bundle_clinical.allergies(index, problems)
    return Packet(
        person=who,
        sender=bundle_person.sender(index, patient, request),
        referral=referral,
        conditions=conditions,
        social=social,
        medications=medications,
        allergies=allergies,
        measures=bundle_history.measures(index),
        coverage=bundle_coverage.coverage(index),
        care_team=bundle_person.care_team(index, patient),
        visits=bundle_history.visits(index),
        procedures=bundle_history.procedures(index),
    )


def _counts(index: Index) -> dict[str, int]:
    return dict(Counter(text(one["resourceType"]) or "unnamed" for one in index.resources).most_common())


def _told_once(problems: list[Said]) -> tuple[Said, ...]:
    """Each sentence once, with how often it is true; no more of them than a person will read."""
    told = [
        Said(_("%(said)s (%(times)s times)"), said=said, times=times) if times > 1 else said
        for said, times in Counter(problems).items()
    ]
    more = len(told) - _MOST_PROBLEMS
    if more <= 0:
        return tuple(told)
    return (*told[:_MOST_PROBLEMS], Said(_("There are %(count)s more problems."), count=more))
