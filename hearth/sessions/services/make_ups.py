"""Making up for what was missed: other times are offered by themselves, and said yes or no to."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hearth.accounts.models import Organisation, User
from hearth.accounts.telling import tell
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.lib.written_dates import written
from hearth.program import services as program
from hearth.safety.services import read_own_words
from hearth.sessions.make_ups import Desk, access_make_up, as_json, options_of, times_for
from hearth.sessions.models import Attendance, MakeUp, Session
from hearth.sessions.policies import policies_of
from hearth.sessions.rules import make_ups as rules
from hearth.sessions.rules.make_ups import Option
from hearth.sessions.rules.policy import Policy
from hearth.sessions.said import cannot_come
from hearth.sessions.services.letting_go import ON_HOLD
from hearth.sessions.services.making import PURPOSE
from hearth.timetable.accepting import one_at_a_time
from hearth.timetable.queries import monday_of
from hearth.timetable.services import tell_week_changed

Status = MakeUp.Status
WHERE = gettext_noop("It says why they cannot make a session up.")
FAR_BACK = timedelta(days=60)  # no program lets so much later be made up


class MakeUpClosed(Exception):
    """This was answered, or its time is over."""


class NoLongerFits(Exception):
    """This time cannot be had any more."""


# --- the worker's part ---------------------------------------------------------------------------------------


@transaction.atomic
def close_make_ups(*, organisation: Organisation, at: datetime) -> None:
    """Nothing waits beyond its time, nor for what turned out not to be missed or whoever has left.

    In a transaction of its own: working out what to offer takes long, and an answer must not wait for it.
    """
    rows = MakeUp.objects.select_for_update(of=("self",), skip_locked=True).select_related("missed__session")
    waiting = list(rows.filter(status__in=[Status.OPEN, Status.AGAIN, Status.NOTHING]))
    here = set(Episode.objects.active().values_list("patient", flat=True)) if waiting else set()
    policies = policies_of({row.patient_id for row in waiting})
    today = at.astimezone(organisation.zone).date()
    for row in waiting:
        policy, missed_on = policies[row.patient_id], row.missed.session.starts_at.astimezone(organisation.zone).date()
        is_missed = rules.may_be_made_up(row.missed.session.kind, row.missed.status, policy)
        if not is_missed or row.patient_id not in here:
            _decide(row, Status.NOT_NEEDED, by=None, at=at)
        elif row.status == Status.OPEN and row.until is not None and row.until <= at:
            _decide(row, Status.LAPSED, by=None, at=at)
        elif row.status != Status.OPEN and today > rules.last_day(missed_on, policy):
            row.until = None  # nobody is waited for: no time was found while there was time
            _decide(row, Status.LAPSED, by=None, at=at)


def let_go_of_make_ups(*, patient: UUID, by: User, at: datetime) -> None:
    """Nothing is made up any more for somebody who has died. In the deed's transaction."""
    rows = MakeUp.objects.select_for_update(of=("self",)).filter(patient=patient)
    for row in rows.filter(status__in=[Status.OPEN, Status.AGAIN, Status.NOTHING]):
        _decide(row, Status.NOT_NEEDED, by=by, at=at)


def offer_make_ups(*, organisation: Organisation, at: datetime) -> list[MakeUp]:
    """Offer other times for what was missed; see `close_make_ups` for what comes before.

    Done twice it offers once. Whoever said beforehand that they want no other time is not asked, nor for what fell
    into a stay's rest.
    """
    desk = Desk(organisation, at)
    rows = _missed(at)
    policies = policies_of({row.patient_id for row in rows})
    unwanted = _unwanted(rows, organisation)
    made = []
    for row in rows:
        policy = policies[row.patient_id]
        until = rules.last_day(row.session.starts_at.astimezone(organisation.zone).date(), policy)
        is_wanted = rules.may_be_made_up(row.session.kind, row.status, policy) and row.pk not in unwanted
        if is_wanted and rules.weeks_to_look_at(at.astimezone(organisation.zone).date(), until):
            found = _offer(desk, row, policy, at=at)
            made += [found] if found else []
    return made


