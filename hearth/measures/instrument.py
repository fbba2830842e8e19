"""Instruments read from their folders: FHIR R4 Questionnaires with a scoring definition beside them.

A folder `instruments/<id>/` holds `scoring.toml` (how answers become a score, whose it is, what may be done
with it) and one `questionnaire.<language>.json` per language (what a person reads). Pure: files in, frozen
values out.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from hearth.measures.instrument_parts import (
    ORDINAL,
    AlertRule,
    Answer,
    Band,
    ChangeCriteria,
    Cluster,
    Cut,
    Form,
    Item,
    ItemBand,
    Licence,
    Need,
    Pattern,
    Question,
    Silence,
    Subscale,
    SubscaleAlert,
    TotalAlert,
)

FOLDER = Path(__file__).parent / "instruments"


class UnknownInstrument(LookupError):
    """There is no instrument with this id."""

    def __init__(self, instrument_id: str) -> None:
        super().__init__(f"There is no instrument “{instrument_id}”.")
        self.instrument_id = instrument_id


class WordsNotShipped(LookupError):
    """The questions may not be shown: their holder's permission has not been entered."""

    def __init__(self, instrument_id: str) -> None:
        super().__init__(f"The questions of “{instrument_id}” do not ship with Hearth.")
        self.instrument_id = instrument_id


class BrokenInstrument(ValueError):
    """An instrument's files cannot be read; `problems` holds one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument: its items, how it is scored and what its scores mean."""

    id: str
    version: str
    name: str
    covers: tuple[str, ...]
    asked_of: Literal["patient", "guardian"]  # whose view it is; a guardian's never joins the patient's own line
    ages: tuple[int, int]
    minutes: int
    validated: bool
    licence: Licence
    panel_code: str
    total_code: str
    items: tuple[Item, ...]
    total: Literal["sum", "none"]
    better: Literal["lower", "higher"]  # which way a total gets better
    multiply: int  # WHO-5 shows its raw sum times four
    missing_allowed: int  # this many scored items may be estimated from the others
    missing_paper: str
    subscales: tuple[Subscale, ...]
    bands: tuple[Band, ...]
    bands_paper: str
    cuts: tuple[Cut, ...]
    needs: tuple[Need, ...]
    positive_if_any: tuple[str, ...]
    silence: Silence | None  # where a screen counts as positive as long as a question was not answered
    acute_item: str  # the question about right now, which parts positive screens in two; "" where there is none
    item_bands: tuple[ItemBand, ...]  # mildest first
    pattern: Pattern | None
    headings: tuple[str, ...]  # numbers on the paper that carry no answer of their own
    lists: tuple[tuple[str, ...], ...]  # orders of a list of answers beside the items' own
    total_alerts: tuple[TotalAlert, ...]
    subscale_alerts: tuple[SubscaleAlert, ...]
    alerts: tuple[AlertRule, ...]
    change: ChangeCriteria | None
    forms: Mapping[str, Form]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it may be asked in."""
        return tuple(sorted(self.forms))

    def form(self, language: str) -> Form:
        """The questions in this language; else in English, or in the language they have. Raises WordsNotShipped."""
        if not self.forms:
            raise WordsNotShipped(self.id)
        forms = self.forms
        return forms.get(language.split("-")[0].lower()) or forms.get("en") or next(iter(forms.values()))

    def item(self, link_id: str) -> Item:
        """The item with this link id; KeyError if there is none."""
        for item in self.items:
            if item.link_id == link_id:
                return item
        raise KeyError(link_id)

    @property
    def asks_permission(self) -> bool:
        """Whether its words belong to somebody who must allow their use first."""
        return self.licence.status == "permission"

    @property
    def is_of_guardians(self) -> bool:
        """Whether it asks a guardian how they see it."""
        return self.asked_of == "guardian"

    @property
    def lowest(self) -> int:
        """The least total that can be reached."""
        return sum(item.values[0] for item in self.items if item.scored) * self.multiply

    @property
    def highest(self) -> int:
        """The greatest total that can be reached."""
        return sum(item.values[-1] for item in self.items if item.scored) * self.multiply


def ids() -> tuple[str, ...]:
    """Every instrument that ships, in the order of their names."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/scoring.toml")))


@cache
def get(instrument_id: str) -> Instrument:
    """The instrument with this id. Raises UnknownInstrument, or BrokenInstrument if its files are damaged."""
    if instrument_id not in ids():
        raise UnknownInstrument(instrument_id)
    return read(FOLDER / instrument_id)


def all_instruments() -> tuple[Instrument, ...]:
    """Every instrument that ships."""
    return tuple(get(instrument_id) for instrument_id in ids())


