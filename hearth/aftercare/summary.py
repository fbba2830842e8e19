"""The discharge summary: its parts as data, and the same as a PDF."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import typst

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.aftercare.models import Discharge, TransitionPlan
from hearth.measures import instrument as instruments
from hearth.measures.queries import first_and_last
from hearth.people.queries import primary_counselor_of
from hearth.plan.queries import goals_of, problems_of
from hearth.sessions.doses import attendance_summary

TEMPLATE = Path(__file__).parent / "summary.typ"


@dataclass(frozen=True, slots=True)
class Words:
    """What the clinician writes for the summary."""

    level_at_discharge: str
    course: str
    medications: str
    risk: str
    naloxone: str  # offered, given, declined or not needed


def body_of(
    episode: Episode, transition: TransitionPlan, words: Words, *, despite: str, by: User, at: datetime
) -> dict[str, Any]:
    """Everything the summary says, as plain JSON, true on the day it is signed."""
    patient = episode.patient
    came = attendance_summary(episodes=[episode], at=at)[episode.pk]
    counselor = primary_counselor_of(patient)
    return {
        "organisation": by.organisation.name,
        "phone": by.organisation.phone,
        "patient": {"name": patient.name, "birth_date": patient.birth_date.isoformat()},
        "program": episode.program.name,
        "admitted_on": episode.starts_on.isoformat(),
        "ended_on": at.astimezone(by.organisation.zone).date().isoformat(),
        "reason": str(episode.get_end_reason_display()),
        "despite": despite.strip(),
        "counselor": f"{counselor.name}, {counselor.title}".rstrip(", ") if counselor else "",
        "problems": [f"{row.text} {row.code}".strip() for row in problems_of(episode)],
        "goals": [
            {"words": goal.words, "status": str(goal.get_status_display()), "progress": goal.progress}
            for goal in goals_of(patient)
        ],
        "attendance": {"came": came.came, "sessions": came.sessions, "hours": round(came.minutes / 60)},
        "measures": _measures(episode),
        **asdict(words),
        "next": {
            "care": str(transition.get_next_care_display()),
            "provider": transition.next_provider,
            "phone": transition.next_phone,
            "at": transition.next_at.astimezone(by.organisation.zone).strftime("%Y-%m-%d %H:%M")
            if transition.next_at
            else "",
            "follow_up_on": transition.follow_up_on.isoformat(),
        },
        "warning_signs": transition.warning_signs,
        "what_helps": transition.what_helps,
        "people": transition.people,
        "signed": f"{by.name}, {by.title}".rstrip(", "),
        "signed_at": at.astimezone(by.organisation.zone).strftime("%Y-%m-%d %H:%M %Z"),
    }


def _measures(episode: Episode) -> list[dict[str, Any]]:
    since = episode.starts_on - timedelta(days=14)
    asked = episode.patient.responses.filter(total__isnull=False).values_list("instrument", flat=True).distinct()
    found = []
    for instrument_id in sorted(set(asked)):
        pair = first_and_last(episode.patient, instrument_id, since=since)
        if pair:
            found.append(
                {
                    "name": instruments.get(instrument_id).name,
                    "first": pair[0].total,
                    "latest": pair[1].total,
                    "band": pair[1].band,
                }
            )
    return found


def pdf_of(discharge: Discharge) -> bytes:
    """The signed summary as a tagged PDF of one or two pages."""
    made_on = date.fromisoformat(discharge.body["ended_on"])
    return bytes(
        typst.compile(
            TEMPLATE,
            format="pdf",
            sys_inputs={"body": json.dumps(discharge.body)},
            timestamp=int(datetime(made_on.year, made_on.month, made_on.day).timestamp()),  # noqa: DTZ001
        )
    )
