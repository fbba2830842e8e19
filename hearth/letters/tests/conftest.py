"""Maya came twice lately; Lee, who is fifteen, once, and Carmen is his mother."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.letters import services
from hearth.letters.models import Letterhead
from hearth.people.models import CareTeamMember, Licence, Relationship
from hearth.people.testing import make_patient
from hearth.sessions.models import Attendance
from hearth.sessions.testing import make_session


@pytest.fixture(autouse=True)
def at_that_time(time_machine, now):
    time_machine.move_to(now, tick=False)


def was_here(patient, leader, *, starts_at, minutes=180):
    session = make_session(leader, patient, starts_at=starts_at)
    Attendance.objects.filter(session=session).update(
        status=Attendance.Status.PRESENT, minutes=minutes, arrived_at=starts_at
    )
    return session


@pytest.fixture
def came(maya, dana, now):
    """Maya's two evenings, of which the second was short: 19 and 17 November, from 16:48 in Denver."""
    Licence.objects.create(
        holder=dana, state="CO", discipline="LAC", number="LAC.0012345", during=(date(2020, 1, 1), None)
    )
    for days, minutes in ((5, 180), (7, 95)):
        was_here(maya, dana, starts_at=now - timedelta(days=days), minutes=minutes)
    return maya


@pytest.fixture
def letterhead(dana, organisation, now):
    return Letterhead.objects.create(
        name="Hearthside Health Services", address="1420 Larimer Street", kept_by=dana, kept_at=now
    )


@pytest.fixture
def asked(came, now):
    return ask_for(came, by=came.user, at=now)


@pytest.fixture
def to_school(came, now):
    return ask_for(came, by=came.user, at=now, kind="school", reader="Eastside High School", to_reader=True)


def ask_for(patient, *, by, at, kind="employer", reader="To whom it may concern", **said):
    today = at.date()
    wanted = services.Wanted(kind=kind, reader=reader, first_on=today - timedelta(days=27), last_on=today, **said)
    draft = services.draft_of(patient, wanted)
    token = said.get("token") or UUID(int=int(at.timestamp()) + len(reader))
    return services.ask(patient=patient.pk, wanted=wanted, shown=draft.mark, token=token, by=by, at=at)


@pytest.fixture
def lee(organisation, dana, now):
    found = make_patient("Lee", "Castellan", at=now, birth_date=date(2011, 3, 2))
    CareTeamMember.objects.create(patient=found, member=dana, role=Role.COUNSELOR, is_primary=True, since=now.date())
    was_here(found, dana, starts_at=now - timedelta(days=4))
    return found


@pytest.fixture
def carmen(lee, organisation):
    """How Lee's mother and guardian is close to him; he lets her see how much he attended."""
    person = make_user("Carmen Castellan", Role.FAMILY, organisation=organisation)
    return Relationship.objects.create(
        patient=lee, person=person, kind="parent", is_guardian=True, known_as=person.name, may_see_progress=True
    )


def asking(patient, kind="employer"):
    return reverse("letters:ask", args=[patient.pk, kind])


def filled(page, **said):
    form = page.context["form"]
    fields = {field.name: field.value() for field in form} | {"shown": page.context["draft"].mark, "step": "ask"}
    return {name: value for name, value in (fields | said).items() if value is not None}


def verbs(patient):
    return sorted(
        Event.objects.filter(patient_id=patient.pk, verb__startswith="letters.").values_list("verb", flat=True)
    )


def hand(browser, letter, release):
    page = reverse("letters:letter", args=[letter.pk])
    return browser.post(page, {"step": "hand-over", "release": release.pk, "sure": "on"}, follow=True)


def sign_release(browser, letter, where):
    """As it is written out on the student's own page, or on that of the guardian who asked."""
    page = browser.get(reverse(f"letters:{where}", args=[letter.pk]))
    terms = page.context["terms"]
    sign = reverse("consent:sign", args=[letter.patient_id, "release"])
    assert sign in page.text
    said = {
        "recipients": letter.reader, "information": terms.information, "purpose": terms.purpose,
        "expires_on": terms.expires_on.isoformat(),
    }  # fmt: skip
    reading = browser.post(sign, said)
    assert letter.reader in reading.text
    agreed = {"step": "sign", "shown": reading.context["shown"], "language": "en", "agreed": "on", "typed_name": "Me"}
    assert browser.post(sign, said | agreed).status_code == 302
    return terms
