"""What is wrong with a program pack, and what a week's dose may be. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from hearth.consent.papers import papers as all_papers
from hearth.program import reading
from hearth.program.pack import FOLDER, Dose, Lesson, Pack, Problem, Text, Topic, UnreadablePack, line_of, read

# ASAM 2.1: 9 to 19 hours a week for adults, 6 to 19 for adolescents (VA 12VAC30-130-5090, LA LAC 48:I.5692).
LEAST_MINUTES = {"adult": 540, "adolescent": 360}
MOST_MINUTES = 1140
OLDEST_READER = 12  # years
LANGUAGES = ("en", "es")
AGENDA_KINDS = ("group", "skills")
"""The kinds of session whose parts the curriculum lays out; a talk alone or a family's goes as it goes."""
MODULE_KINDS = ("life-skills", "therapy")
STEPS = {
    "en": ("Read or listen", "Try it", "Practise at home", "Think back", "Check"),
    "es": ("Leer o escuchar", "Probar", "Practicar en casa", "Pensar", "Comprobar"),
}
"""The headings every lesson has, in this order; others may stand between."""
NOTE_FORMATS = ("dap", "soap", "birp", "girp")
MISSES = ("absent", "excused")
ONE_DAY = 24 * 60  # minutes
CRITERION_NEEDS = {
    "attendance_share": ("at_least",),
    "goals_reviewed": ("within_days",),
    "measure_response": ("instrument", "at_least"),
    "safety": ("looked_within_days",),
    "transition_plan": ("needs", "follow_up_within_days"),
}

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")
_HTML = re.compile(r"</?[a-zA-Z][^>]*>")
_CODE_LANGUAGE = re.compile(r"^[a-z]{2}$")


def check(folder: Path) -> tuple[Problem, ...]:
    """Everything wrong with the pack in this folder; empty if it is sound."""
    try:
        pack = read(folder)
    except UnreadablePack as error:
        return error.problems
    return problems(pack)


def check_all(root: Path = FOLDER) -> tuple[Problem, ...]:
    """Everything wrong with any pack under `root`, each problem once."""
    found = [problem for file in sorted(root.glob("*/pack.toml")) for problem in check(file.parent)]
    return tuple(dict.fromkeys(found))


def problems(pack: Pack) -> tuple[Problem, ...]:
    """Everything wrong with this pack, in the order of its files and lines."""
    found = [
        *_about(pack),
        *_doses(pack),
        *_weeks(pack),
        *_attendance(pack),
        *_completion(pack),
        *_papers(pack),
        *_curriculum(pack),
        *_families(pack),
        *_agendas(pack),
        *_notes(pack),
        *_topics(pack),
        *_guides(pack),
        *_translations(pack),
        *_words(pack),
    ]
    return tuple(sorted(set(found), key=lambda one: (str(one.file), one.line, one.sentence)))


def outside_level(dose: Dose, population: str) -> str | None:
    """Why this dose is not ASAM 2.1 for these people; None if it is."""
    if dose.minutes < LEAST_MINUTES[population]:
        return f"{dose.minutes} minutes a week are below the {LEAST_MINUTES[population]} of level 2.1."
    if dose.minutes > MOST_MINUTES:
        return f"{dose.minutes} minutes a week are above the {MOST_MINUTES} of level 2.1."
    return None


def _at(pack: Pack, words: str, sentence: str) -> Problem:
    file = pack.folder / "pack.toml"
    return Problem(file, line_of(file, words), sentence)


def _about(pack: Pack) -> Iterator[Problem]:
    if pack.id != pack.folder.name:
        yield _at(pack, "id =", f"The id “{pack.id}” is not the folder's name.")
    if pack.population not in LEAST_MINUTES:
        yield _at(pack, "population", f"The population “{pack.population}” is neither adult nor adolescent.")
    if pack.level_of_care != "2.1":
        yield _at(pack, "level_of_care", f"Level of care {pack.level_of_care} is not an IOP; that is 2.1.")
    for language in pack.languages:
        if language not in LANGUAGES:
            yield _at(pack, "languages", f"The language “{language}” is not one that Hearth speaks.")
    for key, setting in pack.settings.items():
        if setting.value <= 0 or setting.status not in ("product default", "rule"):
            yield _at(pack, key, f"The setting “{key}” needs a positive value and a known status.")


