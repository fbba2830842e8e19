"""When a person reads what a student writes: the hours are those of the program and the site they come to."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hearth.accounts.models import Site
from hearth.admission.testing import make_episode
from hearth.program.services import close, say_hours

TUESDAY_EVENING = datetime(2026, 12, 1, 19, tzinfo=ZoneInfo("America/Denver"))


@pytest.fixture
def program(maya, dana, now):
    return make_episode(maya, by=dana, at=now).program


def test_a_student_reads_the_hours_of_their_own_program(as_user, maya, program, walt, now, time_machine):
    say_hours(program=program, hours=[{"day": 1, "from": "13:00", "to": "21:00"}], by=walt, at=now)
    time_machine.move_to(TUESDAY_EVENING, tick=False)
    assert "Your team is at work until Tuesday 1 December, 21:00" in as_user(maya.user).get("/today/").text


def test_and_that_the_site_they_come_to_is_closed(as_user, maya, jonah, dana, program, walt, now, time_machine):
    maya.site = Site.objects.create(name="Aurora")
    maya.save()
    make_episode(jonah, by=dana, at=now)
    noon = TUESDAY_EVENING.replace(hour=12)
    close(name="Burst pipe", first_on=noon.date(), last_on=noon.date(), site=maya.site, by=walt, at=now)
    time_machine.move_to(noon, tick=False)
    assert "Your team reads from Wednesday 2 December, 09:00" in as_user(maya.user).get("/today/").text
    assert "Your team is at work until Tuesday 1 December, 17:00" in as_user(jonah.user).get("/today/").text
