"""Single sessions of any kind, outside the week's pattern: made, and changed, for those they concern."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.accounts.roles import CARE
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.consent.queries import access_charts
from hearth.people.models import Modality, Patient
from hearth.people.queries import licences_of
from hearth.program import services as program
from hearth.program.queries import closures_within, leaves_within
from hearth.sessions.closing import is_closed, offices_on
from hearth.sessions.curriculum import about_that_week, lesson_of
from hearth.sessions.models import CAPACITY, Attendance, Session, SessionKind
from hearth.sessions.queries import access_session
from hearth.sessions.services.letting_go import fall_through
from hearth.sessions.services.making import PURPOSE
from hearth.sessions.services.running import NotNow, must_stand
from hearth.sessions.services.telling import tell_people, those_of
from hearth.sessions.singles import ALONE, MAKERS, Single, as_it_is
from hearth.timetable.models import KeepApart

SHORTEST, LONGEST = 15, 240  # minutes


class CannotHold(Exception):
    """This session cannot be held so. The text is a sentence for the screen."""


@transaction.atomic
def make_single(*, single: Single, by: User, at: datetime) -> Session:
    """Make it, hold everyone's hour, and tell those it concerns. Raises CannotHold; then nothing is stored."""
    if not by.has_any(MAKERS):
        raise PermissionDenied
    _must_open(single.students, by=by, at=at)
    _check(single, by=by, at=at)
    session = Session.objects.create(**_fields(single))
    _seat(session, single, single.students)
    _fill_topic(session, single, by)
    _book(session, single)
    audit.record("sessions.single_made", by=by, about=session, at=at, kind=single.kind, students=len(single.students))
    tell_people(those_of([session]), by=by, at=at)
    return session


@transaction.atomic
def change_single(*, session: Session, single: Single, by: User, at: datetime) -> Session:
    """Move it, or change who comes, who leads and where. Told are those for whom something changes.

    Raises CannotHold and NotNow; then nothing is stored.
    """
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    must_stand(session)
    if session.section_id is not None:
        raise NotNow(_("A weekly session is changed in the timetable."))
    if session.started_at is not None or session.starts_at <= at:
        raise NotNow(_("The session has begun."))
    before, told = as_it_is(session), those_of([session])
    gone = [one for one in before.students if one not in single.students]
    new = [one for one in single.students if one not in before.students]
    _must_open(new, by=by, at=at)
    _check(single, by=by, at=at)
    _leave(session, gone, by=by, at=at)
    for name, value in _fields(single).items():
        setattr(session, name, value)
    session.revision, session.changed_at = session.revision + 1, at
    session.save()
    for row in session.roster.select_related("patient"):
        row.modality, row.planned, row.modality_reason = single.way_of(row.patient), "", ""
        row.by_video_at = None
        row.save(update_fields=["modality", "planned", "modality_reason", "by_video_at"])
    _seat(session, single, new)
    if (session.kind, session.topic) != (before.kind, before.topic):
        _fill_topic(session, single, by)
    program.unbook(purpose_ids=[session.pk])
    _book(session, single)
    audit.record("sessions.single_changed", by=by, about=session, at=at, came=len(new), left=len(gone))
    tell_people(_concerned(before, single, told, those_of([session]), [*gone, *new]), by=by, at=at)
    return session


def _concerned(
    before: Single, after: Single, old: dict[date, set[User]], new: dict[date, set[User]], moved: Iterable[Patient]
) -> dict[date, set[User]]:
    """Everybody where the hour, the place or who leads is another; else only those who come or stay away now."""
    names = ("starts_at", "minutes", "modality", "room", "leader", "second", "interpreter")
    if any(getattr(before, name) != getattr(after, name) for name in names):
        return {monday: old.get(monday, set()) | new.get(monday, set()) for monday in {*old, *new}}
    people = {one.user for one in moved if one.user is not None}
    return dict.fromkeys(new, people)


def _must_open(students: Iterable[Patient], *, by: User, at: datetime) -> None:
    asked = {one.pk for one in students}
    if access_charts(viewer=by, pks=asked, purpose="TREAT", at=at, what="sessions") != asked:
        raise PermissionDenied


def _leave(session: Session, gone: Iterable[Patient], *, by: User, at: datetime) -> None:
    rows = session.roster.filter(patient__in=list(gone))
    fall_through(rows, by=by, at=at)
    try:
        with transaction.atomic():
            rows.delete()
    except ProtectedError as trouble:  # they said where they are, or were marked
        raise CannotHold(_("Somebody you took off is on their way into this session already.")) from trouble


def _fields(single: Single) -> dict[str, object]:
    return {
        "kind": single.kind,
        "name": single.name.strip() or str(SessionKind(single.kind).label),
        "topic": single.topic.strip(),
        "facilitator": single.leader,
        "co_facilitator": single.second,
        "interpreter": single.interpreter,
        "modality": single.modality,
        "room": single.room,
        "starts_at": single.starts_at,
        "ends_at": single.ends_at,
    }


def _fill_topic(session: Session, single: Single, by: User) -> None:
    """A topic of the curriculum brings its lesson.

    Where nobody wrote a topic, a group has what the curriculum has for its students that week.
    """
    if session.topic:
        session.lesson = lesson_of(session, session.topic)
    else:
        day = single.starts_at.astimezone(by.organisation.zone).date()
        found = about_that_week(single.kind, [one.pk for one in single.students], on=day, language=by.language)
        session.topic, session.lesson = found.topic[:160], found.lesson
    session.save(update_fields=["topic", "lesson"])


