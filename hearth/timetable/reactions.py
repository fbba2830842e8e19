"""What the timetable does when it hears from admission."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from hearth.accounts.models import User
from hearth.admission import facts as admission
from hearth.admission.models import Episode
from hearth.timetable.accepting import free_places


@receiver(admission.episode_ended, dispatch_uid="timetable.free_places_after_an_episode")
def free_places_after_an_episode(*, episode_id: UUID, by_id: UUID, at: datetime, on: date, **_: Any) -> None:
    """Nobody holds a place after their episode; what only they came to ends with it."""
    episode = Episode.objects.select_related("patient").get(pk=episode_id)
    free_places(patient=episode.patient, start=on, by=User.objects.get(pk=by_id), at=at)
