from datetime import timedelta

import pytest

from hearth.measures import reminding, services
from hearth.measures.models import Rule
from hearth.measures.queries import due_measures
from hearth.measures.testing import make_response
from hearth.outbox.models import Message
from hearth.program.pack import DueRule


@pytest.fixture
def asked(maya, dana, now):
    services.follow_rules(patient=maya, rules=[DueRule("phq-9", True, 7)], started_on=now.date(), by=dana, at=now)
    return maya


def test_a_reminder_leaves_once_a_week_and_names_nothing(asked, now):
    for hours in (0, 1, 24):
        reminding.remind(at=now + timedelta(hours=hours))
    message = Message.objects.get()
    assert message.to == asked.user.email
    for word in ("PHQ", "mood", "question", "depress", "program", "check-in"):
        assert word not in message.subject + message.body
    reminding.remind(at=now + timedelta(days=7))
    assert Message.objects.count() == 2


def test_the_week_between_reminders_begins_on_the_day_something_was_due(maya, dana, now):
    sunday = now - timedelta(days=now.weekday()) + timedelta(days=6)
    rules = [DueRule("phq-9", True, 7)]
    services.follow_rules(patient=maya, rules=rules, started_on=sunday.date(), by=dana, at=now)
    told = [reminding.remind(at=sunday + timedelta(days=days)) for days in (-1, 0, 1, 6, 7)]
    assert told == [0, 1, 0, 0, 1]  # Monday is another week of the calendar


def test_whoever_answered_is_not_reminded_of_the_next_within_the_week(asked, dana, now):
    reminding.remind(at=now)
    make_response(asked, "phq-9", [0] * 9, at=now + timedelta(hours=1))
    services.follow_rules(patient=asked, rules=[DueRule("who-5", False, 2)], started_on=now.date(), by=dana, at=now)
    told = [reminding.remind(at=now + timedelta(days=days)) for days in (2, 6, 7)]
    assert told == [0, 0, 1]


def test_nobody_is_reminded_of_nothing(asked, now):
    make_response(asked, "phq-9", [0] * 9, at=now)
    assert reminding.remind(at=now) == 0
    asked.user.is_active = False
    asked.user.save()
    assert reminding.remind(at=now + timedelta(days=30)) == 0
    assert not Message.objects.exists()


def test_whoever_has_a_phone_alone_gets_a_text(asked, now):
    asked.user.email, asked.user.phone = None, "+13035550110"
    asked.user.save()
    assert reminding.remind(at=now) == 1
    assert Message.objects.get().to == "+13035550110"


def test_what_is_asked_after_a_stay_is_left_to_aftercare_and_their_yes(asked, dana, now):
    rules = [DueRule("follow-up", False, None, False, (30,))]
    services.follow_rules(patient=asked, rules=rules, started_on=now.date(), by=dana, at=now)
    services.complete_rules(patient=asked, on=now.date(), by=dana, at=now)
    assert [one.instrument.id for one in due_measures(asked, (now + timedelta(days=30)).date())] == ["follow-up"]
    assert reminding.remind(at=now + timedelta(days=30)) == 0


def test_a_stay_before_does_not_break_the_quiet_of_one_on_hold_which_ends_with_the_stay(asked, dana, now):
    services.complete_rules(patient=asked, on=now.date(), by=dana, at=now)
    again = now + timedelta(days=60)
    rules = [DueRule("who-5", True, 7, True)]
    services.follow_rules(patient=asked, rules=rules, started_on=again.date(), by=dana, at=again)
    services.rest(patient=asked, rests=True)
    assert reminding.remind(at=again) == 0
    services.complete_rules(patient=asked, on=again.date(), by=dana, at=again)
    assert not Rule.objects.filter(rests=True).exists()
    assert reminding.remind(at=again) == 1
