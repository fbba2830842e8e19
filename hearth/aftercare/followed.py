"""How many of those asked after the program answered, for figures of many people. Callers tell nothing of few."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hearth.admission.models import Episode
from hearth.aftercare.models import FollowUp
from hearth.aftercare.queries import LINK_LASTS, SOON

DAYS = (7, 30, 90, 180, 365)


def answered_after(stays: Collection[UUID], *, at: datetime) -> Mapping[int, Mapping[UUID, bool]]:
    """For each of DAYS, by stay, whether the follow-up due then was answered. One query.

    Counted are those due so long before `at` that their link no longer opens, of the living who were not in the program
    again when it was due: those are asked nothing. The first week holds every follow-up due in it.
    """
    again = Episode.objects.filter(patient=OuterRef("patient"), starts_on__lte=OuterRef("due_on")).exclude(
        pk=OuterRef("episode")
    )
    again = again.filter(Q(ended_at=None) | Q(ended_at__date__gte=OuterRef("due_on")))
    rows = FollowUp.objects.filter(
        ~Exists(again),
        Q(patient__has_died=False) | Q(patient__death_noted_at__gte=at),  # as it was known then
        episode__in=stays,
        due_on__lte=timezone.localdate(at - LINK_LASTS),
    )
    told = rows.values_list("episode", "episode__ended_at", "due_on", "answered_at")
    found: dict[int, dict[UUID, bool]] = {day: {} for day in DAYS}
    for stay, ended_at, due_on, answered_at in told:
        after = due_on - timezone.localdate(ended_at)
        day = SOON.days if after <= SOON else after.days
        if day in found:
            found[day][stay] = found[day].get(stay, False) or (answered_at is not None and answered_at < at)
    return found
