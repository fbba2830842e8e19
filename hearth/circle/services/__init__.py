"""Writes to circles and their events, between alumni, and to the list of support groups."""

from hearth.circle.services.challenging import (
    NothingToDo,
    NotTheseDays,
    end_challenge,
    start_challenge,
    stop_taking_part,
    take_part,
    tick,
)
from hearth.circle.services.contact import NoWayYet, TooMany, choose, keep_way, withdraw, withdraw_all
from hearth.circle.services.deciding import WORDLESS, NeedsAnother, NotPossible, WordsMissing, answer, appeal, decide
from hearth.circle.services.gathering import AlreadyThere, NotThen, OthersThere, call_off, say_coming, write_event
from hearth.circle.services.hosting import LEADERS, end_host, keep_hours, name_host
from hearth.circle.services.joining import agree, join, join_alumni, leave_alumni
from hearth.circle.services.mentoring import (
    KeptApart,
    NotReady,
    end_mentor,
    hand_to_supervisor,
    introduce,
    leave_introduction,
    name_mentor,
    settle_releases,
    stop_mentoring,
)
from hearth.circle.services.reporting import report
from hearth.circle.services.slowing import TooSoon, keep_pace
from hearth.circle.services.support_groups import end_group, keep_group
from hearth.circle.services.thanking import decide_thanks, thank
from hearth.circle.services.writing import encourage, take_back, write, write_again

__all__ = [
    "LEADERS",
    "WORDLESS",
    "AlreadyThere",
    "KeptApart",
    "NeedsAnother",
    "NoWayYet",
    "NotPossible",
    "NotReady",
    "NotThen",
    "NotTheseDays",
    "NothingToDo",
    "OthersThere",
    "TooMany",
    "TooSoon",
    "WordsMissing",
    "agree",
    "answer",
    "appeal",
    "call_off",
    "choose",
    "decide",
    "decide_thanks",
    "encourage",
    "end_challenge",
    "end_group",
    "end_host",
    "end_mentor",
    "hand_to_supervisor",
    "introduce",
    "join",
    "join_alumni",
    "keep_group",
    "keep_hours",
    "keep_pace",
    "keep_way",
    "leave_alumni",
    "leave_introduction",
    "name_host",
    "name_mentor",
    "report",
    "say_coming",
    "settle_releases",
    "start_challenge",
    "stop_mentoring",
    "stop_taking_part",
    "take_back",
    "take_part",
    "thank",
    "tick",
    "withdraw",
    "withdraw_all",
    "write",
    "write_again",
    "write_event",
]
