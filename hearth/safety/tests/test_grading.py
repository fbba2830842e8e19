"""How severe a concern is: a screen makes it graver, a licensed clinician says more or less; the way up follows."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from hearth.audit.models import Event
from hearth.people.models import Licence
from hearth.safety import services
from hearth.safety.models import Concern, ConcernGrade, ConcernNotice
from hearth.safety.tests.test_concerns import raise_one


@pytest.fixture(autouse=True)
def licence(dana):
    held = DateRange(date(2020, 1, 1), date(2030, 1, 1))
    return Licence.objects.create(holder=dana, state="CO", discipline="LCSW", number="1234", during=held)


@pytest.fixture
def concern(maya, now):
    return raise_one(maya, now)


def grade(concern, by, at, severity, reason="She told me more"):
    return services.grade_concern(concern=concern, severity=severity, reason=reason, by=by, at=at)


def test_a_clinician_says_how_severe_it_is_and_each_step_is_kept(concern, dana, now):
    grade(concern, dana, now, "emergency")
    grade(concern, dana, now, "emergency")
    assert grade(concern, dana, now + timedelta(minutes=9), "watch", reason="A misread line").severity == "watch"
    steps = ConcernGrade.objects.order_by("at").values_list("before", "severity", "reason", "licence")
    assert list(steps) == [
        ("urgent", "emergency", "She told me more", "LCSW CO 1234"),
        ("emergency", "watch", "A misread line", "LCSW CO 1234"),
    ]
    assert Event.objects.filter(verb="safety.concern_graded").count() == 2


def test_nobody_without_a_licence_does(concern, licence, dana, ruth, theo, walt, now):
    for somebody in (ruth, theo, walt):
        with pytest.raises(PermissionDenied):
            grade(concern, somebody, now, "watch")
    licence.delete()
    with pytest.raises(PermissionDenied):
        grade(concern, dana, now, "watch")
    concern.refresh_from_db()
    assert concern.severity == "urgent"


def test_the_clock_and_the_way_up_follow(concern, dana, ruth, now):
    services.escalate_one(pk=concern.pk, at=now)
    later = now + timedelta(minutes=6)
    assert not services.escalate_one(pk=concern.pk, at=later)
    concern = grade(concern, dana, later, "emergency")
    assert services.escalate_one(pk=concern.pk, at=later)  # five minutes are a step now
    assert concern.state(at=now + timedelta(minutes=16)) == "overdue"
    concern = grade(concern, dana, later, "watch")
    assert not services.escalate_one(pk=concern.pk, at=now + timedelta(hours=1))
    assert concern.state(at=now + timedelta(hours=2)) == "waiting"
    assert ConcernNotice.objects.values("step").distinct().count() == 2


def test_what_turns_out_graver_rings_again_after_they_were_spoken_with(concern, dana, now):
    spoke: dict[str, Any] = {
        "how": "phone",
        "whom": "student",
        "words": "She is at home.",
        "reached": True,
    }
    services.record_contact(concern=concern, by=dana, at=now, **spoke)
    later = now + timedelta(hours=4)
    assert not services.escalate_one(pk=concern.pk, at=later)
    grade(concern, dana, later, "emergency", reason="His mother phones: he is at the bridge")
    assert services.escalate_one(pk=concern.pk, at=later)
    services.record_contact(concern=concern, by=dana, at=later, **spoke)
    grade(concern, dana, later, "watch")
    assert not services.escalate_one(pk=concern.pk, at=later + timedelta(days=2))


def test_words_written_again_after_a_graded_concern_was_closed_are_a_new_one(maya, dana, now):
    row_pk = uuid4()

    def write():
        services.read_own_words(
            patient=maya,
            kind="skills.thought",
            row=row_pk,
            where="A thought",
            words="I want to die",
            by=maya.user,
            at=now,
        )
        return Concern.objects.open().filter(patient=maya).count()

    assert write() == 1
    concern = grade(Concern.objects.get(), dana, now, "watch")
    assert write() == 1
    Concern.objects.filter(pk=concern.pk).update(resolved_at=now, resolved_by=dana, action="Seen the same day")
    assert write() == 1
    assert Concern.objects.count() == 2


def test_a_source_whose_concern_was_graded_raises_no_second_one(concern, maya, dana, now):
    grade(concern, dana, now, "watch")
    assert raise_one(maya, now, source=concern.source_id) == concern
    other = raise_one(maya, now, source=concern.source_id, severity="emergency")
    with pytest.raises(services.OfOneSource):
        grade(concern, dana, now, "emergency")
    assert Concern.objects.count() == 2
    assert other.severity == "emergency"


def test_a_screen_only_makes_it_graver(concern, maya, now):
    services.grade_up(concern=concern, reason="The screen", at=now)
    services.grade_up(concern=concern, reason="The screen", at=now)
    concern.refresh_from_db()
    assert (concern.severity, ConcernGrade.objects.get().by) == ("emergency", None)


def test_the_page_takes_it_from_a_clinician_and_asks_why(as_user, maya, dana, ruth):
    concern = raise_one(maya, timezone.now())
    address, client = f"/concerns/{concern.pk}/", as_user(dana)
    page = client.get(address)
    assert "More or less severe" in page.text
    assert "Read the ASQ to them" in page.text
    page = client.post(address, {"step": "grade", "severity": "watch", "reason": ""})
    assert page.status_code == 422
    assert "Say why" in page.text
    page = client.post(
        address, {"step": "grade", "severity": "emergency", "reason": "He is at the bridge"}, follow=True
    )
    assert "Urgent → Emergency" in page.text
    assert "He is at the bridge" in page.text
    assert "More or less severe" not in as_user(ruth).get(address).text
