"""`hearth selfcheck questions` and `hearth selfcheck explain FILE`: the self-check's rules, without a database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hearth.inquiry.selfcheck import filled, reading
from hearth.inquiry.selfcheck.rules import judge


class Command(BaseCommand):
    help = "List what the self-check asks, or say what answers lead to and why."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        jobs = parser.add_subparsers(dest="job", required=True)
        questions = jobs.add_parser("questions", help="Print every question with its id and choices as JSON.")
        explain = jobs.add_parser("explain", help="Print what answers lead to, with reasons and sources.")
        explain.add_argument("file", type=Path, metavar="FILE", help='JSON: {"version", "audience", "answers"}.')
        for each in (questions, explain):
            each.add_argument("--language", choices=reading.LANGUAGES, default="en", help="The words' language.")

    def handle(self, *args: Any, job: str, language: str, **options: Any) -> None:
        words = reading.words(language)
        said = _questions(words) if job == "questions" else _explained(options["file"], words)
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))


def _questions(words: reading.Words) -> dict[str, Any]:
    check = reading.check()
    return {
        "version": check.version,
        "questions": [
            {
                "id": one.id,
                "text": words.asked[one.id, one.audiences[0]].text,
                "audiences": list(one.audiences),
                "many": one.many,
                "choices": dict(words.asked[one.id, one.audiences[0]].choices),
                "asked_if": list(one.asked_if),
            }
            for one in check.questions
        ],
    }


def _explained(path: Path, words: reading.Words) -> dict[str, Any]:
    try:
        given = filled.strictly(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CommandError(f"{path} is not JSON.") from error
    except filled.UnusableAnswers as error:
        raise CommandError(f"{path}: {error}") from error
    result = judge(reading.check(), given.audience, given.answers)
    return {
        "suggestion": result.suggestion,
        "urgent": result.urgent,
        "reasons": [
            {"rule": rule.id, "text": words.rules[rule.id], "source": reading.sources()[rule.source]}
            for rule in result.reasons
        ],
        "next_steps": [words.steps[step] for step in result.steps],
    }
