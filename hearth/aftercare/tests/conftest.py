"""Somebody about whom everything is known that may go to a next provider."""

from datetime import timedelta

import pytest

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.admission import coverage
from hearth.admission.testing import make_episode
from hearth.aftercare.tests.test_services import plan_next
from hearth.inquiry.models import CarriedFact
from hearth.inquiry.testing import make_referral
from hearth.inquiry.tests.bundles import whole_bundle, written
from hearth.measures.testing import PHQ_9_WITH_ITEM_9, answered, make_response
from hearth.medical.services import write_medication
from hearth.plan.services import agree_goal, draft_plan, note_problem


@pytest.fixture
def plan(maya, dana, now):
    """Everything that could go is on Maya's chart, and Dr. Ortiz comes next."""
    episode = make_episode(maya, by=dana, at=now)
    note_problem(
        episode=episode, text="Alcohol dependence", code="F10.20", by=dana, at=now, is_primary=True,
        code_system="http://hl7.org/fhir/sid/icd-10-cm",
    )  # fmt: skip
    write_medication(
        patient_pk=maya.pk, name="Naltrexone 50 mg", dose="one each morning", reason="cravings",
        prescriber="Helen Sato, MD", source="label", by=dana, at=now,
    )  # fmt: skip
    referral = make_referral(written(whole_bundle()), at=now)
    CarriedFact.objects.create(
        patient=maya, source=referral, kind="allergy", text="Penicillin", detail="Hives", status="high", place=0
    )
    for days, total in ((30, 17), (10, 12), (1, 6)):
        make_response(maya, "gad-7", answered("gad-7", total), at=now - timedelta(days=days))
    make_response(maya, "phq-9", PHQ_9_WITH_ITEM_9, at=now - timedelta(days=3))
    draft_plan(episode=episode, weeks=14, by=dana, at=now)
    agree_goal(episode=episode, words="Evenings <without> drinking", first_step="", by=dana, at=now)
    told = {"kind": "insurance", "rank": "primary", "payer": "Acme Health", "plan": "Gold", "group": "G-7"}
    walt = make_user("Walt Jensen", Role.DIRECTOR, organisation=maya.organisation)
    coverage.keep_coverage(patient=maya, told=told, member_id="M-100", by=walt, at=now)
    found = plan_next(episode, by=dana, at=now)
    found.next_phone, found.next_at = "303 555 0188", now + timedelta(days=3)
    found.warning_signs = "Skipping breakfast"
    found.save()
    return found
