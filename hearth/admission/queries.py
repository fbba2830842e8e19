"""Reads of admissions and episodes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS, Role
from hearth.admission.models import Assessment, Episode
from hearth.admission.score_models import LevelScore
from hearth.consent.packet import needed_kinds
from hearth.consent.queries import Purpose, access_chart, consents_missing, consents_missing_of_many
from hearth.inquiry.models import WayOut
from hearth.people.models import Patient
from hearth.program.models import Program

ADMITTERS = CLINICIANS | {Role.COORDINATOR, Role.DIRECTOR}
"""Roles that work on admissions."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where one person stands on the way in."""

    patient: Patient
    assessment: Assessment | None
    missing: tuple[str, ...]  # kinds of consent not signed

    @property
    def next(self) -> str:
        """What comes next: assess, sign, refer, consents or admit."""
        if self.assessment is None:
            return "assess"
        if self.assessment.signed_at is None:
            return "sign"
        if self.assessment.decided_level != "2.1":
            return "refer"
        return "consents" if self.missing else "admit"


def people_on_the_way_in(*, viewer: User, at: datetime, most: int | None = None) -> list[Step]:
    """Everyone registered who was never in an episode, newest first, with their next step; at most `most`.

    Not those who were handed over or closed and have not asked again since.
    """
    if not viewer.has_any(ADMITTERS):
        raise PermissionDenied
    patients = list(
        Patient.objects.open_to(viewer)
        .living()
        .exclude(Exists(Episode.objects.filter(patient=OuterRef("pk"))))
        .exclude(Exists(WayOut.objects.standing().filter(patient=OuterRef("pk"))))
        .prefetch_related(Prefetch("assessments", Assessment.objects.order_by("-recorded_at")))
        .order_by("-joined_at")[:most]
    )
    kinds = {patient.pk: needed_kinds(patient) for patient in patients}
    missing = consents_missing_of_many(kinds, at=at)
    return [Step(patient, next(iter(patient.assessments.all()), None), missing[patient.pk]) for patient in patients]


def step_of(patient: Patient, *, at: datetime) -> Step:
    """Where `patient` stands on the way in. The caller has passed the chart's door."""
    return Step(patient, newest_assessment_of(patient), consents_missing(patient, needed_kinds(patient), at=at))


def newest_assessment_of(patient: Patient) -> Assessment | None:
    """With its score and who wrote each. The caller has passed the chart's door."""
    rows = patient.assessments.select_related("signed_by", "recorded_by", "score__entered_by")
    return rows.order_by("-recorded_at").first()


def score_of(assessment: Assessment) -> LevelScore | None:
    """The LOCUS or CALOCUS-CASII score beside the findings, where one was entered."""
    return getattr(assessment, "score", None)


def active_episode_of(patient: Patient) -> Episode | None:
    """The one episode `patient` is in now. The caller has passed a door."""
    return Episode.objects.active().filter(patient=patient).select_related("program").first()


def own_active_episode(*, viewer: User) -> Episode | None:
    """The stay that the viewer is in now themself, with where they come to. One query."""
    rows = Episode.objects.active().filter(patient__user=viewer)
    return rows.select_related("program__site", "patient__site").first()


def latest_episode_of(patient: Patient) -> Episode | None:
    """The active episode, or else the last one."""
    return Episode.objects.filter(patient=patient).select_related("program").order_by("-admitted_at").first()


def completed_stay_of(patient: Patient) -> Episode | None:
    """The stay that `patient` completed, the newest if there are several; None before."""
    rows = Episode.objects.filter(patient=patient, end_reason=Episode.EndReason.COMPLETED)
    return rows.order_by("-ended_at").first()


def access_episode(
    *, viewer: User, pk: UUID, at: datetime, to: str = "read", purpose: Purpose = "TREAT", lock: bool = False
) -> Episode:
    """The episode `pk`, if `viewer` may open its patient's chart. Raises PermissionDenied."""
    rows = Episode.objects.select_related("program", "patient")
    episode = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if episode is None:
        raise PermissionDenied
    access_chart(viewer=viewer, pk=episode.patient_id, purpose=purpose, at=at, to=to, what="episode")
    return episode


def active_episodes(*, viewer: User) -> QuerySet[Episode]:
    """Episodes in progress of the people `viewer` may see, by name."""
    return (
        Episode.objects.active()
        .filter(patient__in=Patient.objects.open_to(viewer))
        .select_related("patient", "program")
        .order_by("patient__chosen_name", "patient__family_name", "pk")
    )


def programs_with_free_places(*, population: str) -> list[tuple[Program, int]]:
    """Open programs for `population` with how many places are free now."""
    programs = Program.objects.filter(is_open=True, population=population).annotate(
        taken=Count("episodes", filter=Q(episodes__ended_at=None))
    )
    return [(program, program.places - program.taken) for program in programs.order_by("name")]
