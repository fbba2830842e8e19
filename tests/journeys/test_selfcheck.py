"""The first look, on a phone at night: the self-check in a real browser, judged there as on the server."""

import json
import random
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import Browser, Page, Request, ViewportSize, expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.inquiry.models import Inquiry
from hearth.inquiry.selfcheck import reading, telling
from hearth.inquiry.selfcheck.rules import AUDIENCES, asked, judge
from hearth.lib import tenancy
from hearth.timetable.testing import make_program, make_section, put_on_duty
from tests.journeys.eyes import axe_clean

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
NIGHT = datetime(2026, 11, 24, 2, 10, tzinfo=ZoneInfo("America/Denver"))
PATIENCE = 60_000  # milliseconds: the machine that runs this may be slow
PHONE: ViewportSize = {"width": 360, "height": 740}
expect.set_options(timeout=PATIENCE)
OF_ADULTS = ("danger", "body", "mind", "home", "what", "phq1", "phq2", "gad1", "gad2", "daily", "parts", "before")


@pytest.fixture
def house(stored_organisation) -> Iterator[object]:
    """An organisation with one group that has places: adults, in the evening, by video or in person."""
    with time_machine.travel(NIGHT):
        with tenancy.within(stored_organisation.pk):
            make_user("Inés Alvarado", Role.COORDINATOR, organisation=stored_organisation)
            dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation)
            put_on_duty(dana, since=date(2026, 1, 1))
            program = make_program()
            for weekday in range(3):
                make_section(program, dana, [], on=date(2026, 11, 23), weekday=weekday, minutes=150)
        yield stored_organisation


