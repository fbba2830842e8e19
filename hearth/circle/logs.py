"""What happened to a post: its wordings, reports and decisions, and what of it is still open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from hearth.circle import rules
from hearth.circle.models import Decision, Post, Report, Wording
from hearth.program.pack import in_language

APPEALABLE = frozenset({Post.State.HIDDEN, Post.State.RETURNED})


@dataclass(frozen=True, slots=True)
class Log:
    """Everything that happened to one post, for hosts and whoever cares for its writer."""

    post: Post
    wordings: Sequence[Wording]
    reports: Sequence[Report]
    decisions: Sequence[Decision]
    strikes: int = 0
    open_appeal: Decision | None = None
    is_struck: bool = False
    is_reported: bool = False
    found: Sequence[str] = field(default_factory=list)


def steps_for_writer(post: Post) -> list[Decision]:
    """What hosts said to the writer of a post, newest first. The caller has passed a door."""
    return list(post.decisions.exclude(what=Decision.What.KEEP).order_by("-at", "-pk"))


def newest_wording(post: Post) -> Wording | None:
    """The words that stand, with what the rules found in them. The caller has passed a door."""
    return post.wordings.order_by("-at", "-pk").first()


def may_appeal(post: Post) -> bool:
    """Whether its writer may ask for somebody else: once, while it is hidden or sent back. For callers with a door."""
    if post.state not in APPEALABLE:
        return False
    return not post.decisions.filter(what=Decision.What.APPEAL).exists()


def log_of(post: Post, *, language: str) -> Log:
    """Everything that happened to a post. The caller has passed its door."""
    wordings = list(post.wordings.order_by("-at", "-pk"))
    reports = list(post.reports.select_related("by").order_by("-at", "-pk"))
    decisions = list(post.decisions.select_related("by").order_by("-at", "-pk"))
    strikes = strikes_of(post.membership_id)
    reasons = wordings[0].reasons if wordings else []
    return Log(
        post=post,
        wordings=wordings,
        reports=reports,
        decisions=decisions,
        strikes=strikes,
        open_appeal=open_appeal(post, decisions),
        is_struck=is_struck(decisions),
        is_reported=is_reported(post, reports),
        found=reasons_in_words(reasons, language=language),
    )


def strikes_of(membership_id: UUID) -> int:
    """How often a host had to speak with a member in this stay. The caller has passed a door."""
    return Decision.objects.filter(post__membership=membership_id, what=Decision.What.STRIKE).count()


def open_appeal(post: Post, decisions: Sequence[Decision]) -> Decision | None:
    """The appeal that nobody has answered, while the post is hidden or sent back: nothing was decided after it.

    Writing it again or taking it back closes the appeal, and a later decision about the new words does not open it.
    """
    if post.state not in APPEALABLE:
        return None
    appeal = next((one for one in decisions if one.what == Decision.What.APPEAL), None)
    if appeal is None or any(one.at > appeal.at or one.what == Decision.What.UPHOLD for one in decisions):
        return None
    return appeal


def is_struck(decisions: Iterable[Decision]) -> bool:
    """Whether somebody has spoken with the writer about this post, and counted it."""
    return any(one.what == Decision.What.STRIKE for one in decisions)


def is_reported(post: Post, reports: Sequence[Report]) -> bool:
    """Whether the post waits with what somebody told about it."""
    return post.waits_since is not None and bool(reports)


def reasons_in_words(reasons: Iterable[str], *, language: str) -> list[str]:
    """What the rules looked for, in the reader's language."""
    every = rules.every_rule()
    found = [in_language(every[one].looks_for, language) for one in reasons if one in every]
    found += [_("A photo: a host looks at every one.")] * (rules.PHOTO in reasons)
    return found + [_("A host reads first here.")] * (rules.READ_FIRST in reasons)
