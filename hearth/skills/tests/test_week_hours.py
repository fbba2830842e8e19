"""Hours that come again every week: the student's alone, kept once, and never more than a page holds."""

from datetime import time
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from hearth.skills import week_queries, week_services
from hearth.skills.models import WeekHours

HOURS = reverse("skills:week-hours")
SHIFT = {"kind": "work", "what": "Bakery", "days": ["4", "0"], "starts": "07:00", "ends": "14:00"}


def keep(patient, at, **said):
    facts: dict[str, Any] = {"kind": "work", "what": "", "days": [0], "starts": time(9), "ends": time(17)}
    return week_services.keep_hours(by=patient.user, at=at, **facts | said)


def test_hours_are_kept_once_with_their_days_in_order_and_deleted(as_user, maya):
    client, form = as_user(maya.user), SHIFT | {"token": uuid4()}
    for _ in range(2):
        assert client.post(HOURS, form).status_code == 302
    (row,) = week_queries.hours_of(maya.user)
    assert (row.title, row.days, row.starts) == ("Bakery", [0, 4], time(7))
    page = client.get(HOURS).text
    assert "Bakery" in page
    assert "Monday, Friday" in page
    client.post(reverse("skills:delete-week-hours", args=[row.pk]))
    assert week_queries.hours_of(maya.user) == []


def test_what_cannot_be_kept_is_said_and_stays_typed(as_user, maya):
    client = as_user(maya.user)
    answer = client.post(HOURS, SHIFT | {"token": uuid4(), "starts": "22:00", "ends": "06:00"})
    assert answer.status_code == 422
    assert "It ends before it begins" in answer.text
    assert "Bakery" in answer.text
    assert client.post(HOURS, SHIFT | {"token": uuid4(), "days": ["7"]}).status_code == 422
    assert client.post(HOURS, {"token": uuid4(), "kind": "work"}).status_code == 422


def test_twenty_are_plenty(as_user, maya, now):
    for _ in range(week_services.MOST):
        keep(maya, now)
    with pytest.raises(week_services.Full):
        keep(maya, now)
    assert "Twenty are plenty" in as_user(maya.user).post(HOURS, SHIFT | {"token": uuid4()}).text


def test_hours_are_their_students_alone(as_user, maya, jonah, dana, now):
    row = keep(maya, now)
    assert WeekHours.objects.count() == 0
    for other in (jonah.user, dana):
        assert as_user(other).post(reverse("skills:delete-week-hours", args=[row.pk])).status_code == 403
    assert as_user(dana).get(HOURS).status_code == 403
    assert len(week_queries.hours_of(maya.user)) == 1
