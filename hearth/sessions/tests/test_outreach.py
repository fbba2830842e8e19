"""Who misses sessions is told kindly, and reached out to until somebody has talked with them or they came again."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.admission.facts import episode_ended
from hearth.admission.models import Episode
from hearth.measures.services import store_answers
from hearth.outbox.models import Message
from hearth.safety.models import Concern
from hearth.sessions import services
from hearth.sessions.models import Attendance, Outreach
from hearth.sessions.outreach import open_outreaches
from hearth.sessions.testing import make_episode, make_session

Status = Attendance.Status
START = datetime(2026, 11, 16, 17, 30, tzinfo=ZoneInfo("America/Denver"))
TODAY = reverse("web:today")


@pytest.fixture
def held(dana, maya, organisation):
    """`held("absent", "present", …)`: one group a day with Maya, who attended like that; the last session."""
    maya.user.email = "maya@students.example"
    maya.user.save()
    make_episode(maya, by=dana, starts_on=date(2026, 10, 19))

    def hold(*statuses, first=0):
        for day, status in enumerate(statuses, start=first):
            session = make_session(dana, maya, starts_at=START + timedelta(days=day))
            row = session.roster.get()
            if status != Status.ABSENT:
                services.mark(attendance=row, status=status, by=dana, at=session.starts_at, reason="said so")
            services.end(session=session, by=dana, at=session.ends_at)
        return session

    return hold


def outreach():
    return Outreach.objects.get()


def test_one_missed_session_brings_a_kind_word_and_two_a_task(held, dana):
    held("absent")
    assert not Outreach.objects.exists()
    mail = Message.objects.get()
    assert (mail.to, mail.subject) == ("maya@students.example", "A note for you")
    assert "we missed you" in mail.body
    for word in ("group", "therapy", "session", "Hearthside"):
        assert word not in mail.body
    last = held("absent", first=1)
    assert (outreach().misses, outreach().session, outreach().closed_at) == (2, last, None)
    held("absent", first=2)
    assert Outreach.objects.count() == 1
    assert Message.objects.count() == 3


def test_being_excused_is_not_missing(held):
    held("excused", "absent", "excused")
    assert Message.objects.count() == 1
    assert not Outreach.objects.exists()


def test_coming_again_ends_it_and_the_count_begins_anew(held):
    held("absent", "absent", "late")
    assert (outreach().outcome, outreach().closed_at) == ("came", START + timedelta(days=2, hours=3))
    held("absent", first=3)
    assert Outreach.objects.count() == 1


def test_a_mark_corrected_after_the_end_counts_too(held, dana):
    session = held("absent", "absent")
    services.mark(
        attendance=session.roster.get(), status=Status.PRESENT, by=dana, at=session.ends_at, reason="was there"
    )
    assert outreach().outcome == "came"
    services.mark(attendance=session.roster.get(), status=Status.ABSENT, by=dana, at=session.ends_at, reason="mixed up")
    assert Outreach.objects.filter(closed_at=None).count() == 1


def test_tries_are_written_down_until_somebody_has_talked_with_them(held, dana):
    at = held("absent", "absent").ends_at
    services.record_attempt(outreach=outreach(), how="call", reached=False, note="", by=dana, at=at)
    assert outreach().closed_at is None
    with pytest.raises(services.NoteMissing):
        services.record_attempt(outreach=outreach(), how="call", reached=True, note=" ", by=dana, at=at)
    services.record_attempt(outreach=outreach(), how="text", reached=True, note="Comes on Monday.", by=dana, at=at)
    assert (outreach().outcome, outreach().closed_by) == ("reached", dana)
    assert sorted(outreach().attempts.values_list("reached", flat=True)) == [False, True]


def test_leaving_the_program_ends_it(held, dana, maya):
    at = held("absent", "absent").ends_at
    episode = Episode.objects.get(patient=maya)
    episode_ended.send(Episode, episode_id=episode.pk, by_id=dana.pk, at=at, on=at.date())
    assert outreach().outcome == "ended"


def test_those_who_care_see_and_write_it_and_nobody_else(held, dana, theo, maya, as_user):
    session = held("absent", "absent")
    page = reverse("sessions:outreach", args=[outreach().pk])
    with time_machine.travel(session.ends_at, tick=False):
        assert "missed 2 in a row" in as_user(dana).get(TODAY).text
        assert "To be reached" not in as_user(theo).get(TODAY).text
        for stranger in (theo, maya.user):
            assert as_user(stranger).get(page).status_code == 403
        browser = as_user(dana)
        assert "maya@students.example" in browser.get(page).text
        kept = browser.post(page, {"how": "call", "reached": "yes", "note": ""})
        assert kept.status_code == 422
        assert "what you agreed" in kept.text
        browser.post(page, {"how": "call", "reached": "yes", "note": "Her car broke down."})
        assert "Her car broke down." in browser.get(page).text
    with pytest.raises(PermissionDenied):
        services.record_attempt(outreach=outreach(), how="call", reached=False, note="", by=theo, at=session.ends_at)
    assert not open_outreaches(viewer=dana).exists()


def answered(patient, *values, instrument="phq-9", days=1):
    store_answers(
        patient=patient, instrument_id=instrument, answers=list(values), language="en", by=patient.user,
        at=START - timedelta(days=days),
    )  # fmt: skip


def missed():
    return Concern.objects.filter(source_kind="sessions.missed")


@pytest.mark.parametrize(
    ("instrument", "values", "days", "severity"),
    [
        ("phq-9", (3, 3, 3, 3, 3, 3, 2, 0, 0, 0), 1, "watch"),  # 20: severe
        ("phq-9", (3, 3, 3, 3, 3, 3, 1, 0, 0, 0), 1, None),  # 19
        ("phq-9", (0, 0, 0, 0, 0, 0, 0, 0, 1, 0), 1, "urgent"),  # item 9
        ("phq-9", (0, 0, 0, 0, 0, 0, 0, 0, 1, 0), 31, None),
        ("who-5", (2, 2, 1, 1, 1), 1, "watch"),  # 28: low is bad
        ("who-5", (2, 2, 2, 1, 1), 1, None),
    ],
)
def test_who_stays_away_after_a_low_score_is_looked_for(held, maya, instrument, values, days, severity):
    answered(maya, *values, instrument=instrument, days=days)
    held("present")
    assert not missed().exists()
    held("absent", "absent", first=1)
    assert [(one.patient, one.severity, one.raised_by) for one in missed()] == (
        [(maya, severity, None)] if severity else []
    )


def test_a_newer_score_that_is_better_counts_and_another_miss_rings_only_once_the_first_was_dealt_with(
    held, maya, dana
):
    answered(maya, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, days=3)
    answered(maya, *[0] * 10, days=2)
    held("absent")
    assert not missed().exists()
    answered(maya, *[3] * 8, 0, 0)
    held("absent", first=1)
    assert "PHQ-9 24, 2026-11-15: The latest" in missed().get().told
    missed().update(resolved_at=START, resolved_by=dana, action="Called")
    held("absent", first=2)
    assert missed().count() == 2


def test_a_grave_answer_is_looked_for_beside_a_score_that_is_watched(held, maya):
    answered(maya, *[3] * 8, 0, 0, days=3)
    held("absent")
    answered(maya, *[3] * 8, 1, 0)
    for first in (1, 2):
        held("absent", first=first)
    assert sorted(missed().values_list("severity", flat=True)) == ["urgent", "watch"]
