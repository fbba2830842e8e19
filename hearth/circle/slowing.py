"""Slow mode: how slowly a circle goes, and when somebody can post there next."""

from dataclasses import dataclass
from datetime import datetime

from hearth.circle import rules
from hearth.circle.models import Circle, Membership, Post, SlowMode

LAST = 5  # steps of the log that are shown


@dataclass(frozen=True, slots=True)
class Pace:
    """How slowly a circle goes for one member."""

    minutes: int
    next_at: datetime | None  # when they can post next; None: now


def minutes_of(circle: Circle) -> int:
    """How many minutes lie between two posts of one member now; 0 for none. The caller has passed a door."""
    newest = SlowMode.objects.filter(circle=circle).order_by("-at", "-pk").first()
    return newest.minutes if newest else 0


def slow_modes(circle: Circle) -> list[SlowMode]:
    """Who last changed how slowly a circle goes, newest first. For its hosts, who passed its door."""
    return list(SlowMode.objects.filter(circle=circle).select_related("by").order_by("-at", "-pk")[:LAST])


def pace_of(place: Membership, *, at: datetime) -> Pace:
    """How slowly the circle of this place goes for its holder. Two queries. For the caller whose own place it is.

    What is asked of staff alone is no post, and never waits; what was taken back was one.
    """
    minutes = minutes_of(place.circle)
    if not minutes:
        return Pace(0, None)
    posts = Post.objects.filter(membership=place).exclude(kind=Post.Kind.QUESTION).order_by("-written_at")
    return Pace(minutes, rules.next_post_at(posts.values_list("written_at", flat=True).first(), minutes, at=at))
