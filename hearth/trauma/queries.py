"""Reads of the strand for painful events. `access_chart` and `access_session` are the doors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.queries import access_staff_member
from hearth.accounts.roles import CARE, CLINICIANS, Role
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.queries import access_chart, access_charts
from hearth.consent.rules import OF_AGE
from hearth.medical.models import WithdrawalCheck
from hearth.people.models import Patient
from hearth.people.queries import own_patient
from hearth.safety.models import Concern
from hearth.safety.plan_queries import newest_plan, plan_reviews
from hearth.safety.plan_rules import Review
from hearth.sessions.models import Attendance, GroupNote, Session, SessionKind
from hearth.sessions.queries import CAME, access_session, own_attendance
from hearth.skills.models import Practice
from hearth.skills.queries import pack_of
from hearth.trauma import rules
from hearth.trauma.models import Choice, NextDayCheck, Offer, Processing, Readiness, StopSignal, Training

SHOWN = 12  # sessions on the page; each stands in its note, too
LATELY, WITHIN = timedelta(weeks=4), timedelta(weeks=2)  # of practice, of signs of withdrawal


@dataclass(frozen=True, slots=True)
class Strand:
    """Where the strand of one student stands."""

    patient: Patient
    offer: Offer | None
    choice: Choice | None
    signal: StopSignal | None
    readiness: Readiness | None
    processings: Sequence[Processing]
    may_lead: bool

    @property
    def is_chosen(self) -> bool:
        return self.choice is not None and self.choice.what == rules.Choice.WORK


def strand(*, viewer: User, pk: UUID, at: datetime) -> Strand:
    """The strand of `pk` for the care team; a read that is written down. Raises PermissionDenied. Nine queries."""
    if not viewer.has_any(CARE):
        raise PermissionDenied
    patient = access_chart(viewer=viewer, pk=pk, purpose="TREAT", at=at, what="trauma")
    return _strand(patient, may_lead=viewer.has_any(CLINICIANS))


def own_strand(*, viewer: User, at: datetime) -> Strand:
    """The viewer's own. Raises PermissionDenied."""
    own = own_patient(viewer=viewer)
    patient = access_chart(viewer=viewer, pk=own.pk, purpose="TREAT", at=at, to="own", what="trauma")
    return _strand(patient, may_lead=False)


def _strand(patient: Patient, *, may_lead: bool) -> Strand:
    return Strand(
        patient=patient,
        offer=Offer.objects.filter(patient=patient).select_related("by").first(),
        choice=newest_choice(patient),
        signal=newest_signal(patient),
        readiness=newest_readiness(patient),
        processings=list(_processings().filter(patient=patient).order_by("-begun_at", "pk")[:SHOWN]),
        may_lead=may_lead,
    )


def newest_choice(patient: Patient) -> Choice | None:
    """What holds now; None before anything was chosen. The caller has passed a door."""
    return Choice.objects.filter(patient=patient).order_by("-at", "-pk").first()


def newest_signal(patient: Patient) -> StopSignal | None:
    """The stop signal that holds now. The caller has passed a door."""
    return StopSignal.objects.filter(patient=patient).order_by("-at", "-pk").first()


def newest_readiness(patient: Patient) -> Readiness | None:
    """The checklist as it was signed last. The caller has passed a door."""
    return Readiness.objects.filter(patient=patient).select_related("by").order_by("-at", "-pk").first()


def _processings() -> QuerySet[Processing]:
    return Processing.objects.select_related("training", "by", "attendance__session", "check_after__named", "patient")


# --- readiness ----------------------------------------------------------------------------------------------


def is_minor(patient: Patient, *, at: datetime) -> bool:
    """Whether somebody is under 18 on that day."""
    return patient.age(on=_today(patient, at)) < OF_AGE


