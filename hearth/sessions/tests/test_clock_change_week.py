"""The week in which the clocks change: asked for, worked out, published, and held at the hours on the wall."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hearth.accounts.roles import Role
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.sessions.models import Session
from hearth.timetable import services
from hearth.timetable.board_json import parse_board, parse_solution
from hearth.timetable.models import Section
from hearth.timetable.rules import violations
from hearth.timetable.testing import make_episode, make_hours, make_plan, make_program, put_on_duty
from hearth.timetable.tests.conftest import SECONDS

DENVER = ZoneInfo("America/Denver")
WEEKEND = [{"day": day, "from": "08:00", "to": "14:00"} for day in (5, 6)]
DOSE = {
    "group": {"count": 2, "minutes": 180, "per_day": 1},
    "skills": {"count": 0, "minutes": 60},
    "individual": {"count": 1, "minutes": 60},
    "family": {"count": 0, "minutes": 60},
    "days": 2,
}
NIGHTS = {"clocks go forward": date(2027, 3, 14), "clocks go back": date(2026, 11, 1)}  # both Sundays


@pytest.mark.parametrize("sunday", NIGHTS.values(), ids=NIGHTS)
def test_a_week_in_which_the_clocks_change_is_worked_out_and_held_at_the_hours_on_the_wall(
    organisation, dana, ines, sunday
):
    monday = sunday - timedelta(days=6)
    at = datetime.combine(monday - timedelta(days=4), time(9), DENVER)
    put_on_duty(dana, since=date(2026, 1, 1), hours=WEEKEND)
    program, people = make_program(), [make_patient(name, "Ortiz", at=at) for name in ("Ana", "Ben", "Cleo", "Dov")]
    for person in people:
        CareTeamMember.objects.create(
            patient=person, member=dana, role=Role.COUNSELOR, is_primary=True, since=at.date()
        )
        make_plan(make_episode(person, program, by=ines, at=at), by=dana, at=at, dose=DOSE)
        make_hours(person, by=dana, at=at, hours=WEEKEND)

    proposal = services.propose(week_of=monday, by=ines, at=at)
    services.solve_proposal(proposal_id=proposal.pk, organisation_id=tenancy.current(), seconds=SECONDS, workers=1)
    proposal.refresh_from_db()
    assert violations(parse_board(proposal.board), parse_solution(proposal.solution)) == []
    assert proposal.figures["unmet_minutes"] == 0
    services.accept_proposal(proposal=proposal, by=ines, at=at)

    placed = {section.pk: (section.weekday, section.starts) for section in Section.objects.all()}
    assert {day for day, _ in placed.values()} == {5, 6}
    held = Session.objects.filter(starts_at__gte=at, starts_at__lt=at + timedelta(days=18)).select_related("section")
    assert held.count() == 2 * len(placed)  # this week and the next
    for session in held:
        begins = session.starts_at.astimezone(DENVER)
        assert session.section is not None
        assert (begins.weekday(), begins.time()) == placed[session.section.pk]
        before = begins.date() < sunday
        assert (begins.utcoffset() == at.utcoffset()) == before
