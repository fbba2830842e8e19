from datetime import UTC, datetime

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.lib import tenancy
from hearth.outbox import queries, services
from hearth.outbox.models import Message
from hearth.outbox.tasks import RETRIES, NotDelivered, deliver

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def post(**changes):
    facts = {
        "to": "maya@example.org",
        "subject": "A message waits",
        "body": "Sign in to read it.",
        "key": "one",
        "about": None,
    }
    return services.post_mail(**facts | {"at": AT} | changes)


def carry_out(message):
    deliver(message_id=str(message.pk), organisation_id=str(message.organisation_id))
    message.refresh_from_db()


def test_what_is_posted_waits_as_a_row_and_a_job_of_the_same_transaction(organisation):
    message = post()
    job = ProcrastinateJob.objects.get(task_name="outbox.deliver")
    assert job.args == {"message_id": str(message.pk), "organisation_id": str(organisation.pk)}
    assert mail.outbox == []


def test_the_same_key_is_posted_once(organisation):
    assert post() == post(subject="Another")
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.parametrize(
    ("mail", "phone", "sent"),
    [
        ("ana@example.org", "303 555 0101", [("mail", "ana@example.org")]),
        (None, "303 555 0101", [("sms", "303 555 0101")]),
        ("", None, []),
    ],
)
def test_whoever_has_no_address_gets_a_text_and_without_both_nothing_is_posted(organisation, mail, phone, sent):
    found = services.post_to(
        mail=mail, phone=phone, subject="A note", body="Please sign in.", key="k", about=None, at=AT
    )
    assert list(Message.objects.values_list("channel", "to")) == sent
    assert found == bool(sent)


def test_in_the_demo_mail_stays_here_and_counts_as_delivered(organisation, settings):
    settings.DEMO, settings.MAIL_LEAVES = True, False
    message = post()
    carry_out(message)
    assert message.sent_at
    assert mail.outbox == []


def test_with_a_mail_server_mail_leaves_once_however_often_the_job_runs(organisation, settings):
    settings.MAIL_LEAVES = True
    message = post()
    carry_out(message)
    carry_out(message)
    assert [sent.to for sent in mail.outbox] == [["maya@example.org"]]


def test_outside_the_demo_what_cannot_leave_says_why_and_stays_unsent(organisation, settings):
    settings.DEMO, settings.MAIL_LEAVES = False, False
    text = services.post_sms(to="303 555 0117", body="Your code is 4711", key="two", about=None, at=AT)
    carry_out(text)
    assert (text.sent_at, text.problem) == (None, "no text message gateway")


def test_a_refused_mail_is_tried_again_and_its_error_names_no_address(organisation, settings):
    settings.MAIL_LEAVES = True
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
        }
    }
    message = post()
    with pytest.raises(NotDelivered, match=r"^ConnectionRefusedError$"):
        carry_out(message)
    message.refresh_from_db()
    assert (message.attempts, message.problem, message.sent_at) == (1, "ConnectionRefusedError", None)
    assert RETRIES.max_attempts == 8


def test_messages_are_found_by_address_and_only_in_their_organisation(organisation):
    message = post()
    assert list(queries.messages_newest_first(to="maya")) == [message]
    assert list(queries.messages_newest_first(to="jonah")) == []
    with tenancy.within(Message().pk):
        assert list(queries.messages_newest_first()) == []