def _missed(at: datetime) -> list[Attendance]:
    """What people in a program missed and was not offered for, or has to be looked at again; newest first."""
    again = Q(make_up__status=Status.AGAIN) | Q(
        make_up__status=Status.NOTHING, make_up__looked_at__lte=at - rules.AGAIN_AFTER
    )
    rows = Attendance.objects.filter(
        Q(make_up=None) | again,
        status__in=[Attendance.Status.ABSENT, Attendance.Status.EXCUSED],
        makes_up=None,
        session__ended_at__isnull=False,
        session__starts_at__gte=at - FAR_BACK,
        session__starts_at__lt=at,
        patient__in=Episode.objects.active().values("patient"),
    )
    rows = rows.exclude(status=Attendance.Status.EXCUSED, reason=ON_HOLD)
    return list(rows.select_related("session__section", "patient__user").order_by("-session__starts_at", "pk"))


def _unwanted(rows: list[Attendance], organisation: Organisation) -> set[object]:
    said = cannot_come({row.session_id: row.session for row in rows}.values(), home=organisation.zone)
    return {
        row.pk
        for row in rows
        if (one := said.get(row.session_id, {}).get(row.patient_id)) is not None and one.wants_make_up is False
    }


def _offer(desk: Desk, missed: Attendance, policy: Policy, *, at: datetime, tell: bool = True) -> MakeUp | None:
    """Offers what can be had for this; None where the student has enough questions open already."""
    others = MakeUp.objects.filter(patient=missed.patient_id, status=Status.OPEN).exclude(missed=missed)
    open_ones = list(others)
    if len(open_ones) >= rules.MOST_OPEN:
        return None
    zone = desk.organisation.zone
    until = rules.last_day(missed.session.starts_at.astimezone(zone).date(), policy)
    taken = {option.key for one in open_ones for option in options_of(one)}
    options = rules.offered(
        times_for(desk, missed, until=until), at=at, until=until, zone=zone, most=policy.make_up_offers, taken=taken
    )
    facts = {
        "patient": missed.patient,
        "options": as_json(options),
        "status": Status.OPEN if options else Status.NOTHING,
        "looked_at": at,
        "until": rules.answer_by(options, at=at, policy=policy) if options else None,
    }
    with transaction.atomic():
        row, is_new = MakeUp.objects.select_for_update(of=("self",)).get_or_create(missed=missed, defaults=facts)
        if not is_new:
            if row.status not in (Status.AGAIN, Status.NOTHING):
                return None
            for name, value in facts.items():
                setattr(row, name, value)
            row.save()
        if options:
            audit.record("sessions.make_up_offered", by=None, about=row, at=at, times=len(options))
            if tell:
                _tell(row, at=at)
    return row


def _tell(row: MakeUp, *, at: datetime) -> None:
    user = row.patient.user
    if user is None or not user.is_active or row.until is None:
        return
    address = settings.BASE_URL + reverse("sessions:my-make-up", args=[row.pk])
    with translation.override(user.language):
        words = _(
            "Hello %(name)s, your team has a question about your week. Please sign in and answer before"
            " %(until)s: %(address)s"
        ) % {
            "name": user.first_name,
            "until": written(row.until.astimezone(user.zone), "l j F, H:i"),
            "address": address,
        }
        key = f"make-up {row.pk} at {at.timestamp()}"
        subject = _("A question about your week")
        tell(user, subject=subject, body=words, key=key, at=at)


# --- the answer ----------------------------------------------------------------------------------------------


@transaction.atomic
def accept_make_up(*, make_up: MakeUp, choice: str, by: User, at: datetime) -> Attendance:
    """Take this time: a place on that one session's roster, or an hour alone that is made for it.

    By the student, or by staff who talked with them. It is looked for once more on today's rows, one answer after the
    other, so that no place is given twice. Raises MakeUpClosed, NoLongerFits; then nothing is stored.
    """
    one_at_a_time(by.organisation_id)  # whoever changes the week waits here
    row = _open(make_up, by=by, at=at)
    option = _still_fits(row, choice, by=by, at=at)
    session = _session(row, option, at=at)
    place = Attendance.objects.create(session=session, patient=row.patient, modality=option.modality)
    people = {row.patient_id} if option.session else {row.patient_id, option.staff}
    try:
        program.book(
            people=people, start=session.starts_at, end=session.ends_at, purpose_kind=PURPOSE, purpose_id=session.pk
        )
    except program.AlreadyBooked as trouble:
        raise NoLongerFits from trouble
    row.place = place
    _decide(row, Status.ACCEPTED, by=by, at=at)
    day = session.starts_at.astimezone(by.organisation.zone).date()
    told = [session.facilitator] if option.session is None else []
    told += [row.patient.user] if row.patient.user is not None else []
    tell_week_changed(people=told, week_of=monday_of(day), by=by, at=at)
    return place


