"""Peer mentors: named, introduced after both signed, ended by either without a reason."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.admission.services import end_episode
from hearth.admission.testing import make_episode
from hearth.circle import services
from hearth.circle.mentoring import (
    STUDENTS,
    mentoring_for,
    mentors_of,
    possible_mentors,
    possible_students,
)
from hearth.circle.models import Introduction, Mentor
from hearth.circle.testing import make_alumnus, make_member
from hearth.circle.tests.mentored import (
    WHERE,
    introduce,
    known_to_mentor,
    known_to_student,
    sign_as_mentor,
    sign_as_student,
)
from hearth.consent.models import Consent, ConsentKind, Disclosure
from hearth.consent.services import revoke
from hearth.consent.testing import sign
from hearth.outbox.models import Message
from hearth.people.testing import make_patient
from hearth.program.testing import make_program
from hearth.timetable.models import KeepApart

MINE, TODAY = reverse("circle:mentoring"), reverse("web:today")


@pytest.fixture(autouse=True)
def at_noon(time_machine, noon):
    time_machine.move_to(noon, tick=False)


# ---- who is one


def test_only_who_completed_long_enough_ago_can_be_named(alumnus, alumni, mentor_facts, ruth, noon):
    assert list(possible_mentors(alumnus.circle, at=noon)) == [alumnus]
    with pytest.raises(PermissionDenied):
        services.name_mentor(circle=alumnus.circle, place=alumni[0].pk, by=ruth, at=noon, **mentor_facts)


@pytest.mark.parametrize(
    "wrong",
    [{"trained_on": date(2026, 11, 25)}, {"checked_on": date(2026, 11, 25)}, {"checked_on": date(2025, 11, 24)}],
)
def test_a_mentor_is_trained_and_checked_not_long_ago(alumnus, mentor_facts, ruth, noon, as_user, wrong):
    with pytest.raises(services.NotReady):
        services.name_mentor(circle=alumnus.circle, place=alumnus.pk, by=ruth, at=noon, **mentor_facts | wrong)
    data = {"place": alumnus.pk} | mentor_facts | wrong
    answer = as_user(ruth).post(reverse("circle:mentors", args=[alumnus.circle_id]), data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(wrong)
    assert not Mentor.objects.exists()


def test_who_saw_the_check_and_who_supervises_are_staff(alumnus, mentor_facts, ruth, maya, noon):
    for name in ("checked_by", "supervisor"):
        with pytest.raises(PermissionDenied):
            services.name_mentor(
                circle=alumnus.circle, place=alumnus.pk, by=ruth, at=noon, **mentor_facts | {name: maya.user.pk}
            )


def test_adolescents_are_no_mentors_and_have_none(mentor, student, ruth, noon):
    with pytest.raises(IntegrityError, match="only_adults_are_peer_mentors"), transaction.atomic():
        Mentor.objects.filter(pk=mentor.pk).update(population="adolescent")
    row = introduce(mentor, student, ruth, noon)
    with pytest.raises(IntegrityError, match="a_mentor_meets_adults_alone"), transaction.atomic():
        Introduction.objects.filter(pk=row.pk).update(population="adolescent")


def test_a_circle_of_adolescents_or_of_students_has_no_mentors(circle, ruth, noon, as_user):
    lee = make_patient("Lee", "Test", at=noon, birth_date=date(2010, 5, 1))
    teens = make_program(name="After school", pack="adolescent-after-school", population="adolescent")
    young = make_alumnus(lee, by=ruth, at=noon, program=teens, track="mental-health").circle
    for one in (circle, young):
        assert as_user(ruth).get(reverse("circle:mentors", args=[one.pk])).status_code == 403


# ---- who learns of whom


def test_nobody_is_introduced_before_the_alumnus_has_signed(alumnus, mentor_facts, student, ruth, noon):
    row = services.name_mentor(circle=alumnus.circle, place=alumnus.pk, by=ruth, at=noon, **mentor_facts)
    assert mentoring_for(viewer=alumnus.patient.user, at=noon).to_agree is not None
    with pytest.raises(PermissionDenied):
        introduce(row, student, ruth, noon)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_mentor_learns_of_a_student_once_the_student_has_signed(suggested, mentor, maya, noon, language):
    assert known_to_mentor(mentor, noon) == []
    assert known_to_student(maya, noon) == "Grace Done"
    release = sign_as_student(maya, noon, language)
    assert known_to_mentor(mentor, noon) == ["Maya"]
    suggested.refresh_from_db()
    assert suggested.introduced_at == noon
    told = Disclosure.objects.get(patient=maya)
    assert (told.recipient, told.consent) == ("Grace Done", release)
    assert "Maya" not in Disclosure.objects.get(patient=mentor.patient).recipient


def test_a_release_of_something_else_or_to_somebody_else_introduces_nobody(suggested, mentor, maya, noon):
    found = mentoring_for(viewer=maya.user, at=noon).to_sign
    assert found is not None
    sign(maya, ConsentKind.RELEASE, by=maya.user, at=noon, terms=found)
    sign(maya, STUDENTS, by=maya.user, at=noon, terms=replace(found, recipients=("Grace Other",)))
    assert known_to_mentor(mentor, noon) == []


def test_what_was_signed_holds_when_the_paper_is_worded_anew(suggested, mentor, maya, noon):
    release = sign_as_student(maya, noon)
    Consent.objects.filter(pk=release.pk).update(information="What I am called", version="2026-10")
    assert known_to_mentor(mentor, noon) == ["Maya"]


def test_what_the_paper_lets_out_cannot_be_changed_by_who_signs(suggested, maya, noon):
    found = mentoring_for(viewer=maya.user, at=noon).to_sign
    assert found is not None
    row = sign(maya, STUDENTS, by=maya.user, at=noon, terms=replace(found, information="Everything", purpose="Gossip"))
    assert row.information == "The name I go by, and that I take part in the program"
    assert "Gossip" not in row.purpose + row.text


def test_both_pages_say_what_is_to_be_signed_and_then_where_they_meet(suggested, mentor, maya, noon, as_user):
    page = as_user(maya.user).get(MINE).text
    assert "They do not know of you." in page
    assert WHERE in page
    assert "Peer mentors" in as_user(maya.user).get(TODAY).text
    form = {"recipients": "Grace Done", "expires_on": "2027-05-23"}
    assert all(f'value="{value}"' in page for value in form.values())
    paper = as_user(maya.user).post(reverse("consent:sign", args=[maya.pk, STUDENTS]), form).text
    assert "The name I go by, and that I take part in the program" in paper
    assert "Grace Done" in paper
    assert "Maya" not in as_user(mentor.patient.user).get(MINE).text
    sign_as_student(maya, noon)
    seen = as_user(mentor.patient.user).get(MINE).text
    assert "Maya" in seen
    assert "Reyes" not in seen
    assert WHERE in seen


# ---- its end


@pytest.mark.parametrize("who", ["student", "mentor", "mentor_wholly", "supervisor", "release", "mentors_release"])
def test_either_ends_it_and_nothing_says_who(suggested, mentor, maya, ruth, noon, who, as_user):
    release = sign_as_student(maya, noon)
    Message.objects.all().delete()
    leave = reverse("circle:leave-introduction", args=[suggested.pk])
    match who:
        case "student":
            as_user(maya.user).post(leave)
        case "mentor":
            as_user(mentor.patient.user).post(leave)
        case "mentor_wholly":
            as_user(mentor.patient.user).post(reverse("circle:stop-mentoring"))
        case "supervisor":
            as_user(ruth).post(reverse("circle:mentors", args=[mentor.membership.circle_id]), {"end": mentor.pk})
        case "release":
            revoke(pk=release.pk, by=maya.user, at=noon)
        case "mentors_release":
            revoke(pk=Consent.objects.get(patient=mentor.patient).pk, by=mentor.patient.user, at=noon)
    suggested.refresh_from_db()
    assert suggested.ended_at == noon
    assert known_to_student(maya, noon) is None
    assert known_to_mentor(mentor, noon) == []
    told = {(one.to, one.subject) for one in Message.objects.all()}
    assert told == {(one.user.email, "Something changed for you") for one in (maya, mentor.patient)}


def test_a_student_who_says_no_is_never_known_to_the_mentor(suggested, mentor, maya, noon):
    Message.objects.all().delete()
    services.leave_introduction(introduction=suggested.pk, by=maya.user, at=noon)
    assert [one.to for one in Message.objects.all()] == [maya.user.email]
    with pytest.raises(PermissionDenied):
        services.leave_introduction(introduction=suggested.pk, by=mentor.patient.user, at=noon)


def test_what_was_signed_for_an_earlier_introduction_covers_no_other(suggested, mentor, student, maya, ruth, noon):
    sign_as_student(maya, noon)
    services.leave_introduction(introduction=suggested.pk, by=maya.user, at=noon)
    later = noon + timedelta(days=1)
    introduce(mentor, student, ruth, later)
    assert known_to_mentor(mentor, later) == []
    assert mentoring_for(viewer=maya.user, at=later).to_sign is not None


def test_it_is_over_when_the_stay_ends_the_release_runs_out_or_the_mentor_comes_back(
    suggested, mentor, student, maya, ruth, noon, evening
):
    sign_as_student(maya, noon)
    assert known_to_mentor(mentor, noon + timedelta(days=180)) == ["Maya"]
    assert known_to_mentor(mentor, noon + timedelta(days=182)) == []
    with transaction.atomic():
        point = transaction.savepoint()
        make_episode(mentor.patient, by=ruth, at=noon + timedelta(days=1), program=evening)
        assert known_to_student(maya, noon + timedelta(days=1)) is None
        transaction.savepoint_rollback(point)
    end_episode(episode=student.episode, reason="left", on=noon.date(), by=ruth, at=noon)
    assert known_to_mentor(mentor, noon) == []


@pytest.mark.parametrize("whom", ["mentor", "supervisor"])
def test_whoever_is_kept_apart_is_not_introduced(mentor, student, maya, ruth, sam, noon, whom):
    pair: dict[str, Any] = {"other": mentor.patient} if whom == "mentor" else {"member": sam}
    row = introduce(mentor, student, ruth, noon)
    KeepApart.objects.create(patient=maya, reason="…", entered_by=ruth, entered_at=noon, **pair)
    assert known_to_student(maya, noon) is None
    Introduction.objects.filter(pk=row.pk).update(ended_at=noon)
    assert student not in possible_students(mentor, at=noon)
    with pytest.raises(PermissionDenied):
        introduce(mentor, student, ruth, noon)


def test_a_student_has_one_mentor_and_a_mentor_three_students(mentor, student, jonah, dana, ruth, noon, evening):
    introduce(mentor, student, ruth, noon)
    with pytest.raises(PermissionDenied):
        introduce(mentor, student, ruth, noon)
    for name in ("Ada", "Bea"):
        introduce(
            mentor, make_member(make_patient(name, "Test", at=noon), by=dana, at=noon, program=evening), ruth, noon
        )
    with pytest.raises(PermissionDenied):
        introduce(mentor, make_member(jonah, by=dana, at=noon, program=evening), ruth, noon)


# ---- who sees and does what


@pytest.mark.parametrize(
    "viewer", ["supervisor", "supervises", "other_host", "counselor", "student", "mentor", "stranger"]
)
def test_who_sees_and_names_mentors(
    suggested, mentor, alumnus, maya, ruth, sam, dana, noon, organisation, viewer, as_user, client
):
    other = make_user("Noor Other", Role.PEER, organisation=organisation)
    for host in (sam, other):
        services.name_host(circle=alumnus.circle, member=host.pk, by=ruth, at=noon)
    users = {
        "supervisor": ruth, "supervises": sam, "other_host": other, "counselor": dana, "student": maya.user,
        "mentor": mentor.patient.user, "stranger": None,
    }  # fmt: skip
    browser = as_user(users[viewer]) if users[viewer] else client
    page = reverse("circle:mentors", args=[alumnus.circle_id])
    assert ("Grace Done" in browser.get(page).text) == (viewer in ("supervisor", "supervises"))
    suggest = reverse("circle:introduce", args=[alumnus.circle_id, mentor.pk])
    assert (browser.get(suggest).status_code == 200) == (viewer == "supervisor")
    browser.post(page, {"end": mentor.pk})
    mentor.refresh_from_db()
    assert (mentor.ended_at is not None) == (viewer == "supervisor")


def test_a_supervisor_names_and_introduces_on_the_page(alumnus, mentor_facts, student, maya, ruth, noon, as_user):
    page = reverse("circle:mentors", args=[alumnus.circle_id])
    assert "has not said yes" in as_user(ruth).post(page, {"place": alumnus.pk} | mentor_facts, follow=True).text
    sign_as_mentor(alumnus.patient, noon)
    row = Mentor.objects.get()
    suggest = reverse("circle:introduce", args=[alumnus.circle_id, row.pk])
    assert "Maya Reyes" in as_user(ruth).get(suggest).text
    assert as_user(ruth).post(suggest, {"place": student.pk, "where": " "}).status_code == 422
    seen = as_user(ruth).post(suggest, {"place": student.pk, "where": WHERE}, follow=True).text
    assert "waits for the student" in seen
    assert "Maya R." in seen


def test_pages_ask_as_often_for_many_students_as_for_one(
    mentor, student, maya, dana, ruth, noon, evening, as_user, count_queries
):
    introduce(mentor, student, ruth, noon)
    sign_as_student(maya, noon)
    pages = ((mentor.patient.user, MINE), (ruth, reverse("circle:mentors", args=[mentor.membership.circle_id])))
    before = [count_queries(as_user(reader), page) for reader, page in pages]
    for name in ("Ada", "Bea"):
        one = make_member(make_patient(name, "Test", at=noon), by=dana, at=noon, program=evening)
        introduce(mentor, one, ruth, noon)
        sign_as_student(one.patient, noon)
    assert [count_queries(as_user(reader), page) for reader, page in pages] == before


def test_supervisors_see_how_it_stands(suggested, mentor, ruth, noon):
    row = mentors_of(viewer=ruth, circle=mentor.membership.circle, at=noon)[0]
    assert (row.says_yes, [one.introduced_at for one in row.introductions]) == (True, [None])
