"""Who co-signs whose notes, from which day until which."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.lib import tenancy
from hearth.people import services
from hearth.people.models import Supervision
from hearth.people.queries import supervised_by, supervisor_of

FIRST = date(2026, 11, 2)


def begin(clinician, supervisor, by, at, first_on=FIRST):
    return services.begin_supervision(clinician=clinician, supervisor=supervisor, first_on=first_on, by=by, at=at)


def test_a_supervision_holds_from_its_first_to_its_last_day(walt, theo, ruth, now):
    row = begin(theo, ruth, walt, now)
    services.end_supervision(supervision=row, last_on=date(2026, 12, 4), by=walt, at=now)
    assert supervisor_of(theo, on=FIRST - timedelta(days=1)) is None
    assert supervisor_of(theo, on=FIRST) == ruth
    assert supervisor_of(theo, on=date(2026, 12, 4)) == ruth
    assert supervised_by(ruth, on=date(2026, 12, 5)) == frozenset()


def test_another_supervisor_takes_over_from_a_day_on(walt, theo, ruth, dana, now):
    begin(theo, ruth, walt, now)
    begin(theo, dana, walt, now, first_on=date(2026, 11, 20))
    assert supervisor_of(theo, on=date(2026, 11, 19)) == ruth
    assert supervisor_of(theo, on=date(2026, 11, 20)) == dana
    begin(theo, ruth, walt, now, first_on=FIRST)
    assert [row.supervisor for row in Supervision.objects.all()] == [ruth]


def test_one_ended_before_it_begins_never_was(walt, theo, ruth, now):
    row = begin(theo, ruth, walt, now)
    services.end_supervision(supervision=row, last_on=FIRST - timedelta(days=1), by=walt, at=now)
    assert not Supervision.objects.exists()
    assert {"people.supervision_begun", "people.supervision_ended"} <= set(Event.objects.values_list("verb", flat=True))


def test_the_database_refuses_two_at_a_time_and_oneself(walt, theo, ruth, dana, now):
    begin(theo, ruth, walt, now)
    for supervisor in (dana, theo):
        with pytest.raises(IntegrityError), transaction.atomic():
            Supervision.objects.create(clinician=theo, supervisor=supervisor, during=(FIRST, None))


def test_only_clinicians_of_this_house_who_are_here_supervise(walt, theo, ines, ruth, now):
    elsewhere = make_organisation(slug="elsewhere", name="Elsewhere")
    with tenancy.within(elsewhere.pk):
        stranger = make_user("Mo Hart", Role.SUPERVISOR, organisation=elsewhere, email="mo@elsewhere.example")
    User.objects.filter(pk=ruth.pk).update(is_active=False)
    ruth.refresh_from_db()
    for refused in (ines, theo, stranger, ruth):
        with pytest.raises(PermissionDenied):
            begin(theo, refused, walt, now)


def test_the_page_names_and_ends_a_supervisor(as_user, walt, theo, ruth):
    browser = as_user(walt)
    form = {"supervisor": ruth.pk, "first_on": "2026-11-02"}
    assert browser.post(reverse("people:supervision", args=[theo.pk]), form).status_code == 302
    row = Supervision.objects.get(clinician=theo)
    assert "Ruth Okafor" in browser.get(reverse("people:staff-member", args=[theo.pk])).text
    end = reverse("people:end-supervision", args=[theo.pk, row.pk])
    assert browser.get(end).status_code == 200
    assert browser.post(end, {"last_on": "2026-12-04"}).status_code == 302
    row.refresh_from_db()
    assert row.last_on == date(2026, 12, 4)
    assert (
        "supervisor"
        in browser.post(reverse("people:supervision", args=[theo.pk]), {"first_on": ""}).context["form"].errors
    )


@pytest.mark.parametrize("who", ["ruth", "dana", "theo"])
def test_who_does_not_lead_names_no_supervisor(request, as_user, walt, theo, ruth, now, who):
    row = begin(theo, ruth, walt, now)
    reader = request.getfixturevalue(who)
    for address in (
        reverse("people:supervision", args=[theo.pk]),
        reverse("people:end-supervision", args=[theo.pk, row.pk]),
    ):
        assert as_user(reader).post(address, {"supervisor": str(ruth.pk), "first_on": "2026-01-01"}).status_code == 403
    with pytest.raises(PermissionDenied):
        begin(theo, ruth, reader, now)


def test_a_stranger_is_asked_to_sign_in(client, theo):
    assert client.get(reverse("people:supervision", args=[theo.pk])).status_code == 302
