"""A lesson on paper: to be handed out in a room, or taken home by whoever likes to write with a pencil."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from hearth.lib import pdf
from hearth.program.pack_parts import Lesson

TEMPLATE = Path(__file__).with_suffix(".typ")
_markdown = MarkdownIt("commonmark", {"html": False})


def paper_of(lesson: Lesson) -> dict[str, Any]:
    """What the sheet says, in the lesson's language, as plain JSON. It names neither a person nor a house."""
    with override(lesson.language):
        takes = ngettext("%(minutes)s minute", "%(minutes)s minutes", lesson.minutes) % {"minutes": lesson.minutes}
        return {
            "language": lesson.language,
            "title": lesson.title,
            "takes": takes,
            "blocks": list(_blocks(SyntaxTreeNode(_markdown.parse(lesson.body)))),
            "room": _("Room for my own words"),
            "help": _("If it gets dangerous: call or text 988, or 911 for an emergency."),
            "from": _("Where this lesson comes from"),
            "sources": list(lesson.sources),
        }


@lru_cache(maxsize=64)  # a facilitator prints the same sheet for a whole group
def handout_pdf(lesson: Lesson) -> bytes:
    """The sheet as a tagged PDF: the same bytes for the same lesson."""
    return pdf.pdf_of(TEMPLATE, paper_of(lesson))


def _blocks(node: SyntaxTreeNode) -> Iterator[dict[str, Any]]:
    """Every block below `node`: headings, paragraphs, lists and quotations. Nothing else stands in a lesson."""
    for one in node.children:
        match one.type:
            case "heading":
                yield {"kind": "heading", "level": int(one.tag[1:]), "runs": list(_runs(one))}
            case "bullet_list" | "ordered_list":
                items = [list(_blocks(item)) for item in one.children]
                yield {"kind": "list", "is_numbered": one.type == "ordered_list", "items": items}
            case "blockquote":
                yield {"kind": "quote", "blocks": list(_blocks(one))}
            case "code_block" | "fence":
                yield {"kind": "text", "runs": [_run(one.content)]}
            case "paragraph":
                yield {"kind": "text", "runs": list(_runs(one))}


def _runs(node: SyntaxTreeNode, *, strong: bool = False, em: bool = False) -> Iterator[dict[str, Any]]:
    """The words below `node` with how they are set. An address is written out, since paper cannot be tapped."""
    for one in node.children:
        match one.type:
            case "softbreak" | "hardbreak":
                yield _run(" " if one.type == "softbreak" else "\n")
            case "text" | "code_inline":
                if one.content:
                    yield _run(one.content, strong=strong, em=em)
            case "link":
                yield from _runs(one, strong=strong, em=em)
                yield _run(f" ({one.attrs['href']})")
            case _:
                yield from _runs(one, strong=strong or one.type == "strong", em=em or one.type == "em")


def _run(text: str, *, strong: bool = False, em: bool = False) -> dict[str, Any]:
    return {"text": text, "strong": strong, "em": em}
