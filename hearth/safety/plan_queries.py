"""Reads of safety plans."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery

from hearth.accounts.models import User
from hearth.consent import wordings
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.queries import access_chart
from hearth.people.models import Patient
from hearth.safety.models import Concern, ConcernAssessment, SafetyPlan, SafetyPlanLook
from hearth.safety.plan_rules import Looks, Review, review
from hearth.safety.queries import SEE_CONCERNS


def access_plans(*, viewer: User, pk: UUID, at: datetime) -> Patient:
    """The patient whose safety plans staff may read, with the read written down. Raises PermissionDenied."""
    if not viewer.has_any(SEE_CONCERNS):
        raise PermissionDenied
    return access_chart(viewer=viewer, pk=pk, purpose="TREAT", at=at, what="safety_plan")


def versions_of(patient: Patient) -> QuerySet[SafetyPlan]:
    """Every version, newest first, with who said yes to each. The caller has passed a door."""
    rows = SafetyPlan.objects.filter(patient=patient).select_related("saved_by").prefetch_related("looks__by")
    return rows.order_by("-version")


def newest_plan(patient: Patient) -> SafetyPlan | None:
    """What holds now; None: no plan was made yet. The caller has passed a door."""
    return versions_of(patient).first()


def releases_of(patient: Patient, *, at: datetime) -> list[Consent]:
    """What `patient` signed so that people of their own may be told something, in force now. For who passed a door."""
    signed = Consent.objects.filter(patient=patient, kind=ConsentKind.RELEASE, signer_is_patient=True)
    return list(signed.exclude(paper__in=wordings.narrow()).in_force(at=at).order_by("-signed_at"))


def has_plan(patient: Patient) -> bool:
    """Whether one was made. The caller has passed a door."""
    return SafetyPlan.objects.filter(patient=patient).exists()


def plan_reviews(patients: Collection[UUID]) -> dict[UUID, Review]:
    """Whether a clinician must look at the plan of each of `patients`, by id. One query, for who passed their doors."""
    return {pk: review(looks) for pk, looks in _looks_of(patients).items()}


def last_look(patient: Patient) -> datetime | None:
    """When a clinician last looked at the plan with `patient`. One query, for whoever passed a door."""
    return _looks_of([patient.pk])[patient.pk].looked_at


def review_since(concern: Concern) -> Review:
    """The same after this concern, for whoever passed its door. One query."""
    looks = _looks_of([concern.patient_id])[concern.patient_id]
    return review(replace(looks, concern_at=concern.raised_at))


def _looks_of(patients: Collection[UUID]) -> dict[UUID, Looks]:
    """An assessment in which a clinician looked at the plan with them counts as a look, too."""
    plans = SafetyPlan.objects.filter(patient=OuterRef("pk"))
    confirmed = SafetyPlanLook.objects.filter(plan__patient=OuterRef("pk"), as_student=False)
    assessed = ConcernAssessment.objects.filter(concern__patient=OuterRef("pk"), plan_reviewed=True)
    concerns = Concern.objects.filter(patient=OuterRef("pk"))
    rows = (
        Patient.objects.filter(pk__in=patients)
        .annotate(
            saved=Subquery(plans.order_by("-version").values("saved_at")[:1]),
            confirmed=Subquery(confirmed.order_by("-at").values("at")[:1]),
            assessed=Subquery(assessed.order_by("-at").values("at")[:1]),
            worried=Subquery(concerns.order_by("-raised_at").values("raised_at")[:1]),
        )
        .values_list("pk", "saved", "confirmed", "assessed", "worried")
    )
    return {
        pk: Looks(saved, max(filter(None, (said, looked)), default=None), concern)
        for pk, saved, said, looked, concern in rows
    }
