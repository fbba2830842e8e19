"""The chart's door, and what may leave it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.audit import services as audit
from hearth.consent import rules, wordings
from hearth.consent.models import Consent, ConsentKind, EmergencyAccess
from hearth.people.models import Patient, Relationship
from hearth.people.queries import access_patient, tie_of
from hearth.people.rules import may_open

Purpose = Literal["TREAT", "HPAYMT", "HOPERAT", "PATRQT", "BTG"]
"""HL7 v3 PurposeOfUse: treatment, payment, operations, at the patient's request, emergency (break the glass)."""


BREAK_GLASS = CARE | {Role.COORDINATOR}
"""Who may open a chart in an emergency: those who could be the ones to help."""


SIGNERS = (Role.STUDENT, Role.ALUMNUS, Role.FAMILY)
"""Who may be asked to read and sign: people themselves, and a minor's guardian."""


class AlreadyOpen(Exception):
    """This chart is open to this person anyway; no glass needs breaking."""


def access_chart(
    *, viewer: User, pk: UUID, purpose: Purpose, at: datetime, to: str = "read", lock: bool = False, what: str = "chart"
) -> Patient:
    """The patient `pk` for `viewer`, with the read written down. Every floor above this one comes in here.

    `what` names the part that is read (`chart`, `measures`, `notes` …). Family need a ground in law beside the
    student's word. Raises PermissionDenied.
    """
    emergency = viewer.is_staff and has_emergency_access(viewer=viewer, patient_id=pk, at=at)
    patient = access_patient(viewer=viewer, pk=pk, to=to, lock=lock, broke_glass=emergency)
    if patient.user_id != viewer.pk and not viewer.is_staff:
        require_ground(viewer=viewer, patient=patient, at=at)
    if patient.user_id != viewer.pk:
        audit.record_read(f"{what}.read", by=viewer, about=patient, purpose="BTG" if emergency else purpose, at=at)
    return patient


def access_charts(
    *, viewer: User, pks: Iterable[UUID], purpose: Purpose, at: datetime, what: str = "chart"
) -> set[UUID]:
    """Those of these patients whose chart is open to `viewer`, each read written down. Four queries, however many.

    For lists, where a chart that is closed is left out rather than refused.
    """
    asked = set(pks)
    in_emergency = set(
        EmergencyAccess.objects.filter(person=viewer, patient_id__in=asked, opened_at__lte=at, ends_at__gt=at)
        .values_list("patient_id", flat=True)
    )  # fmt: skip
    found = set(Patient.objects.open_to(viewer).filter(pk__in=asked).values_list("pk", flat=True))
    broken = in_emergency - found
    audit.record_reads(f"{what}.read", by=viewer, patient_ids=sorted(found), purpose=purpose, at=at)
    audit.record_reads(f"{what}.read", by=viewer, patient_ids=sorted(broken), purpose="BTG", at=at)
    return found | broken


def has_emergency_access(*, viewer: User, patient_id: UUID, at: datetime) -> bool:
    """Whether `viewer` broke the glass of this chart and the time for it is not over."""
    return emergency_access_now(viewer=viewer, patient_id=patient_id, at=at) is not None


def consents_in_force(*, patient: Patient, at: datetime) -> dict[str, Consent]:
    """The newest consent of each kind that is in force."""
    rows = Consent.objects.filter(patient=patient).in_force(at=at).order_by("signed_at")
    return {row.kind: row for row in rows}


def may_speak_with(*, patient: Patient, who: str, is_treating: bool, at: datetime) -> rules.Spoken:
    """Whether `who` might be told anything of this patient at `at`, also asked later. For callers with a door."""
    rows = Consent.objects.filter(patient=patient, kind__in=[ConsentKind.RELEASE, ConsentKind.PART2_TPO])
    rows = rows.exclude(paper__in=wordings.narrow())
    held = rows.in_force(at=at).order_by("-signed_at", "pk")
    offers = [rules.Offer(row.pk, row.kind, tuple(row.recipients), row.signer_is_patient) for row in held]
    guardian_too = guardian_signs_for(patient, at=at)
    return rules.may_speak_with(who, is_treating=is_treating, offers=offers, guardian_too=guardian_too)


