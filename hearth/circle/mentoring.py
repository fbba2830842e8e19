"""Peer mentors as each side sees them. Nobody is named to the other before they signed a release that says so.

Whether it is signed is asked of the releases in force each time: one that was taken back or ran out shows nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.circle import rules
from hearth.circle.models import Circle, Introduction, Membership, Mentor
from hearth.circle.places import places_in
from hearth.circle.queries import access_circle, apart_from
from hearth.consent.models import Consent
from hearth.consent.rules import plain
from hearth.consent.signing import Terms
from hearth.people.models import Patient, Population
from hearth.people.queries import own_patient
from hearth.timetable.models import KeepApart

MENTOR_LASTS, STUDENT_LASTS = timedelta(days=365), timedelta(days=180)
"""How long the two releases hold. Product defaults."""

SUPERVISE = [Role.SUPERVISOR, Role.PEER]

MENTORS, STUDENTS = "peer_mentor", "meet_mentor"
"""The papers that the two sign (`consent/texts`). What they let out is the paper's own; whom, is written in."""


@dataclass(frozen=True, slots=True)
class Mentoring:
    """What concerns the reader: as a mentor, and as a student."""

    mentor: Mentor | None = None  # the reader, as they were named
    to_agree: Terms | None = None  # what they sign before students learn of them
    students: Sequence[Introduction] = ()  # of whom they have learnt
    introduction: Introduction | None = None  # of the reader as a student
    to_sign: Terms | None = None  # what they sign before the mentor learns of them

    @property
    def is_something(self) -> bool:
        return self.mentor is not None or self.introduction is not None


@dataclass(frozen=True, slots=True)
class Supervised:
    """One mentor as staff see them."""

    mentor: Mentor
    introductions: Sequence[Introduction]
    says_yes: bool
    is_supervised: bool  # by somebody who is here still, and kept apart from none of them
    can_be_introduced: bool


def mentoring_for(*, viewer: User, at: datetime) -> Mentoring:
    """What `viewer` may know of mentoring. A fixed number of queries. Raises PermissionDenied for who is no patient."""
    patient, today = own_patient(viewer=viewer), at.astimezone(viewer.organisation.zone).date()
    mentor = _mentors(at).filter(_has_supervisor("patient"), patient=patient).first()
    rows = list(supervised_introductions(at).filter(Q(patient=patient) | Q(mentor__patient=patient)))
    signed = releases({row.patient_id for row in rows} | {row.mentor.patient_id for row in rows} | {patient.pk}, at=at)
    known = [row for row in rows if is_agreed(row.mentor, signed)]
    of_mine = next((row for row in known if row.patient_id == patient.pk), None)
    return Mentoring(
        mentor=mentor,
        to_agree=None if mentor is None or is_agreed(mentor, signed) else mentor_terms(mentor, today=today),
        students=[row for row in known if row.mentor.patient_id == patient.pk and is_signed(row, signed)],
        introduction=of_mine,
        to_sign=None if of_mine is None or is_signed(of_mine, signed) else student_terms(of_mine, today=today),
    )


def has_mentoring(patient: Patient, *, viewer: User, at: datetime) -> bool:
    """Whether there is anything of it for the viewer, who is `patient`.

    Most have nothing to do with mentors, which two short questions tell; only of the others more is asked.
    """
    standing = Mentor.objects.filter(ended_at=None, patient=patient)
    offered = Introduction.objects.filter(Q(patient=patient) | Q(mentor__in=standing), ended_at=None)
    return (standing.exists() or offered.exists()) and mentoring_for(viewer=viewer, at=at).is_something