def read(folder: Path) -> Instrument:
    """The instrument kept in this folder; BrokenInstrument names the file and what is wrong with it."""
    path = folder / "scoring.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        forms = {form.language: form for form in map(_form, sorted(folder.glob("questionnaire.*.json")))}
        return _instrument(table, forms)
    except FileNotFoundError as error:
        raise BrokenInstrument((f"{path}: there is no scoring definition.",)) from error
    except tomllib.TOMLDecodeError as error:
        raise BrokenInstrument((f"{path}: this is not TOML: {error}.",)) from error
    except KeyError as error:
        raise BrokenInstrument((f"{path}: {error} is missing.",)) from error
    except (TypeError, AttributeError) as error:
        raise BrokenInstrument((f"{path}: a value has the wrong form ({error}).",)) from error


def _instrument(table: dict[str, Any], forms: dict[str, Form]) -> Instrument:
    scale = tuple(table.get("scale", ()))
    scoring = table["scoring"]
    ages = table["ages"]
    return Instrument(
        id=table["id"],
        version=table["version"],
        name=table["name"],
        covers=tuple(table["covers"]),
        asked_of=table.get("asked_of", "patient"),
        ages=(ages[0], ages[1]),
        minutes=table["minutes"],
        validated=table["validated"],
        licence=Licence(**table["licence"]),
        panel_code=table.get("panel_code", ""),
        total_code=table.get("total_code", ""),
        items=tuple(_item(row, scale) for row in table["items"]),
        total=scoring["total"],
        better=table["change"]["better"] if "change" in table else scoring.get("better", "lower"),
        multiply=scoring.get("multiply", 1),
        missing_allowed=scoring["missing_allowed"],
        missing_paper=scoring["missing_paper"],
        subscales=tuple(
            Subscale(row["name"], tuple(row["items"]), row.get("least"), row.get("most"))
            for row in table.get("subscales", ())
        ),
        bands=tuple(Band(row["name"], row["least"]) for row in table.get("bands", ())),
        bands_paper=scoring.get("bands_paper", ""),
        cuts=tuple(Cut(row["least"], row.get("sex")) for row in table.get("cuts", ())),
        needs=tuple(Need(**row) for row in table.get("needs", ())),
        positive_if_any=tuple(scoring.get("positive_if_any", ())),
        silence=Silence(**table["silence"]) if "silence" in table else None,
        acute_item=scoring.get("acute_item", ""),
        item_bands=tuple(
            ItemBand(row["name"], tuple((one["item"], one["least"]) for one in row["any"]))
            for row in table.get("item_bands", ())
        ),
        pattern=_pattern(table["pattern"]) if "pattern" in table else None,
        headings=tuple(scoring.get("headings", ())),
        lists=tuple(tuple(row) for row in scoring.get("lists", ())),
        total_alerts=tuple(TotalAlert(**row) for row in table.get("total_alerts", ())),
        subscale_alerts=tuple(SubscaleAlert(**row) for row in table.get("subscale_alerts", ())),
        alerts=tuple(AlertRule(**row) for row in table.get("alerts", ())),
        change=_change(table["change"]) if "change" in table else None,
        forms=forms,
    )


def _item(row: dict[str, Any], scale: tuple[int, ...]) -> Item:
    numbers = row.get("range")
    return Item(
        link_id=row["link_id"],
        code=row.get("code", ""),
        values=tuple(range(numbers[0], numbers[1] + 1)) if numbers else tuple(row.get("values", scale)),
        scored=row.get("scored", True),
        reverse=row.get("reverse", False),
        required=row.get("required", True),
        omittable=row.get("omittable", False),
        numeric=numbers is not None,
        asked_if_any=tuple(row.get("asked_if_any", ())),
    )


def _pattern(row: dict[str, Any]) -> Pattern:
    clusters = tuple(Cluster(tuple(one["items"]), one["count"], row["least"]) for one in row["clusters"])
    return Pattern(clusters, row["reason"])


def _change(row: dict[str, Any]) -> ChangeCriteria:
    return ChangeCriteria(
        reliable=row["reliable"],
        response=row.get("response"),
        remission_below=row.get("remission_below"),
        paper=row["paper"],
    )


def _form(path: Path) -> Form:
    try:
        resource = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise BrokenInstrument((f"{path}: this is not JSON: {error}.",)) from error
    asked = [item for item in resource["item"] if item["type"] == "choice" or is_number(item)]
    instruction = " ".join(item["text"] for item in resource["item"] if item["type"] == "display")
    questions = tuple(
        Question(
            link_id=item["linkId"],
            text=item["text"],
            answers=tuple(_answer(option) for option in item.get("answerOption", ())),
            required=item.get("required", False),
        )
        for item in asked
    )
    return Form(resource["language"], resource["title"], instruction, questions)


def is_number(item: Mapping[str, Any]) -> bool:
    """Whether this item of a Questionnaire is a number that a person types, not one that is calculated."""
    return item["type"] == "integer" and not item.get("readOnly", False)


def _answer(option: dict[str, Any]) -> Answer:
    points = next(extension for extension in option["extension"] if extension["url"] == ORDINAL)
    return Answer(int(cast(int, points["valueDecimal"])), option["valueCoding"]["display"])