def family_grounds(ties: Iterable[Relationship], *, at: datetime) -> dict[UUID, rules.Ground]:
    """For each tie (with `person` and `patient__organisation`) why that person may be shown anything. Two queries."""
    ties = list(ties)
    patients = {tie.patient_id: tie.patient for tie in ties}
    offers: dict[UUID, list[rules.Offer]] = {pk: [] for pk in patients}
    rows = Consent.objects.filter(patient__in=patients, kind=ConsentKind.RELEASE).in_force(at=at)
    rows = rows.exclude(paper__in=wordings.narrow())
    for row in rows.order_by("-signed_at", "pk"):
        offers[row.patient_id].append(rules.Offer(row.pk, row.kind, tuple(row.recipients), row.signer_is_patient))
    guardians = Relationship.objects.filter(patient__in=patients, is_guardian=True)
    guarded = set(guardians.values_list("patient_id", flat=True))
    signs = {
        pk: rules.needs_guardian(age=_age(patient, at), has_guardian=pk in guarded) for pk, patient in patients.items()
    }
    return {
        tie.pk: rules.family_ground(
            tie.known_as or tie.person.name,
            is_guardian=tie.is_guardian,
            guardian_too=signs[tie.patient_id],
            offers=offers[tie.patient_id],
        )
        for tie in ties
    }


def require_ground(*, viewer: User, patient: Patient, at: datetime) -> None:
    """Raises PermissionDenied for family whom neither the law nor a consent lets see anything of this student."""
    ties = Relationship.objects.filter(patient=patient, person=viewer)
    grounds = family_grounds(ties.select_related("person", "patient__organisation"), at=at)
    if not any(ground.is_open for ground in grounds.values()):
        raise PermissionDenied


def all_agreed_to(release: Consent, *, recipient: str, at: datetime) -> bool:
    """Whether all who must have signed that `recipient` is told what this release says. For callers with a door."""
    rows = Consent.objects.filter(patient=release.patient, kind=ConsentKind.RELEASE).in_force(at=at)
    guardian_too = guardian_signs_for(release.patient, at=at)
    return rules.all_agreed(
        _agreement(release), recipient, [_agreement(row) for row in rows], guardian_too=guardian_too
    )


def _agreement(row: Consent) -> rules.Agreement:
    """What was signed. Words that a paper brings itself say the same in whichever language somebody signed them."""
    information, purpose = row.information, row.purpose
    if row.paper:
        own, english = (wordings.wording(row.paper, language) for language in (row.language, "en"))
        information = english.information if information == own.information else information
        purpose = english.purpose if purpose == own.purpose else purpose
    return rules.Agreement(tuple(row.recipients), information, purpose, row.signer_is_patient)


def releases_naming(people: Mapping[Patient, str], *, at: datetime) -> dict[UUID, Consent]:
    """By patient the release in force that names this person, signed by all who must. For callers with a door.

    A number of queries that does not grow with the patients.
    """
    wanted = {patient.pk: name.casefold() for patient, name in people.items() if name}
    rows = Consent.objects.filter(patient__in=wanted, kind=ConsentKind.RELEASE).in_force(at=at).order_by("signed_at")
    naming: dict[UUID, list[Consent]] = {}
    for row in rows:
        if wanted[row.patient_id] in [name.casefold() for name in row.recipients]:
            naming.setdefault(row.patient_id, []).append(row)
    guarded = set(
        Relationship.objects.filter(patient__in=naming, is_guardian=True).values_list("patient_id", flat=True)
    )
    patients = Patient.objects.select_related("organisation").in_bulk(list(naming))
    found: dict[UUID, Consent] = {}
    for pk, covering in naming.items():
        guardian_too = rules.needs_guardian(age=_age(patients[pk], at), has_guardian=pk in guarded)
        signatures = [rules.Signature(row.kind, row.signer_is_patient) for row in covering]
        if rules.is_signed(ConsentKind.RELEASE, signatures, guardian_too=guardian_too):
            found[pk] = [row for row in covering if row.signer_is_patient][-1]
    return found


def guardian_signs_for(patient: Patient, *, at: datetime) -> bool:
    """Whether a guardian signs beside this patient: below 18 years, with a guardian known here."""
    age = _age(patient, at)
    has_guardian = age < rules.OF_AGE and Relationship.objects.filter(patient=patient, is_guardian=True).exists()
    return rules.needs_guardian(age=age, has_guardian=has_guardian)


def _age(patient: Patient, at: datetime) -> int:
    return patient.age(on=at.astimezone(patient.organisation.zone).date())


def consents_missing(patient: Patient, kinds: Iterable[str], *, at: datetime) -> tuple[str, ...]:
    """Those of `kinds` that the patient, or a minor's guardian, still has to sign."""
    return rules.missing(kinds, signatures_of(patient, at=at), guardian_too=guardian_signs_for(patient, at=at))


def consents_missing_of_many(kinds: Mapping[UUID, Iterable[str]], *, at: datetime) -> dict[UUID, tuple[str, ...]]:
    """The same for many patients, by id, in three queries however many. The caller has passed their doors."""
    patients = Patient.objects.select_related("organisation").in_bulk(list(kinds))
    guarded = set(Relationship.objects.filter(patient__in=kinds, is_guardian=True).values_list("patient_id", flat=True))
    signatures: dict[UUID, set[rules.Signature]] = {pk: set() for pk in kinds}
    rows = Consent.objects.filter(patient__in=kinds).in_force(at=at)
    for pk, kind, paper, own in rows.values_list("patient_id", "kind", "paper", "signer_is_patient"):
        signatures[pk].add(rules.Signature(paper or kind, own))
    return {
        pk: rules.missing(
            kinds[pk],
            signatures[pk],
            guardian_too=rules.needs_guardian(age=_age(patient, at), has_guardian=pk in guarded),
        )
        for pk, patient in patients.items()
    }


