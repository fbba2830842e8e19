"""What somebody takes, tests, naloxone and signs of withdrawal: written down by who may, and on the pages."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission.testing import make_episode
from hearth.audit.models import Event
from hearth.inquiry.referral_services import accept, receive
from hearth.inquiry.tests.bundles import about_her, bundle, written
from hearth.medical import queries, services
from hearth.medical.models import DrugTest, Medication, WithdrawalCheck
from hearth.people.models import Licence
from hearth.people.testing import make_patient
from hearth.safety.models import Concern

type Facts = dict[str, Any]

SENT = about_her(
    "MedicationRequest", status="active", intent="order", medicationCodeableConcept={"text": "Buprenorphine 8 MG"}
)

SERTRALINE: Facts = {
    "name": " Sertraline ",
    "dose": "50 mg",
    "reason": "Mood",
    "prescriber": "",
    "source": "label",
}


def licensed(name, role, organisation, discipline):
    found = make_user(name, role, organisation=organisation)
    held = DateRange(date(2024, 1, 1), date(2030, 1, 1))
    Licence.objects.create(holder=found, state="CO", discipline=discipline, number=f"{discipline}.1", during=held)
    return found


@pytest.fixture
def bev(organisation):
    return licensed("Bev Lindqvist", Role.NURSE, organisation, "RN")


@pytest.fixture
def helen(organisation):
    return licensed("Helen Cho", Role.MEDICAL, organisation, "MD")


@pytest.fixture
def stay(maya, ruth, now):
    return make_episode(maya, by=ruth, at=now, track="co-occurring")


def write(patient, by, at, **facts):
    return services.write_medication(patient_pk=patient.pk, by=by, at=at, **SERTRALINE | facts)


def order(patient, by, at, **facts):
    asked: Facts = {
        "reason": "As agreed",
        "panel": ["cocaine", "alcohol"],
        "is_observed": False,
        "observed_why": "",
    }
    return services.order_test(patient_pk=patient.pk, by=by, at=at, **asked | facts)


def go_on(row, step, by, at, words="", **results):
    return services.go_on(pk=row.pk, step=step, results=results, words=words, by=by, at=at)


def test_students_and_their_team_write_the_list_and_nobody_else_does(maya, jonah, dana, theo, priya, now):
    write(maya, dana, now)
    own = write(maya, maya.user, now, source="prescriber")
    assert own.source == Medication.Source.STUDENT
    for somebody, patient in ((theo, maya), (priya, maya), (maya.user, jonah)):
        with pytest.raises(PermissionDenied):
            write(patient, somebody, now)
    stranger = make_user("Sam", Role.NURSE, organisation=make_organisation(name="Elsewhere", slug="elsewhere"))
    with pytest.raises(PermissionDenied):
        write(maya, stranger, now)
    assert Medication.objects.count() == 2


def test_a_line_is_ended_with_a_reason_and_stays(maya, dana, now):
    row = write(maya, dana, now)
    services.end_medication(patient_pk=maya.pk, pk=row.pk, why="Made her sick; Dr. Cho agreed", by=dana, at=now)
    services.end_medication(patient_pk=maya.pk, pk=row.pk, why="Again", by=dana, at=now)
    sheet = queries.sheet(viewer=dana, pk=maya.pk, at=now)
    assert (sheet.taken, [one.ended_why for one in sheet.ended]) == ([], ["Made her sick; Dr. Cho agreed"])


def test_a_nurse_with_a_licence_signs_that_the_list_was_compared(maya, stay, dana, bev, now, organisation):
    write(maya, dana, now)
    shown = queries.sheet(viewer=bev, pk=maya.pk, at=now).mark
    asked: Facts = {"patient_pk": maya.pk, "sources": ["label"], "found": "Nothing differed", "shown": shown, "at": now}
    assert queries.sheet(viewer=dana, pk=maya.pk, at=now).why_reconcile == "start"
    with pytest.raises(PermissionDenied):
        services.reconcile(by=dana, **asked)
    with pytest.raises(services.NotLicensed):
        services.reconcile(by=make_user("New Nurse", Role.NURSE, organisation=organisation), **asked)
    row = services.reconcile(by=bev, **asked)
    assert (row.listed, row.licence) == ([{"name": "Sertraline", "dose": "50 mg"}], "RN CO RN.1")
    assert queries.sheet(viewer=dana, pk=maya.pk, at=now).why_reconcile is None
    write(maya, dana, now + timedelta(days=1))
    assert queries.sheet(viewer=dana, pk=maya.pk, at=now).why_reconcile == "changed"


def test_a_list_that_changed_meanwhile_is_looked_at_once_more(maya, stay, bev, as_user, now):
    page, address = as_user(bev), reverse("medical:of-patient", args=[maya.pk])
    shown = queries.sheet(viewer=bev, pk=maya.pk, at=now).mark
    write(maya, maya.user, now, name="Methadone")
    said = {"step": "reconcile", "reconcile-sources": ["label"], "reconcile-found": "Called the pharmacy"}
    refused = page.post(address, said | {"shown": shown})
    assert refused.status_code == 422
    assert "Look at it once more" in refused.text
    assert "Called the pharmacy" in refused.text
    shown = queries.sheet(viewer=bev, pk=maya.pk, at=now).mark
    assert shown in refused.text
    page.post(address, said | {"shown": shown})
    assert [row["name"] for row in maya.reconciliations.get().listed] == ["Methadone"]


def test_an_unexpected_result_is_confirmed_and_talked_about_and_the_stay_goes_on(maya, stay, bev, dana, now):
    row = order(maya, bev, now)
    go_on(row, "collected", bev, now)
    assert go_on(row, "resulted", bev, now, cocaine="positive", alcohol="negative").stage == "confirmation"
    for early in ("talked", "cancelled"):
        with pytest.raises(services.NotNow):
            go_on(row, early, bev, now, "Too soon")
    with pytest.raises(PermissionDenied):
        go_on(row, "confirmed", dana, now, cocaine="positive")
    assert go_on(row, "confirmed", bev, now, cocaine="positive", alcohol="negative").stage == "talk"
    assert go_on(row, "talked", dana, now, "A hard week; more support on Fridays.").stage == "done"
    stay.refresh_from_db()
    assert stay.ended_at is None


def test_only_what_was_looked_for_is_kept(maya, bev, now):
    row = order(maya, bev, now)
    go_on(row, "collected", bev, now)
    go_on(row, "resulted", bev, now, cocaine="negative", alcohol="negative", fentanyl="positive")
    row.refresh_from_db()
    assert row.stage == "done"
    assert queries.medical_work(viewer=bev, at=now).tests == []
    assert row.steps.get(step="resulted").results == {"cocaine": "negative", "alcohol": "negative"}


def test_somebody_is_watched_only_by_a_medical_order_with_a_reason_and_their_own_yes(maya, jonah, bev, helen, now):
    watched = {"is_observed": True, "observed_why": "A court asks for it"}
    with pytest.raises(PermissionDenied):
        order(maya, bev, now, **watched)
    row = order(maya, helen, now, **watched)
    with pytest.raises(services.NotAgreed):
        go_on(row, "collected", bev, now)
    with pytest.raises(PermissionDenied):
        services.agree_to_be_observed(pk=row.pk, by=jonah.user, at=now)
    services.agree_to_be_observed(pk=row.pk, by=maya.user, at=now)
    assert go_on(row, "collected", bev, now).stage == "result"


def test_saying_no_leads_to_a_talk(maya, bev, now):
    assert go_on(order(maya, bev, now), "declined", bev, now, "Not today").stage == "talk"


def test_two_taps_write_order_and_give_once(maya, bev, now):
    soon, kept = now + timedelta(seconds=3), now.date() + timedelta(days=300)
    assert write(maya, bev, now) == write(maya, bev, soon)
    assert order(maya, bev, now) == order(maya, bev, soon)
    given = {"patient_pk": maya.pk, "to": "Maya", "taught": True, "expires_on": kept, "by": bev}
    assert services.give_naloxone(at=now, **given) == services.give_naloxone(at=soon, **given)
    assert order(maya, bev, now) != order(maya, bev, now + timedelta(days=1))


def test_naloxone_is_given_by_staff(maya, now):
    given = {"to": "Maya", "taught": True, "expires_on": now.date() + timedelta(days=300)}
    with pytest.raises(PermissionDenied):
        services.give_naloxone(patient_pk=maya.pk, by=maya.user, at=now, **given)


def test_what_a_referral_told_is_taken_over_once_and_only_into_its_own_chart(maya, jonah, ines, dana, as_user, now):
    came = receive(data=written(bundle(SENT)), file_name="a.json", by=ines, source="upload", at=now)
    assert came.referral is not None
    accept(referral=came.referral, person={}, conditions=[], patient=maya, by=ines, at=now)
    (fact,) = queries.sheet(viewer=dana, pk=maya.pk, at=now).told
    with pytest.raises(PermissionDenied):
        services.take_over(patient_pk=jonah.pk, fact_pk=fact.pk, by=ines, at=now)
    address = reverse("medical:take-over", args=[maya.pk, fact.pk])
    for _tap in range(2):
        as_user(dana).post(address)
    row = Medication.objects.get()
    assert (row.name, row.source, row.carried) == (fact.text, "referral", fact)
    assert queries.sheet(viewer=dana, pk=maya.pk, at=now).told == []


def test_a_test_in_course_waits_also_after_the_stay_has_ended_and_reading_of_it_is_written_down(
    maya, stay, bev, as_user, now
):
    order(maya, bev, now)
    stay.ended_at, stay.end_reason = now, "completed"
    stay.save()
    read = Event.objects.filter(verb="medical.read", patient_id=maya.pk, actor_id=bev.pk)
    before = read.count()
    assert "Maya R." in as_user(bev).get(reverse("medical:work")).text
    assert read.count() == before + 1


def test_signs_of_withdrawal_raise_a_concern_once_for_two_taps(maya, now):
    told: Facts = {
        "patient_pk": maya.pk,
        "stopped": ["alcohol", "made up"],
        "signs": ["shaking"],
        "by": maya.user,
    }
    first = services.check_withdrawal(at=now, **told)
    assert services.check_withdrawal(at=now + timedelta(seconds=2), **told) == first
    concern = Concern.objects.get()
    assert (concern.severity, concern.source_kind, concern.source_id) == ("urgent", "medical.withdrawal", first.pk)
    assert first.stopped == ["alcohol"]
    later = services.check_withdrawal(at=now + timedelta(hours=1), **told | {"stopped": [], "signs": []})
    assert (later.severity, Concern.objects.count()) == ("", 1)


def test_what_waits_is_for_nurses_and_medical_providers(maya, stay, bev, dana, walt, now):
    order(maya, bev, now)
    found = queries.medical_work(viewer=bev, at=now)
    assert ([one.patient for one in found.tests], found.to_compare, found.without_naloxone) == (
        [maya],
        [(maya, "start")],
        [maya],
    )
    services.give_naloxone(
        patient_pk=maya.pk, to="Maya", taught=True, expires_on=now.date() + timedelta(days=300), by=dana, at=now
    )
    assert queries.medical_work(viewer=bev, at=now).without_naloxone == []
    for somebody in (dana, walt):
        with pytest.raises(PermissionDenied):
            queries.medical_work(viewer=somebody, at=now)


def test_reading_the_sheet_is_written_down_and_closed_to_colleagues_family_and_strangers(maya, theo, dana, as_user):
    address = reverse("medical:of-patient", args=[maya.pk])
    assert as_user(dana).get(address).status_code == 200
    assert Event.objects.filter(kind="read", subject_id=maya.pk).exists()
    for somebody in (theo, maya.user):
        assert as_user(somebody).get(address).status_code == 403


def test_a_counselor_adds_to_the_list_and_ends_it_on_the_page(maya, dana, as_user):
    page, address = as_user(dana), reverse("medical:of-patient", args=[maya.pk])
    empty = page.post(address, {"step": "medication", "medication-dose": "5 mg at night"})
    assert empty.status_code == 422
    assert "Write what it is called." in empty.text
    assert "5 mg at night" in empty.text
    said = {"step": "medication", "medication-name": "Buprenorphine", "medication-source": "label"}
    assert "treatment for opioid or alcohol use" in page.post(address, said, follow=True).text
    end = reverse("medical:end", args=[maya.pk, Medication.objects.get().pk])
    assert "raises the danger of an overdose" in page.get(end).text
    assert "Nothing is on the list." in page.post(end, {"why": "Changed to another"}, follow=True).text


def test_a_test_goes_its_way_on_the_page(maya, bev, as_user):
    page = as_user(bev)
    address = reverse("medical:of-patient", args=[maya.pk])
    ordered = {"step": "order", "order-reason": "As agreed", "order-panel": ["cocaine"]}
    assert "to be collected" in page.post(address, ordered, follow=True).text
    test = reverse("medical:test", args=[DrugTest.objects.get().pk])
    page.post(test, {"step": "collected", "collected-words": ""})
    lacking = page.post(test, {"step": "resulted", "resulted-words": "Line was faint"})
    assert lacking.status_code == 422
    assert "Line was faint" in lacking.text
    found = page.post(test, {"step": "resulted", "resulted-found_cocaine": "positive"}, follow=True).text
    assert "until a laboratory has confirmed it" in found
    again = page.post(test, {"step": "collected", "collected-words": ""}, follow=True)
    assert again.status_code in (200, 422)
    assert DrugTest.objects.get().steps.count() == 3


def test_a_student_sees_and_writes_their_own_and_says_yes_or_leaves_it(maya, helen, as_user, now):
    row = order(maya, helen, now, is_observed=True, observed_why="A court asks for it")
    page = as_user(maya.user)
    mine = page.get(reverse("medical:mine")).text
    assert "Without your yes nobody watches." in mine
    page.post(reverse("medical:agree", args=[row.pk]))
    assert "You said yes to this." in page.get(reverse("medical:mine")).text
    assert "Vitamin D" in page.post(reverse("medical:mine"), {"name": "Vitamin D"}, follow=True).text


@pytest.mark.parametrize(
    ("signs", "words"),
    [
        (["seizure"], "Please get medical help right now."),
        (["shaking"], "A doctor or nurse should look at this today."),
        (["restless"], "Thank you for telling us."),
        ([], "Good to hear."),
    ],
)
def test_a_student_who_feels_sick_sees_help_at_once(maya, as_user, signs, words):
    shown = as_user(maya.user).post(reverse("medical:withdrawal"), {"signs": signs}).text
    assert words in shown
    assert ("988" in shown.split("<main")[1].split("</main>")[0]) == bool(signs)
    assert WithdrawalCheck.objects.get().by == maya.user


def test_the_pages_ask_as_much_for_many_as_for_one(maya, stay, ruth, bev, as_user, count_queries, now):
    page = as_user(bev)
    sheet, work = reverse("medical:of-patient", args=[maya.pk]), reverse("medical:work")
    write(maya, bev, now)
    order(maya, bev, now)
    few = (count_queries(page, sheet), count_queries(page, work))
    for number in range(3):
        write(maya, bev, now, name=f"Vitamin {number}")
        order(maya, bev, now, reason=f"Agreed {number}")
        services.check_withdrawal(
            patient_pk=maya.pk, stopped=[], signs=["restless"], by=bev, at=now + timedelta(hours=number)
        )
        other = make_patient(f"New {number}", "Student", at=now)
        make_episode(other, by=ruth, at=now, program=stay.program)
        order(other, bev, now)
    assert (count_queries(page, sheet), count_queries(page, work)) == few


def test_words_of_danger_beside_an_own_medication_are_a_concern_at_once(stay, maya, bev, now):
    write(maya, bev, now, reason="I am going to kill myself tonight")
    assert not Concern.objects.exists()
    row = write(maya, maya.user, now, name="Zolpidem", reason="I am going to kill myself tonight")
    assert Concern.objects.get().severity == "emergency"
    why = "I took all my pills"
    services.end_medication(patient_pk=maya.pk, pk=row.pk, why=why, by=maya.user, at=now)
    assert Concern.objects.count() == 2
