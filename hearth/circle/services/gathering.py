"""Events of a circle: a host writes one and calls it off, members say whether they come."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.accounts.telling import tell
from hearth.audit import services as audit
from hearth.circle import rules
from hearth.circle.gathering import access_event, groups_to_name, marks_of
from hearth.circle.models import Circle, CircleEvent, EventMark
from hearth.circle.queries import access_circle
from hearth.people.models import Patient


class NotThen(Exception):
    """An event is still to come, and not further away than `rules.FURTHEST_EVENT`."""


class AlreadyThere(Exception):
    """Something of this name stands at this time already, in other words."""


class OthersThere(Exception):
    """People of the other age band are invited to this place, or link, at that time."""


@transaction.atomic
def write_event(
    *, circle: Circle, starts_at: datetime, minutes: int, support_group: UUID | None, by: User, at: datetime,
    **said: Any,
) -> CircleEvent:  # fmt: skip
    """A host tells a circle of something that takes place once; the same form sent twice is one event.

    `said` are its name, way, place, link, words and whether it is ours. Raises PermissionDenied, NotThen,
    AlreadyThere, OthersThere.
    """
    circle = access_circle(viewer=by, pk=circle.pk)
    if not at < starts_at < at + rules.FURTHEST_EVENT:
        raise NotThen
    if support_group and not groups_to_name(circle).filter(pk=support_group).exists():
        raise PermissionDenied
    said |= {"ends_at": starts_at + timedelta(minutes=minutes), "support_group_id": support_group}
    # One host after the other, of whatever circle: two who write at the same moment would not see each other's.
    list(Circle.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    _must_not_meet_others(circle, starts_at, said)
    row, is_new = CircleEvent.objects.get_or_create(
        circle=circle, starts_at=starts_at, name=said.pop("name"), called_off_at=None,
        defaults=said | {"population": circle.population, "written_by": by, "written_at": at},
    )  # fmt: skip
    if is_new:
        audit.record("circle.event_written", by=by, about=row, at=at)
    elif any(getattr(row, name) != value for name, value in said.items()):
        raise AlreadyThere
    return row


@transaction.atomic
def call_off(*, circle: Circle, event: UUID, by: User, at: datetime) -> None:
    """It does not take place: it stands there as called off, and whoever said that they come is told so once.

    Raises PermissionDenied.
    """
    circle = access_circle(viewer=by, pk=circle.pk)
    rows = CircleEvent.objects.select_for_update().filter(circle=circle, called_off_at=None, ends_at__gt=at)
    row = rows.filter(pk=event).first()
    if row is None:
        return
    row.called_off_at = at
    row.save(update_fields=["called_off_at"])
    audit.record("circle.event_called_off", by=by, about=row, at=at)
    for mark in marks_of([row], circle, at=at):
        tell_of_change(mark.membership.patient, key=f"circle-event/{mark.pk}", at=at)


@transaction.atomic
def say_coming(*, event: UUID, is_coming: bool, by: User, at: datetime) -> None:
    """The member comes, or does not after all; nobody else learns of it. Raises PermissionDenied."""
    place, row = access_event(viewer=by, pk=event, at=at, lock=True)
    if is_coming and row.called_off_at is not None:
        raise PermissionDenied
    if is_coming:
        EventMark.objects.get_or_create(event=row, membership=place, defaults={"at": at})
    else:
        EventMark.objects.filter(event=row, membership=place).delete()
    audit.record("circle.event_mark_kept", by=by, about=by, at=at)  # about its doer: it stands in no chart


def _must_not_meet_others(circle: Circle, starts_at: datetime, said: dict[str, Any]) -> None:
    wheres = Q(*[Q(**{f"{name}__iexact": said[name]}) for name in ("place", "link") if said[name]], _connector=Q.OR)
    meanwhile = CircleEvent.objects.filter(
        wheres, is_ours=True, called_off_at=None, starts_at__lt=said["ends_at"], ends_at__gt=starts_at
    )
    if said["is_ours"] and meanwhile.exclude(population=circle.population).exists():
        raise OthersThere


def tell_of_change(patient: Patient, *, key: str, at: datetime) -> None:
    """Something changed that Today shows, and no message says what."""
    user = patient.user
    assert user is not None  # whoever has a place in a circle has signed in
    with override(user.language):
        subject = _("Something changed for you")
        body = _("Hello %(name)s, something changed for you. You see it on Today: %(link)s") % {
            "name": user.first_name,
            "link": settings.BASE_URL + reverse("web:today"),
        }
    tell(user, subject=subject, body=body, key=key, at=at)
