import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.inquiry import facts, referral_queries
from hearth.inquiry.models import CarriedFact, Referral
from hearth.inquiry.referral_queries import (
    access_referral,
    carried_facts,
    likenesses,
    referrals,
    referrals_in_inbox,
)
from hearth.inquiry.referral_services import AlreadyDecided, accept, decline, receive
from hearth.inquiry.referral_store import read_label, read_original, read_packet
from hearth.inquiry.testing import make_referral
from hearth.inquiry.tests.bundles import about_her, bundle, coded, condition, patient, whole_bundle, written
from hearth.inquiry.ways_out import close
from hearth.lib import sealed, tenancy
from hearth.people.models import Patient
from hearth.people.testing import make_patient
from hearth.safety.models import Concern

ANA = {"chosen_name": "Ana", "family_name": "Ruiz", "birth_date": date(1990, 5, 1), "state": "CO", "languages": ["es"]}
REFERRAL = written(whole_bundle())


def received(data, ines, now):
    return receive(data=data, file_name="Ana_Ruiz.json", by=ines, source="upload", at=now)


def test_a_referral_of_somebody_whose_way_in_had_ended_takes_that_back(ines, now):
    ana = make_patient("Ana", "Ruiz", at=now)
    out = close(who=ana, reason="not_now", note="", by=ines, at=now - timedelta(days=1))
    heard = []
    facts.way_reopened.connect(
        lambda **told: heard.append((told["patient_id"], told["ended_at"])), weak=False, dispatch_uid="test"
    )
    accept(referral=received(REFERRAL, ines, now).referral, person={}, conditions=[], patient=ana, by=ines, at=now)
    facts.way_reopened.disconnect(dispatch_uid="test")
    out.refresh_from_db()
    assert (out.reopened_by, out.reopened_at) == (ines, now)
    assert heard == [(ana.pk, out.ended_at)]
    assert Event.objects.get(verb="inquiry.reopened").patient_id == ana.pk


def test_a_referral_waits_in_the_inbox_and_no_chart_is_written(ines, now):
    one = received(REFERRAL, ines, now)
    assert (one.status, one.packet.person.name) == ("inbox", "Ana Luz Ruiz")
    assert referrals_in_inbox(viewer=ines).count == 1
    assert read_label(one.referral).file_name == "Ana_Ruiz.json"
    assert read_packet(one.referral) == one.packet
    assert read_original(one.referral) == REFERRAL
    assert not Patient.objects.exists()


def test_nothing_of_it_is_readable_in_the_database(ines, now):
    received(REFERRAL, ines, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT inquiry_referral.*, encode(label || packet || original, 'escape') FROM inquiry_referral")
        stored = str(cursor.fetchall()) + str(list(Event.objects.values()))
    for word in ("Ruiz", "Ana", "1990", "Opioid", "Sertraline", "Acme"):
        assert word not in stored


def test_content_put_into_another_referral_does_not_open(ines, now):
    one = received(REFERRAL, ines, now).referral
    other = received(written(bundle(person=patient(id="bo", name=[{"family": "Oak"}]))), ines, now).referral
    other.packet = one.packet
    with pytest.raises(sealed.CannotOpen):
        read_packet(other)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no json",
        b"[" * 5000,
        written(bundle(person=False)),
        written(bundle(person=patient(birthDate="2999-01-01"))),
        b" " * 20_000_001,
    ],
    ids=["empty", "text", "deep", "nobody", "unborn", "large"],
)
def test_a_refused_file_leaves_nothing(ines, now, data):
    events = Event.objects.count()
    one = received(data, ines, now)
    assert one.status == "refused"
    assert len(one.problems) == 1
    assert one.problems[0].endswith(".")
    assert not Referral.objects.exists()
    assert Event.objects.count() == events


def test_the_same_file_is_kept_once(ines, now):
    first = received(REFERRAL, ines, now)
    again = received(REFERRAL, ines, now + timedelta(days=1))
    assert (again.status, again.referral) == ("duplicate", first.referral)
    assert "received on 2026-11-24 already" in again.problems[0]
    assert Referral.objects.count() == 1


