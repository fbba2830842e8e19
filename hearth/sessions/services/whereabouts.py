"""Saying where one is, before taking part by video."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.people.models import Modality
from hearth.safety.queries import areas_in
from hearth.safety.rules import Numbers
from hearth.sessions.models import Attendance, NumbersWanted, Whereabouts
from hearth.sessions.queries import standing_of, zone_of
from hearth.sessions.rules.whereabouts import Address, WayIn
from hearth.sessions.services.running import NotNow, must_stand
from hearth.sessions.whereabouts import may_come_by_video, way_in_of, who_looks_up, whom_to_call


@transaction.atomic
def confirm_place(*, attendance: Attendance, address: Address, by: User, at: datetime) -> WayIn:
    """They say where they are; whether those who lead are licensed there decides if the way in is open. Raises NotNow.

    Who has a seat on site takes part by video in this one session from now on, until they come to the room after all;
    where the way in is not open their seat is what was planned and stays so.
    The roster and the note have the address once the way in is open; staff see it at once either way. Whom to call
    there is looked up with it, and where that is not known or was not checked lately, a named person is to find it.
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
    if row.modality != Modality.VIRTUAL and row.session.ended_at is not None:
        raise NotNow(_("This session is over."))
    if row.modality != Modality.VIRTUAL and way == WayIn.OPEN:
        row.planned, row.modality, row.by_video_at = row.planned or row.modality, Modality.VIRTUAL, at
        audit.record("sessions.by_video_today", by=by, about=row, at=at)
    elif row.by_video_at and way != WayIn.OPEN and not standing_of(row):
        row.modality, row.by_video_at = row.planned, None
    row.save(update_fields=["location", "planned", "modality", "by_video_at"])
    numbers = _look_up_numbers(row, place, at=at)
    audit.record("sessions.place_confirmed", by=by, about=row, at=at, way=str(way), numbers=str(numbers))
    live.tell(f"session:{row.session_id}", "roster")
    return way


def _look_up_numbers(row: Attendance, place: Whereabouts, *, at: datetime) -> Numbers:
    today = at.astimezone(zone_of(row.session)).date()
    found = whom_to_call(place, areas_in({place.state}), today=today).numbers
    keeper = who_looks_up(row.session) if found != Numbers.KNOWN else None
    if keeper:
        where = {"state": place.state, "county": place.county, "postal_code": place.postal_code}
        wanted, is_new = NumbersWanted.objects.select_related("looked_up_by").get_or_create(
            **where, defaults={"looked_up_by": keeper, "asked_at": at}
        )
        if not is_new:
            wanted.looked_up_by = wanted.looked_up_by if wanted.looked_up_by.is_active else keeper
            wanted.asked_at = at
            wanted.save(update_fields=["looked_up_by", "asked_at"])
    return found