def _still_fits(row: MakeUp, choice: str, *, by: User, at: datetime) -> Option:
    zone = by.organisation.zone
    policy = policies_of([row.patient_id])[row.patient_id]
    until = rules.last_day(row.missed.session.starts_at.astimezone(zone).date(), policy)
    if not rules.may_be_made_up(row.missed.session.kind, row.missed.status, policy):
        raise NoLongerFits
    wanted = {one.key for one in options_of(row)}
    for option in times_for(Desk(by.organisation, at), row.missed, until=until):
        if option.key == choice and choice in wanted:
            return option
    raise NoLongerFits


def _session(row: MakeUp, option: Option, *, at: datetime) -> Session:
    """The session that is taken part in, locked; for an hour alone it is made.

    It may be called off or begun while this is worked out, so that it is looked at again under the lock. Raises
    NoLongerFits.
    """
    if option.session is not None:
        standing = Session.objects.standing().filter(started_at=None, ended_at=None, starts_at__gt=at)
        session = standing.select_for_update(of=("self",)).filter(pk=option.session).first()
        if session is None:
            raise NoLongerFits
        return session
    missed = row.missed.session
    return Session.objects.create(
        kind=missed.kind,
        name=missed.name,
        facilitator_id=option.staff,
        modality=option.modality,
        starts_at=option.starts_at,
        ends_at=option.ends_at,
    )


@transaction.atomic
def decline_make_up(*, make_up: MakeUp, reason: str, by: User, at: datetime) -> MakeUp:
    """They cannot, or would rather not. Raises MakeUpClosed."""
    row = _open(make_up, by=by, at=at)
    row.reason = reason.strip()
    read_own_words(
        patient=row.patient, kind="sessions.make_up", row=row.pk, where=WHERE, words=row.reason, by=by, at=at
    )
    return _decide(row, Status.DECLINED, by=by, at=at)


def look_again(*, make_up: MakeUp, by: User, at: datetime) -> MakeUp:
    """Look for other times now: for whoever met a time that was gone, and for staff after a no. Raises MakeUpClosed.

    The student is told of what is found, unless they are the one who looks. What was put right since and is no longer
    missed is closed, and stays so although this raises.
    """
    with transaction.atomic():
        row = _looked_again(make_up, by=by, at=at)
    if row.status in (Status.ACCEPTED, Status.NOT_NEEDED):
        raise MakeUpClosed
    return row


def _looked_again(make_up: MakeUp, *, by: User, at: datetime) -> MakeUp:
    access_make_up(viewer=by, pk=make_up.pk, at=at, to="change")
    row = MakeUp.objects.select_for_update(of=("self",)).get(pk=make_up.pk)
    if row.status in (Status.ACCEPTED, Status.NOT_NEEDED):
        return row
    missed = Attendance.objects.select_related("session__section", "patient__user").get(pk=row.missed_id)
    policy = policies_of([row.patient_id])[row.patient_id]
    is_missed = rules.may_be_made_up(missed.session.kind, missed.status, policy)
    if not is_missed or not Episode.objects.active().filter(patient=row.patient_id).exists():
        return _decide(row, Status.NOT_NEEDED, by=by, at=at)
    row.status = Status.AGAIN
    row.save(update_fields=["status"])
    _offer(Desk(by.organisation, at), missed, policy, at=at, tell=missed.patient.user_id != by.pk)
    row.refresh_from_db()
    return row


def _open(make_up: MakeUp, *, by: User, at: datetime) -> MakeUp:
    access_make_up(viewer=by, pk=make_up.pk, at=at, to="change")
    rows = MakeUp.objects.select_for_update(of=("self",))
    row = rows.select_related("patient__user", "missed__session__section").get(pk=make_up.pk)
    if row.status != Status.OPEN or row.until is None or row.until <= at:
        raise MakeUpClosed
    return row


def _decide(row: MakeUp, status: MakeUp.Status, *, by: User | None, at: datetime) -> MakeUp:
    row.status, row.decided_at, row.decided_by = status, at, by
    row.save(update_fields=["status", "place", "reason", "until", "decided_at", "decided_by"])
    audit.record(f"sessions.make_up_{status.value}", by=by, about=row, at=at)
    return row
