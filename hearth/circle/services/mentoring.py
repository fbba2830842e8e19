"""Peer mentors: named, introduced, ended. Either side ends it at any time, and no row says who or why."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.circle import mentoring, rules
from hearth.circle.models import Circle, Introduction, Membership, Mentor
from hearth.circle.queries import apart_from
from hearth.circle.services.gathering import tell_of_change
from hearth.circle.services.hosting import LEADERS
from hearth.consent.services import record_disclosure
from hearth.people.models import Patient
from hearth.people.queries import own_patient


class NotReady(Exception):
    """A mentor is trained, and their background check is not older than `rules.CHECK_HOLDS`, nor still to come."""


class KeptApart(Exception):
    """Whoever is to supervise is kept apart from the mentor, or from a student who is introduced to them."""


@transaction.atomic
def name_mentor(
    *, circle: Circle, place: UUID, words: str, trained_on: date, checked_on: date, checked_by: UUID, supervisor: UUID,
    by: User, at: datetime,
) -> Mentor:  # fmt: skip
    """A supervisor names an alumnus, who says yes or no for themself. Raises PermissionDenied, NotReady,
    KeptApart."""
    circle = _led(circle, by)
    membership = mentoring.possible_mentors(circle, at=at).filter(pk=place).first()
    staff = mentoring.supervising().in_bulk([checked_by, supervisor])
    if membership is None or {checked_by, supervisor} - set(staff):
        raise PermissionDenied
    if membership.patient_id in apart_from(member=staff[supervisor]):
        raise KeptApart
    today = at.astimezone(circle.organisation.zone).date()
    if trained_on > today or not today - rules.CHECK_HOLDS < checked_on <= today:
        raise NotReady
    for stale in Mentor.objects.filter(patient=membership.patient_id, ended_at=None):  # of an earlier stay
        _end_all(stale, at)
    row = Mentor.objects.create(
        membership=membership, patient=membership.patient, population=membership.population,
        known_as=membership.patient.name, words=words.strip(), trained_on=trained_on, checked_on=checked_on,
        checked_by=staff[checked_by], supervisor=staff[supervisor], named_by=by, named_at=at,
    )  # fmt: skip
    audit.record("circle.mentor_named", by=by, about=row, at=at)
    _tell(row.patient, f"mentor/{row.pk}/named", at)
    return row


@transaction.atomic
def introduce(*, circle: Circle, mentor: UUID, place: UUID, where: str, by: User, at: datetime) -> Introduction:
    """A supervisor suggests a mentor to a student; the mentor learns of it once the student has signed.

    Raises PermissionDenied.
    """
    circle = _led(circle, by)
    # The student's place first, then the mentor: whoever introduces at the same moment waits and then asks anew.
    Membership.objects.select_for_update().filter(pk=place).first()
    Mentor.objects.select_for_update().filter(pk=mentor).first()
    found = mentoring.access_mentor(viewer=by, circle=circle, pk=mentor, at=at)
    student = mentoring.possible_students(found, at=at).filter(pk=place).first()
    if student is None:
        raise PermissionDenied
    Introduction.objects.filter(episode=student.episode_id, ended_at=None).update(ended_at=at)  # of who is gone
    row = Introduction.objects.create(
        mentor=found, patient=student.patient, episode=student.episode, population=student.population,
        where=where.strip(), suggested_by=by, suggested_at=at,
    )  # fmt: skip
    audit.record("circle.mentor_suggested", by=by, about=row, at=at)
    _note_that_a_student_learns(found, by=by, at=at)
    _tell(row.patient, f"introduction/{row.pk}/suggested", at)
    return row


@transaction.atomic
def hand_to_supervisor(*, circle: Circle, mentor: UUID, supervisor: UUID, by: User, at: datetime) -> None:
    """Somebody else supervises this mentor from now on; what rested goes on.

    Raises PermissionDenied, KeptApart.
    """
    circle = _led(circle, by)
    row = Mentor.objects.select_for_update().filter(pk=mentor, membership__circle=circle, ended_at=None).first()
    found = mentoring.supervising().filter(pk=supervisor).first()
    if row is None or found is None:
        raise PermissionDenied
    if mentoring.is_kept_apart(found, from_mentor=row, at=at):
        raise KeptApart
    row.supervisor = found
    row.save(update_fields=["supervisor"])
    audit.record("circle.mentor_handed_over", by=by, about=row, at=at)


@transaction.atomic
def end_mentor(*, circle: Circle, mentor: UUID, by: User, at: datetime) -> None:
    """They are a mentor no longer, says a supervisor. Raises PermissionDenied."""
    circle = _led(circle, by)
    row = Mentor.objects.select_for_update().filter(pk=mentor, membership__circle=circle, ended_at=None).first()
    if row is not None:
        audit.record("circle.mentor_ended", by=by, about=row, at=at)
        _end_all(row, at)


@transaction.atomic
def stop_mentoring(*, by: User, at: datetime) -> None:
    """The mentor would rather not, or not any more. Raises PermissionDenied."""
    row = Mentor.objects.select_for_update().filter(patient=own_patient(viewer=by), ended_at=None).first()
    if row is None:
        raise PermissionDenied
    audit.record("circle.mentoring_left", by=by, about=by, at=at)
    _end_all(row, at)


@transaction.atomic
def leave_introduction(*, introduction: UUID, by: User, at: datetime) -> None:
    """One of the two would rather not, or not any more: it ends, and nothing says whose wish it was.

    Raises PermissionDenied, also for a mentor who has not learnt of it.
    """
    found = mentoring.mentoring_for(viewer=by, at=at)
    mine = {row.pk: row for row in (*found.students, *filter(None, [found.introduction]))}
    if introduction not in mine:
        raise PermissionDenied
    audit.record("circle.mentoring_left", by=by, about=by, at=at)
    _end(mine[introduction], at)


@transaction.atomic
def settle_releases(*, patient: UUID, at: datetime) -> None:
    """After `patient` signed or took back something: who agreed is introduced, who no longer does is not.

    For what hears of consents, in its transaction.
    """
    signed = mentoring.releases([patient], at=at)
    for mentor in (
        Mentor.objects.select_for_update(of=("self",))
        .select_related("membership__circle__program")
        .filter(patient=patient, ended_at=None)
    ):
        agrees = mentoring.is_agreed(mentor, signed)
        if agrees and mentor.agreed_at is None:
            mentor.agreed_at = at
            mentor.save(update_fields=["agreed_at"])
        elif not agrees and mentor.agreed_at is not None:
            _end_all(mentor, at)
    for row in mentoring.open_introductions(at).select_for_update(of=("self",)).filter(patient=patient):
        release = mentoring.release_for(row, signed)
        if release is not None and row.introduced_at is None:
            row.introduced_at = at
            row.save(update_fields=["introduced_at"])
            record_disclosure(
                patient=row.patient, recipient=row.mentor.known_as, what=release.information, by=row.suggested_by,
                at=at, consent=release,
            )  # fmt: skip
            _tell(row.mentor.patient, f"introduction/{row.pk}/introduced", at)
        elif release is None and row.introduced_at is not None:
            _end(row, at)


def _note_that_a_student_learns(mentor: Mentor, *, by: User, at: datetime) -> None:
    signed = mentoring.releases([mentor.patient_id], at=at)
    release = next(one for one in signed if mentoring.is_agreed(mentor, [one]))
    record_disclosure(
        patient=mentor.patient,
        recipient=_("A student, for whom they may be a peer mentor"),  # the mentor may read this: it names nobody
        what=release.information,
        by=by,
        at=at,
        consent=release,
    )


def _led(circle: Circle, by: User) -> Circle:
    if not by.has_any(LEADERS):
        raise PermissionDenied
    return mentoring.access_mentors(viewer=by, pk=circle.pk)


def _end_all(mentor: Mentor, at: datetime) -> None:
    mentor.ended_at = at
    mentor.save(update_fields=["ended_at"])
    for row in mentor.introductions.filter(ended_at=None).select_related("patient__user", "mentor__patient__user"):
        _end(row, at)


def _end(row: Introduction, at: datetime) -> None:
    """Both are told alike, also who ended it."""
    Introduction.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at)
    _tell(row.patient, f"introduction/{row.pk}/ended-student", at)
    if row.introduced_at is not None:
        _tell(row.mentor.patient, f"introduction/{row.pk}/ended-mentor", at)


def _tell(patient: Patient, key: str, at: datetime) -> None:
    tell_of_change(patient, key=f"circle-{key}", at=at)
