"""Reads of concerns."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from hearth.accounts.models import User
from hearth.accounts.roles import CARE, Role
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.safety import rules
from hearth.safety.models import (
    Concern,
    ConcernAssessment,
    ConcernContact,
    ConcernGrade,
    ConcernNotice,
    ConcernQuerySet,
    EmergencyArea,
    OnCall,
    Severity,
)

Step = tuple[str, datetime, ConcernContact | ConcernAssessment | ConcernGrade | ConcernNotice]
"""What kind of thing happened to a concern, when, and its row."""

SEE_CONCERNS = CARE | {Role.COORDINATOR, Role.DIRECTOR}
"""Who sees concerns about people whose chart they may open. Coordinators, directors, supervisors, nurses and medical
providers may open every chart, so an open concern never depends on one care team being at work."""

KEEP_AREAS = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.DIRECTOR})
"""Who keeps the list of whom to call where."""

PLAN_ON_CALL = frozenset({Role.SUPERVISOR, Role.DIRECTOR})
"""Who plans who is on call."""

_BY_SEVERITY = Case(
    When(severity=Severity.EMERGENCY, then=Value(0)),
    When(severity=Severity.URGENT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
_ON_IT = Case(When(taken_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """One open concern as a list shows it."""

    concern: Concern
    state: rules.State

    @property
    def is_overdue(self) -> bool:
        return self.state == rules.State.OVERDUE

    @property
    def owes(self) -> bool:
        """Nobody acted in time on a duty to protect or to report."""
        return self.concern.as_rule.owes


def open_concerns(*, viewer: User) -> QuerySet[Concern]:
    """Concerns nobody has dealt with yet about people `viewer` may see, worst and oldest first."""
    return _concerns_seen_by(viewer).open().order_by(_BY_SEVERITY, "raised_at")


def open_concern_lines(*, viewer: User, at: datetime, most: int | None = None) -> list[ConcernLine]:
    """The same with where each stands now, for `safety/_open_concerns.html`; at most `most`. One query.

    The worst first; of one severity those nobody has taken before those somebody has, the oldest first.
    """
    rows = _concerns_seen_by(viewer).open().owing(at).order_by(_BY_SEVERITY, _ON_IT, "raised_at", "pk")
    return [ConcernLine(row, row.state(at=at)) for row in rows[:most]]


def resolved_concerns(*, viewer: User) -> QuerySet[Concern]:
    """Those that were dealt with, newest first."""
    return _concerns_seen_by(viewer).exclude(resolved_at=None).order_by("-resolved_at", "pk")


def access_concern(*, viewer: User, pk: UUID, at: datetime) -> Concern:
    """The concern `pk`, if `viewer` may see it; the read is written down. Raises PermissionDenied."""
    row = _concerns_seen_by(viewer).filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    access_chart(viewer=viewer, pk=row.patient_id, purpose="TREAT", at=at, what="concern")
    return row


def steps_of(concern: Concern) -> list[Step]:
    """Everything that happened to a concern, oldest first, for a caller who has passed its door. Four queries."""
    found: list[Step] = [("contact", one.at, one) for one in concern.contacts.select_related("by")]
    found += [("assessment", one.at, one) for one in concern.assessments.select_related("by")]
    found += [("grade", one.at, one) for one in concern.grades.select_related("by")]
    found += [("told", one.at, one) for one in concern.notices.select_related("person")]
    return sorted(found, key=lambda step: step[1])


def unanswered(*, at: datetime) -> tuple[int, bool]:
    """How many concerns of this organisation nobody has answered in time, and whether everyone was told in vain.

    Those count too on whose duty to protect or to report nobody acted in time. A count for every staff page:
    it names nobody. One query, kept plain: whose concerns people are told of is what `to_tell_of` says, without its
    subquery, and few enough wait to be counted here.
    """
    overdue = Q()
    for severity, within in rules.ANSWER_WITHIN.items():
        overdue |= Q(severity=severity) & (Q(tried_at__lte=at - within) | Q(tried_at=None, raised_at__lte=at - within))
    late = Q(reached_at=None) & overdue
    told = Concern.objects.open().owing(at).filter(ConcernQuerySet.heard_of() & late | Q(owes=True))
    newest = ConcernNotice.objects.filter(concern=OuterRef("pk")).order_by("-step").values("step")[:1]
    rows = told.values_list("severity", Coalesce("tried_at", "raised_at"), "reached_at", Subquery(newest))
    steps = [
        step
        for severity, since, reached_at, step in rows
        if reached_at is None and since <= at - rules.ANSWER_WITHIN[severity]
    ]
    return len(rows), rules.is_at_the_end(max(filter(None, steps), default=0))


def calls_due(*, viewer: User, on: date) -> list[ConcernAssessment]:
    """Follow-up calls promised for `on` or before that nobody has made since, oldest first. One query."""
    made = ConcernContact.objects.filter(concern=OuterRef("concern"), at__gt=OuterRef("at"), reached=True).filter(
        whom=ConcernContact.Whom.STUDENT
    )
    rows = ConcernAssessment.objects.filter(call_on__lte=on, concern__in=_concerns_seen_by(viewer).to_hear_of())
    later = ConcernAssessment.objects.filter(concern=OuterRef("concern"), at__gt=OuterRef("at"))
    kept = rows.exclude(Exists(made)).exclude(Exists(later)).select_related("concern__patient", "by")
    return list(kept.order_by("call_on", "pk"))


def on_call_at(at: datetime) -> list[User]:
    """Who is on call at this moment: whoever took the turn, else who was planned."""
    rows = OnCall.objects.filter(starts_at__lte=at, ends_at__gt=at).select_related("person", "taken_by")
    return [row.answers for row in rows.order_by("starts_at", "pk")]


def on_call_from(*, viewer: User, at: datetime) -> list[OnCall]:
    """Who is on call now and later, by time. Raises PermissionDenied."""
    if not viewer.has_any(SEE_CONCERNS):
        raise PermissionDenied
    return list(
        OnCall.objects.filter(ends_at__gt=at)
        .select_related("person", "planned_by", "taken_by")
        .order_by("starts_at", "pk")
    )


def turn(*, viewer: User, pk: UUID) -> OnCall:
    """One of them, for who may take it. Raises PermissionDenied."""
    row = OnCall.objects.filter(pk=pk).first() if viewer.has_any(SEE_CONCERNS) else None
    if row is None:
        raise PermissionDenied
    return row


def on_call_row(*, viewer: User, pk: UUID) -> OnCall:
    """One of them, for who plans it. Raises PermissionDenied."""
    row = OnCall.objects.filter(pk=pk).first()
    if row is None or not viewer.has_any(PLAN_ON_CALL):
        raise PermissionDenied
    return row


def concerns_of(patient: Patient) -> QuerySet[Concern]:
    """Every concern about `patient`, newest first. The caller has passed the chart's door."""
    return Concern.objects.filter(patient=patient).select_related("taken_by", "resolved_by").order_by("-raised_at")


def _concerns_seen_by(viewer: User) -> ConcernQuerySet:
    if not viewer.has_any(SEE_CONCERNS):
        return Concern.objects.none()
    return Concern.objects.filter(patient__in=Patient.objects.open_to(viewer)).select_related(
        "patient", "raised_by", "taken_by", "resolved_by"
    )


def emergency_areas(*, viewer: User) -> list[EmergencyArea]:
    """Every area whom to call is known for, by state and county. Raises PermissionDenied."""
    if not viewer.has_any(SEE_CONCERNS):
        raise PermissionDenied
    return list(EmergencyArea.objects.select_related("checked_by").order_by("state", "county"))


def emergency_area(*, viewer: User, pk: UUID) -> EmergencyArea:
    """One of them, for who keeps them. Raises PermissionDenied."""
    row = EmergencyArea.objects.filter(pk=pk).first()
    if row is None or not viewer.has_any(KEEP_AREAS):
        raise PermissionDenied
    return row


def areas_in(states: Collection[str]) -> list[EmergencyArea]:
    """Those of these states, for `rules.areas_at`. One query, for a caller who has passed a door."""
    return list(EmergencyArea.objects.filter(state__in=states))
