"""Codes of the timetable in the reader's words: topics, languages, days and hours."""

from collections.abc import Iterable, Sequence

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hearth.timetable.board import Span, clock

TOPIC_WORDS = {
    "mental_health": gettext_lazy("mental health"),
    "substance_use": gettext_lazy("substance use"),
    "co_occurring": gettext_lazy("co-occurring"),
    "trauma": gettext_lazy("trauma"),
    "grief": gettext_lazy("grief"),
    "ocd": gettext_lazy("OCD"),
}
LANGUAGE_WORDS = {"en": pgettext_lazy("in a sentence", "English"), "es": pgettext_lazy("in a sentence", "Spanish")}
MOST_HOURS = 4  # stretches that are said; a longer list is cut short


def topic_words(topic: str) -> str:
    """A topic, in words."""
    return str(TOPIC_WORDS.get(topic, topic.replace("_", " ")))


def language_words(code: str) -> str:
    """A language, by its name in the reader's language where we know it, else its code."""
    return str(LANGUAGE_WORDS.get(code, code))


def any_of(words: Sequence[str]) -> str:
    """`a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s or %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}


def when_words(day: int, start: int) -> str:
    """`Tuesday 18:00`."""
    return f"{WEEKDAYS[day]} {clock(start)}"


def hours_words(spans: Iterable[Span]) -> str:
    """`Monday, Wednesday 17:30-21:00`, days with the same hours together."""
    days: dict[tuple[int, int], list[str]] = {}
    for span in spans:
        days.setdefault((span.start, span.end), []).append(str(WEEKDAYS[span.day]))
    said = [f"{', '.join(names)} {clock(start)}–{clock(end)}" for (start, end), names in days.items()]
    more = len(said) - MOST_HOURS
    return "; ".join(said[:MOST_HOURS]) + ("; …" if more > 0 else "")
