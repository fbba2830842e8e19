"""What students write: the rules read it, and danger is told, in the same transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import Truncator

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.circle import rules
from hearth.circle.logs import is_reported, strikes_of
from hearth.circle.models import Decision, Encouragement, Membership, Post, Wording
from hearth.circle.photos import Sent, keep, mark_of, photo_of
from hearth.circle.places import own_membership
from hearth.circle.queries import access_own_post, access_shown, names_in
from hearth.circle.services.slowing import must_not_hurry
from hearth.lib.form_tokens import for_other_words
from hearth.safety.services import raise_concern


@transaction.atomic
def write(
    *, kind: str, text: str, by: User, at: datetime, token: UUID, is_anonymous: bool = False, prompt: str = "",
    photo: Sent | None = None,
) -> Post:  # fmt: skip
    """Post to the own circle, or ask its staff. The same form sent twice is one post; with other words, or another
    photo, it is another.

    One with a photo waits for a host, always. In slow mode a post waits its time, but never one that shows danger: the
    rules read it first.
    Raises PermissionDenied, TooSoon.
    """
    membership = own_membership(viewer=by, at=at)
    if membership is None or membership.agreed_at is None:
        raise PermissionDenied
    verdict = _judge(
        text, membership, at=at, is_question=kind == Post.Kind.QUESTION, photo_words=photo.words if photo else None
    )
    if kind != Post.Kind.QUESTION and not verdict.severity:
        must_not_hurry(membership, token=token, at=at)
    facts = _standing(kind, verdict, membership, at)
    post, is_new = Post.objects.get_or_create(
        form_token=token,
        defaults={
            "circle": membership.circle,
            "membership": membership,
            "patient": membership.patient,
            "kind": kind,
            "text": text.strip(),
            "prompt": prompt if kind == Post.Kind.PROMPT else "",
            "is_anonymous": is_anonymous and kind != Post.Kind.QUESTION,
            "written_at": at,
            **facts,
        },
    )
    if post.membership_id != membership.pk:
        raise PermissionDenied
    if not is_new:
        if post.kind == kind and _has_wording(post, text) and _is_of(post, photo):
            return post
        other = for_other_words(token, kind, text.strip(), *([mark_of(photo)] if photo else []))
        return write(
            kind=kind, text=text, by=by, at=at, token=other, is_anonymous=is_anonymous, prompt=prompt, photo=photo
        )
    if photo is not None:
        keep(post, photo, at=at)
    _keep_wording(post, _said(text.strip(), photo.words if photo else None), verdict, by=by, at=at)
    audit.record("circle.posted", by=by, about=post, at=at, kind=kind, state=post.state, rules=list(verdict.reasons))
    return post


@transaction.atomic
def write_again(*, post: Post, text: str, by: User, at: datetime, without_photo: bool = False) -> Post:
    """Another wording of a post that is with its writer, or the same `without_photo`, which is then deleted for good.

    What a host sent back is read by a host again.

    Raises PermissionDenied, also where somebody has decided meanwhile.
    """
    post = access_own_post(viewer=by, pk=post.pk, at=at, lock=True)
    if not post.is_with_writer:
        raise PermissionDenied
    photo = photo_of(post)
    if post.text == text.strip() and not (photo and without_photo):
        return post
    if photo and without_photo:
        photo.delete()
        photo = None
    was_returned = post.decisions.filter(what=Decision.What.RETURN).exists()
    verdict = _judge(text, post.membership, at=at, reads_first=was_returned, photo_words=photo.words if photo else None)
    facts = _standing(post.kind, verdict, post.membership, at)
    post.text = text.strip()
    post.state, post.appears_at, post.waits_since = facts["state"], facts["appears_at"], facts["waits_since"]
    post.save(update_fields=["text", "state", "appears_at", "waits_since"])
    _keep_wording(post, _said(post.text, photo.words if photo else None), verdict, by=by, at=at)
    audit.record("circle.written_again", by=by, about=post, at=at, state=post.state, rules=list(verdict.reasons))
    return post


@transaction.atomic
def take_back(*, post: Post, by: User, at: datetime) -> Post:
    """The writer no longer wants it read. Hosts keep the log; a concern it raised stays open.

    What somebody told about it waits on until a host has decided.
    """
    post = access_own_post(viewer=by, pk=post.pk, at=at, lock=True)
    post.state = Post.State.TAKEN_BACK
    if not is_reported(post, list(post.reports.all())):
        post.waits_since = None
    post.save(update_fields=["state", "waits_since"])
    audit.record("circle.taken_back", by=by, about=post, at=at)
    return post


@transaction.atomic
def encourage(*, post: UUID, word: str, by: User, at: datetime) -> Encouragement:
    """Say one word of the list to somebody else's post; another one takes its place. Raises PermissionDenied."""
    membership, found = access_shown(viewer=by, pk=post, at=at)
    if found.patient_id == membership.patient_id or word not in Encouragement.Word.values:
        raise PermissionDenied
    row, is_new = Encouragement.objects.get_or_create(
        post=found, patient=membership.patient, defaults={"word": word, "at": at}
    )
    if row.word != word:
        row.word, row.at = word, at
        row.save(update_fields=["word", "at"])
    if is_new:
        audit.record("circle.encouraged", by=by, about=row, at=at)
    return row


