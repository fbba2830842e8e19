"""The Markdown of a signed text as plain values that Typst sets: no sign of it is ever read as Typst's own."""

from collections.abc import Iterator
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from hearth.consent.wordings import parse


def blocks_of(text: str) -> list[dict[str, Any]]:
    """Headings, paragraphs, lists and rules in order; each with its words, or with blocks of its own."""
    return [_block(node) for node in SyntaxTreeNode(parse(text)).children]


def _block(node: SyntaxTreeNode) -> dict[str, Any]:
    inner = [child for child in node.children if child.type != "inline"]
    spans = [span for child in node.children if child.type == "inline" for span in _spans(child)]
    if not node.children and node.content:  # code
        spans = [{"text": node.content.rstrip(), "bold": False, "italic": False}]
    return {
        "kind": node.type,
        "start": int(node.attrs.get("start", 1)),
        "spans": spans,
        "blocks": [_block(child) for child in inner],
    }


def _spans(node: SyntaxTreeNode, *, bold: bool = False, italic: bool = False) -> Iterator[dict[str, Any]]:
    for child in node.children:
        if child.children:
            yield from _spans(child, bold=bold or child.type == "strong", italic=italic or child.type == "em")
        else:
            text = {"softbreak": " ", "hardbreak": "\n"}.get(child.type, child.content)
            yield {"text": text, "bold": bold, "italic": italic}
