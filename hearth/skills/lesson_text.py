"""A lesson's Markdown as safe HTML, section by section."""

from dataclasses import dataclass
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from hearth.program.pack import Lesson
from hearth.program.reading import plain_text
from hearth.program.rules import STEPS

THINK_BACK = 3  # among the headings that every lesson has
TAGS = {"p", "ul", "ol", "li", "strong", "em", "h3", "h4", "blockquote", "br", "hr", "a", "code"}
_markdown = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a lesson: its heading, its number from 0, and what stands below."""

    number: int
    title: str
    html: SafeString


@lru_cache(maxsize=512)  # every lesson; what somebody previews while writing does not stay for ever
def sections(body: str) -> tuple[Section, ...]:
    """The parts of a lesson, one for each second-level heading; text before the first one has no title."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in body.splitlines():
        if line.startswith("## "):
            parts.append((line.removeprefix("## ").strip(), []))
        else:
            parts[-1][1].append(line)
    whole = [(title, "\n".join(lines).strip()) for title, lines in parts]
    shown = [(title, text) for title, text in whole if title or text]
    return tuple(Section(n, title, safe_html(text)) for n, (title, text) in enumerate(shown))


def questions(lesson: Lesson) -> list[str]:
    """What a lesson asks its reader to think back on, as plain sentences."""
    _before, _heading, after = lesson.body.partition(f"## {STEPS[lesson.language][THINK_BACK]}\n")
    lines = after.partition("\n## ")[0].splitlines()
    return [plain_text(line).strip() for line in lines if line.startswith("- ")]


def safe_html(markdown: str) -> SafeString:
    """Markdown as HTML with only plain text elements; no scripts, styles or classes pass."""
    clean = nh3.clean(_markdown.render(markdown), tags=TAGS, attributes={"a": {"href"}})
    return mark_safe(clean)  # noqa: S308 - cleaned in the line above
