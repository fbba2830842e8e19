"""Markdown as plain values that `blocks.typ` sets: no sign of it is ever read as Typst's own."""

from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_markdown = MarkdownIt("commonmark", {"html": False})


def blocks_of(text: str) -> list[dict[str, Any]]:
    """Headings, paragraphs, lists, quotations and rules in order, each with its words or with blocks of its own."""
    return list(_blocks(SyntaxTreeNode(_markdown.parse(text))))


def _blocks(node: SyntaxTreeNode) -> Iterator[dict[str, Any]]:
    for one in node.children:
        match one.type:
            case "heading":
                yield {"kind": "heading", "level": int(one.tag[1:]), "runs": list(_runs(one))}
            case "bullet_list" | "ordered_list":
                items = [list(_blocks(item)) for item in one.children]
                start = int(one.attrs.get("start", 1))
                yield {"kind": "list", "is_numbered": one.type == "ordered_list", "start": start, "items": items}
            case "blockquote":
                yield {"kind": "quote", "blocks": list(_blocks(one))}
            case "hr":
                yield {"kind": "rule"}
            case "code_block" | "fence":
                yield {"kind": "text", "runs": [_run(one.content.rstrip())]}
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
