"""What students share of their tools is read for danger when it becomes readable; what is theirs alone never is."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from hearth.lib import kept
from hearth.safety.models import Concern
from hearth.safety.services import read_own_words
from hearth.skills import coping_services, map_services, services, sheet_services, thought_services
from hearth.skills.models import ThoughtRecord
from hearth.skills.sheet_kinds import kinds
from hearth.skills.testing import make_stay

DIRE = "I am going to kill myself tonight"
HELP = "You do not have to carry this alone"
THOUGHTS = reverse("skills:thoughts")
PLAIN = {
    "situation": "Late bus",
    "thought": "They forgot me",
    "evidence_for": "",
    "evidence_against": "",
    "balanced": "",
}
PLAN = {"triggers": "", "warning_signs": "", "situations": "", "what_i_do": ""}
ALMA: dict[str, Any] = {"name": "Alma", "kind": "friend", "ring": 1, "effect": "easier", "knows": "yes"}


@pytest.fixture(autouse=True)
def stay(maya, dana, now):
    return make_stay(maya, by=dana, at=now)


def practise(patient, at, *, shared):
    services.practise(
        patient=patient, lesson_id="ride-the-wave", note=DIRE, is_shared=shared, by=patient.user, at=at
    )  # fmt: skip


def think(patient, at, *, shared, **words):
    said = PLAIN | {"thought": DIRE} | words
    return thought_services.keep(
        patient=patient, words=said, feelings=[], is_shared=shared, by=patient.user, at=at
    )  # fmt: skip


def fill_in(patient, at, *, shared):
    row = sheet_services.begin(kind=kinds()["ladder"], answers={"aim": "Bus"}, by=patient.user, at=at)
    if shared:
        sheet_services.share(pk=row.pk, is_shared=True, by=patient.user, at=at)
    steps = {"aim": "Bus", "steps": [{"what": DIRE}]}
    sheet_services.go_on(pk=row.pk, kind=kinds()["ladder"], answers=steps, version=1, by=patient.user, at=at)


def plan(patient, at, *, shared):
    if shared:
        coping_services.share_plan(is_shared=True, by=patient.user, at=at)
    words = PLAN | {"warning_signs": DIRE}
    coping_services.keep_plan(words=words, people=[], version=0, by=patient.user, at=at)


def write_card(patient, at, *, shared):
    if shared:
        coping_services.share_plan(is_shared=True, by=patient.user, at=at)
    coping_services.write_card(words=DIRE, by=patient.user, at=at)


def draw(patient, at, *, shared):
    if shared:
        map_services.share(is_shared=True, by=patient.user, at=at)
    map_services.put(by=patient.user, at=at, **ALMA, note=DIRE)


DOORS = [practise, think, fill_in, plan, write_card, draw]


@pytest.mark.parametrize("door", DOORS)
def test_shared_words_of_danger_are_a_concern_that_quotes_nothing(door, maya, now):
    door(maya, now, shared=True)
    (concern,) = Concern.objects.all()
    assert (concern.patient, concern.severity, concern.raised_by) == (maya, "emergency", maya.user)
    assert DIRE not in concern.summary
    assert "under Skills" in concern.told


@pytest.mark.parametrize("door", DOORS)
def test_what_is_theirs_alone_is_not_read(door, maya, now):
    door(maya, now, shared=False)
    assert not Concern.objects.exists()


def test_what_becomes_shared_is_read_then(maya, now):
    record = think(maya, now, shared=False)
    sheet = sheet_services.begin(kind=kinds()["ladder"], answers={"aim": DIRE}, by=maya.user, at=now)
    plan(maya, now, shared=False)
    draw(maya, now, shared=False)
    assert not Concern.objects.exists()
    thought_services.share(record=record, is_shared=True, by=maya.user, at=now)
    sheet_services.share(pk=sheet.pk, is_shared=True, by=maya.user, at=now)
    coping_services.share_plan(is_shared=True, by=maya.user, at=now)
    map_services.share(is_shared=True, by=maya.user, at=now)
    kinds_found = Concern.objects.values_list("source_kind", flat=True)
    assert sorted(kinds_found) == [
        "skills.coping_plan", "skills.sheet", "skills.support_map", "skills.thought_record"
    ]  # fmt: skip


def test_words_that_stay_ring_once_new_ones_ring_again_and_a_concern_dealt_with_hides_no_other(maya, dana, now):
    record = think(maya, now, shared=True)
    for shared in (False, True):
        thought_services.share(record=record, is_shared=shared, by=maya.user, at=now)
    change = {"record": record, "feelings": [], "is_shared": True, "by": maya.user, "at": now}
    thought_services.change(words=PLAIN | {"thought": DIRE, "balanced": "Soup"}, version=3, **change)
    assert Concern.objects.count() == 1
    Concern.objects.update(resolved_at=now, resolved_by=dana, action="Spoke with her")
    thought_services.change(words=PLAIN | {"thought": DIRE, "balanced": "Tea"}, version=4, **change)
    assert Concern.objects.count() == 1
    thought_services.change(words=PLAIN, version=5, **change)
    thought_services.change(words=PLAIN | {"thought": DIRE}, version=6, **change)
    assert Concern.objects.open().count() == 1
    assert Concern.objects.count() == 2
    thought_services.change(words=PLAIN | {"thought": DIRE, "balanced": "I want to die"}, version=7, **change)
    assert Concern.objects.count() == 3


@pytest.mark.parametrize(
    ("door", "share"), [(plan, coping_services.share_plan), (draw, map_services.share)], ids=["plan", "map"]
)
def test_what_is_shared_no_longer_and_then_again_rings_once_and_a_change_of_it_anew(door, share, maya, now):
    door(maya, now, shared=True)
    for is_shared in (False, True):
        share(is_shared=is_shared, by=maya.user, at=now)
    assert Concern.objects.count() == 1
    share(is_shared=False, by=maya.user, at=now)
    coping_services.write_card(words="I want to die", by=maya.user, at=now)
    map_services.put(by=maya.user, at=now, **ALMA, note="I want to die")
    share(is_shared=True, by=maya.user, at=now)
    assert Concern.objects.count() == 2


def test_what_staff_write_is_not_read(maya, dana, now):
    read_own_words(patient=maya, kind="plan.goal", row=uuid4(), where="", words=DIRE, by=dana, at=now)
    assert not Concern.objects.exists()


def test_help_is_on_the_next_page_once_and_only_then(as_user, maya):
    client = as_user(maya.user)
    form = PLAIN | {"thought": DIRE, "feeling_0": "Shame", "before_0": "80"}
    assert HELP not in client.post(reverse("skills:new-thought"), form, follow=True).text
    record = ThoughtRecord.objects.get()
    assert client.post(reverse("skills:share-thought", args=[record.pk]), {"share": "yes"}).status_code == 302
    assert HELP not in client.get(f"{THOUGHTS}?kept").text
    page = client.get(THOUGHTS).text
    assert HELP in page
    assert page.index(HELP) < page.index("<h1")
    assert HELP not in client.get(THOUGHTS).text


def test_what_comes_late_says_both_times_and_help_waits_for_the_page(as_user, maya):
    client, earlier = as_user(maya.user), timezone.now() - timedelta(hours=5)
    fields = {"note": DIRE, "is_shared": "on"}
    late = {"key": str(uuid4()), "what": "practice.ride-the-wave", "fields": fields, "skew": 0}
    body = json.dumps(
        {"owner": kept.owner_of(maya.user.pk), "items": [late | {"at": earlier.timestamp() * 1000}]}
    )  # fmt: skip
    for _ in range(2):
        assert client.post(reverse("skills:queued"), body, content_type="application/json").status_code == 200
    assert " → " in Concern.objects.get().summary
    assert HELP in client.get(THOUGHTS).text
