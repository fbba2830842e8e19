"""From opening the site to a sent inquiry on a phone, and how often something is asked twice on the way.

    python bench/first_step.py [--quick] [--json FILE]

A phone in Chromium opens the front page, writes to us as somebody would who reads and types at an ordinary pace, and
sends. Then somebody does the self-check, and the form that sends it is compared with what was told: a field that is not
filled in from that is asked twice. So are the form that opens the chart, the assessment and the papers of somebody who
answered every question of the check. How safe somebody is, is asked anew on purpose. Goals: under two minutes, nothing
asked twice.
"""

import argparse
import os
import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any

from parts import first_look
from parts.report import figure, finish

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = os.environ.get("HEARTH_CHROMIUM", "/usr/bin/chromium-headless-shell")
READS = 4.0  # words a second, reading on a phone
TYPES = 0.3  # seconds a key
MOST_SECONDS = 120.0


def main() -> int:
    parser = argparse.ArgumentParser(description="The first step, timed.")
    parser.add_argument("--quick", action="store_true", help="the same; it takes seconds")
    parser.add_argument("--json", help="write the figures to this file")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with first_look.served(secure=False) as (address, house), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        headers = {"X-Forwarded-For": "198.18.0.1"}
        page = browser.new_page(base_url=address, viewport={"width": 360, "height": 740}, extra_http_headers=headers)
        waits, reads = _writes(page)
        twice, questions = _asked_twice(page)
        browser.close()
        later, told, anew = _asked_later(house)
    twice += later
    print(f"Waiting for pages {waits:.1f} s, reading and typing {reads:.0f} s, together {waits + reads:.0f} s.")
    print(
        f"{questions} questions in a relative's self-check; {told} answers of an adult before the first conversation;"
    )
    print(f"asked twice: {', '.join(twice) or 'none'}; asked anew on purpose: {', '.join(anew) or 'none'}.")
    figures = {
        "seconds_to_a_sent_inquiry": figure(round(waits + reads, 1), "s", MOST_SECONDS),
        "seconds_waiting_for_pages": figure(round(waits, 2), "s", None),
        "asked_twice": figure(len(twice), "questions", 0),
    }
    return finish("first_step", figures, to=options.json)


def _writes(page: "Page") -> tuple[float, float]:
    """(seconds the machine takes, seconds a person takes) from the front page to “sent”."""
    began = time.perf_counter()
    page.goto("/")
    reads = _words(page, ".welcome") / READS
    page.locator(".welcome").get_by_role("link", name="Talk to us").click()
    reads += _words(page, "main") / READS
    for label, typed in (("Your first name", "Sam"), ("Phone", "303 555 0161")):
        page.get_by_label(label, exact=True).fill(typed)
        reads += TYPES * len(typed)
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="That was the hard part.").wait_for()
    return time.perf_counter() - began, reads


def _words(page: "Page", where: str) -> int:
    return len(page.locator(where).inner_text().split())


def _asked_twice(page: "Page") -> tuple[list[str], int]:
    """Fields after the self-check that ask again what was told in it, and how many questions it had."""
    page.goto("/check/")
    page.get_by_role("radio", name="Someone I care about").check()
    page.get_by_role("button", name="Begin").click()
    questions = 0
    while page.locator("[data-part=question]").is_visible():
        questions += 1
        evening = page.locator("[data-part=question] input[value=evening]")
        if evening.count():
            evening.check()
        page.get_by_role("button", name="Next", exact=True).click()
    asked: dict[str, Any] = page.evaluate(
        "() => Object.fromEntries(new FormData(document.querySelector('form[data-talk]')).entries())"
    )
    told = {"asked_for": "other", "best_time": "evening"}
    return [name for name, value in told.items() if asked.get(name) != value], questions


def _asked_later(house: Any) -> tuple[list[str], int, list[str]]:
    """What chart, assessment and papers ask again of what was told, how much that was, and what is asked anew."""
    from django.utils import timezone

    from hearth.accounts.models import User
    from hearth.background.queries import picture_of
    from hearth.consent.packet_forms import FORMS
    from hearth.inquiry.queries import person_told
    from hearth.inquiry.selfcheck import reading
    from hearth.inquiry.services import start_admission
    from hearth.inquiry.testing import make_inquiry, told
    from hearth.lib import tenancy

    at = timezone.now()
    with tenancy.within(house):
        answers: dict[str, Any] = {one.id: _an_answer(one) for one in reading.check().of("adult")}
        asked = make_inquiry("Luz", at=at, email="luz@example.org", words="It is too much.", answers=told(**answers))
        opening = person_told(asked)
        needed = ("chosen_name", "phone", "email", "state", "language", "modality")
        twice = [f"chart: {name}" for name in needed if not opening.get(name)]
        person: dict[str, Any] = {name: opening[name] for name in needed if name != "language"}
        person |= {"family_name": "Amaya", "birth_date": date(1993, 2, 11), "languages": [opening["language"]]}
        ines = User.objects.get(name="Inés Alvarado")
        patient = start_admission(inquiry=asked, person=person, patient=None, by=ines, at=at)
        standings = [one for part in picture_of(patient, staff=False).parts for one in part.standings]
        known = [one for one in standings if one.item.check in asked.answers["answers"]]
        twice += [f"assessment: {one.item.id}" for one in known if not one.item.again and not one.value]
        anew = [one.item.id for one in known if one.item.again]
        asks = {name for form in FORMS.values() for name in form.base_fields}
        twice += [f"papers: {name}" for name in sorted(asks & set(opening)) if not getattr(patient, name)]
    return twice, len(asked.answers["answers"]) + len(needed), anew


SAYS = {"danger": "no", "state": "CO", "daily": "hard", "what": "substances"}
"""What somebody says who is in no danger and is asked as much as possible; else the first choice."""


def _an_answer(question: Any) -> str | list[str]:
    choice = SAYS.get(question.id) or question.choices[0]
    return [choice] if question.many else choice


if __name__ == "__main__":
    sys.exit(main())
