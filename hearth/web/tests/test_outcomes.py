"""The outcomes page: for those who lead, of enough people, the same in its file."""

import csv
from datetime import UTC, datetime, time, timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission.models import Episode
from hearth.admission.testing import make_assessment, make_episode
from hearth.aftercare.models import FollowUp
from hearth.aftercare.queries import missed_follow_ups
from hearth.audit.models import Event
from hearth.inquiry.models import Inquiry, Referral
from hearth.inquiry.testing import make_inquiry, make_referral
from hearth.inquiry.tests.bundles import bundle, written
from hearth.lib import tenancy
from hearth.measures.testing import PHQ_9_MILD, make_response
from hearth.people.testing import make_patient
from hearth.program.testing import make_program
from hearth.skills.models import Practice
from hearth.web.demo.before import remember
from hearth.web.demo.house import build_house, make_demo_organisation, open_scene
from hearth.web.demo.lives import NAMED
from hearth.web.intake.wording import SOURCES
from hearth.web.outcomes import pages, rows, rules, splits
from hearth.web.outcomes.report import report
from hearth.web.outcomes.wording import Card
from hearth.web.tests.test_today import seat, settle

LINK, FILE = reverse("web:outcomes"), reverse("web:outcomes-file")
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch):
    monkeypatch.setattr(pages, "MINUTES", 0)


@pytest.fixture
def at():
    """This moment, as the pages see it."""
    return timezone.now()


@pytest.fixture
def counted_at(at, walt):
    """When the last whole month ended: the figures are of then."""
    zone = walt.organisation.zone
    return datetime.combine(at.astimezone(zone).date().replace(day=1), time(), zone)


@pytest.fixture
def program(organisation):
    return make_program(name="Evenings")


def came(name, *, dana, counted_at, weeks_ago=20, ended_after=None, reason="completed", twice=False, **fields):
    """Somebody who began so many weeks before the figures were counted, for fourteen weeks."""
    patient = make_patient(name, "Many", at=counted_at, **fields.pop("person", {}))
    begins = counted_at - weeks_ago * WEEK
    stay = make_episode(patient, by=dana, at=begins, starts_on=begins.date(), admitted_at=begins - DAY, **fields)
    if ended_after is not None:
        stay.ended_at, stay.end_reason = begins + ended_after * WEEK, reason
        stay.save()
    if twice:
        make_response(patient, "phq-9", [2] * 9, at=begins + 2 * DAY)
        make_response(patient, "phq-9", PHQ_9_MILD, at=begins + 3 * DAY)
    return stay


def row_of(found, card, title="", group=None):
    """The row of one group of one figure."""
    part = next(part for part in found.parts if part.card == card)
    table = next(table for table in part.tables if title in table.title)
    return next((row for row in table.rows if row.group == group), None)


def test_nothing_is_told_of_ten_people_and_much_of_eleven(as_user, walt, dana, at, counted_at, program, count_queries):
    for number in range(10):
        came(f"Ada{number}", dana=dana, counted_at=counted_at, program=program, twice=True)
    client = as_user(walt)
    assert "Too few people" in client.get(LINK).text
    few = count_queries(client, LINK)
    came("Eleventh", dana=dana, counted_at=counted_at, program=program, twice=True)
    page = client.get(LINK).text
    assert "-11.0" in page
    assert "Kaplan and Meier" in page
    assert "Evenings" in page
    assert "Eleventh" not in page
    assert count_queries(client, LINK) == few


@pytest.mark.parametrize("split", ["program", "source", "payer", "age", "language", "gender"])
def test_a_page_asks_as_much_for_many_as_for_few_whatever_it_compares(
    as_user, walt, dana, counted_at, program, count_queries, split
):
    client = as_user(walt)
    came("First", dana=dana, counted_at=counted_at, program=program)
    few = count_queries(client, f"{LINK}?by={split}")
    for number in range(14):
        came(f"Ada{number}", dana=dana, counted_at=counted_at, program=program, ended_after=15)
    assert count_queries(client, f"{LINK}?by={split}") == few


