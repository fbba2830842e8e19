"""The texts people sign: Markdown with a version, one file per kind and language, in the program's own words."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nh3
from markdown_it import MarkdownIt

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("en", "es")
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in one language. `body` holds {places} for the person's own facts."""

    kind: str
    signed_as: str  # the kind of consent that a signature under it is
    language: str
    version: str
    title: str
    summary: str
    without: str  # what follows for somebody who does not sign
    body: str
    optional: bool
    asks: bool  # whom it lets know what, why and until when
    fixed: bool  # what and why are the text's own words: it asks for whom and until when alone
    recipients: tuple[str, ...]
    information: str
    purpose: str


@cache
def wording(kind: str, language: str) -> Wording:
    """The text in this language, in English where it is not translated. Raises FileNotFoundError."""
    chosen = language[:2] if language[:2] in LANGUAGES else "en"
    _, front, body = (FOLDER / chosen / f"{kind}.md").read_text(encoding="utf-8").split("+++\n", 2)
    facts = tomllib.loads(front)
    return Wording(
        kind=kind,
        signed_as=facts.get("signed_as", kind),
        language=chosen,
        version=facts["version"],
        title=facts["title"],
        summary=facts["summary"],
        without=facts["without"],
        body=body.strip(),
        optional=facts.get("optional", False),
        asks=facts.get("asks", False),
        fixed=facts.get("fixed", False),
        recipients=tuple(facts.get("recipients", ())),
        information=facts.get("information", ""),
        purpose=facts.get("purpose", ""),
    )


@cache
def narrow() -> frozenset[str]:
    """Texts that let one person know the one thing they say, and nothing else."""
    return frozenset(kind for kind in kinds() if wording(kind, "en").fixed)


@cache
def kinds() -> frozenset[str]:
    """Every text there is."""
    return frozenset(path.stem for path in (FOLDER / "en").glob("*.md"))


def fill(body: str, facts: Mapping[str, str]) -> str:
    """The text with every place filled. What people typed stays plain words, whatever signs it holds."""
    return body.format_map({name: _plain(value) for name, value in facts.items()})


def mark(text: str) -> str:
    """What stands for exactly this text: a signature is taken only for the text that was shown."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_html(text: str) -> str:
    """The Markdown as safe HTML."""
    return nh3.clean(_MARKDOWN.render(text))


def _plain(value: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", " ".join(value.split()))
