"""Reporting incidents, who reads them, naming students later, and looking into them."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.people.testing import make_patient
from hearth.safety import incident_queries as queries
from hearth.safety import services
from hearth.safety.incident_models import Incident, IncidentStep, ReportingRule
from hearth.safety.models import Concern

DENVER = ZoneInfo("America/Denver")
LIST = "/incidents/"
NEW = "/incidents/report/"
TYPED = {
    "kind": "fall", "is_near_miss": "no", "happened_at": "2026-11-24T15:00", "where": "video", "names": "",
    "what_happened": "The chair gave way.", "done_at_once": "Helped her up; ice.", "harm": "minor", "others": "",
    "learned_at": "",
}  # fmt: skip


def report(by, at, *students, **said):
    facts = {
        "kind": "fall", "happened_at": at - timedelta(hours=1), "learned_at": at - timedelta(hours=1),
        "place": "video", "site": None, "what_happened": "The chair gave way.", "done_at_once": "Helped her up.",
        "students": [one.pk for one in students], "staff": [], "others": "", "is_near_miss": False, "harm": "minor",
    }  # fmt: skip
    return services.report_incident(by=by, at=at, **(facts | said))


def address(incident):
    return reverse("safety:incident", args=[incident.pk])


def seen_by(person):
    return list(queries.incidents_seen_by(person))


def test_a_counselor_reports_what_happened_and_sees_it_in_their_list(as_user, maya, dana):
    browser = as_user(dana)
    assert browser.get(NEW).status_code == 200
    sent = browser.post(NEW, TYPED | {"names": "maya reyes"}, follow=True)
    row = Incident.objects.get()
    assert sent.redirect_chain[-1][0] == address(row)
    assert "The chair gave way." in sent.text
    assert "Maya R." in sent.text
    assert (row.kind, row.harm, row.state, row.reported_by) == ("fall", "minor", "CO", dana)
    assert row.learned_at == row.happened_at
    assert "Maya R." in browser.get(LIST).text
    deed = Event.objects.get(verb="safety.incident_reported")
    assert (deed.patient_id, deed.subject_id) == (maya.pk, row.pk)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Choose what comes closest"),
        ({"harm": ""}, "Choose what comes closest"),
        ({"where": "site:nowhere"}, "valid choice"),
        ({"happened_at": "2999-01-01T10:00"}, "still to come"),
        ({"learned_at": "2026-11-24T14:00"}, "before it happens"),
        ({"names": "Jonah Park"}, "Nobody called “Jonah Park” whose chart is open to you."),
        ({"done_at_once": ""}, "Say what was done at once"),
        ({"kind": "death", "harm": "hospital"}, "Say here that somebody died, or choose another kind."),
    ],
)
def test_what_is_not_clear_is_asked_again_and_what_was_typed_stays(as_user, maya, jonah, dana, changes, words):
    refused = as_user(dana).post(NEW, TYPED | changes)
    assert refused.status_code == 422
    assert words in refused.text
    assert "The chair gave way." in refused.text
    assert not Incident.objects.exists()


def test_of_several_of_one_name_the_reporter_chooses_who_is_meant(as_user, maya, ruth, now):
    other = make_patient("Maya", "Stone", at=now)
    browser = as_user(ruth)
    refused = browser.post(NEW, TYPED | {"names": "Maya"})
    assert "Choose who is meant" in refused.text
    assert "Maya Stone, 1997" in refused.text
    assert browser.post(NEW, TYPED | {"names": "Maya", "which": [str(other.pk)]}).status_code == 302
    assert Incident.objects.get().people.get().patient == other


def test_part_of_a_name_names_nobody_until_the_reporter_chooses(as_user, ruth, now):
    joanna = make_patient("Joanna", "Lee", at=now, legal_given="Johanna Maria")
    browser = as_user(ruth)
    for part in ("Ann", "Lee", "Anna Lee"):
        refused = browser.post(NEW, TYPED | {"names": part})
        assert f"“{part}” is not a whole name. Choose who is meant." in refused.text
        assert "Joanna Lee, " in refused.text
        assert not Incident.objects.exists()
    assert browser.post(NEW, TYPED | {"names": "Ann", "which": [str(joanna.pk)]}).status_code == 302
    for whole in ("joanna  LEE", "johanna maria lee"):
        assert browser.post(NEW, TYPED | {"names": whole}).status_code == 302
    assert [row.people.get().patient for row in Incident.objects.all()] == [joanna] * 3


def hidden_token(page):
    return {"token": re.findall(r'name="token" value="([0-9a-f-]{36})"', page.text)[0]}


def test_what_is_sent_twice_is_stored_once(as_user, maya, dana, ruth, walt, now):
    browser, leader = as_user(dana), as_user(ruth)
    said = TYPED | {"names": "Maya Reyes", "kind": "overdose"}
    for _page in range(2):
        sent = said | hidden_token(browser.get(NEW))
        first, again = browser.post(NEW, sent), browser.post(NEW, sent)
        assert first.url == again.url
    assert (Incident.objects.count(), Concern.objects.count()) == (2, 2)
    row = Incident.objects.all()[0]
    duty = {"step": "duty", "to": "Our insurer", "what": "A fall", "due_at": "2026-12-01T12:00", "source": "Policy"}
    rules = reverse("safety:reporting-rules")
    rule = {
        "kind": "missing", "state": "", "to": "Licensing office", "what": "Somebody is missing", "within": "2",
        "unit": "days", "source": "A letter", "effective_on": "2026-01-01",
    }  # fmt: skip
    for page, typed in ((address(row), duty), (rules, rule)):
        sent = typed | hidden_token(leader.get(page))
        assert [leader.post(page, sent).status_code for _time in range(2)] == [302, 302]
    assert (row.duties.count(), ReportingRule.objects.count()) == (1, 1)
    assert as_user(walt).post(rules, sent).status_code == 302  # another's form is another form
    assert ReportingRule.objects.count() == 2
    verbs = ("safety.incident_reported", "safety.incident_duty_added", "safety.reporting_rule_kept")
    assert [Event.objects.filter(verb=verb).count() for verb in verbs] == [2, 1, 2]


def test_a_near_miss_harmed_nobody_and_asks_for_nothing(as_user, maya, dana):
    as_user(dana).post(NEW, TYPED | {"kind": "privacy", "is_near_miss": "yes", "harm": "hospital"})
    row = Incident.objects.get()
    assert (row.is_near_miss, row.harm) == (True, "none")
    assert not row.duties.exists()


def test_from_a_chart_its_student_is_in_it(as_user, maya, jonah, dana, theo):
    chart = reverse("safety:report-incident-about", args=[maya.pk])
    assert as_user(theo).get(chart).status_code == 403
    assert as_user(dana).post(chart, TYPED).status_code == 302
    assert [one.patient for one in Incident.objects.get().people.all()] == [maya]
    assert "Fall or injury" in as_user(dana).get(f"/students/{maya.pk}/").text
    with pytest.raises(PermissionDenied):
        report(dana, timezone.now(), jonah)


def test_a_report_is_read_by_its_writer_and_those_who_answer_for_the_house(
    as_user, maya, dana, theo, ines, ruth, walt, priya, now
):
    row = report(dana, now, maya)
    for reader in (dana, ruth, walt, priya):
        assert seen_by(reader) == [row]
        assert as_user(reader).get(address(row)).status_code == 200
    for other in (theo, ines, maya.user):
        assert as_user(other).get(address(row)).status_code == 403
    assert "The chair" not in as_user(theo).get(LIST).text
    assert as_user(maya.user).get(LIST).status_code == 403
    stranger = make_user("Sam", Role.DIRECTOR, organisation=make_organisation(name="Else", slug="else"))
    assert seen_by(stranger) == []


def test_every_reading_is_written_down_for_the_report_and_each_student(as_user, maya, jonah, dana, ruth, now):
    row = report(ruth, now, maya, jonah)
    as_user(ruth).get(address(row))
    reads = Event.objects.filter(kind="read", verb="incident.read", actor_id=ruth.pk)
    assert reads.filter(subject_id=row.pk).exists()
    as_user(ruth).get(LIST)
    for patient in (maya, jonah):
        assert reads.filter(patient_id=patient.pk).count() == 3  # the report, its page, the list


def test_opening_a_report_is_one_read_of_it_and_of_each_student_whom_the_reader_may_see(
    as_user, maya, jonah, dana, ruth, walt, now
):
    row = report(dana, now, maya, staff=[ruth])
    services.add_students(incident=row, students=[jonah.pk], by=ruth, at=now)  # his chart is closed to Dana

    def reads_of(reader, **sent):
        before = list(Event.objects.values_list("pk", flat=True))
        browser = as_user(reader)
        assert (browser.post(address(row), sent) if sent else browser.get(address(row))).status_code in {200, 422}
        found = Event.objects.filter(kind="read", actor_id=reader.pk).exclude(pk__in=before)
        assert {(one.verb, one.purpose) for one in found} == {("incident.read", "HOPERAT")}
        return sorted(one.subject_id for one in found)

    everybody = sorted([row.pk, maya.pk, jonah.pk])
    assert reads_of(dana) == sorted([row.pk, maya.pk])
    assert reads_of(ruth) == everybody
    assert reads_of(ruth, step="name", person=str(walt.pk)) == everybody  # refused: the page comes back


def test_a_student_is_named_only_to_those_whom_their_chart_is_open_to(as_user, maya, dana, now):
    row = report(dana, now, maya)
    maya.care_team.update(until=now.date())
    page = as_user(dana).get(address(row)).text
    assert "Maya R." not in page
    assert "1 whose chart is not open to you" in page
    assert "Maya R." not in as_user(dana).get(LIST).text


def test_an_allegation_is_closed_to_staff_who_are_in_it(as_user, dana, ruth, walt, now):
    row = report(dana, now, kind="allegation", staff=[ruth])
    assert seen_by(ruth) == []
    assert queries.duties_to_tell(viewer=ruth, at=now) == []
    assert queries.pressing_duties(viewer=ruth, at=now) == []
    assert as_user(ruth).get(address(row)).status_code == 403
    assert seen_by(walt) == [row]
    assert seen_by(dana) == [row]


@pytest.mark.parametrize(("kind", "severity"), [("suicide_attempt", "emergency"), ("overdose", "urgent"), ("fall", "")])
def test_what_is_a_risk_in_itself_raises_a_concern_about_each_student(maya, dana, now, kind, severity):
    report(dana, now, maya, kind=kind)
    assert [one.severity for one in Concern.objects.all()] == ([severity] if severity else [])
    for one in Concern.objects.all():
        assert one.told.startswith("Reported as an incident: ")


def test_a_risk_without_a_student_is_an_alarm_until_one_is_named_which_raises_the_concern(
    as_user, maya, dana, ruth, walt, priya, now
):
    row = report(dana, now, kind="suicide_attempt", staff=[ruth])
    report(dana, now, kind="fall")
    report(dana, now, maya, kind="overdose")
    for leader in (ruth, walt):
        page = as_user(leader).get("/today/")
        assert [one.pk for one in page.context["today"].risks_without_student] == [row.pk]
        assert "which student was in it?" in page.text
    for other in (dana, priya):
        assert "which student was in it?" not in as_user(other).get("/today/").text
    assert as_user(dana).post(address(row), {"step": "student", "names": "Maya Reyes"}).status_code == 403
    browser = as_user(ruth)  # she was in it, and names whoever must be called all the same
    assert "Choose who is meant" in browser.post(address(row), {"step": "student", "names": "Maya"}).text
    assert browser.post(address(row), {"step": "student", "names": ""}).status_code == 422
    for _time in range(2):
        assert browser.post(address(row), {"step": "student", "names": "Maya Reyes"}).status_code == 302
    assert [one.patient for one in row.people.filter(staff=None)] == [maya]
    assert Concern.objects.get(severity="emergency").patient == maya
    assert Event.objects.get(verb="safety.incident_student_added").patient_id == maya.pk
    page = browser.get(address(row)).text
    assert "Said which student was in it" in page
    assert "Which student was in it?" not in page
    assert queries.risks_without_student(viewer=ruth) == []


def test_the_alarm_ends_too_where_somebody_who_was_not_in_it_says_that_no_student_was(
    as_user, maya, dana, ruth, walt, now
):
    row = report(dana, now, kind="overdose", staff=[ruth], is_near_miss=True, harm="none")
    services.name_reviewer(incident=row, person=walt, by=walt, at=now)
    services.close_review(incident=row, led_to="Haste", changed="A list", by=walt, at=now)
    assert "which student was in it?" in as_user(ruth).get("/today/").text
    assert "No student was in it" not in as_user(ruth).get(address(row)).text
    assert as_user(ruth).post(address(row), {"step": "no_student"}).status_code == 422
    assert queries.risks_without_student(viewer=ruth) == [row]
    for _time in range(2):
        assert as_user(walt).post(address(row), {"step": "no_student"}).status_code == 302
    assert queries.risks_without_student(viewer=ruth) == []
    assert {step.kind for step in queries.steps_of_incident(row)} == {"named", "closed", "no_student"}
    assert "which student was in it?" not in as_user(ruth).get("/today/").text
    services.add_students(incident=row, students=[maya.pk], by=walt, at=now)
    assert Concern.objects.get().patient == maya


def test_a_named_person_who_was_not_in_it_signs_the_review_and_a_reopened_one_keeps_its_history(
    as_user, dana, ruth, walt, now
):
    row = report(dana, now, staff=[walt])
    browser = as_user(ruth)
    with pytest.raises(services.Involved):
        services.name_reviewer(incident=row, person=walt, by=ruth, at=now)
    with pytest.raises(PermissionDenied):
        services.close_review(incident=row, led_to="x", changed="y", by=ruth, at=now)
    refused = browser.post(address(row), {"step": "name", "person": str(walt.pk)})
    assert refused.status_code == 422
    assert browser.post(address(row), {"step": "name", "person": str(ruth.pk)}).status_code == 302
    assert browser.post(address(row), {"step": "close", "led_to": "Worn chairs", "changed": ""}).status_code == 422
    assert (
        browser.post(address(row), {"step": "close", "led_to": "Worn chairs", "changed": "New ones"}).status_code == 302
    )
    page = browser.get(address(row)).text
    assert "Worn chairs" in page
    assert "Open the review again" in page
    assert browser.post(address(row), {"step": "reopen", "words": "A second chair broke"}).status_code == 302
    row.refresh_from_db()
    assert (row.closed_at, row.reviewer) == (None, ruth)
    page = browser.get(address(row)).text
    assert "Worn chairs" in page
    assert "A second chair broke" in page
    kinds = [step.kind for step in queries.steps_of_incident(row)]
    assert kinds == ["named", "closed", "reopened"]
    assert IncidentStep.append_only


def test_who_was_in_it_decides_nothing_of_what_becomes_of_it(as_user, dana, ruth, walt, now):
    row = report(dana, now, staff=[ruth], kind="privacy")
    duty = row.duties.all()[0]
    browser = as_user(ruth)
    steps = {
        "name": {"person": str(walt.pk)},
        "duty": {"to": "Our insurer", "what": "A letter", "due_at": "2026-12-01T12:00", "source": "Policy"},
        "told": {"duty": str(duty.pk), "outcome": "not_due", "words": "No"},
        "reopen": {"words": "Once more"},
    }
    services.name_reviewer(incident=row, person=walt, by=walt, at=now)
    services.close_review(incident=row, led_to="Haste", changed="A list", by=walt, at=now)
    shown = browser.get(address(row)).text
    assert "You were in this incident" in shown
    for step, typed in steps.items():
        assert f'name="step" value="{step}"' not in shown
        refused = browser.post(address(row), {"step": step} | typed)
        assert refused.status_code == 422
        assert "You were in this incident" in refused.text
        assert f'name="step" value="{step}"' in refused.text
    row.refresh_from_db()
    duty.refresh_from_db()
    assert (row.reviewer, row.closed_at, duty.settled, row.duties.count()) == (walt, now, "", 4)
    assert browser.post(address(row), {"step": "add", "words": "I was there."}).status_code == 302
    assert 'name="step" value="reopen"' in as_user(walt).get(address(row)).text


def test_what_was_typed_stays_when_somebody_else_was_faster(as_user, dana, ruth, walt, now):
    row = report(dana, now, kind="privacy")
    duty = row.duties.all()[0]
    services.name_reviewer(incident=row, person=walt, by=walt, at=now)
    services.record_not_due(incident=row, duty_pk=duty.pk, words="No breach", by=walt, at=now)
    browser = as_user(ruth)
    posts = {
        "close": ({"led_to": "A long hand-over", "changed": "A shorter one"}, "somebody else&#x27;s to do now"),
        "reopen": ({"words": "A second letter came back"}, "A colleague was faster"),
        "told": ({"duty": str(duty.pk), "outcome": "not_due", "words": "Nobody read it"}, "valid choice"),
    }
    for step, (typed, why) in posts.items():
        refused = browser.post(address(row), {"step": step} | typed)
        assert refused.status_code == 422
        assert why in refused.text
        assert f'name="step" value="{step}"' in refused.text
        assert all(words in refused.text for name, words in typed.items() if name != "duty")
    services.close_review(incident=row, led_to="Haste", changed="A list", by=walt, at=now)
    late = browser.post(address(row), {"step": "name", "person": str(ruth.pk)})
    assert (late.status_code, "A colleague was faster" in late.text) == (422, True)
    assert "Open the review again" in late.text  # the page as it is now


def test_its_writer_adds_what_became_known_and_reviews_nothing(as_user, dana, ruth, now):
    row = report(dana, now)
    browser = as_user(dana)
    assert browser.post(address(row), {"step": "add", "words": "She is well today."}).status_code == 302
    assert "She is well today." in browser.get(address(row)).text
    assert "Nobody looks into it yet" not in browser.get(address(row)).text
    assert browser.post(address(row), {"step": "name", "person": str(ruth.pk)}).status_code == 403
    row.refresh_from_db()
    assert row.reviewer is None


def test_the_list_and_a_report_take_as_many_queries_for_many_as_for_one(
    as_user, count_queries, maya, jonah, ruth, dana, now
):
    row = report(ruth, now, maya, kind="privacy")
    browser = as_user(ruth)
    one = count_queries(browser, LIST), count_queries(browser, address(row))
    for _number in range(4):
        report(ruth, now, maya, jonah, kind="privacy", staff=[dana])
    big = report(ruth, now, maya, jonah, kind="privacy", staff=[dana])
    services.add_words(incident=big, words="More", by=ruth, at=now)
    assert (count_queries(browser, LIST), count_queries(browser, address(big))) == one
