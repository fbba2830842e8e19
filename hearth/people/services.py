"""Writes to people."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hearth.accounts import services as accounts
from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS, Role
from hearth.accounts.rules import plain_phone
from hearth.audit import services as audit
from hearth.outbox import services as outbox
from hearth.people import facts, rules
from hearth.people.models import CareTeamMember, Licence, Patient, Population, Relationship, Supervision
from hearth.people.queries import access_patient

ADULT_FROM = 18  # years; who is in an adolescent program is decided at admission


def population_of(birth_date: date, *, on: date) -> Population:
    """Adolescent below 18 years on the day `on`, else adult."""
    return population_at(on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day)))


def population_at(age: int) -> Population:
    """The same by completed years."""
    return Population.ADULT if age >= ADULT_FROM else Population.ADOLESCENT


@transaction.atomic
def register_patient(*, by: User, at: datetime, **facts: Any) -> Patient:
    """Open a chart: `facts` are the fields of Patient; the population follows from the birth date."""
    facts.setdefault("population", population_of(facts["birth_date"], on=at.date()))
    patient = Patient.objects.create(joined_at=at, **facts)
    audit.record("people.patient_registered", by=by, about=patient, at=at)
    return patient


@transaction.atomic
def join_care_team(
    *, patient: Patient, member: User, role: Role, by: User, at: datetime, primary: bool = False
) -> CareTeamMember:
    """Put `member` on the care team; a new primary counselor takes over from the one before."""
    access_patient(viewer=by, pk=patient.pk, to="change", lock=True)
    today = at.astimezone(member.zone).date()
    if primary:
        CareTeamMember.objects.current().filter(patient=patient, is_primary=True).update(until=today)
    row, _ = CareTeamMember.objects.update_or_create(
        patient=patient,
        member=member,
        role=role,
        until=None,
        defaults={"is_primary": primary},
        create_defaults={"is_primary": primary, "since": today},
    )
    audit.record("people.care_team_joined", by=by, about=row, at=at, member=str(member.pk), primary=primary)
    return row


@transaction.atomic
def relate(
    *, patient: Patient, person: User, kind: Relationship.Kind, by: User, at: datetime, is_guardian: bool = False
) -> Relationship:
    """Write down that `person` is family of `patient`, and how: said anew it changes what was written before.

    It never ends that somebody is a guardian, which an empty box in an invitation sent again would do by mistake.
    """
    access_patient(viewer=by, pk=patient.pk, to="change", lock=True)
    said = {"kind": kind, "is_guardian": is_guardian, "known_as": person.name}
    row, is_new = Relationship.objects.get_or_create(patient=patient, person=person, defaults=said)
    if not is_new:
        row.kind, row.is_guardian = kind, row.is_guardian or is_guardian
        row.save(update_fields=["kind", "is_guardian"])
    audit.record("people.related", by=by, about=row, at=at, kind=kind, guardian=row.is_guardian)
    return row


@transaction.atomic
def give_sign_in(*, patient: Patient, by: User, at: datetime, email: str = "", phone: str = "") -> User:
    """The account of `patient`, made now if there is none. Raises accounts.services.AddressInUse."""
    patient = access_patient(viewer=by, pk=patient.pk, to="change", lock=True)
    if patient.has_died:
        raise PermissionDenied
    if patient.user:
        return patient.user
    language = patient.languages[0][:2] if patient.languages else "en"
    patient.user = accounts.make_student_user(
        name=patient.name, pronouns=patient.pronouns, language=language, email=email, phone=phone, by=by, at=at
    )
    patient.save(update_fields=["user"])
    audit.record("people.sign_in_given", by=by, about=patient, at=at)
    return patient.user


@transaction.atomic
def print_code(*, patient: Patient, by: User, at: datetime) -> str:
    """A code on paper for someone without e-mail or phone: it lets them in once within 7 days."""
    user = give_sign_in(patient=patient, by=by, at=at)
    return accounts.print_code(user=user, by=by, at=at)


@transaction.atomic
def invite_patient(*, patient: Patient, email: str, phone: str, by: User, at: datetime) -> User:
    """Mail `patient` an invitation; keeps the e-mail and phone they sign in with. Raises AddressInUse."""
    user = give_sign_in(patient=patient, by=by, at=at)
    accounts.change_addresses(user=user, email=email, phone=phone, by=by, at=at)
    if user.email:
        accounts.send_invitation(user=user, by=by, at=at)
    return user


@transaction.atomic
def invite_family(
    *, patient: Patient, name: str, email: str, kind: str, is_guardian: bool, by: User, at: datetime
) -> Relationship:
    """Invite someone close to `patient`, with the patient's word for it. Raises AddressInUse."""
    access_patient(viewer=by, pk=patient.pk, to="change", lock=True)
    person = accounts.family_member_with(email=email, of=by) or accounts.invite(
        name=name, roles=[Role.FAMILY], email=email, by=by, at=at
    )
    return relate(patient=patient, person=person, kind=Relationship.Kind(kind), by=by, at=at, is_guardian=is_guardian)


