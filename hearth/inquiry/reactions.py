"""What first contact does when it hears from people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from hearth.accounts.models import User
from hearth.inquiry.interviews import drop_interviews_of
from hearth.people import facts as people


@receiver(people.death_noted, dispatch_uid="inquiry.let_go_after_a_death")
def let_go_after_a_death(*, patient_id: UUID, by_id: UUID, at: datetime, **_: Any) -> None:
    """Nobody is to call somebody who has died: the hour of a conversation still to come is free."""
    drop_interviews_of(patient=patient_id, by=User.objects.get(pk=by_id), at=at)
