"""The strand from the offer to the day after: who may, what follows at once, and what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.utils import translation

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.safety.models import Concern
from hearth.sessions.models import Attendance, ProgressNote
from hearth.sessions.note_layout import blocks_of
from hearth.sessions.rules.notes import Draft, Line
from hearth.sessions.services import NoteLocked, save_group_note, sign_group_note
from hearth.trauma import queries, services, tasks
from hearth.trauma.models import Choice, NextDayCheck, Processing, Readiness
from hearth.trauma.rules import Closed
from hearth.trauma.testing import agree_and_sign, make_individual_session, make_training, offer_and_choose
from hearth.trauma.texts import choice_text, lines_for

TEXT = choice_text("en").digest
ALL_YES = {line.id: "yes" for line in lines_for(is_minor=False)}


@pytest.fixture
def training(dana, walt, now):
    return make_training(dana, seen_by=walt, at=now - timedelta(days=90))


@pytest.fixture
def ready(maya, dana, training, now):
    """Maya chose to work through it; a signal is agreed, and the checklist is signed."""
    offer_and_choose(maya, by=dana, at=now - timedelta(days=7))
    agree_and_sign(maya, by=dana, at=now - timedelta(days=6))
    return maya


@pytest.fixture
def hour(ready, dana, now):
    return make_individual_session(dana, ready, starts_at=now - timedelta(minutes=20))


@pytest.fixture
def begun(hour, training, dana, now):
    return services.begin(session_id=hour.pk, training_pk=training.pk, before=6, by=dana, at=now)


def choose(patient, what, at):
    return services.choose(what=what, digest=TEXT, by=patient.user, at=at)


def close(session, by, at, **changed):
    said: dict[str, Any] = {
        "before": 6,
        "after": 3,
        "stopped": False,
        "ending": "grounded",
        "ended_words": "Five things she sees",
        "named_pk": by.pk,
    }
    return services.close(session_id=session.pk, by=by, at=at, **said | changed)


def answer(check, patient, at, **changed):
    said: dict[str, Any] = {"night": "broken", "distress": 4, "safe": "yes", "wants_call": False}
    return services.answer_check(pk=check.pk, by=patient.user, at=at, **said | changed)


# --- training -----------------------------------------------------------------------------------------------


def test_those_who_lead_put_a_training_on_file_once_and_never_their_own(dana, walt, ruth, training, now):
    assert (training.holder, training.proof_seen_by) == (dana, walt)
    with pytest.raises(services.OnFile):
        make_training(dana, seen_by=walt, at=now)
    for somebody, holder in ((walt, walt), (ruth, dana), (dana, dana)):
        with pytest.raises(PermissionDenied):
            make_training(holder, seen_by=somebody, at=now, method="emdr")
    services.strike_training(holder_pk=dana.pk, pk=training.pk, by=walt, at=now)
    assert make_training(dana, seen_by=walt, at=now) in queries.trainings_of(dana)
    assert queries.trainings_of(dana).count() == 1


def test_only_a_method_of_trainings_on_file_can_be_used(hour, dana, walt, training, now):
    other = make_training(make_user("Al Moss", Role.COUNSELOR, organisation=dana.organisation), seen_by=walt, at=now)
    with pytest.raises(services.NotOpen) as refused:
        services.begin(session_id=hour.pk, training_pk=other.pk, before=None, by=dana, at=now)
    assert refused.value.reasons == (Closed.NOT_TRAINED,)
    services.strike_training(holder_pk=dana.pk, pk=training.pk, by=walt, at=now)
    with pytest.raises(services.NotOpen) as refused:
        services.begin(session_id=hour.pk, training_pk=training.pk, before=None, by=dana, at=now)
    assert refused.value.reasons == (Closed.NOT_TRAINED,)


# --- the choice ---------------------------------------------------------------------------------------------


def test_nobody_chooses_before_a_counselor_talked_of_it_nor_for_another(maya, jonah, dana, theo, now):
    with pytest.raises(PermissionDenied):
        choose(maya, "work", now)
    with pytest.raises(PermissionDenied):
        services.offer_choice(patient_pk=maya.pk, by=theo, at=now)
    services.offer_choice(patient_pk=maya.pk, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        services.choose(what="work", digest=TEXT, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        choose(jonah, "work", now)


def test_a_choice_keeps_the_version_the_language_and_the_digest_of_its_text(maya, dana, now):
    services.offer_choice(patient_pk=maya.pk, by=dana, at=now)
    with translation.override("es"):
        text = choice_text("es")
        row = services.choose(what="steady", digest=text.digest, by=maya.user, at=now)
        assert services.choose(what="steady", digest=text.digest, by=maya.user, at=now) == row
        with pytest.raises(services.TextChanged):
            choose(maya, "work", now)
    assert (row.text_version, row.text_language, row.text_digest) == (text.version, "es", text.digest)
    assert Event.objects.filter(verb="trauma.chosen", actor_id=maya.user.pk).count() == 1


def test_under_a_text_that_was_not_shown_nothing_is_chosen(maya, dana, now):
    services.offer_choice(patient_pk=maya.pk, by=dana, at=now)
    with pytest.raises(services.TextChanged):
        services.choose(what="work", digest="2019", by=maya.user, at=now)
    assert not Choice.objects.exists()


def test_choices_are_only_added(maya, dana, now):
    offer_and_choose(maya, by=dana, at=now)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Choice.objects.update(what="steady")


def test_steadying_only_closes_the_form_of_a_session_at_once(hour, maya, training, dana, now):
    choose(maya, "steady", now)
    with pytest.raises(services.NotOpen) as refused:
        services.begin(session_id=hour.pk, training_pk=training.pk, before=5, by=dana, at=now)
    assert refused.value.reasons == (Closed.NOT_CHOSEN,)
    assert not Processing.objects.exists()


def test_who_chooses_otherwise_in_the_middle_is_still_brought_back_and_asked_the_next_day(begun, hour, maya, dana, now):
    choose(maya, "steady", now)
    row = close(hour, dana, now, stopped=True)
    assert (row.ending, row.stopped) == ("grounded", True)
    assert NextDayCheck.objects.get().answered_at is None


# --- readiness ----------------------------------------------------------------------------------------------


def sign(patient, by, at, **changed):
    said: dict[str, Any] = {"holds": ALL_YES, "said": {}, "begins": True, "words": ""} | changed
    return services.sign_readiness(patient_pk=patient.pk, by=by, at=at, **said)


def test_a_clinician_of_the_student_signs_what_the_house_knew_beside_each_line(maya, dana, theo, ines, now):
    row = sign(maya, dana, now)
    assert row.signed_as == "Dana Kim, LPC"
    assert row.lines["safety_plan"] == {"holds": "yes", "words": "", "known": "No safety plan is made yet."}
    for somebody in (theo, ines, maya.user):
        with pytest.raises(PermissionDenied):
            sign(maya, somebody, now)


def test_a_line_that_does_not_hold_never_decides_but_beginning_needs_a_reason(maya, dana, now):
    some = ALL_YES | {"steady": "not_yet"}
    with pytest.raises(services.Missing):
        sign(maya, dana, now, holds=some)
    with pytest.raises(services.Missing):
        sign(maya, dana, now, holds={})
    assert sign(maya, dana, now, holds=some, words="Sleeps badly because of it; we begin gently.").begins
    assert not sign(maya, dana, now, holds=some, begins=False).begins
    assert Readiness.objects.count() == 2


def test_of_a_minor_it_is_asked_whose_yes_the_law_wants(dana, now):
    young = make_patient("Kai", "Ito", at=now, birth_date=date(2010, 3, 1))
    CareTeamMember.objects.create(patient=young, member=dana, role=Role.COUNSELOR, since=now.date())
    with pytest.raises(services.Missing):
        sign(young, dana, now)
    row = sign(young, dana, now, holds=ALL_YES | {"who_agrees": "unknown"}, begins=False)
    assert "a person finds out" in row.lines["who_agrees"]["known"]


def test_an_open_concern_is_said_beside_the_line_and_decides_nothing(maya, dana, now):
    Concern.objects.create(
        patient=maya, source_kind="staff", severity="watch", summary="Quiet", raised_at=now, raised_by=dana
    )
    row = sign(maya, dana, now)
    assert row.begins
    assert "1 concern is open" in row.lines["no_danger"]["known"]


def test_a_stop_signal_of_their_own_is_read_for_danger_and_staffs_is_not(ready, dana, now):
    words = "I want to die"
    services.say_signal(patient_pk=ready.pk, words=words, by=dana, at=now)
    assert not Concern.objects.exists()
    services.say_signal(patient_pk=ready.pk, words=f"{words}!", by=ready.user, at=now)
    concern = Concern.objects.get()
    assert (concern.source_kind, concern.severity) == ("trauma.stop_signal", "urgent")
    assert words not in concern.summary


# --- one session --------------------------------------------------------------------------------------------


def test_begun_twice_it_is_begun_once_and_the_next_day_is_due_from_then_on(begun, hour, training, dana, now):
    again = services.begin(session_id=hour.pk, training_pk=training.pk, before=9, by=dana, at=now)
    assert (again, again.before, again.stop_signal) == (begun, 6, "My hand flat on the table")
    check = NextDayCheck.objects.get()
    assert (check.due_on, check.named) == (date(2026, 11, 25), dana)


def test_only_who_leads_an_individual_session_writes_it(hour, ready, theo, ruth, maya, training, dana, now):
    for somebody in (theo, ruth, maya.user):
        with pytest.raises(PermissionDenied):
            services.begin(session_id=hour.pk, training_pk=training.pk, before=None, by=somebody, at=now)
    hour.kind = "group"
    hour.save()
    with pytest.raises(services.NotOpen) as refused:
        services.begin(session_id=hour.pk, training_pk=training.pk, before=None, by=dana, at=now)
    assert refused.value.reasons == (Closed.NOT_INDIVIDUAL,)


def test_a_number_of_their_own_stands_against_what_staff_type(begun, hour, maya, jonah, dana, now):
    services.rate(session_id=hour.pk, when="before", number=8, by=maya.user, at=now)
    row = close(hour, dana, now, before=2, after=3)
    assert (row.before, row.before_own, row.after, row.after_own) == (8, True, 3, False)
    with pytest.raises(PermissionDenied):
        services.rate(session_id=hour.pk, when="after", number=1, by=jonah.user, at=now)
    with pytest.raises(ValueError, match="after"):
        services.rate(session_id=hour.pk, when="after", number=11, by=maya.user, at=now)


def test_it_stands_in_the_note_of_the_session_and_is_locked_with_it(begun, hour, maya, dana, now):
    close(hour, dana, now)
    place = hour.roster.get()
    Attendance.objects.filter(pk=place.pk).update(left_at=now, minutes=50)
    line = Line(text="Worked as agreed.", took_part=4, risk="none", plan="Rests tonight.")
    hour.ended_at = now
    hour.save()
    draft = Draft(text="", interventions=("psychoeducation",), plan="Rests tonight.", lines={str(place.pk): line})
    save_group_note(session=hour, draft=draft, by=dana, at=now)
    sign_group_note(session=hour, by=dana, at=now)
    note = ProgressNote.objects.get(patient=maya)
    said = next(
        part.words for block in blocks_of(note.body) for part in block.parts if part.name == "Also in this session"
    )
    assert said == (
        "Written exposure therapy (training: Front Range Trauma Institute, 17 May 2024); stop signal agreed; "
        "distress 6 → 3, 0 to 10; Grounded and in the here and now; Five things she sees"
    )
    with pytest.raises(NoteLocked):
        close(hour, dana, now, after=9)
    with pytest.raises(NoteLocked):
        services.rate(session_id=hour.pk, when="after", number=9, by=maya.user, at=now)
    assert Processing.objects.get().after == 3


# --- the day after ------------------------------------------------------------------------------------------


@pytest.fixture
def check(begun):
    return NextDayCheck.objects.get()


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"safe": "no"}, ["emergency"]),
        ({"safe": "unsure"}, ["urgent"]),
        ({"wants_call": True}, ["urgent"]),
        ({"distress": 9}, ["urgent"]),
        ({}, []),
    ],
)
def test_what_asks_for_a_person_is_a_concern_in_the_same_moment(check, maya, dana, now, said, severity):
    morning = check.opens_at + timedelta(hours=1)
    row = answer(check, maya, morning, **said)
    assert [one.severity for one in Concern.objects.filter(patient=maya)] == severity
    assert [one.pk for one in queries.checks_waiting(viewer=dana, at=morning)] == ([row.pk] if severity else [])
    assert answer(check, maya, morning, safe="no") == row
    assert Concern.objects.filter(patient=maya).count() == len(severity)


def test_it_is_asked_from_the_morning_on_and_of_nobody_else(check, maya, jonah, now):
    assert queries.check_due(maya, at=now) is None
    with pytest.raises(PermissionDenied):
        answer(check, maya, now)
    assert queries.check_due(maya, at=check.opens_at) == check
    with pytest.raises(PermissionDenied):
        answer(check, jonah, check.opens_at)
    assert queries.check_due(maya, at=check.opens_at + timedelta(days=4)) is None


def test_without_an_answer_the_named_person_sees_it_and_later_the_supervisors_too(check, maya, dana, theo, ruth):
    def seen(viewer, **after):
        return list(queries.checks_waiting(viewer=viewer, at=check.answer_by + timedelta(**after)))

    assert seen(dana, minutes=-1) == []
    assert (seen(dana), seen(ruth), seen(theo)) == ([check], [], [])
    assert (seen(dana, hours=4), seen(ruth, hours=4), seen(theo, hours=4)) == ([check], [check], [])
    with pytest.raises(PermissionDenied):
        services.settle_check(pk=check.pk, words="Called", by=theo, at=check.answer_by)
    services.settle_check(pk=check.pk, words="Called: slept badly, is with her sister.", by=dana, at=check.answer_by)
    assert seen(dana, hours=4) == seen(ruth, hours=4) == []


def test_a_check_is_settled_once_it_is_late_and_waits_again_when_its_answer_asks_for_somebody(check, maya, dana):
    with pytest.raises(ValueError, match="may still answer"):
        services.settle_check(pk=check.pk, words="Told her about tomorrow.", by=dana, at=check.opens_at)
    late = check.answer_by + timedelta(hours=1)
    services.settle_check(pk=check.pk, words="Left a word on her phone.", by=dana, at=late)
    row = answer(check, maya, late + timedelta(hours=2), wants_call=True)
    assert queries.checks_waiting(viewer=dana, at=late + timedelta(hours=3)) == [row]
    assert not row.is_settled
    services.settle_check(pk=check.pk, words="Called her.", by=dana, at=late + timedelta(hours=3))
    assert queries.checks_waiting(viewer=dana, at=late + timedelta(hours=4)) == []


def test_where_no_supervisor_is_a_director_sees_what_waits(check, walt):
    late = check.answer_by + timedelta(hours=4)
    assert queries.checks_waiting(viewer=walt, at=late) == [check]
    assert queries.access_check(viewer=walt, pk=check.pk, at=late) == check


def test_the_counselor_may_name_a_colleague_of_the_care_team_and_nobody_else(check, hour, maya, dana, theo, now):
    close(hour, dana, now, named_pk=theo.pk)
    assert NextDayCheck.objects.get().named == dana
    CareTeamMember.objects.create(patient=maya, member=theo, role=Role.COUNSELOR, since=now.date())
    close(hour, dana, now, named_pk=theo.pk)
    assert NextDayCheck.objects.get().named == theo


@pytest.mark.parametrize(
    ("ended", "severity"),
    [({}, "watch"), ({"after": 7}, "urgent"), ({"ending": "not_yet", "ended_words": "Her sister stays."}, "urgent")],
)
def test_silence_becomes_a_concern_by_itself_once(check, hour, maya, dana, now, ended, severity):
    close(hour, dana, now, **ended)
    due = check.answer_by + timedelta(hours=4)
    assert services.hear_silence(at=due - timedelta(minutes=1)) == 0
    assert services.hear_silence(at=due) == 1
    close(hour, dana, now, after=9)  # corrected meanwhile
    assert services.hear_silence(at=due + timedelta(hours=1)) == 0
    concern = Concern.objects.get(patient=maya)
    assert (concern.severity, concern.raised_by) == (severity, None)
    assert queries.is_raised(check)
    answer(check, maya, due + timedelta(hours=2), wants_call=True)
    assert Concern.objects.filter(patient=maya).count() == 2


def test_silence_after_a_session_that_nobody_closed_is_urgent_and_that_of_long_ago_rings_no_more(check, now):
    row = NextDayCheck.objects.select_related("processing").get(pk=check.pk).processing
    type(row).objects.filter(pk=row.pk).update(after=None, ending="", closed_at=None)
    assert services.hear_silence(at=check.answer_by + timedelta(days=8)) == 0
    assert services.hear_silence(at=check.answer_by + timedelta(hours=4)) == 1
    assert Concern.objects.get().severity == "urgent"


def test_nothing_rings_where_it_was_answered_or_seen_to_or_the_student_has_died(check, maya, dana):
    due = check.answer_by + timedelta(hours=4)
    for change in ({"answered_at": due, "safe": "yes", "night": "fine", "distress": 1}, {"settled_at": due}):
        NextDayCheck.objects.update(settled_by=dana, settled_words="Called her.", **change)
        assert services.hear_silence(at=due) == 0
        NextDayCheck.objects.update(answered_at=None, settled_at=None)
    maya.has_died, maya.death_noted_at = True, check.opens_at
    maya.save()
    assert services.hear_silence(at=due) == 0
    assert not Concern.objects.exists()


def test_the_worker_hears_silence_in_every_house(check, time_machine):
    time_machine.move_to(check.answer_by + timedelta(hours=4), tick=False)
    tasks.hear_silence(timestamp=0)
    assert Concern.objects.get().source_kind == "trauma.next_day_silence"


def test_of_somebody_who_died_nobody_is_asked_to_call(check, maya, dana):
    maya.has_died, maya.death_noted_at = True, check.opens_at
    maya.save()
    assert queries.checks_waiting(viewer=dana, at=check.answer_by) == []


def test_a_stranger_of_another_house_finds_nothing(check, maya, now):
    away = make_user("Sam", Role.SUPERVISOR, organisation=make_organisation(name="Elsewhere", slug="elsewhere"))
    with pytest.raises(PermissionDenied):
        queries.strand(viewer=away, pk=maya.pk, at=now)
    assert queries.checks_waiting(viewer=away, at=check.answer_by + timedelta(days=1)) == []
