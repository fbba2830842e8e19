"""PDFs that people send: judged by their own bytes, and refused where they are more than a paper to read. Pure.

A PDF (ISO 32000-2) is taken as it is or not at all. Every object is looked for by its own word wherever it may stand,
not only where the file says, and object streams are unpacked, because a reader might follow another table.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_UNPACKED = 64_000_000  # bytes of objects in all; a product default

_ACTIVE = {
    b"JavaScript", b"JS", b"Launch", b"SubmitForm", b"ImportData", b"GoToE", b"GoToR", b"Rendition", b"RichMedia",
    b"Movie", b"Sound", b"XFA", b"EmbeddedFile", b"EmbeddedFiles", b"Filespec",
}  # fmt: skip
"""Scripts, actions that leave the paper, forms that run, media, and files within the file."""
_LONG = {name for name in _ACTIVE if len(name) > 3}
"""Looked for in every byte. The shorter ones would be found by chance where pictures are packed."""
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]{1,127})")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_TOKEN = re.compile(
    rb"[\x00\t\n\x0c\r ]+|%[^\r\n]*|<<|>>|[\[\]{}]|/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*|<[0-9A-Fa-f\x00\t\n\x0c\r ]*>"
    rb"|[^\x00\t\n\x0c\r ()<>\[\]{}/%]+"
)
_PAREN = re.compile(rb"\\.|[()]", re.DOTALL)
_OBJECT = re.compile(rb"(?<!end)obj")
_STREAM = re.compile(rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]*[\r\n])*+stream\r?\n?")
_FLATE = re.compile(rb"FlateDecode(?! \])|\[ FlateDecode \]")
_STEP = 1 << 20  # bytes
_DEEPEST = 100  # dictionaries within dictionaries; no paper needs more


class NotPlain(Exception):
    """These bytes are no PDF that can be kept; `why` says what is wrong."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why  # "kind", "broken", "more" (something behind it), "locked", "active" or "large"


@dataclass(frozen=True, slots=True)
class _Object:
    """The names in one object's dictionary, in order, and where its stream begins, if it has one."""

    tokens: tuple[bytes, ...]
    stream_at: int | None


def check(data: bytes) -> None:
    """Raise NotPlain unless this is a PDF that only shows pages."""
    if not re.match(rb"%PDF-[12]\.\d", data):
        raise NotPlain("kind")
    end = data.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in data:
        raise NotPlain("broken")
    if data[end + len(b"%%EOF") :].strip(b"\x00\t\n\x0c\r "):
        raise NotPlain("more")
    _judge(_names(data), _LONG)
    left = MOST_UNPACKED
    for found in _objects(data):
        _judge(set(map(_plain, found.tokens)), _ACTIVE)
        if found.stream_at is not None and _holds_objects(found):
            left -= _look_into(data, found, most=left)


def _judge(names: set[bytes], active: set[bytes]) -> None:
    if b"Encrypt" in names:
        raise NotPlain("locked")
    if names & active:
        raise NotPlain("active")


def _names(data: bytes) -> set[bytes]:
    return {_plain(name) for name in _NAME.findall(data)}


def _plain(name: bytes) -> bytes:
    """A name as readers compare it: `/Java#53cript` is JavaScript."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), name.removeprefix(b"/"))


def _objects(data: bytes) -> Iterator[_Object]:
    """What begins at each `obj`. Raises NotPlain where reading them would take many times the file."""
    left = 2 * len(data) + _STEP
    for found in _OBJECT.finditer(data):
        tokens, at = _dictionary(data, found.end())
        left -= at - found.end()
        if left < 0:
            raise NotPlain("broken")
        stream = _STREAM.match(data, at) if tokens else None
        yield _Object(tokens, stream.end() if stream else None)


def _dictionary(data: bytes, at: int) -> tuple[tuple[bytes, ...], int]:
    """The tokens of the value that begins at `at`, without strings and gaps, and where it ends."""
    kept: list[bytes] = []
    depth = 0
    while at < len(data):
        if data[at : at + 1] == b"(":
            at = _end_of_string(data, at)
            token = b"()"
        elif found := _TOKEN.match(data, at):
            token, at = found[0], found.end()
        else:
            token, at = data[at : at + 1], at + 1
        if token.isspace() or token[:1] in (b"%", b"\0"):
            continue
        if depth == 0 and token != b"<<":
            break
        depth += {b"<<": 1, b">>": -1}.get(token, 0)
        kept.append(token)
        if depth == 0 or depth > _DEEPEST:
            break
    return tuple(kept), at


def _end_of_string(data: bytes, at: int) -> int:
    depth = 0
    for found in _PAREN.finditer(data, at):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(data)


def _holds_objects(found: _Object) -> bool:
    """Whether a reader could take this stream for one of objects, whatever it calls itself."""
    names = set(map(_plain, found.tokens))
    return b"ObjStm" in names or {b"First", b"N"} <= names


def _look_into(data: bytes, found: _Object, *, most: int) -> int:
    """Look through an object stream; how many bytes it holds. Raises NotPlain where that cannot be done for sure."""
    plain = [_plain(token) for token in found.tokens]
    filters = [at for at, name in enumerate(plain) if name == b"Filter"]
    if {b"DecodeParms", b"DP", b"F", b"FFilter"} & set(plain) or len(filters) > 1:
        raise NotPlain("active")
    if not filters or found.stream_at is None:
        return 0  # it stands readable in the file, and was looked through with it
    if not _FLATE.match(b" ".join(plain[filters[0] + 1 :][:3])):
        raise NotPlain("active")
    packed, at, rest, held, tail = zlib.decompressobj(), found.stream_at, b"", 0, b""
    while not packed.eof and (rest or at < len(data)):
        if not rest:
            rest, at = data[at : at + _STEP], at + _STEP
        try:
            step = packed.decompress(rest, _STEP)
        except zlib.error:
            raise NotPlain("broken") from None
        rest, held = packed.unconsumed_tail, held + len(step)
        if held > most:
            raise NotPlain("large")
        _judge(_names(tail + step), _ACTIVE)
        tail = step[-256:]
    return held