def known_of(patient: Patient, *, at: datetime) -> rules.Known:
    """What the house knows beside each line of the checklist. A fixed number of queries; the caller has a door."""
    choice, plan = newest_choice(patient), newest_plan(patient)
    concerns = Concern.objects.filter(patient=patient).order_by("-raised_at")
    newest = concerns.first()
    practised = _grounding_practice(patient, at=at)
    withdrawal = WithdrawalCheck.objects.filter(patient=patient, at__gte=at - WITHIN).exclude(severity="")
    consents = _treatment_consents(patient, at=at)
    zone = patient.organisation.zone
    return rules.Known(
        choice=choice.what if choice else "",
        chosen_on=_on(choice.at if choice else None, zone),
        plan_made_on=_on(plan.saved_at if plan else None, zone),
        plan_waits=plan is not None and plan_reviews([patient.pk])[patient.pk] is Review.SINCE_CONCERN,
        concerns_open=concerns.filter(resolved_at=None).count(),
        concern_on=_on(newest.raised_at if newest else None, zone),
        practised=practised.count(),
        practised_on=_on(practised.aggregate(last=Max("practised_at"))["last"], zone),
        withdrawal_on=_on(withdrawal.aggregate(last=Max("at"))["last"], zone),
        next_on=_on(_next_at(patient, at), zone),
        own_consent_on=_on(consents.get(True), zone),
        guardian_consent_on=_on(consents.get(False), zone),
    )


def _grounding_practice(patient: Patient, *, at: datetime) -> QuerySet[Practice]:
    """Of the gentle modules of their pack, that never ask for a story."""
    pack = pack_of(patient)
    lessons = [lesson for module in pack.modules if module.gentle for lesson in module.lessons] if pack else []
    return Practice.objects.filter(patient=patient, lesson__in=lessons, practised_at__range=(at - LATELY, at))


def _treatment_consents(patient: Patient, *, at: datetime) -> Mapping[bool, datetime]:
    """When the newest consent to treatment in force was signed, by whether the student signed it."""
    rows = Consent.objects.filter(patient=patient, kind=ConsentKind.TREATMENT).in_force(at=at).order_by("signed_at")
    return dict(rows.values_list("signer_is_patient", "signed_at"))


def _next_at(patient: Patient, at: datetime) -> datetime | None:
    rows = Session.objects.standing().filter(roster__patient=patient, starts_at__gt=at)
    return rows.order_by("starts_at").values_list("starts_at", flat=True).first()


def _on(at: datetime | None, zone: object) -> date | None:
    return at.astimezone(zone).date() if at else None  # type: ignore[arg-type]


def _today(patient: Patient, at: datetime) -> date:
    return at.astimezone(patient.organisation.zone).date()


# --- one session --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InSession:
    """The strand in one session: what keeps its form closed, or what was begun."""

    session: Session
    place: Attendance
    strand: Strand
    processing: Processing | None
    trainings: Sequence[Training]
    closed: tuple[rules.Closed, ...]

    @property
    def is_locked(self) -> bool:
        """With the session's note: only an addendum follows."""
        return rules.Closed.NOTE_SIGNED in self.closed


def in_session(*, viewer: User, session_id: UUID, at: datetime, to_change: bool = False) -> InSession:
    """For who leads this individual session and has the chart open. Raises PermissionDenied.

    With `to_change` the session and the student's row are held: a choice made meanwhile comes first or waits.
    """
    session = access_session(viewer=viewer, pk=session_id, at=at, to="change" if to_change else "read", lock=to_change)
    places = list(session.roster.select_related("patient__organisation")[:2])
    if len(places) != 1 or session.cancelled_at is not None or not viewer.has_any(CLINICIANS):
        raise PermissionDenied
    place = places[0]
    door = "change" if to_change else "read"
    patient = access_chart(
        viewer=viewer, pk=place.patient_id, purpose="TREAT", at=at, to=door, lock=to_change, what="trauma"
    )
    found = _strand(patient, may_lead=session.is_led_by(viewer))
    trainings = list(trainings_of(viewer).order_by("method", "pk"))
    return InSession(
        session=session,
        place=place,
        strand=found,
        processing=_processings().filter(attendance=place).first(),
        trainings=trainings,
        closed=rules.closed(_standing(session, place, found, trainings), today=_today(patient, at)),
    )


