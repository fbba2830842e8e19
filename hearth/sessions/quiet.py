"""Reads of what students told staff alone. Only staff of the session, and who sees every session, has them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from hearth.accounts.models import User
from hearth.accounts.roles import CARE
from hearth.audit import services as audit
from hearth.people.rules import CHANGE, SEE_EVERYONE
from hearth.sessions.models import QuietStep, QuietWord, Session, VideoPlace


def words_of(*, viewer: User, session: Session, at: datetime) -> Sequence[QuietWord]:
    """What was told in this session and nobody has settled yet, the newest first.

    For a caller who has passed `access_session`. Each has `video_place`, where its student has come to the video room.
    Each reading is written down. Three queries.
    """
    place = VideoPlace.objects.filter(attendance=OuterRef("attendance")).values("pk")[:1]
    rows = _rows().annotate(video_place=Subquery(place)).filter(attendance__session=session, settled_at=None)
    found = list(rows.order_by("-said_at", "pk"))
    patients = {each.attendance.patient_id for each in found}
    audit.record_reads("quiet_word.read", by=viewer, patient_ids=patients, purpose="TREAT", at=at)
    return found


def words_waiting(*, viewer: User, at: datetime) -> Sequence[QuietWord]:
    """What nobody has settled yet in sessions that `viewer` leads, or in all for those who see every session.

    Two queries.
    """
    leads = Q(attendance__session__facilitator=viewer) | Q(attendance__session__co_facilitator=viewer)
    rows = _rows().filter(settled_at=None).order_by("said_at", "pk")
    if not viewer.has_any(SEE_EVERYONE & CHANGE):
        if not viewer.has_any(CARE):
            return []
        rows = rows.filter(leads)
    found = list(rows)
    patients = {each.attendance.patient_id for each in found}
    audit.record_reads("quiet_word.read", by=viewer, patient_ids=patients, purpose="TREAT", at=at)
    return found


def _rows() -> QuerySet[QuietWord]:
    steps = QuietStep.objects.select_related("by").order_by("at", "pk")
    who = ("attendance__patient", "attendance__session", "seen_by", "settled_by")
    return QuietWord.objects.select_related(*who).prefetch_related(Prefetch("steps", steps))
