"""What stands beside the roster: each one's dose, goals, measure and concerns, the curriculum's plan, and marks."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from hearth.accounts.roles import Role
from hearth.audit.models import Event
from hearth.consent import queries as consent
from hearth.consent.services import break_glass
from hearth.measures.testing import make_response
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.safety.models import Severity
from hearth.safety.services import raise_concern
from hearth.sessions import services
from hearth.sessions.agendas import agenda_of
from hearth.sessions.glances import glances, open_charts
from hearth.sessions.models import Attendance, GroupNote
from hearth.sessions.queries import roster
from hearth.sessions.rules.agenda import laid_out
from hearth.sessions.testing import make_episode, make_room, make_session

Status = Attendance.Status
START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
NOW = START + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def session(dana, maya, jonah):
    """Maya is in Dana's care; Jonah is on her roster alone."""
    for patient in (maya, jonah):
        make_episode(patient, by=dana, starts_on=date(2026, 10, 19))
        for days, item in ((20, 2), (1, 1)):
            make_response(patient, "phq-9", [item] * 9, at=NOW - timedelta(days=days))
    return make_session(dana, maya, jonah, starts_at=START, room=make_room(), topic="How mood works")


def address(session):
    return f"/sessions/{session.pk}/"


def tap(session, patient):
    return f"/sessions/{session.pk}/roster/{session.roster.get(patient=patient).pk}/"


def test_leading_opens_dose_and_goals_and_the_chart_opens_measures_and_concerns(session, dana, maya, jonah):
    for patient in (maya, jonah):
        raise_concern(
            patient=patient, source_kind="staff", source_id=None, severity=Severity.URGENT,
            summary="Spoke of harm.", by=None, at=NOW,
        )  # fmt: skip
    rows = roster(session=session)
    seen = glances(rows=rows, open_to=open_charts(viewer=dana, rows=rows, at=NOW), at=NOW)
    own, other = (seen[session.roster.get(patient=patient).pk] for patient in (maya, jonah))
    assert own.is_chart_open
    assert own.score
    assert (own.score.totals, own.score.moved) == ((18, 9), "better")
    assert "Spoke of harm." in [each.summary for each in own.concerns]
    assert not other.is_chart_open
    assert (other.score, list(other.concerns)) == (None, [])
    for each in (own, other):
        assert each.week
        assert each.week.prescribed == 660
        assert [goal.number for goal in each.goals] == [1, 2]


def test_reading_measures_on_the_page_is_written_down_once_a_page(session, as_user, dana, maya, jonah):
    browser = as_user(dana)
    reads = Event.objects.filter(verb="measures.read", actor_id=dana.pk)
    page = browser.get(address(session)).text
    assert "PHQ-9" in page
    assert [each.patient_id for each in reads] == [maya.pk]
    browser.get(address(session), headers={"HX-Request": "true"})
    assert reads.count() == 1


def picture(page):
    """The card with where the group stands; "" where it is not shown."""
    _, found, rest = page.partition("Where the group stands")
    return rest.split("</section>", 1)[0] if found else ""


def test_the_supervisor_sees_where_the_group_stands_without_names(session, as_user, ruth, maya, jonah):
    shown = picture(as_user(ruth).get(address(session)).text)
    assert "2 of 2 answered lately" in shown
    assert "mild" in shown
    assert "Maya" not in shown
    assert "Jonah" not in shown
    reads = Event.objects.filter(verb="measures.read", actor_id=ruth.pk)
    assert Counter(each.patient_id for each in reads) == Counter([maya.pk, jonah.pk])  # once for the whole page


def test_a_leader_sees_the_picture_of_the_charts_that_are_open_to_them(session, as_user, dana, jonah):
    browser = as_user(dana)
    assert picture(browser.get(address(session)).text) == ""  # one open chart is no group
    CareTeamMember.objects.create(patient=jonah, member=dana, role=Role.COUNSELOR, since=NOW.date())
    assert "2 of 2 answered lately" in picture(browser.get(address(session)).text)
    stranger = make_patient("Ana", "Diaz", at=NOW)
    Attendance.objects.create(session=session, patient=stranger)
    assert "1 chart is not open to you and is not counted." in picture(browser.get(address(session)).text)


def test_others_who_may_open_the_page_see_no_picture_of_the_group(session, as_user, ines, walt):
    for other in (ines, walt):
        page = as_user(other).get(address(session))
        assert page.status_code == 200
        assert picture(page.text) == ""