def mentors_of(*, viewer: User, circle: Circle, at: datetime) -> list[Supervised]:
    """The mentors of a circle of alumni, for supervisors and for who supervises them; the read is written down.

    Raises PermissionDenied.
    """
    circle = access_mentors(viewer=viewer, pk=circle.pk)
    mentors = _mentors(at).filter(membership__circle=circle)
    if not viewer.has_role(Role.SUPERVISOR):
        mentors = mentors.filter(supervisor=viewer)
    rows = list(open_introductions(at).filter(mentor__in=mentors).order_by("suggested_at", "pk"))
    found = list(mentors.order_by("known_as", "pk"))
    read = {row.patient_id for row in rows} | {one.patient_id for one in found}
    audit.record_reads("circle_people.read", by=viewer, patient_ids=read, purpose="TREAT", at=at)
    signed = releases([one.patient_id for one in found], at=at)
    seen = set(supervised_introductions(at).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    resting = {row.mentor_id for row in rows if row.pk not in seen}
    resting |= set(mentors.filter(~_has_supervisor("patient")).values_list("pk", flat=True))
    return [
        _supervised(one, [row for row in rows if row.mentor_id == one.pk], signed, one.pk not in resting)
        for one in found
    ]


def _supervised(mentor: Mentor, rows: Sequence[Introduction], signed: Iterable[Consent], is_on: bool) -> Supervised:
    says_yes = is_agreed(mentor, signed)
    return Supervised(mentor, rows, says_yes, is_on, says_yes and is_on and len(rows) < rules.MOST_MENTORED)


def access_mentors(*, viewer: User, pk: UUID) -> Circle:
    """A circle of alumni of an adults' program that `viewer` hosts: others have no mentors. Raises PermissionDenied."""
    circle = access_circle(viewer=viewer, pk=pk)
    if not circle.is_alumni or circle.population != Population.ADULT:
        raise PermissionDenied
    return circle


def access_mentor(*, viewer: User, circle: Circle, pk: UUID, at: datetime) -> Mentor:
    """A mentor who said yes and can be introduced to one more student. Raises PermissionDenied."""
    rows = mentors_of(viewer=viewer, circle=circle, at=at)
    row = next((one for one in rows if one.mentor.pk == pk and one.can_be_introduced), None)
    if row is None:
        raise PermissionDenied
    return row.mentor


def possible_mentors(circle: Circle, *, at: datetime) -> QuerySet[Membership]:
    """Who completed the program long enough ago and is no mentor yet, by name. The caller has passed a door."""
    is_one = _mentors(at).filter(patient=OuterRef("patient"))
    rows = places_in(circle, at=at).filter(~Exists(is_one), episode__ended_at__lte=at - rules.MENTOR_AFTER)
    return rows.select_related("patient").order_by("patient__chosen_name", "patient__family_name", "pk")


def supervising() -> QuerySet[User]:
    """Who may supervise a mentor and see a background check, by name."""
    staff = User.objects.filter(is_active=True, roles__overlap=SUPERVISE)
    return staff.order_by("name", "pk")


def is_kept_apart(staff: User, *, from_mentor: Mentor, at: datetime) -> bool:
    """Whether `staff` is kept apart from this mentor, or from a student whom they are introduced to."""
    introduced = open_introductions(at).filter(mentor=from_mentor).values_list("patient", flat=True)
    return not apart_from(member=staff).isdisjoint({from_mentor.patient_id, *introduced})


def possible_students(mentor: Mentor, *, at: datetime) -> QuerySet[Membership]:
    """To whom this mentor may be introduced: of the same program and band, in their stay, with no mentor, not kept
    apart from the mentor or from who supervises them. By name; the caller has passed a door."""
    circle = Circle.objects.filter(program=mentor.membership.circle.program_id, is_alumni=False)
    has_one = open_introductions(at).filter(episode=OuterRef("episode"))
    apart = apart_from(patients=[mentor.patient_id], member=mentor.supervisor)
    rows = Membership.objects.open_at(at).filter(~Exists(has_one), circle__in=circle, population=mentor.population)
    rows = rows.exclude(agreed_at=None).exclude(patient__in=apart).select_related("patient")
    return rows.order_by("patient__chosen_name", "patient__family_name", "pk")


def open_introductions(at: datetime) -> QuerySet[Introduction]:
    """Those that nobody ended, between two who have their places still and are not kept apart.

    For callers with a door.
    """
    student, mentor = OuterRef("patient"), OuterRef("mentor__patient")
    apart = KeepApart.objects.filter(ended_at=None).filter(
        Q(patient=student, other=mentor) | Q(patient=mentor, other=student)
    )
    rows = Introduction.objects.filter(~Exists(apart), ended_at=None, episode__ended_at=None, mentor__in=_mentors(at))
    return rows.select_related(
        "patient", "mentor__patient", "mentor__supervisor", "mentor__membership__circle__program"
    )


def supervised_introductions(at: datetime) -> QuerySet[Introduction]:
    """Of those, the ones that somebody supervises: the others rest, and neither sees them, until somebody does."""
    return open_introductions(at).filter(
        _has_supervisor("patient", to="mentor__"), _has_supervisor("mentor__patient", to="mentor__")
    )


def _has_supervisor(patient: str, *, to: str = "") -> Q:
    """Whoever supervises is here still, in a role that may, and not kept apart from this patient."""
    supervisor = f"{to}supervisor"
    apart = KeepApart.objects.filter(ended_at=None, patient=OuterRef(patient), member=OuterRef(supervisor))
    return Q(~Exists(apart), **{f"{supervisor}__is_active": True, f"{supervisor}__roles__overlap": SUPERVISE})


def _mentors(at: datetime) -> QuerySet[Mentor]:
    rows = Mentor.objects.filter(ended_at=None, membership__in=Membership.objects.of_alumni(at))
    return rows.select_related("patient", "supervisor", "checked_by", "membership__circle__program")


# ---- what each signs


def mentor_terms(mentor: Mentor, *, today: date) -> Terms:
    """What an alumnus signs before students learn of them, in the reader's language."""
    students = _("Students of %(program)s to whom I am introduced") % {"program": mentor.membership.circle.program.name}
    return Terms((students,), expires_on=today + MENTOR_LASTS)


def student_terms(row: Introduction, *, today: date) -> Terms:
    """What a student signs before the mentor learns of them."""
    return Terms((row.mentor.known_as,), expires_on=today + STUDENT_LASTS)


def releases(patients: Collection[UUID], *, at: datetime) -> list[Consent]:
    """What these patients signed of mentoring and did not take back. One query, for callers with a door."""
    rows = Consent.objects.filter(patient__in=patients, paper__in=[MENTORS, STUDENTS], signer_is_patient=True)
    return list(rows.in_force(at=at).order_by("signed_at"))


def is_agreed(mentor: Mentor, signed: Iterable[Consent]) -> bool:
    """Whether the mentor signed that students learn of them, after they were named."""
    mine = (row for row in signed if (row.patient_id, row.paper) == (mentor.patient_id, MENTORS))
    return any(row.signed_at >= mentor.named_at for row in mine)


def is_signed(row: Introduction, signed: Iterable[Consent]) -> bool:
    """Whether the student signed that this mentor learns of them."""
    return release_for(row, signed) is not None


def release_for(row: Introduction, signed: Iterable[Consent]) -> Consent | None:
    """The student's release that names this mentor, whatever its language and version; none from before they were
    asked."""
    wanted = plain(row.mentor.known_as)
    mine = (one for one in signed if (one.patient_id, one.paper) == (row.patient_id, STUDENTS))
    since = (one for one in mine if one.signed_at >= row.suggested_at)
    return next((one for one in since if wanted in map(plain, one.recipients)), None)