def test_who_left_who_stayed_and_who_completed(walt, dana, at, counted_at, program):
    for number in range(12):
        came(f"Left{number}", dana=dana, counted_at=counted_at, program=program, ended_after=3, reason="left")
    for number in range(24):
        came(f"Done{number}", dana=dana, counted_at=counted_at, program=program, ended_after=10)
    for number in range(12):
        came(f"New{number}", dana=dana, counted_at=counted_at, program=program, weeks_ago=2)
    came("Later", dana=dana, counted_at=counted_at, weeks_ago=-1, program=program)
    found = report(viewer=walt, at=at, by="program", back=0)
    assert (found.began, found.underway) == (48, 12)
    still = row_of(found, Card.RETENTION, "12")
    assert still.value.value == pytest.approx(24 / 36)  # the new ones were not seen beyond the second week
    assert still.counted == 48
    done = row_of(found, Card.COMPLETION)
    assert (done.value.value, done.counted) == (24 / 36, 36)
    assert row_of(found, Card.COMPLETION, group="Evenings").value == done.value


def test_what_ended_after_the_month_did_has_not_ended_yet(walt, dana, counted_at, program):
    stay = came("Ada", dana=dana, counted_at=counted_at, program=program)
    stay.ended_at, stay.end_reason = counted_at + timedelta(hours=1), "left"
    stay.save()
    period = rules.Period(stay.starts_on, stay.starts_on + DAY)
    with timezone.override(walt.organisation.zone):
        (found,) = rows.stays_of(period, at=counted_at)
    assert (found.ended_at, found.end_reason) == (None, "")


def test_of_two_stays_of_one_person_the_first_counts(walt, dana, at, counted_at, program):
    for number in range(11):
        came(f"Ada{number}", dana=dana, counted_at=counted_at, program=program, ended_after=3, reason="left")
    back = Episode.objects.order_by("pk")[0]
    make_episode(back.patient, by=dana, at=counted_at, starts_on=(counted_at - 6 * WEEK).date(), program=program)
    found = report(viewer=walt, at=at, by="program", back=0)
    assert (found.began, found.underway) == (11, 0)
    assert row_of(found, Card.RETENTION, "12").value.value == 0


def test_whoever_never_came_did_not_begin(walt, dana, counted_at, program):
    stay = came("Ada", dana=dana, counted_at=counted_at, program=program)
    never = came("Never", dana=dana, counted_at=counted_at, program=program)
    begins = timezone.make_aware(datetime.combine(never.starts_on, time(9)), walt.organisation.zone)
    never.ended_at, never.end_reason = begins - DAY, "left"
    never.save()
    with timezone.override(walt.organisation.zone):
        found = rows.stays_of(rules.Period(stay.starts_on, stay.starts_on + DAY), at=counted_at)
    assert [one.patient for one in found] == [stay.patient_id]


def test_the_last_to_turn_to_us_before_the_stay_is_its_source(walt, dana, counted_at, program):
    stay = came("Ada", dana=dana, counted_at=counted_at, program=program)
    begins = timezone.make_aware(datetime.combine(stay.starts_on, time(9)), walt.organisation.zone)
    asked = make_inquiry("Ada", at=begins - timedelta(days=40))
    sent = make_referral(written(bundle()), at=begins - timedelta(days=9))
    Inquiry.objects.filter(pk=asked.pk).update(patient=stay.patient)
    Referral.objects.filter(pk=sent.pk).update(patient=stay.patient)
    with timezone.override(walt.organisation.zone):
        (found,) = rows.stays_of(rules.Period(stay.starts_on, stay.starts_on + DAY), at=counted_at)
        assert splits.by_source([found]) == {stay.patient_id: str(SOURCES["referral"])}
        Inquiry.objects.update(received_at=begins - timedelta(days=9, hours=1))  # the same day, and before
        assert splits.by_source([found]) == {stay.patient_id: str(SOURCES["referral"])}
        Inquiry.objects.update(received_at=begins - timedelta(days=2))
        assert splits.by_source([found]) != {stay.patient_id: str(SOURCES["referral"])}


def test_only_what_was_answered_in_a_stay_before_the_month_ended_counts(walt, dana, at, counted_at, program):
    for number in range(11):
        came(f"Ada{number}", dana=dana, counted_at=counted_at, program=program, twice=True)
    gone = came("Gone", dana=dana, counted_at=counted_at, program=program, ended_after=2, reason="left")
    make_response(gone.patient, "phq-9", [2] * 9, at=gone.ended_at - DAY)
    make_response(gone.patient, "phq-9", [3] * 9, at=gone.ended_at + 9 * DAY)  # long after the stay
    late = Episode.objects.exclude(pk=gone.pk).order_by("pk")[0]
    make_response(late.patient, "phq-9", [3] * 9, at=counted_at + timedelta(minutes=1))
    found = report(viewer=walt, at=at, by="program", back=0)
    change = row_of(found, Card.CHANGE, "PHQ-9: mean")
    assert (change.value.value, change.counted) == (-11, None)  # one of twelve is missing


