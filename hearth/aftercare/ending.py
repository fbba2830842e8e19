"""Ending a stay by the program: asked for in writing, looked at by somebody uninvolved, open to an appeal."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS
from hearth.admission.models import Episode
from hearth.admission.queries import access_episode
from hearth.aftercare.ending_rules import may_ask
from hearth.aftercare.models import EndingReview
from hearth.aftercare.queries import ending_of, has_lapsed, is_uninvolved
from hearth.aftercare.way_back import Wish, ask_back
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.outbox.services import post_to
from hearth.safety.danger import severity_in
from hearth.safety.services import raise_concern

WORRIED = gettext_noop("Words of danger in an appeal against the end of their stay: read it and speak with them.")


class NeverAlone(Exception):
    """Symptoms, a return to use or a debt alone end nobody's care."""


class NotNow(Exception):
    """It is asked for already, was looked at before, or there is nothing to answer."""


@transaction.atomic
def ask_to_end(*, episode: Episode, grounds: Collection[str], reasons: str, by: User, at: datetime) -> EndingReview:
    """Ask that the program ends this stay, anew where what was agreed holds no longer. Raises NeverAlone, NotNow."""
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="change", lock=True)
    if not may_ask(grounds):
        raise NeverAlone
    before = ending_of(episode)
    if before and has_lapsed(episode, before, at=at):
        before.lapsed_at = at
        before.save(update_fields=["lapsed_at"])
    elif not episode.is_active or (before and before.agrees is not False and before.upheld is not True):
        raise NotNow
    row = EndingReview.objects.create(
        episode=episode,
        patient=episode.patient,
        grounds=sorted(grounds),
        reasons=reasons.strip(),
        asked_by=by,
        asked_at=at,
    )
    audit.record("aftercare.ending_asked_for", by=by, about=row, at=at, grounds=sorted(grounds))
    return row


@transaction.atomic
def review_ending(*, review: EndingReview, agrees: bool, words: str, by: User, at: datetime) -> EndingReview:
    """Somebody uninvolved says whether it may end; where it may, the student is told that reasons are there to read.

    Raises NotNow, also where the stay has ended meanwhile.
    """
    row = _open(review, by, at)
    if row.reviewed_at is not None or not row.episode.is_active:
        raise NotNow
    row.agrees, row.review, row.reviewed_by, row.reviewed_at = agrees, words.strip(), by, at
    row.save(update_fields=["agrees", "review", "reviewed_by", "reviewed_at"])
    audit.record("aftercare.ending_reviewed", by=by, about=row, at=at, agrees=agrees)
    if agrees:
        _tell(row, at)
    return row


@transaction.atomic
def appeal(*, episode: Episode, words: str, by: User, at: datetime) -> EndingReview:
    """The student says why it should not end. Once for each review; words of danger are a concern. Raises NotNow."""
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="own")
    open_ones = EndingReview.objects.select_for_update(of=("self",)).select_related("patient")
    row = open_ones.filter(episode=episode, agrees=True, appealed_at=None, lapsed_at=None).first()
    if row is None or has_lapsed(episode, row, at=at):
        raise NotNow
    row.appeal, row.appealed_at = words.strip(), at
    row.save(update_fields=["appeal", "appealed_at"])
    audit.record("aftercare.ending_appealed", by=by, about=row, at=at)
    severity = severity_in(row.appeal)
    if severity:
        raise_concern(
            patient=row.patient,
            source_kind="aftercare.appeal",
            source_id=row.pk,
            severity=severity,
            summary=WORRIED,
            by=by,
            at=at,
        )
    return row


@transaction.atomic
def answer_appeal(*, review: EndingReview, upheld: bool, words: str, by: User, at: datetime) -> EndingReview:
    """A third person answers: the appeal was right, and the stay goes on, or not.

    Where it has ended already and the appeal was right, their way back waits on the intake board with the answer.
    Raises NotNow, and way_back.NoAddress where nobody could reach them about coming back.
    """
    row = _open(review, by, at)
    if row.appealed_at is None or row.answered_at is not None:
        raise NotNow
    row.upheld, row.answer, row.answered_by, row.answered_at = upheld, words.strip(), by, at
    row.save(update_fields=["upheld", "answer", "answered_by", "answered_at"])
    audit.record("aftercare.appeal_answered", by=by, about=row, at=at, upheld=upheld)
    if upheld and not row.patient.has_died and not Episode.objects.active().filter(patient=row.patient).exists():
        ask_back(patient=row.patient, wish=Wish.RETURN, by=by, at=at)
    _tell(row, at)
    return row


def _open(review: EndingReview, by: User, at: datetime) -> EndingReview:
    rows = EndingReview.objects.select_for_update(of=("self",)).select_related("patient__user", "episode")
    row = rows.get(pk=review.pk)
    access_chart(viewer=by, pk=row.patient_id, purpose="TREAT", at=at, what="aftercare")
    if not is_uninvolved(by, row):
        raise PermissionDenied
    return row


def _tell(row: EndingReview, at: datetime) -> None:
    """Something waits to be read, without a word of what."""
    user = row.patient.user
    if user is None:
        return
    with override(user.language):
        post_to(
            mail=row.patient.email or user.email,
            phone=row.patient.phone or user.phone,
            subject=_("Something to read"),
            body=_("Hello %(name)s, something important waits for you to read here: %(link)s")
            % {"name": row.patient.chosen_name, "link": settings.BASE_URL + reverse("aftercare:mine")},
            key=f"ending/{row.pk}/{'answer' if row.answered_at else 'review'}",
            about=row.patient_id,
            at=at,
            account=user.pk,
        )
