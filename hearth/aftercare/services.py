"""Agreeing what comes after, ending a stay, following up."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS, Role
from hearth.admission.models import Episode
from hearth.admission.queries import access_episode
from hearth.admission.services import end_episode
from hearth.aftercare.ending_rules import against_ending
from hearth.aftercare.models import Decision, Discharge, FirstVisit, FollowUp, FollowUpWish, TransitionPlan
from hearth.aftercare.queries import (
    SOON,
    Readiness,
    discharge_of,
    ending_of,
    open_follow_ups,
    readiness,
    standing_of,
    transition_plan_of,
)
from hearth.aftercare.summary import Words, body_of
from hearth.audit import services as audit
from hearth.consent.queries import access_chart
from hearth.measures import services as measures
from hearth.outbox.services import post_to
from hearth.people.models import Patient
from hearth.program import pack
from hearth.skills.map_queries import entry_of, offered_rows
from hearth.skills.support_map import into_words

FOLLOW_UP = "follow-up"  # our own short instrument
GONE_EARLY = frozenset({Episode.EndReason.LEFT, Episode.EndReason.LOST})


class NotReady(Exception):
    """Required criteria are not met and no reason was given, the plan for afterwards is missing, or they have died."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AlreadyAnswered(Exception):
    """This follow-up was answered before."""


@transaction.atomic
def write_transition_plan(*, episode: Episode, by: User, at: datetime, **words: Any) -> TransitionPlan:
    """Write or change what comes after; a change asks the student to agree again."""
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="change", lock=True)
    row, _is_new = TransitionPlan.objects.update_or_create(
        episode=episode,
        defaults=words | {"patient": episode.patient, "written_by": by, "written_at": at, "agreed_at": None},
    )
    audit.record("aftercare.transition_planned", by=by, about=row, at=at)
    return row


@transaction.atomic
def agree_to_transition(*, episode: Episode, by: User, at: datetime) -> TransitionPlan:
    """The student says yes to what comes after."""
    access_episode(viewer=by, pk=episode.pk, at=at, to="own")
    row = TransitionPlan.objects.select_for_update().get(episode=episode)
    if row.agreed_at is None:
        row.agreed_at = at
        row.save(update_fields=["agreed_at"])
        audit.record("aftercare.transition_agreed", by=by, about=row, at=at)
    return row


@transaction.atomic
def hold_back(*, episode: Episode, is_held: bool, by: User, at: datetime) -> TransitionPlan:
    """The student says that no papers go to the next provider, or that they may again. Raises PermissionDenied."""
    access_episode(viewer=by, pk=episode.pk, at=at, to="own", lock=True)
    row = TransitionPlan.objects.select_for_update().get(episode=episode)
    if (row.held_back_at is not None) != is_held:
        row.held_back_at = at if is_held else None
        row.save(update_fields=["held_back_at"])
        audit.record("aftercare.held_back" if is_held else "aftercare.let_go_ahead", by=by, about=row, at=at)
    return row


@transaction.atomic
def name_people(*, episode: Episode, chosen: Collection[UUID], by: User, at: datetime) -> TransitionPlan:
    """The student writes people of their own map, by name alone, under whom to call. Raises PermissionDenied.

    Their yes to the plan stands: the words are theirs. What was signed with a discharge is not changed.
    """
    access_episode(viewer=by, pk=episode.pk, at=at, to="own", lock=True)
    row = (
        TransitionPlan.objects.select_for_update(of=("self",)).filter(episode=episode, episode__discharge=None).first()
    )
    if row is None:
        raise PermissionDenied
    row.people = into_words(row.people, [entry_of(one) for one in offered_rows(by) if one.pk in chosen])
    row.save(update_fields=["people"])
    audit.record("aftercare.people_named", by=by, about=row, at=at)
    return row


