"""Answering, completing, signing, on real PostgreSQL."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hearth.audit.models import Event
from hearth.background import services
from hearth.background.models import Background, BackgroundAnswer, BackgroundSignature
from hearth.background.queries import (
    answers_now,
    asked_of,
    lines_by_dimension,
    picture_of,
    state_of,
)
from hearth.background.questionnaire import questions
from hearth.background.rules import UnusableAnswer
from hearth.background.testing import answer, answer_all
from hearth.inquiry.models import CarriedFact, Inquiry, Referral
from hearth.inquiry.testing import make_inquiry, told
from hearth.people.models import CareTeamMember, Licence
from hearth.safety.models import Concern
from hearth.safety.services import NotLicensed


@pytest.fixture
def licence(dana):
    """Dana's licence, in force."""
    held = DateRange(date(2020, 1, 1), date(2040, 1, 1))
    return Licence.objects.create(holder=dana, state="CO", discipline="LPC", number="LPC.1", during=held)


def sign(patient, *, by, at, summary="It adds up."):
    return services.sign(patient_pk=patient.pk, summary=summary, seen=answers_now(patient), language="en", by=by, at=at)


def asks_for(patient, at, *, asked_for="me", **more):
    inquiry = make_inquiry("Maya", at=at, asked_for=asked_for, **more)
    Inquiry.objects.filter(pk=inquiry.pk).update(patient=patient)
    return inquiry


def standing(patient, item, *, staff=False):
    parts = picture_of(patient, staff=staff).parts
    return next(one for part in parts for one in part.standings if one.item.id == item)


def test_the_student_begins_with_the_first_answer(maya, now):
    saved = answer(maya, "history", by=maya.user, at=now, brings="The nights.", since="months")
    assert saved.background.version == 1
    assert standing(maya, "brings").value == "The nights."
    assert standing(maya, "brings").answer.own
    assert Event.objects.filter(verb="background.answered", patient_id=maya.pk).count() == 1


def test_what_did_not_change_is_not_stored_again(maya, now):
    for _time in range(2):
        answer(maya, "history", by=maya.user, at=now, brings="The nights.", since="")
    assert BackgroundAnswer.objects.count() == 1


def test_what_was_told_before_is_not_asked_again(maya, now):
    asks_for(maya, now, words="I cannot sleep.", answers=told(what=["depression", "stress"], support="little"))
    assert standing(maya, "brings").value == "I cannot sleep."
    assert standing(maya, "what").value == ("depression", "stress")
    answer(maya, "history", by=maya.user, at=now, brings="I cannot sleep.", what=["depression", "stress"])
    kept = {row.item: row.confirms for row in BackgroundAnswer.objects.all()}
    assert kept == {"brings": "inquiry 2026-11-24", "what": "check 2026-11-24"}


def test_what_is_no_longer_true_is_said_so(maya, now):
    asks_for(maya, now, answers=told(support="little"))
    answer(maya, "family", by=maya.user, at=now, support="")
    assert standing(maya, "support").value == ""


def test_how_safe_it_is_is_asked_again(maya, now):
    asks_for(maya, now, answers=told(danger="thoughts"))
    assert standing(maya, "danger").known.value == "thoughts"
    assert standing(maya, "danger").value == ""


def test_what_somebody_else_told_counts_for_nobody(maya, now):
    asks_for(maya, now, asked_for="other", words="My wife drinks.", answers=told("other", what=["substances"]))
    assert standing(maya, "brings", staff=True).known.value == "My wife drinks."
    assert standing(maya, "brings").value == ""
    assert "what" not in picture_of(maya, staff=False).own_values


def test_a_referral_answers_what_it_told(maya, ines, now):
    source = Referral.objects.create(
        label=b"", packet=b"", original=b"", digest="d", size=1, received_at=now, promised_by=now, source="upload"
    )
    for place, (kind, text, detail) in enumerate(
        [
            ("medication", "Sertraline 50 mg", "one a day"),
            ("medication", "Melatonin", ""),
            ("allergy", "Penicillin", ""),
        ]
    ):
        CarriedFact.objects.create(patient=maya, source=source, kind=kind, text=text, detail=detail, place=place)
    assert standing(maya, "medications").value == "Sertraline 50 mg (one a day)\nMelatonin"
    assert standing(maya, "allergies").value == "Penicillin"


