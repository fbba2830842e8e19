"""A tablet is handed over while staff still have something open beside it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.measures.services import follow_rules
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.program.pack import DueRule
from tests.journeys.people import Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_what_staff_had_open_beside_it_leaves_for_the_question(browser: Browser, base_url: str, stored_organisation):
    at = timezone.now()
    with tenancy.within(stored_organisation.pk):
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation)
        maya = make_patient("Maya", "Reyes", at=at)
        CareTeamMember.objects.create(patient=maya, member=dana, role=Role.COUNSELOR, since=at.date())
        rules = [DueRule("phq-9", True, 7)]
        follow_rules(patient=maya, rules=rules, started_on=timezone.localdate(at), by=dana, at=at)
    tablet = Person(browser, base_url).comes_as(dana)
    beside = tablet.context.new_page()
    beside.goto(reverse("measures:of-patient", args=[maya.pk]))
    expect(beside.locator("main")).to_contain_text("Maya")
    tablet.opens(reverse("measures:hand-over", args=[maya.pk]))
    tablet.presses("This is Maya: sign me out and begin")
    tablet.sees("Hello Maya")
    expect(beside).to_have_url(base_url + reverse("measures:kiosk"))
    expect(beside.locator("main")).to_contain_text("Hello Maya")
    tablet.goes()
