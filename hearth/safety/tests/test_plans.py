"""A safety plan made together: who may, versions that stay, two who write at once, and what asks for a look."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.consent.models import ConsentKind, Disclosure
from hearth.consent.signing import Terms
from hearth.consent.testing import sign
from hearth.people.models import CareTeamMember, Relationship
from hearth.people.testing import make_patient
from hearth.safety import plan_queries, services
from hearth.safety.models import ConcernAssessment, SafetyPlan, SafetyPlanLook
from hearth.safety.plan_paper import paper_of, pdf_of
from hearth.safety.plan_rules import Helper, Review, Sections
from hearth.safety.tests.test_concerns import raise_one
from hearth.safety.tests.test_plan_rules import FULL

MINE, CHANGE_MINE, CONFIRM_MINE = (reverse(f"safety:plan-{name}") for name in ("mine", "change-mine", "confirm-mine"))
LESS = Sections(signs="I stop answering.", helpers=(Helper("Alma", "303 555 0117"),))


def save(patient, by, at, sections=FULL, based_on=0):
    return services.save_plan(patient_pk=patient.pk, sections=sections, based_on=based_on, by=by, at=at)


def confirm(plan, by, at):
    return services.confirm_plan(patient_pk=plan.patient_id, version=plan.version, by=by, at=at)


def of(patient, name="of"):
    return reverse(f"safety:plan-{name}", args=[patient.pk])


def written(based_on=0, **words):
    """What a browser posts: every field, most of them empty."""
    people = [f"{who}_{n}_{what}" for who, most in (("helpers", 4), ("professionals", 3)) for n in range(most) for what in ("name", "phone")]  # noqa: E501  # fmt: skip
    texts = ("signs", "coping", "places", "means", "means_with", "reasons", *people)
    return dict.fromkeys(texts, "") | {"based_on": str(based_on)} | words


def test_student_and_clinician_write_versions_that_stay(maya, dana, now):
    first = save(maya, dana, now, LESS)
    second = save(maya, maya.user, now, FULL, based_on=1)
    assert [(each.version, each.saved_by, each.sections) for each in plan_queries.versions_of(maya)] == [
        (2, maya.user, FULL), (1, dana, LESS),
    ]  # fmt: skip
    assert save(maya, dana, now, FULL, based_on=1) == second  # says the same
    assert SafetyPlan.append_only
    assert SafetyPlanLook.append_only
    deeds = Event.objects.filter(kind="deed", verb="safety.plan_saved").order_by("number")
    assert [each.subject_id for each in deeds] == [first.pk, second.pk]


def test_nobody_but_the_student_and_those_who_care_for_them_writes_it(maya, jonah, dana, theo, ines, walt, priya, now):
    other = make_organisation(name="Elsewhere", slug="elsewhere")
    stranger = make_user("Sam Stone", Role.SUPERVISOR, organisation=other)
    for somebody in (theo, ines, walt, priya, jonah.user, stranger):
        with pytest.raises(PermissionDenied):
            save(maya, somebody, now)
    plan = save(maya, dana, now)
    for somebody in (theo, ines, walt, priya, jonah.user, stranger):
        with pytest.raises(PermissionDenied):
            confirm(plan, somebody, now)


def test_a_plan_says_something(maya, dana, now):
    with pytest.raises(services.EmptyPlan):
        save(maya, dana, now, Sections())


def test_who_writes_on_an_older_version_is_told_of_the_newer(maya, dana, now):
    save(maya, dana, now, LESS)
    with pytest.raises(services.ChangedMeanwhile) as refused:
        save(maya, maya.user, now, FULL, based_on=0)
    assert refused.value.newest.version == 1


def test_both_say_yes_to_a_version_the_student_once_and_a_clinician_at_each_look(maya, dana, now):
    plan = save(maya, dana, now)
    assert confirm(plan, maya.user, now) == confirm(plan, maya.user, now)
    confirm(plan, dana, now)
    confirm(plan, dana, now + timedelta(days=7))
    assert sorted(plan.looks.values_list("as_student", flat=True)) == [False, False, True]
    save(maya, dana, now, LESS, based_on=1)
    with pytest.raises(services.ChangedMeanwhile):
        confirm(plan, maya.user, now)


def test_a_concern_asks_for_a_look_and_a_look_or_an_assessment_answers(maya, jonah, dana, now):
    def reviews():
        return plan_queries.plan_reviews([maya.pk, jonah.pk])

    plan = save(maya, dana, now - timedelta(days=9))
    assert reviews() == {maya.pk: Review.CHANGED, jonah.pk: Review.NOTHING}
    confirm(plan, dana, now - timedelta(days=8))
    assert reviews()[maya.pk] == Review.NOTHING
    concern, other = raise_one(maya, now), raise_one(jonah, now)
    assert reviews() == {maya.pk: Review.SINCE_CONCERN, jonah.pk: Review.NO_PLAN}
    assert (plan_queries.review_since(concern), plan_queries.review_since(other)) == (
        Review.SINCE_CONCERN, Review.NO_PLAN,
    )  # fmt: skip
    ConcernAssessment.objects.create(
        concern=concern, thoughts="none", means="none", risk="low", disposition="stay", plan_reviewed=True,
        found="Looked through it.", by=dana, licence="LPC CO 1", at=now + timedelta(hours=1),
    )  # fmt: skip
    assert reviews()[maya.pk] == Review.NOTHING
    again = raise_one(maya, now + timedelta(days=1))
    assert plan_queries.review_since(concern) == Review.NOTHING
    assert plan_queries.review_since(again) == Review.SINCE_CONCERN
    confirm(plan, dana, now + timedelta(days=1, hours=2))
    assert plan_queries.review_since(again) == Review.NOTHING


def test_the_student_writes_sees_and_confirms_their_own(as_user, maya):
    browser = as_user(maya.user)
    assert "Begin my plan" in browser.get(MINE).text
    answer = browser.post(
        CHANGE_MINE, written(signs="I stop answering.", helpers_0_name="Alma", helpers_0_phone="303 555 0117")
    )
    assert answer.url == MINE
    page = browser.get(MINE).text
    assert 'href="tel:+13035550117"' in page
    assert 'href="tel:988"' in page
    assert "Nothing is written here yet" not in page
    assert browser.post(CONFIRM_MINE, {"version": "1"}).url == MINE
    assert SafetyPlanLook.objects.get().as_student
    assert "You said yes to this version" in browser.get(MINE).text
    kept = browser.get(f"{MINE}?kept=yes").text
    assert 'href="tel:+13035550117"' in kept
    assert "Change it" not in kept
    assert not Event.objects.filter(kind="read").exists()


def test_what_cannot_be_read_or_called_is_said_and_kept(as_user, maya):
    browser = as_user(maya.user)
    two = "303 555 0117 or 720 555 0118"
    page = browser.post(
        CHANGE_MINE,
        written(
            helpers_0_phone="303 555 0117",
            helpers_1_name="Alma",
            helpers_1_phone=two,
            professionals_1_name="Dr. Ode",
            professionals_1_phone="12",
        ),
    )
    assert page.status_code == 422
    assert "Say who answers at this number." in page.text
    assert "This is no number that can be called." in page.text
    assert {*page.context["form"].errors} == {"helpers_0_name", "helpers_1_phone", "professionals_1_phone"}
    assert "Write something in at least one" in browser.post(CHANGE_MINE, written()).text


def test_two_who_write_at_once_lose_nothing(as_user, maya, dana, now):
    save(maya, maya.user, now, LESS)
    browser = as_user(dana)
    again = browser.post(of(maya, "change-of"), written(coping="Cold water."))
    assert again.status_code == 422
    assert "I stop answering." in again.text  # what Maya saved
    assert "Cold water." in again.text
    assert 'name="based_on" value="1"' in again.text
    assert browser.post(of(maya, "change-of"), written(based_on=1, coping="Cold water.")).status_code == 302
    assert [each.version for each in plan_queries.versions_of(maya)] == [2, 1]


def test_staff_read_it_with_the_read_written_down_and_confirm_it(as_user, maya, dana, walt, now):
    save(maya, maya.user, now)
    page = as_user(dana).get(of(maya)).text
    assert "The pills are with Alma." in page
    read = Event.objects.get(kind="read")
    assert (read.verb, read.actor_id, read.patient_id) == ("safety_plan.read", dana.pk, maya.pk)
    assert as_user(dana).post(of(maya, "confirm-of"), {"version": "1"}).status_code == 302
    assert as_user(dana).post(of(maya, "confirm-of"), {"version": "x"}).status_code == 403
    assert SafetyPlanLook.objects.get().by == dana
    director = as_user(walt)
    assert "We looked through it together" not in director.get(of(maya)).text
    assert director.get(of(maya, "change-of")).status_code == 403


def test_the_pages_are_closed_to_those_whom_it_is_not_for(as_user, organisation, maya, jonah, dana, theo, priya, now):
    save(maya, dana, now)
    mother = make_user("Lupe Reyes", Role.FAMILY, organisation=organisation)
    Relationship.objects.create(patient=maya, person=mother, kind="parent", is_guardian=True)
    for somebody in (theo, priya, mother, jonah.user):
        browser = as_user(somebody)
        for name in ("of", "change-of", "paper-of"):
            assert browser.get(of(maya, name)).status_code == 403, (somebody, name)
    assert "pills" not in as_user(jonah.user).get(MINE).text
    assert as_user(dana).get(MINE).status_code == 403


def test_it_is_one_sheet_of_paper_that_names_neither_program_nor_student(as_user, maya, dana, now):
    plan = save(maya, dana, now)
    words = str(paper_of(plan))
    assert "303 555 0117" in words
    assert "The pills are with Alma." in words
    for name in ("Hearthside", "Maya", "Reyes"):
        assert name not in words
    assert pdf_of(paper_of(plan)).startswith(b"%PDF")
    for somebody, address in ((dana, of(maya, "paper-of")), (maya.user, reverse("safety:plan-paper-mine"))):
        assert as_user(somebody).get(address)["Content-Type"] == "application/pdf"


def test_a_copy_goes_only_to_whom_a_release_names(as_user, maya, dana, theo, now):
    terms = Terms(("Alma Reyes",), "My safety plan", "So that she can help", now.date() + timedelta(days=90))
    release = sign(maya, ConsentKind.RELEASE, by=maya.user, at=timezone.now(), terms=terms)
    newer = sign(
        maya, ConsentKind.RELEASE, by=maya.user, at=timezone.now(), terms=replace(terms, information="My hours")
    )
    sign(maya, ConsentKind.PART2_TPO, by=maya.user, at=timezone.now())
    plan = save(maya, dana, now)
    give = {"patient_pk": maya.pk, "version": plan.version, "release_pk": release.pk, "at": timezone.now()}
    with pytest.raises(services.NotAgreed):
        services.give_copy(recipient="Somebody else", by=dana, **give)
    for somebody in (theo, maya.user):
        with pytest.raises(PermissionDenied):
            services.give_copy(recipient="Alma Reyes", by=somebody, **give)
    browser = as_user(dana)
    copy = {"recipient": f"{release.pk}:Alma Reyes", "covers": "on", "version": 1}
    page = browser.get(of(maya)).text
    assert 'name="version" value="1"' in page
    for row, covered in ((release, "My safety plan"), (newer, "My hours")):
        assert f'<option value="{row.pk}:Alma Reyes">Alma Reyes: “{covered}”</option>' in page
    for wrong in ({"covers": ""}, {"recipient": f"{release.pk}:Somebody else"}, {"version": ""}):
        assert browser.post(of(maya), copy | wrong).status_code == 422
    assert browser.post(of(maya), copy).status_code == 302
    given = Disclosure.objects.get()
    assert (given.recipient, given.what, given.consent) == ("Alma Reyes", "Safety plan, version 1", release)


def test_a_copy_is_of_the_version_that_was_read_and_under_the_release_that_was_read(as_user, maya, dana, now):
    terms = Terms(("Alma Reyes",), "My safety plan", "So that she can help", now.date() + timedelta(days=90))
    release = sign(maya, ConsentKind.RELEASE, by=maya.user, at=timezone.now(), terms=terms)
    save(maya, dana, now)
    save(maya, maya.user, now, LESS, based_on=1)  # while Dana reads the first
    browser = as_user(dana)
    copy = {"recipient": f"{release.pk}:Alma Reyes", "covers": "on"}
    for address in (of(maya), f"{of(maya)}?version=1"):
        page = browser.post(address, copy | {"version": 1}, follow=True)
        assert "There is a newer version. Read it first." in page.text
    other = {"patient_pk": maya.pk, "version": 2, "recipient": "Alma Reyes", "by": dana, "at": timezone.now()}
    with pytest.raises(services.NotAgreed):
        services.give_copy(release_pk=uuid4(), **other)
    assert not Disclosure.objects.exists()


def test_what_a_guardian_signed_of_something_else_opens_no_copy(as_user, organisation, dana, now):
    noor = make_patient("Noor", "Haddad", at=now, birth_date=date(2010, 3, 2))
    assert noor.user is not None
    CareTeamMember.objects.create(patient=noor, member=dana, since=now.date())
    sami = make_user("Sami Haddad", Role.FAMILY, organisation=organisation)
    Relationship.objects.create(patient=noor, person=sami, kind="parent", is_guardian=True)
    terms = Terms(("Alma Haddad",), "My safety plan", "So that she can help", now.date() + timedelta(days=90))
    release = sign(noor, ConsentKind.RELEASE, by=noor.user, at=now, terms=terms)
    plan = save(noor, dana, now)
    give = {"patient_pk": noor.pk, "version": plan.version, "release_pk": release.pk, "by": dana, "at": now}
    others = ({"information": "My hours"}, {"purpose": "For school"}, {"recipients": ("Somebody else",)})
    for other in others:  # both sign another release, and one of them names Alma too
        for signer in (noor.user, sami):
            sign(noor, ConsentKind.RELEASE, by=signer, at=now, terms=replace(terms, **other))
        with pytest.raises(services.NotAgreed):
            services.give_copy(recipient="Alma Haddad", **give)
    typed = {"recipient": f"{release.pk}:Alma Haddad", "covers": "on", "version": 1}
    assert "Give nothing." in as_user(dana).post(of(noor), typed).text
    same = replace(terms, recipients=("alma  haddad", "Omar Haddad"), information="my safety plan")
    sign(noor, ConsentKind.RELEASE, by=sami, at=now, terms=same)
    assert services.give_copy(recipient="Alma Haddad", **give).consent == release


def test_the_concern_s_page_and_the_counselor_s_today_ask_for_a_look(as_user, maya, dana, now):
    concern = raise_one(maya, now)
    browser = as_user(dana)
    assert "no safety plan since this concern" in browser.get(f"/concerns/{concern.pk}/").text
    plan = save(maya, dana, now - timedelta(days=1))
    page = browser.get(f"/concerns/{concern.pk}/").text
    assert "safety plan not reviewed since this concern" in page
    assert of(maya) in page
    confirm(plan, dana, now)
    assert "looked at since this concern" in browser.get(f"/concerns/{concern.pk}/").text


def test_the_page_asks_as_many_questions_for_many_versions_as_for_one(as_user, maya, dana, now, count_queries):
    save(maya, dana, now)
    browser = as_user(dana)
    few = count_queries(browser, of(maya))
    for number in range(12):
        plan = save(maya, dana, now, Sections(signs=f"Sign {number}"), based_on=number + 1)
        confirm(plan, dana, now)
    assert count_queries(browser, of(maya)) <= few + 1  # who looked, of all versions at once
