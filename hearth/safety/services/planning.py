"""Making a safety plan together: every saving is a version; a clinician and the student say yes to it."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.accounts.roles import CARE
from hearth.audit import services as audit
from hearth.consent.models import Disclosure
from hearth.consent.queries import access_chart, all_agreed_to
from hearth.consent.services import record_disclosure
from hearth.people.models import Patient
from hearth.safety.models import SafetyPlan, SafetyPlanLook
from hearth.safety.plan_queries import newest_plan, releases_of
from hearth.safety.plan_rules import Section, Sections, changed_sections, empty_sections
from hearth.safety.services.answering import ASSESSORS
from hearth.safety.services.reading import read_own_words

WRITTEN_ALONE = gettext_noop("It stands in the safety plan they changed by themselves.")


class EmptyPlan(Exception):
    """A plan in which nothing stands is none."""


class ChangedMeanwhile(Exception):
    """Somebody saved another version first; `newest` is theirs."""

    def __init__(self, newest: SafetyPlan) -> None:
        super().__init__(newest.version)
        self.newest = newest


@transaction.atomic
def save_plan(*, patient_pk: UUID, sections: Sections, based_on: int, by: User, at: datetime) -> SafetyPlan:
    """A new version, for the student themself or whoever cares for them. What says the same is not stored again.

    What a student writes alone is read for danger: a plan says what danger feels like, and nobody is beside them.
    `based_on` is the version that was changed, 0 for none. Raises PermissionDenied, EmptyPlan, ChangedMeanwhile.
    """
    patient = _patient(patient_pk, by=by, at=at)
    if len(empty_sections(sections)) == len(Section):
        raise EmptyPlan
    newest = newest_plan(patient)
    if newest is not None:
        changed = changed_sections(newest.sections, sections)
        if not changed:
            return newest
        if newest.version != based_on:
            raise ChangedMeanwhile(newest)
    plan = SafetyPlan.objects.create(
        patient=patient,
        version=newest.version + 1 if newest else 1,
        body=sections.as_json(),
        saved_by=by,
        saved_at=at,
    )
    audit.record("safety.plan_saved", by=by, about=plan, at=at, version=plan.version)
    read_own_words(
        patient=patient, kind="safety.plan", row=patient.pk, where=WRITTEN_ALONE, words=plan.body,
        before=newest.body if newest else (), by=by, at=at,
    )  # fmt: skip
    return plan


@transaction.atomic
def confirm_plan(*, patient_pk: UUID, version: int, by: User, at: datetime) -> SafetyPlanLook:
    """Say yes to the newest version: its student, once; or a clinician who looked through it with them, each time.

    Raises PermissionDenied, ChangedMeanwhile.
    """
    patient = _patient(patient_pk, by=by, at=at)
    is_own = patient.user_id == by.pk
    newest = newest_plan(patient)
    if newest is None or not (is_own or by.has_any(ASSESSORS)):
        raise PermissionDenied
    if newest.version != version:
        raise ChangedMeanwhile(newest)
    said = newest.looks.filter(as_student=True).first() if is_own else None
    if said is not None:
        return said
    look = SafetyPlanLook.objects.create(plan=newest, as_student=is_own, by=by, at=at)
    audit.record("safety.plan_confirmed", by=by, about=newest, at=at, version=version, own=is_own)
    return look


class NotAgreed(Exception):
    """The consent chosen does not hold today, does not name this person, or is not signed by all who must."""


@transaction.atomic
def give_copy(
    *, patient_pk: UUID, version: int, release_pk: UUID, recipient: str, by: User, at: datetime
) -> Disclosure:
    """Write down that `recipient` is given the newest version, under the release that was read (42 CFR 2.25).

    The one consent for treatment, payment and operations opens it to nobody: these are the student's own people.
    Raises PermissionDenied, ChangedMeanwhile, NotAgreed.
    """
    patient = _patient(patient_pk, by=by, at=at)
    newest = newest_plan(patient)
    if newest is None or patient.user_id == by.pk:
        raise PermissionDenied
    if newest.version != version:
        raise ChangedMeanwhile(newest)
    release = next((row for row in releases_of(patient, at=at) if row.pk == release_pk), None)
    if release is None or recipient not in release.recipients or not all_agreed_to(release, recipient=recipient, at=at):
        raise NotAgreed
    what = _("Safety plan, version %(number)s") % {"number": version}
    return record_disclosure(patient=patient, consent=release, recipient=recipient, what=what, by=by, at=at)


def _patient(pk: UUID, *, by: User, at: datetime) -> Patient:
    """The patient's row, held, so that versions follow one another."""
    is_own = Patient.objects.filter(pk=pk, user=by).exists()
    if not is_own and not by.has_any(CARE):
        raise PermissionDenied
    to = "own" if is_own else "change"
    return access_chart(viewer=by, pk=pk, purpose="TREAT", at=at, to=to, lock=True, what="safety_plan")
