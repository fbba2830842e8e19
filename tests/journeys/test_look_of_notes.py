"""Notes, looked at: written, signed, waiting for a co-signature, and private; light and dark, phone and desk."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.people.models import CareTeamMember, Relationship
from hearth.people.services import begin_supervision
from hearth.people.testing import make_patient
from hearth.sessions import services
from hearth.sessions.private_notes import Kind as PrivateKind
from hearth.sessions.rules.contacts import Kind
from hearth.sessions.rules.notes import Draft, Line
from hearth.sessions.testing import make_episode, make_session
from tests.journeys.looking import SCREENS, look_at

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


class Scene:
    """Dana, who is supervised by Ruth, with notes of Maya and Jonah in every state."""

    def __init__(self, organisation):
        self.now = now = timezone.now()
        with tenancy.within(organisation.pk):
            self.dana = make_user("Dana Kim", Role.COUNSELOR, Role.FACILITATOR, organisation=organisation, title="LPC")
            self.theo = make_user("Theo Brandt", Role.COUNSELOR, organisation=organisation, title="LCSW")
            self.ruth = make_user("Ruth Okafor", Role.SUPERVISOR, organisation=organisation, title="PsyD")
            walt = make_user("Walt Jensen", Role.DIRECTOR, organisation=organisation)
            rosa = make_user("Rosa Reyes", Role.FAMILY, organisation=organisation)
            self.people = [make_patient(chosen, family, at=now) for chosen, family in (("Maya", "Reyes"), ("Jo", "Li"))]
            for person in self.people:
                CareTeamMember.objects.create(
                    patient=person, member=self.dana, role=Role.COUNSELOR, is_primary=True, since=now.date()
                )
                make_episode(person, by=self.dana, starts_on=(now - timedelta(weeks=5)).date())
            self.maya = self.people[0]
            tie = Relationship.objects.create(patient=self.maya, person=rosa, kind=Relationship.Kind.PARENT)
            today = now.astimezone(organisation.zone).date()
            begin_supervision(clinician=self.dana, supervisor=self.ruth, first_on=today, by=walt, at=now)
            self.open = self.held(days=1)
            self.family = self.held(days=2, kind="family", name="Family")
            services.mark_family(session=self.family, came={tie.pk}, seen=set(), by=self.dana, at=now)
            self.write(self.open, risk="new", text="Jo laughed about it.")
            self.signed, self.sent_back = (self.sign(self.held(days=days)) for days in (3, 4))
            services.mark_read(note=self.sent_back.pk, by=self.ruth, at=now)
            services.send_back(note=self.sent_back.pk, comment="Which goal did this touch?", by=self.ruth, at=now)
            self.contacts = [
                services.begin_contact(patient=self.maya.pk, kind=kind, by=self.dana, at=now) for kind in Kind
            ]
            self.private = services.keep_private_note(
                patient=self.maya.pk, kind=PrivateKind.PSYCHOTHERAPY, text="She looks away.", by=self.dana, at=now
            )

    def held(self, *, days, **facts):
        """A session that is over, with everyone there; of family Maya's alone."""
        starts_at = self.now - timedelta(days=days, hours=3)
        who = self.people[:1] if facts else self.people
        session = make_session(
            self.dana, *who, starts_at=starts_at, **{"topic": "Early signs", "co_facilitator": self.theo} | facts
        )
        for row in session.roster.all():
            services.mark(attendance=row, status="present", by=self.dana, at=starts_at)
        return services.end(session=session, by=self.dana, at=starts_at + timedelta(hours=3))

    def write(self, session, *, risk="none", text="Named three signs."):
        """Everyone's line; with a `risk` it is still to be said what that is."""
        line = Line(text=text, took_part=4, risk=risk, goal=1, progress="same")
        draft = Draft(
            text="Mapped early signs.",
            interventions=("psychoeducation",),
            plan="Practise until Thursday.",
            lines={str(row.pk): line for row in session.roster.all()},
        )
        services.save_group_note(session=session, draft=draft, by=self.dana, at=self.now)

    def sign(self, session):
        """Maya's note of this session."""
        self.write(session)
        made = services.sign_group_note(session=session, by=self.dana, at=self.now)
        return next(note for note in made if note.patient_id == self.maya.pk)

    def pages(self):
        """Who looks at what, by name."""
        contacts = {f"contact-{note.kind}": (self.dana, f"/contact-notes/{note.pk}/") for note in self.contacts}
        return contacts | {
            "group-note": (self.dana, f"/sessions/{self.open.pk}/note/"),
            "family-note": (self.dana, f"/sessions/{self.family.pk}/note/"),
            "draft-of-another": (self.ruth, f"/sessions/{self.open.pk}/note/"),
            "versions": (self.dana, f"/sessions/{self.open.pk}/note/versions/"),
            "to-sign": (self.dana, "/notes/"),
            "progress-note": (self.dana, f"/notes/{self.sent_back.pk}/"),
            "notes-of-patient": (self.dana, f"/students/{self.maya.pk}/notes/"),
            "to-co-sign": (self.ruth, "/notes/co-sign/"),
            "co-sign": (self.ruth, f"/notes/co-sign/{self.signed.pk}/"),
            "private-notes": (self.dana, f"/students/{self.maya.pk}/private-notes/"),
            "private-note": (self.dana, f"/private-notes/{self.private.pk}/"),
        }


@pytest.mark.parametrize(("width", "theme"), SCREENS)
def test_every_page_of_notes_is_readable_and_stays_within_the_screen(
    browser: Browser, base_url: str, stored_organisation, settings, tmp_path, width, theme
):
    settings.HEARTH_KEY_DIR = tmp_path
    scene = Scene(stored_organisation)
    look_at(browser, base_url, scene.pages().items(), width=width, theme=theme)
