"""Program packs read from their folders: what a program is, as TOML and Markdown.

A pack is a folder with `pack.toml`; lessons, texts and group topics that packs share lie in `packs/common/`.
Pure: files in, frozen values out. What a readable pack may still lack is for `rules.problems` to say.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, cast

from hearth.program.pack_parts import (
    Agenda,
    AskedPaper,
    Criterion,
    Dose,
    DueRule,
    Excuse,
    Guide,
    Intervention,
    Length,
    Lesson,
    Module,
    ModuleKind,
    NoteWords,
    Pack,
    Part,
    Phase,
    PhaseSpan,
    Population,
    Problem,
    Service,
    Setting,
    StepDown,
    Text,
    Topic,
    Track,
    UnreadablePack,
    in_language,
)

__all__ = [
    "FOLDER",
    "Agenda",
    "AskedPaper",
    "Criterion",
    "Dose",
    "DueRule",
    "Excuse",
    "Guide",
    "Intervention",
    "Length",
    "Lesson",
    "Module",
    "NoteWords",
    "Pack",
    "Part",
    "Phase",
    "PhaseSpan",
    "Problem",
    "Service",
    "Setting",
    "StepDown",
    "Text",
    "Topic",
    "Track",
    "UnknownPack",
    "UnreadablePack",
    "all_packs",
    "get",
    "in_language",
    "line_of",
    "read",
]

FOLDER = Path(__file__).parent / "packs"
COMMON = "common"
STRANDS = "topics/strands.toml"
FENCE = "+++"

Table = dict[str, Any]


class UnknownPack(LookupError):
    """There is no pack with this id."""

    def __init__(self, pack_id: str) -> None:
        super().__init__(f"There is no program pack “{pack_id}”.")
        self.pack_id = pack_id


def folders(root: Path = FOLDER) -> tuple[Path, ...]:
    """Every folder under `root` that holds a pack."""
    return tuple(sorted(path.parent for path in root.glob("*/pack.toml")))


@cache
def all_packs() -> tuple[Pack, ...]:
    """Every pack that ships."""
    return tuple(read(folder) for folder in folders())


def get(pack_id: str) -> Pack:
    """The pack with this id. Raises UnknownPack."""
    for pack in all_packs():
        if pack.id == pack_id:
            return pack
    raise UnknownPack(pack_id)


def read(folder: Path) -> Pack:
    """The pack kept in this folder, with what it takes from `common` beside it. Raises UnreadablePack."""
    folder = Path(folder)
    common = folder.parent / COMMON
    file = folder / "pack.toml"
    table, shared = _toml(file), _toml(common / "common.toml")
    try:
        return _pack(table, shared, folder, common)
    except KeyError as error:
        raise UnreadablePack(Problem(file, 1, f"{error} is missing.")) from error
    except (TypeError, AttributeError, ValueError) as error:
        if isinstance(error, UnreadablePack):
            raise
        raise UnreadablePack(Problem(file, 1, f"A value has the wrong form: {error}.")) from error


def line_of(file: Path, words: str) -> int:
    """The first line of this file that holds these words; 1 if none does."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if words in line:
            return number
    return 1


def _pack(table: Table, shared: Table, folder: Path, common: Path) -> Pack:
    dose = _dose(table["dose"])
    length = table["length"]
    settings = {**shared.get("settings", {}), **table.get("settings", {})}
    attendance = {**shared["attendance"], **table.get("attendance", {})}
    places = (common, folder)
    return Pack(
        id=table["id"],
        version=table["version"],
        folder=folder,
        common=common,
        name=table["name"],
        summary=table["summary"],
        languages=tuple(table["languages"]),
        population=cast(Population, table["population"]),
        level_of_care=table["level_of_care"],
        edition=table["edition"],
        length=Length(length["least"], length["most"], length["default"]),
        dose=dose,
        phases=tuple(_phase(row, dose) for row in table["phases"]),
        steps_down=tuple(StepDown(row["level"], _dose(row["dose"])) for row in table.get("steps_down", ())),
        tracks=tuple(_track(row, folder, common) for row in table["tracks"]),
        strands=_topics(_found(STRANDS, folder, common) or common / STRANDS),
        strands_file=_found(STRANDS, folder, common) or common / STRANDS,
        guides=tuple(
            _guide(row, path) for path in sorted(common.glob("guides/*.toml")) for row in _toml(path)["guides"]
        ),
        due=tuple(_due(row) for row in table["due"]),
        settings={key: Setting(**row) for key, row in settings.items()},
        excuses=tuple(Excuse(**row) for row in attendance["excuses"]),
        makes_up=tuple(attendance["makes_up"]),
        completion=tuple(_criterion(row) for row in table["completion"]),
        papers=tuple(
            AskedPaper(row["id"], tuple(row.get("tracks", ())), row["why"]) for row in table.get("papers", ())
        ),
        modules=tuple(_module(row) for row in (*shared["modules"], *table.get("modules", ()))),
        agendas=tuple(_agenda(row) for row in (*shared.get("agendas", ()), *table.get("agendas", ()))),
        notes=_notes({**shared["notes"], **table.get("notes", {})}),
        lessons=tuple(_lesson(path) for place in places for path in sorted(place.glob("lessons/*.md"))),
        family=tuple(shared.get("family", {}).get("lessons", ())),
        family_lessons=tuple(_lesson(path) for path in sorted(common.glob("family/*.md"))),
        texts=tuple(_text(path) for place in places for path in sorted(place.glob("texts/*.md"))),
    )