def _standing(session: Session, place: Attendance, found: Strand, trainings: Sequence[Training]) -> rules.Standing:
    review = found.readiness
    return rules.Standing(
        is_individual=session.kind == SessionKind.INDIVIDUAL,
        is_here=place.status in CAME,
        choice=found.choice.what if found.choice else "",
        begins=review.begins if review else None,
        reviewed_on=_today(found.patient, review.at) if review else None,
        has_signal=found.signal is not None,
        trained=frozenset(each.method for each in trainings),
        is_locked=GroupNote.objects.filter(session=session, signed_at__isnull=False).exists(),
    )


def is_offered_in(session_id: UUID) -> bool:
    """Whether the strand was ever offered to who is in this session: says nothing of anybody, and reads no chart."""
    return Offer.objects.filter(patient__attendances__session=session_id).exists()


def own_processing(*, viewer: User, session_id: UUID) -> Processing:
    """The viewer's own, of this session. Raises PermissionDenied, also where none was begun."""
    place = own_attendance(viewer=viewer, session_id=session_id)
    row = _processings().filter(attendance=place).first()
    if row is None:
        raise PermissionDenied
    return row


@dataclass(frozen=True, slots=True)
class OwnSignal:
    """A student's stop signal in one of their sessions; `is_begun`: they can say how strong it is."""

    words: str
    session_id: UUID
    is_begun: bool


def own_signal(*, viewer: User, session_id: UUID) -> OwnSignal | None:
    """As agreed for what was begun, or as it holds for who chose this; None otherwise. Raises PermissionDenied."""
    place = own_attendance(viewer=viewer, session_id=session_id)
    begun = Processing.objects.filter(attendance=place).first()
    if begun is not None:
        return OwnSignal(begun.stop_signal, session_id, is_begun=True)
    choice, signal = newest_choice(place.patient), newest_signal(place.patient)
    if choice is None or choice.what != rules.Choice.WORK or signal is None:
        return None
    return OwnSignal(signal.words, session_id, is_begun=False)


def _running(patient: Patient, *, at: datetime) -> OwnSignal | None:
    rows = Processing.objects.filter(patient=patient, closed_at=None, attendance__session__ended_at=None)
    running = rows.filter(attendance__session__ends_at__gt=at).select_related("attendance")
    row = running.order_by("-begun_at", "pk").first()
    return OwnSignal(row.stop_signal, row.attendance.session_id, is_begun=True) if row else None


# --- training -----------------------------------------------------------------------------------------------


def trainings_of(member: User) -> QuerySet[Training]:
    """What is on file of this person."""
    return Training.objects.on_file().filter(holder=member)


def access_trainings(*, viewer: User, pk: UUID) -> tuple[User, Sequence[Training]]:
    """A member of staff and their trainings on file, for those who lead. Raises PermissionDenied. Three queries."""
    member = access_staff_member(viewer=viewer, pk=pk)
    return member, list(trainings_of(member).select_related("proof_seen_by").order_by("-trained_on", "pk"))


# --- the day after ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StrandToday:
    """What of the strand stands on a student's first screen. `asks`: offered, and nothing chosen yet."""

    is_offered: bool = False
    asks: bool = False
    check: NextDayCheck | None = None
    signal: OwnSignal | None = None  # of what was begun in a session that runs now


def strand_today(patient: Patient, *, at: datetime) -> StrandToday:
    """The same for `patient`, whose own door the caller has passed. One query before an offer, four after it."""
    if not Offer.objects.filter(patient=patient).exists():
        return StrandToday()
    return StrandToday(
        is_offered=True,
        asks=not Choice.objects.filter(patient=patient).exists(),
        check=check_due(patient, at=at),
        signal=_running(patient, at=at),
    )


