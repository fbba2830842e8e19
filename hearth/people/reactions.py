"""What people do when accounts change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from hearth.accounts import facts as accounts
from hearth.people import services


@receiver(accounts.profile_changed)
def follow_profile(user_id: UUID, at: datetime, **_: Any) -> None:
    """A chart shows the name and pronouns its person chose."""
    services.follow_profile(user_id=user_id, at=at)
