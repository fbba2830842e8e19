"""`hearth messages`: bring the catalogues up to date with the words in code and templates (needs gettext's tools)."""

import contextlib
import re
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.commands import makemessages

from hearth.lib import catalogues

ABOUT = "Hearth's words. Written by `hearth messages`: translate what is empty, change no msgid here."
# What would change with the hour or the machine, and tell nobody anything.
UNSTEADY = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "Report-Msgid-Bugs-To")


class Gather(makemessages.Command):
    """Django's own command, which also knows `_t`, gettext at once where `_` is for later, and `_lazy`, the reverse."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t", "--keyword=_lazy"]


class Command(BaseCommand):
    help = "Bring the message catalogues up to date; say what waits for a translation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=catalogues.PACKAGE, help="the folder read and written")

    def handle(self, *, folder: Path, **options: Any) -> None:
        if not shutil.which("xgettext"):
            raise CommandError("gettext's tools are missing. Install them first, for example: apt-get install gettext")
        languages = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        with contextlib.chdir(folder):
            call_command(
                Gather(),
                locale=languages,
                no_location=True,
                no_obsolete=True,
                no_wrap=True,
                ignore_patterns=["*/tests/*"],
                verbosity=0,
                stdout=StringIO(),
            )
        for language in languages:
            for path in sorted((folder / "locale" / language).rglob("*.po")):
                self._tell(path, settle(path))

    def _tell(self, path: Path, waiting: list[str]) -> None:
        for words in waiting:
            self.stdout.write(words.replace("\n", "\\n"))
        self.stderr.write(f"{path}: {len(waiting) or 'nothing'} to translate")


def settle(path: Path) -> list[str]:
    """Rewrite a fresh catalogue so that the same words always make the same file; the words not translated yet.

    What gettext guessed from a similar sentence is emptied: a guess is no translation.
    """
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue.header = ABOUT
    catalogue.metadata_is_fuzzy = False
    catalogue.metadata |= {"Project-Id-Version": "Hearth", "Language": path.parents[1].name}
    forms = int(re.findall(r"nplurals=(\d+)", catalogue.metadata.get("Plural-Forms", ""))[0])
    for name in UNSTEADY:
        catalogue.metadata.pop(name, None)
    for entry in catalogue:
        if entry.fuzzy:
            entry.flags.remove("fuzzy")
            entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
        entry.previous_msgid = entry.previous_msgid_plural = None
        if any(entry.msgstr_plural.values()):
            entry.msgstr_plural = _whole(entry.msgstr_plural, forms)
    catalogue.save()
    return [entry.msgid for entry in catalogue.untranslated_entries()]


def _whole(given: dict[int, str], forms: int) -> dict[int, str]:
    """As many plural forms as the language counts; one that is not given is said like the one before it.

    Spanish counts three, the second for whole millions: without the third, most numbers would be said in English.
    """
    said: dict[int, str] = {}
    for number in range(forms):
        said[number] = given.get(number) or said.get(number - 1, "")
    return said
