"""Who pays: taken over from a referral, written down by those who see to it, seen by its owner, closed to the rest."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission import coverage
from hearth.admission.coverage_models import Benefit, Coverage
from hearth.audit.models import Event
from hearth.inquiry.referral_services import accept, receive
from hearth.inquiry.tests.bundles import bundle, written
from hearth.lib import sealed, tenancy
from hearth.sessions.services import record_authorisation
from hearth.sessions.testing import make_episode

SENT = {
    "resourceType": "Coverage",
    "status": "active",
    "subscriberId": "XQ-4471-0093",
    "beneficiary": {"reference": "urn:uuid:ana"},
    "payor": [{"display": "Prairie Mutual"}],
}
TYPED = {"kind": "insurance", "rank": "primary", "payer": "Acme Health", "member_id": "ZZ-990017", "plan": "Silver"}


def url(name, *args):
    return reverse(f"sessions:{name}", args=[getattr(each, "pk", each) for each in args])


@pytest.fixture
def bill(organisation):
    """Bill Munro, who sees to payment and to nothing else."""
    return make_user("Bill Munro", Role.BILLER, organisation=organisation)


def keep(patient, by, at, **changes):
    told = {"kind": "insurance", "rank": "primary", "payer": "Acme Health"} | changes
    member_id = told.pop("member_id", "ZZ-990017")
    return coverage.keep_coverage(patient=patient, told=told, member_id=member_id, by=by, at=at)


def refer(patient, by, at, *resources):
    came = receive(data=written(bundle(*resources)), file_name="a.json", by=by, source="upload", at=at)
    assert came.referral is not None
    accept(referral=came.referral, person={}, conditions=[], patient=patient, by=by, at=at)


def test_what_a_referral_told_is_there_without_typing_it_and_what_was_not_sent_is_said(as_user, ines, maya, now):
    refer(maya, ines, now, SENT)
    [row] = coverage.coverages_of(maya)
    assert (row.payer, row.rank, coverage.member_id_of(row)) == ("Prairie Mutual", "primary", "XQ-4471-0093")
    page = as_user(ines).get(url("coverage-of-patient", maya)).text
    assert "XQ-4471-0093" in page
    assert "taken over from the referral" in page
    assert page.count("not sent") == 4  # plan, group, whose insurance it is, the first day
    assert Event.objects.get(verb="admission.coverage_taken_over").patient_id == maya.pk


def test_a_second_referral_of_the_same_coverage_writes_nothing_twice(ines, maya, now):
    refer(maya, ines, now, SENT)
    refer(maya, ines, now, SENT, SENT | {"subscriberId": "other", "payor": [{"display": "Medicaid"}]})
    assert [(row.payer, row.rank) for row in coverage.coverages_of(maya)] == [
        ("Prairie Mutual", "primary"),
        ("Medicaid", "secondary"),
    ]


def test_what_has_ended_is_not_said_to_pay(as_user, ines, maya, now):
    keep(maya, ines, now, payer="Prairie Mutual", ends_on=now.date() - timedelta(days=1))
    keep(maya, ines, now, starts_on=now.date())
    page = as_user(ines).get(url("coverage-of-patient", maya)).text
    assert (page.count("has ended"), page.count("Pays first")) == (1, 1)
    own = as_user(maya.user).get(url("my-coverage")).text
    assert ("Acme Health" in own, "Prairie Mutual" in own) == (True, False)


def test_the_member_id_is_readable_neither_in_the_database_nor_in_another_row(ines, maya, now):
    row = keep(maya, ines, now)
    other = keep(maya, ines, now, rank="secondary", member_id="other")
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(member_id, 'escape') FROM admission_coverage")
        assert "990017" not in str(cursor.fetchall()) + str(list(Event.objects.values()))
    other.member_id = row.member_id
    with pytest.raises(sealed.CannotOpen):
        coverage.member_id_of(other)


def test_the_biller_writes_down_who_pays_and_what_they_said_and_opens_no_chart(as_user, bill, maya, now):
    client = as_user(bill)
    assert client.post(url("new-coverage", maya), TYPED).status_code == 302
    [row] = coverage.coverages_of(maya)
    assert coverage.member_id_of(row) == "ZZ-990017"
    told = {"asked_on": "2026-11-20", "spoke_with": "Joan", "reference": "C-9", "copay": "35.00", "words": "Yes."}
    assert client.post(url("payer-said", row), told).status_code == 302
    page = client.get(url("coverage-of-patient", maya)).text
    assert "Joan" in page
    assert "$35.00" in page
    assert "C-9" in page
    assert client.get(reverse("web:chart", args=[maya.pk])).status_code == 403


def test_two_cannot_pay_first_at_once_and_the_page_says_so(as_user, ines, maya, now):
    keep(maya, ines, now)
    page = as_user(ines).post(url("new-coverage", maya), TYPED | {"payer": "Other"})
    assert page.status_code == 422
    assert "Another coverage pays in this order" in page.text
    assert Coverage.objects.count() == 1


def test_a_coverage_that_ended_makes_room_for_the_next(as_user, ines, maya, now):
    row = keep(maya, ines, now)
    client = as_user(ines)
    assert client.post(url("change-coverage", row), TYPED | {"ends_on": "2026-10-31"}).status_code == 302
    assert client.post(url("new-coverage", maya), TYPED | {"starts_on": "2026-11-01"}).status_code == 302
    assert [each.ends_on for each in coverage.coverages_of(maya)] == [None, date(2026, 10, 31)]


def test_paying_oneself_needs_what_was_agreed_and_insurance_its_payer(as_user, ines, maya):
    client = as_user(ines)
    assert client.post(url("new-coverage", maya), {"kind": "self_pay", "rank": "primary"}).status_code == 422
    assert client.post(url("new-coverage", maya), {"kind": "insurance", "rank": "primary"}).status_code == 422
    agreed = {"kind": "sliding_scale", "rank": "primary", "terms": "20 dollars for each day"}
    assert client.post(url("new-coverage", maya), agreed).status_code == 302


def test_a_wrong_one_is_withdrawn_with_a_reason_and_stays_in_the_record(as_user, ines, maya, now):
    row = keep(maya, ines, now)
    client = as_user(ines)
    assert client.post(url("withdraw-coverage", row), {"reason": ""}).status_code == 422
    assert client.post(url("withdraw-coverage", row), {"reason": "Typed on the wrong chart"}).status_code == 302
    assert coverage.coverages_of(maya) == []
    assert Coverage.objects.get().withdrawn_reason == "Typed on the wrong chart"
    assert client.get(url("change-coverage", row)).status_code == 403


def test_an_authorisation_stands_under_its_coverage(as_user, dana, ines, maya, now):
    row = keep(maya, ines, now)
    episode = make_episode(maya, by=dana, starts_on=now.date())
    client = as_user(dana)
    page = client.get(url("dose-of-patient", maya))
    assert page.context["form"].initial["coverage"] == row.pk
    typed = {"payer": "Acme Health", "number": "A-77", "first_on": "2026-11-01", "last_on": "2026-12-31"}
    client.post(url("dose-of-patient", maya), typed | {"approved": "20", "unit": "days", "coverage": row.pk})
    assert episode.authorisations.get().coverage == row
    assert "A-77: 20 days" in as_user(ines).get(url("coverage-of-patient", maya)).text


def test_a_student_reads_their_own_in_plain_words(as_user, dana, ines, maya, now):
    row = keep(maya, ines, now)
    told = {"asked_on": now.date(), "spoke_with": "Joan", "copay": 35}
    coverage.record_benefit(row=row, told=told, by=ines, at=now)
    record_authorisation(
        episode=make_episode(maya, by=dana, starts_on=now.date()), payer="Acme", number="", first_on=now.date(),
        unit="days", last_on=now.date() + timedelta(days=30), approved=20, by=dana, at=now, coverage=row,
    )  # fmt: skip
    page = as_user(maya.user).get(url("my-coverage")).text
    assert "For each day here you pay about $35.00 yourself." in page
    assert "ends in 0017" in page
    assert "ZZ-990017" not in page
    assert "They have said yes to your care here until" in page


def test_neither_counselor_nor_student_nor_stranger_sees_to_payment(as_user, dana, maya, ines, now):
    row = keep(maya, ines, now)
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(elsewhere.pk):
        stranger = make_user("Sam Stone", Role.BILLER, organisation=elsewhere)
    for somebody in (dana, maya.user, stranger):
        client = as_user(somebody)
        for page in (url("coverage-of-patient", maya), url("change-coverage", row), url("payer-said", row)):
            assert client.get(page).status_code == 403
    assert "Maya" not in as_user(stranger).get(url("coverage")).text
    with pytest.raises(PermissionDenied):
        keep(maya, dana, now, rank="secondary")


def test_the_lists_ask_as_often_however_many_there_are(as_user, bill, maya, jonah, ines, now, count_queries):
    client = as_user(bill)
    row = keep(maya, ines, now)
    listed, one = (count_queries(client, page) for page in (url("coverage"), url("coverage-of-patient", maya)))
    keep(jonah, ines, now)
    other = keep(maya, ines, now, rank="secondary", member_id="2")
    for each in (row, other):
        told = {"asked_on": now.date(), "spoke_with": "Joan"}
        coverage.record_benefit(row=each, told=told, by=ines, at=now)
    assert Benefit.objects.count() == 2
    assert count_queries(client, url("coverage")) == listed
    assert count_queries(client, url("coverage-of-patient", maya)) == one
