"""The public pages that ship, read from the packs, and a page's Markdown as parts to draw. Pure."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from hearth.program import pack

SLUGS = (
    "what-an-iop-is",
    "who-it-helps",
    "a-week",
    "beginning-and-after",
    "costs",
    "families",
    "schools-and-employers",
    "referrers",
    "questions",
)
"""In the order in which they are listed."""
LANGUAGES = ("en", "es")
MARKERS = ("groups", "check", "talk", "refer")
"""What [[groups]] and the like on a line of their own draw: free places, the ways to the check, to us, to refer."""
_MARKER = re.compile(rf"^\[\[({'|'.join(MARKERS)})\]\]\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Text:
    """One public page in one language."""

    slug: str
    language: str
    title: str
    description: str
    body: str

    def parts(self) -> list[tuple[str, str]]:
        """(kind, Markdown): kind is "text" or one of MARKERS, whose Markdown is empty."""
        pieces = _MARKER.split(self.body)
        found = [("text", piece) if at % 2 == 0 else (piece, "") for at, piece in enumerate(pieces)]
        return [(kind, piece) for kind, piece in found if kind != "text" or piece.strip()]


@cache
def shipped(slug: str, language: str) -> Text:
    """The page as it ships."""
    raw = (pack.FOLDER / "common" / "site" / f"{slug}.{language}.md").read_text(encoding="utf-8")
    _before, head, body = raw.split("+++\n", 2)
    row = tomllib.loads(head)
    return Text(slug, language, row["title"], row["description"], body)
