"""What a browser may say to the video room, and where somebody stands at its door. Pure.

A browser's words are read into one of the verbs below and nothing else of them is passed on, so that a room, a name or
an id which it writes there reaches nobody.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

OPENS = timedelta(minutes=30)  # before the start; as early as a student may say "I'm here"
OPENS_FOR_STAFF = timedelta(minutes=60)
SILENCE = timedelta(seconds=45)  # without a sign of life for longer, somebody is gone, however that came
RUNS_OVER = timedelta(minutes=30)  # after the planned end of what nobody has ended
LONGEST_TEXT = 65_536  # characters of one message
LONGEST_SDP = 48_000
LONGEST_CANDIDATE = 600
MOST_MIDS = 120
REACTIONS = ("heart", "clap", "thumb", "smile", "leaf")
MID = re.compile(r"[A-Za-z0-9_-]{1,16}")
SOUND, FACE, SCREEN = "0", "1", "2"  # the mids of what somebody sends, always in this order


class Malformed(ValueError):
    """A message that no page of ours sends."""


class Standing(StrEnum):
    """Where somebody stands at the room's door."""

    WAITING = "waiting"  # to be admitted
    PAUSED = "paused"  # admitted, and nobody who leads is in
    IN = "in"
    REMOVED = "removed"
    ENDED = "ended"


def standing(*, leads: bool, admitted: bool, removed: bool, ended: bool, is_led: bool) -> Standing:
    """Nobody is in before somebody who leads is, and nobody comes in unasked."""
    if ended:
        return Standing.ENDED
    if removed:
        return Standing.REMOVED
    if leads:
        return Standing.IN
    if not admitted:
        return Standing.WAITING
    return Standing.IN if is_led else Standing.PAUSED


def is_open(*, starts_at: datetime, ends_at: datetime, is_over: bool, leads: bool, at: datetime) -> bool:
    """Whether the room's door is open at this time."""
    early = OPENS_FOR_STAFF if leads else OPENS
    return not is_over and starts_at - early <= at < ends_at + RUNS_OVER


