"""Who gets less care than was prescribed, and whose authorisation runs out. Reads for those who deal with it.

Lists read the pictures which the worker keeps (`services.picturing`), so that they cost the same however many students.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.consent.queries import access_charts
from hearth.people.models import Patient
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions.doses import gaps_last_week
from hearth.sessions.models import HoursPicture
from hearth.sessions.rules.ledger import Gap


def short_last_week(*, viewer: User) -> QuerySet[HoursPicture]:
    """Everyone in the program whose last full week was short, most minutes missing first. Raises PermissionDenied."""
    if not viewer.has_any(SEE_EVERYONE):
        raise PermissionDenied
    return _open_to(viewer).filter(missing__gt=0).order_by("-missing", "pk")


def reasons_of(rows: Iterable[HoursPicture], *, viewer: User, at: datetime) -> dict[UUID, tuple[Gap, ...]]:
    """The gaps of that week of each whose chart is open to `viewer`, by episode. All recorded."""
    episodes = [one.episode for one in rows]
    pks = [one.patient_id for one in episodes]
    open_to = access_charts(viewer=viewer, pks=pks, purpose="HOPERAT", at=at, what="dose")
    return gaps_last_week(episodes=[one for one in episodes if one.patient_id in open_to], at=at)


def running_out(*, viewer: User, at: datetime) -> QuerySet[HoursPicture]:
    """Stays open to `viewer` whose authorisation does not cover the days ahead, soonest first."""
    today = at.astimezone(viewer.organisation.zone).date()
    return _open_to(viewer).filter(warn_from__lte=today).order_by("runs_out_on", "pk")


def _open_to(viewer: User) -> QuerySet[HoursPicture]:
    rows = HoursPicture.objects.filter(episode__ended_at=None, episode__patient__in=Patient.objects.open_to(viewer))
    return rows.select_related("episode__patient", "episode__program")
