"""`hearth measures check` and `hearth measures score FILE…`: instruments, without a database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hearth.measures import instrument, rules
from hearth.program import pack


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
        found += _unknown_in_packs()
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


def _scored(path: Path) -> dict[str, Any]:
    try:
        asked = json.loads(path.read_text(encoding="utf-8"))
        person = asked.get("person") or {}
        return as_json(
            rules.score(
                instrument.get(asked["instrument"]),
                asked["answers"],
                person=rules.Person(age=person.get("age"), sex=person.get("sex")),
            )
        )
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} is not JSON.") from error
    except KeyError as error:
        raise CommandError(f"{path} says nothing of {error}.") from error
    except (instrument.UnknownInstrument, rules.UnusableAnswers) as error:
        raise CommandError(f"{path}: {error}") from error
    except (AttributeError, TypeError) as error:
        raise CommandError(f'{path} is not of the form {{"instrument", "answers"}}.') from error


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
