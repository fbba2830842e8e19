"""What an admission does when it hears from people and first contact."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from hearth.accounts.models import User
from hearth.admission import services
from hearth.admission.coverage import take_over
from hearth.admission.models import Episode
from hearth.inquiry import facts as inquiry
from hearth.inquiry.models import Referral
from hearth.people import facts as people


@receiver(inquiry.referral_accepted, dispatch_uid="admission.take_over_who_pays")
def take_over_who_pays(*, referral_id: UUID, at: datetime, **_: Any) -> None:
    """Who pays was told by the sender; nobody types it again."""
    referral = Referral.objects.select_related("patient__organisation", "decided_by").get(pk=referral_id)
    assert referral.decided_by is not None
    take_over(referral=referral, by=referral.decided_by, at=at)


@receiver(people.death_noted, dispatch_uid="admission.end_with_a_death")
def end_with_a_death(*, patient_id: UUID, by_id: UUID, at: datetime, on: date, **_: Any) -> None:
    """The stay of somebody who has died is over."""
    for episode in Episode.objects.active().filter(patient=patient_id):
        services.end_episode(
            episode=episode, reason=Episode.EndReason.DIED, on=on, by=User.objects.get(pk=by_id), at=at
        )


@receiver(people.death_taken_back, dispatch_uid="admission.go_on_after_a_mistake")
def go_on_after_a_mistake(*, patient_id: UUID, by_id: UUID, at: datetime, noted_at: datetime, **_: Any) -> None:
    """The stay that ended by this mistake goes on."""
    for episode in Episode.objects.filter(patient=patient_id, ended_at=noted_at, end_reason=Episode.EndReason.DIED):
        services.open_again(episode=episode, by=User.objects.get(pk=by_id), at=at)
