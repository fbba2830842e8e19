"""How a guardian sees it: asked while the law and the student let them know, kept apart, ended at eighteen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.lib import tenancy
from hearth.measures import guardians, reminding, services
from hearth.measures import instrument as instruments
from hearth.measures.instrument import UnknownInstrument
from hearth.measures.models import GuardianResponse, Response
from hearth.measures.queries import due_measures
from hearth.outbox.models import Message
from hearth.people.models import CareTeamMember, Relationship
from hearth.people.testing import make_patient
from hearth.program.pack import DueRule
from hearth.safety.models import Concern

NAME = "caregiver-week"
WELL = [3, 3, 2, 3, 2, 0, 0, 0]
AFRAID = [1, 1, 0, 1, 0, 1, 0, 0]


@pytest.fixture(autouse=True)
def at_that_time(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def lee(organisation, dana, now):
    found = make_patient("Lee", "Castellan", at=now, birth_date=date(2011, 3, 2))
    CareTeamMember.objects.create(patient=found, member=dana, role=Role.COUNSELOR, is_primary=True, since=now.date())
    rows = [DueRule(NAME, True, 7), DueRule("who-5", True, 7)]
    services.follow_rules(patient=found, rules=rows, started_on=now.date(), by=dana, at=now)
    return found


@pytest.fixture
def carmen(lee, organisation):
    person = make_user("Carmen Castellan", Role.FAMILY, organisation=organisation)
    return Relationship.objects.create(patient=lee, person=person, kind="parent", is_guardian=True)


def page_of(tie, name=NAME):
    return reverse("measures:guardian", args=[tie.pk, name])


def sent(answers):
    return {f"q-{n}": value for n, value in enumerate(answers, 1)} | {"token": uuid4()}


def say(tie, answers, *, at, by=None, token=None):
    return guardians.store(
        tie=tie.pk,
        instrument_id=NAME,
        answers=answers,
        language="en",
        token=token or uuid4(),
        by=by or tie.person,
        at=at,
    )


def test_it_is_ours_and_says_so():
    one = instruments.get(NAME)
    assert (one.licence.status, one.validated, one.is_of_guardians) == ("ours", False, True)
    assert one.languages == ("en", "es")


def test_a_guardian_is_asked_on_their_own_first_page_and_answers_there(as_user, carmen, lee):
    client = as_user(carmen.person)
    today = client.get(reverse("web:today")).text
    assert page_of(carmen) in today
    assert "How do you see this week?" in today
    page = client.post(page_of(carmen), sent(WELL), follow=True)
    assert "Thank you" in page.text
    row = GuardianResponse.objects.get()
    assert (row.patient, row.answered_by, row.relation, row.total) == (lee, carmen.person, "parent", 13)
    assert page_of(carmen) not in client.get(reverse("web:today")).text


def test_fhir_names_the_student_as_subject_and_the_guardian_as_source(
    as_user, carmen, lee, jonah, dana, theo, ruth, now
):
    row = say(carmen, WELL, at=now)
    link = reverse("measures:view-as-fhir", args=[lee.pk, row.pk])
    assert link in as_user(dana).get(reverse("measures:of-patient", args=[lee.pk])).text
    resource = as_user(dana).get(link).json()
    assert resource["subject"] == {"reference": f"Patient/{lee.pk}"}
    assert resource["source"] == resource["author"] == {"reference": f"RelatedPerson/{carmen.person_id}"}
    assert resource["questionnaire"].startswith(f"urn:hearth:questionnaire:{NAME}|")
    assert resource["item"][-1] == {"linkId": "total", "answer": [{"valueInteger": 13}]}
    assert as_user(ruth).get(reverse("measures:view-as-fhir", args=[jonah.pk, row.pk])).status_code == 403
    for other in (theo, carmen.person, lee.user):
        assert as_user(other).get(link).status_code == 403


def test_it_is_asked_again_by_its_rule(carmen, now):
    say(carmen, WELL, at=now)
    asked = [bool(guardians.asked_of(viewer=carmen.person, at=now + timedelta(days=days))) for days in (0, 6, 7)]
    assert asked == [False, False, True]


def test_with_a_question_left_out_it_is_asked_again_in_a_week_all_the_same(carmen, now):
    left_out = say(carmen, [None, None, *WELL[2:]], at=now)
    assert (left_out.is_complete, left_out.total) == (False, None)
    asked = [guardians.asked_of(viewer=carmen.person, at=now + timedelta(days=days)) for days in (0, 1, 7)]
    assert [bool(one) for one in asked] == [False, False, True]


def test_it_never_joins_the_students_own_line_nor_is_it_asked_of_them(as_user, carmen, lee, now):
    say(carmen, WELL, at=now)
    assert not Response.objects.exists()
    assert [one.instrument.id for one in due_measures(lee, now.date())] == ["who-5"]
    assert as_user(lee.user).get(reverse("measures:answer", args=[NAME])).status_code == 404
    with pytest.raises(UnknownInstrument):
        services.store_answers(patient=lee, instrument_id=NAME, answers=WELL, language="en", by=lee.user, at=now)


def test_staff_neither_read_it_to_the_student_nor_enter_it_for_them(as_user, carmen, lee, dana):
    client = as_user(dana)
    assert client.get(reverse("measures:read", args=[lee.pk, NAME])).status_code == 404
    assert client.get(reverse("measures:enter", args=[lee.pk, NAME])).status_code == 404


def test_the_counselor_sees_it_beside_the_students_answers(as_user, carmen, lee, dana, now):
    say(carmen, WELL, at=now - timedelta(days=7))
    say(carmen, AFRAID, at=now)
    page = as_user(dana).get(reverse("measures:of-patient", args=[lee.pk])).text
    assert "As Carmen Castellan sees it" in page
    assert "We got along at home." in page
    (view,) = guardians.views_of(lee)
    assert [point.value for point in view.trajectory.points] == [13, 3]


def test_two_guardians_make_two_series(lee, carmen, organisation, now):
    person = make_user("Luis Castellan", Role.FAMILY, organisation=organisation)
    luis = Relationship.objects.create(patient=lee, person=person, kind="parent", is_guardian=True)
    say(carmen, WELL, at=now)
    assert guardians.asked_of(viewer=person, at=now)  # by his own answers, not by hers
    say(luis, AFRAID, at=now)
    assert len(guardians.views_of(lee)) == 2


def test_words_of_danger_raise_a_concern_that_names_nobody_and_help_comes_first(as_user, carmen, lee):
    page = as_user(carmen.person).post(page_of(carmen), sent(AFRAID), follow=True).text
    row = Concern.objects.get()
    assert (row.patient, row.severity, row.raised_by) == (lee, "urgent", None)
    assert "Carmen" not in row.summary
    main = page.split("<main", 1)[1]
    assert main.index("help-at-once") < main.index("<h1")
    assert "tel:988" in main


@pytest.mark.parametrize(
    ("answers", "severities"),
    [
        (WELL, []),
        ([3, 3, 2, 3, 2, 2, 0, 0], ["emergency"]),
        ([3, 3, 2, 3, 2, 0, 1, 0], ["urgent"]),
        ([3, 3, 2, 3, 2, 0, 0, 1], ["watch"]),
        ([3, 3, 2, 3, 2, 1, 1, 1], ["urgent", "watch"]),
    ],
)
def test_each_severity_rings_once(carmen, now, answers, severities):
    say(carmen, answers, at=now)
    assert sorted(Concern.objects.values_list("severity", flat=True)) == severities


def test_a_form_sent_twice_is_stored_once(carmen, now):
    token = uuid4()
    first, second = (say(carmen, AFRAID, at=now, token=token) for _ in range(2))
    assert first == second
    assert Concern.objects.count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_taps_at_once_store_one_answer_and_ring_once(stored_organisation, now):
    together, token, pk = Barrier(2), uuid4(), stored_organisation.pk
    with tenancy.within(pk):
        child = make_patient("Lee", "Castellan", at=now, birth_date=date(2011, 3, 2))
        person = make_user("Carmen Castellan", Role.FAMILY, organisation=stored_organisation)
        tie = Relationship.objects.create(patient=child, person=person, kind="parent", is_guardian=True)

    def tap(_number):
        try:
            with tenancy.within(pk):
                together.wait()
                return say(tie, AFRAID, at=now, by=person, token=token).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        stored = set(threads.map(tap, range(2)))
    with tenancy.within(pk):
        assert stored == {GuardianResponse.objects.get().pk}
        assert Concern.objects.count() == Event.objects.filter(verb="measures.guardian_answered").count() == 1


def test_the_student_knows_who_is_asked_and_what(as_user, carmen, lee):
    page = as_user(lee.user).get(reverse("measures:mine")).text
    assert "Carmen Castellan is asked now and then" in page
    assert "We got along at home." in page
    assert reverse("family:my-people") in page


def test_the_student_reads_none_of_the_answers(as_user, carmen, lee, now):
    row = say(carmen, AFRAID, at=now)
    client = as_user(lee.user)
    assert client.get(reverse("measures:guardian-given", args=[row.pk])).status_code == 403
    assert "3 of 20" not in client.get(reverse("measures:mine")).text


def test_it_ends_with_the_eighteenth_birthday(as_user, carmen, lee, now, time_machine):
    before, birthday = now.replace(year=2029, month=3, day=1, hour=18), now.replace(year=2029, month=3, day=2, hour=18)
    assert guardians.asked_of(viewer=carmen.person, at=before)
    assert guardians.asked_of(viewer=carmen.person, at=birthday) == []
    assert guardians.asked_about(lee, at=birthday) == []
    with pytest.raises(PermissionDenied):
        say(carmen, WELL, at=birthday)


@pytest.mark.parametrize("change", [{"is_guardian": False}, {"may_see_schedule": False}])
def test_it_ends_with_custody_and_with_the_students_word(as_user, carmen, lee, change):
    Relationship.objects.filter(pk=carmen.pk).update(**change)
    client = as_user(carmen.person)
    assert client.get(page_of(carmen)).status_code == 403
    assert client.post(page_of(carmen), sent(WELL)).status_code == 403
    assert page_of(carmen) not in client.get(reverse("web:today")).text
    assert not GuardianResponse.objects.exists()


def test_a_student_who_has_died_is_asked_about_no_more(carmen, lee, now):
    lee.has_died, lee.death_noted_at = True, now
    lee.save()
    assert guardians.asked_of(viewer=carmen.person, at=now) == []
    assert reminding.remind(at=now) == 0


def test_nobody_else_answers_in_a_guardians_place(as_user, carmen, lee, dana, organisation, now):
    stranger = make_user("Sam Other", Role.FAMILY, organisation=organisation)
    for person in (stranger, lee.user, dana):
        assert as_user(person).get(page_of(carmen)).status_code == 403
        with pytest.raises(PermissionDenied):
            say(carmen, WELL, at=now, by=person)
    row = say(carmen, WELL, at=now)
    assert as_user(stranger).get(reverse("measures:guardian-given", args=[row.pk])).status_code == 403


def test_a_guardian_answers_no_questionnaire_of_the_students(as_user, carmen):
    assert as_user(carmen.person).get(page_of(carmen, "who-5")).status_code == 404


def test_a_guardian_is_reminded_once_a_week_without_a_word_of_what(carmen, lee, now):
    reminding.remind(at=now)
    message = Message.objects.get(to=carmen.person.email)
    for word in ("Lee", "week", "question", "program"):
        assert word not in message.subject + message.body
    reminding.remind(at=now + timedelta(days=1))
    assert Message.objects.filter(to=carmen.person.email).count() == 1


def test_a_guardian_of_two_gets_one_mail_a_week(carmen, organisation, dana, now):
    child = make_patient("Ana", "Castellan", at=now, birth_date=date(2012, 3, 2))
    Relationship.objects.create(patient=child, person=carmen.person, kind="parent", is_guardian=True)
    services.follow_rules(patient=child, rules=[DueRule(NAME, True, 7)], started_on=now.date(), by=dana, at=now)
    counts = []
    for days in (0, 1, 7):
        reminding.remind(at=now + timedelta(days=days))
        counts.append(Message.objects.filter(to=carmen.person.email).count())
    assert counts == [1, 1, 2]


def test_who_is_asked_takes_as_many_queries_for_many(carmen, lee, organisation, dana, now):
    def count():
        with CaptureQueriesContext(connection) as found:
            guardians.asked_of(viewer=carmen.person, at=now)
        return len(found)

    one = count()
    for name in ("Ana", "Ben", "Kim"):
        child = make_patient(name, "Castellan", at=now, birth_date=date(2012, 3, 2))
        Relationship.objects.create(patient=child, person=carmen.person, kind="parent", is_guardian=True)
        services.follow_rules(patient=child, rules=[DueRule(NAME, True, 7)], started_on=now.date(), by=dana, at=now)
    assert count() == one
