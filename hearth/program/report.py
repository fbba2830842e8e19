"""Every lesson of the packs as a table: its place, how long it takes, who can read it, where it comes from. Pure."""

from collections.abc import Iterable
from typing import TypedDict

from hearth.program import reading
from hearth.program.pack import Lesson, Pack

GAP = "  "
SHOWN = ("module", "lesson", "language", "minutes", "reading_age")


class Row(TypedDict):
    """One lesson in one language."""

    module: str
    lesson: str
    language: str
    minutes: int
    reading_age: float
    sources: list[str]


def rows(packs: Iterable[Pack]) -> list[Row]:
    """Every lesson once, as its module has them; a pack's own words for a lesson have a row of their own."""
    packs = tuple(packs)
    places = [(module.id, lesson) for one in packs for module in one.modules for lesson in module.lessons]
    places += [("family", lesson) for one in packs for lesson in one.family]
    order = {place: number for number, place in enumerate(dict.fromkeys(places))}
    lessons = {lesson.file: lesson for one in packs for lesson in (*one.lessons, *one.family_lessons)}.values()
    return [
        _row(one)
        for one in sorted(
            lessons, key=lambda one: (order.get((one.module, one.id), len(order)), str(one.file.parent), one.language)
        )
    ]


def _row(lesson: Lesson) -> Row:
    age = reading.reading_age(reading.plain_text(lesson.body), lesson.language)
    return {
        "module": lesson.module,
        "lesson": lesson.id,
        "language": lesson.language,
        "minutes": lesson.minutes,
        "reading_age": round(age, 1),
        "sources": list(lesson.sources),
    }


def as_text(found: list[Row]) -> str:
    """The table in columns; the sources stand under their lesson."""
    cells = [[name.replace("_", " ") for name in SHOWN], *[[str(row[name]) for name in SHOWN] for row in found]]  # type: ignore[literal-required]
    widths = [max(len(line[n]) for line in cells) for n in range(len(SHOWN))]
    head, *lines = [GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
    told = [head.rstrip()]
    for row, line in zip(found, lines, strict=True):
        told += [line.rstrip(), *(f"{GAP}{GAP}{source}" for source in row["sources"])]
    oldest = max((row["reading_age"] for row in found), default=0.0)
    return "\n".join([*told, "", f"{len(found)} pages of lessons; reading age at most {oldest}."])