# --- what a browser says --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Publish:
    """Here are my microphone and camera, and for those who lead a screen."""

    sdp: str
    mids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trickle:
    """Here I may be reached; no candidate: that was all."""

    handle: Literal["publish", "watch"]
    candidate: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """My side of what you offered."""

    sdp: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Which streams are sent to me: false where the line is too narrow."""

    mids: tuple[str, ...]
    send: bool


@dataclass(frozen=True, slots=True)
class Say:
    """Something everyone in the room sees of me."""

    what: Literal["hand", "muted", "video", "sharing"]
    on: bool


@dataclass(frozen=True, slots=True)
class React:
    which: str


@dataclass(frozen=True, slots=True)
class Alive:
    """I am still here."""


@dataclass(frozen=True, slots=True)
class Leave:
    """I go, and it is no lost connection."""


Message = Publish | Trickle | Answer | Pictures | Say | React | Alive | Leave


def read(text: str, *, leads: bool) -> Message:
    """What this message says. Raises Malformed for anything a page of ours does not say."""
    if len(text) > LONGEST_TEXT:
        raise Malformed("too long")
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("no JSON") from None
    if not isinstance(words, dict):
        raise Malformed("no object")
    verb = words.get("do")
    reader = READERS.get(verb) if isinstance(verb, str) else None
    if reader is None:
        raise Malformed("no such verb")
    return reader(words, leads)


def _publish(words: dict[str, Any], leads: bool) -> Publish:
    sdp = _sdp(words)
    media = media_of(sdp)
    may_send = [("audio", SOUND), ("video", FACE), ("video", SCREEN)][: 3 if leads else 2]
    if not media or media != may_send[: len(media)]:
        raise Malformed("other media than sound and picture")
    return Publish(sdp, tuple(mid for _kind, mid in media))


def media_of(sdp: str) -> list[tuple[str, str]]:
    """The kind and mid of each medium of a session description, in order."""
    found: list[tuple[str, str]] = []
    for line in sdp.splitlines():
        if line.startswith("m="):
            found.append((line[2:].split(" ", 1)[0], ""))
        elif line.startswith("a=mid:") and found:
            mid = line.removeprefix("a=mid:").strip()
            if not MID.fullmatch(mid):
                raise Malformed("a strange mid")
            found[-1] = (found[-1][0], mid)
    if any(not mid for _kind, mid in found):
        raise Malformed("media without a mid")
    return found


def _trickle(words: dict[str, Any], _leads: bool) -> Trickle:
    handle, said = words.get("handle"), words.get("candidate")
    if handle not in ("publish", "watch"):
        raise Malformed("no such handle")
    if said is None:
        return Trickle(handle, {"completed": True})
    if not isinstance(said, dict) or not _is_text(said.get("candidate"), LONGEST_CANDIDATE):
        raise Malformed("no candidate")
    line = said.get("sdpMLineIndex")
    candidate: dict[str, Any] = {"candidate": said["candidate"]}
    if isinstance(line, int) and 0 <= line < 200:
        candidate["sdpMLineIndex"] = line
    if _is_text(said.get("sdpMid"), 16):
        candidate["sdpMid"] = said["sdpMid"]
    return Trickle(handle, candidate)


def _answer(words: dict[str, Any], _leads: bool) -> Answer:
    return Answer(_sdp(words))


def _pictures(words: dict[str, Any], _leads: bool) -> Pictures:
    return Pictures(_list(words.get("mids"), MID), _yes_or_no(words))


def _say(words: dict[str, Any], leads: bool) -> Say:
    what = words.get("what")
    if what not in ("hand", "muted", "video", "sharing") or (what == "sharing" and not leads):
        raise Malformed("nothing to say")
    return Say(what, _yes_or_no(words))


def _react(words: dict[str, Any], _leads: bool) -> React:
    if words.get("which") not in REACTIONS:
        raise Malformed("no such reaction")
    return React(words["which"])


def _alive(_words: dict[str, Any], _leads: bool) -> Alive:
    return Alive()


def _leave(_words: dict[str, Any], _leads: bool) -> Leave:
    return Leave()


def _sdp(words: dict[str, Any]) -> str:
    if not _is_text(words.get("sdp"), LONGEST_SDP):
        raise Malformed("no session description")
    return str(words["sdp"])


def _yes_or_no(words: dict[str, Any]) -> bool:
    if not isinstance(words.get("on"), bool):
        raise Malformed("neither yes nor no")
    return bool(words["on"])


def _list(found: object, form: re.Pattern[str]) -> tuple[str, ...]:
    if not isinstance(found, list) or len(found) > MOST_MIDS:
        raise Malformed("no list")
    if not all(isinstance(one, str) and form.fullmatch(one) for one in found):
        raise Malformed("a strange id")
    return tuple(dict.fromkeys(found))


def _is_text(found: object, longest: int) -> bool:
    return isinstance(found, str) and len(found) <= longest


READERS: dict[str, Callable[[dict[str, Any], bool], Message]] = {
    "publish": _publish,
    "trickle": _trickle,
    "answer": _answer,
    "pictures": _pictures,
    "say": _say,
    "react": _react,
    "alive": _alive,
    "leave": _leave,
}


# --- how much of it -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Bucket:
    """Lets `burst` messages through at once and `rate` a second after that."""

    rate: float = 25.0
    burst: float = 150.0
    left: float = 150.0
    filled_at: float = 0.0

    def takes(self, *, at: float) -> bool:
        """Whether one more may pass at this time (seconds)."""
        self.left = min(self.burst, self.left + max(0.0, at - self.filled_at) * self.rate)
        self.filled_at = at
        if self.left < 1:
            return False
        self.left -= 1
        return True
