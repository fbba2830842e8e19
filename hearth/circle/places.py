"""Who has a place in which circle at a moment: students in their stay, alumni after it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.admission.models import Episode
from hearth.admission.queries import active_episode_of, latest_episode_of
from hearth.circle import rules
from hearth.circle.models import Circle, Membership
from hearth.people.queries import own_patient


def own_membership(*, viewer: User, at: datetime) -> Membership | None:
    """The place that is open to `viewer` now: of their stay, or as an alumnus; never both. None without one.

    Raises PermissionDenied for whoever is no patient.
    """
    patient = own_patient(viewer=viewer)
    rows = Membership.objects.select_related("circle__program", "circle__organisation", "patient")
    return rows.open_at(at).filter(patient=patient).order_by("-joined_at").first()


def own_alumni_place(*, viewer: User, at: datetime) -> Membership:
    """The place of `viewer` among alumni. Raises PermissionDenied for everybody else."""
    place = own_membership(viewer=viewer, at=at)
    if place is None or not place.circle.is_alumni:
        raise PermissionDenied
    return place


def own_stay(*, viewer: User) -> Episode | None:
    """The stay that is open now, whether it has a place in a circle already."""
    rows = Episode.objects.active().select_related("program", "patient")
    return rows.filter(patient=own_patient(viewer=viewer)).first()


def stay_for_alumni(*, viewer: User, at: datetime) -> Episode | None:
    """The completed stay with which `viewer` may come to the circle of its alumni; None where they may not.

    It is their last one, and they are of its program's age band still.
    """
    patient = own_patient(viewer=viewer)
    stay = latest_episode_of(patient)
    if stay is None or stay.end_reason != Episode.EndReason.COMPLETED or active_episode_of(patient) is not None:
        return None
    return stay if rules.fits(stay.program.population, born=patient.birth_date, on=at.date()) else None


def places_in(circle: Circle, *, at: datetime) -> QuerySet[Membership]:
    """The places of a circle that are open now. The caller has passed its door."""
    rows = Membership.objects.filter(circle=circle)
    return rows.of_alumni(at) if circle.is_alumni else rows.filter(episode__ended_at=None)
