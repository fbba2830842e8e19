"""A letter to oneself: nobody else reads it, it waits for its day, and it is announced where that is safe."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.urls import reverse

from hearth.admission.testing import make_episode
from hearth.aftercare.services import say_follow_up_wish
from hearth.audit.models import Event
from hearth.letters import future
from hearth.letters.models import FutureDay, FutureLetter
from hearth.lib import tenancy
from hearth.outbox.models import Message
from hearth.people.services import note_death
from hearth.people.testing import make_patient

WRITE, MINE = reverse("letters:write"), reverse("letters:mine")
WORDS = "Dear me, you got through the first winter."


def put_away(patient, at, *, days=30, words=WORDS):
    due = at.date() + timedelta(days=days)
    return future.keep(words=words, due_on=due, token=uuid4(), by=patient.user, today=at.date(), at=at)


def one(pk):
    return reverse("letters:to-myself", args=[pk])


def announce(at, days=30):
    later = at + timedelta(days=days)
    return future.announce(today=later.date(), at=later)


def sent():
    return sorted(Message.objects.filter(withheld_at=None).values_list("to", flat=True))


def test_it_is_written_once_changed_until_its_day_and_read_on_it(as_user, maya, now, time_machine):
    browser, due = as_user(maya.user), now.date() + timedelta(days=30)
    page = browser.get(WRITE).text
    assert "Nobody of the team can read it." in page
    assert "nobody can help" in page
    assert reverse("web:help-now") in page
    said = {"token": uuid4(), "words": WORDS, "due_on": due}
    for _ in range(2):
        assert browser.post(WRITE, said).status_code == 302
    (kept,) = future.own(viewer=maya.user, today=now.date())
    assert WORDS in browser.get(one(kept.id)).text
    browser.post(one(kept.id), {"words": "Dear me, keep going.", "due_on": due})
    assert "Something from you is here" not in browser.get("/today/").text
    time_machine.move_to(now + timedelta(days=30), tick=False)
    browser = as_user(maya.user)
    assert "Something from you is here" in browser.get("/today/").text
    browser.post(one(kept.id), {"words": "Other words.", "due_on": due + timedelta(days=9)})
    browser.post(reverse("letters:delete", args=[kept.id]))
    read = browser.get(one(kept.id)).text
    assert "Dear me, keep going." in read
    assert "You wrote this on 24 November 2026" in read
    assert "Something from you is here" not in browser.get("/today/").text


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_taps_at_the_same_moment_keep_one_letter(stored_organisation, now):
    pk, token, together, taps = stored_organisation.pk, uuid4(), Barrier(6), range(6)
    with tenancy.within(pk):
        owner = make_patient("Maya", "Reyes", at=now).user
    assert owner is not None

    def tap(_number):
        try:
            together.wait()
            with tenancy.within(pk):
                due = now.date() + timedelta(days=30)
                return future.keep(words=WORDS, due_on=due, token=token, by=owner, today=now.date(), at=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(taps)) as threads:
        kept = set(threads.map(tap, taps))
    with tenancy.within(pk):
        assert kept == {one.id for one in future.own(viewer=owner, today=now.date())}
        assert FutureDay.objects.count() == 1


def test_the_same_form_with_other_words_keeps_both_and_one_without_a_token_is_kept(as_user, maya, now):
    browser, due = as_user(maya.user), now.date() + timedelta(days=30)
    said = {"token": uuid4(), "words": WORDS, "due_on": due}
    others = (said | {"words": "Other words."}, said | {"due_on": due + timedelta(days=1)})
    for each in (said, *others, *others, {"words": "No token.", "due_on": due}):
        assert browser.post(WRITE, each).status_code == 302
    kept = [
        future.open_one(viewer=maya.user, pk=row.id, today=now.date())
        for row in future.own(viewer=maya.user, today=now.date())
    ]
    assert sorted(row.words for row in kept) == sorted([WORDS, WORDS, "Other words.", "No token."])


def test_a_change_sent_after_its_day_came_is_shown_again_and_leaves_the_letter_unread(as_user, maya, now, time_machine):
    pk = put_away(maya, now)
    time_machine.move_to(now + timedelta(days=30), tick=False)
    browser, today = as_user(maya.user), (now + timedelta(days=30)).date()
    late = browser.post(one(pk), {"words": "Typed until midnight.", "due_on": today + timedelta(days=9)})
    assert late.status_code == 422
    assert "Its day has come" in late.text
    assert "Typed until midnight." in late.text
    assert WORDS not in late.text
    assert f'action="{WRITE}"' in late.text
    assert not future.own(viewer=maya.user, today=today)[0].is_read
    form = {field.name: field.value() for field in late.context["form"]}
    assert browser.post(WRITE, form).status_code == 302
    assert len(future.own(viewer=maya.user, today=today)) == 2


@pytest.mark.parametrize("days", [0, -1, 5 * 366])
def test_another_day_is_refused_and_the_words_are_kept(as_user, maya, now, days):
    due = now.date() + timedelta(days=days)
    refused = as_user(maya.user).post(WRITE, {"token": uuid4(), "words": WORDS, "due_on": due})
    assert refused.status_code == 422
    assert WORDS in refused.text
    with pytest.raises(future.TooFar):
        put_away(maya, now, days=days)


def test_it_is_deleted_for_good_until_its_day(as_user, maya, now):
    pk = put_away(maya, now)
    as_user(maya.user).post(reverse("letters:delete", args=[pk]))
    assert future.own(viewer=maya.user, today=now.date()) == []
    assert not FutureDay.objects.exists()
    with pytest.raises(PermissionDenied):
        future.open_one(viewer=maya.user, pk=pk, today=now.date())


def test_nobody_else_reads_it_and_the_chart_says_nothing_of_it(as_user, client, maya, jonah, dana, ruth, now):
    pk = put_away(maya, now)
    assert FutureLetter.objects.count() == 0
    assert client.get(one(pk)).status_code == 302
    for person in (dana, ruth, jonah.user):
        assert as_user(person).get(one(pk)).status_code == 403
        with tenancy.rows_of(person.pk):
            assert FutureLetter.objects.count() == 0
    with tenancy.rows_of(maya.user.pk):
        assert WORDS.encode() not in bytes(FutureLetter.objects.get().sealed)
    assert Event.objects.get(verb="letters.future_kept").patient_id is None
    assert WORDS not in as_user(dana).get(reverse("letters:of-patient", args=[maya.pk])).text


def test_its_day_is_announced_once_and_names_nothing(as_user, maya, dana, now):
    make_episode(maya, by=dana, at=now)
    assert "If you are in care here then" in as_user(maya.user).get(WRITE).text
    put_away(maya, now)
    assert announce(now, days=29) == 0
    assert (announce(now), announce(now)) == (1, 0)
    message = Message.objects.get()
    assert message.to == maya.user.email
    plain = f"{message.subject} {message.body.split('http')[0]}".lower()
    assert [word for word in ("letter", "maya", "hearthside", "program") if word in plain] == []


@pytest.mark.parametrize(
    ("wish", "to"),
    [
        ({"wants": True, "way": "mail", "address": "safe@home.example"}, ["safe@home.example"]),
        ({"wants": True, "way": "text", "address": "303 555 0199"}, ["303 555 0199"]),
        ({"wants": True, "way": "call", "address": "303 555 0199"}, []),
        ({"wants": False, "way": "", "address": ""}, []),
        (None, []),  # never said, and no longer in care
    ],
)
def test_it_is_announced_where_they_said_that_is_safe_and_nowhere_else(as_user, maya, now, wish, to):
    if wish:
        say_follow_up_wish(patient=maya, by=maya.user, at=now, **wish)
    pk = put_away(maya, now)
    announce(now)
    assert sent() == to
    with tenancy.rows_of(maya.user.pk):
        assert FutureLetter.objects.get().pk == pk
    page = as_user(maya.user).get(WRITE).text
    assert (to[0] if to else "We write to nobody") in page


def test_who_has_died_is_told_nothing(maya, dana, ruth, now):
    make_episode(maya, by=dana, at=now)
    put_away(maya, now)
    note_death(patient=maya, died_on=None, by=ruth, at=now)
    assert announce(now) == 0
    assert sent() == []


def test_while_an_account_is_closed_nothing_is_told_and_later_it_is(maya, dana, now):
    make_episode(maya, by=dana, at=now)
    put_away(maya, now)
    maya.user.is_active = False
    maya.user.save()
    assert announce(now) == 0
    maya.user.is_active = True
    maya.user.save()
    assert announce(now, days=31) == 1


def test_many_ask_the_database_no_more_than_one(as_user, maya, now, count_queries):
    put_away(maya, now)
    few = count_queries(as_user(maya.user), MINE)
    for days in (40, 50, 60):
        put_away(maya, now, days=days)
    assert count_queries(as_user(maya.user), MINE) == few