def test_moving_to_more_care_counts_at_the_end_and_soon_after(walt, dana, at, counted_at, program):
    for number in range(15):
        came(f"Up{number}", dana=dana, counted_at=counted_at, program=program, ended_after=4, reason="stepped_up")
    for number in range(15):
        came(f"Done{number}", dana=dana, counted_at=counted_at, program=program, ended_after=14)
    *soon, late = Episode.objects.filter(end_reason="completed").order_by("pk")[:4]
    for stay, days in ((soon[0], 20), (soon[1], 20), (soon[2], 20), (late, 31)):
        make_assessment(stay.patient, by=dana, at=(stay.ended_at or at) + days * DAY, level="3.7")
    row = row_of(report(viewer=walt, at=at, by="program", back=0), Card.HIGHER_CARE)
    assert (row.value.value, row.counted) == (18 / 30, 30)


def test_follow_ups_count_once_they_were_due_long_enough(walt, dana, at, counted_at, program):
    for number in range(30):
        stay = came(f"Ada{number}", dana=dana, counted_at=counted_at, program=program, weeks_ago=30, ended_after=14)
        ended_on = timezone.localdate(stay.ended_at, walt.organisation.zone)
        for days in (4, 7, 30, 90):
            answered_at = stay.ended_at + timedelta(days=days) if number < 15 and days != 7 else None
            FollowUp.objects.create(
                episode=stay, patient=stay.patient, due_on=ended_on + timedelta(days=days),
                sent_at=answered_at, answered_at=answered_at,
            )  # fmt: skip
    found = report(viewer=walt, at=at, by="program", back=0)
    for which in ("after 7", "after 30"):
        row = row_of(found, Card.FOLLOW_UP, which)
        assert (row.value.value, row.counted) == (0.5, 30)
    assert row_of(found, Card.FOLLOW_UP, "after 90") is None  # due 22 days before: they still have time


def test_groups_are_told_by_age_language_and_gender(as_user, walt, dana, counted_at, program):
    born = counted_at.date() - timedelta(days=25 * 365)
    for number in range(12):
        woman = {"sex": "female", "languages": ["es", "en"], "birth_date": born}
        came(f"Ana{number}", dana=dana, counted_at=counted_at, program=program, person=woman)
        came(f"Ben{number}", dana=dana, counted_at=counted_at, program=program, person={"sex": "male"})
    client = as_user(walt)
    assert "Female" in client.get(LINK, {"by": "gender"}).text
    assert "Spanish" in client.get(LINK, {"by": "language"}).text
    assert "18–25" in client.get(LINK, {"by": "age"}).text
    assert "Not known" in client.get(LINK, {"by": "payer"}).text
    assert "A chart was opened here" in client.get(LINK, {"by": "source"}).text


def test_figures_are_kept_for_minutes_for_each_house_by_itself(
    as_user, walt, dana, counted_at, program, count_queries, monkeypatch
):
    monkeypatch.setattr(pages, "MINUTES", 10)
    client = as_user(walt)
    kept = count_queries(client, LINK)
    came("Ada", dana=dana, counted_at=counted_at, program=program)
    assert count_queries(client, LINK) == kept
    monkeypatch.setattr(pages, "MINUTES", 0)
    assert count_queries(client, LINK + "?by=age") > kept


def test_the_file_holds_what_the_page_tells_and_no_more(as_user, walt, dana, counted_at):
    for name, count in (("=Days", 30), ("Evenings", 40), ("Mornings", 5)):
        program = make_program(name=name)
        for number in range(count):
            ended = {"ended_after": 3, "reason": "left"} if number % 2 else {"ended_after": 15}
            came(f"{name[1:]}{number}", dana=dana, counted_at=counted_at, program=program, **ended)
    client = as_user(walt)
    page, sent = client.get(LINK).text, client.get(FILE)
    rows_sent = list(csv.reader(StringIO(sent.text)))
    assert sent["Content-Disposition"] == 'attachment; filename="outcomes.csv"'
    told = [row for row in rows_sent[1:] if row[5]]
    assert told
    assert all(row[1] in page for row in rows_sent[1:])
    assert {row[2] for row in rows_sent[1:]} == {"Everyone", "Evenings"}  # days and mornings only together
    assert "the few would follow: =Days, Mornings. They are counted in everyone." in page
    done = next(row for row in told if row[1] == "Completed" and row[2] == "Evenings")
    assert done[3:8] == ["40", "%", "50", "35", "65"]


