"""Writes to circles: joining, posting, encouraging, reporting, hosting and deciding."""

from hearth.circle.services.deciding import WORDLESS, NeedsAnother, NotPossible, WordsMissing, answer, appeal, decide
from hearth.circle.services.hosting import LEADERS, end_host, keep_hours, name_host
from hearth.circle.services.joining import agree, join
from hearth.circle.services.reporting import report
from hearth.circle.services.writing import encourage, take_back, write, write_again

__all__ = [
    "LEADERS",
    "WORDLESS",
    "NeedsAnother",
    "NotPossible",
    "WordsMissing",
    "agree",
    "answer",
    "appeal",
    "decide",
    "encourage",
    "end_host",
    "join",
    "keep_hours",
    "name_host",
    "report",
    "take_back",
    "write",
    "write_again",
]