@transaction.atomic
def discharge(
    *, episode: Episode, reason: str, words: Words, despite: str, by: User, at: datetime, how: str = ""
) -> Discharge:
    """End the episode with a signed summary and plan its follow-ups. Discharging twice gives the same summary.

    Completing needs every required criterion, or a reason `despite` what is missing. Every other end says `how`: what
    was handed over to whom, or how we reached out. The program itself ends a stay after a review. Raises NotReady.
    """
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="change", lock=True)
    existing = discharge_of(episode)
    if existing:
        return existing
    if episode.patient.has_died or episode.end_reason == Episode.EndReason.DIED:
        raise NotReady("died")
    today = at.astimezone(by.organisation.zone).date()
    transition = transition_plan_of(episode)
    if transition is None:
        raise NotReady("no_transition_plan")
    ready = readiness(episode=episode, today=today, at=at, language="en")
    why_not = _against(episode, reason, ready=ready, despite=despite, how=how, at=at)
    if why_not:
        raise NotReady(why_not)
    episode = end_episode(episode=episode, reason=reason, on=today + timedelta(days=1), by=by, at=at)
    row = Discharge.objects.create(
        episode=episode,
        patient=episode.patient,
        body=body_of(episode, transition, words, despite=despite, by=by, at=at),
        signed_by=by,
        signed_at=at,
    )
    measures.complete_rules(patient=episode.patient, on=today, by=by, at=at)
    _plan_follow_ups(episode, transition.follow_up_on, today)
    _make_alumnus(episode)
    keep_decision(episode, kind=reason, ready=ready, words=how or despite or words.course, by=by, at=at)
    if reason in GONE_EARLY:
        _leave_the_door_open(episode, at)
    audit.record("aftercare.discharged", by=by, about=row, at=at, reason=reason, met=ready.may_complete)
    return row


def _against(episode: Episode, reason: str, *, ready: Readiness, despite: str, how: str, at: datetime) -> str:
    """Why this stay may not end this way now, as a code of NotReady; empty: it may."""
    if reason == Episode.EndReason.COMPLETED:
        return "" if ready.may_complete or despite.strip() else "criteria_missing"
    if reason == Episode.EndReason.ADMINISTRATIVE:
        return against_ending(standing_of(ending_of(episode)), at=at)
    if how.strip():
        return ""
    return "no_outreach" if reason in GONE_EARLY else "no_hand_over"


def keep_decision(
    episode: Episode, *, kind: str, ready: Readiness, words: str, by: User, at: datetime, **details: Any
) -> Decision:
    """What `by` decided, with the evidence as it stands. In the deed's transaction, after its check."""
    row = Decision.objects.create(
        episode=episode,
        patient=episode.patient,
        kind=kind,
        proposed=ready.proposal,
        evidence=ready.as_stored(),
        words=words.strip(),
        decided_by=by,
        decided_at=at,
        **details,
    )
    audit.record("aftercare.decided", by=by, about=row, at=at, kind=kind, proposed=str(ready.proposal))
    return row


def _leave_the_door_open(episode: Episode, at: datetime) -> None:
    """Whoever went early hears that nothing is held against them. It names neither program nor place.

    It goes the way they named as safe; to the chart's addresses only where they have said nothing of it.
    """
    patient, user = episode.patient, episode.patient.user
    wish = FollowUpWish.objects.filter(patient=patient).first()
    mail = wish.mail if wish else patient.email or (user.email if user else "")
    with override(user.language if user else "en"):
        post_to(
            mail=mail,
            phone=wish.text if wish else patient.phone,
            subject=_("You are welcome back"),
            body=_("Hello %(name)s, nobody is cross with you, and nothing is lost. The door is open: %(link)s")
            % {"name": patient.chosen_name, "link": settings.BASE_URL + reverse("aftercare:mine")},
            key=f"door-open/{episode.pk}",
            about=patient.pk,
            at=at,
        )


def _plan_follow_ups(episode: Episode, first: date, today: date) -> None:
    rules = pack.get(episode.program.pack).due_for(episode.track)
    days = {first, min(first, today + SOON)} | {
        today + timedelta(days=after) for rule in rules if rule.instrument == FOLLOW_UP for after in rule.days_after
    }
    FollowUp.objects.bulk_create(FollowUp(episode=episode, patient=episode.patient, due_on=day) for day in sorted(days))


def _make_alumnus(episode: Episode) -> None:
    user = episode.patient.user
    if user and episode.end_reason == Episode.EndReason.COMPLETED and Role.ALUMNUS not in user.roles:
        user.roles = [*user.roles, Role.ALUMNUS]
        user.save(update_fields=["roles"])


