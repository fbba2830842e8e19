"""What hosts decide of a post, what they answer, and a second pair of eyes."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import Truncator

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.circle import rules
from hearth.circle.logs import is_reported, is_struck, may_appeal, open_appeal
from hearth.circle.models import Decision, Post
from hearth.circle.queries import access_own_post, access_post
from hearth.safety import danger
from hearth.safety.services import raise_concern

What = Decision.What
WORDLESS = frozenset({What.RELEASE, What.KEEP, What.RESTORE})
LEAVES_WAITING = frozenset({What.STRIKE})
DECIDES_NOTHING = frozenset({What.APPEAL, What.STRIKE, What.KEEP})


class NotPossible(Exception):
    """This cannot be decided of the post as it stands: somebody has decided meanwhile."""


class NeedsAnother(Exception):
    """An appeal is answered by somebody else than who decided before."""


class WordsMissing(Exception):
    """Whoever decides against a post says why, kindly."""


@transaction.atomic
def decide(*, post: Post, what: str, words: str, by: User, at: datetime) -> Decision:
    """Carry out one decision and say why to the writer. Raises NotPossible, NeedsAnother, WordsMissing."""
    post = access_post(viewer=by, pk=post.pk, at=at, lock=True)
    before = list(post.decisions.order_by("-at", "-pk"))
    appealed = open_appeal(post, before)
    reported = is_reported(post, list(post.reports.all()))
    if what not in rules.choices(
        post.state, is_appealed=appealed is not None, is_struck=is_struck(before), is_reported=reported
    ):
        raise NotPossible
    if appealed is not None and _decider(before) == by.pk:
        raise NeedsAnother
    if what not in WORDLESS and not words.strip():
        raise WordsMissing
    state = rules.becomes(post.state, what)
    assert state is not None
    if state == Post.State.SHOWN != post.state:
        post.appears_at = rules.appears_at(at, zone=post.circle.organisation.zone)
    post.state = state
    if what not in LEAVES_WAITING:
        post.waits_since = None
    post.save(update_fields=["state", "appears_at", "waits_since"])
    return _note(post, what, words, by=by, at=at)


@transaction.atomic
def answer(*, post: Post, words: str, by: User, at: datetime) -> Post:
    """Answer a question; the one who asked reads it, and nobody else. Raises NotPossible, WordsMissing."""
    post = access_post(viewer=by, pk=post.pk, at=at, lock=True)
    if not words.strip():
        raise WordsMissing
    if post.state != Post.State.STAFF_ONLY or post.answered_at is not None:
        raise NotPossible
    post.answer, post.answered_by, post.answered_at, post.waits_since = words.strip(), by, at, None
    post.save(update_fields=["answer", "answered_by", "answered_at", "waits_since"])
    audit.record("circle.answered", by=by, about=post, at=at)
    return post


@transaction.atomic
def appeal(*, post: Post, words: str, by: User, at: datetime) -> Decision:
    """The writer asks for somebody else to look again. Words that show danger are a concern with it.

    Raises PermissionDenied, WordsMissing.
    """
    post = access_own_post(viewer=by, pk=post.pk, at=at, lock=True)
    if not words.strip():
        raise WordsMissing
    if not may_appeal(post):
        raise PermissionDenied
    post.waits_since = post.waits_since or at
    post.save(update_fields=["waits_since"])
    row = _note(post, What.APPEAL, words, by=by, at=at)
    severity = danger.severity_in(row.words)
    if severity:
        raise_concern(
            patient=post.patient,
            source_kind="circle.appeal",
            source_id=row.pk,
            severity=severity,
            summary=f"Wrote to a host of the circle: “{Truncator(row.words).chars(250)}”",
            by=by,
            at=at,
        )
    return row


def _note(post: Post, what: str, words: str, *, by: User, at: datetime) -> Decision:
    row = Decision.objects.create(post=post, what=what, words=words.strip(), by=by, at=at)
    audit.record("circle.decided", by=by, about=post, at=at, what=what)
    return row


def _decider(newest_first: list[Decision]) -> object:
    """Who decided what is appealed."""
    return next((one.by_id for one in newest_first if one.what not in DECIDES_NOTHING), None)
