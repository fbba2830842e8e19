"""Pronouns stand beside the name wherever it stands, for those whom their owner lets see them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

import hearth
from hearth.admission.testing import make_episode
from hearth.people import rules
from hearth.plan.services import draft_plan
from hearth.safety.services import raise_concern
from hearth.sessions.testing import make_session

ASKED = {"inquiry/referral.html"}  # what a sender's file says, before there is a chart


@pytest.mark.parametrize(
    ("shown_to", "is_staff", "on_team", "seen"),
    [
        ("everyone", False, False, True),
        ("staff", True, False, True),
        ("staff", False, False, False),
        ("team", True, False, False),
        ("team", True, True, True),
    ],
)
def test_who_sees_them(shown_to, is_staff, on_team, seen):
    verdict = rules.sees_pronouns(shown_to, is_self=False, is_staff=is_staff, is_on_care_team=lambda: on_team)
    assert verdict is seen
    assert rules.sees_pronouns(shown_to, is_self=True, is_staff=False, is_on_care_team=lambda: False)


@pytest.fixture
def screens(maya, dana, ruth):
    """Where a student's name stands, for staff; Maya shows her pronouns to her care team alone."""
    at = timezone.now()
    maya.pronouns, maya.pronouns_shown_to = "xe/xem", "team"
    maya.save()
    draft_plan(episode=make_episode(maya, by=dana, at=at), weeks=14, by=dana, at=at)
    session = make_session(dana, maya, starts_at=at - timedelta(hours=1))
    facts = {"source_kind": "staff", "source_id": None, "severity": "urgent", "summary": "Said so.", "by": dana}
    concern = raise_concern(patient=maya, at=at, **facts)
    return [
        reverse("web:students"),
        reverse("web:chart", args=[maya.pk]),
        reverse("sessions:room", args=[session.pk]),
        reverse("safety:concerns"),
        reverse("safety:concern", args=[concern.pk]),
        reverse("plan:of-patient", args=[maya.pk]),
        reverse("measures:of-patient", args=[maya.pk]),
        reverse("consent:of-patient", args=[maya.pk]),
        reverse("sessions:notes-of-patient", args=[maya.pk]),
    ]


def test_the_care_team_reads_them_on_every_screen_and_a_colleague_on_none(as_user, screens, dana, ruth):
    for screen in [*screens, reverse("web:today")]:
        own, other = as_user(dana).get(screen), as_user(ruth).get(screen)
        assert "xe/xem" in own.text, screen
        assert (other.status_code, "Maya" in other.text, "xe/xem" in other.text) == (200, True, False), screen


def test_no_template_shows_pronouns_past_this_door():
    folder = Path(hearth.__file__).parent
    found = {str(file).split("/templates/")[1] for file in folder.rglob("*.html") if "pronouns }}" in file.read_text()
             or "pronouns|" in file.read_text()}  # fmt: skip
    assert found == ASKED
