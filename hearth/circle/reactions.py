"""What the circle does when it hears from admission and of releases.

At the end of a stay nothing is to be done: its place shuts.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from hearth.admission.facts import admitted
from hearth.admission.models import Episode
from hearth.circle import services
from hearth.consent.facts import consent_revoked, consent_signed
from hearth.consent.models import ConsentKind


@receiver(admitted, dispatch_uid="circle.join")
def join(*, episode_id: UUID, at: datetime, **_: Any) -> None:
    """Whoever is admitted has a place in the circle of their program."""
    services.join(episode=Episode.objects.select_related("program", "patient").get(pk=episode_id), at=at)


@receiver(consent_signed, dispatch_uid="circle.settle_signed")
@receiver(consent_revoked, dispatch_uid="circle.settle_revoked")
def settle(*, patient_id: UUID, kind: str, at: datetime, **_: Any) -> None:
    """A release may introduce a peer mentor, or end that."""
    if kind == ConsentKind.RELEASE:
        services.settle_releases(patient=patient_id, at=at)
