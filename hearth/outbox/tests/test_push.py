"""Showing on a device that something waits: nothing but that, signed, at no quiet hour, and ended where it is gone."""

import base64
import json
import stat
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.lib import tenancy
from hearth.outbox import push, queries, quiet, services
from hearth.outbox.models import Message, PushDevice
from hearth.outbox.sms import Refused
from hearth.outbox.tasks import NotDelivered, deliver
from hearth.outbox.testing import sms_gateway

NOON = datetime(2026, 11, 24, 19, tzinfo=UTC)  # in Denver
NIGHT = datetime(2026, 11, 25, 5, tzinfo=UTC)
DENVER = ZoneInfo("America/Denver")


@pytest.fixture(autouse=True)
def ours(settings, tmp_path):
    settings.HEARTH_KEY_DIR, settings.PUSH_SERVICES = tmp_path / "keys", ("127.0.0.1",)
    settings.BASE_URL, settings.MAIL_LEAVES = "https://hearth.example", True


def allow(server, person, at=NOON):
    return services.allow_push(person=person, endpoint=server.endpoint, zone="America/Denver", at=at)


def post(person, at=NOON):
    whom = {"mail": "maya@example.org", "phone": None, "account": person}
    said = {"subject": "A note", "body": "Hello Maya, sign in", "key": "one", "about": person}
    services.post_to(**whom, **said, at=at)
    return Message.objects.filter(channel="push").first()


def carry_out(message, at=NOON):
    with time_machine.travel(at, tick=False):
        deliver(message_id=str(message.pk), organisation_id=str(message.organisation_id))
    message.refresh_from_db()


