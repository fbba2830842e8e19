"""The assessment's pages: for its student, for those who care for them, for a colleague, a stranger, a guardian."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.background import services
from hearth.background.models import Background, BackgroundAnswer, BackgroundLook
from hearth.background.queries import answers_now
from hearth.background.questionnaire import questions
from hearth.background.testing import answer, answer_all
from hearth.inquiry.models import Inquiry
from hearth.inquiry.testing import make_inquiry, told
from hearth.lib import tenancy
from hearth.people.models import Licence, Relationship
from hearth.safety.models import Concern

MINE, TODAY = reverse("background:mine"), reverse("web:today")
SAID = {"brings": "The nights.", "substances": ["alcohol"], "last_use": "Beer, Sunday", "danger": "no", "since": "year"}


def section(name):
    return reverse("background:section", args=[name])


def of(patient):
    return reverse("background:of-patient", args=[patient.pk])


@pytest.fixture
def licence(dana):
    """Dana's licence, in force."""
    held = DateRange(date(2020, 1, 1), date(2040, 1, 1))
    return Licence.objects.create(holder=dana, state="CO", discipline="LPC", number="LPC.1", during=held)


@pytest.fixture
def signed(maya, dana, licence, now):
    """Maya's first version, signed by Dana."""
    answer_all(maya, SAID, by=maya.user, at=now)
    return services.sign(
        patient_pk=maya.pk, summary="Nights are the key.", seen=answers_now(maya), language="en", by=dana, at=now
    )


@pytest.fixture
def guardian(maya, organisation):
    """Somebody who decides for Maya and may see her schedule and progress."""
    person = make_user("Carmen Reyes", Role.FAMILY, organisation=organisation)
    Relationship.objects.create(
        patient=maya, person=person, kind="guardian", is_guardian=True, may_see_schedule=True, may_see_progress=True
    )
    return person


def test_today_leads_to_it_from_the_first_sign_in_on(as_user, maya):
    page = as_user(maya.user).get(TODAY).text
    assert MINE in page
    assert "nobody has to ask again" in page


def test_a_student_answers_section_by_section_and_comes_back_another_day(as_user, maya):
    client = as_user(maya.user)
    assert section("history") in client.get(MINE).text
    kept = client.post(section("history"), {"brings": "The nights.", "go": ""})
    assert kept["Location"] == section("risk")
    assert client.post(section("risk"), {"stop": ""})["Location"] == TODAY
    assert "2 of 12" in client.get(TODAY).text
    assert section("substances") in client.get(MINE).text
    assert "The nights." in client.get(section("history")).text


def test_questions_that_follow_are_asked_on_the_same_section(as_user, maya):
    client = as_user(maya.user)
    assert "last_use" not in client.get(section("substances")).text
    again = client.post(section("substances"), {"substances": ["alcohol"], "go": ""})
    assert again["Location"] == f"{section('substances')}?more"
    assert "last_use" in client.get(again["Location"]).text


def test_every_section_may_be_left_out_and_it_still_ends(as_user, maya):
    client, at = as_user(maya.user), section("history")
    for _number in questions().sections:
        at = client.post(at, {"skip": "", "brings": "not kept"})["Location"]
    assert at == MINE
    assert not BackgroundAnswer.objects.exists()
    assert BackgroundLook.objects.filter(skipped=True).count() == len(questions().sections)
    assert client.post(reverse("background:finish")).status_code == 302
    assert "That is all for now. You can still change" in client.get(MINE).text
    assert "nobody has to ask again" not in client.get(TODAY).text


def test_help_is_shown_at_once(as_user, maya):
    client = as_user(maya.user)
    shown = client.post(section("risk"), {"danger": "plan", "go": ""})
    assert shown["Location"] == reverse("background:help")
    assert "tel:988" in client.get(shown["Location"]).text
    assert Concern.objects.get().severity == "emergency"


def test_what_they_told_is_shown_and_not_asked(as_user, maya, now):
    inquiry = make_inquiry("Maya", at=now, words="I cannot sleep.", answers=told(support="little", danger="thoughts"))
    Inquiry.objects.filter(pk=inquiry.pk).update(patient=maya)
    client = as_user(maya.user)
    page = client.get(section("history")).text
    assert "You wrote to us on 24 November" in page
    assert "Still true?" in page
    assert "24 November" not in client.get(section("risk")).text  # who looks over their shoulder reads nothing of it