def _doses(pack: Pack) -> Iterator[Problem]:
    if pack.population not in LEAST_MINUTES:
        return
    doses = [("[dose]", pack.dose), *((f'id = "{one.id}"', one.dose) for one in pack.phases)]
    for words, dose in doses:
        if reason := outside_level(dose, pack.population):
            yield _at(pack, words, reason)
    for words, dose in [*doses, *(("[[steps_down]]", one.dose) for one in pack.steps_down)]:
        if not 1 <= dose.days <= 5:
            yield _at(pack, words, f"{dose.days} days a week are not 1 to 5.")
        if dose.groups.count > dose.days * dose.per_day:
            yield _at(pack, words, f"{dose.groups.count} groups do not fit {dose.days} days.")
        for service in (dose.groups, dose.skills, dose.individual, dose.family):
            if service.count < 0 or service.minutes <= 0 or service.minutes % 30:
                yield _at(pack, words, f"{service.minutes} minutes do not fit the half-hour grid.")


def _weeks(pack: Pack) -> Iterator[Problem]:
    length = pack.length
    if not 1 <= length.least <= length.default <= length.most:
        yield _at(pack, "[length]", "The default length lies outside the least and the most.")
    least, most = sum(one.least for one in pack.phases), sum(one.most for one in pack.phases)
    if any(not 1 <= one.least <= one.most for one in pack.phases):
        yield _at(pack, "[[phases]]", "A phase needs at least one week, and no more at least than at most.")
    if (least, most) != (length.least, length.most):
        sentence = f"The phases cover {least} to {most} weeks, the program {length.least} to {length.most}."
        yield _at(pack, "[[phases]]", sentence)


def _attendance(pack: Pack) -> Iterator[Problem]:
    for key, setting in pack.settings.items():
        if key.endswith("_minutes") and setting.value >= ONE_DAY:
            yield _at(pack, key, f"The setting “{key}” is a day long or longer; it counts minutes.")
    for miss in pack.makes_up:
        if miss not in MISSES:
            yield _at(pack, "makes_up", f"“{miss}” is nothing that is made up; that is {' or '.join(MISSES)}.")
    known = [one.id for one in pack.excuses]
    if not known or len(set(known)) != len(known):
        yield _at(pack, "excuses", "The reasons that excuse are at least one, each with an id of its own.")
    longest = max(pack.dose.groups.minutes, pack.dose.skills.minutes, pack.dose.individual.minutes)
    if (least := pack.settings.get("attended_from_minutes")) and least.value > longest:
        yield _at(pack, "attended_from_minutes", f"No session lasts the {least.value} minutes that count as attended.")


def _completion(pack: Pack) -> Iterator[Problem]:
    if not pack.completion:
        yield _at(pack, "id =", "Nothing says when the program is complete.")
    for one in pack.completion:
        if one.kind not in CRITERION_NEEDS:
            yield _at(pack, f'id = "{one.id}"', f"The kind of criterion “{one.kind}” is not known.")
            continue
        for need in CRITERION_NEEDS[one.kind]:
            if need not in one.limits:
                yield _at(pack, f'id = "{one.id}"', f"The criterion “{one.id}” says nothing of {need}.")


def _papers(pack: Pack) -> Iterator[Problem]:
    known, tracks = {one.id for one in all_papers()}, [one.id for one in pack.tracks]
    for one in pack.papers:
        words = f'id = "{one.id}"'
        if one.id not in known:
            yield _at(pack, words, f"The paper “{one.id}” is none of those in hearth/consent/papers.toml.")
        for track in one.tracks:
            if track not in tracks:
                yield _at(pack, words, f"The paper “{one.id}” is asked on a track “{track}” that there is not.")
    asked = Counter((one.id, track) for one in pack.papers for track in (one.tracks or tracks))
    for paper, track in (place for place, times in asked.items() if times > 1):
        yield _at(pack, f'id = "{paper}"', f"The paper “{paper}” is asked twice on the track “{track}”.")
    yield from _untranslated(pack.folder / "pack.toml", [one.why for one in pack.papers], pack.languages)


def _curriculum(pack: Pack) -> Iterator[Problem]:
    modules = {one.id: one for one in pack.modules}
    spoken = {(one.id, one.language) for one in pack.lessons}
    known = {one.id for one in pack.lessons}
    for module in pack.modules:
        file = _file_naming(pack, module.id)
        if module.kind not in MODULE_KINDS:
            sentence = f"The kind of module “{module.kind}” is neither {' nor '.join(MODULE_KINDS)}."
            yield Problem(file, line_of(file, f'id = "{module.id}"'), sentence)
        if module.grounding and module.grounding not in module.lessons:
            sentence = f"The lesson “{module.grounding}” is not one of “{module.id}”."
            yield Problem(file, line_of(file, f'grounding = "{module.grounding}"'), sentence)
        for lesson_id in module.lessons:
            if lesson_id not in known:
                sentence = f"The lesson “{lesson_id}” does not exist."
                yield Problem(file, line_of(file, lesson_id), sentence)
                continue
            for language in pack.languages:
                if (lesson_id, language) not in spoken:
                    sentence = f"The lesson “{lesson_id}” is missing in “{language}”."
                    yield Problem(file, line_of(file, lesson_id), sentence)
    for lesson in pack.lessons:
        yield from _lesson(lesson)
        if lesson.module not in modules or lesson.id not in modules[lesson.module].lessons:
            line = line_of(lesson.file, "module")
            yield Problem(lesson.file, line, f"The module “{lesson.module}” does not list this lesson.")


