"""Reads of people. `access_patient` is the one door to a patient's row."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet

from hearth.accounts import queries as accounts
from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS
from hearth.people import rules
from hearth.people.models import CareTeamMember, Licence, Patient, Relationship, Supervision


def access_patient(
    *, viewer: User, pk: UUID, to: str = "read", lock: bool = False, broke_glass: bool = False
) -> Patient:
    """The patient `pk`, if `viewer` may open them `to` "read", "change" or write as themself ("own").

    Raises PermissionDenied; a patient of another organisation does not exist here at all (404 and 403 alike
    would tell a stranger that somebody is in care, so both are PermissionDenied).
    """
    rows = Patient.objects.select_related("user", "site")
    patient = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if patient is None:
        raise PermissionDenied
    if not rules.may_open(frozenset(viewer.roles), tie_of(viewer, patient, broke_glass=broke_glass), to=to):
        raise PermissionDenied
    return patient


def tie_of(viewer: User, patient: Patient, *, broke_glass: bool = False) -> rules.Tie:
    """How `viewer` is tied to `patient` now. Being family opens nothing to staff."""
    is_self = patient.user_id == viewer.pk
    sees_all = viewer.has_any(rules.SEE_EVERYONE)
    return rules.Tie(
        same_organisation=patient.organisation_id == viewer.organisation_id,
        is_self=is_self,
        on_care_team=not is_self
        and not sees_all
        and CareTeamMember.objects.current().filter(patient=patient, member=viewer).exists(),
        family_sees_schedule=viewer.has_role("family")
        and not viewer.is_staff
        and Relationship.objects.filter(patient=patient, person=viewer, may_see_schedule=True).exists(),
        broke_glass=broke_glass,
    )


def own_patient(*, viewer: User) -> Patient:
    """The viewer's own row. Raises PermissionDenied for someone who is not a patient."""
    patient = Patient.objects.select_related("user", "site").filter(user=viewer).first()
    if patient is None:
        raise PermissionDenied
    return patient


def patients_open_to(*, viewer: User, named: str = "") -> QuerySet[Patient]:
    """The patients whose charts `viewer` may open, by name; with `named`, those whose names hold these words."""
    return Patient.objects.open_to(viewer).named_like(named).order_by("chosen_name", "family_name", "pk")


def caseload_of(member: User) -> frozenset[UUID]:
    """The patients on whose care team `member` is now, by id: as many as one person can care for."""
    rows = CareTeamMember.objects.current().filter(member=member)
    return frozenset(rows.values_list("patient_id", flat=True))


def primary_counselor_of(patient: Patient) -> User | None:
    """The one counselor who answers for `patient` now, if one is named."""
    row = CareTeamMember.objects.current().filter(patient=patient, is_primary=True).select_related("member").first()
    return row.member if row else None


def states_licensed_in(members: Sequence[User], *, on: date) -> dict[UUID, set[str]]:
    """For each of `members` the states whose licence they hold on the day `on`."""
    held: dict[UUID, set[str]] = {member.pk: set() for member in members}
    for licence in Licence.objects.filter(holder__in=members, during__contains=on):
        held[licence.holder_id].add(licence.state)
    return held


def licences_of(members: Iterable[User]) -> dict[UUID, list[Licence]]:
    """For each of `members` every licence they ever held."""
    held: dict[UUID, list[Licence]] = {member.pk: [] for member in members}
    for licence in Licence.objects.filter(holder__in=list(held)):
        held[licence.holder_id].append(licence)
    return held


def staff_with_licences(*, viewer: User) -> QuerySet[User]:
    """Everyone employed here with their licences, newest first. Raises PermissionDenied."""
    licences = Licence.objects.order_by("-during")
    return accounts.staff_of(viewer=viewer).prefetch_related(Prefetch("licences", queryset=licences))


def licence_of(*, viewer: User, holder: UUID, pk: UUID) -> Licence:
    """One licence of a staff member whom `viewer` leads. Raises PermissionDenied."""
    member = accounts.access_staff_member(viewer=viewer, pk=holder)
    licence = Licence.objects.select_related("holder").filter(holder=member, pk=pk).first()
    if licence is None:
        raise PermissionDenied
    return licence


def supervisor_of(clinician: User, *, on: date) -> User | None:
    """Who co-signs what `clinician` signs on the day `on`; None: nobody needs to."""
    row = Supervision.objects.on(on).filter(clinician=clinician).select_related("supervisor").first()
    return row.supervisor if row else None


def supervised_by(supervisor: User, *, on: date) -> frozenset[UUID]:
    """Whose notes `supervisor` co-signs on the day `on`, by id."""
    return frozenset(Supervision.objects.on(on).filter(supervisor=supervisor).values_list("clinician_id", flat=True))


def supervisions_of(clinician: User) -> QuerySet[Supervision]:
    """Under whom `clinician` worked and works, newest first."""
    return Supervision.objects.filter(clinician=clinician).select_related("supervisor").order_by("-during")


def supervision_of(*, viewer: User, clinician: UUID, pk: UUID) -> Supervision:
    """One supervision of a staff member whom `viewer` leads. Raises PermissionDenied."""
    member = accounts.access_staff_member(viewer=viewer, pk=clinician)
    row = Supervision.objects.select_related("clinician", "supervisor").filter(clinician=member, pk=pk).first()
    if row is None:
        raise PermissionDenied
    return row


def possible_supervisors(*, viewer: User, of: User) -> QuerySet[User]:
    """Clinicians employed here who could supervise `of`, by name."""
    staff = accounts.staff_of(viewer=viewer).filter(is_active=True, roles__overlap=sorted(CLINICIANS))
    return staff.exclude(pk=of.pk)


def relationships_of(patient: Patient) -> QuerySet[Relationship]:
    """The family and guardians of `patient`, by name."""
    return Relationship.objects.filter(patient=patient).select_related("person").order_by("person__name", "pk")
