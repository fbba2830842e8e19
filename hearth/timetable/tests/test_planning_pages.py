"""What planners see and do: what a proposal changes, parts, pins, taking back, and what would be."""

from dataclasses import replace

import pytest
from django.core.cache import cache
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.testing import make_patient
from hearth.timetable import services
from hearth.timetable.board import Solution
from hearth.timetable.board_json import parse_solution, solution_as_json
from hearth.timetable.models import Proposal, Section
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program
from hearth.timetable.tests.boards import group, individual, solution
from hearth.timetable.tests.conftest import MONDAY, SECONDS
from hearth.timetable.what_if import Capacity, Nothing

WHAT_IF = f"/timetable/what-if/?week={MONDAY.isoformat()}"


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


def offered(week: Solution, by, at) -> Proposal:
    """A proposal ready to be decided on, with this solution."""
    proposal = services.propose(week_of=MONDAY, by=by, at=at)
    figures = {"coverage": 0.5, "full_dose_share": 0.25, "broken": 0, "dose_minutes": 600, "unmet_minutes": 300}
    Proposal.objects.filter(pk=proposal.pk).update(
        status=Proposal.Status.READY, solution=solution_as_json(week), figures=figures
    )
    proposal.refresh_from_db()
    return proposal


@pytest.fixture
def standing(class_of_four, dana, ines, now):
    """Everyone in a video group on Monday at 16:00, Maya alone on Tuesday at 16:00: accepted."""
    people = [str(one.pk) for one in class_of_four]
    by_video = {"topic": "mental_health", "minutes": 150, "modality": "virtual", "room": None}
    week = solution(
        group(*people, start=16 * 60, staff=str(dana.pk), **by_video),
        individual(people[0], staff=str(dana.pk), start=16 * 60, modality="virtual"),
    )
    return services.accept_proposal(proposal=offered(week, ines, now), by=ines, at=now)


@pytest.fixture
def other(standing, ines, now):
    """A proposal that moves the group to Wednesday and Maya's hour to Thursday."""
    week = parse_solution(standing.solution)
    moved = solution(replace(week.groups[0], day=2), replace(week.individual[0], day=3))
    return offered(moved, ines, now)


def address(name: str, proposal: Proposal) -> str:
    return reverse(f"timetable:{name}", args=[proposal.pk])


def test_a_proposal_names_everyone_whose_week_changes_with_before_and_after(other, ines, as_user):
    page = as_user(ines).get(address("proposal", other)).content.decode()

    assert "the weeks of 4 people change" in page
    assert all(name in page for name in ("Maya Reyes", "Ana Ortiz", "Ben Ortiz", "Cleo Ortiz"))
    assert "Mon 16:00, Dana, by video" in page
    assert "Wed 16:00, Dana, by video" in page
    assert "Afternoon group: mental health" in page
    assert "moves" in page


def test_only_what_changes_can_be_looked_at_and_someone_found_by_name(standing, other, ines, now, as_user):
    week = parse_solution(standing.solution)
    one_hour = offered(solution(week.groups[0], replace(week.individual[0], day=3)), ines, now)
    browser = as_user(ines)

    everything = browser.get(address("proposal", one_hour)).content.decode()
    changes = browser.get(address("proposal", one_hour), {"show": "changes"}).content.decode()
    searched = browser.get(address("proposal", other), {"who": "cleo"}).content.decode()

    assert ("4 of 12" in everything, "4 of 12" in changes) == (True, False)
    assert ("Cleo Ortiz" in searched, "Ben Ortiz" in searched) == (True, False)


def test_a_part_is_accepted_and_the_rest_stays_open(other, maya, ines, as_user):
    hour = f"3-960-{other.solution['individual'][0]['staff']}"

    answer = as_user(ines).post(address("part", other), {"section": hour, "do": "accept"}, follow=True)

    page = answer.content.decode()
    assert "The part is accepted, and those it concerns are told. The rest is still open." in page
    assert "A part of this" in page
    assert "Accept this week" in page
    assert Section.objects.current().filter(weekday=3).count() == 1


