"""What answers raise: one concern for each severity of a source, in the transaction that stores the answer."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from hearth.accounts.models import User
from hearth.measures import instrument as instruments
from hearth.measures.kiosk_rules import sources_of
from hearth.measures.models import Response
from hearth.measures.rules import Alert
from hearth.people.models import Patient
from hearth.safety import services as safety
from hearth.safety.models import Concern

SOURCE = "measures.response"


def raise_concerns(
    patient: Patient,
    source_id: UUID,
    heading: Iterable[str],
    alerts: Iterable[Alert],
    by: User | None,
    at: datetime,
) -> None:
    """One concern for each severity, with every reason of it: a source raises each severity once."""
    reasons: dict[str, list[str]] = {}
    for alert in alerts:
        reasons.setdefault(alert.severity, []).append(alert.reason)
    for severity, told in reasons.items():
        safety.raise_concern(
            patient=patient,
            source_kind=SOURCE,
            source_id=source_id,
            severity=severity,
            summary="\n".join([*heading, *dict.fromkeys(told)])[:300],
            by=by,
            at=at,
        )


def raised_by(response: Response, concerns: Iterable[Concern]) -> list[Concern]:
    """Those of a student's concerns that these answers raised, one by one or together."""
    sources = sources_of(instruments.get(response.instrument), response.pk)
    return [one for one in concerns if one.source_kind == SOURCE and one.source_id in sources]
