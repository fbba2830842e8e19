"""What must be told because of an incident, until when, and what settles it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import Site
from hearth.audit.models import Event
from hearth.safety import incident_queries as queries
from hearth.safety import services
from hearth.safety.incident_models import IncidentDuty, ReportingRule
from hearth.safety.tests.test_incidents import DENVER, LIST, NEW, TYPED, address, report


def test_what_must_be_told_stands_in_the_order_of_deadlines_until_it_is_recorded(as_user, dana, priya, now):
    row = report(dana, now, kind="privacy")
    browser = as_user(priya)
    lines = queries.duties_of_incident(row, at=now)
    assert [line.duty.due_at for line in lines] == sorted(line.duty.due_at for line in lines)
    first = next(line.duty for line in lines if line.duty.rule == "breach_people")
    why = {"step": "told", "duty": str(first.pk), "outcome": "not_due", "words": ""}
    assert "Say why it does not apply." in browser.post(address(row), why).text
    told = {
        "step": "told", "duty": str(first.pk), "outcome": "told", "told_by": str(priya.pk),
        "told_at": "2026-11-25T09:00", "words": "Letter sent",
    }  # fmt: skip
    assert browser.post(address(row), told).status_code == 302
    first.refresh_from_db()
    assert (first.settled, first.told_by, first.recorded_by, first.words) == ("told", priya, priya, "Letter sent")
    page = browser.get(address(row)).text
    assert "Told by Priya Nair" in page
    assert "Letter sent" in page
    with pytest.raises(services.AlreadySettled):
        services.record_not_due(incident=row, duty_pk=first.pk, words="No", by=priya, at=now)
    other = report(dana, now, kind="privacy")
    with pytest.raises(PermissionDenied):
        services.record_not_due(incident=other, duty_pk=first.pk, words="No", by=priya, at=now)
    left = [line.duty.rule for line in queries.duties_to_tell(viewer=priya, at=now) if line.duty.incident == row]
    assert len(left) == 3
    with pytest.raises(PermissionDenied):
        services.record_not_due(incident=row, duty_pk=lines[1].duty.pk, words="No", by=dana, at=now)


def test_the_house_enters_its_own_deadline_and_ends_it_again(as_user, dana, ruth, walt, now):
    browser = as_user(walt)
    typed = {
        "kind": "missing", "state": "CO", "to": "Licensing office", "what": "Somebody left and cannot be found",
        "within": "2", "unit": "business_days", "source": "License letter of March", "effective_on": "2026-01-01",
    }  # fmt: skip
    assert browser.post(reverse("safety:reporting-rules"), typed).status_code == 302
    page = browser.get(reverse("safety:reporting-rules")).text
    assert "within 2 business days" in page
    assert "45 CFR 164.408(c)" in page
    rule = ReportingRule.objects.get()
    row = report(dana, now, kind="missing")
    assert [(duty.to, duty.source) for duty in row.duties.all()] == [("Licensing office", "License letter of March")]
    assert not report(dana, now, kind="missing", is_near_miss=True, harm="none").duties.exists()
    assert browser.post(reverse("safety:end-reporting-rule", args=[rule.pk])).status_code == 302
    assert not report(dana, now, kind="missing").duties.exists()
    assert IncidentDuty.objects.count() == 1
    assert as_user(dana).get(reverse("safety:reporting-rules")).status_code == 403
    with pytest.raises(PermissionDenied):
        services.end_reporting_rule(pk=rule.pk, by=dana, at=now)


def test_the_house_s_deadline_for_a_death_holds_for_whatever_somebody_died_of(as_user, dana, walt, now):
    said = {"state": "", "what": "A death", "within": 1, "unit": "days", "source": "Licence", "by": walt, "at": now}
    for kind in ("death", "overdose", "fall"):
        services.keep_reporting_rule(kind=kind, to=f"Office for {kind}", effective_on=date(2026, 1, 1), **said)

    def asked(**facts):
        return {duty.to for duty in report(dana, now, **facts).duties.all()}

    assert asked(kind="overdose", harm="death") == {"Office for death", "Office for overdose"}
    assert asked(kind="death", harm="death") == {"Office for death"}
    assert asked(kind="overdose", harm="hospital") == {"Office for overdose"}
    nearly = TYPED | {"kind": "death", "is_near_miss": "yes", "harm": ""}
    assert as_user(dana).post(NEW, nearly).status_code == 302


def test_a_harm_put_right_asks_for_what_it_asks_for_from_when_it_was_learnt(as_user, dana, ruth, walt, now):
    said = {"state": "", "what": "A death", "within": 1, "unit": "days", "source": "Licence", "by": walt, "at": now}
    services.keep_reporting_rule(kind="death", to="Licensing office", effective_on=date(2026, 1, 1), **said)
    row = report(dana, now, staff=[dana], harm="treated")
    services.keep_reporting_rule(kind="fall", to="Later rule", effective_on=date(2026, 1, 1), **said)
    assert not row.duties.exists()
    browser = as_user(ruth)
    typed = {"step": "harm", "words": "Her sister called."}
    for wrong in ({"harm": "treated"}, {"harm": ""}, {"harm": "death", "learned_at": "2026-11-01T10:00"}):
        refused = browser.post(address(row), typed | {"learned_at": "2026-11-25T09:00"} | wrong)
        assert refused.status_code == 422
        assert "Her sister called." in refused.text
    learned = datetime(2026, 11, 25, 9, tzinfo=DENVER)
    for _time in range(2):
        services.change_harm(
            incident=row, harm="hospital", learned_at=learned, words="Her sister called.", by=ruth, at=now
        )
    assert [(one.rule, one.due_at) for one in row.duties.all()] == [("osha_hospital", learned + timedelta(hours=24))]
    told = row.duties.get()
    services.record_told(incident=row, duty_pk=told.pk, told_by=ruth, told_at=now, words="", by=ruth, at=now)
    later = learned + timedelta(days=2)
    for harm in ("death", "hospital", "death"):
        services.change_harm(incident=row, harm=harm, learned_at=later, words="The hospital called.", by=ruth, at=now)
    found = {one.rule or one.to: (one.settled, one.due_at) for one in row.duties.all()}
    assert found == {
        "osha_hospital": ("told", learned + timedelta(hours=24)),
        "osha_death": ("", later + timedelta(hours=8)),
        "Licensing office": ("", datetime(2026, 11, 28, 23, 59, tzinfo=DENVER)),
    }
    row.refresh_from_db()
    assert row.harm == "death"
    assert "Harm: Hospital; before: Treated by somebody, no hospital" in browser.get(address(row)).text
    assert Event.objects.filter(verb="safety.incident_harm_changed").count() == 4


def test_what_did_not_apply_to_a_lesser_harm_applies_again_and_a_near_miss_that_harmed_is_none(
    as_user, dana, ruth, walt, now
):
    row = report(dana, now, staff=[walt], is_near_miss=True, harm="none")
    typed = {"step": "harm", "learned_at": f"{now.astimezone(DENVER):%Y-%m-%dT%H:%M}", "words": "He called."}
    assert as_user(walt).post(address(row), typed | {"harm": "hospital"}).status_code == 422  # he was in it
    assert as_user(dana).post(address(row), typed | {"harm": "hospital"}).status_code == 403
    browser = as_user(ruth)
    assert browser.post(address(row), typed | {"harm": "hospital"}).status_code == 302
    row.refresh_from_db()
    assert (row.harm, row.is_near_miss) == ("hospital", False)
    duty = row.duties.get()
    services.record_not_due(incident=row, duty_pk=duty.pk, words="Only looked at", by=ruth, at=now)
    for harm, settled in (("treated", "not_due"), ("hospital", "")):
        assert browser.post(address(row), typed | {"harm": harm}).status_code == 302
        duty.refresh_from_db()
        assert duty.settled == settled
    assert queries.duties_to_tell(viewer=ruth, at=now)


def test_days_end_where_it_happened(dana, walt):
    services.keep_reporting_rule(
        kind="fall",
        state="",
        to="Office",
        what="A fall",
        within=1,
        unit="days",
        source="Licence",
        effective_on=date(2026, 1, 1),
        by=walt,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    east = Site.objects.create(name="Boston", state="MA", time_zone="America/New_York")
    late = datetime(2026, 11, 24, 23, 30, tzinfo=DENVER)  # the next morning in Boston
    for site, until in (
        (None, datetime(2026, 11, 25, 23, 59, tzinfo=DENVER)),
        (east, datetime(2026, 11, 26, 23, 59, tzinfo=east.zone)),
    ):
        row = report(dana, late + timedelta(hours=1), site=site, place="site" if site else "video")
        assert row.duties.get().due_at == until


def test_somebody_else_to_tell_is_put_on_the_list(as_user, dana, ruth, now):
    row = report(dana, now)
    typed = {"step": "duty", "to": "Our insurer", "what": "A fall", "due_at": "2026-12-01T12:00", "source": "Policy"}
    assert as_user(ruth).post(address(row), typed).status_code == 302
    assert "Our insurer" in as_user(ruth).get(LIST).text
    assert as_user(dana).post(address(row), typed).status_code == 403


def test_what_is_overdue_or_soon_stands_on_the_today_of_those_who_answer_for_it(as_user, dana, theo, ruth, walt, priya):
    at = timezone.now()
    report(dana, at, kind="allegation")
    for leader in (ruth, walt, priya):
        page = as_user(leader).get("/today/")
        assert [line.duty.rule for line in page.context["today"].pressing_duties] == ["co_child", "co_elder"]
        assert "Overdue: to be told because of an incident" in page.text
        assert "Within a day: to be told because of an incident" in page.text
        assert "1 incident nobody looks into yet" in page.text
    for other in (dana, theo):
        page = as_user(other).get("/today/").text
        assert "Overdue: to be told" not in page
        assert "Within a day: to be told" not in page


def test_nothing_is_due_only_where_nothing_must_be_told_within_a_day(as_user, dana, priya):
    at = timezone.now()
    row = report(dana, at, kind="privacy")
    services.name_reviewer(incident=row, person=priya, by=priya, at=at)
    services.close_review(incident=row, led_to="Haste", changed="A list", by=priya, at=at)
    browser = as_user(priya)
    assert "Nothing is due. Breathe out." in browser.get("/today/").text
    later = {"incident": row, "to": "Our insurer", "what": "A letter", "source": "Policy", "by": priya, "at": at}
    services.add_duty(due_at=at + timedelta(hours=12), **later)
    page = browser.get("/today/").text
    assert "Our insurer" in page
    assert "Nothing is due" not in page