@transaction.atomic
def follow_profile(*, user_id: UUID, at: datetime) -> None:
    """Bring the chosen name and pronouns of a patient up to what their account says."""
    patient = Patient.objects.select_for_update(of=("self",)).select_related("user").filter(user=user_id).first()
    if patient is None or patient.user is None:
        return
    patient.chosen_name = rules.chosen_name(patient.user.name, family_name=patient.family_name)
    patient.pronouns = patient.user.pronouns
    patient.pronouns_shown_to = patient.user.pronouns_shown_to
    patient.save(update_fields=["chosen_name", "pronouns", "pronouns_shown_to"])
    audit.record("people.profile_followed", by=patient.user, about=patient, at=at)


@transaction.atomic
def note_death(*, patient: Patient, died_on: date | None, by: User, at: datetime) -> bool:
    """Write down that `patient` has died: nothing is sent to or about them any more, and their account is closed.

    Whether an account was closed by it. The caller keeps who told us, and what follows.
    """
    patient = access_patient(viewer=by, pk=patient.pk, to="farewell", lock=True)
    patient.has_died, patient.died_on, patient.death_noted_at = True, died_on, at
    patient.save(update_fields=["has_died", "died_on", "death_noted_at"])
    user = patient.user
    own = [user.email or "", user.phone or ""] if user else []
    outbox.fall_silent(about=_ids(patient), addresses=own, once=_addresses_of_nobody_else(patient), at=at)
    closed = user is not None and accounts.close_account(user=user, by=by, at=at)
    audit.record("people.death_noted", by=by, about=patient, at=at)
    today = at.astimezone(by.organisation.zone).date()
    facts.death_noted.send(Patient, patient_id=patient.pk, by_id=by.pk, at=at, on=today)
    return closed


@transaction.atomic
def take_back_death(*, patient: Patient, noted_at: datetime, reopen: bool, by: User, at: datetime) -> None:
    """It was a mistake. What was withheld stays withheld; with `reopen` their account opens again."""
    patient = access_patient(viewer=by, pk=patient.pk, to="farewell", lock=True)
    patient.has_died, patient.died_on, patient.death_noted_at = False, None, None
    patient.save(update_fields=["has_died", "died_on", "death_noted_at"])
    user = patient.user
    outbox.end_silence(about=_ids(patient), addresses=[user.email or "", user.phone or ""] if user else [])
    if user and reopen:
        accounts.reopen_account(user=user, by=by, at=at)
    audit.record("people.death_taken_back", by=by, about=patient, at=at)
    facts.death_taken_back.send(Patient, patient_id=patient.pk, by_id=by.pk, at=at, noted_at=noted_at)


def _ids(patient: Patient) -> list[UUID]:
    return [patient.pk, *([patient.user_id] if patient.user_id else [])]


