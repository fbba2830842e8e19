"""Reminders at a student's own times: once a day, by their own clock, and without a word of what."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.medical import reminding
from hearth.medical.models import MedicationReminder
from hearth.medical.rules import just_past
from hearth.outbox.models import Message
from hearth.outbox.services import allow_push, keep_quiet

PAGE = reverse("medical:reminders")
DENVER = ZoneInfo("America/Denver")
EVERY = timedelta(minutes=5)


def falls(moment, stretch):
    return (stretch.after is None or stretch.after < moment) and moment <= stretch.until


@pytest.mark.parametrize("day", [(2026, 3, 8), (2026, 11, 1), (2026, 6, 1)])  # the clock goes forward, back, on
@given(moment=st.times().map(lambda found: found.replace(second=0, microsecond=0, fold=0)))
def test_every_time_of_a_day_comes_when_the_worker_looks_each_five_minutes(day, moment):
    start = datetime.combine(date(*day), time(), DENVER)
    looks = (start.astimezone(UTC) + number * EVERY for number in range(27 * 12))
    found = [stretch.day for at in looks for stretch in just_past(at, DENVER) if falls(moment, stretch)]
    assert start.date() in found


def test_it_leaves_once_a_day_at_their_time_and_names_nothing(maya, now):
    start = datetime.combine(now.date(), time(12), tzinfo=maya.user.zone)
    reminding.set_reminder(at_time=time(21, 30), by=maya.user, at=start)
    evening = start.replace(hour=21, minute=30)
    told = [reminding.remind(at=evening + number * EVERY) for number in (-1, 0, 1, 2)]
    assert told == [0, 1, 0, 0]
    message = Message.objects.get()
    assert message.to == maya.user.email
    for word in ("medic", "pill", "take", "dose", "21:30", "program", "Hearthside"):
        assert word not in message.subject + message.body
    assert reminding.remind(at=evening + timedelta(days=1)) == 1


def test_what_could_not_leave_in_time_leaves_within_the_hour_and_not_after(maya, now):
    start = datetime.combine(now.date(), time(12), tzinfo=maya.user.zone)
    reminding.set_reminder(at_time=time(23, 50), by=maya.user, at=start)
    late = start.replace(hour=23, minute=50) + timedelta(minutes=40)  # on the next day
    assert reminding.remind(at=late) == 1
    assert reminding.remind(at=late + timedelta(days=1, minutes=30)) == 0


def test_a_time_that_was_over_when_it_was_set_comes_tomorrow(maya, now):
    noon = datetime.combine(now.date(), time(12), tzinfo=maya.user.zone)
    reminding.set_reminder(at_time=time(11, 45), by=maya.user, at=noon)
    assert reminding.remind(at=noon) == 0
    assert reminding.remind(at=noon + timedelta(days=1)) == 1


def test_nobody_is_reminded_whose_account_is_closed_or_who_took_the_time_away(maya, now):
    noon = datetime.combine(now.date(), time(12), tzinfo=maya.user.zone)
    row = reminding.set_reminder(at_time=time(13), by=maya.user, at=noon)
    maya.user.is_active = False
    maya.user.save()
    assert reminding.remind(at=noon + timedelta(hours=1)) == 0
    maya.user.is_active = True
    maya.user.save()
    reminding.drop_reminder(pk=row.pk, by=maya.user, at=noon)
    assert reminding.remind(at=noon + timedelta(hours=1)) == 0
    assert not Message.objects.exists()


def test_times_are_set_once_six_at_most_and_by_their_student_alone(as_user, maya, jonah, dana, now):
    client = as_user(maya.user)
    for hour in (8, 8, 9, 10, 11, 12, 13):
        assert client.post(PAGE, {"at_time": f"{hour:02}:00"}).status_code == 302
    answer = client.post(PAGE, {"at_time": "14:00"})
    assert answer.status_code == 422
    assert "Six times a day are the most" in answer.text
    assert client.post(PAGE, {"at_time": "soon"}).status_code == 422
    row = MedicationReminder.objects.order_by("time").first()
    assert row is not None
    for other in (jonah.user, dana):
        drop = reverse("medical:drop-reminder", args=[row.pk])
        assert as_user(other).post(drop).status_code == 403
    assert as_user(dana).get(PAGE).status_code == 403
    with pytest.raises(PermissionDenied):
        reminding.drop_reminder(pk=row.pk, by=jonah.user, at=now)
    as_user(maya.user).post(reverse("medical:drop-reminder", args=[row.pk]))
    assert MedicationReminder.objects.count() == 5


def test_the_page_says_what_falls_into_quiet_hours(as_user, maya, now):
    reminding.set_reminder(at_time=time(23), by=maya.user, at=now)
    assert "In your quiet hours" not in as_user(maya.user).get(PAGE).text
    zone = maya.user.zone.key
    allow_push(person=maya.user.pk, endpoint="https://fcm.googleapis.com/fcm/send/abc", zone=zone, at=now)
    keep_quiet(person=maya.user.pk, start=time(22), end=time(7), zone=zone)
    assert "In your quiet hours" in as_user(maya.user).get(PAGE).text


def test_many_times_ask_no_more_queries_than_one(as_user, maya, now, count_queries):
    counts = []
    for hours in ((8,), (9, 10, 11)):
        for hour in hours:
            reminding.set_reminder(at_time=time(hour), by=maya.user, at=now)
        counts.append(count_queries(as_user(maya.user), PAGE))
    assert counts[0] == counts[1]
