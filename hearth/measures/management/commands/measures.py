"""`hearth measures check` and `hearth measures score FILE…`: instruments, without a database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hearth.measures import instrument, rules
from hearth.program import pack

OLDEST = 150


class Command(BaseCommand):
    help = "Check the questionnaires that ship, or score answers."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        jobs = parser.add_subparsers(dest="job", required=True)
        jobs.add_parser("check", help="Say what is wrong with any instrument; exit 1 if anything is.")
        score = jobs.add_parser("score", help="Score answers and print the result as JSON.")
        score.add_argument(
            "files",
            nargs="+",
            type=Path,
            metavar="FILE",
            help='JSON: {"instrument", "answers"}, and "person": {"age", "sex"} where it is needed.',
        )

    def handle(self, *args: Any, job: str, **options: Any) -> None:
        if job == "check":
            self._check()
            return
        results = [_scored(path) for path in options["files"]]
        answer = results[0] if len(results) == 1 else results
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))

    def _check(self) -> None:
        # The FHIR models take a second to load, which scoring need not wait for.
        from hearth.measures.instrument_check import problems

        folders = [instrument.FOLDER / one for one in instrument.ids()]
        found = [sentence for folder in folders for sentence in problems(folder)]
        found += _unknown_in_packs() + _too_long_for_a_week()
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            many = "1 problem" if len(found) == 1 else f"{len(found)} problems"
            raise CommandError(f"{many} in {len(folders)} instruments.")
        self.stdout.write(f"{len(folders)} instruments are sound.")


def _unknown_in_packs() -> list[str]:
    known = set(instrument.ids())
    return [
        f"{one.folder / 'pack.toml'}: the instrument “{rule.instrument}” does not exist."
        for one in pack.all_packs()
        for track in one.tracks
        for rule in one.due_for(track.id)
        if rule.instrument not in known
    ]


def _too_long_for_a_week() -> list[str]:
    """Measures of a pack that would never be asked, because they alone take longer than it allows in a week."""
    return [
        f"{one.folder / 'pack.toml'}: “{rule.instrument}” takes longer than the minutes a week the pack allows."
        for one in pack.all_packs()
        for track in one.tracks
        for rule in one.due_for(track.id)
        if rule.instrument in instrument.ids()
        and instrument.get(rule.instrument).minutes > one.settings["measure_minutes_a_week"].value
    ]


def _scored(path: Path) -> dict[str, Any]:
    try:
        asked = json.loads(path.read_text(encoding="utf-8"))
        found, answers = instrument.get(asked["instrument"]), asked["answers"]
        if not isinstance(answers, list | dict):
            raise TypeError(answers)
        return as_json(rules.score(found, answers, person=_person(asked.get("person"))))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, rules.UnusableAnswers):
            raise CommandError(f"{path}: {_first(error.problems)}") from error
        raise CommandError(f"{path} is not JSON.") from error
    except instrument.UnknownInstrument as error:
        raise CommandError(f"{path}: {error}") from error
    except KeyError as error:
        raise CommandError(f"{path} says nothing of {error}.") from error
    except (AttributeError, TypeError) as error:
        raise CommandError(f'{path} is not of the form {{"instrument", "answers"}}.') from error


def _person(told: Any) -> rules.Person:
    """What was told of the person; a refusal names what is wrong with it."""
    if told is None:
        return rules.NOBODY
    if not isinstance(told, dict):
        raise rules.UnusableAnswers(('The person is not of the form {"age", "sex"}.',))
    age, sex = told.get("age"), told.get("sex")
    if age is not None and (type(age) is not int or not 0 <= age <= OLDEST):
        raise rules.UnusableAnswers((f"The person's age is a whole number of years up to {OLDEST}, not {age!r}.",))
    if sex is not None and not isinstance(sex, str):
        raise rules.UnusableAnswers((f"The person's sex is a word such as female or male, not {sex!r}.",))
    return rules.Person(age=age, sex=sex.strip().lower() if sex else None)


def _first(problems: tuple[str, ...]) -> str:
    """The first problem in its sentence, and how many more there are."""
    more = len(problems) - 1
    return problems[0] if not more else f"{problems[0].removesuffix('.')} (and {more} more of the kind)."


def as_json(score: rules.Score) -> dict[str, Any]:
    """The score as the command prints it; `positive` only where the instrument screens."""
    screens = {} if score.positive is None else {"positive": score.positive}
    return {
        "instrument": score.instrument,
        "total": score.total,
        "subscales": dict(score.subscales),
        "band": score.band,
        **screens,
        "alerts": [{"item": one.item, "reason": one.reason, "severity": one.severity} for one in score.alerts],
        "complete": score.complete,
        "reasons": list(score.reasons),
    }