@pytest.mark.parametrize(
    ("section", "said", "severity"),
    [
        ("risk", {"danger": "thoughts"}, "urgent"),
        ("risk", {"danger": "now"}, "emergency"),
        ("risk", {"home": "unsafe"}, "urgent"),
        ("strengths", {"good_at": "Nothing. They are better off without me."}, "urgent"),
    ],
)
def test_a_grave_answer_raises_a_concern_at_once(maya, now, section, said, severity):
    saved = answer(maya, section, by=maya.user, at=now, **said)
    assert saved.in_danger
    concern = Concern.objects.get()
    assert (concern.severity, concern.patient, concern.source_kind) == (severity, maya, services.SOURCE)
    answer(maya, section, by=maya.user, at=now, **said)
    assert Concern.objects.count() == 1


def test_staff_who_write_down_a_yes_raise_it_alike(maya, dana, now):
    answer(maya, "risk", by=dana, at=now, danger="plan")
    concern = Concern.objects.get()
    assert concern.raised_by == dana
    assert "get help at once" in concern.told


def test_a_section_is_kept_whole_or_not_at_all(maya, now):
    with pytest.raises(UnusableAnswer), transaction.atomic():
        answer(maya, "risk", by=maya.user, at=now, danger="now", others="tuesday")
    assert not BackgroundAnswer.objects.exists()
    assert not Concern.objects.exists()


def test_staff_put_right_what_the_student_said_and_both_stay(maya, dana, now):
    answer(maya, "family", by=maya.user, at=now, close="My sister.")
    answer(maya, "family", by=dana, at=now + timedelta(hours=1), close="Her sister Alma, daily.")
    one = standing(maya, "close")
    assert one.value == "Her sister Alma, daily."
    assert one.own.value == "My sister."
    assert [row.by for row in one.answers] == [dana, maya.user]


def test_a_part_that_was_left_out_is_known_as_such(maya, now):
    services.save_section(patient_pk=maya.pk, section="trauma", given={}, by=maya.user, at=now, skip=True)
    skipped = [part.section.id for part in picture_of(maya, staff=True).parts if part.look and part.look.skipped]
    assert skipped == ["trauma"]
    assert not BackgroundAnswer.objects.exists()


def test_nobody_has_to_answer_anything_to_be_done(maya, dana, licence, now):
    services.finish(patient_pk=maya.pk, by=maya.user, at=now)
    assert asked_of(maya, is_in_program=False) is None
    assert sign(maya, by=dana, at=now).body["items"] == {}


def test_students_write_no_part_of_staff(maya, now):
    answer(maya, "risk", by=maya.user, at=now, risk_seen="I am fine", danger="no")
    assert [row.item for row in BackgroundAnswer.objects.all()] == ["danger"]


def test_signing_locks_it_for_good(maya, dana, licence, now):
    answer(maya, "history", by=maya.user, at=now, brings="The nights.")
    signed = sign(maya, by=dana, at=now)
    assert signed.licence == "LPC CO LPC.1"
    assert signed.body["items"]["brings"]["said"] == "The nights."
    assert signed.digest == services.digest(signed.body, signed.summary)
    with pytest.raises(services.NotAsked):
        answer(maya, "history", by=maya.user, at=now, brings="Other.")
    with pytest.raises(services.AlreadySigned):
        sign(maya, by=dana, at=now)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        BackgroundSignature.objects.update(summary="Other.")


def test_only_a_clinician_with_a_licence_in_force_signs(maya, dana, ines, now):
    answer(maya, "history", by=maya.user, at=now, brings="The nights.")
    with pytest.raises(NotLicensed):
        sign(maya, by=dana, at=now)
    for who in (ines, maya.user):
        with pytest.raises(PermissionDenied):
            sign(maya, by=who, at=now)


def test_a_summary_is_needed(maya, dana, licence, now):
    answer(maya, "history", by=maya.user, at=now, brings="The nights.")
    with pytest.raises(services.SummaryMissing):
        sign(maya, by=dana, at=now, summary="  ")


def test_nobody_signs_what_they_have_not_read(maya, dana, licence, now):
    answer(maya, "history", by=maya.user, at=now, brings="The nights.")
    seen = answers_now(maya)
    answer(maya, "family", by=maya.user, at=now, close="My sister.")
    with pytest.raises(services.ChangedMeanwhile):
        services.sign(patient_pk=maya.pk, summary="Enough.", seen=seen, language="en", by=dana, at=now)


