"""Saying where one is, before taking part by video."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.people.models import Modality
from hearth.sessions.models import Attendance, Whereabouts
from hearth.sessions.rules.whereabouts import Address, WayIn
from hearth.sessions.services.running import NotNow, must_stand
from hearth.sessions.whereabouts import may_come_by_video, way_in_of


@transaction.atomic
def confirm_place(*, attendance: Attendance, address: Address, by: User, at: datetime) -> WayIn:
    """They say where they are; whether those who lead are licensed there decides if the way in is open. Raises NotNow.

    Who has a seat on site takes part by video in this one session from now on, until they come to the room after all.
    The roster and the note have the address once the way in is open; staff see it at once either way.
    """
    row = (
        Attendance.objects.select_for_update(of=("self",))
        .select_related("session__facilitator", "session__co_facilitator", "session__section", "patient")
        .get(pk=attendance.pk)
    )
    if row.patient.user_id != by.pk or not may_come_by_video(row):
        raise PermissionDenied
    must_stand(row.session)
    place = Whereabouts.objects.create(
        attendance=row,
        street=address.street,
        city=address.city,
        state=address.state,
        postal_code=address.postal_code,
        county=address.county,
        at=at,
    )
    way = way_in_of(row, place)
    row.location = str(place) if way == WayIn.OPEN else ""
    if row.modality != Modality.VIRTUAL:
        if row.session.ended_at is not None:
            raise NotNow(_("This session is over."))
        row.planned = row.modality = Modality.VIRTUAL
        audit.record("sessions.by_video_today", by=by, about=row, at=at)
    row.save(update_fields=["location", "planned", "modality"])
    audit.record("sessions.place_confirmed", by=by, about=row, at=at, way=str(way))
    live.tell(f"session:{row.session_id}", "roster")
    return way