def test_the_same_person_in_another_file_is_kept_and_told(ines, now):
    received(REFERRAL, ines, now)
    again = received(written(bundle(condition("Anxiety disorder"))), ines, now)
    assert again.status == "duplicate"
    assert "is in the inbox (same name, same birth date)" in again.problems[0]
    assert Referral.objects.count() == 2


def test_someone_with_a_chart_is_found(ines, now):
    ana = make_patient("Ana", "Ruiz", at=now, birth_date=date(1990, 5, 1))
    one = received(REFERRAL, ines, now)
    assert one.status == "duplicate"
    assert one.alike[0].patient == ana


def test_an_identifier_finds_a_patient_who_changed_name_and_phone(ines, now):
    number = [{"system": "urn:hospital", "value": "77-1"}]
    first = make_referral(written(bundle(person=patient(identifier=number))), at=now, by=ines)
    ana = accept(referral=first, person=ANA, conditions=[], patient=None, by=ines, at=now)
    changed = patient(identifier=number, name=[{"family": "Lowell", "given": ["Lu"]}], birthDate="1990-01-05")
    other = make_referral(written(bundle(person=changed)), at=now, by=ines)
    (found,) = likenesses(read_label(other).known)
    assert found.patient == ana
    assert found.match.reasons == ("same identifier",)


def test_the_chart_is_written_by_accepting(ines, now):
    heard = []
    facts.referral_accepted.connect(lambda **fact: heard.append(fact["patient_id"]), weak=False, dispatch_uid="test")
    referral = make_referral(REFERRAL, at=now, by=ines)
    ana = accept(referral=referral, person=ANA, conditions=[0], patient=None, by=ines, at=now)
    facts.referral_accepted.disconnect(dispatch_uid="test")
    referral.refresh_from_db()
    assert (referral.status, referral.patient, referral.decided_by) == ("accepted", ana, ines)
    told = {(one.kind, one.text) for one in carried_facts(ana)}
    assert ("condition", "Opioid abuse (disorder)") in told
    assert ("medication", "Sertraline 50 MG") in told
    assert ("allergy", "Penicillin") in told
    assert ("measure", "PHQ-9: 17") in told
    assert ("coverage", "Acme Health Plan") in told
    assert heard == [ana.pk]


def test_only_chosen_conditions_come_along(ines, now):
    ana = accept(
        referral=make_referral(REFERRAL, at=now), person=ANA, conditions=[], patient=None, by=ines, at=now
    )  # fmt: skip
    assert not carried_facts(ana).filter(kind="condition").exists()


def test_a_known_person_gets_no_second_chart_and_no_fact_twice(ines, now):
    first = make_referral(REFERRAL, at=now)
    ana = accept(referral=first, person=ANA, conditions=[0], patient=None, by=ines, at=now)
    before = carried_facts(ana).count()
    again = whole_bundle()
    again["entry"].append({"resource": condition("Anxiety disorder", "197480006")})
    second = make_referral(written(again), at=now)
    conditions = range(len(read_packet(second).conditions))
    same = accept(referral=second, person={}, conditions=conditions, patient=ana, by=ines, at=now)
    assert same == ana
    assert Patient.objects.count() == 1
    new = [one.text for one in CarriedFact.objects.filter(source=second)]
    assert new == ["Anxiety disorder"]
    assert carried_facts(ana).count() == before + 1


def test_a_recent_thought_of_death_becomes_a_concern_with_the_chart(ines, now):
    item9 = about_her("Observation", status="final", effectiveDateTime="2026-11-01", valueInteger=2,
                      code=coded("PHQ-9 item 9", "44260-8", "http://loinc.org"))  # fmt: skip
    referral = make_referral(written(bundle(item9)), at=now)
    ana = accept(referral=referral, person=ANA, conditions=[], patient=None, by=ines, at=now)
    concern = Concern.objects.get(patient=ana)
    assert (concern.severity, concern.source_id) == ("urgent", referral.pk)


