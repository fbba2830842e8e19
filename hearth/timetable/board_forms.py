"""What a planner's forms send, read as moves."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearth.timetable.board import CLOSE, MODALITIES, OPEN, SLOT, Board, Group, Individual
from hearth.timetable.board_view import shown_days
from hearth.timetable.board_words import said, when
from hearth.timetable.drafts import Drafted
from hearth.timetable.models import Kind
from hearth.timetable.moving import End, Move, Open, Reseat, Shift, Spot, spot_of
from hearth.timetable.week import Session, Week
from hearth.timetable.wording import TOPIC_WORDS

LANGUAGES = (("en", gettext_lazy("English")), ("es", gettext_lazy("Spanish")))
NOBODY = "none"  # no room, no second leader, no interpreter
WAYS = (("in_person", gettext_lazy("in person")), ("virtual", gettext_lazy("by video")))


class Unreadable(ValueError):
    """The form was not filled in so that it says a move."""


def time_of(text: str) -> tuple[int, int]:
    """`1-1050` as day and start. Raises Unreadable."""
    day, _dash, start = text.partition("-")
    if not (day.isdecimal() and start.isdecimal()):
        raise Unreadable
    return int(day), int(start)


def spot_of_query(data: QueryDict, session: Session, board: Board) -> Spot:
    """Where the session is to go: `when`, `staff`, `room`, `way`, `second` and `interpreter`. Raises Unreadable.

    What is not said of the last three stays as it is; a room only where it can have one.
    """
    day, start = time_of(data.get("when", ""))
    here, staff = spot_of(session), data.get("staff", "")
    way = data.get("way", here.modality)
    if way not in MODALITIES:
        raise Unreadable
    if not isinstance(session, Group):
        return Spot(day, start, staff, None, way)
    room = _known(data.get("room", ""), (one.id for one in board.rooms))
    second = _known(data.get("second", here.co_staff or ""), (one.id for one in board.staff))
    interpreter = _known(data.get("interpreter", here.interpreter or ""), (one.id for one in board.interpreters))
    return Spot(day, start, staff, room if way == "in_person" else None, way, second, interpreter)


def _known(key: str, ids: Iterable[str]) -> str | None:
    return key if key in set(ids) else None


def was_words(spot: Spot) -> str:
    """A spot as a form carries it along, to be compared with where the session is by then."""
    parts = (spot.staff, spot.room or NOBODY, spot.modality, spot.co_staff or NOBODY, spot.interpreter or NOBODY)
    return " ".join((f"{spot.day}-{spot.start}", *parts))


def move_of(data: QueryDict, drafted: Drafted) -> Move:
    """The move that this form says. Raises Unreadable."""
    key = data.get("session", "")
    match data.get("do"):
        case "shift":
            return _shift(data, drafted, key)
        case "reseat":
            out_of, into = data.get("out_of") or None, data.get("into") or None
            if out_of is None and into is None:
                raise Unreadable
            return Reseat(data.get("patient", ""), out_of, into)
        case "end":
            return End(key)
    raise Unreadable


def _shift(data: QueryDict, drafted: Drafted, key: str) -> Shift:
    parts = data.get("was", "").split(" ")
    if len(parts) != 6:
        raise Unreadable
    room, second, interpreter = (None if parts[number] == NOBODY else parts[number] for number in (2, 4, 5))
    was = Spot(*time_of(parts[0]), parts[1], room, parts[3], second, interpreter)
    session = drafted.sessions.get(key)
    if session is None:
        return Shift(key, was, was)  # it is gone: the service says so
    return Shift(key, was, spot_of_query(data, session, drafted.week.board))


class OpenForm(forms.Form):
    """A new session with the people who come to it."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=Kind)
    topic = forms.ChoiceField(label=gettext_lazy("Topic of a group"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    modality = forms.ChoiceField(label=gettext_lazy("How"), choices=WAYS)
    when = forms.ChoiceField(label=gettext_lazy("Day and time"))
    staff = forms.ChoiceField(label=gettext_lazy("Led by"))
    room = forms.ChoiceField(label=gettext_lazy("Room"), required=False)
    people = forms.MultipleChoiceField(label=gettext_lazy("Who comes"), widget=forms.SelectMultiple(attrs={"size": 8}))
    out_of = forms.ChoiceField(
        label=gettext_lazy("They leave this group for it"),
        required=False,
        help_text=gettext_lazy("To split a group that is too full."),
    )

    def __init__(self, *args: Any, drafted: Drafted, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        board, names, monday = drafted.week.board, drafted.week.names, drafted.week_of
        self.drafted = drafted
        groups = [(key, one) for key, one in drafted.sessions.items() if isinstance(one, Group)]
        self._choose("topic", [("", ""), *((key, str(words).capitalize()) for key, words in TOPIC_WORDS.items())])
        days = shown_days(board, drafted.sessions.values())
        times = [(day, start) for day in days for start in range(OPEN, CLOSE, SLOT)]
        self._choose("when", [(f"{day}-{start}", when(day, start, monday)) for day, start in times])
        self._choose("staff", [(one.id, names[one.id]) for one in board.staff])
        self._choose("room", [("", _("no room")), *((one.id, names[one.id]) for one in board.rooms)])
        self._choose("people", list(self._people(drafted)))
        self._choose("out_of", [("", _("no group")), *((key, said(one, names, monday)) for key, one in groups)])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _people(self, drafted: Drafted) -> Iterable[tuple[str, str]]:
        """Everyone, whoever lacks something of their plan first."""
        week, names = Week(drafted.week.board, drafted.solution), drafted.week.names
        lacks: dict[str, list[str]] = {}
        for one in drafted.week.board.patients:
            short = [kind for kind in Kind if week.given[one.id, kind] < one.dose.part(kind).count]
            lacks[one.id] = [str(kind.label) for kind in short]
        for who in sorted(lacks, key=lambda who: (not lacks[who], names[who])):
            yield who, f"{names[who]} ({', '.join(lacks[who])})" if lacks[who] else names[who]

    def clean(self) -> dict[str, Any]:
        """An hour alone has one person; a group in person a room and a topic."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") in (Kind.INDIVIDUAL, Kind.FAMILY) and len(cleaned.get("people", ())) > 1:
            self.add_error("people", _("An hour alone has one student."))
        if cleaned.get("kind") == Kind.GROUP and not cleaned.get("topic"):
            self.add_error("topic", _("Say what the group is about."))
        return cleaned

    def move(self) -> Open:
        """The move; its length is what the first person's plan holds of this kind."""
        said_ = self.cleaned_data
        people = {one.id: one for one in self.drafted.week.board.patients}
        first = people[said_["people"][0]]
        day, start = time_of(said_["when"])
        minutes = first.dose.part(said_["kind"]).minutes
        shared = {"kind": said_["kind"], "modality": said_["modality"], "day": day, "start": start}
        if said_["kind"] in (Kind.INDIVIDUAL, Kind.FAMILY):
            alone = Individual(patient=first.id, staff=said_["staff"], minutes=minutes, **shared)
            return Open(str(uuid4()), alone)
        group = Group(
            population=first.population,
            topic=said_["topic"] if said_["kind"] == Kind.GROUP else None,
            language=said_["language"],
            minutes=minutes,
            staff=said_["staff"],
            room=(said_["room"] or None) if said_["modality"] == "in_person" else None,
            patients=tuple(said_["people"]),
            **shared,
        )
        return Open(str(uuid4()), group, said_["out_of"] or None)