def signatures_of(patient: Patient, *, at: datetime) -> set[rules.Signature]:
    """What is signed and in force, and by whom. The caller has passed a door."""
    rows = Consent.objects.filter(patient=patient).in_force(at=at)
    found = rows.values_list("kind", "paper", "signer_is_patient")
    return {rules.Signature(paper or kind, own) for kind, paper, own in found}


def access_signing(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Patient:
    """The patient for whom `viewer` may sign: themself, or a minor whose guardian they are. Raises PermissionDenied.

    Nothing is signed for somebody who has died.
    """
    rows = Patient.objects.living().select_related("organisation")
    patient = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if patient is None or patient.organisation_id != viewer.organisation_id:
        raise PermissionDenied
    is_guardian = Relationship.objects.filter(patient=patient, person=viewer, is_guardian=True).exists()
    if patient.user_id == viewer.pk or (is_guardian and guardian_signs_for(patient, at=at)):
        return patient
    raise PermissionDenied


def people_to_sign_for(*, viewer: User, at: datetime) -> list[Patient]:
    """The viewer's own row, if they are a patient, and the living minors whose guardian they are."""
    rows = (
        Patient.objects.living()
        .select_related("organisation")
        .filter(Q(user=viewer) | Q(relationships__person=viewer, relationships__is_guardian=True))
    )
    return [row for row in rows.distinct() if row.user_id == viewer.pk or guardian_signs_for(row, at=at)]


def access_consent(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Consent:
    """One signed consent: for the patient, its signer, or staff who may open the chart. Raises PermissionDenied."""
    rows = Consent.objects.select_related("patient", "patient__organisation", "signer")
    consent = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if consent is None:
        raise PermissionDenied
    if viewer.pk not in {consent.signer_id, consent.patient.user_id}:
        if not viewer.is_staff:
            raise PermissionDenied
        access_chart(viewer=viewer, pk=consent.patient_id, purpose="TREAT", at=at, what="consents")
    return consent


def consents_of(patient: Patient) -> QuerySet[Consent]:
    """Everything ever signed for `patient`, newest first. The caller has passed a door."""
    return Consent.objects.filter(patient=patient).select_related("signer").order_by("-signed_at")


def access_in_emergency(*, viewer: User, pk: UUID) -> Patient:
    """The patient whose chart `viewer` may open in an emergency. Raises PermissionDenied, AlreadyOpen."""
    if not viewer.has_any(BREAK_GLASS):
        raise PermissionDenied
    patient = Patient.objects.filter(pk=pk, organisation_id=viewer.organisation_id).first()
    if patient is None:
        raise PermissionDenied
    if may_open(frozenset(viewer.roles), tie_of(viewer, patient), to="read"):
        raise AlreadyOpen
    return patient


def find_in_emergency(*, viewer: User, family_name: str, birth_date: date, at: datetime) -> list[Patient]:
    """People of exactly this family name and birth date, whoever cares for them. The search is written down."""
    if not viewer.has_any(BREAK_GLASS):
        raise PermissionDenied
    found = list(
        Patient.objects.filter(family_name__iexact=family_name.strip(), birth_date=birth_date).order_by("chosen_name")
    )
    audit.record_read("consent.emergency_searched", by=viewer, about=viewer.organisation, purpose="BTG", at=at)
    return found


def emergency_access_now(*, viewer: User, patient_id: UUID, at: datetime) -> EmergencyAccess | None:
    """The emergency access under which `viewer` has this chart open now."""
    return (
        EmergencyAccess.objects.filter(person=viewer, patient_id=patient_id, opened_at__lte=at, ends_at__gt=at)
        .order_by("-ends_at")
        .first()
    )


def unreviewed_emergency_accesses(*, viewer: User) -> QuerySet[EmergencyAccess]:
    """Charts opened in an emergency that the privacy officer has not looked into, oldest first."""
    return emergency_accesses(viewer=viewer).filter(reviewed_at=None).order_by("opened_at")


def emergency_accesses(*, viewer: User) -> QuerySet[EmergencyAccess]:
    """Every emergency access, those to be reviewed first. Raises PermissionDenied for all but privacy officers."""
    if not viewer.has_role(Role.PRIVACY):
        raise PermissionDenied
    return EmergencyAccess.objects.select_related("patient", "person", "reviewed_by").order_by(
        F("reviewed_at").desc(nulls_first=True), "-opened_at"
    )
