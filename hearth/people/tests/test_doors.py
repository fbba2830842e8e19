"""Who may open whose chart: owner, colleague on the team, colleague off it, family, coordinator, stranger."""

import pytest
from django.core.exceptions import PermissionDenied

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.lib import tenancy
from hearth.people import queries, services
from hearth.people.models import Patient, Relationship


@pytest.fixture
def rosa(organisation, maya, ines, now):
    """Maya's mother, who may see her schedule."""
    person = make_user("Rosa Reyes", Role.FAMILY, organisation=organisation)
    services.relate(patient=maya, person=person, kind=Relationship.Kind.PARENT, by=ines, at=now)
    return person


def test_how_somebody_is_family_said_anew_is_kept_and_written_down(maya, rosa, ines, now):
    tie = Relationship.objects.get()
    tie.may_see_schedule = False
    tie.save()
    services.relate(patient=maya, person=rosa, kind=Relationship.Kind.GUARDIAN, by=ines, at=now, is_guardian=True)
    tie.refresh_from_db()
    assert (tie.kind, tie.is_guardian, tie.known_as) == ("guardian", True, "Rosa Reyes")
    assert not tie.may_see_schedule  # the student's own word stays
    services.relate(patient=maya, person=rosa, kind=Relationship.Kind.PARENT, by=ines, at=now)
    tie.refresh_from_db()
    assert (tie.kind, tie.is_guardian) == ("parent", True)  # inviting again ends nobody's guardianship
    told = Event.objects.filter(verb="people.related").latest("number")
    assert told.detail["guardian"] is True


@pytest.fixture
def stranger(organisation):
    """A supervisor of another organisation."""
    other = make_organisation(name="Elsewhere", slug="elsewhere")
    return make_user("Sam Stone", Role.SUPERVISOR, organisation=other)


@pytest.fixture
def anyone(maya, dana, theo, ines, walt, rosa, stranger, jonah):
    return {
        "the student": maya.user,
        "her counselor": dana,
        "a counselor of others": theo,
        "the coordinator": ines,
        "the director": walt,
        "her mother": rosa,
        "a stranger": stranger,
        "another student": jonah.user,
    }


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("the student", {"read", "own"}),
        ("her counselor", {"read", "change"}),
        ("a counselor of others", set()),
        ("the coordinator", {"read", "change"}),
        ("the director", {"read"}),
        ("her mother", {"read"}),
        ("a stranger", set()),
        ("another student", set()),
    ],
)
def test_a_chart_opens_to_those_who_have_to_do_with_it_and_to_nobody_else(anyone, maya, who, allowed):
    opened = set()
    for to in ("read", "change", "own"):
        try:
            found = queries.access_patient(viewer=anyone[who], pk=maya.pk, to=to)
        except PermissionDenied:
            continue
        assert found == maya
        opened.add(to)
    assert opened == allowed


def test_a_counselor_who_has_left_the_care_team_is_shut_out(maya, dana, now):
    maya.care_team.update(until=now.date())
    with pytest.raises(PermissionDenied):
        queries.access_patient(viewer=dana, pk=maya.pk)


def test_staff_who_are_family_too_see_what_their_work_asks_for(maya, ines, organisation, now):
    both = make_user("Kim Reyes", Role.COUNSELOR, Role.FAMILY, organisation=organisation)
    services.relate(patient=maya, person=both, kind=Relationship.Kind.SIBLING, by=ines, at=now)
    assert maya not in Patient.objects.open_to(both)
    with pytest.raises(PermissionDenied):
        queries.access_patient(viewer=both, pk=maya.pk)


def test_family_from_whom_the_schedule_was_withdrawn_is_shut_out(maya, rosa):
    maya.relationships.update(may_see_schedule=False)
    with pytest.raises(PermissionDenied):
        queries.access_patient(viewer=rosa, pk=maya.pk)


def test_a_stranger_in_their_own_house_does_not_even_find_the_row(maya, stranger):
    with tenancy.within(stranger.organisation_id), pytest.raises(PermissionDenied):
        queries.access_patient(viewer=stranger, pk=maya.pk)


def test_lists_show_the_same_people_as_the_door(anyone, maya, jonah):
    for viewer in anyone.values():
        listed = set(queries.patients_open_to(viewer=viewer))
        for patient in (maya, jonah):
            try:
                queries.access_patient(viewer=viewer, pk=patient.pk)
            except PermissionDenied:
                assert patient not in listed
            else:
                assert patient in listed
