"""Writes to circles: joining, posting, encouraging, reporting, hosting, deciding, and contact between alumni."""

from hearth.circle.services.contact import NoWayYet, TooMany, choose, keep_way, withdraw, withdraw_all
from hearth.circle.services.deciding import WORDLESS, NeedsAnother, NotPossible, WordsMissing, answer, appeal, decide
from hearth.circle.services.hosting import LEADERS, end_host, keep_hours, name_host
from hearth.circle.services.joining import agree, join, join_alumni, leave_alumni
from hearth.circle.services.reporting import report
from hearth.circle.services.writing import encourage, take_back, write, write_again

__all__ = [
    "LEADERS",
    "WORDLESS",
    "NeedsAnother",
    "NoWayYet",
    "NotPossible",
    "TooMany",
    "WordsMissing",
    "agree",
    "answer",
    "appeal",
    "choose",
    "decide",
    "encourage",
    "end_host",
    "join",
    "join_alumni",
    "keep_hours",
    "keep_way",
    "leave_alumni",
    "name_host",
    "report",
    "take_back",
    "withdraw",
    "withdraw_all",
    "write",
    "write_again",
]
