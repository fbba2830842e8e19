"""What students say to papers and write into their safety plan alone is read for danger in the deed that stores it."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.consent import packet
from hearth.people import services as people
from hearth.people.models import Relationship
from hearth.people.testing import make_patient
from hearth.safety import services
from hearth.safety.models import Concern
from hearth.safety.plan_rules import Sections

DIRE = "I am going to kill myself tonight"
PLAN = Sections(coping="Soup, and a walk")


def say_no(patient, by, at, words=DIRE):
    return packet.answer(pk=patient.pk, paper="telehealth", is_no=True, words=words, by=by, at=at)


def save(patient, by, at, sections, based_on=0):
    return services.save_plan(patient_pk=patient.pk, sections=sections, based_on=based_on, by=by, at=at)


@pytest.fixture
def raised():
    return lambda: list(Concern.objects.order_by("raised_at", "pk").values_list("source_kind", "severity"))


def test_what_a_student_says_to_a_paper_is_read_once_and_not_quoted(maya, now, raised):
    for _ in range(2):
        say_no(maya, maya.user, now)
    say_no(maya, maya.user, now, words="I would rather read it with Dana")
    assert raised() == [("consent.paper_answer", "emergency")]
    concern = Concern.objects.get()
    assert DIRE not in concern.summary
    assert "beside a paper" in concern.told
    assert concern.raised_by == maya.user


def test_a_guardian_who_says_it_of_their_child_is_heard_and_not_named(organisation, ines, now, raised):
    noor = make_patient("Noor", "Haddad", at=now, birth_date=date(2010, 3, 2))
    sami = make_user("Sami Haddad", Role.FAMILY, organisation=organisation)
    people.relate(patient=noor, person=sami, kind=Relationship.Kind.PARENT, by=ines, at=now, is_guardian=True)
    say_no(noor, sami, now, words="She told me that she wants to kill herself")
    assert [kind for kind, _severity in raised()] == ["consent.paper_answer"]
    assert Concern.objects.get().raised_by is None


def test_a_plan_written_alone_is_read_and_only_what_is_new_in_it(maya, dana, now, raised):
    save(maya, maya.user, now, PLAN)
    assert raised() == []
    second = replace(PLAN, reasons="I want to die")
    save(maya, maya.user, now, second, based_on=1)
    assert raised() == [("safety.plan", "urgent")]
    save(maya, maya.user, now, replace(second, places="The library"), based_on=2)
    assert len(raised()) == 1
    save(maya, maya.user, now, replace(second, signs=DIRE), based_on=3)
    assert sorted(raised()) == [("safety.plan", "emergency"), ("safety.plan", "urgent")]


def test_a_plan_made_together_on_the_screen_of_staff_is_not(maya, dana, now, raised):
    save(maya, dana, now, replace(PLAN, signs="I want to die"))
    assert raised() == []


def test_help_stands_on_the_page_after_it(as_user, maya):
    phone = as_user(maya.user)
    address = reverse("consent:paper", args=[maya.pk, "telehealth"])
    page = phone.post(address, {"do": "no", "words": DIRE}, follow=True)
    assert "You do not have to carry this alone" in page.text
