"""What a transfer packet tells, as plain JSON, true when it was put together.

A part that was not agreed to is not even read.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import translation

from hearth.accounts.models import User
from hearth.admission.coverage import coverages_of, member_id_of
from hearth.admission.coverage_models import Coverage
from hearth.admission.models import Episode
from hearth.aftercare.models import TransitionPlan
from hearth.aftercare.queries import discharge_of
from hearth.aftercare.transfer_consent import Grant
from hearth.aftercare.transfer_rules import Part
from hearth.inquiry.models import CarriedFact
from hearth.inquiry.referral_queries import carried_facts
from hearth.measures import instrument as instruments
from hearth.measures.fhir import code_of
from hearth.measures.models import Response
from hearth.measures.queries import responses_of
from hearth.people.models import Patient
from hearth.plan.queries import current_plan, goals_of, problems_of
from hearth.sessions.doses import attendance_summary

type Body = dict[str, Any]

LANGUAGE = "en"
"""Providers read English here, whoever put it together."""
BEFORE = timedelta(days=14)
"""What was asked this long before a stay began is its beginning, too."""


def body_of(plan: TransitionPlan, grant: Grant, *, by: User, at: datetime) -> Body:
    """Who it is about, from whom, for whom, under what, and each part that was agreed to, by its name."""
    episode, patient = plan.episode, plan.patient
    house, consent = by.organisation, grant.consent
    parts: dict[Part, Callable[[], Any]] = {
        Part.STAY: lambda: _stay(episode, at),
        Part.CONDITIONS: lambda: _conditions(episode),
        Part.MEDICATIONS: lambda: _medications(episode, tells_why=Part.CONDITIONS in grant.parts),
        Part.ALLERGIES: lambda: _allergies(patient),
        Part.MEASURES: lambda: _measures(episode),
        Part.PLAN: lambda: _plan(plan),
        Part.NEXT: lambda: _next(plan),
        Part.COVERAGE: lambda: _coverage(patient, at.astimezone(house.zone).date()),
    }
    with translation.override(LANGUAGE):
        return {
            "made_at": at.astimezone(house.zone).isoformat(timespec="seconds"),
            "is_over": Part.STAY in grant.parts and discharge_of(episode) is not None,  # that it ended is of the stay
            "house": {"id": str(house.pk), "name": house.name, "phone": house.phone},
            "author": {"id": str(by.pk), "name": by.name, "title": by.title},
            "recipient": {"name": grant.recipient, "phone": plan.next_phone},
            "consent": {
                "signed_on": consent.signed_at.astimezone(house.zone).date().isoformat(),
                "kind": str(consent.get_kind_display()),
                "information": consent.information,
                "purpose": consent.purpose,
                "expires_on": consent.expires_on.isoformat() if consent.expires_on else "",
            },
            "person": _person(patient),
            **{str(part): parts[part]() for part in Part if part in grant.parts},
        }


def _person(patient: Patient) -> Body:
    return {
        "id": str(patient.pk),
        "chosen": patient.chosen_name,
        "given": patient.legal_given or patient.chosen_name,
        "family": patient.family_name,
        "birth_date": patient.birth_date.isoformat(),
        "sex": patient.sex,
        "phone": patient.phone,
        "languages": list(patient.languages),
    }


def _stay(episode: Episode, at: datetime) -> Body:
    came = attendance_summary(episodes=[episode], at=at)[episode.pk]
    signed = discharge_of(episode)
    told = signed.body if signed else {}
    return {
        "id": str(episode.pk),
        "program": episode.program.name,
        "starts_on": episode.starts_on.isoformat(),
        "ended_on": told.get("ended_on", ""),
        "planned_end_on": episode.planned_end_on.isoformat(),
        "reason": told.get("reason", ""),
        "level": told.get("level_at_discharge", ""),
        "came": came.came,
        "sessions": came.sessions,
        "hours": round(came.minutes / 60),
        "course": told.get("course", ""),
        "risk": told.get("risk", ""),
        "naloxone": told.get("naloxone", ""),
    }


def _conditions(episode: Episode) -> list[Body]:
    return [
        {
            "id": str(row.pk),
            "text": row.text,
            "code": row.code,
            "system": row.code_system,
            "noted_on": row.noted_at.date().isoformat(),
        }
        for row in problems_of(episode)
    ]


def _medications(episode: Episode, *, tells_why: bool) -> Body:
    """What is taken; what it is for is a diagnosis as often as not, and goes only with them."""
    taken = episode.patient.medications.taken().order_by("written_at", "pk")
    signed = discharge_of(episode)
    return {
        "words": signed.body["medications"] if signed else "",
        "taken": [
            {
                "id": str(row.pk),
                "name": row.name,
                "dose": row.dose,
                "reason": row.reason if tells_why else "",
                "prescriber": row.prescriber,
                "on": row.written_at.date().isoformat(),
            }
            for row in taken
        ],
    }


def _allergies(patient: Patient) -> list[Body]:
    told = carried_facts(patient).filter(kind=CarriedFact.Kind.ALLERGY)
    return [
        {
            "id": str(row.pk),
            "text": row.text,
            "system": row.system,
            "code": row.code,
            "reactions": row.detail,
            "status": row.status,
        }
        for row in told
    ]


def _measures(episode: Episode) -> list[Body]:
    """The first and the latest total of each questionnaire."""
    since = episode.starts_on - BEFORE
    rows = responses_of(episode.patient).filter(total__isnull=False, answered_at__date__gte=since)
    return [
        _measure(row)
        for instrument in sorted({row.instrument for row in rows})
        for row in _ends([row for row in rows if row.instrument == instrument])
    ]


def _ends(newest_first: list[Response]) -> Iterable[Response]:
    return dict.fromkeys((newest_first[-1], newest_first[0]))


def _measure(row: Response) -> Body:
    instrument = instruments.get(row.instrument)
    return {
        "id": str(row.pk),
        "name": instrument.name,
        "code": code_of(instrument.total_code, f"{instrument.id}.total"),
        "total": row.total,
        "band": row.band,
        "at": row.answered_at.isoformat(timespec="seconds"),
    }


def _plan(plan: TransitionPlan) -> Body:
    current = current_plan(plan.episode)
    return {
        "id": str(current.pk) if current else "",
        "minutes": current.minutes_a_week() if current else 0,
        "weeks": current.weeks if current else 0,
        "goals": [
            {
                "id": str(row.pk),
                "words": row.words,
                "status": row.status,
                "shown": str(row.get_status_display()),
                "progress": row.progress,
                "steps": [step.words for step in row.steps.all()],
                "since": row.agreed_at.date().isoformat(),
            }
            for row in goals_of(plan.patient)
        ],
        "warning_signs": plan.warning_signs,
        "what_helps": plan.what_helps,
    }


def _next(plan: TransitionPlan) -> Body:
    zone = plan.organisation.zone
    return {
        "care": str(plan.get_next_care_display()),
        "at": plan.next_at.astimezone(zone).isoformat(timespec="seconds") if plan.next_at else "",
        "shown": plan.next_at.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z") if plan.next_at else "",
    }


def opened(body: Body) -> Body:
    """The body as it leaves: the numbers on cards, which stay sealed in the packet as in the chart, can be read."""
    if Part.COVERAGE not in body:
        return body
    patient = UUID(body["person"]["id"])
    return body | {Part.COVERAGE: [row | {"member_id": _member_id(row, patient)} for row in body[Part.COVERAGE]]}


def _member_id(row: Body, patient: UUID) -> str:
    kept = row.get("sealed")
    if not kept:
        return str(row["member_id"])
    return member_id_of(Coverage(id=UUID(row["id"]), patient_id=patient, member_id=b64decode(kept)))


def _coverage(patient: Patient, today: date) -> list[Body]:
    rows = [row for row in coverages_of(patient) if row.ends_on is None or row.ends_on >= today]
    return [
        {
            "id": str(row.pk),
            "name": row.name,
            "kind": row.kind,
            "rank": str(row.get_rank_display()),
            "plan": row.plan,
            "group": row.group,
            "member_id": "",
            "sealed": b64encode(bytes(row.member_id)).decode() if member_id_of(row) else "",
            "starts_on": row.starts_on.isoformat() if row.starts_on else "",
            "ends_on": row.ends_on.isoformat() if row.ends_on else "",
        }
        for row in rows
    ]
