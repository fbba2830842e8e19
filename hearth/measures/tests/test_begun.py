"""Half an answer goes on wherever the student is next: on their phone, on a tablet of the house, and never twice."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hearth.measures import begun, kiosk, services
from hearth.measures import instrument as instruments
from hearth.measures.concerns import raised_by
from hearth.measures.models import Begun, How, Response
from hearth.measures.testing import PHQ_9_MILD
from hearth.program.pack import DueRule
from hearth.safety.models import Concern

PHQ = reverse("measures:answer", args=["phq-9"])
KEEP = reverse("measures:keep", args=["phq-9"])
MINE = reverse("measures:mine")
CHOSEN = re.compile(r'<input type="radio"[^>]*checked')


@pytest.fixture
def asked(maya, dana, now, time_machine):
    time_machine.move_to(now, tick=False)
    rows = [DueRule("phq-9", True, 7), DueRule("who-5", True, 7)]
    services.follow_rules(patient=maya, rules=rows, started_on=now.date(), by=dana, at=now)
    return maya


@pytest.fixture
def phone(as_user, asked):
    return as_user(asked.user)


def tap(client, token, **answers):
    given = {link_id.removeprefix("q"): value for link_id, value in answers.items()}
    return client.post(KEEP, json.dumps({"token": str(token), "answers": given}), content_type="application/json")


def sent(answers, token, **more):
    return {f"q-{n}": "" if value is None else value for n, value in enumerate(answers, 1)} | {"token": token} | more


def held(pk):
    row = kiosk.held(pk)
    assert row
    return row


def asking(row, at):
    found = kiosk.asking(row, at=at)
    assert found
    return found


def on_a_tablet(patient, by, at, answers, *, first=1):
    row = held(kiosk.hand_over(patient=patient.pk, by=by, at=at).pk)
    for number, value in enumerate(answers, first):
        kiosk.answer(row, link_id=str(number), value=value, at=at)
    return row


def deal_with_all(by, at):
    Concern.objects.update(resolved_by=by, resolved_at=at, action="Talked with them.")


def test_what_was_begun_on_a_tablet_goes_on_on_the_phone_and_becomes_one_response(phone, asked, dana, now):
    on_a_tablet(asked, dana, now, [3, 2])
    half = Begun.objects.get()
    page = phone.get(PHQ)
    assert page.context["form"].initial["q-1"] == 3
    assert len(CHOSEN.findall(page.text)) == 2
    assert f'value="{half.pk}"' in page.text
    phone.post(PHQ, sent([3, 2, 1, 1, 1, 1, 1, 0, 0], half.pk, leave_out="yes"))
    response = Response.objects.get()
    assert (response.pk, response.how, response.total) == (half.pk, How.SELF, 10)
    assert not Begun.objects.exists()


def test_what_was_begun_on_the_phone_goes_on_on_a_tablet_which_shows_nothing_of_it(phone, asked, dana, now):
    token = uuid4()
    assert tap(phone, token, q1=3, q2=2).json()["token"] == str(token)
    row = held(kiosk.hand_over(patient=asked.pk, by=dana, at=now).pk)
    now_asked = asking(row, now)
    assert (now_asked.now, now_asked.before) == ("3", "")
    for number, value in enumerate([1, 1, 1, 1, 1, 0, 0, 0], 3):
        kiosk.answer(row, link_id=str(number), value=value, at=now)
    kiosk.send(row, at=now)
    response = Response.objects.get()
    assert (response.pk, response.how, response.answers["1"]) == (token, How.KIOSK, 3)


def test_the_list_says_that_it_was_begun_and_how_far(phone, asked, dana, now):
    assert "You have begun" not in phone.get(MINE).text
    on_a_tablet(asked, dana, now, [3, 2])
    page = phone.get(MINE).text
    assert "You have begun: 2 of 10." in page
    assert page.count("Go on<") == 1


def test_a_grave_answer_on_the_phone_rings_the_moment_it_is_kept(phone, asked):
    hidden = '<section class="card alarm" hidden tabindex="-1" data-help'
    assert hidden in phone.get(PHQ).text
    tap(phone, uuid4(), q9=2)
    concern = Concern.objects.get()
    assert (concern.patient, concern.severity, concern.raised_by) == (asked, "urgent", asked.user)
    page = phone.get(PHQ).text
    assert hidden not in page
    assert hidden.replace(" hidden", "") in page


def test_sending_it_rings_for_nothing_twice_also_when_the_first_was_dealt_with(phone, asked, dana, now):
    token = uuid4()
    tap(phone, token, q9=2)
    deal_with_all(dana, now)
    phone.post(PHQ, sent([1] * 8 + [2], token, leave_out="yes"))
    assert raised_by(Response.objects.get(), Concern.objects.all()) == list(Concern.objects.all())
    assert Concern.objects.count() == 1


def test_what_was_changed_before_sending_rings_anew(phone, asked, dana, now):
    token = uuid4()
    tap(phone, token, q9=1)
    deal_with_all(dana, now)
    phone.post(PHQ, sent([1] * 8 + [3], token, leave_out="yes"))
    assert Concern.objects.filter(resolved_at=None).count() == 1


def test_what_staff_read_out_rings_though_the_student_said_it_before(phone, asked, dana, now):
    tap(phone, uuid4(), q9=2)
    deal_with_all(dana, now)
    services.store_answers(
        patient=asked, instrument_id="phq-9", answers=[1] * 8 + [2], language="en", by=dana, at=now, how=How.INTERVIEW
    )
    assert Concern.objects.filter(resolved_at=None).count() == 1
    assert len(raised_by(Response.objects.get(), Concern.objects.all())) == 2
    assert not Begun.objects.exists()


def test_without_scripts_what_was_filled_in_is_kept_and_rings_though_something_is_missing(phone, asked, dana, now):
    assert phone.post(PHQ, sent([1, None, 1, 1, 1, 1, 1, 0, 2], uuid4())).status_code == 422
    assert Begun.objects.get().answers["9"] == 2
    assert Concern.objects.get().severity == "urgent"
    row = held(kiosk.hand_over(patient=asked.pk, by=dana, at=now).pk)
    assert asking(row, now).now == "2"


def test_a_question_declined_on_the_tablet_is_not_asked_for_again_on_the_phone(phone, asked, dana, now):
    on_a_tablet(asked, dana, now, [1, None])
    token = Begun.objects.get().pk
    phone.post(PHQ, sent([1, None, 1, 1, 1, 1, 1, 0, 0, 0], token))
    assert Response.objects.get().declined == ["2"]


def test_a_tap_that_comes_after_sending_begins_nothing(phone):
    token = uuid4()
    phone.post(PHQ, sent(PHQ_9_MILD, token, leave_out="yes"))
    assert tap(phone, token, q1=3).json() == {}
    assert not Begun.objects.exists()


def test_a_tablet_asks_no_more_what_was_sent_from_the_phone_meanwhile(phone, asked, dana, now):
    row = on_a_tablet(asked, dana, now, [1, 1])
    phone.post(PHQ, sent(PHQ_9_MILD, Begun.objects.get().pk, leave_out="yes"))
    row = held(row.pk)
    assert (row.waiting, row.given) == (["who-5"], [])
    kiosk.answer(row, link_id="1", value=3, at=now)
    assert Response.objects.count() == 1


def test_a_page_left_open_stores_the_same_answers_once_and_other_ones_beside_them(phone, asked, dana, now):
    row = on_a_tablet(asked, dana, now, [*PHQ_9_MILD, 0])
    token = Begun.objects.get().pk
    kiosk.send(row, at=now)
    for _ in range(2):
        assert phone.post(PHQ, sent([*PHQ_9_MILD, 0], token)).url.endswith(f"{token}/")
    assert Response.objects.count() == 1
    graver = sent([1, 1, 1, 1, 1, 1, 1, 0, 3, 0], token)
    assert phone.post(PHQ, graver).url == phone.post(PHQ, graver).url
    assert Response.objects.count() == 2
    assert Concern.objects.get().severity == "urgent"


def test_what_a_phone_wrote_before_ends_nothing_that_was_begun_since(asked, dana, now):
    on_a_tablet(asked, dana, now, [1])
    services.store_answers(
        patient=asked, instrument_id="phq-9", answers=PHQ_9_MILD, language="en", by=asked.user, at=now,
        token=uuid4(), written_at=now - timedelta(hours=5),
    )  # fmt: skip
    assert Response.objects.get().pk != Begun.objects.get().pk


def test_half_an_answer_of_last_month_is_asked_anew_on_the_phone(phone, asked, now):
    tap(phone, uuid4(), q1=3)
    later, phq = now + timedelta(days=30), instruments.get("phq-9")
    assert begun.lately(asked, phq, at=later) is None
    begun.keep_own(patient=asked, instrument=phq, answers={"2": 1}, token=uuid4(), by=asked.user, at=later)
    assert Begun.objects.get().answers == {"2": 1}


@pytest.mark.parametrize("body", ["", "[]", '{"token": "1", "answers": {}}', '{"answers": {"1": 1}}'])
def test_what_our_page_does_not_send_is_refused(phone, body):
    assert phone.post(KEEP, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("answers", [{"q1": 9}, {"q1": "1"}, {"q77": 1}])
def test_an_answer_that_is_not_on_the_form_keeps_nothing(phone, answers):
    assert tap(phone, uuid4(), **answers).status_code == 400
    assert not Begun.objects.exists()


def test_only_the_student_begins_their_own(as_user, asked, dana, jonah):
    assert tap(as_user(dana), uuid4(), q1=1).status_code == 403
    tap(as_user(jonah.user), uuid4(), q1=1)
    assert Begun.objects.get().patient == jonah
    assert begun.lately(asked, instruments.get("phq-9"), at=Begun.objects.get().changed_at) is None


def test_a_concern_that_cannot_be_raised_keeps_no_answer(phone, asked, monkeypatch, now):
    def fails(**_facts):
        raise RuntimeError

    monkeypatch.setattr("hearth.safety.services.raise_concern", fails)
    with pytest.raises(RuntimeError):
        begun.keep(patient=asked, instrument=instruments.get("phq-9"), answers={"9": 3}, by=asked.user, at=now)
    assert not Begun.objects.exists()
