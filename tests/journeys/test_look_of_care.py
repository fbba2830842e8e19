"""Consents, emergencies, privacy and concerns, looked at: light and dark, phone and desk, with real rows."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.consent import services as consent
from hearth.consent import wordings
from hearth.consent.queries import access_chart
from hearth.consent.signing import Terms, text_for
from hearth.lib import tenancy
from hearth.outbox import services as outbox
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.safety import services as safety
from hearth.safety.plan_rules import Helper, Sections
from tests.journeys.looking import SCREENS, look_at

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
REASON = "Found unresponsive in the lobby; the ambulance needs her medications."


class Scene:
    """Maya in the middle of her stay, and the people around her."""

    def __init__(self, organisation):
        self.organisation = organisation
        now = timezone.now()
        with tenancy.within(organisation.pk):
            self.dana = make_user("Dana Kim", Role.COUNSELOR, organisation=organisation, title="LPC")
            self.theo = make_user("Theo Brandt", Role.COUNSELOR, organisation=organisation, title="LCSW")
            self.priya = make_user("Priya Nair", Role.PRIVACY, organisation=organisation)
            maya = self.patient = make_patient(
                "Maya", "Reyes", at=now, emergency_name="Rosa", emergency_phone="303 555"
            )
            assert maya.user is not None
            self.maya = maya.user
            CareTeamMember.objects.create(
                patient=maya, member=self.dana, role=Role.COUNSELOR, is_primary=True, since=now.date()
            )
            for part in ("notes", "plan", "measures"):
                access_chart(viewer=self.dana, pk=maya.pk, purpose="TREAT", at=now - timedelta(days=1), what=part)
            terms = Terms(
                ("Bright Path Probation",), "That I take part", "My probation", now.date() + timedelta(days=90)
            )
            for kind in ("privacy_notice", "release"):
                wording, text, _ = text_for(maya, kind, "en", terms=terms)
                self.consent = consent.sign(
                    patient_pk=maya.pk,
                    kind=kind,
                    language=wording.language,
                    typed_name="Maya Reyes",
                    shown=wordings.mark(text),
                    by=self.maya,
                    at=now,
                    terms=terms,
                )
            for minutes, severity in ((90, "urgent"), (5, "emergency"), (30, "watch")):
                self.concern = safety.raise_concern(
                    patient=maya,
                    source_kind="staff",
                    source_id=None,
                    severity=severity,
                    summary="PHQ-9, item 9: “several days”. She said that nights are the hardest.",
                    by=self.dana,
                    at=now - timedelta(minutes=minutes),
                )
            safety.take_concern(concern=self.concern, by=self.dana, at=now)
            sections = Sections(
                signs="I stop answering messages.", helpers=(Helper("Alma", "303 555 0161"), Helper("My neighbor"))
            )
            for version, writer in enumerate((self.dana, self.maya)):
                written = Sections.read(sections.as_json() | {"coping": f"Walk around the block {version + 1} times."})
                safety.save_plan(patient_pk=maya.pk, sections=written, based_on=version, by=writer, at=now)
            outbox.post_sms(to="303 555 0117", body="Your code: http://localhost/c/1", key="a", about=None, at=now)
            self.mail = outbox.post_mail(
                to="a@b.org", subject="Welcome", body="In: http://localhost/", key="b", about=None, at=now
            )

    def breaks_the_glass(self):
        with tenancy.within(self.organisation.pk):
            consent.break_glass(patient_pk=self.patient.pk, reason=REASON, by=self.theo, at=timezone.now())

    def pages(self):
        """Who looks at what, by name."""
        pk = self.patient.pk
        return {
            "mine": (self.maya, "/consents/"),
            "sign": (self.maya, f"/consents/{pk}/part2_tpo/"),
            "terms": (self.maya, f"/consents/{pk}/release/"),
            "signed": (self.maya, f"/consents/signed/{self.consent.pk}/"),
            "who-has-seen": (self.maya, "/me/who-has-seen/"),
            "of-patient": (self.dana, f"/students/{pk}/consents/"),
            "emergency": (self.theo, f"/students/{pk}/emergency/"),
            "concerns": (self.dana, "/concerns/"),
            "concern": (self.dana, f"/concerns/{self.concern.pk}/"),
            "plan-mine": (self.maya, "/my/safety-plan/"),
            "plan-change-mine": (self.maya, "/my/safety-plan/change/"),
            "plan-of": (self.dana, f"/students/{pk}/safety-plan/"),
            "plan-change-of": (self.dana, f"/students/{pk}/safety-plan/change/"),
            "raise": (self.dana, f"/students/{pk}/concern/"),
            "privacy": (self.priya, "/privacy/?q=a"),
            "log-of-patient": (self.priya, f"/privacy/students/{pk}/"),
            "log-of-user": (self.priya, f"/privacy/people/{self.dana.pk}/"),
            "emergencies": (self.priya, "/privacy/emergencies/"),
            "outbox": (self.maya, "/outbox/"),
            "message": (self.maya, f"/outbox/{self.mail.pk}/"),
        }


@pytest.mark.parametrize(("width", "theme"), SCREENS)
def test_every_page_is_readable_and_stays_within_the_screen(
    browser: Browser, base_url: str, stored_organisation, settings, width, theme
):
    settings.TRIAL = True
    scene = Scene(stored_organisation)
    pages = list(scene.pages().items())
    scene.breaks_the_glass()
    pages.append(("emergency-open", scene.pages()["emergency"]))
    look_at(browser, base_url, pages, width=width, theme=theme)
