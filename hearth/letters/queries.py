"""Reads of letters: a student's own, those staff answer, and those a guardian asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from hearth.accounts.models import Organisation, User
from hearth.accounts.roles import Role
from hearth.consent import wordings
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.queries import access_chart, all_agreed_to, family_grounds
from hearth.consent.rules import Ground, plain
from hearth.family import rules as sharing
from hearth.family.wording import WHY, Words
from hearth.letters import rules
from hearth.letters.models import Letter, Letterhead
from hearth.letters.telling import tells
from hearth.letters.wording import Sender, names_nobody
from hearth.people.models import CareTeamMember, Licence, Patient, Relationship
from hearth.people.queries import own_patient
from hearth.sessions.models import Attendance
from hearth.sessions.queries import HERE

STUDENTS = (Role.STUDENT, Role.ALUMNUS)
SIGNERS = frozenset({Role.COUNSELOR, Role.CASE_MANAGER, Role.SUPERVISOR, Role.DIRECTOR})
"""Who may sign a letter, or say why not."""
LEADERS = frozenset({Role.SUPERVISOR, Role.DIRECTOR})
SHOWN = 25
WAITS_LONG = timedelta(days=2)
"""From here on those who lead see it, too. Product default."""


def today_of(viewer: User, *, at: datetime) -> date:
    """The day it is where the house is: by it letters are asked for, and come."""
    return at.astimezone(viewer.organisation.zone).date()


def attended(patient: Patient, *, first: date, last: date, zone: ZoneInfo) -> tuple[rules.Day, ...]:
    """The days on which this student was in sessions that are over, by the minutes of the dose. One query, no door."""
    begins, ends = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    rows = Attendance.objects.filter(
        patient=patient, status__in=HERE, minutes__gt=0, session__cancelled_at=None,
        session__starts_at__gte=begins, session__starts_at__lt=ends,
    ).select_related("session")  # fmt: skip
    return rules.days_of(_stretch(row, zone) for row in rows.order_by("session__starts_at"))


def _stretch(row: Attendance, zone: ZoneInfo) -> rules.Stretch:
    """When they were there, inside the planned time alone, as their minutes are counted.

    Who waited at the door before was not in care yet, and who lingered after it not any more.
    """
    over = min(row.session.ended_at or row.session.ends_at, row.session.ends_at)
    starts, ends = max(row.arrived_at or row.session.starts_at, row.session.starts_at), min(row.left_at or over, over)
    return rules.Stretch(starts.astimezone(zone), ends.astimezone(zone), row.minutes)


def sender_of(organisation: Organisation) -> Sender:
    """Under which name a letter of this house is signed. One whose name would tell what it treats signs without."""
    head = letterhead_of(organisation)
    if head is not None:
        return Sender(head.name, head.address, head.phone or organisation.phone)
    return Sender("" if tells(organisation.name) else organisation.name, "", organisation.phone)


def letterhead_of(organisation: Organisation) -> Letterhead | None:
    """The name that was written down for letters, if one was."""
    return Letterhead.objects.filter(organisation=organisation).first()


def licence_of(signer: User, *, on: date) -> tuple[str, str]:
    """The number and state of a licence that `signer` holds on this day, the house's own state first."""
    held = list(Licence.objects.filter(holder=signer, during__contains=on).order_by("state", "number"))
    held.sort(key=lambda one: one.state != signer.organisation.state)
    return (rules.plain_number(held[0].number), held[0].state) if held else ("", "")


def _letters() -> QuerySet[Letter]:
    return Letter.objects.select_related(
        "patient__user", "patient__organisation", "asked_by", "signed_by", "declined_by", "handed_by", "organisation",
        "release",
    )  # fmt: skip


def own_letters(*, viewer: User) -> list[Letter]:
    """The latest that the viewer asked for, or somebody for them, newest first. Raises PermissionDenied."""
    return list(_letters().filter(patient=own_patient(viewer=viewer)).order_by("-asked_at", "pk")[: 2 * SHOWN])


def own_letter(*, viewer: User, pk: UUID, lock: bool = False) -> Letter:
    """One letter about the viewer. Raises PermissionDenied."""
    rows = _letters().filter(pk=pk, patient__user=viewer)
    return _found((rows.select_for_update(of=("self",)) if lock else rows).first())


