"""Dates as the reader's language writes them: templates and code keep the English pattern."""

from datetime import date

from django.utils import formats
from django.utils.translation import get_language

# What a language puts between day, month and year. The longer pattern is looked for first.
BETWEEN = {"es": (("j F Y", r"j \d\e F \d\e Y"), ("j F", r"j \d\e F"), ("j M", "j b"))}


def in_language(pattern: str) -> str:
    """The pattern `l j F` as the reader's language has it: `l j \\d\\e F` in Spanish."""
    for english, ours in BETWEEN.get((get_language() or "")[:2], ()):
        if english in pattern:
            return pattern.replace(english, ours)
    return pattern


def written(day: date, pattern: str) -> str:
    """This day, or moment in its own zone, by an English pattern in the reader's language."""
    return formats.date_format(day, in_language(pattern))