def test_what_is_missing_is_added_and_changes_nothing(maya, dana, licence, now):
    answer(maya, "history", by=maya.user, at=now, brings="The nights.")
    with pytest.raises(services.NotAsked):
        services.add(background=Background.objects.get(), text="Later.", by=dana, at=now)
    signed = sign(maya, by=dana, at=now)
    services.add(background=Background.objects.get(), text="Later.", by=dana, at=now)
    assert [one.text for one in signed.background.addenda.all()] == ["Later."]


def test_a_new_version_starts_from_the_last(maya, dana, licence, now):
    answer_all(maya, {"brings": "The nights.", "danger": "no", "history_seen": "Tired."}, by=dana, at=now)
    sign(maya, by=dana, at=now)
    later = now + timedelta(days=30)
    assert services.begin(patient_pk=maya.pk, by=dana, at=later).version == 2
    assert standing(maya, "brings").value == "The nights."
    assert standing(maya, "brings").known.source == "before"
    assert standing(maya, "danger").value == ""  # true of a day
    assert sign(maya, by=dana, at=later).body["items"]["history_seen"]["said"] == "Tired."


def test_only_staff_open_another_version(maya, dana, licence, now):
    answer(maya, "history", by=maya.user, at=now, brings="The nights.")
    sign(maya, by=dana, at=now)
    assert asked_of(maya, is_in_program=True) is None
    with pytest.raises(services.NotAsked):
        services.begin(patient_pk=maya.pk, by=maya.user, at=now)
    services.begin(patient_pk=maya.pk, by=dana, at=now)
    asked = asked_of(maya, is_in_program=True)
    assert asked
    assert asked.is_again


def test_those_in_the_program_are_asked_only_once_staff_began(jonah, ines, now):
    assert asked_of(jonah, is_in_program=True) is None
    assert asked_of(jonah, is_in_program=False) is not None
    services.begin(patient_pk=jonah.pk, by=ines, at=now)
    assert asked_of(jonah, is_in_program=True) is not None


@pytest.mark.parametrize("who", ["theo", "walt", "priya"])
def test_nobody_else_writes(who, request, maya, now):
    with pytest.raises(PermissionDenied):
        answer(maya, "history", by=request.getfixturevalue(who), at=now, brings="Words.")


def test_one_student_writes_nothing_of_another(maya, jonah, now):
    with pytest.raises(PermissionDenied):
        answer(maya, "history", by=jonah.user, at=now, brings="Words.")


def test_answers_stand_beside_the_dimensions_before_and_after_signing(maya, dana, licence, now):
    answer_all(
        maya,
        {"brings": "The nights.", "substances": ["alcohol"], "danger": "no", "support": "some", "good_at": "Baking."},
        by=maya.user,
        at=now,
    )
    before = lines_by_dimension(maya, language="en")
    assert [line.said for line in before["1"]] == ["Alcohol"]
    assert "Baking." in [line.said for line in before["6"]]
    sign(maya, by=dana, at=now)
    after = lines_by_dimension(maya, language="en")
    assert {name: [line.said for line in lines] for name, lines in after.items()} == {
        name: [line.said for line in lines] for name, lines in before.items()
    }


def test_what_no_longer_applies_is_told_nowhere(maya, dana, licence, now):
    answer(maya, "substances", by=maya.user, at=now, substances=["alcohol"], last_use="Beer, Sunday")
    answer(maya, "substances", by=maya.user, at=now + timedelta(minutes=1), substances=["none"])
    assert "last_use" not in sign(maya, by=dana, at=now + timedelta(hours=1)).body["items"]


def test_the_state_counts_sections_looked_at_by_anybody(maya, dana, now):
    answer(maya, "history", by=maya.user, at=now, brings="x")
    answer(maya, "history", by=dana, at=now, brings="y")
    answer(maya, "family", by=dana, at=now, close="z")
    state = state_of(maya)
    assert (state.done, state.of, state.signed) == (2, len(questions().sections), None)
    asked = asked_of(maya, is_in_program=False)
    assert asked
    assert asked.done == 1


def test_a_colleague_of_the_team_completes_it(jonah, theo, now):
    with pytest.raises(PermissionDenied):
        answer(jonah, "history", by=theo, at=now, brings="Words.")
    CareTeamMember.objects.create(patient=jonah, member=theo, role="counselor", since=now.date())
    assert answer(jonah, "history", by=theo, at=now, brings="Words.").background.version == 1
