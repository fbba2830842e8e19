"""Somebody else in danger: marked at a concern, told, settled, ringing while nobody acts; and the pages of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.consent.models import Disclosure
from hearth.people.models import Licence
from hearth.safety import queries, services
from hearth.safety.models import Concern, ConcernNotice
from hearth.safety.protection_models import ProtectiveDuty, ProtectiveStep
from hearth.safety.protection_queries import access_duty
from hearth.safety.protection_rules import Standing
from hearth.safety.tests.test_answering import FOUND, SPOKE
from hearth.safety.tests.test_concerns import raise_one


@pytest.fixture(autouse=True)
def licence(dana):
    held = DateRange(date(2024, 1, 1), date(2030, 1, 1))
    return Licence.objects.create(holder=dana, state="CO", discipline="LPC", number="LPC.1", during=held)


@pytest.fixture
def concern(maya, now):
    return raise_one(maya, now, severity="watch")


@pytest.fixture
def threat(concern, dana, now):
    (duty,) = services.mark_dangers(concern=concern, dangers=["threat"], learned_at=now, by=dana, at=now)
    return duty


def tell(duty, by, at, *, basis="danger", whom="Officer Hill, Denver police"):
    words = "A man may go to his brother's house tonight with a gun."
    return services.record_danger_told(
        duty=duty, whom=whom, basis=basis, words=words, reference="26-1182", told_at=at, by=by, at=at
    )


def settle(duty, by, at, *, outcome="done", words=""):
    return services.settle_danger(duty=duty, outcome=outcome, words=words, by=by, at=at)


def test_a_danger_is_marked_once_and_its_time_counts_from_when_it_was_learned(concern, dana, ines, now):
    dangers = ["child", "at_risk_adult", "unheard_of"]
    first = services.mark_dangers(concern=concern, dangers=dangers, learned_at=now, by=dana, at=now)
    later = now + timedelta(hours=2)
    assert services.mark_dangers(concern=concern, dangers=dangers, learned_at=later, by=ines, at=later) == first
    assert [(one.danger, one.due_at - now) for one in first] == [
        ("child", timedelta()),
        ("at_risk_adult", timedelta(hours=24)),
    ]
    assert Event.objects.filter(verb="safety.danger_marked").count() == 2


def test_the_rules_are_those_of_the_state_where_the_student_lives(concern, maya, dana, now):
    maya.state = "WY"
    maya.save()
    (duty,) = services.mark_dangers(concern=concern, dangers=["threat"], learned_at=now, by=dana, at=now)
    assert (duty.state, duty.due_at - now) == ("WY", timedelta(hours=1))


def test_it_rings_on_the_way_up_while_nobody_acts_also_where_somebody_spoke_with_the_student(
    threat, concern, dana, ruth, walt, now
):
    services.record_contact(concern=concern, by=dana, at=now, **SPOKE)
    for minutes in (1, 2, 17, 32, 47):
        for pk in services.due(at=now + timedelta(minutes=minutes)):
            services.escalate_one(pk=pk, at=now + timedelta(minutes=minutes))
    rows = ConcernNotice.objects.order_by("step", "person__name").values_list("step", "person__name")
    assert list(rows) == [(1, "Dana Kim"), (2, "Ruth Okafor"), (3, "Walt Jensen"), (4, "Walt Jensen")]
    assert queries.unanswered(at=now + timedelta(minutes=1)) == (1, False)
    (line,) = queries.open_concern_lines(viewer=ruth, at=now)
    assert line.owes

    tell(threat, dana, now + timedelta(minutes=50))
    assert services.due(at=now + timedelta(hours=3)) == []
    assert queries.unanswered(at=now + timedelta(hours=3)) == (0, False)


def test_what_was_told_is_a_disclosure_unless_it_named_nobody(threat, maya, dana, now):
    tell(threat, dana, now, basis="unnamed", whom="His brother")
    assert not Disclosure.objects.exists()
    tell(threat, dana, now)
    found = Disclosure.objects.get()
    assert (found.patient, found.consent, found.recipient) == (maya, None, "Officer Hill, Denver police")
    assert "gun" in found.what


def test_what_is_written_down_twice_in_one_breath_is_one(threat, dana, now):
    assert tell(threat, dana, now) == tell(threat, dana, now)
    assert (ProtectiveStep.objects.count(), Disclosure.objects.count()) == (1, 1)


def test_nothing_is_marked_at_a_closed_concern_of_which_nobody_would_hear(concern, dana, as_user, now):
    services.record_contact(concern=concern, by=dana, at=now, **SPOKE)
    services.record_assessment(concern=concern, by=dana, at=now, **FOUND)
    services.resolve_concern(concern=concern, action="Talked", by=dana, at=now)
    with pytest.raises(services.ConcernClosed):
        services.mark_dangers(concern=concern, dangers=["child"], learned_at=now, by=dana, at=now)
    told = as_user(dana).post(f"/concerns/{concern.pk}/dangers/", {"dangers": ["child"]}, follow=True)
    assert "Raise a new one" in told.content.decode()


def test_what_is_owed_to_a_child_rings_also_after_the_student_has_died(concern, maya, dana, now):
    services.mark_dangers(concern=concern, dangers=["child"], learned_at=now, by=dana, at=now)
    maya.has_died, maya.death_noted_at = True, now
    maya.save()
    assert services.due(at=now) == [concern.pk]
    assert services.escalate_one(pk=concern.pk, at=now)
    assert queries.unanswered(at=now)[0] == 1
    tell(concern.protective_duties.get(), dana, now, basis="law")
    assert services.due(at=now + timedelta(hours=3)) == []
    assert queries.unanswered(at=now + timedelta(hours=3)) == (0, False)


def test_a_concern_is_not_closed_while_somebody_else_may_be_in_danger(threat, concern, dana, now):
    services.record_contact(concern=concern, by=dana, at=now, **SPOKE)
    services.record_assessment(concern=concern, by=dana, at=now, **FOUND)
    with pytest.raises(services.StillMissing) as refused:
        services.resolve_concern(concern=concern, action="Police told", by=dana, at=now)
    assert refused.value.parts == ("protection",)
    tell(threat, dana, now)
    settle(threat, dana, now)
    services.resolve_concern(concern=concern, action="Police told", by=dana, at=now)
    concern.refresh_from_db()
    assert not concern.is_open


def test_a_licensed_clinician_settles_a_threat_after_something_was_done(threat, dana, ines, now):
    with pytest.raises(services.CannotSettle):
        settle(threat, dana, now)
    services.record_kept_safe(duty=threat, words="Went to hospital of his own will.", done_at=now, by=ines, at=now)
    with pytest.raises(services.CannotSettle):
        settle(threat, ines, now)
    assert settle(threat, dana, now).standing(at=now) == Standing.DONE
    assert ProtectiveStep.objects.get(kind="done").licence == "LPC CO LPC.1"
    with pytest.raises(services.DangerSettled):
        settle(threat, dana, now, outcome="not_due", words="No")


def test_whoever_reported_a_child_in_danger_settles_it_but_that_none_is_takes_a_licence(concern, ines, dana, now):
    (duty,) = services.mark_dangers(concern=concern, dangers=["child"], learned_at=now, by=ines, at=now)
    services.record_kept_safe(duty=duty, words="Talked with the mother.", done_at=now, by=ines, at=now)
    assert services.due(at=now + timedelta(minutes=1)) == [concern.pk]
    with pytest.raises(services.CannotSettle):
        settle(duty, ines, now)
    with pytest.raises(services.CannotSettle):
        settle(duty, ines, now, outcome="not_due", words="The child is 19.")
    tell(duty, ines, now, basis="law", whom="County child welfare")
    assert settle(duty, ines, now).standing(at=now) == Standing.DONE


def test_strangers_see_none_of_it_and_settle_nothing(threat, theo, priya, maya, now):
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    for somebody in (theo, priya, maya.user, make_user("Sam Stone", Role.SUPERVISOR, organisation=elsewhere)):
        with pytest.raises(PermissionDenied):
            access_duty(viewer=somebody, pk=threat.pk, at=now)
        with pytest.raises(PermissionDenied):
            tell(threat, somebody, now)


def test_staff_raise_a_concern_with_who_else_is_in_danger_in_one_step(maya, ines, as_user):
    page = as_user(ines)
    said = {"summary": "Her mother shakes the baby when he cries.", "severity": "urgent", "dangers": ["child"]}
    answer = page.post(f"/students/{maya.pk}/concern/", said)
    assert answer.status_code == 302
    assert Concern.objects.get().protective_duties.get().danger == "child"
    assert "A child abused or neglected" in page.get(answer.url).content.decode()


def test_from_the_concern_to_what_to_do_first_to_told_and_signed(concern, dana, as_user):
    page = as_user(dana)
    unmarked = page.post(f"/concerns/{concern.pk}/dangers/", {}, follow=True).content.decode()
    assert "Choose what it may be about." in unmarked
    answer = page.post(f"/concerns/{concern.pk}/dangers/", {"dangers": ["threat"]}, follow=True)
    address, body = answer.redirect_chain[-1][0], answer.content.decode()
    for words in ("The police where that person is", "C.R.S. 13-21-117(2)", "Anything about alcohol", "overdue"):
        assert words in body
    too_soon = page.post(address, {"step": "settle", "settle-outcome": "done", "settle-words": "All well"})
    assert too_soon.status_code == 422
    assert "Write down first whom you told" in too_soon.content.decode()
    assert "All well" in too_soon.content.decode()
    moment = timezone.localtime(timezone=dana.zone).strftime("%Y-%m-%dT%H:%M")
    told = {"told-whom": "Police", "told-at_moment": moment, "told-words": "A name and a street", "told-basis": "law"}
    assert "Written down" in page.post(address, told | {"step": "told"}, follow=True).content.decode()
    done = page.post(address, {"step": "settle", "settle-outcome": "done"}, follow=True).content.decode()
    assert "What it asks is done" in done
    assert ProtectiveDuty.objects.get().outcome == "done"


def test_what_is_said_to_be_told_in_the_future_is_refused_and_kept(threat, dana, as_user):
    moment = (timezone.localtime(timezone=dana.zone) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    said = {"told-whom": "Police", "told-at_moment": moment, "told-words": "His street", "told-basis": "law"}
    answer = as_user(dana).post(f"/concerns/dangers/{threat.pk}/", said | {"step": "told"})
    assert answer.status_code == 422
    assert "That is still to come." in answer.content.decode()
    assert "His street" in answer.content.decode()


def test_its_page_is_closed_to_colleagues_of_others_and_to_students(threat, theo, maya, as_user):
    for somebody in (theo, maya.user):
        assert as_user(somebody).get(f"/concerns/dangers/{threat.pk}/").status_code == 403


def test_a_concerns_page_asks_as_much_for_many_dangers_as_for_one(concern, threat, dana, as_user, now, count_queries):
    page, address = as_user(dana), f"/concerns/{concern.pk}/"
    one = count_queries(page, address)
    dangers = ["child", "partner", "trafficking"]
    services.mark_dangers(concern=concern, dangers=dangers, learned_at=now, by=dana, at=now)
    assert count_queries(page, address) == one
