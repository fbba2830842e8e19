"""The plan for hard days and its cards: the student's alone unless shared, and found again from what helped."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.audit.models import Event
from hearth.lib import tenancy
from hearth.skills import coping_queries, coping_services, own_services, services, thought_services
from hearth.skills.cards import Time, assemble
from hearth.skills.models import Card, CopingPlan, SharedPlan
from hearth.skills.rules import Feeling
from hearth.skills.testing import make_stay

DAYS, PLAN = reverse("skills:hard-days"), reverse("skills:plan")
SHARE, KEEP = reverse("skills:share-plan"), reverse("skills:keep-card")
WORDS = {"triggers": "Payday", "warning_signs": "I skip breakfast", "situations": "Sunday", "what_i_do": "Walk"}
ALMA = {"name": "Alma", "phone": "303-555-0142"}


@pytest.fixture(autouse=True)
def stay(maya, dana, now):
    return make_stay(maya, by=dana, at=now)


def plan_of(patient, at, *, version=0, **words):
    return coping_services.keep_plan(words=WORDS | words, people=[ALMA], version=version, by=patient.user, at=at)


def found(patient):
    days = coping_queries.hard_days(viewer=patient.user, patient=patient, language="en")
    return [(card.source, card.times, card.mean_eased) for card in days.found]


def test_what_helped_most_often_comes_first():
    times = [Time("tool:senses", "Senses", 1), Time("tool:breathing", "Breathe", 4), Time("tool:breathing", "B", None)]
    first, second = assemble(times)
    assert (first.source, first.words, first.times, first.mean_eased) == ("tool:breathing", "Breathe", 2, 4)
    assert second.which == "senses"


def test_the_plan_is_written_read_and_called_from(as_user, maya):
    client = as_user(maya.user)
    assert "Begin my plan" in client.get(DAYS).text
    form = WORDS | {"version": 0, "name_0": "Alma", "phone_0": "303-555-0142"}
    assert client.post(PLAN, form).status_code == 302
    page = client.get(DAYS).text
    assert 'href="tel:+13035550142"' in page
    assert "I skip breakfast" in page
    assert "I skip breakfast" in client.get(PLAN).text


def test_a_number_without_a_name_is_told_beside_its_field(as_user, maya):
    page = as_user(maya.user).post(PLAN, WORDS | {"version": 0, "phone_1": "303-555-0142"})
    assert page.status_code == 422
    assert "Whose number is this?" in page.text
    assert "I skip breakfast" in page.text


def test_what_is_no_one_number_leads_nowhere_and_is_told_where_it_looks_like_one(as_user, maya, dana, now):
    client, form = as_user(maya.user), WORDS | {"version": 0, "name_0": "Alma", "name_1": "Front desk"}
    form |= {"phone_0": "303 555 0142 or 720 555 0143", "phone_1": "ask at the desk"}
    page = client.post(PLAN, form)
    assert page.status_code == 422
    assert [*page.context["form"].errors] == ["phone_0"]
    assert client.post(PLAN, form | {"phone_0": "988"}).status_code == 302
    coping_services.share_plan(is_shared=True, by=maya.user, at=now)
    for shown in (client.get(DAYS).text, as_user(dana).get(reverse("skills:shared-plan", args=[maya.pk])).text):
        assert 'href="tel:988"' in shown
        assert "ask at the desk" in shown
        assert 'href="tel:ask' not in shown


def test_a_plan_changed_on_two_devices_shows_both_and_keeps_what_is_sent_then(as_user, maya, now):
    plan_of(maya, now)
    plan_of(maya, now, version=1, triggers="From the tablet")
    client = as_user(maya.user)
    page = client.post(PLAN, WORDS | {"version": 1, "triggers": "From the phone"})
    assert page.status_code == 422
    assert "From the tablet" in page.text
    assert "From the phone" in page.text
    assert 'name="version" value="2"' in page.text
    assert client.post(PLAN, WORDS | {"version": 2, "triggers": "Both"}).status_code == 302
    kept = coping_queries.own_plan(maya.user)
    assert kept is not None
    assert kept.triggers == "Both"


def test_the_same_plan_sent_twice_is_no_change_made_somewhere_else(as_user, maya):
    client, form = as_user(maya.user), WORDS | {"version": 0, "name_0": "Alma", "phone_0": "303-555-0142"}
    for _ in range(2):
        assert client.post(PLAN, form).status_code == 302
    for _ in range(2):
        assert client.post(PLAN, form | {"version": 1, "triggers": "Rain"}).status_code == 302
    kept = coping_queries.own_plan(maya.user)
    assert kept is not None
    assert (kept.version, kept.triggers) == (2, "Rain")


def test_what_was_typed_over_an_older_plan_is_not_put_into_a_newer_one(as_user, maya, now):
    client = as_user(maya.user)
    assert 'data-draft="coping-plan-0"' in client.get(PLAN).text
    plan_of(maya, now)
    assert 'data-draft="coping-plan-1"' in client.get(PLAN).text


def test_cards_come_together_from_tools_practice_and_fairer_thoughts(maya, now):
    own_services.keep_helped(tool="breathing", before=8, after=4, by=maya.user, at=now)
    for after in (3, 9):
        services.practise(patient=maya, lesson_id="ride-the-wave", before=5, after=after, by=maya.user, at=now)
    words = {"situation": "s", "thought": "t", "evidence_for": "", "evidence_against": "", "balanced": "He is busy"}
    record = thought_services.keep(
        patient=maya, words=words, feelings=[Feeling("Shame", 80, 45)], is_shared=False, by=maya.user, at=now
    )
    assert sorted(found(maya)) == [
        ("lesson:ride-the-wave", 1, 2),
        (f"thought:{record.pk}", 1, None),
        ("tool:breathing", 1, 4),
    ]


def test_a_lesson_is_kept_as_a_card_and_put_away_and_brought_back(as_user, maya):
    client, card = as_user(maya.user), {"source": "lesson:ride-the-wave"}
    client.post(KEEP, card)
    assert found(maya) == [("lesson:ride-the-wave", 1, None)]
    client.post(KEEP, card | {"away": "yes"})
    assert found(maya) == []
    assert "Cards you put away" in client.get(DAYS).text
    client.post(KEEP, card)
    assert len(found(maya)) == 1
    for unknown in ("lesson:unheard-of", "nothing", ""):
        assert client.post(KEEP, {"source": unknown}).status_code == 404


def test_a_card_put_away_and_brought_back_says_as_before_how_often_it_helped(as_user, maya, now):
    services.practise(patient=maya, lesson_id="ride-the-wave", before=5, after=3, by=maya.user, at=now)
    for more in ({"away": "yes"}, {}):
        as_user(maya.user).post(KEEP, {"source": "lesson:ride-the-wave"} | more)
    assert found(maya) == [("lesson:ride-the-wave", 1, 2)]


def test_a_card_in_own_words_is_written_once_and_deleted_by_its_writer_alone(as_user, maya, jonah):
    form = {"token": uuid4(), "words": "It goes like a wave"}
    for _ in range(2):
        assert as_user(maya.user).post(DAYS, form).status_code == 302
    (card,) = coping_queries.own_cards(maya.user)
    link = reverse("skills:delete-card", args=[card.pk])
    assert as_user(jonah.user).post(link).status_code == 403
    assert as_user(maya.user).post(link).status_code == 302
    assert coping_queries.own_cards(maya.user) == []


def test_nobody_else_finds_the_plan_or_a_card(maya, dana, now):
    plan_of(maya, now)
    coping_services.write_card(words="Mine", by=maya.user, at=now)
    assert (CopingPlan.objects.count(), Card.objects.count()) == (0, 0)
    with tenancy.rows_of(dana.pk):
        assert (CopingPlan.objects.count(), Card.objects.count()) == (0, 0)


def test_the_counselor_reads_what_is_shared_as_it_is_now_until_it_is_taken_back(as_user, maya, dana, theo, now):
    plan_of(maya, now)
    coping_services.write_card(words="It goes like a wave", by=maya.user, at=now)
    own_services.keep_helped(tool="breathing", by=maya.user, at=now)
    link = reverse("skills:shared-plan", args=[maya.pk])
    assert "Nothing is shared" in as_user(dana).get(link).text
    as_user(maya.user).post(SHARE, {"share": "yes"})
    plan_of(maya, now, version=1, triggers="The phone at night")
    page = as_user(dana).get(link).text
    assert "The phone at night" in page
    assert "It goes like a wave" in page
    assert "Breathe slowly" not in page
    assert Event.objects.filter(verb="coping_plan.read", patient_id=maya.pk, actor_id=dana.pk).exists()
    assert link in as_user(dana).get(reverse("web:chart", args=[maya.pk])).text
    assert as_user(theo).get(link).status_code == 403
    as_user(maya.user).post(SHARE, {"share": "no"})
    assert not SharedPlan.objects.exists()
    assert "The phone at night" not in as_user(dana).get(link).text
    assert link not in as_user(dana).get(reverse("web:chart", args=[maya.pk])).text


def test_a_shared_plan_is_for_those_who_care_for_its_student(as_user, maya, ines, walt, now):
    plan_of(maya, now)
    coping_services.share_plan(is_shared=True, by=maya.user, at=now)
    link = reverse("skills:shared-plan", args=[maya.pk])
    for other in (ines, walt, maya.user):
        assert as_user(other).get(link).status_code == 403


def test_the_copy_for_the_phone_holds_the_plan_and_nothing_to_send(as_user, maya, now):
    plan_of(maya, now)
    page = as_user(maya.user).get(f"{DAYS}?kept=yes").text
    assert "I skip breakfast" in page
    assert f'action="{SHARE}"' not in page
    assert "Dana" not in page


def test_many_cards_ask_no_more_queries_than_few(as_user, maya, now):
    counts, client = [], as_user(maya.user)
    plan_of(maya, now)
    for many in (1, 8):
        for n in range(many):
            coping_services.write_card(words=f"Card {many} {n}", by=maya.user, at=now)
            own_services.keep_helped(tool="senses", by=maya.user, at=now)
        client.get(DAYS)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(DAYS).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
