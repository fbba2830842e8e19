"""Keystrokes and time until a facilitator has signed the notes of a group of twelve.

    python bench/group_note.py [--quick] [--json FILE]

A real Chromium on a real server, by keyboard alone: eight in the room and four by video, nine with a note from before,
six whose taking part was marked in the room. Something of their own is typed about each; those letters are counted
apart, every other key that goes down (also Ctrl) counts. Goals: 90 keys, ten minutes by the keystroke-level model.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from parts.report import figure, finish, show
from parts.web import CHROMIUM, FLAGS, cookie_of, house, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

KEYS, MINUTES = 90, 10.0  # the goals
KEY_SECONDS, THINK_SECONDS = 0.28, 1.35  # Card, Moran and Newell 1980: an average typist's key; one mental step
NAMES = ("Ada", "Ben", "Cleo", "Dev", "Esi", "Finn", "Gus", "Hana", "Ivo", "June", "Kofi", "Lena")
SAID = (
    "Named three early signs and told the group which comes first.",
    "Quiet at first, then asked how the others get through weekends.",
    "Planned two evenings and wrote down whom to call.",
    "Said that mornings are hardest since the move; tried the breathing.",
    "Tied craving to payday and worked out another way home.",
    "Listened with eyes closed, wrote a full page afterwards.",
    "Disagreed with the worksheet, made an own scale of five words.",
    "Wept when speaking of sleep, stayed, and said it was good to stay.",
    "Practised saying no in a role play, twice, louder the second time.",
    "Told how the wave passed after eleven minutes on Sunday.",
    "Made a list of three people and struck one off.",
    "Asked for a copy of the plan for the door of the fridge.",
)


@dataclass
class Hands:
    """The keyboard: what is said about someone is counted apart from all else."""

    page: "Page"
    keys: int = 0
    letters: int = 0
    steps: int = 0  # decisions: one for each thing that is chosen

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.keys += len(name.split("+"))
            self.steps += 1

    def say(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.letters += len(words)
        self.steps += 1


def main() -> int:
    options = _options()
    with house(), _group() as (cookie, path), served() as address:
        figures = _figures(_write(address, cookie, path) | _signed())
    show(figures, wide=(28, 8, 8))
    return finish("group_note", figures, to=options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A group note for twelve, by keyboard.")
    parser.add_argument("--quick", action="store_true", help="the same: it takes less than a minute")
    parser.add_argument("--json", help="write the figures to this file")
    return parser.parse_args()


@contextmanager
def _group() -> Iterator[tuple[str, str]]:
    """A session that is just over: its facilitator's cookie and the address of its note."""
    from django.utils import timezone

    from hearth.accounts.roles import Role
    from hearth.accounts.testing import make_organisation, make_user
    from hearth.lib import tenancy
    from hearth.people.models import Modality
    from hearth.people.testing import make_patient
    from hearth.sessions import services
    from hearth.sessions.testing import make_episode, make_session

    at, organisation = timezone.now(), make_organisation()
    began = at - timedelta(hours=3)
    with tenancy.within(organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, organisation=organisation, title="LPC")
        students = [make_patient(name, "Bench", at=at) for name in NAMES]
        for student in students:
            make_episode(student, by=dana, starts_on=(at - timedelta(days=30)).date())
        _note_of_last_week(dana, students[:9], at=at - timedelta(days=7))
        facts = {"topic": "Early signs", "lesson": "ride-the-wave"}
        session = make_session(dana, *students, starts_at=began, ends_at=at, **facts)
        session.roster.filter(patient__in=students[8:]).update(modality=Modality.VIRTUAL, location="At home, Denver")
        for number, row in enumerate(session.roster.order_by("patient__chosen_name")):
            services.mark(attendance=row, status="present", by=dana, at=began, mood_in=4, mood_out=6)
            if number < 6:
                services.mark_took_part(attendance=row, much=4, by=dana, at=began + timedelta(hours=1))
        services.hand_out(session=session, lesson="ride-the-wave", by=dana, at=began)
        services.end(session=session, by=dana, at=at)
    yield cookie_of(dana), f"/sessions/{session.pk}/note/"


def _note_of_last_week(dana: Any, students: list[Any], *, at: datetime) -> None:
    """So that the goal each works on is known."""
    from hearth.sessions import services
    from hearth.sessions.rules.notes import Draft, Line
    from hearth.sessions.testing import make_session

    before = make_session(dana, *students, starts_at=at - timedelta(hours=3), topic="Sleep")
    for row in before.roster.all():
        services.mark(attendance=row, status="present", by=dana, at=at)
    services.end(session=before, by=dana, at=at)
    lines = {
        str(row.pk): Line(text=f"Said something {row.pk}.", took_part=3, risk="none", goal=2, progress="same")
        for row in before.roster.all()
    }
    draft = Draft("Talked of sleep.", ("psychoeducation",), plan="Sleep log.", lines=lines)
    services.save_group_note(session=before, draft=draft, by=dana, at=at)
    services.sign_group_note(session=before, by=dana, at=at)


def _write(address: str, cookie: str, path: str) -> dict[str, float]:
    """Open the note, write it and sign it, as somebody who knows the keys."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(base_url=address, service_workers="block", reduced_motion="reduce")
        context.add_cookies([{"name": "hearth", "value": cookie, "url": address}])
        page = context.new_page()
        began = time.monotonic()
        page.goto(path)
        hands = Hands(page)
        hands.press("a", "i", "p", "Space", "r", "Space")  # what was done and comes next, as proposed; interventions
        for number, words in enumerate(SAID):
            hands.press("Escape", *(["j"] if number else []))
            _one(hands, number, words)
        with page.expect_navigation():
            hands.press("Control+Enter")
        seconds = time.monotonic() - began
        browser.close()
    model = (hands.keys + hands.letters) * KEY_SECONDS + hands.steps * THINK_SECONDS
    return {"keys": hands.keys, "letters": hands.letters, "seconds": seconds, "minutes": model / 60}


def _one(hands: Hands, number: int, words: str) -> None:
    """One student's line: what is not known yet, and what is said of them."""
    if number >= 6:
        hands.press("4")
    if number >= 9:
        hands.press("g")
    hands.press("f", "n", "e")
    hands.say(words)


def _signed() -> dict[str, float]:
    from hearth.accounts.models import Organisation
    from hearth.lib import tenancy
    from hearth.sessions.models import ProgressNote

    with tenancy.within(Organisation.objects.get().pk):
        own = [note.body["response"] for note in ProgressNote.objects.filter(session__topic="Early signs")]
    return {"signed": float(sum(any(said.endswith(f" {words}") for said in own) for words in SAID))}


def _figures(found: dict[str, float]) -> dict[str, Any]:
    return {
        "notes_signed": figure(found["signed"], "notes", len(NAMES), better="more"),
        "keys": figure(found["keys"], "keys", KEYS),
        "letters_about_students": figure(found["letters"], "letters", None),
        "minutes_by_keystroke_model": figure(round(found["minutes"], 1), "min", MINUTES),
        "seconds_by_machine": figure(round(found["seconds"], 1), "s", None),
    }


if __name__ == "__main__":
    sys.exit(main())
