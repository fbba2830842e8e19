"""How often one student is asked what: added, changed and paused by a clinician, with a reason, within the promise."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hearth.audit.models import Event
from hearth.measures import asking, queries, rhythms, services
from hearth.measures.instrument import UnknownInstrument
from hearth.measures.models import Rule, RuleChange
from hearth.measures.testing import PHQ_9_MILD, make_response
from hearth.program.pack import DueRule

WEEKS_AGO = timedelta(weeks=6)


@pytest.fixture
def at(now, time_machine):
    time_machine.move_to(now)  # and it goes on: what was changed last stands first
    return now


@pytest.fixture
def asked(maya, dana, at):
    """Maya has been here for six weeks: the PHQ-9 every two weeks, a minute a week on top, ten minutes at most."""
    rules = [DueRule("phq-9", True, 14, at_completion=True), DueRule("weekly-check", False, 7)]
    services.follow_rules(patient=maya, rules=rules, started_on=(at - WEEKS_AGO).date(), by=dana, at=at - WEEKS_AGO)
    return maya


def due(patient, moment):
    return {one.instrument.id: one.on for one in queries.due_measures(patient, timezone.localdate(moment))}


def add(patient, by, at, instrument="gad-7", rhythm="weekly", reason="Worries keep her awake"):
    return rhythms.add(patient_pk=patient.pk, instrument_id=instrument, rhythm=rhythm, reason=reason, by=by, at=at)


def pause(patient, by, at, *, is_paused=True):
    return rhythms.pause(
        patient_pk=patient.pk, instrument_id="phq-9", is_paused=is_paused, reason="Exams", by=by, at=at
    )


def change(patient, by, at, rhythm):
    return rhythms.change(
        patient_pk=patient.pk, instrument_id="phq-9", rhythm=rhythm, reason="Worse since Monday", by=by, at=at
    )


def test_what_is_added_is_asked_from_that_day_and_by_its_rhythm(asked, dana, at):
    add(asked, dana, at)
    today = timezone.localdate(at)
    assert due(asked, at)["gad-7"] == today
    make_response(asked, "gad-7", [1] * 7, at=at)
    assert "gad-7" not in due(asked, at + timedelta(days=6))
    assert due(asked, at + timedelta(days=7))["gad-7"] == today + timedelta(days=7)
    row = RuleChange.objects.get()
    assert (row.what, row.every_days, row.reason, row.by) == ("added", 7, "Worries keep her awake", dana)
    assert Event.objects.filter(verb="measures.rule_added").count() == 1
    assert RuleChange.append_only


def test_a_changed_rhythm_counts_from_the_latest_answer(asked, dana, at):
    make_response(asked, "phq-9", PHQ_9_MILD, at=at)
    change(asked, dana, at, "weekly")
    with pytest.raises(rhythms.SameRhythm):
        change(asked, dana, at, "weekly")
    assert "phq-9" in due(asked, at + timedelta(days=7))
    assert RuleChange.objects.count() == 1
    assert change(asked, dana, at, "individual").before_individual


def test_what_is_paused_is_asked_no_more_until_resumed_and_then_from_that_day_and_at_the_end_in_any_case(
    asked, dana, at
):
    assert "phq-9" in due(asked, at)
    pause(asked, dana, at)
    pause(asked, dana, at)
    assert "phq-9" not in due(asked, at)
    later = at + timedelta(days=10)
    pause(asked, dana, later, is_paused=False)
    assert due(asked, later)["phq-9"] == timezone.localdate(later)
    pause(asked, dana, later)
    services.complete_rules(patient=asked, on=later.date(), by=dana, at=later)
    assert "phq-9" in due(asked, later)
    assert [row.what for row in RuleChange.objects.order_by("at", "pk")].count("paused") == 2


def test_nobody_is_asked_for_more_than_was_promised_but_less_is_always_possible(asked, dana, at):
    add(asked, dana, at, instrument="pcl-5", rhythm="weekly")
    with pytest.raises(rhythms.TooMuch) as refused:
        add(asked, dana, at, instrument="audit", rhythm="weekly")
    assert (refused.value.minutes, refused.value.most) == (12.5, 10)
    Rule.objects.update(minutes_a_week=5)  # promised less meanwhile
    with pytest.raises(rhythms.TooMuch):
        change(asked, dana, at, "weekly")
    assert change(asked, dana, at, "four_weeks").every_days == 28
    pause(asked, dana, at)
    with pytest.raises(rhythms.TooMuch):
        pause(asked, dana, at, is_paused=False)


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from([7, 14, 28])), max_size=8), st.integers(1, 9))
def test_asking_one_thing_more_is_never_fewer_minutes(rhythms_asked, minutes):
    before = asking.minutes_a_week(rhythms_asked)
    assert asking.minutes_a_week([*rhythms_asked, (minutes, 7)]) == pytest.approx(before + minutes)


def test_only_clinicians_with_the_chart_change_it_and_only_in_a_stay(asked, jonah, dana, theo, ines, at):
    for somebody in (theo, ines, asked.user):
        with pytest.raises(PermissionDenied):
            add(asked, somebody, at)
    with pytest.raises(rhythms.AskedAlready):
        add(asked, dana, at, instrument="phq-9")
    with pytest.raises(UnknownInstrument):
        add(asked, dana, at, instrument="caregiver-week")
    Rule.objects.update(completed_on=at.date())
    with pytest.raises(rhythms.NoStay):
        add(asked, dana, at)


def test_the_page_adds_changes_and_pauses_and_says_why(as_user, asked, dana):
    page, client = reverse("measures:rhythm", args=[asked.pk]), as_user(dana)
    assert page in client.get(reverse("measures:of-patient", args=[asked.pk])).text
    shown = client.get(page).text
    assert "minutes of questions a week, of at most 10" in shown
    assert "as the program asks" in shown
    wrong = client.post(page, {"instrument": "gad-7", "rhythm": "weekly", "reason": ""})
    assert (wrong.status_code, "Say why" in wrong.text) == (422, True)
    add(asked, dana, timezone.now(), instrument="pcl-5", rhythm="weekly")
    too_much = client.post(page, {"instrument": "audit", "rhythm": "weekly", "reason": "Panic"})
    assert "promised at most 10" in too_much.text
    assert "Panic" in too_much.text
    shown = client.post(page, {"instrument": "gad-7", "rhythm": "four_weeks", "reason": "Cannot sleep"}, follow=True)
    assert "every 4 weeks" in shown.text
    assert "added: Cannot sleep" in shown.text
    one = reverse("measures:rhythm-of", args=[asked.pk, "gad-7"])
    client.post(one, {"do": "change", "often-rhythm": "two_weeks", "often-reason": "Worse"})
    assert "asked otherwise: Worse" in client.get(page).text
    same = client.post(one, {"do": "change", "often-rhythm": "two_weeks", "often-reason": "As before"})
    assert (same.status_code, "asked like that already" in same.text, "As before" in same.text) == (422, True, True)
    client.post(one, {"do": "pause", "pause-reason": "Exams"})
    client.post(one, {"do": "pause", "pause-reason": "Exams"})  # tapped twice: it stays paused
    assert "paused: Exams" in client.get(page).text
    assert "Go on asking" in client.get(one).text


def test_colleagues_of_the_care_team_read_it_and_strangers_do_not(as_user, client, asked, dana, theo, ines, jonah):
    page = reverse("measures:rhythm", args=[asked.pk])
    one = reverse("measures:rhythm-of", args=[asked.pk, "phq-9"])
    assert client.get(page).status_code == 302
    for stranger in (theo, ines, asked.user, jonah.user):
        assert as_user(stranger).get(page).status_code == 403
        assert as_user(stranger).get(one).status_code == 403
    assert as_user(dana).get(reverse("measures:rhythm-of", args=[asked.pk, "gad-7"])).status_code == 404


def test_the_page_asks_as_often_however_much_was_changed(as_user, asked, dana, at, count_queries):
    page, client = reverse("measures:rhythm", args=[asked.pk]), as_user(dana)
    few = count_queries(client, page)
    add(asked, dana, at)
    change(asked, dana, at, "weekly")
    assert count_queries(client, page) == few
