"""Assessing, deciding, admitting, ending."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS, Role
from hearth.admission import facts
from hearth.admission.models import Assessment, Episode
from hearth.admission.queries import ADMITTERS, access_episode, step_of
from hearth.admission.rules import Dimension, Edition, Finding, Findings, judge
from hearth.admission.score_models import LevelScore
from hearth.admission.score_rules import Score, instrument_at
from hearth.admission.wording import sentence
from hearth.audit import services as audit
from hearth.consent.asked import ask_for
from hearth.consent.queries import access_chart
from hearth.inquiry.facts import WAYS_IN
from hearth.lib import live
from hearth.people.models import Patient
from hearth.people.services import join_care_team
from hearth.program import pack
from hearth.program.models import Program


class NotAdmissible(Exception):
    """An episode cannot open; `reasons` are codes worded in the page."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


def findings_of(assessment: Assessment) -> Findings:
    """The stored findings as the rules read them."""
    return {
        Dimension(number): Finding(int(found["rating"]), found.get("note", ""))
        for number, found in assessment.findings.items()
    }


@transaction.atomic
def record_findings(
    *,
    patient: Patient,
    findings: Findings,
    by: User,
    at: datetime,
    edition: str = Edition.FOURTH,
    score: Score | None = None,
) -> Assessment:
    """Store ratings of all six dimensions with what they add up to. Findings not signed yet are replaced.

    `edition` lay at hand; `score` is a LOCUS (from 18 on) or CALOCUS-CASII, and None takes back one entered before.
    """
    if not by.has_any(ADMITTERS):
        raise PermissionDenied
    patient = access_chart(viewer=by, pk=patient.pk, purpose="TREAT", at=at, to="change", lock=True, what="assessment")
    if patient.has_died:
        raise PermissionDenied
    verdict = judge(findings)
    values = {
        "edition": edition,
        "findings": {
            str(dimension): {"rating": found.rating, "note": found.note} for dimension, found in findings.items()
        },
        "recommended_level": verdict.level or "",
        "reasons": [sentence(reason) for reason in verdict.reasons],
        "recorded_by": by,
        "recorded_at": at,
    }
    draft = patient.assessments.filter(signed_at=None).order_by("-recorded_at").first()
    if draft:
        for name, value in values.items():
            setattr(draft, name, value)
        draft.save()
        assessment = draft
    else:
        assessment = Assessment.objects.create(patient=patient, **values)
    audit.record(
        "admission.findings_recorded",
        by=by,
        about=assessment,
        at=at,
        level=str(verdict.level or ""),
        edition=str(edition),
    )
    _keep_score(assessment, score, by=by, at=at)
    live.tell(WAYS_IN)
    return assessment


def _keep_score(assessment: Assessment, score: Score | None, *, by: User, at: datetime) -> None:
    """The score as entered now. What nobody changed stays with whoever entered it."""
    held = LevelScore.objects.filter(assessment=assessment).first()
    if (held.numbers if held else None) == score:
        return
    if score is None:
        LevelScore.objects.filter(assessment=assessment).delete()
        audit.record("admission.level_score_taken_back", by=by, about=assessment, at=at)
        return
    zone = assessment.patient.organisation.zone
    instrument = instrument_at(assessment.patient.age(on=timezone.localdate(at, zone)))
    LevelScore.objects.update_or_create(
        assessment=assessment,
        defaults={
            "instrument": instrument,
            "ratings": list(score.ratings),
            "level": score.level,
            "entered_by": by,
            "entered_at": at,
        },
    )
    audit.record("admission.level_score_entered", by=by, about=assessment, at=at, instrument=str(instrument))


@transaction.atomic
def sign_decision(*, assessment: Assessment, level: str, rationale: str, by: User, at: datetime) -> Assessment:
    """A clinician decides the level of care and signs. A decision other than the suggested one says why."""
    if not by.has_any(CLINICIANS):
        raise PermissionDenied
    assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    patient = access_chart(viewer=by, pk=assessment.patient_id, purpose="TREAT", at=at, to="change", what="assessment")
    if patient.has_died:
        raise NotAdmissible("died")
    if assessment.signed_at is not None:
        raise NotAdmissible("already_signed")
    if level != assessment.recommended_level and not rationale.strip():
        raise NotAdmissible("rationale_missing")
    assessment.decided_level, assessment.rationale = level, rationale.strip()
    assessment.signed_by, assessment.signed_at = by, at
    assessment.save()
    audit.record("admission.level_decided", by=by, about=assessment, at=at, level=level)
    live.tell(WAYS_IN)
    return assessment


