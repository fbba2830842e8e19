import base64
import json
import logging
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from hearth.outbox import services
from hearth.outbox.sms import Gateway
from hearth.outbox.tasks import NotDelivered, deliver
from hearth.outbox.testing import sms_gateway

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def post():
    return services.post_sms(to="+13035550117", body="471100 ist es: ¿sí?", key="two", about=None, at=AT)


def carry_out(message):
    deliver(message_id=str(message.pk), organisation_id=str(message.organisation_id))
    message.refresh_from_db()


def test_a_text_leaves_once_as_a_form_with_the_users_proof(organisation, settings):
    with sms_gateway() as server:
        settings.SMS_GATEWAY = Gateway(server.url, "token", user="AC1", sender="+13035550100")
        message = post()
        carry_out(message)
        carry_out(message)
    [posted] = server.posted
    assert message.sent_at
    assert posted.path == "/send?v=1"
    assert parse_qs(posted.content) == {
        "To": ["+13035550117"], "From": ["+13035550100"], "Body": ["471100 ist es: ¿sí?"],
    }  # fmt: skip
    assert posted.headers["authorization"] == "Basic " + base64.b64encode(b"AC1:token").decode()
    assert posted.headers["idempotency-key"] == str(message.pk)


def test_a_gateway_that_reads_json_gets_a_bearer_token(organisation, settings):
    with sms_gateway() as server:
        settings.SMS_GATEWAY = Gateway(server.url, "token", sender="Hearth", shape="json")
        carry_out(post())
    [posted] = server.posted
    assert json.loads(posted.content) == {"to": "+13035550117", "from": "Hearth", "text": "471100 ist es: ¿sí?"}
    assert posted.headers["authorization"] == "Bearer token"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (503, "the gateway answered 503"),
        (429, "the gateway answered 429"),
        (401, "the gateway answered 401"),
        (307, "the gateway answered 307"),
        (0, "RemoteDisconnected"),
    ],
)
def test_what_was_not_taken_is_tried_again_under_the_same_key(organisation, settings, caplog, answer, problem):
    caplog.set_level(logging.DEBUG)
    with sms_gateway(answer) as server:
        settings.SMS_GATEWAY = Gateway(server.url, "secret-token")
        message = post()
        with pytest.raises(NotDelivered, match=f"^{problem}$"):
            carry_out(message)
        message.refresh_from_db()
        assert (message.attempts, message.problem, message.sent_at) == (1, problem, None)
        carry_out(message)
    assert (message.attempts, message.problem, bool(message.sent_at)) == (2, "", True)
    assert len({posted.headers["idempotency-key"] for posted in server.posted}) == 1
    assert {posted.path for posted in server.posted} == {"/send?v=1"}
    assert not [word for word in ("303555", "471100", "secret-token") if word in caplog.text]


def test_a_number_that_will_never_be_served_is_not_tried_again(organisation, settings):
    with sms_gateway(400) as server:
        settings.SMS_GATEWAY = Gateway(server.url, "token")
        message = post()
        carry_out(message)
    assert (message.sent_at, message.problem) == (None, "the gateway refused it (400)")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"url": "http://gateway.example/send"}, "must begin with https"),
        ({"url": "gateway.example"}, "must begin with https"),
        ({"shape": "xml"}, "either form or json"),
        ({"token": "two words"}, "copied whole"),
    ],
)
def test_settings_that_cannot_work_are_refused_in_a_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        Gateway(**{"url": "https://gateway.example/send", "token": "token"} | wrong)
