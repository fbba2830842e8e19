"""Reaching out to who missed sessions: a kind word after each, and a task for staff after the program's number."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hearth.accounts.models import User
from hearth.accounts.queries import holders_of
from hearth.accounts.roles import CARE, Role
from hearth.accounts.telling import tell
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.measures.low_scores import low_scores_of
from hearth.measures.warning import Low
from hearth.people.models import CareTeamMember
from hearth.people.rules import SEE_EVERYONE
from hearth.program import pack
from hearth.safety.models import Concern, Severity
from hearth.safety.services import raise_concern
from hearth.sessions.models import Attendance, Outreach, OutreachAttempt, Presence, Session, VideoPlace
from hearth.sessions.outreach import access_outreach
from hearth.sessions.rules.attendance import HERE
from hearth.sessions.services.presence import note_who_waits
from hearth.sessions.totals import missed_in_a_row
from hearth.sessions.video.rules import RUNS_OVER

SETTING = "outreach_after_misses"
MISSED = "sessions.missed"
STAYED_AWAY = gettext_noop("Missed a session without excuse after a low score: reach them.")
KEPT_OUT = gettext_noop("Came after a low score and could not be let into the video room: reach them.")
LOWS: Mapping[Low, str] = {
    "answer": gettext_noop("An answer in the past 30 days told of danger."),
    "band": gettext_noop("The latest total lies in the worst band of its paper."),
    "course": gettext_noop("They are not on track: behind the expected course by what counts as real change."),
}


class NoteMissing(Exception):
    """Somebody was reached, but what was said is missing."""


def follow_up(rows: Iterable[Attendance], *, by: User, at: datetime) -> None:
    """After a session is over, or a mark was changed: thank nobody, scold nobody, and lose nobody.

    Whoever came again is no longer reached out to. Whoever was absent without excuse gets a kind word, and an
    outreach begins once they missed as many in a row as their program says. Whom the house could not let in is told
    so, and so are those who led: it is theirs to call. In the session's transaction.
    """
    rows = list(rows)
    _close({row.patient_id for row in rows if row.status in HERE}, Outreach.Outcome.CAME, by=by, at=at)
    absent = [row for row in rows if row.status == Attendance.Status.ABSENT]
    kept_out = [row for row in rows if row.status == Attendance.Status.EXCUSED and row.kept_out and not row.reason]
    if not absent and not kept_out:
        return
    misses = missed_in_a_row(patients=[row.patient_id for row in absent], at=at)
    episodes = Episode.objects.active().filter(patient__in=[row.patient_id for row in [*absent, *kept_out]])
    programs = {one.patient_id: one.program.pack for one in episodes.select_related("program")}
    _look_for_who_was_low([row for row in [*absent, *kept_out] if row.patient_id in programs], at=at)
    _tell_of_who_was_kept_out([row for row in kept_out if row.patient_id in programs], at=at)
    for row in absent:
        if row.patient_id in programs:
            _say_we_missed_them(row, at=at)
            if misses.get(row.patient_id, 0) >= pack.get(programs[row.patient_id]).settings[SETTING].value:
                _begin(row, misses[row.patient_id], by=by, at=at)


@transaction.atomic
def hear_of_kept_out(*, at: datetime) -> int:
    """Follow up whom the house could not let into sessions that are over and that nobody ended; how many.

    They are excused with it, so that it is done once. Ending the session later changes nothing of it.
    """
    kept_out = Q(kept_out__gt="") | Exists(
        VideoPlace.objects.filter(attendance=OuterRef("pk"), connection__isnull=False, joined_at=None)
    )
    status = Attendance.Status
    never_in = Q(status=status.EXPECTED) | Q(status=status.PRESENT, source=Presence.Source.WAITING)
    over = Session.objects.standing().filter(ended_at=None, ends_at__lte=at - RUNS_OVER)
    rows = list(
        Attendance.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(kept_out, never_in, session__in=over)
        .select_related("patient__user", "session__facilitator", "session__co_facilitator")
    )
    for session in {row.session_id: row.session for row in rows}.values():
        note_who_waits(session, [row for row in rows if row.session_id == session.pk], at=session.ends_at)
    found = [row for row in rows if row.kept_out]
    for row in found:
        row.status = status.EXCUSED
        row.save(update_fields=["status", "kept_out"])
        audit.record("sessions.kept_out", by=None, about=row.session, at=at, patient_id=row.patient_id)
    active = Episode.objects.active().filter(patient__in=[row.patient_id for row in found])
    in_care = set(active.values_list("patient", flat=True))
    mine = [row for row in found if row.patient_id in in_care]
    _look_for_who_was_low(mine, at=at)
    _tell_of_who_was_kept_out(mine, at=at)
    return len(found)


def _look_for_who_was_low(absent: Collection[Attendance], *, at: datetime) -> None:
    """A concern for whoever was missed while their latest answers were low; not again while one as grave is open.

    Where an answer was grave it asks for a look the same day, otherwise for one by tomorrow. The sentence says the
    limit; where each comes from stands in measures/warning.py.
    """
    lows = low_scores_of([row.patient_id for row in absent], at=at)
    waiting = Concern.objects.open().filter(patient__in=lows, source_kind=MISSED)
    known = set(waiting.values_list("patient", flat=True))
    pressing = set(waiting.exclude(severity=Severity.WATCH).values_list("patient", flat=True))
    for row in absent:
        found = lows.get(row.patient_id)
        if found is not None and row.patient_id not in (pressing if found.why == "answer" else known):
            known.add(row.patient_id)
            pressing.add(row.patient_id)
            why = KEPT_OUT if row.kept_out else STAYED_AWAY
            total = "" if found.total is None else f" {found.total}"
            raise_concern(
                patient=row.patient,
                source_kind=MISSED,
                source_id=row.pk,
                severity=Severity.URGENT if found.why == "answer" else Severity.WATCH,
                summary=f"{why}\n{found.instrument.name}{total}, {found.on:%Y-%m-%d}:\n{LOWS[found.why]}",
                by=None,  # a rule noticed it, nobody of staff
                at=at,
            )


def _begin(row: Attendance, misses: int, *, by: User, at: datetime) -> None:
    found, is_new = Outreach.objects.get_or_create(
        patient=row.patient, closed_at=None, defaults={"session": row.session, "misses": misses, "opened_at": at}
    )
    if is_new:
        audit.record("sessions.outreach_began", by=by, about=found, at=at, misses=misses)


def _say_we_missed_them(row: Attendance, *, at: datetime) -> None:
    """Once for each session; it names neither the session nor the program."""
    user = row.patient.user
    if user is None or not user.is_active:
        return
    with translation.override(user.language):
        words = _("Hello %(name)s, we missed you today. If something came up, you can tell us here: %(address)s") % {
            "name": user.first_name,
            "address": f"{settings.BASE_URL}{reverse('web:today')}",
        }
        subject, key = _("A note for you"), f"missed {row.pk}"
        tell(user, subject=subject, body=words, key=key, at=at)


def _say_we_could_not_let_them_in(row: Attendance, *, at: datetime) -> None:
    """Once for each session; it names neither the session nor the program."""
    user = row.patient.user
    if user is None or not user.is_active:
        return
    with translation.override(user.language):
        words = _(
            "Hello %(name)s, you came and we could not let you in. That was on our side, and nothing you have "
            "to make good. Somebody of us will be in touch. You can also write to us here: %(address)s"
        ) % {"name": user.first_name, "address": f"{settings.BASE_URL}{reverse('web:today')}"}
        tell(user, subject=_("A note for you"), body=words, key=f"kept out {row.pk}", at=at)


def _tell_of_who_was_kept_out(rows: Collection[Attendance], *, at: datetime) -> None:
    """They are told; so are those who led, and their primary counselor, or where that is nobody else, supervisors."""
    team = CareTeamMember.objects.current().filter(is_primary=True, member__is_active=True)
    team = team.filter(patient__in=[row.patient_id for row in rows]).select_related("member") if rows else team.none()
    primary = {one.patient_id: one.member for one in team}
    supervisors = list(holders_of(Role.SUPERVISOR)) if rows else []
    for row in rows:
        _say_we_could_not_let_them_in(row, at=at)
        leaders, counselor = row.session.leaders, primary.get(row.patient_id)
        others = supervisors if counselor is None or counselor in leaders else [counselor]
        for reader in (*leaders, *(one for one in others if one not in leaders)):
            _tell_staff(reader, row, at=at)


def _tell_staff(reader: User, row: Attendance, *, at: datetime) -> None:
    """Once for each session, however many could not come in; who it was stands on its page.

    A counselor to whom its page is closed is sent to the chart instead, once for each student.
    """
    way, about = "sessions:room", row.session_id
    if reader not in row.session.leaders and not reader.has_any(SEE_EVERYONE):
        way, about = "web:chart", row.patient_id
    address = f"{settings.BASE_URL}{reverse(way, args=[about])}"
    with translation.override(reader.language):
        words = _("Somebody came and could not be let into a video room. See who, and call them: %(address)s")
        subject, key = _("Somebody could not come in"), f"kept out of {row.session_id} {about} {reader.pk}"
        tell(reader, subject=subject, body=words % {"address": address}, key=key, at=at)


@transaction.atomic
def record_attempt(*, outreach: Outreach, how: str, reached: bool, note: str, by: User, at: datetime) -> Outreach:
    """Write down one try. Having talked with them closes the outreach and needs a note. Raises NoteMissing."""
    if not by.has_any(CARE):
        raise PermissionDenied
    outreach = access_outreach(viewer=by, pk=outreach.pk, at=at, lock=True)
    if reached and not note.strip():
        raise NoteMissing
    OutreachAttempt.objects.create(outreach=outreach, how=how, reached=reached, note=note.strip(), by=by, at=at)
    audit.record("sessions.outreach_tried", by=by, about=outreach, at=at, how=how, reached=reached)
    if reached:
        _close({outreach.patient_id}, Outreach.Outcome.REACHED, by=by, at=at)
    return outreach


def end_outreach(*, patient: UUID, by: User, at: datetime) -> None:
    """Nobody is reached out to for sessions of a program they left."""
    _close({patient}, Outreach.Outcome.ENDED, by=by, at=at)


def _close(patients: Collection[UUID], outcome: str, *, by: User, at: datetime) -> None:
    for row in Outreach.objects.select_for_update().filter(patient__in=patients, closed_at=None):
        row.closed_at, row.closed_by, row.outcome = at, by, outcome
        row.save(update_fields=["closed_at", "closed_by", "outcome"])
        audit.record("sessions.outreach_closed", by=by, about=row, at=at, outcome=outcome)