def test_an_old_or_negative_answer_raises_no_concern(ines, now):
    def item9(value, on):
        return about_her("Observation", status="final", effectiveDateTime=on, valueInteger=value,
                         code=coded("PHQ-9 item 9", "44260-8", "http://loinc.org"))  # fmt: skip

    referral = make_referral(written(bundle(item9(0, "2026-11-01"), item9(3, "2019-11-01"))), at=now)
    accept(referral=referral, person=ANA, conditions=[], patient=None, by=ines, at=now)
    assert not Concern.objects.exists()


def test_declining_says_why_and_writes_no_chart(ines, now):
    referral = decline(referral=make_referral(REFERRAL, at=now), reason="Needs detox first.", by=ines, at=now)
    assert (referral.status, referral.reason) == ("declined", "Needs detox first.")
    assert not Patient.objects.exists()
    assert referrals_in_inbox(viewer=ines).count == 0


def test_what_is_decided_stays_decided(ines, ruth, now):
    referral = make_referral(REFERRAL, at=now)
    decline(referral=referral, reason="Sent by mistake.", by=ines, at=now)
    with pytest.raises(AlreadyDecided):
        accept(referral=referral, person=ANA, conditions=[], patient=None, by=ruth, at=now)
    assert not Patient.objects.exists()


def test_a_counselor_may_neither_read_nor_decide_nor_send_in(dana, now):
    referral = make_referral(REFERRAL, at=now)
    with pytest.raises(PermissionDenied):
        access_referral(viewer=dana, pk=referral.pk, at=now)
    with pytest.raises(PermissionDenied):
        accept(referral=referral, person=ANA, conditions=[], patient=None, by=dana, at=now)
    with pytest.raises(PermissionDenied):
        decline(referral=referral, reason="no", by=dana, at=now)
    with pytest.raises(PermissionDenied):
        received(REFERRAL, dana, now)
    with pytest.raises(PermissionDenied):
        referrals(viewer=dana, status="inbox")
    assert referrals_in_inbox(viewer=dana).count == 0


def test_another_house_finds_nothing(now, organisation):
    referral = make_referral(REFERRAL, at=now)
    elsewhere = make_organisation(slug="elsewhere", name="Elsewhere")
    with tenancy.within(elsewhere.pk):
        nora = make_user("Nora Stone", Role.COORDINATOR, organisation=elsewhere)
        with pytest.raises(PermissionDenied):
            access_referral(viewer=nora, pk=referral.pk, at=now)
        assert receive(data=REFERRAL, file_name="x", by=nora, source="upload", at=now).status == "inbox"


def test_every_reading_and_decision_is_written_down(ines, now):
    referral = make_referral(REFERRAL, at=now, by=ines)
    access_referral(viewer=ines, pk=referral.pk, at=now)
    ana = accept(referral=referral, person=ANA, conditions=[], patient=None, by=ines, at=now)
    verbs = list(Event.objects.filter(subject_id=referral.pk).values_list("verb", flat=True))
    assert {"referral.received", "referral.read", "referral.accepted"} <= set(verbs)
    assert Event.objects.get(verb="referral.accepted").patient_id == ana.pk
    assert json.dumps(Event.objects.get(verb="referral.accepted").detail)


def test_marks_tell_nothing_to_who_reads_the_database(ines, now):
    row = received(REFERRAL, ines, now).referral
    assert row.traits
    assert not any("1990" in one or "ruiz" in one for one in row.traits)


def test_however_many_referrals_there_are_only_those_that_share_a_trait_are_unsealed(
    ines, now, monkeypatch, django_assert_num_queries
):
    for number in range(12):
        nobody_like = patient(
            name=[{"family": f"Other{number}", "given": ["Some"]}], birthDate=f"1960-01-{number + 1:02}",
        )  # fmt: skip
        received(written(bundle(person=nobody_like)), ines, now)
    twin = received(written(bundle()), ines, now).referral
    opened = []

    def noted(row):
        opened.append(row.pk)
        return read_label(row)

    monkeypatch.setattr(referral_queries, "read_label", noted)
    one = received(REFERRAL, ines, now)
    assert opened == [twin.pk]
    with django_assert_num_queries(2):
        likenesses(one.packet.person.known_as(str(one.referral.pk)))
