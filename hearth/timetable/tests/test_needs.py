"""What people need, and whom to keep apart: why is read by supervisors alone."""

import pytest
from django.core.exceptions import PermissionDenied

from hearth.audit.models import Event
from hearth.timetable import services
from hearth.timetable.models import Accommodation, KeepApart
from hearth.timetable.needs import accommodation_of, pairs_apart

WHY = "They were together once; she asked us."
APART = "/timetable/apart/"


@pytest.fixture
def two(class_of_four):
    maya, ana, *_ = class_of_four
    return maya, ana


def test_a_supervisor_keeps_two_apart_and_planners_see_that_but_never_why(two, ruth, ines, dana, as_user, now):
    maya, ana = two
    browser = as_user(ruth)
    assert ana.name in browser.get(f"{APART}?q=ana").content.decode()
    page = f"/students/{maya.pk}/apart/?q=ana"
    assert browser.post(page, {"other": ana.pk, "reason": WHY}).status_code == 302
    assert WHY in browser.get(APART).content.decode()
    assert "kept apart already" in browser.post(page, {"other": ana.pk, "reason": WHY}).content.decode()
    seen = as_user(ines).get(APART).content.decode()
    assert ana.name in seen
    assert WHY not in seen
    assert as_user(dana).get(APART).status_code == 403
    assert as_user(ines).get(page).status_code == 403
    assert Event.objects.filter(verb="timetable.kept_apart").count() == 1
    assert Event.objects.filter(verb="timetable.apart_read").exists()
    assert WHY not in str(list(Event.objects.values_list("detail", flat=True)))


def test_one_person_is_chosen_a_student_or_a_member_of_staff(two, dana, ruth, as_user):
    maya, ana = two
    page = f"/students/{maya.pk}/apart/?q=ana"
    for choice in ({}, {"other": ana.pk, "member": dana.pk}):
        assert as_user(ruth).post(page, {**choice, "reason": WHY}).status_code == 422
    as_user(ruth).post(page, {"member": dana.pk, "reason": WHY})
    assert KeepApart.objects.get().member == dana


def test_they_may_meet_again_and_only_a_supervisor_says_so(two, ruth, ines, as_user, now):
    maya, ana = two
    row = services.keep_apart(patient=maya, other=ana, reason=WHY, by=ruth, at=now)
    assert as_user(ines).post(f"{APART}{row.pk}/end/").status_code == 403
    as_user(ruth).post(f"{APART}{row.pk}/end/")
    assert pairs_apart(viewer=ruth, at=now) == []
    with pytest.raises(PermissionDenied):
        services.keep_apart(patient=maya, other=ana, reason=WHY, by=ines, at=now)


def test_a_student_says_what_they_need_and_staff_may_write_it_down(two, dana, theo, as_user):
    maya, _ = two
    browser = as_user(maya.user)
    browser.post("/my/needs/", {"interpreting": "ase", "equipment": ["hearing_loop"]})
    found = Accommodation.objects.get()
    assert (found.interpreting, found.equipment) == ("ase", ["hearing_loop"])
    assert "American Sign Language" in browser.get("/my/hours/").content.decode()
    as_user(dana).post(f"/students/{maya.pk}/needs/", {"interpreting": "", "equipment": []})
    newest = accommodation_of(maya)
    assert newest
    assert newest.interpreting == ""
    as_user(dana).post(f"/students/{maya.pk}/needs/", {"interpreting": "klingon"})
    assert as_user(theo).post(f"/students/{maya.pk}/needs/", {}).status_code == 403
    assert Accommodation.objects.count() == 2


def test_more_pairs_ask_no_more_questions(class_of_four, ruth, as_user, now, django_assert_max_num_queries):
    maya, *others = class_of_four
    services.keep_apart(patient=maya, other=others[0], reason=WHY, by=ruth, at=now)
    browser = as_user(ruth)
    with django_assert_max_num_queries(20) as few:
        browser.get(APART)
    for other in others[1:]:
        services.keep_apart(patient=maya, other=other, reason=WHY, by=ruth, at=now)
    with django_assert_max_num_queries(len(few)):
        browser.get(APART)
