"""The planner's board: who may open it, the forms that need no script, and what a carried session is told."""

from datetime import date

import pytest

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.lib import tenancy
from hearth.program.models import Interpreter
from hearth.timetable import drafts
from hearth.timetable.models import Section
from hearth.timetable.testing import make_section
from hearth.timetable.tests.conftest import MONDAY
from hearth.timetable.tests.test_drafts import standing

__all__ = ["standing"]
BOARD = f"/timetable/board/{MONDAY.isoformat()}/"


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def planner(as_user, ines):
    return as_user(ines)


def shift_form(section: Section, when: str, **changes: str) -> dict[str, str]:
    place = f"{section.facilitator_id} {section.room_id or 'none'} {section.modality}"
    was = f"{section.weekday}-{section.start_minute} {place} none none"
    sent = {"do": "shift", "session": str(section.pk), "was": was, "when": when, "by": "day", "version": "0"}
    return sent | {"staff": str(section.facilitator_id)} | changes


def test_only_planners_open_the_board(standing, as_user, ines, dana, maya):
    assert as_user(ines).get("/timetable/board/").headers["Location"] == BOARD
    for person, status in ((ines, 200), (dana, 403), (maya.user, 403)):
        for address in (BOARD, BOARD + "judged/", BOARD + "version/", BOARD + "live/"):
            expected = 404 if status == 200 and address.endswith("judged/") else status
            expected = 204 if status == 200 and address.endswith("live/") else expected  # this server has no streams
            assert as_user(person).get(address).status_code == expected
        if status == 403:
            assert as_user(person).post(BOARD + "move/", shift_form(standing[0], "2-1050")).status_code == 403
            assert as_user(person).post(BOARD + "draft/", {"do": "publish"}).status_code == 403


def test_a_stranger_of_another_house_sees_nothing_of_it(standing, as_user, now):
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(elsewhere.pk):
        stranger = make_user("Olga Stern", Role.DIRECTOR, organisation=elsewhere)
    page = as_user(stranger).get(BOARD).content.decode()

    assert "Maya" not in page
    assert "Nothing stands in this week yet" in page


@pytest.mark.parametrize("by", ["day", "staff", "room", "group", "student", "nonsense"])
def test_every_view_shows_the_week(standing, planner, by):
    page = planner.get(BOARD, {"by": by}).content.decode()

    assert "17:30" in page
    assert "Maya" in page


@pytest.mark.parametrize("address", ["2026-11-31", "2026-12-01", "soon", "2026-11-23", "2028-01-03"])
def test_weeks_that_are_past_far_off_or_no_mondays_are_not_found(standing, planner, address):
    assert planner.get(f"/timetable/board/{address}/").status_code == 404


def test_without_scripts_a_session_is_chosen_moved_and_published(standing, planner, ines):
    tuesday = standing[0]
    page = planner.get(BOARD, {"pick": str(tuesday.pk)}).content.decode()
    assert 'value="2-1050"' in page
    assert "Breaks a rule" in page

    answer = planner.post(BOARD + "move/", shift_form(tuesday, "2-1050"), follow=True).content.decode()
    assert "→ Wed 17:30, Dana Kim" in answer
    assert "Publish to 2 students" in answer

    found = drafts.draft_of_week(viewer=ines, week_of=MONDAY)
    planner.post(BOARD + "draft/", {"do": "undo", "version": found.version})
    found = drafts.draft_of_week(viewer=ines, week_of=MONDAY)
    planner.post(BOARD + "draft/", {"do": "redo", "version": found.version})
    found = drafts.draft_of_week(viewer=ines, week_of=MONDAY)
    answer = planner.post(BOARD + "draft/", {"do": "publish", "version": found.version}, follow=True).content.decode()
    assert "The new week is published" in answer
    assert "published this week on" in answer
    assert Section.objects.filter(weekday=2).exists()

    answer = planner.post(BOARD + "draft/", {"do": "take_back", "version": "0"}, follow=True).content.decode()
    assert "The week before stands again" in answer


def test_without_scripts_a_group_gets_a_second_leader_an_interpreter_and_another_way(standing, planner, theo, dana):
    tuesday, every_day = standing[0], [{"day": day, "from": "08:00", "to": "21:00"} for day in range(5)]
    facts = {"offers": ["ase"], "modalities": ["virtual"], "bound_on": date(2026, 1, 5)}
    ivy = Interpreter.objects.create(name="Ivy Stone", hours=every_day, **facts)
    late = Interpreter.objects.create(name="Lea Dahl", hours=every_day[:1], **facts)
    page = planner.get(BOARD, {"pick": str(tuesday.pk)}).text
    assert f'<option value="{theo.pk}">Theo Brandt</option>' in page
    assert f'<option value="{ivy.pk}">Ivy Stone</option>' in page
    assert "Lea Dahl · The interpreter cannot come then" in page

    answer = planner.post(BOARD + "move/", shift_form(tuesday, "1-1050", interpreter=str(late.pk), second=str(dana.pk)))
    assert answer.status_code == 409
    assert "The interpreter cannot come then" in answer.text

    sent = shift_form(tuesday, "1-1050", interpreter=str(ivy.pk), second=str(theo.pk))
    answer = planner.post(BOARD + "move/", sent, follow=True).text
    assert "Dana Kim + Theo Brandt, video, Ivy Stone" in answer
    judged = planner.get(
        BOARD + "judged/", {"session": str(tuesday.pk), "when": "1-1050", "staff": str(dana.pk)}
    ).json()
    assert set(judged["ways"]) == {"in_person", "virtual"}
    assert judged["interpreters"][str(late.pk)] == ["The interpreter cannot come then: Lea Dahl"]
    assert judged["names"][str(ivy.pk)] == "Ivy Stone"