@pytest.fixture
def phone(browser: Browser, base_url: str, house) -> Iterator[Page]:
    context = browser.new_context(base_url=base_url, viewport=PHONE, reduced_motion="reduce", has_touch=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []
    context.close()


def begin(page: Page, who: str, word: str = "Begin") -> None:
    page.goto("/check/")
    page.get_by_role("radio", name=who, exact=True).check()
    page.get_by_role("button", name=word).click()


def answer(page: Page, *choices: str, word: str = "Next") -> None:
    for choice in choices:
        page.locator("[data-part=question]").get_by_text(choice, exact=True).click()
    page.get_by_role("button", name=word, exact=True).click()


def sent_to_us(page: Page) -> list[str]:
    """What this page posts, from now on."""
    posted: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            posted.append(request.post_data or "")

    page.on("request", note)
    return posted


def test_an_adult_alone_at_night_finds_a_group_that_fits_and_sends_it_with_one_tap(phone, house):
    posted = sent_to_us(phone)
    begin(phone, "Me, and I am 18 or older")
    axe_clean(phone)
    answer(phone, "Safe: no thoughts of dying or of hurting anyone")
    answer(phone, "None of these")
    answer(phone, "None of these")
    answer(phone, "Safe, but hard: tension, or others who drink or use")
    answer(phone, "Low mood, emptiness", "Loss and grief")
    for _ in range(4):
        answer(phone, "Several days")
    answer(phone, "Most days are hard, but parts of them work")
    answer(phone, "Work", "Sleep")
    answer(phone, "Weekly therapy, now or before")
    answer(phone, "A little")
    answer(phone, "Weekday evenings")
    answer(phone, "By video")
    answer(phone, "English")
    phone.get_by_role("combobox").select_option("CO")
    answer(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("An intensive outpatient program may fit")
    expect(phone.get_by_role("heading", level=1)).to_be_focused()
    expect(phone.get_by_text("Evening group")).to_be_visible()
    expect(phone.get_by_text("next start Monday 30 November")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe_clean(phone)
    assert posted == []
    assert phone.evaluate("localStorage.length + sessionStorage.length") == 0

    phone.get_by_role("button", name="See a whole week").click()
    expect(phone.locator("[data-whole-week]")).to_be_visible()
    assert "daily" not in "".join(posted)

    phone.get_by_label("Your first name").fill("Sam")
    phone.get_by_label("Phone", exact=True).fill("303 555 0161")
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("That was the hard part.")
    with tenancy.within(house.pk):
        kept = Inquiry.objects.get()
    assert (kept.best_time, kept.asked_for, kept.urgent) == ("evening", "me", False)
    assert set(OF_ADULTS) <= kept.answers["answers"].keys()


def test_somebody_in_danger_is_helped_before_the_next_question_and_may_go_on(phone, house):
    posted = sent_to_us(phone)
    begin(phone, "Someone I care about")
    answer(phone, "Someone took too much of something, or something poisonous")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This comes first")
    now = phone.locator("[data-part=help]")
    expect(now.get_by_role("link", name="1-800-222-1222")).to_have_attribute("href", "tel:+18002221222")
    expect(now.get_by_role("link", name="911", exact=True)).to_have_attribute("href", "tel:911")
    for line in ("Call 988", "Text 988", "Chat with 988"):
        expect(now.get_by_role("link", name=line)).to_be_visible()
    axe_clean(phone)
    phone.get_by_role("button", name="Go on with the questions").click()
    answer(phone, "Daily alcohol, or pills such as Xanax or Valium, with shaking or sweating when stopping")
    expect(phone.get_by_text("Do not stop suddenly.")).to_be_visible()
    phone.get_by_role("button", name="Show the result now").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Help now, before anything else")
    expect(phone.get_by_text("It is no diagnosis")).to_be_visible()
    assert posted == []


def test_somebody_for_whom_it_is_too_much_is_told_so_and_where_to_go(phone, house):
    begin(phone, "Me, and I am 18 or older")
    answer(phone, "Safe: no thoughts of dying or of hurting anyone")
    for _ in range(2):
        answer(phone, "None of these")
    answer(phone, "Safe to sleep and to be")
    while phone.locator("[data-part=question]").is_visible():
        holds = phone.get_by_text("It mostly holds")
        if holds.is_visible():
            holds.click()
        answer(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Weekly therapy may be enough for now")
    expect(phone.get_by_role("link", name="findtreatment.gov")).to_be_visible()


def test_spanish_throughout_and_answers_survive_the_change_of_language(phone, house):
    begin(phone, "Me, and I am 18 or older")
    answer(phone, "There are thoughts of dying or of self-harm, but it is safe right now")
    phone.get_by_role("button", name="Español").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Esto va primero")
    expect(phone.locator("[data-part=help]").get_by_text("oprima 2 para español").first).to_be_visible()
    phone.get_by_role("button", name="Seguir con las preguntas").click()
    expect(phone.locator("[data-title]").first).to_have_text("¿Ocurre algo de esto? Elija todo lo que corresponda.")
    assert phone.evaluate("sessionStorage.length") == 0
    answer(phone, "Nada de esto", word="Siguiente")
    while phone.locator("[data-part=question]").is_visible():
        answer(phone, word="Siguiente")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Un programa ambulatorio intensivo puede ser adecuado")
    expect(phone.locator("[data-part=result]").get_by_text("oprima 2 para español")).to_be_visible()
    words = phone.locator("main").inner_text()
    assert not {"the", "you", "your"} & set(words.lower().split())


def test_answers_are_kept_only_if_asked_and_cleared_at_a_tap(phone, house):
    begin(phone, "Me, and I am 12 to 17")
    phone.get_by_label("Keep my answers on this phone").check()
    answer(phone, "Safe: no thoughts of dying or of hurting anyone")
    phone.reload()
    expect(phone.get_by_text("Is any of this so?")).to_be_visible()
    phone.evaluate(
        """() => {
          const kept = JSON.parse(localStorage.getItem("hearth.check"));
          localStorage.setItem("hearth.check", JSON.stringify({ ...kept, at: Date.now() - 8 * 24 * 60 * 60 * 1000 }));
        }"""
    )
    phone.reload()
    expect(phone.get_by_text("Who is this about?")).to_be_visible()
    assert phone.evaluate("localStorage.length") == 0  # too old is removed, not only left unread
    phone.get_by_role("radio", name="Me, and I am 12 to 17").check()
    phone.get_by_label("Keep my answers on this phone").check()
    phone.get_by_role("button", name="Begin").click()
    answer(phone, "Safe: no thoughts of dying or of hurting anyone")
    phone.get_by_role("button", name="Clear this phone").click()
    expect(phone.get_by_text("Who is this about?")).to_be_visible()
    assert phone.evaluate("localStorage.length") == 0
    leave = phone.get_by_role("link", name="Leave this page")
    expect(leave).to_be_in_viewport()
    assert leave.get_attribute("href") == "https://www.weather.gov/"


def test_without_javascript_the_same_questions_lead_to_the_same_result(browser: Browser, base_url: str, house):
    page = browser.new_page(java_script_enabled=False, base_url=base_url, viewport=PHONE)
    page.set_default_timeout(PATIENCE)
    begin(page, "Me, and I am 12 to 17")
    page.get_by_label("There are thoughts of how or when to do it").check()
    page.get_by_role("button", name="See what fits").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help now, before anything else")
    expect(page.get_by_role("link", name="988", exact=True).first).to_be_visible()
    page.close()


def test_phone_and_server_judge_a_thousand_random_people_alike(phone, house):
    chance, check = random.Random(6), reading.check()  # the same people on every run
    people = [_somebody(chance, check) for _ in range(1000)]
    expected = []
    for audience, answers in people:
        result = judge(check, audience, answers)
        reasons, steps = [rule.id for rule in result.reasons], list(result.steps)
        questions = [one.id for one in asked(check, audience, answers)]
        expected.append([result.suggestion, result.urgent, reasons, steps, questions])
    phone.goto("/check/")
    judged = phone.evaluate(
        """async ([check, people]) => {
          const { judge, asked } = await import("/static/inquiry/js/rules.js");
          return people.map(([audience, answers]) => {
            const { suggestion, urgent, reasons, steps } = judge(check, audience, answers);
            const questions = asked(check, audience, answers).map((one) => one.id);
            return [suggestion, urgent, reasons.map((rule) => rule.id), steps, questions];
          });
        }""",
        [json.loads(json.dumps(telling.as_data(served=["CO"], language="en"))), people],
    )
    assert judged == expected


def _somebody(chance, check):
    audience = chance.choice(AUDIENCES)
    answers: dict[str, object] = {"served": chance.choice(["yes", "no"])}
    for question in check.of(audience):
        if chance.random() < 0.8:
            some = chance.sample(question.choices, chance.randint(1, min(4, len(question.choices))))
            answers[question.id] = some if question.many else some[0]
    return audience, answers