def check_due(patient: Patient, *, at: datetime) -> NextDayCheck | None:
    """What they are asked today. One query; the caller has passed a door."""
    rows = NextDayCheck.objects.filter(patient=patient, answered_at=None)
    return rows.filter(opens_at__lte=at, opens_at__gt=at - rules.OPEN_FOR).order_by("opens_at").first()


def own_check(*, viewer: User, pk: UUID, at: datetime) -> NextDayCheck:
    """The viewer's own, from when it opens. Raises PermissionDenied."""
    row = NextDayCheck.objects.filter(pk=pk, patient__user=viewer, opens_at__lte=at).select_related("named").first()
    if row is None:
        raise PermissionDenied
    return row


def checks_waiting(*, viewer: User, at: datetime) -> Sequence[NextDayCheck]:
    """Those nobody answered by the set hour, and those whose answer asks for a person, until somebody settles them.

    `viewer`'s, as the named person; supervisors and directors see everyone's once it has waited longer. One query and
    the reads'.
    """
    if not viewer.has_any(CARE | {Role.DIRECTOR}):
        return []
    mine = Q(named=viewer)
    if viewer.has_any({Role.SUPERVISOR, Role.DIRECTOR}):
        mine |= Q(answer_by__lte=at - rules.BACKUP_AFTER)
    waits = Q(answered_at=None, answer_by__lte=at) | Q(asks_for_somebody=True)
    open_still = Q(settled_at=None) | Q(asks_for_somebody=True, settled_at__lt=F("answered_at"))
    rows = NextDayCheck.objects.filter(mine & waits & open_still, patient__has_died=False)
    open_to = rows.filter(patient__in=Patient.objects.open_to(viewer).values("pk"))
    found = list(open_to.select_related("patient", "named").order_by("answer_by", "pk"))
    if found:
        access_charts(viewer=viewer, pks={one.patient_id for one in found}, purpose="TREAT", at=at, what="trauma")
    return found


SILENCE = "trauma.next_day_silence"
"""What a concern names as its source where nobody answered; an answer that comes later raises its own."""


def checks_silent(*, at: datetime) -> QuerySet[NextDayCheck]:
    """Of the living: those still unanswered and unsettled so long that a concern is due, and not raised yet.

    Older than the days in which they can be answered they stand on Today alone: a house that learns to hear silence
    does not ring for last year's.
    """
    raised = Concern.objects.filter(source_kind=SILENCE, source_id=OuterRef("pk"))
    late = NextDayCheck.objects.filter(answered_at=None, settled_at=None, answer_by__lte=at - rules.BACKUP_AFTER)
    late = late.filter(answer_by__gt=at - rules.BACKUP_AFTER - rules.OPEN_FOR)
    return late.filter(~Exists(raised), patient__has_died=False)


def is_raised(check: NextDayCheck) -> bool:
    """Whether what was answered, or that nothing was, raised a concern. The caller has passed a door."""
    return check.asks_for_somebody or Concern.objects.filter(source_kind=SILENCE, source_id=check.pk).exists()


def access_check(*, viewer: User, pk: UUID, at: datetime) -> NextDayCheck:
    """One of them, for the care team; the read is written down. Raises PermissionDenied."""
    row = NextDayCheck.objects.select_related("named", "settled_by", "processing__by").filter(pk=pk).first()
    if row is None or not viewer.has_any(CARE | {Role.DIRECTOR}):
        raise PermissionDenied
    row.patient = access_chart(viewer=viewer, pk=row.patient_id, purpose="TREAT", at=at, what="trauma")
    return row


def who_may_be_named(patient: Patient) -> QuerySet[User]:
    """The people of the care team who can look after the day after. The caller has passed a door."""
    return User.objects.filter(
        caseload__patient=patient, caseload__until=None, is_active=True, roles__overlap=[str(role) for role in CARE]
    ).distinct()
