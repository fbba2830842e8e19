"""The circle's rows."""

from hearth.circle.models.challenges import Challenge, ChallengeDay, ChallengePlace
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
from hearth.circle.models.events import CircleEvent, EventMark
from hearth.circle.models.mentors import Introduction, Mentor
from hearth.circle.models.photos import Photo
from hearth.circle.models.slow_mode import SlowMode
from hearth.circle.models.support_groups import SupportGroup
from hearth.circle.models.thanks import Thanks

__all__ = [
    "Challenge",
    "ChallengeDay",
    "ChallengePlace",
    "Choice",
    "Circle",
    "CircleEvent",
    "ContactWay",
    "Decision",
    "Encouragement",
    "EventMark",
    "Host",
    "Introduction",
    "Membership",
    "Mentor",
    "Photo",
    "Post",
    "PostQuerySet",
    "Report",
    "SlowMode",
    "SupportGroup",
    "Thanks",
    "Wording",
    "usual_hours",
]