def test_the_page_and_the_file_are_for_those_who_lead_and_reading_them_is_written_down(
    as_user, walt, ruth, dana, priya, maya
):
    for leader in (walt, ruth):
        for link in (LINK, FILE):
            assert as_user(leader).get(link).status_code == 200
    reads = Event.objects.filter(verb__startswith="outcomes.").order_by("at", "pk")
    assert sorted(reads.values_list("verb", "purpose")) == [
        ("outcomes.downloaded", "HOPERAT"), ("outcomes.downloaded", "HOPERAT"),
        ("outcomes.opened", "HOPERAT"), ("outcomes.opened", "HOPERAT"),
    ]  # fmt: skip
    for other in (dana, priya, maya.user):
        for link in (LINK, FILE):
            assert as_user(other).get(link).status_code == 403


def test_nobody_of_another_organisation_is_counted(as_user, dana, counted_at, program):
    for number in range(11):
        came(f"Ada{number}", dana=dana, counted_at=counted_at, program=program)
    other = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(other.pk):
        stranger = make_user("Otto Berg", Role.DIRECTOR, organisation=other)
    assert "Nobody began in these months" in as_user(stranger).get(LINK).text


def test_an_address_that_asks_for_something_else_shows_the_usual(as_user, walt):
    for asked in ({"by": "counselor", "back": "9"}, {"by": "", "back": "-1"}, {"back": "²"}):
        page = as_user(walt).get(LINK, asked)
        assert page.status_code == 200
        assert '<option value="program" selected>' in page.text


@pytest.mark.parametrize(
    "day", [datetime(2026, month, day, 20, tzinfo=UTC) for month, day in ((3, 1), (7, 15), (11, 30))]
)
def test_those_who_were_here_before_are_enough_to_tell_of_everyone_and_of_programs(db, day):
    organisation = make_demo_organisation()
    with tenancy.within(organisation.pk):
        scene = open_scene(seed=1, at=day, organisation=organisation, taken=NAMED)
        before = build_house(scene, 0)
        remember(scene, before)
        for back in (0, 1):
            found = report(viewer=before.staff["Walt Jensen"], at=day, by="program", back=back)
            told = {part.card: part.tables for part in found.parts}
            assert len(found.groups) == 3
            for card in (Card.RETENTION, Card.COMPLETION, Card.HIGHER_CARE, Card.CONNECTION):
                assert all(table.rows[0].value for table in told[card])
            for last in (told[Card.RETENTION][-1], told[Card.COMPLETION][-1]):
                assert any(row.value for row in last.rows[1:])
        assert not missed_follow_ups(viewer=before.staff["Walt Jensen"], at=day)


def test_a_students_line_says_what_they_did_in_those_weeks(as_user, maya, jonah, dana, at, count_queries):
    settle(maya, by=dana, at=at - 2 * WEEK)
    seat(maya, led_by=dana, starts_at=at - timedelta(days=2))
    Practice.objects.create(patient=maya, lesson="ride-the-wave", practised_at=at - timedelta(days=1))
    make_response(maya, "phq-9", [2] * 9, at=at - timedelta(days=1))
    make_response(maya, "phq-9", PHQ_9_MILD, at=at)
    link = reverse("web:my-line", args=["phq-9"])
    page = as_user(maya.user).get(link)
    assert "You practised 1 time." in page.text
    assert "some" in page.text
    assert "not on track" not in page.text
    before = count_queries(as_user(maya.user), link)
    make_response(maya, "phq-9", PHQ_9_MILD, at=at)
    assert count_queries(as_user(maya.user), link) == before
    assert "No line yet" in as_user(jonah.user).get(link).text
    assert as_user(dana).get(link).status_code == 403
    assert as_user(maya.user).get(reverse("web:my-line", args=["unheard-of"])).status_code == 404