def test_who_asked_for_somebody_is_not_shown_to_them(as_user, maya, dana, now):
    inquiry = make_inquiry("Alex", at=now, asked_for="other", words="She drinks.", answers=told("other"))
    Inquiry.objects.filter(pk=inquiry.pk).update(patient=maya)
    assert "She drinks." not in as_user(maya.user).get(section("history")).text
    assert "She drinks." in as_user(dana).get(reverse("background:complete", args=[maya.pk, "history"])).text


def test_the_care_team_reads_it_and_that_is_written_down(as_user, maya, dana, ines, now):
    answer_all(maya, SAID, by=maya.user, at=now)
    for who in (dana, ines):
        page = as_user(who).get(of(maya)).text
        assert "The nights." in page
        assert "42 CFR Part 2" in page
    assert Event.objects.filter(verb="background.read", patient_id=maya.pk).count() == 2


@pytest.mark.parametrize("name", ["of-patient", "complete", "paper", "as-fhir"])
def test_a_colleague_a_stranger_the_student_and_a_guardian_find_it_closed(
    name, as_user, maya, jonah, theo, guardian, signed
):
    needed: dict[str, list[object]] = {"complete": ["history"], "paper": [1], "as-fhir": [1]}
    more = needed.get(name, [])
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(elsewhere.pk):
        stranger = make_user("Sam Stone", Role.SUPERVISOR, organisation=elsewhere)
    for who in (theo, stranger, maya.user, jonah.user, guardian):
        assert as_user(who).get(reverse(f"background:{name}", args=[maya.pk, *more])).status_code == 403


def test_a_guardian_finds_no_way_by_the_students_pages_either(as_user, guardian, signed):
    for page in (MINE, section("history"), reverse("background:paper-mine")):
        assert as_user(guardian).get(page).status_code == 403


def test_staff_complete_it_with_what_the_student_said_beside(as_user, maya, dana, now):
    answer(maya, "family", by=maya.user, at=now, close="My sister.")
    client, page = as_user(dana), reverse("background:complete", args=[maya.pk, "family"])
    assert "My sister." in client.get(page).text
    sent = {"close": "Her sister Alma.", "family_seen": "Close, warm.", "next": "", "seen": 1}
    client.post(page, sent)
    shown = client.get(page).text
    assert "The student said:" in shown
    assert "Who said what" in shown
    assert "Her sister Alma." in client.get(of(maya)).text


def test_what_the_student_says_meanwhile_is_read_before_it_is_put_right(as_user, maya, dana, now):
    client, page = as_user(dana), reverse("background:complete", args=[maya.pk, "risk"])
    answer(maya, "risk", by=maya.user, at=now, danger="thoughts")
    late = client.post(page, {"danger": "no", "next": "", "seen": 0})
    assert late.status_code == 422
    assert "Somebody answered here while you wrote." in late.text
    assert "I have thoughts of dying" in late.text
    assert BackgroundAnswer.objects.get().own
    assert client.post(page, {"danger": "no", "next": "", "seen": 1}).status_code == 302


def test_a_clinician_signs_and_the_chart_says_so(as_user, maya, dana, licence, now):
    answer_all(maya, SAID, by=maya.user, at=now)
    client = as_user(dana)
    seen = answers_now(maya)
    assert client.post(of(maya), {"step": "sign", "summary": "", "seen": seen}).status_code == 422
    client.post(of(maya), {"step": "keep", "summary": "Half a thought", "seen": seen})
    assert "Half a thought" in client.get(of(maya)).text
    client.post(of(maya), {"step": "sign", "summary": "Nights are the key.", "seen": seen})
    page = client.get(of(maya)).text
    assert "Nights are the key." in page
    assert "LPC CO LPC.1" in page
    client.post(of(maya), {"step": "add", "text": "Sleep study ordered."})
    assert "Sleep study ordered." in client.get(of(maya)).text
    assert "Dana Kim" in client.get(reverse("web:chart", args=[maya.pk])).text


