"""Who supervises a peer mentor: without somebody who may, what they do rests."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.circle import services
from hearth.circle.tests.mentored import known_to_mentor, known_to_student, sign_as_student
from hearth.timetable.models import KeepApart

MINE = reverse("circle:mentoring")


@pytest.fixture(autouse=True)
def at_noon(time_machine, noon):
    time_machine.move_to(noon, tick=False)


@pytest.mark.parametrize("why", ["left", "another_role", "apart_from_student", "apart_from_mentor"])
def test_mentoring_rests_without_somebody_who_supervises_until_another_does(
    suggested, mentor, maya, ruth, sam, noon, organisation, why, as_user
):
    sign_as_student(maya, noon)
    match why:
        case "left":
            User.objects.filter(pk=sam.pk).update(is_active=False)
        case "another_role":
            User.objects.filter(pk=sam.pk).update(roles=[Role.FACILITATOR])
        case "apart_from_student":
            KeepApart.objects.create(patient=maya, member=sam, reason="…", entered_by=ruth, entered_at=noon)
        case "apart_from_mentor":
            KeepApart.objects.create(patient=mentor.patient, member=sam, reason="…", entered_by=ruth, entered_at=noon)
    assert known_to_student(maya, noon) is None
    assert known_to_mentor(mentor, noon) == []
    assert "Sam Whitehorse" not in as_user(maya.user).get(MINE).text
    if why != "apart_from_student":
        assert "Sam Whitehorse" not in as_user(mentor.patient.user).get(MINE).text
    page = reverse("circle:mentors", args=[mentor.membership.circle_id])
    assert "It rests" in as_user(ruth).get(page).text
    noor = make_user("Noor Other", Role.PEER, organisation=organisation)
    seen = as_user(ruth).post(page, {"hand_over": mentor.pk, "supervisor": noor.pk}, follow=True).text
    assert "It rests" not in seen
    assert known_to_mentor(mentor, noon) == ["Maya"]
    assert "Noor Other" in as_user(maya.user).get(MINE).text


def test_nobody_supervises_whom_they_are_kept_apart_from(
    alumnus, mentor_facts, mentor, suggested, maya, ruth, sam, noon, as_user
):
    noor = make_user("Noor Other", Role.PEER, organisation=ruth.organisation)
    KeepApart.objects.create(patient=maya, member=noor, reason="…", entered_by=ruth, entered_at=noon)
    page = reverse("circle:mentors", args=[mentor.membership.circle_id])
    answer = as_user(ruth).post(page, {"hand_over": mentor.pk, "supervisor": noor.pk}, follow=True)
    assert "kept apart from one of them" in answer.text
    for wrong in (maya.user.pk, "nobody"):
        as_user(ruth).post(page, {"hand_over": mentor.pk, "supervisor": wrong})
    with pytest.raises(PermissionDenied):
        services.hand_to_supervisor(
            circle=mentor.membership.circle, mentor=mentor.pk, supervisor=ruth.pk, by=sam, at=noon
        )
    mentor.refresh_from_db()
    assert mentor.supervisor == sam
    services.end_mentor(circle=alumnus.circle, mentor=mentor.pk, by=ruth, at=noon)
    KeepApart.objects.create(patient=alumnus.patient, member=sam, reason="…", entered_by=ruth, entered_at=noon)
    answer = as_user(ruth).post(page, {"place": alumnus.pk} | mentor_facts)
    assert list(answer.context["form"].errors) == ["supervisor"]
