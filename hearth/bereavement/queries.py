"""Reads of what follows a death."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.queries import holders_of
from hearth.accounts.roles import CARE, Role
from hearth.audit import services as audit
from hearth.bereavement import rules
from hearth.bereavement.models import Death, Task
from hearth.bereavement.rules import Kind
from hearth.consent.queries import access_charts
from hearth.people.models import Patient, Relationship
from hearth.people.queries import primary_counselor_of, relationships_of
from hearth.people.rules import FAREWELL
from hearth.sessions.models import Session
from hearth.timetable.models import Seat

READERS = CARE | {Role.DIRECTOR, Role.PRIVACY}
"""Roles that read what follows, where the chart is open to them; whose task it is reads it too."""


def standing_death_of(patient: Patient) -> Death | None:
    """The death as recorded, unless it was taken back. The caller has passed the chart's door."""
    return Death.objects.standing().filter(patient=patient).select_related("noted_by").first()


def deaths_of(patient: Patient) -> QuerySet[Death]:
    """Every record of it, the newest first, also those taken back. The caller has passed the chart's door."""
    return Death.objects.filter(patient=patient).select_related("noted_by", "taken_back_by").order_by("-noted_at", "pk")


def deaths_seen_by(viewer: User) -> QuerySet[Death]:
    """Every record of a death with how many of its tasks are open, the newest first. Raises PermissionDenied.

    For the list of those who see to what follows; `read_of` names whose record it is.
    """
    if not viewer.has_any(FAREWELL):
        raise PermissionDenied
    rows = Death.objects.filter(organisation_id=viewer.organisation_id).select_related("patient", "noted_by")
    still = Count("tasks", filter=Q(tasks__done_at=None, taken_back_at=None))
    return rows.annotate(open_tasks=still).order_by("-noted_at", "pk")


def read_of(rows: Iterable[Death], *, viewer: User, at: datetime) -> list[Death]:
    """Those of these rows whose chart is open to the viewer, each read written down. A fixed number of queries."""
    found = list(rows)
    seen = access_charts(
        viewer=viewer, pks=[one.patient_id for one in found], purpose="HOPERAT", at=at, what="bereavement"
    )
    return [one for one in found if one.patient_id in seen]


def tasks_of(death: Death) -> QuerySet[Task]:
    """What is to be done, the soonest first."""
    return death.tasks.select_related("owner", "done_by", "session").order_by("due_on", "kind", "group", "pk")


def access_task(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Task:
    """The task `pk`, for its owner and for those who see to everything that follows. Raises PermissionDenied.

    Whose task it is need not be on the care team, as who leads a group is not: they read this task and no chart.
    """
    rows = Task.objects.select_related("death__patient", "owner")
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if row is None or not (row.owner_id == viewer.pk or viewer.has_any(FAREWELL)):
        raise PermissionDenied
    audit.record_read(
        "bereavement.read", by=viewer, about=row, purpose="HOPERAT", at=at, patient_id=row.death.patient_id
    )
    return row


def my_tasks(*, viewer: User) -> QuerySet[Task]:
    """What the viewer is still to do after a death, the soonest first."""
    rows = Task.objects.filter(owner=viewer, done_at=None, death__taken_back_at=None)
    return rows.select_related("death__patient").order_by("due_on", "kind", "pk")


def was_told(tie: Relationship) -> bool:
    """Whether somebody has spoken with this relative: nobody learns of a death from a page."""
    return Task.objects.filter(
        death__patient=tie.patient_id,
        death__taken_back_at=None,
        kind=Kind.FAMILY,
        done_at__isnull=False,
        spoken_with__contains=[tie.pk],
    ).exists()


def relatives_for(task: Task) -> QuerySet[Relationship]:
    """With whom there is to speak, for the family's task; nobody for others. The caller has passed the task's door."""
    rows = relationships_of(task.death.patient)
    return rows if task.kind == Kind.FAMILY else rows.none()


def groups_of(patient: Patient, *, on: date) -> list[Seat]:
    """The groups in which `patient` holds a seat on this day. The caller has passed the chart's door."""
    rows = Seat.objects.filter(patient=patient, during__contains=on).select_related("section")
    return [seat for seat in rows.order_by("section__name", "pk") if seat.section.is_group]


def with_their_next_meeting(seats: list[Seat], *, at: datetime) -> list[rules.Group]:
    """Each of these groups with the session in which it meets next, by what stands now. One query."""
    sections = {seat.section_id: seat.section for seat in seats}
    coming = Session.objects.standing().filter(section__in=sections, starts_at__gt=at).select_related("organisation")
    first: dict[UUID, Session] = {}
    for session in coming.order_by("starts_at", "pk"):
        if session.section_id is not None:
            first.setdefault(session.section_id, session)
    found = []
    for pk, section in sections.items():
        if (meeting := first.get(pk)) is None:
            found.append(rules.Group(section.name, section.facilitator_id, None, None))
        else:
            day = meeting.starts_at.astimezone(meeting.organisation.zone).date()
            found.append(rules.Group(section.name, meeting.facilitator_id, day, meeting.pk))
    return found


def owners_for(patient: Patient, *, by: User) -> dict[Kind, UUID]:
    """Whose each kind of task is: the counselor's, or else that of the first of the role it belongs to, or of `by`."""

    def first(role: Role) -> UUID:
        return by.pk if by.has_role(role) else getattr(holders_of(role).first(), "pk", by.pk)

    counselor = primary_counselor_of(patient)
    return {
        Kind.TEAM: first(Role.SUPERVISOR),
        Kind.FAMILY: counselor.pk if counselor and counselor.is_active else first(Role.SUPERVISOR),
        Kind.STAFF: first(Role.SUPERVISOR),
        Kind.REVIEW: first(Role.DIRECTOR),
        Kind.RECORD: first(Role.PRIVACY),
    }
