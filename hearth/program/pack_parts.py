"""What a program is, as plain values: dose, phases, tracks, curriculum, due rules, completion."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

Words = Mapping[str, str]  # the same words by language: {"en": …, "es": …}
Population = Literal["adult", "adolescent"]
ModuleKind = Literal["life-skills", "therapy"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, in one sentence."""

    file: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class UnreadablePack(ValueError):
    """A pack's files have no usable form; `problems` says where."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Service:
    """So many times a week, so many minutes each."""

    count: int
    minutes: int

    @property
    def total(self) -> int:
        """Minutes a week."""
        return self.count * self.minutes


@dataclass(frozen=True, slots=True)
class Dose:
    """What one student is given in one week. `per_day` is the most group blocks on one day."""

    days: int
    groups: Service
    per_day: int
    skills: Service
    individual: Service
    family: Service

    @property
    def minutes(self) -> int:
        """All minutes of the week."""
        return self.groups.total + self.skills.total + self.individual.total + self.family.total

    def as_board(self) -> dict[str, Any]:
        """The `dose` of a timetable board."""
        group = {"count": self.groups.count, "minutes": self.groups.minutes, "per_day": self.per_day}
        others = {"skills": self.skills, "individual": self.individual, "family": self.family}
        plain = {kind: {"count": one.count, "minutes": one.minutes} for kind, one in others.items()}
        return {"group": group, **plain, "days": self.days}


@dataclass(frozen=True, slots=True)
class Length:
    """Weeks in the program."""

    least: int
    most: int
    default: int


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the way, `least` to `most` weeks long, with its own dose where it steps down."""

    id: str
    name: Words
    purpose: Words
    least: int
    most: int
    dose: Dose


@dataclass(frozen=True, slots=True)
class StepDown:
    """Fewer days a week for whoever is steady, and which level of care that is."""

    level: str
    dose: Dose


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A phase within one student's weeks; both weeks are inside, the first week is 1."""

    phase: Phase
    first_week: int
    last_week: int


@dataclass(frozen=True, slots=True)
class DueRule:
    """When a measure is asked: at the start, every so many days, before each talk alone, at completion and days
    after it."""

    instrument: str
    at_admission: bool = False
    every_days: int | None = None
    at_completion: bool = False
    days_after: tuple[int, ...] = ()
    before_individual: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A number the program works with, with where it comes from. `status` is "product default" or "rule"."""

    value: int
    unit: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Excuse:
    """A reason that excuses somebody from a session."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing completion asks for. `limits` holds what its kind needs, such as a share or an instrument."""

    id: str
    kind: str
    required: bool
    text: Words
    limits: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Topic:
    """What a group is about: the one of this turn in the week of this number. `lesson` is its handout."""

    week: int
    turn: int
    title: Words
    purpose: Words
    lesson: str


@dataclass(frozen=True, slots=True)
class Guide:
    """How to lead a session on a lesson: a question to open with, what to show, work on, watch for and end with."""

    lesson: str
    open: Words
    show: Words
    work: Words
    watch: Words
    close: Words
    file: Path


