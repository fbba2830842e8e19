"""A real worker, killed in the middle of its work."""

import signal
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connections

from hearth.lib import tenancy
from hearth.lib.testing import PATIENCE, start_worker, until
from hearth.outbox import services
from hearth.outbox.models import Message
from hearth.outbox.testing import mail_server

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"])


def start(server, var):
    mail = {"HEARTH_SMTP_HOST": "127.0.0.1", "HEARTH_SMTP_PORT": str(server.port), "HEARTH_SMTP_TLS": "0"}
    return start_worker(var, PYTHONFAULTHANDLER="1", **mail)


@contextmanager
def working(server, var):
    """A worker until the block ends; it stops when told to. Where the block fails, the worker says where it stood."""
    worker = start(server, var)
    try:
        yield
    except BaseException:
        worker.send_signal(signal.SIGABRT)
        worker.wait()
        raise
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0


def test_a_mail_whose_worker_was_killed_while_sending_is_sent_by_the_next_and_then_no_more(
    stored_organisation, tmp_path
):
    house = stored_organisation.pk
    with mail_server() as server:
        server.may_answer.clear()
        with tenancy.within(house):
            services.post_mail(
                to="maya@example.org",
                subject="A message waits",
                body="Sign in to read it.",
                key="one",
                about=None,
                at=datetime.now(UTC),
            )
        first = start(server, tmp_path)
        assert server.arrived.wait(PATIENCE)
        first.kill()
        first.wait()
        server.may_answer.set()

        with working(server, tmp_path):
            until(lambda: is_sent(house))
            ids = {line for mail in server.mails for line in mail.splitlines() if line.startswith("Message-ID")}
            assert len(ids) == 1
            count = len(server.mails)
            time.sleep(3)
            assert len(server.mails) == count


def is_sent(house):
    with tenancy.within(house):
        return Message.objects.get().sent_at is not None


def test_a_worker_seals_what_was_written_down_within_seconds(stored_organisation, tmp_path):
    house = stored_organisation.pk
    with mail_server() as server, working(server, tmp_path):
        write_down(house)
        until(lambda: sealed(house) == 1)  # it has started
        write_down(house)
        begin = time.monotonic()
        until(lambda: sealed(house) == 2)
        assert time.monotonic() - begin < 15


def write_down(house):
    with tenancy.within(house), connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (id, organisation_id, at, kind, verb, subject_kind, purpose, reason, detail)"
            " VALUES (gen_random_uuid(), %s, now(), 'deed', 'x.done', 'x', '', '', '{}')",
            [house],
        )


def sealed(house):
    with tenancy.within(house), connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_seal")
        return cursor.fetchone()[0]