def _addresses_of_nobody_else(patient: Patient) -> list[str]:
    """The addresses of the chart, but for one that a parent, say, signs in with or that stands on a sibling's chart."""
    others = User.objects.filter(organisation=patient.organisation).exclude(patient=patient)
    charts = Patient.objects.living().filter(organisation=patient.organisation).exclude(pk=patient.pk)
    mail, phone = patient.email.strip().lower(), plain_phone(patient.phone)
    mine: list[str] = []
    if mail and not others.filter(email=mail).exists() and not charts.filter(email__iexact=mail).exists():
        mine.append(patient.email)
    known = {plain_phone(one) for one in charts.exclude(phone="").values_list("phone", flat=True)} if phone else set()
    if phone and phone not in known and not others.filter(phone=phone).exists():
        mine.append(patient.phone)
    return mine


@transaction.atomic
def add_licence(
    *,
    holder: User,
    state: str,
    discipline: str,
    number: str,
    first_on: date,
    last_on: date | None,
    by: User,
    at: datetime,
) -> Licence:
    """Write down a licence from `first_on` until and with `last_on` (open-ended if None)."""
    _require_leader_of(holder, by)
    until = date.fromordinal(last_on.toordinal() + 1) if last_on else None
    licence = Licence.objects.create(
        holder=holder, state=state.upper(), discipline=discipline, number=number, during=DateRange(first_on, until)
    )
    audit.record("people.licence_added", by=by, about=licence, at=at, holder=str(holder.pk))
    facts.licence_changed.send(Licence, holder_id=holder.pk, at=at)
    return licence


@transaction.atomic
def end_licence(*, licence: Licence, last_on: date, by: User, at: datetime) -> None:
    """Let a licence end with the day `last_on`; before its first day it was never held and is deleted."""
    _require_leader_of(licence.holder, by)
    first_on = licence.during.lower
    audit.record("people.licence_ended", by=by, about=licence, at=at, holder=str(licence.holder_id))
    if first_on and last_on < first_on:
        licence.delete()
    else:
        licence.during = DateRange(first_on, date.fromordinal(last_on.toordinal() + 1))
        licence.save(update_fields=["during"])
    facts.licence_changed.send(Licence, holder_id=licence.holder_id, at=at)


@transaction.atomic
def begin_supervision(*, clinician: User, supervisor: User, first_on: date, by: User, at: datetime) -> Supervision:
    """From `first_on` on, `supervisor` co-signs what `clinician` signs; a supervision before it ends the day before."""
    _require_leader_of(clinician, by)
    may = supervisor.has_any(CLINICIANS) and supervisor.is_active
    if supervisor.organisation_id != by.organisation_id or supervisor.pk == clinician.pk or not may:
        raise PermissionDenied
    User.objects.select_for_update(of=("self",)).get(pk=clinician.pk)
    Supervision.objects.filter(clinician=clinician, during__startswith__gte=first_on).delete()
    for before in Supervision.objects.on(first_on).filter(clinician=clinician):
        before.during = DateRange(before.during.lower, first_on)
        before.save(update_fields=["during"])
    row = Supervision.objects.create(clinician=clinician, supervisor=supervisor, during=DateRange(first_on, None))
    audit.record(
        "people.supervision_begun",
        by=by,
        about=row,
        at=at,
        clinician=str(clinician.pk),
        supervisor=str(supervisor.pk),
        first_on=first_on.isoformat(),
    )
    return row


@transaction.atomic
def end_supervision(*, supervision: Supervision, last_on: date, by: User, at: datetime) -> None:
    """Let a supervision end with the day `last_on`; before its first day it never was and is deleted."""
    _require_leader_of(supervision.clinician, by)
    audit.record(
        "people.supervision_ended",
        by=by,
        about=supervision,
        at=at,
        clinician=str(supervision.clinician_id),
        last_on=last_on.isoformat(),
    )
    first_on = supervision.during.lower
    if first_on and last_on < first_on:
        supervision.delete()
    else:
        supervision.during = DateRange(first_on, date.fromordinal(last_on.toordinal() + 1))
        supervision.save(update_fields=["during"])


def _require_leader_of(holder: User, by: User) -> None:
    leads = by.has_role(Role.ADMINISTRATOR, Role.DIRECTOR) and holder.organisation_id == by.organisation_id
    if not leads or not holder.is_staff:
        raise PermissionDenied
