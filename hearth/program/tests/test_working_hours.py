"""When teams are at work: said by those who set up the house, for the house or one program, and taken back."""

from django.urls import reverse

from hearth.audit.models import Event
from hearth.lib import working_hours
from hearth.program import queries
from hearth.program.models import Program, WorkingHours

LIST, HOUSE = reverse("program:working-hours"), reverse("program:hours-of-house")
WEEK = {f"day_{day}": "" for day in range(7)}


def make_program(name="Evening IOP"):
    return Program.objects.create(name=name, pack="adult-evening", pack_version="1", population="adult")


def of(program):
    return reverse("program:hours-of", args=[program.pk])


def test_an_administrator_says_when_an_evening_program_is_at_work_and_takes_it_back(as_user, walt):
    evening = make_program()
    browser = as_user(walt)
    assert "Mon–Fri 09:00–17:00" in browser.get(LIST).text
    page = browser.post(of(evening), {**WEEK, "day_0": "13-21", "day_1": "13:00–21:00", "day_3": "9-12, 13-21"})
    assert page.url == LIST
    assert queries.working_week(evening.pk) == working_hours.read(WorkingHours.objects.get().hours)
    page = browser.get(LIST).text
    assert "Mon–Tue 13:00–21:00" in page
    assert "Thu 09:00–12:00, 13:00–21:00" in page
    assert queries.working_week(None) == working_hours.DEFAULT
    browser.post(of(evening), {"do": "take_back"})
    assert queries.working_week(evening.pk) == working_hours.DEFAULT
    verbs = Event.objects.filter(verb__startswith="program.hours").values_list("verb", flat=True)
    assert sorted(verbs) == ["program.hours_said", "program.hours_taken_back"]


def test_a_program_without_hours_of_its_own_has_those_of_the_house(as_user, walt):
    evening = make_program()
    as_user(walt).post(HOUSE, {**WEEK, "day_5": "10-14"})
    assert queries.working_week(evening.pk) == queries.working_week(None) == (working_hours.Stretch(5, 600, 840),)


def test_what_are_no_hours_and_a_week_without_any_is_refused_and_what_was_typed_is_kept(as_user, walt):
    browser = as_user(walt)
    page = browser.post(HOUSE, {**WEEK, "day_2": "evenings"})
    assert (page.status_code, "evenings" in page.text) == (422, True)
    assert "Write the hours of at least one day." in browser.post(HOUSE, WEEK).text
    assert not WorkingHours.objects.exists()


def test_supervisors_read_them_and_nobody_else_changes_them(as_user, client, ruth, dana, maya):
    evening = make_program()
    assert client.get(LIST).status_code == 302
    page = as_user(ruth).get(LIST)
    assert (page.status_code, of(evening) in page.text) == (200, False)
    for page in (HOUSE, of(evening)):
        assert as_user(ruth).get(page).status_code == 403
    for who in (dana, maya.user):
        assert as_user(who).get(LIST).status_code == 403


def test_more_programs_ask_no_more_questions(as_user, walt, count_queries):
    make_program()
    browser = as_user(walt)
    few = count_queries(browser, LIST)
    for name in ("Day IOP", "Teens"):
        make_program(name)
    assert count_queries(browser, LIST) == few