def access_letter(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Letter:
    """One letter for staff who may sign it and may open its student's chart. Raises PermissionDenied."""
    if not viewer.has_any(SIGNERS):
        raise PermissionDenied
    rows = _letters().filter(pk=pk)
    letter = _found((rows.select_for_update(of=("self",)) if lock else rows).first())
    to = "read" if viewer.has_role(Role.DIRECTOR) else "change"
    access_chart(viewer=viewer, pk=letter.patient_id, purpose="PATRQT", at=at, to=to, what="letters")
    return letter


def letters_on_chart(*, viewer: User, patient: UUID, at: datetime) -> tuple[Patient, list[Letter]]:
    """For staff who may open the chart: the latest letters of this student, newest first. Raises PermissionDenied."""
    if not viewer.has_any(SIGNERS):
        raise PermissionDenied
    found = access_chart(viewer=viewer, pk=patient, purpose="PATRQT", at=at, what="letters")
    return found, list(_letters().filter(patient=found).order_by("-asked_at", "pk")[: 2 * SHOWN])


def waiting_for(viewer: User, *, at: datetime) -> list[Letter]:
    """Letters to sign or to hand over that fall to `viewer`. One query.

    To the primary counselor and to case managers of the care team; to those who lead, where no counselor at work is
    named, and what has waited long.
    """
    if not viewer.has_any(SIGNERS):
        return []
    team = CareTeamMember.objects.current().filter(patient=OuterRef("patient"))
    primary = team.filter(is_primary=True, member__is_active=True)
    mine = Q(Exists(team.filter(Q(is_primary=True) | Q(role=Role.CASE_MANAGER), member=viewer)))
    if viewer.has_any(LEADERS):
        mine |= ~Q(Exists(primary)) | Q(agreed_at__lte=at - WAITS_LONG)
    waits = Q(signed_at=None) | Q(to_reader=True, handed_at=None)
    rows = Letter.objects.filter(
        waits, mine, agreed_at__isnull=False, declined_at=None, taken_back_at=None, patient__has_died=False
    )
    # What is signed may wait for a release for weeks: it must not push out what nobody has read yet.
    rows = rows.order_by(F("signed_at").asc(nulls_first=True), "agreed_at", "pk")
    return list(rows.select_related("patient")[:SHOWN])


def releases_naming(letter: Letter, *, at: datetime) -> list[Consent]:
    """The releases in force that name this letter's reader, whoever signed them, newest first."""
    rows = Consent.objects.filter(patient=letter.patient_id, kind=ConsentKind.RELEASE).in_force(at=at)
    rows = rows.exclude(paper__in=wordings.narrow())
    wanted = plain(letter.reader)
    signed = rows.select_related("patient__organisation").order_by("-signed_at", "pk")
    return [row for row in signed if wanted in map(plain, row.recipients)]


def releases_for(letter: Letter, *, at: datetime) -> list[Consent]:
    """The releases under which this letter may go to its reader now: all who must have signed the same.

    Which of them covers what the letter is for is read and chosen by whoever hands it over. The consent for treatment,
    payment and operations is none: schools and employers do not treat (42 CFR 2.31(a)(4)).
    """
    if names_nobody(letter.reader):
        return []
    naming = [row for row in releases_naming(letter, at=at) if row.signer_is_patient]
    return [row for row in naming if all_agreed_to(row, recipient=letter.reader, at=at)]


@dataclass(frozen=True, slots=True)
class Ward:
    """A minor whose guardian the viewer is, and whether the viewer may ask for a letter about them now; if not, why."""

    tie: Relationship
    may_ask: bool
    why: Words


def wards_of(viewer: User, *, at: datetime) -> list[Ward]:
    """The living minors whose guardian `viewer` is, as far as they may know of them. Three queries.

    A letter tells how much was attended, so that it is asked for by whoever may see that: on the guardian's ground in
    law, with the student's own word beside it.
    """
    ties = Relationship.objects.filter(person=viewer, is_guardian=True, patient__has_died=False)
    rows = list(ties.select_related("person", "patient__organisation").order_by("patient__chosen_name", "pk"))
    grounds = family_grounds(rows, at=at)
    return [
        Ward(tie, may_ask=progress.is_shown, why=WHY[progress.why])
        for tie in rows
        if grounds[tie.pk] is Ground.GUARDIAN and tie.may_see_schedule
        for progress in sharing.sheet(sharing.Tie(grounds[tie.pk], tie.may_see_schedule, tie.may_see_progress))
        if progress.content is sharing.Content.PROGRESS
    ]


def access_ward(*, viewer: User, patient: UUID, at: datetime) -> Patient:
    """The minor for whom this guardian may ask and read letters now. The read is written down."""
    found = next((one for one in wards_of(viewer, at=at) if one.tie.patient_id == patient), None)
    if found is None or not found.may_ask or not viewer.has_role(Role.FAMILY):
        raise PermissionDenied
    return access_chart(viewer=viewer, pk=patient, purpose="PATRQT", at=at, what="letters")


def asked_letters(*, viewer: User, of: Iterable[Ward]) -> list[Letter]:
    """What a guardian asked for those of whom they may ask now, newest first."""
    open_to = [one.tie.patient_id for one in of if one.may_ask]
    return list(_letters().filter(asked_by=viewer, patient__in=open_to).order_by("-asked_at", "pk")[:SHOWN])


def asked_letter(*, viewer: User, pk: UUID, at: datetime) -> Letter:
    """A letter that a guardian asked for and may still see. Raises PermissionDenied."""
    letter = _found(_letters().filter(pk=pk, asked_by=viewer).first())
    access_ward(viewer=viewer, patient=letter.patient_id, at=at)
    return letter


def news_of(patient: Patient) -> Sequence[Letter]:
    """What waits for the student: words to say yes to, and letters they have not opened. One query, no door."""
    unseen = Q(agreed_at=None, declined_at=None)
    ready = Q(signed_at__isnull=False, opened_at=None)
    return list(
        Letter.objects.filter(unseen | ready, patient=patient, taken_back_at=None).order_by("-asked_at")[:SHOWN]
    )


def _found(letter: Letter | None) -> Letter:
    if letter is None:
        raise PermissionDenied
    return letter
