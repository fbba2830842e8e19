"""Who wrote what in a group note's draft, and what stands beside a field that two changed at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from hearth.sessions.models import GroupNote, GroupNoteVersion, Session
from hearth.sessions.note_checks import draft_of
from hearth.sessions.note_words import FIELDS, in_words
from hearth.sessions.rules.merging import flat, joins, split


@dataclass(frozen=True, slots=True)
class Text:
    """One of the texts to choose from; `choice` is what choosing it sends."""

    by: str
    at: datetime | None
    words: str
    choice: str


@dataclass(frozen=True, slots=True)
class TwoTexts:
    """A field that two changed at once, with all its texts: first the one in the note."""

    name: str
    texts: list[Text]
    both: str  # what choosing all of them sends; "" where they cannot stand one after the other


@dataclass(frozen=True, slots=True)
class Written:
    """One change of one field, in words."""

    who: str  # whose line it is; "" for what is said for all
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One saving of the draft."""

    number: int
    by: str
    at: datetime
    changes: list[Written]
    beside: list[Written]


def two_texts_of(note: GroupNote) -> dict[str, list[TwoTexts]]:
    """By attendance id ("" for what is said for all), for a caller who has passed `access_session`. No query."""
    current = flat(draft_of(note))
    found: dict[str, list[TwoTexts]] = {}
    for field, rows in note.beside.items():
        pk, name = split(field)
        texts = [Text("", None, in_words(name, current.get(field)), f"{field}:stored")]
        for row in rows:
            words, at = in_words(name, row["value"]), datetime.fromisoformat(row["at"])
            texts.append(Text(row["name"], at, words, f"{field}:{row['by']}"))
        both = f"{field}:both" if joins(field) else ""
        found.setdefault(pk, []).append(TwoTexts(str(FIELDS[name]), texts, both))
    return found


def versions_of(*, session: Session) -> QuerySet[GroupNoteVersion]:
    """Every saved version of this session's draft, newest first, for a caller who has passed `access_session`."""
    return GroupNoteVersion.objects.filter(note__session=session).select_related("by").order_by("-number")


def in_words_of(row: GroupNoteVersion, names: Mapping[str, str]) -> Version:
    """This version as it is read; `names` of the students by attendance id."""

    def written(field: str, before: object, after: object) -> Written:
        pk, name = split(field)
        return Written(names.get(pk, ""), str(FIELDS[name]), in_words(name, before), in_words(name, after))

    return Version(
        number=row.number,
        by=row.by.name,
        at=row.at,
        changes=[written(field, before, after) for field, (before, after) in row.changes.items()],
        beside=[written(field, "", value) for field, value in row.beside.items()],
    )
