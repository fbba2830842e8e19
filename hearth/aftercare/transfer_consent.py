"""The one authority over a transfer packet: under which consent what may go to the next provider, today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.aftercare.models import TransitionPlan
from hearth.aftercare.transfer_rules import Part, parts_said, sentence
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.queries import all_agreed_to, may_speak_with
from hearth.consent.rules import OF_AGE, plain
from hearth.consent.signing import Terms

LANGUAGES = ("en", "es")
LASTS = timedelta(days=90)
"""How long a release that is written here holds, unless it is taken back. Product default."""
TREATING = frozenset(
    {TransitionPlan.NextCare.THERAPY, TransitionPlan.NextCare.MEDICATION, TransitionPlan.NextCare.HIGHER}
)
"""Who treats somebody: the one consent for treatment, payment and operations covers these, and no support group."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What may go to whom, and the consent that says so."""

    consent: Consent
    recipient: str
    parts: frozenset[Part]


def grant_for(plan: TransitionPlan, *, at: datetime) -> Grant | None:
    """What may go to the next provider of this plan at `at`; None where no consent says so without doubt.

    The newest release that names them speaks before the consent for treatment, payment and operations: who agrees
    to less has less sent, also while a guardian has not signed it, and other words let nothing out. The student's no
    ends it at once, whatever was signed. For callers with a door.
    """
    if plan.held_back_at is not None:
        return None
    is_treating = plan.next_care in TREATING
    spoken = may_speak_with(patient=plan.patient, who=plan.next_provider, is_treating=is_treating, at=at)
    if spoken.consent is None:
        return None
    consent = Consent.objects.get(pk=spoken.consent)
    if consent.kind == ConsentKind.PART2_TPO:
        asked = [written_here(row) for row in _naming(plan, at=at) if row.signer_is_patient]
        parts = asked[0] if asked else frozenset(Part)
        return Grant(consent, plan.next_provider, parts) if parts else None
    parts = written_here(consent)
    if not parts or not all_agreed_to(consent, recipient=plan.next_provider, at=at):
        return None
    return Grant(consent, plan.next_provider, parts)


def written_here(release: Consent) -> frozenset[Part]:
    """The parts a release lets out, where its words are those of this page; none for any other."""
    for language in LANGUAGES:
        with translation.override(language):
            if parts := parts_said(release.information, who=_who(), names=part_names()):
                return parts
    return frozenset()


def begun(plan: TransitionPlan, *, at: datetime) -> Sequence[Consent]:
    """Releases of this page that name the next provider, newest first, whoever signed them. One query."""
    return [row for row in _naming(plan, at=at) if written_here(row)]


def _naming(plan: TransitionPlan, *, at: datetime) -> Sequence[Consent]:
    rows = Consent.objects.filter(patient=plan.patient, kind=ConsentKind.RELEASE).in_force(at=at)
    rows = rows.order_by("-signed_at", "pk")
    return [row for row in rows if plain(plan.next_provider) in map(plain, row.recipients)]


def terms_of(plan: TransitionPlan, parts: frozenset[Part], *, today: date) -> Terms:
    """A release for these parts, in the reader's language, to be read and signed."""
    with translation.override(get_language() or "en"):
        information = sentence(parts, who=_who(), names=part_names())
        return Terms((plan.next_provider,), information, _("So that my care goes on there"), today + LASTS)


def same_terms(release: Consent) -> Terms:
    """What somebody else signed already, word for word, for who must sign it, too."""
    return Terms(tuple(release.recipients), release.information, release.purpose, release.expires_on)


def _who() -> str:
    return _("Who I am and how to reach me")


def part_names() -> Mapping[Part, str]:
    """Each part in the words of whoever signs for it, in the language of the moment."""
    return {
        Part.STAY: _("my stay here: when, how often, how it went"),
        Part.CONDITIONS: _("my diagnoses"),
        Part.MEDICATIONS: _("my medications"),
        Part.ALLERGIES: _("my allergies"),
        Part.MEASURES: _("results of my questionnaires"),
        Part.PLAN: _("my plan and my goals"),
        Part.NEXT: _("my first appointment there"),
        Part.COVERAGE: _("who pays for my care"),
    }


def waits_for_guardian(*, viewer: User, at: datetime) -> list[TransitionPlan]:
    """Of the minors whose guardian `viewer` is: plans whose release the young person signed and `viewer` did not.

    Two queries, however many.
    """
    rows = TransitionPlan.objects.filter(patient__relationships__in=viewer.relatives.filter(is_guardian=True))
    plans = rows.filter(patient__has_died=False).select_related("patient__organisation").order_by("-written_at", "pk")
    newest: dict[UUID, TransitionPlan] = {}
    for plan in plans:
        newest.setdefault(plan.patient_id, plan)
    held = Consent.objects.filter(patient__in=newest, kind=ConsentKind.RELEASE).in_force(at=at)
    signed: dict[UUID, dict[bool, set[str]]] = {pk: {True: set(), False: set()} for pk in newest}
    for row in held:
        if plain(newest[row.patient_id].next_provider) in map(plain, row.recipients) and written_here(row):
            signed[row.patient_id][row.signer_is_patient].add(row.information)
    return [plan for pk, plan in newest.items() if _is_minor(plan, at) and signed[pk][True] - signed[pk][False]]


def _is_minor(plan: TransitionPlan, at: datetime) -> bool:
    return plan.patient.age(on=at.astimezone(plan.patient.organisation.zone).date()) < OF_AGE