def _dose(row: Table) -> Dose:
    groups = row["groups"]
    return Dose(
        days=row["days"],
        groups=Service(groups["count"], groups["minutes"]),
        per_day=groups["per_day"],
        skills=Service(**row["skills"]),
        individual=Service(**row["individual"]),
        family=Service(**row["family"]),
    )


def _phase(row: Table, usual: Dose) -> Phase:
    dose = _dose(row["dose"]) if "dose" in row else usual
    weeks = row["weeks"]
    return Phase(row["id"], row["name"], row["purpose"], weeks["least"], weeks["most"], dose)


def _due(row: Table) -> DueRule:
    weeks = row.get("every_weeks")
    return DueRule(
        instrument=row["instrument"],
        at_admission=row.get("at_admission", False),
        every_days=weeks * 7 if weeks else row.get("every_days"),
        at_completion=row.get("at_completion", False),
        days_after=tuple(row.get("days_after", ())),
        before_individual=row.get("before_individual", False),
    )


def _criterion(row: Table) -> Criterion:
    named = {"id", "kind", "required", "text"}
    limits = {key: value for key, value in row.items() if key not in named}
    return Criterion(row["id"], row["kind"], row["required"], row["text"], limits)


def _track(row: Table, folder: Path, common: Path) -> Track:
    file = _found(row["topics"], folder, common)
    if file is None:
        pack = folder / "pack.toml"
        line = line_of(pack, row["topics"])
        raise UnreadablePack(Problem(pack, line, f"The topics file “{row['topics']}” does not exist."))
    due = tuple(_due(one) for one in row.get("due", ()))
    return Track(row["id"], row["name"], file, _topics(file), tuple(row["group_topics"]), due)


def _found(name: str, folder: Path, common: Path) -> Path | None:
    """The pack's own file of this name, or the shared one."""
    return next((path for path in (folder / name, common / name) if path.exists()), None)


def _topics(file: Path) -> tuple[Topic, ...]:
    return tuple(
        Topic(one["week"], one.get("turn", 1), one["title"], one["purpose"], one["lesson"])
        for one in _toml(file)["topics"]
    )


def _guide(row: Table, file: Path) -> Guide:
    return Guide(**row, file=file)


def _module(row: Table) -> Module:
    kind = cast(ModuleKind, row["kind"])
    gentle, grounding = row.get("gentle", False), row.get("grounding", "")
    return Module(row["id"], kind, gentle, grounding, row["title"], row["purpose"], tuple(row["lessons"]))


def _agenda(row: Table) -> Agenda:
    return Agenda(row["kind"], tuple(Part(one["minutes"], one["title"], one["purpose"]) for one in row["parts"]))


def _notes(row: Table) -> NoteWords:
    return NoteWords(row["format"], tuple(Intervention(one["id"], one["name"]) for one in row["interventions"]))


def _lesson(file: Path) -> Lesson:
    head, body, body_line = _front_matter(file)
    try:
        return Lesson(
            id=head["id"],
            module=head["module"],
            title=head["title"],
            minutes=head["minutes"],
            language=head["language"],
            sources=tuple(head["sources"]),
            body=body,
            file=file,
            body_line=body_line,
        )
    except KeyError as error:
        raise UnreadablePack(Problem(file, 1, f"The front matter says nothing of {error}.")) from error


def _text(file: Path) -> Text:
    head, body, body_line = _front_matter(file)
    try:
        return Text(head["id"], head["title"], head["language"], body, file, body_line)
    except KeyError as error:
        raise UnreadablePack(Problem(file, 1, f"The front matter says nothing of {error}.")) from error


def _front_matter(file: Path) -> tuple[Table, str, int]:
    lines = file.read_text(encoding="utf-8").splitlines()
    if lines[:1] != [FENCE] or FENCE not in lines[1:]:
        raise UnreadablePack(Problem(file, 1, f"A page begins with TOML between two lines of {FENCE}."))
    end = lines.index(FENCE, 1)
    head = _parse("\n".join(lines[1:end]), file, lines_before=1)
    return head, "\n".join(lines[end + 1 :]).rstrip() + "\n", end + 2


def _toml(file: Path) -> Table:
    try:
        return _parse(file.read_text(encoding="utf-8"), file)
    except FileNotFoundError as error:
        raise UnreadablePack(Problem(file, 1, "This file does not exist.")) from error
    except UnicodeDecodeError as error:
        raise UnreadablePack(Problem(file, 1, "This file is not UTF-8 text.")) from error


def _parse(toml: str, file: Path, *, lines_before: int = 0) -> Table:
    try:
        return tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) + lines_before if found else 1
        raise UnreadablePack(Problem(file, line, f"This is not TOML: {error}.")) from error
