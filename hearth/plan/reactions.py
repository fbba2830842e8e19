"""What a plan does when it hears from admission."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from hearth.accounts.models import User
from hearth.admission import facts as admission
from hearth.admission.models import Episode
from hearth.measures import services as measures
from hearth.plan import services
from hearth.program import pack


@receiver(admission.admitted, dispatch_uid="plan.draft_on_admission")
def draft_on_admission(*, episode_id: UUID, by_id: UUID, at: datetime, weeks: int, **_: Any) -> None:
    """A new episode gets its program's plan as a draft, and its measures fall due by the pack's rules."""
    episode = Episode.objects.select_related("patient", "program").get(pk=episode_id)
    by = User.objects.get(pk=by_id)
    services.draft_plan(episode=episode, weeks=weeks, by=by, at=at)
    described = pack.get(episode.program.pack)
    measures.follow_rules(
        patient=episode.patient,
        rules=described.due_for(episode.track),
        started_on=episode.starts_on,
        by=by,
        at=at,
        minutes_a_week=described.settings["measure_minutes_a_week"].value,
    )