def read(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.parametrize(
    ("start", "end", "at", "over"),
    [
        (time(21), time(8), NIGHT, datetime(2026, 11, 25, 15, tzinfo=UTC)),
        (time(21), time(8), datetime(2026, 11, 25, 14, 59, tzinfo=UTC), datetime(2026, 11, 25, 15, tzinfo=UTC)),
        (time(21), time(8), datetime(2026, 11, 25, 15, tzinfo=UTC), None),
        (time(21), time(8), NOON, None),
        (time(12), time(13), NOON, datetime(2026, 11, 24, 20, tzinfo=UTC)),
        (time(9), time(9), NIGHT, None),
        (time(0), time(1, 30), datetime(2026, 11, 1, 7, 15, tzinfo=UTC), datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
    ],
)
def test_quiet_hours_end_in_the_zone_of_their_person(start, end, at, over):
    assert quiet.over_at(at, start=start, end=end, zone=DENVER) == over


@pytest.mark.parametrize(
    ("start", "end", "at", "hours"),
    [
        (time(21), time(8), NOON, 9),
        (time(13), time(14), datetime(2026, 11, 24, 21, tzinfo=UTC), 23),
        (time(2, 30), time(8), datetime(2026, 3, 8, 8, 30, tzinfo=UTC), 0),  # 1:30, before the hour that is left out
        (time(1), time(1, 10), datetime(2026, 11, 1, 6, 30, tzinfo=UTC), 0.5),  # 0:30, before the hour that comes twice
    ],
)
def test_what_a_device_that_is_off_missed_is_not_kept_into_its_quiet_hours(start, end, at, hours):
    assert quiet.begin_in(at, start=start, end=end, zone=DENVER) == timedelta(hours=hours)


def test_without_quiet_hours_it_is_kept_for_a_day(organisation):
    person = uuid4()
    with sms_gateway() as server:
        allow(server, person)
        services.keep_quiet(person=person, start=time(9), end=time(9), zone="UTC")
        carry_out(post(person))
    assert server.posted[0].headers["ttl"] == "86400"


@pytest.mark.parametrize("minutes", range(0, 24 * 60, 30))
@pytest.mark.parametrize("day", [datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)])
def test_quiet_hours_are_over_later_also_on_days_when_clocks_are_turned(day, minutes):
    at = day + timedelta(minutes=minutes)
    for start, end in ((time(0), time(1, 45)), (time(0), time(2, 30)), (time(22), time(1, 15))):
        over = quiet.over_at(at, start=start, end=end, zone=DENVER)
        assert over is None or at < over <= at + timedelta(days=1)


def test_a_device_is_shown_that_something_waits_and_nothing_else(organisation):
    person = uuid4()
    with sms_gateway() as server:
        allow(server, person)
        message = post(person)
        carry_out(message)
        carry_out(message)
    [posted] = server.posted
    assert message.sent_at
    assert message.body == "Something waits for you"
    assert (posted.path, posted.content) == ("/push/a-device", "")
    assert (posted.headers["ttl"], posted.headers["topic"]) == ("32400", "hearth")
    assert "maya" not in str(posted).lower()


def test_the_push_service_can_tell_by_the_signature_who_sends_it(organisation, settings):
    with sms_gateway() as server:
        device = allow(server, uuid4())
        push.send(device.endpoint, at=NOON)
    words = server.posted[0].headers["authorization"].removeprefix("vapid ")
    given = dict(part.split("=", 1) for part in words.split(", "))
    head, claims, signature = given["t"].split(".")
    assert given["k"] == push.public_key()
    assert json.loads(read(head)) == {"typ": "JWT", "alg": "ES256"}
    parts = urlsplit(server.endpoint)
    until = int((NOON + timedelta(hours=12)).timestamp())
    sub = "https://hearth.example"
    assert json.loads(read(claims)) == {"aud": f"{parts.scheme}://{parts.netloc}", "exp": until, "sub": sub}
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), read(given["k"]))
    raw = read(signature)
    proof = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(proof, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        key.verify(proof, b"another", ec.ECDSA(hashes.SHA256()))
    assert stat.S_IMODE((settings.HEARTH_KEY_DIR / push.KEY).stat().st_mode) == 0o600


def test_no_mail_waits_behind_a_push_also_after_quiet_hours(organisation):
    person = uuid4()
    with sms_gateway() as server:
        allow(server, person)
        message = post(person, at=NIGHT)
        carry_out(message, at=NIGHT)
    jobs = ProcrastinateJob.objects.filter(task_name="outbox.deliver")
    pushes = jobs.filter(args__message_id=str(message.pk))
    assert [job.priority for job in pushes] == [-1, -1]
    assert [job.priority for job in jobs.exclude(pk__in=pushes)] == [0]


def test_at_quiet_hours_it_waits_for_their_end(organisation):
    person = uuid4()
    with sms_gateway() as server:
        allow(server, person)
        message = post(person, at=NIGHT)
        ProcrastinateJob.objects.all().delete()
        carry_out(message, at=NIGHT)
        assert (server.posted, message.sent_at, message.problem) == ([], None, "")
        job = ProcrastinateJob.objects.get(task_name="outbox.deliver")
        assert job.scheduled_at == datetime(2026, 11, 25, 15, tzinfo=UTC)
        carry_out(message, at=job.scheduled_at)
    assert len(server.posted) == 1


@pytest.mark.parametrize("answer", [404, 410])
def test_a_device_that_is_gone_is_forgotten(organisation, answer):
    person = uuid4()
    with sms_gateway(answer) as server:
        allow(server, person)
        message = post(person)
        carry_out(message)
    assert (message.sent_at, message.problem) == (None, "the device is gone")
    assert not PushDevice.objects.exists()
    carry_out(message)
    assert message.problem == "nobody is told there any more"


@pytest.mark.parametrize(("answer", "problem"), [(503, "answered 503"), (429, "answered 429"), (0, "Disconnected")])
def test_what_was_not_taken_is_tried_again(organisation, answer, problem):
    person = uuid4()
    with sms_gateway(answer) as server:
        allow(server, person)
        message = post(person)
        with pytest.raises(NotDelivered, match=problem):
            carry_out(message)
        carry_out(message)
    assert (message.attempts, bool(message.sent_at)) == (2, True)


def test_what_is_refused_is_not_tried_again_and_the_device_stays(organisation):
    person = uuid4()
    with sms_gateway(403) as server:
        allow(server, person)
        message = post(person)
        carry_out(message)
    assert (message.sent_at, message.problem) == (None, "the push service refused it (403)")
    assert PushDevice.objects.count() == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "https://10.0.0.1/push",
        "https://example.org/push",
        "https://fcm.googleapis.com.example.org/push",
        "http://fcm.googleapis.com/push",
        "https://maya@fcm.googleapis.com/push",
        "https://fcm.googleapis.com:x/push",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/" + "a" * 1000,
        "file:///etc/passwd",
    ],
)
def test_nothing_is_posted_to_wherever_somebody_names(organisation, settings, endpoint):
    settings.PUSH_SERVICES = ("fcm.googleapis.com",)
    with pytest.raises(push.Unknown):
        services.allow_push(person=uuid4(), endpoint=endpoint, zone="UTC", at=NOON)
    with pytest.raises(Refused):
        push.send(endpoint, at=NOON)
    assert push.is_known("https://fcm.googleapis.com/fcm/send/abc:def")


def test_a_browser_is_told_for_the_one_who_allowed_it_last_and_only_in_their_organisation(organisation):
    ana, ben = uuid4(), uuid4()
    with sms_gateway() as server:
        allow(server, ana)
        device = allow(server, ben)
    assert list(queries.push_devices_of(ana)) == []
    assert list(queries.push_devices_of(ben)) == [device]
    with tenancy.within(uuid4()):
        assert services.end_push(person=ben) == 0
    assert services.end_push(person=ben) == 1


def test_another_device_keeps_the_quiet_hours_and_all_are_changed_together(organisation):
    person, at = uuid4(), NOON
    with sms_gateway() as one, sms_gateway() as other:
        first = allow(one, person)
        services.keep_quiet(person=person, start=time(20), end=time(9), zone="UTC")
        second = allow(other, person, at=at)
    assert (second.quiet_from, second.quiet_until) == (time(20), time(9))
    assert services.end_push(person=person, but=str(second.pk)) == 1
    assert services.end_push(person=person, only=[str(first.pk)]) == 0
    assert list(queries.push_devices_of(person)) == [second]


def test_nothing_is_shown_once_its_person_has_died(organisation):
    person = uuid4()
    with sms_gateway() as server:
        allow(server, person)
        waiting = post(person)
        services.fall_silent(about=[person], addresses=[], at=NOON)
        waiting.refresh_from_db()
        carry_out(waiting)
    assert waiting.withheld_at
    assert server.posted == []
