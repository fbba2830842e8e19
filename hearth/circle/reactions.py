"""What the circle does when it hears from admission. At the end of a stay nothing is to be done: its place shuts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from hearth.admission.facts import admitted
from hearth.admission.models import Episode
from hearth.circle import services


@receiver(admitted, dispatch_uid="circle.join")
def join(*, episode_id: UUID, at: datetime, **_: Any) -> None:
    """Whoever is admitted has a place in the circle of their program."""
    services.join(episode=Episode.objects.select_related("program", "patient").get(pk=episode_id), at=at)
