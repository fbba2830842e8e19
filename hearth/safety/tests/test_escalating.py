"""Who is told of a concern, in which order, once each; who is on call; and what every staff page says."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.accounts.models import Organisation
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.lib import tenancy
from hearth.outbox.models import Message
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.safety import queries, services, tasks
from hearth.safety.models import Concern, ConcernNotice, OnCall
from hearth.safety.tests.test_concerns import raise_one


def after(now, minutes):
    return now + timedelta(minutes=minutes)


def told():
    """Names by step, in order."""
    rows = ConcernNotice.objects.select_related("person").order_by("step", "person__name")
    return [(row.step, row.person.name) for row in rows]


def look(at, *, until=0):
    """As the worker does, once a minute."""
    for minute in range(until + 1):
        for pk in services.due(at=after(at, minute)):
            services.escalate_one(pk=pk, at=after(at, minute))


def test_counselor_and_who_is_on_call_are_told_at_once_then_supervisor_then_director(maya, dana, theo, ruth, walt, now):
    OnCall.objects.create(
        person=theo, starts_at=after(now, -60), ends_at=after(now, 20), planned_by=ruth, planned_at=now
    )
    raise_one(maya, now)
    look(now, until=50)
    assert told() == [
        (1, "Dana Kim"),
        (1, "Theo Brandt"),
        (2, "Ruth Okafor"),
        (3, "Walt Jensen"),
        (4, "Walt Jensen"),
    ]
    assert queries.unanswered(at=after(now, 61)) == (1, True)


def test_nothing_told_names_anybody_or_what_it_is_about(maya, dana, now):
    dana.phone = "+13035550100"
    dana.save()
    raise_one(maya, now)
    look(now)
    sent = Message.objects.all()
    assert sorted(message.channel for message in sent) == ["mail", "sms"]
    for message in sent:
        for word in ("Maya", "Reyes", "PHQ", "item", "suicid", "risk"):
            assert word.lower() not in (message.subject + message.body).lower()


def test_the_same_step_tells_a_person_once_however_often_somebody_looks(maya, dana, ruth, now):
    raise_one(maya, now)
    for _ in range(5):
        look(now)
    assert told() == [(1, "Dana Kim")]
    assert Message.objects.count() == 1


def test_speaking_with_them_ends_it_and_a_try_delays_it(maya, dana, ruth, now):
    concern = raise_one(maya, now)
    services.take_concern(concern=concern, by=dana, at=now)
    look(now)
    services.record_contact(
        concern=concern, how="phone", whom="student", reached=False, words="", by=dana, at=after(now, 10)
    )
    look(after(now, 15), until=9)
    assert told() == [(1, "Dana Kim")]
    look(after(now, 25))
    assert told() == [(1, "Dana Kim"), (2, "Ruth Okafor")]
    services.record_contact(
        concern=concern, how="phone", whom="student", reached=True, words="", by=dana, at=after(now, 30)
    )
    look(after(now, 31), until=60)
    assert len(told()) == 2
    assert queries.unanswered(at=after(now, 600)) == (0, False)


def test_nobody_of_another_organisation_is_told_or_can_be_put_on_call(
    organisation, maya, dana, ruth, walt, now, as_user
):
    other = make_organisation(name="Elsewhere", slug="elsewhere")
    for name, role in (("Sam Stone", Role.SUPERVISOR), ("Alex Stone", Role.DIRECTOR)):
        make_user(name, role, organisation=other)
    raise_one(maya, now)
    look(now, until=40)
    assert {name for _step, name in told()} == {"Dana Kim", "Ruth Okafor", "Walt Jensen"}
    assert " Stone" not in as_user(ruth).get("/concerns/on-call/").text


def test_the_minutes_look_posts_a_job_for_each_concern_that_is_due_and_none_for_others(maya, dana, now):
    waiting, reached = raise_one(maya, timezone.now()), raise_one(maya, timezone.now())
    services.record_contact(
        concern=reached, how="phone", whom="student", reached=True, words="", by=dana, at=timezone.now()
    )
    before = list(ProcrastinateJob.objects.values_list("pk", flat=True))
    tasks.escalate_all.func(timestamp=0)
    (job,) = ProcrastinateJob.objects.filter(task_name="safety.escalate").exclude(pk__in=before)
    assert job.args["concern_id"] == str(waiting.pk)


def test_where_a_rung_has_nobody_the_next_is_told(organisation, walt, now):
    raise_one(make_patient("Ana", "Lopez", at=now), now)
    look(now)
    assert told() == [(1, "Walt Jensen")]


def test_where_nobody_at_all_can_be_told_every_staff_page_still_says_so(organisation, as_user, ines, priya, now):
    raise_one(make_patient("Ana", "Lopez", at=now), timezone.now() - timedelta(hours=2))
    look(timezone.now())
    assert told() == []
    page = as_user(ines).get("/today/").text
    assert "1 concern has had no answer in time." in page
    assert "Look now" in page
    page = as_user(priya).get("/today/").text
    assert "Please find a clinician now." in page
    assert "Ana" not in page


def test_students_are_not_told_of_other_peoples_concerns(maya, as_user, now):
    raise_one(maya, timezone.now() - timedelta(hours=2))
    assert "no answer in time" not in as_user(maya.user).get("/today/").text


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_look_at_the_same_moment_tell_each_person_once(stored_organisation: Organisation):
    at = datetime(2026, 11, 24, 23, tzinfo=UTC)
    with tenancy.within(stored_organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation)
        maya = make_patient("Maya", "Reyes", at=at)
        CareTeamMember.objects.create(patient=maya, member=dana, role=Role.COUNSELOR, is_primary=True, since=at.date())
        concern = raise_one(maya, at)
    together = Barrier(2)

    def work():
        try:
            together.wait()
            with tenancy.within(stored_organisation.pk):
                services.escalate_one(pk=concern.pk, at=at)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenancy.within(stored_organisation.pk):
        assert told() == [(1, "Dana Kim")]
        assert Message.objects.count() == 1


def test_a_concern_is_there_and_told_of_later_though_no_worker_ran_when_it_was_raised(maya, dana, ruth, now):
    raise_one(maya, now)
    assert queries.unanswered(at=after(now, 120)) == (1, False)
    look(after(now, 120))
    assert told() == [(1, "Dana Kim")]


def test_supervisors_plan_who_is_on_call_and_everyone_concerned_sees_it(as_user, ruth, dana, theo, priya, maya):
    browser = as_user(ruth)
    typed = {"person": theo.pk, "starts_at": "2036-12-01T17:00", "ends_at": "2036-12-01T16:00"}
    assert "It ends after it begins, and within a week." in browser.post("/concerns/on-call/", typed).text
    assert browser.post("/concerns/on-call/", typed | {"ends_at": "2036-12-02T08:00"}).status_code == 302
    row = OnCall.objects.get()
    assert (row.person, row.planned_by) == (theo, ruth)
    assert "Theo Brandt" in as_user(dana).get("/concerns/on-call/").text
    assert as_user(dana).post(f"/concerns/on-call/{row.pk}/drop/").status_code == 403
    with pytest.raises(PermissionDenied):
        services.plan_on_call(person=theo, starts_at=row.starts_at, ends_at=row.ends_at, by=dana, at=row.planned_at)
    for stranger in (priya, maya.user):
        assert as_user(stranger).get("/concerns/on-call/").status_code == 403
    assert as_user(ruth).post(f"/concerns/on-call/{row.pk}/drop/").status_code == 302
    assert not OnCall.objects.exists()


def test_the_banner_costs_one_question_however_many_concerns(as_user, maya, dana, count_queries):
    raise_one(maya, timezone.now() - timedelta(hours=2))
    few = count_queries(as_user(dana), "/concerns/on-call/")
    for _ in range(5):
        raise_one(maya, timezone.now() - timedelta(hours=2))
    assert count_queries(as_user(dana), "/concerns/on-call/") == few
    assert Concern.objects.count() == 6
