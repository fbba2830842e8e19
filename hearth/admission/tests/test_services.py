"""Assessing, deciding and admitting, on real PostgreSQL."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from hearth.admission import services
from hearth.admission.models import Episode
from hearth.admission.queries import step_of
from hearth.admission.rules import Dimension, Finding
from hearth.admission.testing import make_assessment, make_episode
from hearth.audit.models import Event
from hearth.consent.asked import chosen_program
from hearth.consent.models import Consent
from hearth.consent.packet import needed_kinds
from hearth.people.queries import primary_counselor_of
from hearth.people.services import note_death, take_back_death
from hearth.program.testing import make_program

MODERATE = {dimension: Finding(2, "as told") for dimension in Dimension}


def sign_all(patient, *, at):
    for kind in needed_kinds(patient):
        Consent.objects.create(
            patient=patient, kind=kind, version="1", text="…", signer=patient.user, signed_name="M", signed_at=at
        )


def admit(patient, *, by, at, **changes):
    facts = {
        "program": make_program(),
        "track": "co-occurring",
        "starts_on": at.date() + timedelta(days=6),
        "weeks": 14,
        "counselor": by,
    }
    return services.admit(patient=patient, by=by, at=at, **facts | changes)


def test_findings_are_kept_with_what_they_add_up_to(maya, dana, now):
    assessment = services.record_findings(patient=maya, findings=MODERATE, by=dana, at=now)
    assert assessment.recommended_level == "2.1"
    assert "more structure than weekly therapy" in assessment.reasons[0]
    assert step_of(maya, at=now).next == "sign"


def test_findings_not_signed_yet_are_replaced_and_signed_ones_are_not(maya, dana, now):
    first = services.record_findings(patient=maya, findings=MODERATE, by=dana, at=now)
    again = services.record_findings(patient=maya, findings=MODERATE, by=dana, at=now)
    assert again.pk == first.pk
    services.sign_decision(assessment=again, level="2.1", rationale="", by=dana, at=now)
    later = services.record_findings(patient=maya, findings=MODERATE, by=dana, at=now + timedelta(days=30))
    assert later.pk != first.pk


def test_only_a_clinician_signs(maya, dana, ines, now):
    assessment = services.record_findings(patient=maya, findings=MODERATE, by=ines, at=now)
    with pytest.raises(PermissionDenied):
        services.sign_decision(assessment=assessment, level="2.1", rationale="", by=ines, at=now)


def test_deciding_otherwise_than_suggested_says_why(maya, dana, now):
    assessment = services.record_findings(patient=maya, findings=MODERATE, by=dana, at=now)
    with pytest.raises(services.NotAdmissible, match="rationale_missing"):
        services.sign_decision(assessment=assessment, level="1.0", rationale=" ", by=dana, at=now)
    services.sign_decision(assessment=assessment, level="1.0", rationale="Prefers weekly.", by=dana, at=now)
    with pytest.raises(services.NotAdmissible, match="already_signed"):
        services.sign_decision(assessment=assessment, level="2.1", rationale="", by=dana, at=now)


def test_an_episode_opens_with_its_counselor(maya, dana, ruth, now):
    make_assessment(maya, by=ruth, at=now)
    sign_all(maya, at=now)
    assert admit(maya, by=dana, at=now).is_active
    assert primary_counselor_of(maya) == dana
    assert Event.objects.filter(verb="admission.admitted", patient_id=maya.pk).exists()


@pytest.mark.parametrize("missing", ["assessment", "consents"])
def test_no_episode_opens_while_something_is_missing(maya, dana, now, missing):
    if missing != "assessment":
        make_assessment(maya, by=dana, at=now)
    if missing != "consents":
        sign_all(maya, at=now)
    with pytest.raises(services.NotAdmissible):
        admit(maya, by=dana, at=now)
    assert not Episode.objects.exists()


def test_nobody_is_in_two_programs_at_once(maya, dana, now):
    make_episode(maya, by=dana, at=now)
    sign_all(maya, at=now)
    with pytest.raises(services.NotAdmissible, match="in_an_episode"):
        admit(maya, by=dana, at=now)


def test_a_full_program_takes_nobody_and_an_adult_enters_no_adolescent_program(maya, dana, now):
    make_assessment(maya, by=dana, at=now)
    sign_all(maya, at=now)
    with pytest.raises(services.NotAdmissible, match="program_full"):
        admit(maya, by=dana, at=now, program=make_program(name="Tiny", places=0))
    with pytest.raises(services.NotAdmissible, match="other_population"):
        admit(maya, by=dana, at=now, program=make_program(population="adolescent"))


def test_ending_an_episode_twice_changes_nothing(maya, dana, now):
    episode = make_episode(maya, by=dana, at=now)
    ended = services.end_episode(episode=episode, reason="completed", on=now.date(), by=dana, at=now)
    again = services.end_episode(episode=episode, reason="left", on=now.date(), by=dana, at=now + timedelta(days=1))
    assert (again.ended_at, again.end_reason) == (ended.ended_at, "completed")


def test_nobody_assesses_decides_on_or_admits_somebody_who_has_died(maya, dana, ruth, now):
    decided = make_assessment(maya, by=dana, at=now)
    sign_all(maya, at=now)
    draft = services.record_findings(patient=maya, findings=MODERATE, by=dana, at=now + timedelta(minutes=1))
    note_death(patient=maya, died_on=None, by=ruth, at=now)
    with pytest.raises(PermissionDenied):
        services.record_findings(patient=maya, findings=MODERATE, by=dana, at=now)
    with pytest.raises(services.NotAdmissible, match="died"):
        services.sign_decision(assessment=draft, level="2.1", rationale="", by=dana, at=now)
    draft.delete()
    assert step_of(maya, at=now).assessment == decided
    with pytest.raises(services.NotAdmissible) as refused:
        admit(maya, by=dana, at=now)
    assert refused.value.reasons == ("died",)


def test_a_stay_that_ended_by_mistake_does_not_go_on_beside_another(maya, dana, ruth, now):
    make_episode(maya, by=dana, at=now)
    note_death(patient=maya, died_on=None, by=ruth, at=now)
    other = make_episode(maya, by=dana, at=now)
    take_back_death(patient=maya, noted_at=now, reopen=True, by=ruth, at=now)
    assert Episode.objects.active().get() == other


def test_whoever_is_admitted_is_asked_what_their_program_and_track_ask(maya, dana, now):
    make_assessment(maya, by=dana, at=now)
    sign_all(maya, at=now)
    admit(maya, by=dana, at=now, track="substance-use")
    chosen = chosen_program(maya)
    assert chosen is not None
    assert (chosen.program, chosen.track) == ("Adult evening", "substance-use")
    assert set(chosen.papers) == {"part2_tpo"}


def test_nobody_is_asked_for_the_papers_of_a_program_for_others(maya, dana, theo, now):
    young = make_program(population="adolescent")
    with pytest.raises(services.NotAdmissible, match="other_population"):
        services.choose_program(patient=maya, program=young, track="mental-health", by=dana, at=now)
    with pytest.raises(PermissionDenied):
        services.choose_program(patient=maya, program=make_program(), track="mental-health", by=theo, at=now)
    assert chosen_program(maya) is None