def _seat(session: Session, single: Single, students: Iterable[Patient]) -> None:
    Attendance.objects.bulk_create(
        [Attendance(session=session, patient=one, modality=single.way_of(one)) for one in students]
    )


def _book(session: Session, single: Single) -> None:
    rooms = {single.room.pk} if single.room else set()
    try:
        program.book(
            people=single.booked, rooms=rooms, start=single.starts_at, end=single.ends_at, purpose_kind=PURPOSE,
            purpose_id=session.pk,
        )  # fmt: skip
    except program.AlreadyBooked as trouble:
        names: dict[UUID, str] = {one.pk: one.name for one in single.leaders}
        names |= {one.pk: one.name for one in single.students}
        if single.room is not None:
            names[single.room.pk] = single.room.name
        if single.interpreter is not None:
            names[single.interpreter.pk] = single.interpreter.name
        who = ", ".join(sorted(names[pk] for pk in trouble.taken))
        raise CannotHold(_("%(who)s is booked elsewhere at that time.") % {"who": who}) from trouble


# --- what must hold ------------------------------------------------------------------------------------------


def _check(single: Single, *, by: User, at: datetime) -> None:
    """Raises CannotHold with the first thing that is wrong."""
    day = single.starts_at.astimezone(by.organisation.zone).date()
    _check_what(single, at)
    _check_place(single)
    _check_leaders(single, day)
    _check_days_off(single, day)
    _check_people(single, day)


def _check_what(single: Single, at: datetime) -> None:
    if single.starts_at <= at:
        raise CannotHold(_("This time is over."))
    if not SHORTEST <= single.minutes <= LONGEST:
        raise CannotHold(_("A session lasts 15 minutes to 4 hours."))
    if not single.students:
        raise CannotHold(_("Say who comes."))
    if single.kind in ALONE and len(single.students) > 1:
        raise CannotHold(_("An hour alone has one student."))


def _check_place(single: Single) -> None:
    room = single.room
    if single.modality == Modality.VIRTUAL and room is not None:
        raise CannotHold(_("A session by video alone needs no room."))
    if room is None and single.modality != Modality.VIRTUAL and single.kind not in ALONE:
        raise CannotHold(_("A group in person needs a room."))
    here = sum(single.way_of(one) != Modality.VIRTUAL for one in single.students)
    helpers = len(single.leaders) + bool(single.interpreter)
    if room is not None and here + helpers > room.seats:
        raise CannotHold(_("%(room)s has %(seats)s seats.") % {"room": room.name, "seats": room.seats})
    if len(single.students) > CAPACITY:
        raise CannotHold(_("A group has %(most)s students at most.") % {"most": CAPACITY})


def _check_leaders(single: Single, day: date) -> None:
    if single.leader == single.second:
        raise CannotHold(_("The second leader is somebody else."))
    licences = licences_of(single.leaders)
    needed = {one.state for one in single.students if single.way_of(one) == Modality.VIRTUAL}
    for leader in single.leaders:
        if not (leader.is_active and leader.has_any(CARE)):
            raise CannotHold(_("%(name)s does not lead sessions.") % {"name": leader.name})
        held = {each.state for each in licences[leader.pk] if each.is_held_on(day)}
        for state in sorted(needed - held):
            words = _("%(name)s holds no license for %(state)s on that day, where a student takes part by video.")
            raise CannotHold(words % {"name": leader.name, "state": state or _("an unknown state")})
    interpreter = single.interpreter
    if interpreter is not None and not interpreter.can_be_booked_on(day):
        raise CannotHold(_("%(name)s cannot be booked on that day.") % {"name": interpreter.name})


def _check_days_off(single: Single, day: date) -> None:
    away = {leave.member_id for leave in leaves_within(day, day)}
    for leader in single.leaders:
        if leader.pk in away:
            raise CannotHold(_("%(name)s is on leave that day.") % {"name": leader.name})
    site = single.room.site_id if single.room else offices_on(day).get(single.leader.pk)
    for closure in closures_within(day, day):
        if is_closed(closure, single.modality, site):
            raise CannotHold(_("It is closed that day: %(name)s.") % {"name": closure.name})


def _check_people(single: Single, day: date) -> None:
    if len({one.population for one in single.students}) > 1:
        raise CannotHold(_("Adults and adolescents never meet in one session."))
    if single.kind != SessionKind.ASSESSMENT:
        stays = Episode.objects.active().filter(patient__in=single.students, starts_on__lte=day, planned_end_on__gt=day)
        inside = set(stays.values_list("patient", flat=True))
        for one in single.students:
            if one.pk not in inside:
                raise CannotHold(_("%(name)s is not in the program on that day.") % {"name": one.name})
    here = [one.pk for one in single.students]
    pairs = KeepApart.objects.filter(ended_at=None, patient__in=here)
    pairs = pairs.filter(Q(other__in=here) | Q(member__in=single.leaders)).select_related("patient", "other", "member")
    for pair in pairs:
        other = pair.other or pair.member
        names = {"one": pair.patient.name, "other": other.name if other else ""}
        raise CannotHold(_("%(one)s and %(other)s are not to be in one session.") % names)
