"""A stay on hold: what rests, what is kept, and how somebody comes back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from hearth.admission.testing import make_episode
from hearth.aftercare import holding
from hearth.aftercare.models import Hold
from hearth.aftercare.tests.test_services import complete, plan_next
from hearth.measures.models import Rule
from hearth.people.models import CareTeamMember
from hearth.safety.models import Concern
from hearth.sessions.models import Attendance
from hearth.sessions.testing import make_section, make_session
from hearth.timetable.models import OneOff, Seat

Status = Attendance.Status


@pytest.fixture
def episode(maya, dana, now):
    Rule.objects.create(patient=maya, instrument="phq-9", at_admission=True, started_on=now.date())
    return make_episode(maya, by=dana, at=now)


def hold(episode, *, by, at, days=14):
    until = (at + timedelta(days=days)).date()
    return holding.put_on_hold(episode=episode, reason="hospital", until=until, words="", by=by, at=at)


def back(row, *, by, at, risk="none"):
    return holding.come_back(hold=row, risk=risk, risk_words="", medications="None.", by=by, at=at)


def places(patient):
    return list(
        Attendance.objects.filter(patient=patient).order_by("session__starts_at").values_list("status", flat=True)
    )


def test_sessions_are_excused_until_they_are_back_and_the_seat_stays(episode, maya, dana, theo, now):
    make_section(theo, maya, since=now.date())
    for days in (2, 20):  # led by somebody else than who puts the stay on hold
        make_session(theo, maya, starts_at=now + timedelta(days=days))
    row = hold(episode, by=dana, at=now)
    assert places(maya) == [Status.EXCUSED, Status.EXPECTED]
    holding.keep_quiet(at=now + timedelta(days=19))  # the day has come, nobody has spoken with them yet
    assert places(maya) == [Status.EXCUSED, Status.EXCUSED]
    back(row, by=dana, at=now + timedelta(days=19))
    assert places(maya) == [Status.EXCUSED, Status.EXPECTED]
    assert Seat.objects.get().during.upper is None


def test_nothing_reminds_meanwhile(episode, maya, dana, now):
    row = hold(episode, by=dana, at=now)
    assert Rule.objects.get().rests
    back(row, by=dana, at=now + timedelta(days=3))
    assert not Rule.objects.get().rests


def test_whoever_comes_back_the_same_day_is_expected_and_never_said_they_cannot_come(episode, maya, dana, now):
    make_session(dana, maya, starts_at=now + timedelta(hours=1))
    row = hold(episode, by=dana, at=now)
    holding.keep_quiet(at=now)
    back(row, by=dana, at=now + timedelta(minutes=5))
    assert places(maya) == [Status.EXPECTED]
    assert not OneOff.objects.exists()


def test_one_who_put_a_stay_on_hold_and_left_stops_the_quiet_of_nobody(episode, maya, dana, theo, now):
    hold(episode, by=dana, at=now)
    make_session(theo, maya, starts_at=now + timedelta(hours=1))
    CareTeamMember.objects.filter(member=dana).update(until=now.date())
    dana.is_active = False
    dana.save()
    assert holding.keep_quiet(at=now) == 1
    assert holding.keep_quiet(at=now) == 0
    assert places(maya) == [Status.EXCUSED]


def test_a_risk_told_on_coming_back_is_a_concern_at_once(episode, maya, dana, now):
    back(hold(episode, by=dana, at=now), by=dana, at=now + timedelta(days=5), risk="high")
    assert Concern.objects.get().severity == "urgent"


def test_a_stay_is_on_hold_once_and_ends_once(episode, dana, theo, now):
    with pytest.raises(PermissionDenied):
        hold(episode, by=theo, at=now)
    row = hold(episode, by=dana, at=now)
    with pytest.raises(holding.NotNow):
        hold(episode, by=dana, at=now)
    back(row, by=dana, at=now)
    with pytest.raises(holding.NotNow):
        back(row, by=dana, at=now)


def test_a_stay_that_has_ended_is_not_on_hold(episode, maya, dana, now):
    row = hold(episode, by=dana, at=now)
    plan_next(episode, by=dana, at=now)
    complete(episode, by=dana, at=now)
    assert holding.current_hold(episode) is None
    assert not Rule.objects.filter(rests=True).exists()
    assert not holding.holds_to_end(viewer=dana, at=now + timedelta(days=20))
    with pytest.raises(holding.NotNow):
        back(row, by=dana, at=now)


def test_whose_day_has_come_stands_on_today_of_their_team_alone(episode, maya, dana, ruth, now):
    hold(episode, by=dana, at=now)
    later = now + timedelta(days=14)
    assert [one.patient for one in holding.holds_to_end(viewer=dana, at=later)] == [maya]
    assert not holding.holds_to_end(viewer=dana, at=now)
    assert not holding.holds_to_end(viewer=ruth, at=later)


def test_the_counselor_puts_a_stay_on_hold_and_takes_it_up_again(as_user, dana, theo, maya, episode):
    client, page = as_user(dana), reverse("aftercare:hold", args=[maya.pk])
    soon = (timezone.now() + timedelta(days=10)).date().isoformat()
    assert client.post(page, {"reason": "birth", "until": "2026-01-01"}).status_code == 422
    assert client.post(page, {"reason": "birth", "until": soon}).status_code == 302
    assert b"On hold:" in client.get(reverse("aftercare:of-patient", args=[maya.pk])).content
    assert client.post(page, {"risk": "none"}).status_code == 422  # medications are compared again
    assert client.post(page, {"risk": "none", "medications": "None."}).status_code == 302
    assert Hold.objects.get().ended_by == dana
    assert as_user(theo).get(page).status_code == 403