@transaction.atomic
def choose_program(*, patient: Patient, program: Program, track: str, by: User, at: datetime) -> None:
    """Say which program and track they are to come to: from now on they are asked for its papers. Not binding.

    Raises PermissionDenied, NotAdmissible.
    """
    if not by.has_any(ADMITTERS):
        raise PermissionDenied
    patient = access_chart(viewer=by, pk=patient.pk, purpose="TREAT", at=at, to="change", lock=True, what="admission")
    against = {
        "died": patient.has_died,
        "in_an_episode": Episode.objects.active().filter(patient=patient).exists(),
        "other_population": program.population != patient.population,
    }
    if reasons := [code for code, holds in against.items() if holds]:
        raise NotAdmissible(*reasons)
    _ask_its_papers(patient, program, track, by=by, at=at)


def _ask_its_papers(patient: Patient, program: Program, track: str, *, by: User, at: datetime) -> None:
    asked = pack.get(program.pack).papers_on(track)
    ask_for(patient=patient, program=program.name, track=track, asked=asked, by=by, at=at)


@transaction.atomic
def admit(
    *,
    patient: Patient,
    program: Program,
    track: str,
    starts_on: date,
    weeks: int,
    counselor: User,
    by: User,
    at: datetime,
) -> Episode:
    """Open this person's episode of care, if the decision and their consents allow it. Raises NotAdmissible."""
    if not by.has_any(ADMITTERS):
        raise PermissionDenied
    patient = access_chart(viewer=by, pk=patient.pk, purpose="TREAT", at=at, to="change", lock=True, what="admission")
    program = Program.objects.select_for_update().get(pk=program.pk)  # the last place is given once
    reasons = _reasons_against(patient, program, at)
    if reasons:
        raise NotAdmissible(*reasons)
    episode = Episode.objects.create(
        patient=patient,
        program=program,
        track=track,
        assessment=step_of(patient, at=at).assessment,
        admitted_by=by,
        admitted_at=at,
        starts_on=starts_on,
        planned_end_on=starts_on + timedelta(weeks=weeks),
    )
    _ask_its_papers(patient, program, track, by=by, at=at)
    join_care_team(patient=patient, member=counselor, role=Role.COUNSELOR, by=by, at=at, primary=True)
    audit.record("admission.admitted", by=by, about=episode, at=at, program=str(program.pk), weeks=weeks)
    facts.admitted.send(Episode, episode_id=episode.pk, by_id=by.pk, at=at, weeks=weeks)
    live.tell(WAYS_IN)
    return episode


def _reasons_against(patient: Patient, program: Program, at: datetime) -> list[str]:
    step = step_of(patient, at=at)
    taken = Episode.objects.active().filter(program=program).count()
    against = {
        "died": patient.has_died,
        "not_assessed": step.assessment is None or step.assessment.signed_at is None,
        "other_level": step.assessment is not None and step.next == "refer",
        "consents_missing": bool(step.missing),
        "in_an_episode": Episode.objects.active().filter(patient=patient).exists(),
        "other_population": program.population != patient.population,
        "program_closed": not program.is_open,
        "program_full": taken >= program.places,
    }
    return [code for code, holds in against.items() if holds]


@transaction.atomic
def end_episode(*, episode: Episode, reason: str, on: date, by: User, at: datetime) -> Episode:
    """End this episode on the day `on` (the first day nothing takes place). Ending it twice changes nothing."""
    to = "farewell" if reason == Episode.EndReason.DIED else "change"
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to=to, lock=True)
    if not episode.is_active:
        return episode
    episode.ended_at, episode.end_reason = at, reason
    episode.save(update_fields=["ended_at", "end_reason"])
    audit.record("admission.episode_ended", by=by, about=episode, at=at, reason=reason)
    facts.episode_ended.send(Episode, episode_id=episode.pk, by_id=by.pk, at=at, on=on)
    return episode


@transaction.atomic
def open_again(*, episode: Episode, by: User, at: datetime) -> Episode:
    """The death that ended this episode was a mistake: it goes on. What was let go of is planned anew.

    Where they are in another episode by now, that one goes on.
    """
    episode = access_episode(viewer=by, pk=episode.pk, at=at, to="farewell", lock=True)
    if Episode.objects.active().filter(patient=episode.patient_id).exists():
        return episode
    episode.ended_at, episode.end_reason = None, ""
    episode.save(update_fields=["ended_at", "end_reason"])
    audit.record("admission.episode_opened_again", by=by, about=episode, at=at)
    return episode