def _families(pack: Pack) -> Iterator[Problem]:
    file = pack.common / "common.toml"
    spoken = {(one.id, one.language) for one in pack.family_lessons}
    for lesson_id in pack.family:
        for language in pack.languages:
            if (lesson_id, language) not in spoken:
                sentence = f"The lesson for families “{lesson_id}” is missing in “{language}”."
                yield Problem(file, line_of(file, f'"{lesson_id}"'), sentence)
    for lesson in pack.family_lessons:
        yield from _lesson(lesson)
        if lesson.id not in pack.family:
            yield Problem(lesson.file, 1, "The lessons for families do not list this one.")


def _lesson(lesson: Lesson) -> Iterator[Problem]:
    if lesson.file.name != f"{lesson.id}.{lesson.language}.md":
        yield Problem(lesson.file, 1, "The file's name is not its id and language.")
    if lesson.minutes <= 0:
        yield Problem(lesson.file, line_of(lesson.file, "minutes"), "A lesson takes some minutes.")
    if not lesson.sources:
        yield Problem(lesson.file, line_of(lesson.file, "sources"), "No source is named.")
    if missing := _missing_step(lesson):
        yield Problem(lesson.file, lesson.body_line, f"The part “{missing}” is missing or out of order.")


def _missing_step(lesson: Lesson) -> str | None:
    """The first part of a lesson that does not come after the ones before it."""
    headings = iter([line[3:] for line in lesson.body.splitlines() if line.startswith("## ")])
    for step in STEPS.get(lesson.language, ()):
        if not any(heading.startswith(step) for heading in headings):
            return step
    return None


def _agendas(pack: Pack) -> Iterator[Problem]:
    file = pack.common / "common.toml"
    for kind in AGENDA_KINDS:
        if pack.agenda(kind) is None:
            yield Problem(file, line_of(file, "[[agendas]]"), f"Nothing says how a session of “{kind}” goes.")
    for one in pack.agendas:
        if one.kind not in AGENDA_KINDS:
            yield Problem(file, line_of(file, one.kind), f"A session of “{one.kind}” has no parts of its own.")
        for part in one.parts:
            if part.minutes <= 0 or part.minutes % 5:
                sentence = f"A part of {part.minutes} minutes is not a multiple of five."
                yield Problem(file, line_of(file, f"minutes = {part.minutes}, title"), sentence)
        named = [words for part in one.parts for words in (part.title, part.purpose)]
        yield from _untranslated(file, named, pack.languages)


def _notes(pack: Pack) -> Iterator[Problem]:
    if pack.notes.format not in NOTE_FORMATS:
        sentence = f"Notes in the format “{pack.notes.format}” are not known; that is {' or '.join(NOTE_FORMATS)}."
        yield _at(pack, "[notes]", sentence)
    known = [one.id for one in pack.notes.interventions]
    if not known or len(set(known)) != len(known):
        yield _at(pack, "interventions", "Notes have at least one intervention, each with an id of its own.")
    file = pack.common / "common.toml"
    yield from _untranslated(file, [one.name for one in pack.notes.interventions], pack.languages)


def _file_naming(pack: Pack, module_id: str) -> Path:
    own = pack.folder / "pack.toml"
    return own if f'id = "{module_id}"' in own.read_text(encoding="utf-8") else pack.common / "common.toml"


def _topics(pack: Pack) -> Iterator[Problem]:
    for track in pack.tracks:
        weeks = [topic.week for topic in track.topics]
        if weeks != list(range(1, pack.length.most + 1)):
            sentence = f"The topics do not name each of the weeks 1 to {pack.length.most} once, in order."
            yield Problem(track.topics_file, 1, sentence)
        if not track.group_topics:
            yield _at(pack, f'id = "{track.id}"', f"No group of the timetable serves the track “{track.id}”.")
        yield from _handouts(pack, track.topics_file, track.topics)
    yield from _handouts(pack, pack.strands_file, pack.strands)
    known = Counter((one.week, one.turn) for one in pack.strands)
    groups = max([pack.dose.groups.count, *(phase.dose.groups.count for phase in pack.phases)])
    for place in [(week, turn) for week in range(1, pack.length.most + 1) for turn in range(2, groups + 1)]:
        if known[place] != 1:
            sentence = f"Group {place[1]} of week {place[0]} has {known[place]} topics, not one."
            yield Problem(pack.strands_file, 1, sentence)


