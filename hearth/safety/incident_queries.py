"""Reads of incidents and of what must be told because of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hearth.accounts.models import Site, User
from hearth.accounts.queries import sites_of
from hearth.accounts.roles import Role
from hearth.audit import services as audit
from hearth.consent.queries import access_charts
from hearth.people.models import Patient
from hearth.safety.incident_models import Incident, IncidentDuty, IncidentPerson, IncidentStep, ReportingRule
from hearth.safety.incident_rules import SOON, Standing, book, may_review

READERS = frozenset({Role.SUPERVISOR, Role.DIRECTOR, Role.PRIVACY})
"""Who reads every report, names who looks into it and records what was told. Whoever wrote one reads it too."""

ALARMED = frozenset({Role.SUPERVISOR, Role.DIRECTOR})
"""Who finds out which student was in a risk that was reported without one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One incident of a list, with those of its students whose chart is open to the reader."""

    incident: Incident
    students: list[Patient]


@dataclass(frozen=True, slots=True)
class People:
    """Who was in an incident: students whose chart is open to the reader, how many more there are, and staff."""

    students: list[Patient]
    unnamed: int
    staff: list[User]


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Something to be told, with where it stands now."""

    duty: IncidentDuty
    standing: Standing


def incidents_seen_by(viewer: User) -> QuerySet[Incident]:
    """Every report for those who read all of them, otherwise the viewer's own; the newest first.

    An allegation is closed to whoever is in it, unless they wrote it.
    """
    rows = Incident.objects.filter(organisation_id=viewer.organisation_id)
    own = Q(reported_by=viewer)
    if viewer.has_any(READERS):
        closed = [one.id for one in book().kinds.values() if one.closed_to_involved]
        rows = rows.filter(own | ~Q(kind__in=closed) | ~_involving(viewer))
    else:
        rows = rows.filter(own)
    return rows.select_related("site", "reported_by", "reviewer").order_by("-happened_at", "pk")


def _involving(person: User) -> Exists:
    return Exists(IncidentPerson.objects.filter(incident=OuterRef("pk"), staff=person))


def lines_of(rows: list[Incident], *, viewer: User, at: datetime) -> list[Line]:
    """These rows of `incidents_seen_by` with their students, each read written down. A fixed number of queries."""
    people = list(
        IncidentPerson.objects.filter(incident__in=rows, patient__isnull=False)
        .select_related("patient")
        .order_by("patient__chosen_name", "pk")
    )
    named = access_charts(
        viewer=viewer,
        pks=[one.patient_id for one in people if one.patient_id],
        purpose="HOPERAT",
        at=at,
        what="incident",
    )
    students: dict[UUID, list[Patient]] = {row.pk: [] for row in rows}
    for one in people:
        if one.patient and one.patient_id in named:
            students[one.incident_id].append(one.patient)
    return [Line(row, students[row.pk]) for row in rows]


def access_incident(*, viewer: User, pk: UUID, at: datetime, lock: bool = False) -> Incident:
    """The incident `pk`, if `viewer` may read it; the read is written down. Raises PermissionDenied."""
    rows = incidents_seen_by(viewer)
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    if not lock:
        audit.record_read("incident.read", by=viewer, about=row, purpose="HOPERAT", at=at)
    return row


def people_in(incident: Incident, *, viewer: User, at: datetime) -> People:
    """Who was in it, for a caller who has passed its door; students only where their chart is open to `viewer`."""
    rows = list(incident.people.select_related("patient", "staff").order_by("pk"))
    patients = [row.patient for row in rows if row.patient]
    named = access_charts(viewer=viewer, pks=[one.pk for one in patients], purpose="HOPERAT", at=at, what="incident")
    students = [one for one in patients if one.pk in named]
    return People(students, len(patients) - len(students), [row.staff for row in rows if row.staff])


def is_in(person: User, incident: Incident) -> bool:
    return incident.people.filter(staff=person).exists()


def may_review_it(person: User, incident: Incident) -> bool:
    """Whether `person` may be named to look into it."""
    return may_review(has_role=person.has_any(READERS), is_involved=is_in(person, incident))


