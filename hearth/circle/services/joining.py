"""A place in the circle of one's program, and agreeing to its rule."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.circle.models import Circle, Membership
from hearth.circle.queries import own_stay


@transaction.atomic
def join(*, episode: Episode, at: datetime) -> Membership:
    """The place of this stay in the circle of its program; the circle opens with its first member.

    For admission, and for a student of a stay that began before there were circles. Every circle begins read first.
    """
    population = episode.patient.population
    circle, _opened = Circle.objects.get_or_create(
        program=episode.program,
        defaults={"population": population, "opened_at": at},
    )
    membership, is_new = Membership.objects.get_or_create(
        episode=episode,
        defaults={"circle": circle, "patient": episode.patient, "population": population, "joined_at": at},
    )
    if is_new:
        audit.record("circle.joined", by=None, about=membership, at=at)
    return membership


@transaction.atomic
def agree(*, by: User, at: datetime) -> Membership:
    """The student has read the rule on contact outside, and why. Once for a stay. Raises PermissionDenied."""
    stay = own_stay(viewer=by)
    if stay is None:
        raise PermissionDenied
    membership = Membership.objects.select_for_update().get(pk=join(episode=stay, at=at).pk)
    if membership.agreed_at is None:
        membership.agreed_at = at
        membership.save(update_fields=["agreed_at"])
        audit.record("circle.agreed", by=by, about=membership, at=at)
    return membership
