"""The circle's rows."""

from hearth.circle.models.circles import (
    Circle,
    Decision,
    Encouragement,
    Host,
    Membership,
    Post,
    PostQuerySet,
    Report,
    Wording,
    usual_hours,
)
from hearth.circle.models.contact import Choice, ContactWay

__all__ = [
    "Choice",
    "Circle",
    "ContactWay",
    "Decision",
    "Encouragement",
    "Host",
    "Membership",
    "Post",
    "PostQuerySet",
    "Report",
    "Wording",
    "usual_hours",
]
