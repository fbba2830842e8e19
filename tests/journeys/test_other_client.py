"""Our questionnaires in another FHIR client, LHC-Forms of the National Library of Medicine: it asks the same questions,
gives back the same answers and adds up the same totals. One page takes them all, one after the other.
"""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, Route, expect

from hearth.measures import instrument as instruments
from hearth.measures.fhir import questionnaire
from hearth.measures.instrument import Instrument
from hearth.measures.instrument_parts import Form
from hearth.measures.kiosk_rules import asked

CLIENT = Path(__file__).parents[2] / "node_modules/lforms/dist/lforms"
SCRIPTS = (
    "webcomponent/assets/lib/zone.min.js",
    "webcomponent/runtime.js",
    "webcomponent/polyfills.js",
    "webcomponent/main.js",
    "fhir/R4/lformsFHIR.min.js",
)
PAGE = "<!doctype html><html lang=en><title>LHC-Forms</title><div id=form></div>" + "".join(
    f"<script src='/{one}'></script>" for one in SCRIPTS
)
LOADED = "() => Boolean(globalThis.LForms?.Util && customElements.get('wc-lhc-form'))"
SHOW = """async (questionnaire) => {
  const { Util } = globalThis.LForms;
  const form = Util.convertFHIRQuestionnaireToLForms(questionnaire, "R4");
  const answerLayout = { type: "RADIO_CHECKBOX", columns: "1" };
  form.templateOptions = { ...form.templateOptions, defaultAnswerLayout: { answerLayout } };
  await Util.addFormToPage(form, "form");
}"""
CHOOSE = """async (answers) => {
  for (const [link, place] of answers) {
    const choices = document.getElementsByName(`radiogroup_${link}/1`);
    if (choices.length) choices[place].click();
    else {
      const field = document.getElementById(`${link}/1`);
      field.value = place;
      for (const sign of ["input", "change", "blur"]) field.dispatchEvent(new Event(sign, { bubbles: true }));
    }
    await new Promise((done) => setTimeout(done)); // what follows from a yes appears
  }
}"""
GIVEN = "() => globalThis.LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4', '#form').item ?? []"
ADDS_UP = f"(total) => ({GIVEN})().some((one) => one.linkId === 'total' && one.answer?.[0].valueInteger === total)"

type Points = dict[str, int]
FORMS = [(one, form) for one in map(instruments.get, instruments.ids()) for form in one.forms.values()]
WAYS: tuple[Callable[[int, int], int], ...] = (
    lambda at, many: many - 1,
    lambda at, many: at % many,
    lambda at, many: 0,
)
"""Which of `many` answers the question `at` gets, each time another."""


@pytest.fixture(scope="module")
def client(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()

    def serve(route: Route) -> None:
        name = route.request.url.split("/", 3)[3]
        if not name:
            route.fulfill(body=PAGE, content_type="text/html; charset=utf-8")
        elif (CLIENT / name).is_file():
            route.fulfill(path=CLIENT / name)
        else:
            route.abort()

    page.route("**/*", serve)
    page.goto("http://other-client.test/")
    page.wait_for_function(LOADED)
    yield page
    page.close()


def filled_in(one: Instrument, form: Form, way: Callable[[int, int], int]) -> Points:
    """An answer to every question that is asked of somebody who answers this way."""
    given: Points = {}
    for at, question in enumerate(form.questions):
        if question.link_id in asked(one, form, given):
            values = one.item(question.link_id).values
            given[question.link_id] = values[way(at, len(values))]
    return given


def scored(one: Instrument, answers: Points, folder: Path) -> Any:
    """What `hearth measures score` prints for these answers."""
    path, out = folder / "answers.json", StringIO()
    path.write_text(json.dumps({"instrument": one.id, "answers": answers}), encoding="utf-8")
    call_command("measures", "score", str(path), stdout=out)
    return json.loads(out.getvalue())


def placed(one: Instrument, form: Form, answers: Points) -> list[tuple[str, int]]:
    """For each answer its place among the choices of its question, or the number itself."""
    choices = {question.link_id: [answer.value for answer in question.answers] for question in form.questions}
    return [
        (link_id, value if one.item(link_id).numeric else choices[link_id].index(value))
        for link_id, value in answers.items()
    ]


def given_in(client: Page) -> Points:
    """The answers that the other client would send now."""
    found: Points = {}
    for row in client.evaluate(GIVEN):
        if row["linkId"] != "total":
            answer = row["answer"][0]
            found[row["linkId"]] = (
                answer["valueInteger"] if "valueInteger" in answer else int(answer["valueCoding"]["code"])
            )
    return found


@pytest.mark.parametrize(("one", "form"), FORMS, ids=lambda each: getattr(each, "id", getattr(each, "language", "")))
def test_another_client_asks_keeps_and_adds_up_the_same(client, one, form, tmp_path):
    client.evaluate(SHOW, questionnaire(one, form))
    shown = client.locator("#form")
    expect(shown).to_contain_text(form.title)
    for way in WAYS:
        answers = filled_in(one, form, way)
        client.evaluate(CHOOSE, placed(one, form, answers))
        assert given_in(client) == answers
        if (total := scored(one, answers, tmp_path)["total"]) is not None:
            client.wait_for_function(ADDS_UP, arg=total)
    for question in form.questions:
        if not one.item(question.link_id).asked_if_any:
            expect(shown).to_contain_text(question.text)