def _judge(
    text: str, membership: Membership, *, at: datetime, is_question: bool = False, reads_first: bool = False,
    photo_words: str | None = None,
) -> rules.Verdict:  # fmt: skip
    """What the rules say of these words, and of what its photo is said to show, where there is one."""
    circle = membership.circle
    first = not is_question and (
        reads_first or circle.reads_first or strikes_of(membership.pk) >= rules.STRIKES_READ_FIRST
    )
    said = _said(text, photo_words)
    names = names_in(circle, at=at) if "@" in said else ()
    return rules.judge(said, names=names, reads_first=first, has_photo=photo_words is not None)


def _said(text: str, photo_words: str | None) -> str:
    """What is judged and kept: the text and, on a line of its own, what its photo is said to show."""
    return f"{text}\n{photo_words}" if photo_words else text


def _has_wording(post: Post, text: str) -> bool:
    """Whether this text, alone or with the words of the post's photo, was sent before."""
    photo = photo_of(post)
    sent = {text.strip(), _said(text.strip(), photo.words if photo else None)}
    return post.wordings.filter(text__in=sent).exists()


def _is_of(post: Post, photo: Sent | None) -> bool:
    """Whether the post has this photo, or no other is sent."""
    found = photo_of(post) if photo else None
    return photo is None or (found is not None and found.mark == mark_of(photo))


def _standing(kind: str, verdict: rules.Verdict, membership: Membership, at: datetime) -> dict[str, Any]:
    """Where something just written stands: for staff, held, or shown as soon as quiet hours are over."""
    appears_at = rules.appears_at(at, zone=membership.circle.organisation.zone)
    if kind == Post.Kind.QUESTION:
        return {"state": Post.State.STAFF_ONLY, "appears_at": appears_at, "waits_since": at}
    if verdict.is_held:
        return {"state": Post.State.HELD, "appears_at": appears_at, "waits_since": at}
    return {"state": Post.State.SHOWN, "appears_at": appears_at, "waits_since": None}


def _keep_wording(post: Post, said: str, verdict: rules.Verdict, *, by: User, at: datetime) -> None:
    wording = Wording.objects.create(
        post=post, text=said, reasons=list(verdict.reasons), severity=verdict.severity, at=at
    )
    if verdict.severity:
        raise_concern(
            patient=post.patient,
            source_kind="circle.wording",
            source_id=wording.pk,
            severity=verdict.severity,
            summary=f"Wrote in the circle: “{Truncator(said).chars(260)}”",
            by=by,
            at=at,
        )