@dataclass(frozen=True, slots=True)
class Track:
    """A way through the program: the topic of each week's first group, and measures it asks beside the pack's own.

    `group_topics` are the topics of the timetable: a group of any of these serves, the first is best.
    """

    id: str
    name: Words
    topics_file: Path
    topics: tuple[Topic, ...]
    group_topics: tuple[str, ...]
    due: tuple[DueRule, ...]

    def topic_in_week(self, week: int, *, of: int) -> Topic:
        """What the first group is about in this week of a stay of `of` weeks; the last topic closes it."""
        return self.topics[-1] if week >= of else self.topics[week - 1]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson in one language. `body` is Markdown; it begins on line `body_line` of `file`."""

    id: str
    module: str
    title: str
    minutes: int
    language: str
    sources: tuple[str, ...]
    body: str
    file: Path
    body_line: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a session: how many minutes, what, and what for."""

    minutes: int
    title: Words
    purpose: Words


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something clinicians do in a session, as notes name it."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class NoteWords:
    """How notes are written: the `format` they are laid out in, and the interventions to choose from."""

    format: str
    interventions: tuple[Intervention, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """How a `kind` of session goes, part by part."""

    kind: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A page of words in one language, such as what to bring."""

    id: str
    title: str
    language: str
    body: str
    file: Path
    body_line: int


@dataclass(frozen=True, slots=True)
class Module:
    """Lessons that belong together, in order. On a `gentle` one, skipping and stopping stay in sight, and so does the
    lesson among them, `grounding`, that leads back to here and now.
    """

    id: str
    kind: ModuleKind
    gentle: bool
    grounding: str
    title: Words
    purpose: Words
    lessons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedPaper:
    """A paper that this program asks for, on these tracks or on all, with its answer to “Why is this asked?”."""

    id: str
    tracks: tuple[str, ...]
    why: Words


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole program."""

    id: str
    version: str
    folder: Path
    common: Path
    name: Words
    summary: Words
    languages: tuple[str, ...]
    population: Population
    level_of_care: str
    edition: str
    length: Length
    dose: Dose
    phases: tuple[Phase, ...]
    steps_down: tuple[StepDown, ...]  # most days first
    tracks: tuple[Track, ...]
    strands: tuple[Topic, ...]
    strands_file: Path
    guides: tuple[Guide, ...]
    due: tuple[DueRule, ...]
    settings: Mapping[str, Setting]
    excuses: tuple[Excuse, ...]
    makes_up: tuple[str, ...]  # which misses may be made up; none: nothing is offered
    completion: tuple[Criterion, ...]
    papers: tuple[AskedPaper, ...]
    modules: tuple[Module, ...]
    agendas: tuple[Agenda, ...]
    notes: NoteWords
    lessons: tuple[Lesson, ...]
    family: tuple[str, ...]  # the lessons for families, in order
    family_lessons: tuple[Lesson, ...]
    texts: tuple[Text, ...]

    def track(self, track_id: str) -> Track:
        """The track with this id; KeyError if there is none."""
        for one in self.tracks:
            if one.id == track_id:
                return one
        raise KeyError(track_id)

    def papers_on(self, track_id: str) -> dict[str, Words]:
        """What is asked of whoever comes to this track, by the paper's id, with why."""
        return {one.id: one.why for one in self.papers if not one.tracks or track_id in one.tracks}

    def agenda(self, kind: str) -> Agenda | None:
        """How a session of this kind goes; the pack's own comes before the shared one. None: as its leader likes."""
        return next((one for one in reversed(self.agendas) if one.kind == kind), None)

    def topic(self, track_id: str, *, week: int, turn: int, of: int) -> Topic:
        """What a week's group of this turn is about: the track's own topic first, then the strands all share."""
        week = min(week, self.length.most)
        shared = (one for one in self.strands if (one.week, one.turn) == (week, turn))
        return next(shared, None) or self.track(track_id).topic_in_week(week, of=of)

    def guide(self, lesson_id: str) -> Guide | None:
        """How to lead a session on this lesson; None where nothing is said."""
        return next((one for one in self.guides if one.lesson == lesson_id), None)

    def skills_lesson(self, *, week: int, turn: int, of: int) -> str | None:
        """The lesson of a week's skills block of this turn, going on from the weeks before; None without any."""
        lessons = self.life_skills()
        before = sum(self.dose_in_week(each, of=of).skills.count for each in range(1, week))
        return lessons[(before + turn - 1) % len(lessons)] if lessons else None

    def life_skills(self) -> tuple[str, ...]:
        """The lessons of the skills blocks: the first of each life-skills module, then the second of each, and on."""
        shelves = [one.lessons for one in self.modules if one.kind == "life-skills"]
        return tuple(lesson for row in zip_longest(*shelves) for lesson in row if lesson)

    def is_gentle(self, lesson: "Lesson") -> bool:
        """Whether this lesson's module keeps skipping and stopping in sight."""
        return any(one.gentle for one in self.modules if one.id == lesson.module)

    def grounding(self, lesson: "Lesson") -> str:
        """The id of the lesson of this lesson's module that leads back to here and now; empty without one."""
        return next((one.grounding for one in self.modules if one.id == lesson.module), "")

    def lesson(self, lesson_id: str, language: str) -> Lesson:
        """The lesson in this language, or in English; KeyError if there is none."""
        spoken = {one.language: one for one in self.lessons if one.id == lesson_id}
        return spoken.get(language.split("-")[0].lower()) or spoken["en"]

    def family_lesson(self, lesson_id: str, language: str) -> Lesson:
        """The lesson for families in this language, or in English; KeyError if there is none."""
        spoken = {one.language: one for one in self.family_lessons if one.id == lesson_id}
        return spoken.get(language.split("-")[0].lower()) or spoken["en"]

    def text(self, text_id: str, language: str) -> Text:
        """The text in this language, or in English; KeyError if there is none."""
        spoken = {one.language: one for one in self.texts if one.id == text_id}
        return spoken.get(language.split("-")[0].lower()) or spoken["en"]

    def due_for(self, track_id: str) -> tuple[DueRule, ...]:
        """Every measure asked on this track."""
        return (*self.due, *self.track(track_id).due)

    def spans(self, weeks: int) -> tuple[PhaseSpan, ...]:
        """The phases laid over this many weeks; weeks beyond the least go to the earliest phase with room."""
        spare = weeks - sum(phase.least for phase in self.phases)
        spans: list[PhaseSpan] = []
        first = 1
        for phase in self.phases:
            extra = max(0, min(spare, phase.most - phase.least))
            spare -= extra
            spans.append(PhaseSpan(phase, first, first + phase.least + extra - 1))
            first = spans[-1].last_week + 1
        return tuple(spans)

    def dose_in_week(self, week: int, *, of: int) -> Dose:
        """What is prescribed in this week of a stay of `of` weeks; the last phase's dose beyond its end."""
        spans = self.spans(of)
        return next((span.phase.dose for span in spans if week <= span.last_week), spans[-1].phase.dose)


def in_language(words: Words, language: str) -> str:
    """These words in this language, or in English where they are missing."""
    return words.get(language.split("-")[0].lower()) or words["en"]