@transaction.atomic
def say_follow_up_wish(
    *, patient: Patient, wants: bool, way: str, address: str, by: User, at: datetime
) -> FollowUpWish:
    """Whether and how this person may be asked later, said by them or by staff who talked with them."""
    to = "own" if patient.user_id == by.pk else "change"
    patient = access_chart(viewer=by, pk=patient.pk, purpose="TREAT", at=at, to=to, what="follow-up")
    values = {"way": way, "address": address.strip()} if wants else {"way": "", "address": ""}
    row, _is_new = FollowUpWish.objects.update_or_create(
        patient=patient, defaults=values | {"wants": wants, "said_by": by, "said_at": at}
    )
    audit.record("aftercare.follow_up_wish_said", by=by, about=row, at=at, wants=wants, way=row.way)
    return row


@transaction.atomic
def send_follow_ups(*, today: date, at: datetime) -> int:
    """Send each stay's newest due follow-up to whoever said yes to mail or text; how many. Others wait for a call.

    Nothing goes to an address that was not named for this.
    """
    due = open_follow_ups(today).filter(
        sent_at=None, patient__follow_up_wish__wants=True, patient__user__isnull=False
    )  # the link opens for whoever has an account
    due = due.select_for_update(of=("self",), skip_locked=True)
    sent = 0
    for row in due.select_related("patient__user", "patient__organisation", "patient__follow_up_wish"):
        token = token_urlsafe(24)
        if _send(row, token, at):
            row.token_digest, row.sent_at = sha256(token.encode()).hexdigest(), at
            row.save(update_fields=["token_digest", "sent_at"])
            audit.record("aftercare.follow_up_sent", by=None, about=row, at=at)
            sent += 1
    return sent


def _send(row: FollowUp, token: str, at: datetime) -> bool:
    patient, wish = row.patient, row.patient.follow_up_wish
    link = settings.BASE_URL + reverse("aftercare:answer", args=[token])
    with override(patient.user.language if patient.user else "en"):
        words = _("Hello %(name)s, you said we may ask how you are. It takes one minute: %(link)s") % {
            "name": patient.chosen_name,
            "link": link,
        }
        subject, key = _("A short question for you"), f"follow-up/{row.pk}"
        return post_to(mail=wish.mail, phone=wish.text, subject=subject, body=words, key=key, about=patient.pk, at=at)


@transaction.atomic
def note_first_visit(
    *, episode: Episode, outcome: str, on: date | None, words: str, by: User, at: datetime
) -> FirstVisit:
    """What was learnt of the first appointment with the next provider."""
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="change", lock=True)
    ended = episode.ended_at.astimezone(by.organisation.zone).date() if episode.ended_at else None
    took_place = outcome == FirstVisit.Outcome.TOOK_PLACE
    row = FirstVisit.objects.create(
        episode=episode,
        patient=episode.patient,
        outcome=outcome,
        on=on,
        within_days=(on - ended).days if took_place and on and ended else None,
        words=words.strip(),
        asked_by=by,
        asked_at=at,
    )
    audit.record("aftercare.first_visit_asked", by=by, about=row, at=at, outcome=outcome)
    return row


@transaction.atomic
def answer_follow_up(
    *, follow_up: FollowUp, answers: Mapping[str, int | None], language: str, token: UUID | None, at: datetime
) -> FollowUp:
    """Keep what the person answered by their link; alarming answers raise concerns. Raises AlreadyAnswered."""
    row = FollowUp.objects.select_for_update(of=("self",)).select_related("patient__user").get(pk=follow_up.pk)
    person = row.patient.user
    if row.answered_at is not None or person is None:
        raise AlreadyAnswered
    row.response = measures.store_answers(
        patient=row.patient, instrument_id=FOLLOW_UP, answers=answers, language=language, by=person, at=at, token=token
    )
    row.answered_at = at
    row.save(update_fields=["response", "answered_at"])
    audit.record("aftercare.follow_up_answered", by=person, about=row, at=at)
    return row


@transaction.atomic
def note_contact(*, follow_up: FollowUp, note: str, by: User, at: datetime) -> FollowUp:
    """Staff reached the person (or wrote down that they could not) instead of an answer by link."""
    row = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    access_chart(viewer=by, pk=row.patient_id, purpose="TREAT", at=at, to="change", what="follow-up")
    row.reached_by, row.contact_note = by, note.strip()
    row.answered_at = row.answered_at or at
    row.save(update_fields=["reached_by", "contact_note", "answered_at"])
    audit.record("aftercare.contact_noted", by=by, about=row, at=at)
    return row