def test_what_was_answered_meanwhile_is_read_before_it_is_signed(as_user, maya, dana, licence, now):
    answer_all(maya, SAID, by=maya.user, at=now)
    stale = {"step": "sign", "summary": "Done.", "seen": answers_now(maya) - 1}
    page = as_user(dana).post(of(maya), stale)
    assert page.status_code == 422
    assert "Something was answered while you wrote." in page.text
    assert f'value="{answers_now(maya)}"' in page.text
    assert Background.objects.get().is_open


def test_intake_begins_it_and_signs_nothing(as_user, jonah, ines, now):
    client = as_user(ines)
    client.post(of(jonah), {"step": "begin"})
    assert Background.objects.get().begun_by == ines
    page = client.get(of(jonah)).text
    assert "A licensed clinician writes the summary and signs." in page
    assert client.post(of(jonah), {"step": "sign", "summary": "x", "seen": 0}).status_code == 403


def test_the_way_in_and_the_dimensions_show_it(as_user, jonah, ines, now):
    answer_all(jonah, SAID, by=ines, at=now)
    client = as_user(ines)
    assert of(jonah) in client.get(reverse("admission:way-in", args=[jonah.pk])).text
    page = client.get(reverse("admission:findings", args=[jonah.pk])).text
    assert "Beer, Sunday" in page
    assert "From the assessment" in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_comes_on_paper_signed_or_as_a_draft(language, as_user, maya, dana, signed):
    client = as_user(dana)
    services.begin(patient_pk=maya.pk, by=dana, at=timezone.now())
    for number in (1, 2):
        page = client.get(reverse("background:paper", args=[maya.pk, number]), headers={"Accept-Language": language})
        assert page["Content-Type"] == "application/pdf"
        assert page.content.startswith(b"%PDF")
    assert client.get(reverse("background:paper", args=[maya.pk, 3])).status_code == 404


def test_the_student_reads_what_was_signed(as_user, maya, signed):
    client = as_user(maya.user)
    assert "Dana Kim signed what you told us" in client.get(MINE).text
    assert client.get(reverse("background:paper-mine")).content.startswith(b"%PDF")
    assert client.get(section("history")).status_code == 404


def test_nobody_reads_a_paper_that_is_not_signed_as_their_own(as_user, maya, now):
    answer_all(maya, SAID, by=maya.user, at=now)
    assert as_user(maya.user).get(reverse("background:paper-mine")).status_code == 403


def test_fhir_says_who_told_what_and_marks_part_2(as_user, maya, dana, signed):
    found = as_user(dana).get(reverse("background:as-fhir", args=[maya.pk, 1]))
    assert found["Content-Type"] == "application/fhir+json"
    resource = found.json()
    QuestionnaireResponse.model_validate(resource)
    assert resource["source"] == {"reference": f"Patient/{maya.pk}"}
    assert resource["author"] == {"reference": f"Practitioner/{dana.pk}"}
    assert "42CFRPart2" in [one["code"] for one in resource["meta"]["security"]]
    (substances,) = [one for one in resource["item"] if one["linkId"] == "section-substances"]
    assert substances["item"][0]["answer"] == [{"valueCoding": {"system": "urn:hearth:answer", "code": "alcohol"}}]


def test_the_questionnaire_is_told_in_fhir_in_both_languages(as_user, dana):
    client = as_user(dana)
    for language in ("en", "es"):
        resource = client.get(reverse("background:questionnaire", args=[language])).json()
        Questionnaire.model_validate(resource)
        assert len(resource["item"]) == len(questions().sections)
    assert client.get(reverse("background:questionnaire", args=["xx"])).status_code == 404


def test_the_pages_ask_the_database_as_often_for_much_as_for_little(as_user, maya, dana, now, count_queries):
    staff, own = (of(maya), reverse("background:complete", args=[maya.pk, "history"])), (MINE, section("history"))
    answer(maya, "history", by=maya.user, at=now, brings="x")
    few = [count_queries(as_user(dana), page) for page in staff]
    few_own = [count_queries(as_user(maya.user), page) for page in own]
    for number in range(4):
        inquiry = make_inquiry("Maya", at=now, address=f"192.0.2.{number}", answers=told(support="some"))
        Inquiry.objects.filter(pk=inquiry.pk).update(patient=maya)
        answer_all(maya, SAID | {"brings": f"Again {number}"}, by=dana, at=now + timedelta(minutes=number))
    assert [count_queries(as_user(dana), page) for page in staff] == few
    assert [count_queries(as_user(maya.user), page) for page in own] == few_own