def test_a_part_that_breaks_a_rule_says_which_and_keeps_what_was_ticked(other, class_of_four, ines, as_user):
    ana = str(class_of_four[1].pk)

    answer = as_user(ines).post(address("part", other), {"person": ana, "do": "accept"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Too few or too many people" in page
    assert f'value="{ana}" checked' in page


def test_nothing_ticked_or_nonsense_changes_nothing(other, ines, as_user):
    browser = as_user(ines)

    empty = browser.post(address("part", other), {"do": "accept"})
    nonsense = browser.post(address("part", other), {"do": "accept", "person": "x", "section": "a-b c"})

    assert "Nothing is chosen yet" in empty.content.decode()
    assert "What is chosen is already as it stands." in nonsense.content.decode()
    assert {empty.status_code, nonsense.status_code} == {409}


@pytest.mark.parametrize(("do", "day"), [("stay", 0), ("hold", 2)])
def test_people_are_pinned_as_today_or_as_proposed_and_the_week_worked_out_again(
    other, class_of_four, maya, ines, as_user, do, day
):
    answer = as_user(ines).post(address("part", other), {"person": str(maya.pk), "do": do}, follow=True)

    again = Proposal.objects.get(based_on=other)
    assert "Being worked out" in answer.content.decode()
    everyone = sorted(str(one.pk) for one in class_of_four)
    assert [(one["day"], sorted(one["patients"])) for one in (again.pinned or {})["groups"]] == [(day, everyone)]


def test_an_accepted_week_is_taken_back_until_its_monday(standing, ines, now, as_user, time_machine):
    browser = as_user(ines)
    assert "Take it back" in browser.get(address("proposal", standing)).content.decode()

    answer = browser.post(address("take-back", standing), follow=True)

    assert "The week before it stands again" in answer.content.decode()
    assert not Section.objects.current().exists()
    assert browser.post(address("take-back", standing)).status_code == 409


def test_every_program_is_worked_out_by_itself_side_by_side(standing, ines, as_user):
    make_program(name="Adult day", site=None)

    answer = as_user(ines).post(
        reverse("timetable:propose"), {"week_of": MONDAY.isoformat(), "scope": "each"}, follow=True
    )

    assert Proposal.objects.filter(status="solving").count() == 1  # nobody is in the other one yet
    assert "Being worked out" in answer.content.decode()


def test_a_what_if_stands_beside_today_and_is_clearly_no_proposal(class_of_four, ines, as_user):
    browser = as_user(ines)
    typed = {
        "asked": "hire",
        "hire-day": "1",
        "hire-start": "960",
        "hire-end": "1200",
        "hire-population": "adult",
        "hire-language": "es",
        "hire-topics": ["mental_health"],
    }

    page = browser.post(WHAT_IF, typed, follow=True).content.decode()

    assert "Somebody new: Tuesday 16:00–20:00, Spanish, mental health" in page
    assert "Worked out again, nothing changed" in page
    assert "As it stands" in page
    asked = Proposal.objects.get(change__kind="hire")
    assert address("proposal", asked) not in browser.get(reverse("timetable:week")).content.decode()
    solve(asked)
    page = browser.get(address("proposal", asked)).content.decode()
    assert "It cannot be accepted" in page
    assert "Accept" not in page
    assert browser.post(address("accept", asked)).status_code == 409
    browser.post(address("drop", asked))
    assert "Somebody new" not in browser.get(WHAT_IF).content.decode()


def solve(proposal: Proposal) -> None:
    services.solve_proposal(proposal_id=proposal.pk, organisation_id=tenancy.current(), seconds=SECONDS, workers=1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"asked": "hours", "hours-day": "1", "hours-start": "1200", "hours-end": "960"}, "ends before it begins"),
        ({"asked": "capacity", "capacity-most": "0"}, "capacity-most"),
        ({"asked": "room", "room-room": "attic"}, "attic"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_field(class_of_four, dana, ines, as_user, typed, said):
    answer = as_user(ines).post(WHAT_IF, typed | {"hours-staff": str(dana.pk)})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Proposal.objects.exists()


def test_only_planners_decide_compare_and_take_back(other, dana, maya, organisation, as_user):
    biller = make_user("Bea Holt", Role.BILLER, organisation=organisation)
    for user in (dana, maya.user, biller):
        browser = as_user(user)
        assert browser.get(WHAT_IF).status_code == 403
        for name in ("proposal",):
            assert browser.get(address(name, other)).status_code == 403
        for name in ("part", "take-back", "accept", "drop"):
            assert browser.post(address(name, other)).status_code == 403


def test_the_pages_ask_no_more_questions_the_more_is_proposed(
    other, class_of_four, ines, now, as_user, django_assert_max_num_queries
):
    browser = as_user(ines)

    def asked(path: str) -> int:
        cache.clear()  # what there is to change is kept for a minute
        with django_assert_max_num_queries(45) as found:
            assert browser.get(path).status_code == 200
        return len(found)

    week = parse_solution(other.solution)
    few = offered(solution(week.groups[0]), ines, now)
    asked(address("proposal", few))
    assert asked(address("proposal", few)) == asked(address("proposal", other))
    services.ask_what_if(week_of=MONDAY, change=Nothing(), by=ines, at=now)
    one = asked(WHAT_IF)
    for most in (8, 10, 14):
        services.ask_what_if(week_of=MONDAY, change=Capacity(most), by=ines, at=now)
    assert asked(WHAT_IF) == one


def test_the_director_sees_what_is_full_next_and_tries_what_would_help(standing, class_of_four, walt, dana, as_user):
    browser = as_user(walt)
    address_of_today = reverse("timetable:demand")

    page = browser.get(address_of_today, {"week": MONDAY.isoformat()}).content.decode()

    assert "Free seats and hours would serve" in page
    assert "Afternoon group: mental health" in page
    assert "4 of 12" in page
    assert address_of_today in browser.get("/today/figures/").content.decode()
    assert address_of_today in browser.get(reverse("timetable:week")).content.decode()
    assert as_user(dana).get(address_of_today).status_code == 403


def test_a_bottleneck_is_said_in_words_and_leads_to_its_what_if(class_of_four, walt, as_user):
    for person in class_of_four:
        person.languages = ["es"]
        person.save()
    browser = as_user(walt)

    page = browser.get(reverse("timetable:demand"), {"week": MONDAY.isoformat()}).content.decode()

    assert "Missing: groups on mental health, Spanish, adults, " in page
    assert "4 students lack 30 hours." in page
    assert "would serve 4, with somebody new to lead it." in page
    ask = page.split("/timetable/what-if/?")[1].split('"')[0].replace("&amp;", "&")
    asked = browser.get(f"/timetable/what-if/?{ask}").content.decode()
    assert "<details open><summary>Hire somebody" in asked
    assert '<option value="es" selected>' in asked


def test_a_picture_is_kept_for_a_minute_in_each_house_and_for_planners_alone(
    standing, walt, dana, as_user, django_assert_max_num_queries
):
    address_of_picture = f"{reverse('timetable:demand')}?week={MONDAY.isoformat()}"
    browser = as_user(walt)
    browser.get(address_of_picture)

    with django_assert_max_num_queries(9):
        assert "4 of 12" in browser.get(address_of_picture).content.decode()
    assert as_user(dana).get(address_of_picture).status_code == 403


def test_the_picture_asks_no_more_questions_the_fuller_the_house_is(
    standing, evening, dana, ines, now, as_user, django_assert_max_num_queries
):
    browser = as_user(ines)

    def asked() -> int:
        cache.clear()  # a picture is kept for a minute
        with django_assert_max_num_queries(40) as found:
            assert browser.get(reverse("timetable:demand"), {"week": MONDAY.isoformat()}).status_code == 200
        return len(found)

    asked()
    few = asked()
    for number in range(4):
        person = make_patient(f"P{number}", "More", at=now)
        make_plan(make_episode(person, evening, by=ines, at=now), by=dana, at=now)
        make_hours(person, by=dana, at=now)
    assert asked() == few
