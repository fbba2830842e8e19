"""Handing a lesson of the curriculum to the phones of everyone who is there."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.lib import live
from hearth.sessions.handouts import own_handout, sheets_of
from hearth.sessions.models import Handout, HandoutReceipt, Session
from hearth.sessions.queries import HERE, access_session
from hearth.sessions.services.running import NotNow, must_stand


def channel_of(patient_id: object) -> str:
    """Where a student's phone hears that something was handed out."""
    return f"handouts:{patient_id}"


@transaction.atomic
def hand_out(*, session: Session, lesson: str, by: User, at: datetime) -> Handout:
    """Everyone here sees this lesson at once, and whoever comes later as they come. Twice changes nothing.

    Raises NotNow for what the curriculum does not have.
    """
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    must_stand(session)
    places = list(session.roster.values_list("patient", "status"))
    if lesson not in {
        each.lesson.id for each in sheets_of(session=session, patient_ids=[pk for pk, _status in places])
    }:
        raise NotNow(_("This lesson is not in the program’s curriculum."))
    row, is_new = Handout.objects.get_or_create(
        session=session, lesson=lesson, defaults={"given_by": by, "given_at": at}
    )  # fmt: skip
    if is_new:
        audit.record("sessions.handed_out", by=by, about=row, at=at)
        live.tell(f"session:{session.pk}", "handouts")
        for patient_id, status in places:
            if status in HERE:
                live.tell(channel_of(patient_id))
    return row


@transaction.atomic
def open_handout(*, pk: UUID, by: User, at: datetime) -> Handout:
    """The student looks at it; the first time is written down. Raises PermissionDenied."""
    handout, place = own_handout(viewer=by, pk=pk)
    _row, is_new = HandoutReceipt.objects.get_or_create(
        handout=handout, attendance=place, defaults={"opened_at": at}
    )  # fmt: skip
    if is_new:
        audit.record("sessions.handout_opened", by=by, about=handout, at=at, patient_id=place.patient_id)
        live.tell(f"session:{handout.session_id}", "handouts")
    return handout