def test_the_picture_is_not_read_again_with_every_renewal_of_the_roster(session, as_user, ruth):
    browser = as_user(ruth)
    assert picture(browser.get(address(session), headers={"HX-Request": "true"}).text) == ""
    assert not Event.objects.filter(verb="measures.read", actor_id=ruth.pk).exists()


def test_an_emergency_opens_a_chart_in_a_list_as_it_does_alone(session, dana, jonah, maya):
    break_glass(patient_pk=jonah.pk, reason="fainted in group", by=dana, at=NOW)
    found = consent.access_charts(viewer=dana, pks=[maya.pk, jonah.pk], purpose="TREAT", at=NOW, what="measures")
    assert found == {maya.pk, jonah.pk}
    assert Event.objects.get(verb="measures.read", patient_id=jonah.pk).purpose == "BTG"


def test_the_page_shows_the_plan_of_the_curriculum_with_its_clock(session, as_user, dana, maya):
    page = as_user(dana).get(address(session)).text
    assert "See how thoughts, feelings, body and actions pull on each other." in page
    assert "Arrive and check in" in page
    plan = agenda_of(session=session, patient_ids=[maya.pk], language="es", at=NOW)
    assert plan
    assert [part.is_now for part in plan.parts].count(True) == 1
    assert plan.parts[0].title == "Llegar y contar cómo estamos"
    assert (plan.parts[0].starts_at, sum(part.minutes for part in plan.parts)) == (START, 180)


def test_whoever_leads_reads_how_to_lead_on_the_sessions_lesson(session, as_user, dana, maya):
    session.lesson = "your-window"
    session.save()
    page = as_user(dana).get(address(session)).text
    assert "Guide for whoever leads" in page
    assert "Below looks like calm." in page
    plan = agenda_of(session=session, patient_ids=[maya.pk], language="es", at=NOW)
    assert plan
    assert [len(advice.words) > 10 for advice in plan.guide] == [True] * 5


def test_without_a_stay_there_is_no_plan(session, dana, now):
    amina = make_patient("Amina", "Bello", at=now)
    assert agenda_of(session=session, patient_ids=[amina.pk], language="en", at=NOW) is None


def test_one_tap_says_how_much_somebody_took_part_and_the_note_begins_with_it(session, as_user, dana, maya):
    browser = as_user(dana)
    place = session.roster.get(patient=maya)
    browser.post(tap(session, maya), {"status": "present"})
    page = browser.post(tap(session, maya), {"took_part": "4"}, headers={"HX-Request": "true"}).text
    assert f'id="part-4-{place.pk}" aria-pressed="true"' in page
    assert GroupNote.objects.get().lines[str(place.pk)]["took_part"] == 4
    note = browser.get(f"{address(session)}note/").text
    assert f'name="{place.pk}-took_part" value="4"' in note
    assert browser.post(tap(session, maya), {"took_part": "6"}).status_code == 404


def test_only_who_may_change_the_session_marks_participation(session, as_user, theo, ruth, priya, maya):
    for stranger in (theo, maya.user, priya):
        assert as_user(stranger).post(tap(session, maya), {"took_part": "4"}).status_code == 403
    assert not GroupNote.objects.exists()
    assert as_user(ruth).post(tap(session, maya), {"took_part": "4"}).status_code == 302


def test_no_mark_changes_a_signed_note(session, dana, maya):
    place = session.roster.get(patient=maya)
    GroupNote.objects.create(session=session, saved_at=NOW, signed_by=dana, signed_at=NOW)
    with pytest.raises(services.NoteLocked):
        services.mark_took_part(attendance=place, much=3, by=dana, at=NOW)


@given(st.lists(st.integers(5, 90), min_size=1, max_size=9), st.integers(0, 600))
def test_an_agenda_takes_exactly_the_session_in_steps_of_five(parts, minutes):
    found = laid_out(parts, minutes=minutes)
    assert sum(found) == minutes
    assert min(found) >= 0
    assert sum(each % 5 > 0 for each in found) <= 1


def test_an_agenda_keeps_its_proportions():
    assert laid_out([20, 40, 60], minutes=60) == [10, 20, 30]
    assert laid_out([], minutes=60) == []


def test_the_stream_of_a_session_is_for_who_leads_it(session, as_user, dana, theo, maya):
    assert as_user(dana).get(f"{address(session)}live/").status_code == 204  # no stream under the test's client
    for stranger in (theo, maya.user):
        assert as_user(stranger).get(f"{address(session)}live/").status_code == 403
