"""A place in the circle of one's program and agreeing to its rule; coming to the alumni's, and leaving it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.circle.choosing import forget_all
from hearth.circle.models import Circle, Membership
from hearth.circle.places import own_alumni_place, own_membership, own_stay, stay_for_alumni


@transaction.atomic
def join(*, episode: Episode, at: datetime) -> Membership:
    """The place of this stay in the circle of its program; the circle opens with its first member.

    For admission, and for a student of a stay that began before there were circles. Every circle begins read first.
    """
    population = episode.patient.population
    circle, _opened = Circle.objects.get_or_create(
        program=episode.program,
        is_alumni=False,
        defaults={"population": population, "opened_at": at},
    )
    membership, is_new = Membership.objects.get_or_create(
        circle=circle,
        episode=episode,
        defaults={"patient": episode.patient, "population": population, "joined_at": at},
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


@transaction.atomic
def join_alumni(*, by: User, at: datetime) -> Membership:
    """Whoever completed the program comes to the circle of their track's alumni, having read its rule.

    Raises PermissionDenied for everybody else.
    """
    place = own_membership(viewer=by, at=at)
    if place is not None and place.circle.is_alumni:
        return place
    stay = stay_for_alumni(viewer=by, at=at)
    if stay is None:
        raise PermissionDenied
    population = stay.program.population
    circle, _opened = Circle.objects.get_or_create(
        program=stay.program,
        is_alumni=True,
        track=stay.track,
        defaults={"population": population, "opened_at": at},
    )
    facts = {"joined_at": at, "agreed_at": at, "left_at": None}
    membership, _is_new = Membership.objects.update_or_create(
        circle=circle,
        episode=stay,
        defaults=facts,
        create_defaults=facts | {"patient": stay.patient, "population": population},
    )
    audit.record("circle.alumni_joined", by=by, about=membership, at=at)
    return membership


@transaction.atomic
def leave_alumni(*, by: User, at: datetime) -> None:
    """The alumnus leaves: nothing of theirs is read there any more, and what they chose is gone.

    Raises PermissionDenied.
    """
    place = own_alumni_place(viewer=by, at=at)
    place.left_at = at
    place.save(update_fields=["left_at"])
    forget_all(place)
    audit.record("circle.alumni_left", by=by, about=place, at=at)