def test_whom_no_message_reached_is_named_for_a_call_once_it_is_published(standing, planner, maya, ines):
    maya.user = None
    maya.save()
    planner.post(BOARD + "move/", shift_form(standing[0], "2-1050"))
    found = drafts.draft_of_week(viewer=ines, week_of=MONDAY)
    assert "please call them" not in planner.get(BOARD).content.decode()

    answer = planner.post(BOARD + "draft/", {"do": "publish", "version": found.version}, follow=True).content.decode()

    assert "please call them" in answer
    assert "Maya" in answer.split("please call them:")[1].split("</p>")[0]


def test_a_move_that_breaks_rules_says_which_and_whom_it_hits(standing, planner):
    answer = planner.post(BOARD + "move/", shift_form(standing[0], "6-1050"))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Does not work then: Dana Kim" in page
    assert "Not free then: " in page
    assert "Maya Reyes" in page


def test_a_stale_move_is_refused_with_a_sentence(standing, planner):
    planner.post(BOARD + "move/", shift_form(standing[0], "2-1050"))

    answer = planner.post(BOARD + "move/", shift_form(standing[0], "4-1050"))

    assert answer.status_code == 409
    assert "was moved meanwhile" in answer.content.decode()


def test_a_student_is_chosen_and_goes_to_another_group(standing, planner, maya):
    tuesday, thursday, _talk = standing
    page = planner.get(BOARD, {"student": str(maya.pk), "out_of": str(tuesday.pk)}).content.decode()
    assert str(thursday.pk) in page

    sent = {"do": "reseat", "patient": str(maya.pk), "out_of": "", "into": str(thursday.pk)}
    answer = planner.post(BOARD + "move/", sent, follow=True).content.decode()

    assert "Maya Reyes: into" in answer


def test_a_new_session_is_opened_by_a_form_that_keeps_what_was_chosen(standing, planner, class_of_four, dana):
    assert "A new session" in planner.get(BOARD, {"new": "1"}).content.decode()
    sent = {
        "do": "open", "kind": "group", "topic": "", "language": "en", "modality": "virtual", "when": "4-1050",
        "staff": str(dana.pk), "people": [str(one.pk) for one in class_of_four[2:]], "version": "0",
    }  # fmt: skip
    wrong = planner.post(BOARD + "move/", sent)
    assert wrong.status_code == 422
    assert "Say what the group is about" in wrong.content.decode()

    answer = planner.post(BOARD + "move/", sent | {"topic": "mental_health"}, follow=True).content.decode()
    assert "New: Mental health, Fri 17:30, Dana Kim" in answer


def test_a_form_that_says_nothing_is_asked_again(standing, planner):
    for sent in ({}, {"do": "reseat"}, {"do": "shift", "session": str(standing[0].pk), "was": "x"}):
        assert planner.post(BOARD + "move/", sent).status_code == 422


def test_all_targets_of_a_carried_session_are_judged_at_once_by_name(standing, planner, maya, dana):
    tuesday, thursday, _talk = standing
    told = planner.get(BOARD + "judged/", {"session": str(tuesday.pk), "when": "1-1050", "staff": str(dana.pk)}).json()

    assert told["times"]["2-1050"] == []
    assert "Does not work then: Dana Kim" in told["times"]["6-1050"]
    assert told["staff"][str(dana.pk)] == []
    seats = planner.get(BOARD + "judged/", {"student": str(maya.pk), "out_of": str(tuesday.pk)}).json()["into"]
    assert list(seats) == [str(thursday.pk)]
    assert seats[str(thursday.pk)] == ["Too few or too many people"]


def test_the_version_tells_that_the_week_was_changed(standing, planner):
    before = planner.get(BOARD + "version/").json()
    planner.post(BOARD + "move/", shift_form(standing[0], "2-1050"))

    assert planner.get(BOARD + "version/").json() != before


def test_the_board_asks_the_database_the_same_number_of_questions_however_full_it_is(
    standing, planner, evening, theo, class_of_four, count_queries
):
    first = count_queries(planner, BOARD)
    for weekday in (0, 2, 4):
        make_section(evening, theo, class_of_four, on=MONDAY, weekday=weekday)
    assert count_queries(planner, BOARD) == first
