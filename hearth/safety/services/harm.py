"""Putting right what harm an incident did, and asking for what must be told because of that."""

from datetime import datetime

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.safety.incident_models import Incident, IncidentDuty, IncidentStep
from hearth.safety.services.incidents import duties_asked, held, write_step


@transaction.atomic
def change_harm(*, incident: Incident, harm: str, learned_at: datetime, words: str, by: User, at: datetime) -> None:
    """Write down that the harm is another than was known, and what must be told because of that.

    What the harm asks for now counts from when one of the house learned of it. What was asked for before stays: that
    it need not be told is for a person to say. Raises PermissionDenied, Involved.
    """
    row = held(incident, by, at)
    was = row.harm
    if harm == was:
        return
    before = {_which(one) for one in duties_asked(row, learned_at=learned_at)}
    row.harm, row.is_near_miss = harm, row.is_near_miss and harm == Incident.Harm.NONE
    row.save(update_fields=["harm", "is_near_miss"])
    said = {"harm_before": was, "harm": harm, "learned_at": learned_at, "words": words.strip()}
    write_step(row, IncidentStep.Kind.HARM, by, at, **said)
    audit.record("safety.incident_harm_changed", by=by, about=row, at=at, was=was, harm=harm)
    known = {_which(one): one for one in row.duties.all()}
    for duty in duties_asked(row, learned_at=learned_at):
        if _which(duty) not in before:
            _ask(duty, known.get(_which(duty)))


def _which(duty: IncidentDuty) -> tuple[str, str, str, str]:
    return duty.rule, duty.to, duty.what, duty.source


def _ask(duty: IncidentDuty, known: IncidentDuty | None) -> None:
    """Ask for it, unless it is asked for or told already; once said not to apply, it does again."""
    if known is None:
        duty.save()
    elif known.settled == IncidentDuty.Settled.NOT_DUE:
        known.settled, known.due_at = "", duty.due_at
        known.save(update_fields=["settled", "due_at"])