def reviewers_of(incident: Incident, *, viewer: User) -> QuerySet[User]:
    """Who may be named to look into it: those who read every report and were not in it."""
    rows = User.objects.filter(organisation_id=viewer.organisation_id, is_active=True, roles__overlap=sorted(READERS))
    return rows.exclude(pk__in=incident.people.filter(staff__isnull=False).values("staff")).order_by("name", "pk")


def steps_of_incident(incident: Incident) -> list[IncidentStep]:
    """What happened to the report, oldest first. The caller has passed its door."""
    return list(incident.steps.select_related("person", "by").order_by("at", "pk"))


def duties_of_incident(incident: Incident, *, at: datetime) -> list[DutyLine]:
    """What must be told because of it, in the order of deadlines. The caller has passed its door."""
    return _lines(incident.duties.select_related("told_by", "recorded_by"), at)


def duties_to_tell(*, viewer: User, at: datetime) -> list[DutyLine]:
    """What is still to be told because of incidents `viewer` reads as one who reads all, soonest first. One query."""
    if not viewer.has_any(READERS):
        return []
    rows = IncidentDuty.objects.filter(settled="", incident__in=incidents_seen_by(viewer)).select_related("incident")
    return _lines(rows, at)


def pressing_duties(*, viewer: User, at: datetime) -> list[DutyLine]:
    """Those whose deadline is over or soon will be, for Today. One query, none for those who record nothing."""
    if not viewer.has_any(READERS):
        return []
    rows = IncidentDuty.objects.filter(settled="", due_at__lte=at + SOON, incident__in=incidents_seen_by(viewer))
    return _lines(rows.select_related("incident"), at)


def _lines(rows: QuerySet[IncidentDuty], at: datetime) -> list[DutyLine]:
    return [DutyLine(row, row.standing(at=at)) for row in rows.order_by("due_at", "pk")]


def waiting_reviews(*, viewer: User) -> tuple[int, int]:
    """How many open reports wait for somebody to be named, and how many wait for `viewer`. One query."""
    if not viewer.has_any(READERS):
        return 0, 0
    wait = Count("pk", filter=Q(reviewer=None)), Count("pk", filter=Q(reviewer=viewer))
    found = incidents_seen_by(viewer).filter(closed_at=None).aggregate(unnamed=wait[0], mine=wait[1])
    return found["unnamed"], found["mine"]


def risks_without_student(*, viewer: User) -> list[Incident]:
    """Risks that were reported without naming a student, so that nobody calls one; the longest known first. One query.

    They stand on Today until somebody names a student or says that none was in it.
    """
    return list(_lacking(incidents_seen_by(viewer)).order_by("learned_at", "pk")) if viewer.has_any(ALARMED) else []


def lacks_student(incident: Incident) -> bool:
    """Whether it is such a risk."""
    return _lacking(Incident.objects.filter(pk=incident.pk)).exists()


def _lacking(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    risks = [one.id for one in book().kinds.values() if one.concern]
    students = IncidentPerson.objects.filter(incident=OuterRef("pk"), patient__isnull=False)
    said = IncidentStep.objects.filter(incident=OuterRef("pk"), kind=IncidentStep.Kind.NO_STUDENT)
    return rows.filter(~Exists(students), ~Exists(said), kind__in=risks)


def incidents_of(patient: Patient, *, viewer: User) -> list[Incident]:
    """The incidents `patient` was in that `viewer` may read, newest first. The caller has passed the chart's door."""
    return list(incidents_seen_by(viewer).filter(people__patient=patient)[:10])


def reporting_rules(*, viewer: User) -> list[ReportingRule]:
    """The house's own deadlines in force. Raises PermissionDenied."""
    if not viewer.has_any(READERS):
        raise PermissionDenied
    return list(ReportingRule.objects.filter(ended_at=None).select_related("kept_by").order_by("kind", "state", "pk"))


def places_to_report(*, viewer: User) -> list[Site]:
    """The sites something may have happened at."""
    return list(sites_of(viewer=viewer))
