"""Maya and Jonah in the circle of the adult evening program, which Ruth opened; Sam hosts it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.admission.models import Episode
from hearth.circle import services
from hearth.circle.testing import make_alumnus, make_member
from hearth.circle.tests.mentored import introduce, sign_as_mentor
from hearth.people.testing import make_patient
from hearth.program.testing import make_program


@pytest.fixture
def noon():
    """A Tuesday noon in Denver, outside quiet hours."""
    return datetime(2026, 11, 24, 19, tzinfo=UTC)


@pytest.fixture
def sam(organisation):
    """Sam Whitehorse, peer specialist."""
    return make_user("Sam Whitehorse", Role.PEER, Role.FACILITATOR, organisation=organisation)


@pytest.fixture
def circle(maya, jonah, dana, sam, ruth, noon):
    """The circle of the evening program with Maya and Jonah in it, hosted by Sam."""
    found = make_member(maya, by=dana, at=noon).circle
    make_member(jonah, by=dana, at=noon)
    services.name_host(circle=found, member=sam.pk, by=ruth, at=noon)
    return services.keep_hours(circle=found, hours=found.hours, reads_first=False, by=ruth, at=noon)


@pytest.fixture
def evening(organisation):
    """The adult evening program."""
    return make_program(name="Adult evening")


@pytest.fixture
def alumni(maya, jonah, dana, sam, ruth, noon, evening):
    """The places of Maya and Jonah among the alumni, who both say how they can be reached. Sam hosts."""
    found = [
        make_alumnus(one, by=ruth, at=noon, way=way, program=evening)
        for one, way in ((maya, "970 555 0119, evenings"), (jonah, "jonah at post.example"))
    ]
    services.name_host(circle=found[0].circle, member=sam.pk, by=ruth, at=noon)
    return found


@pytest.fixture
def alumni_member(ruth, noon, organisation):
    """Grace, who completed the day program."""
    day = make_program(name="Adult day", pack="adult-day")
    return make_alumnus(make_patient("Grace", "Done", at=noon), by=ruth, at=noon, program=day)


@pytest.fixture
def alumnus(organisation, ruth, noon, evening):
    """Grace Done, who completed the evening program seven months ago."""
    place = make_alumnus(make_patient("Grace", "Done", at=noon), by=ruth, at=noon, program=evening)
    Episode.objects.filter(pk=place.episode_id).update(ended_at=noon - timedelta(days=210))
    return place


@pytest.fixture
def mentor_facts(sam, ruth):
    return {
        "words": "I was here two years ago and still walk a lot.", "trained_on": date(2026, 9, 1),
        "checked_on": date(2026, 10, 1), "checked_by": ruth.pk, "supervisor": sam.pk,
    }  # fmt: skip


@pytest.fixture
def mentor(alumnus, mentor_facts, ruth, noon):
    """Grace, named and agreed."""
    row = services.name_mentor(circle=alumnus.circle, place=alumnus.pk, by=ruth, at=noon, **mentor_facts)
    sign_as_mentor(alumnus.patient, noon)
    return row


@pytest.fixture
def student(maya, dana, noon, evening):
    """Maya, in the evening program."""
    return make_member(maya, by=dana, at=noon, program=evening)


@pytest.fixture
def suggested(mentor, student, ruth, noon):
    return introduce(mentor, student, ruth, noon)