def _handouts(pack: Pack, file: Path, topics: Iterable[Topic]) -> Iterator[Problem]:
    known = {one.id for one in pack.lessons}
    for topic in topics:
        if topic.lesson not in known:
            yield Problem(file, line_of(file, f'"{topic.lesson}"'), f"The lesson “{topic.lesson}” does not exist.")
    yield from _untranslated(file, [words for one in topics for words in (one.title, one.purpose)], pack.languages)


def _guides(pack: Pack) -> Iterator[Problem]:
    file = pack.common / "common.toml"
    for lesson_id in [lesson for module in pack.modules for lesson in module.lessons]:
        if pack.guide(lesson_id) is None:
            sentence = f"Nothing says how to lead a session on “{lesson_id}”."
            yield Problem(file, line_of(file, f'"{lesson_id}"'), sentence)
    for one in pack.guides:
        yield from _untranslated(one.file, [one.open, one.show, one.work, one.watch, one.close], pack.languages)


def _translations(pack: Pack) -> Iterator[Problem]:
    file = pack.folder / "pack.toml"
    named = [pack.name, pack.summary, *(one.text for one in pack.completion), *(one.name for one in pack.tracks)]
    for phase in pack.phases:
        named += [phase.name, phase.purpose]
    yield from _untranslated(file, named, pack.languages)
    yield from _untranslated(pack.common / "common.toml", [one.name for one in pack.excuses], pack.languages)
    for module in pack.modules:
        named = [module.title, module.purpose]
        yield from _untranslated(_file_naming(pack, module.id), named, pack.languages)
    spoken = {(one.id, one.language) for one in pack.texts}
    for text in pack.texts:
        for language in pack.languages:
            if (text.id, language) not in spoken:
                yield Problem(text.file, 1, f"The text “{text.id}” is missing in “{language}”.")


def _untranslated(file: Path, named: Iterable[object], languages: tuple[str, ...]) -> Iterator[Problem]:
    for words in named:
        if not isinstance(words, dict):
            yield Problem(file, line_of(file, str(words)), f"“{words}” is not given by language.")
            continue
        shown = next(iter(words.values()), "")
        for language in languages:
            if not words.get(language):
                yield Problem(file, line_of(file, shown), f"“{shown}” is missing in “{language}”.")
        for code in words:
            if not _CODE_LANGUAGE.match(code):
                yield Problem(file, line_of(file, shown), f"“{code}” is not a language.")


def _words(pack: Pack) -> Iterator[Problem]:
    tables = {pack.folder / "pack.toml", pack.common / "common.toml", pack.strands_file}
    tables |= {one.topics_file for one in pack.tracks} | {one.file for one in pack.guides}
    for file in tables:
        yield from _unkind(file, file.read_text(encoding="utf-8"), 1, LANGUAGES)
    pages: tuple[Lesson | Text, ...] = (*pack.lessons, *pack.family_lessons, *pack.texts)
    for page in pages:  # sources keep the titles that others gave them
        yield from _unkind(page.file, page.title, line_of(page.file, "title"), (page.language,))
        yield from _unkind(page.file, page.body, page.body_line, (page.language,))
        yield from _broken_links(page.file, page.body, page.body_line)
        age = reading.reading_age(reading.plain_text(page.body), page.language)
        if age > OLDEST_READER:
            yield Problem(page.file, page.body_line, f"The text reads at age {age:.1f}; about 12 is the aim.")


def _unkind(file: Path, text: str, first_line: int, languages: tuple[str, ...]) -> Iterator[Problem]:
    for found in reading.unkind_words(text, languages, first_line=first_line):
        yield Problem(file, found.line, f"“{found.word}” is not a word we use; say: {found.instead}.")


def _broken_links(file: Path, body: str, first_line: int) -> Iterator[Problem]:
    for number, line in enumerate(body.splitlines(), start=first_line):
        for target in _LINK.findall(line):
            local = target.split("#")[0]
            if target.startswith(("https://", "tel:", "sms:", "#")):
                continue
            if ":" in local or not (file.parent / local).is_file():
                yield Problem(file, number, f"The link “{target}” leads nowhere.")
        if found := _HTML.search(line):
            yield Problem(file, number, f"“{found.group()}” is HTML, which is not shown; use Markdown.")
