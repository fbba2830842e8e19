"""My people: the student's alone unless shared, drawn and told alike, and brought into plans by their own tap."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.people.models import CareTeamMember
from hearth.safety.plan_queries import newest_plan
from hearth.safety.plan_rules import Helper, Sections
from hearth.skills import map_queries, map_services, support_map
from hearth.skills.models import MapEntry, SharedMap
from hearth.skills.support_map import Effect, Entry, Kind, Knows, Ring, into_sections, into_words, picture
from hearth.skills.testing import make_stay

PEOPLE, NEW, SHARE = (reverse(f"skills:{name}") for name in ("people", "put-on-map", "share-map"))
INTO = reverse("skills:people-into-safety-plan")
ALMA: dict[str, Any] = {
    "name": "Alma",
    "kind": "friend",
    "ring": 1,
    "effect": "easier",
    "knows": "yes",
    "note": "Walks with me",
}
REX = ALMA | {"name": "Rex", "kind": "pet", "note": ""}
COUSIN = ALMA | {"name": "Nico", "kind": "family", "ring": 3, "effect": "harder", "knows": "no", "note": "He sells"}


@pytest.fixture(autouse=True)
def stay(maya, dana, now):
    return make_stay(maya, by=dana, at=now)


def put(patient, at, **said):
    return map_services.put(by=patient.user, at=at, **ALMA | said)


entries = st.lists(
    st.builds(
        Entry,
        st.text(min_size=1, max_size=60),
        st.sampled_from(list(Kind)),
        st.sampled_from(list(Ring)),
        st.sampled_from(list(Knows)),
        st.sampled_from(list(Effect)),
    ),
    max_size=support_map.MOST,
)


@given(entries)
def test_everybody_is_drawn_once_inside_the_picture_and_stands_in_the_list_by_the_same_number(some):
    drawn = picture(some)
    assert [dot.number for dot in drawn.dots] == list(range(1, len(some) + 1))
    assert all(0 < place < drawn.size for dot in drawn.dots for place in (dot.x, dot.y))
    assert len({(dot.x, dot.y) for dot in drawn.dots}) == len(some)
    assert [dot for _name, there in drawn.rings for dot in there] == list(drawn.dots)


def test_a_full_ring_shows_numbers_alone_and_a_long_name_is_cut():
    few = picture([Entry("Bartholomew-James", "friend", 1, "yes", "easier")])
    assert few.dots[0].label == "Bartholomew-J…"
    many = picture([Entry(f"P{n}", "friend", 1, "yes", "easier") for n in range(6)])
    assert {dot.label for dot in many.dots} == {""}


def test_a_safety_plan_takes_people_over_by_what_they_are_and_stays_short():
    alma, rex, doctor = (Entry(name, kind, 1, "yes", "easier") for name, kind in
                         (("Alma", "friend"), ("Rex", "pet"), ("Dr. Lee", "professional")))  # fmt: skip
    before = Sections(signs="I go quiet", helpers=(Helper("alma", "303 555 0142"),), places="The library")
    after, left = into_sections(before, [alma, rex, doctor])
    assert (after.helpers, after.signs, left) == (before.helpers, "I go quiet", [])
    assert (after.places, after.professionals) == ("The library\nRex", (Helper("Dr. Lee"),))
    crowd = [replace(alma, name=f"P{n}") for n in range(5)]
    full, left = into_sections(before, crowd)
    assert ([one.name for one in full.helpers], left) == (["alma", "P0", "P1", "P2"], ["P3", "P4"])


def test_people_join_somebodys_own_words_once():
    alma = Entry("Alma", "friend", 1, "yes", "easier")
    assert into_words("Call alma first.", [alma]) == "Call alma first."
    assert into_words("Robin", [alma]) == "Robin\nAlma"
    assert into_words("Robin", [replace(alma, name="Rob")]) == "Robin\nRob"
    assert into_words("", [alma]) == "Alma"


def test_a_student_puts_people_on_changes_and_takes_them_off_without_script(as_user, maya):
    client = as_user(maya.user)
    assert "You are in the middle" in client.get(PEOPLE).text
    assert client.post(NEW, {}).status_code == 422
    for said in (ALMA, COUSIN):
        assert client.post(NEW, said | {"token": uuid4()}).status_code == 302
    page = client.get(PEOPLE).text
    assert page.index("Very close") < page.index("Further away")
    for words in ("Alma", "Walks with me", "Makes it harder", "Does not know"):
        assert words in page
    assert '<rect class="dot harder"' in page
    alma, nico = map_queries.own_rows(maya.user)
    link = reverse("skills:map-entry", args=[nico.pk])
    assert "He sells" in client.get(link).text
    client.post(link, COUSIN | {"token": uuid4(), "name": "Nico B.", "ring": 2})
    assert "Nico B." in client.get(PEOPLE).text
    client.post(reverse("skills:take-off-map", args=[alma.pk]))
    assert "Alma" not in client.get(PEOPLE).context["drawn"].rings[0][1][0].entry.name


def test_what_was_filled_in_wrongly_stays_in_the_form(as_user, maya):
    page = as_user(maya.user).post(NEW, ALMA | {"token": uuid4(), "ring": 9})
    assert page.status_code == 422
    assert "Walks with me" in page.text


def test_two_taps_put_somebody_on_once_and_a_full_map_says_so(as_user, maya, now):
    client, token = as_user(maya.user), uuid4()
    for _ in range(2):
        assert client.post(NEW, ALMA | {"token": token}).status_code == 302
    assert len(map_queries.own_rows(maya.user)) == 1
    for number in range(support_map.MOST - 1):
        put(maya, now, name=f"P{number}")
    assert client.post(NEW, ALMA | {"token": token}).status_code == 302
    full = client.post(NEW, ALMA | {"token": uuid4(), "name": "One more"})
    assert full.status_code == 422
    assert "Your map is full." in full.text


def test_the_database_shows_the_map_to_nobody_else(maya, now):
    put(maya, now)
    assert MapEntry.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM skills_mapentry")
        assert cursor.fetchone()[0] == 0


def test_nobody_else_reads_changes_or_takes_off_what_is_on_it(as_user, maya, jonah, dana, now):
    row = put(maya, now)
    make_stay(jonah, by=dana, at=now)
    client = as_user(jonah.user)
    for name in ("map-entry", "take-off-map"):
        assert client.post(reverse(f"skills:{name}", args=[row.pk]), COUSIN).status_code == 403
    assert client.get(reverse("skills:map-entry", args=[row.pk])).status_code == 403
    assert as_user(dana).get(PEOPLE).status_code == 403
    assert map_queries.own_rows(maya.user)[0].name == "Alma"


def test_the_care_team_sees_it_only_while_it_is_shared_and_as_it_becomes(as_user, maya, dana, now):
    row = put(maya, now)
    theirs = reverse("skills:shared-map", args=[maya.pk])
    chart = reverse("skills:of-patient", args=[maya.pk])
    assert "Walks with me" not in as_user(dana).get(theirs).text
    assert theirs not in as_user(dana).get(chart).text
    as_user(maya.user).post(SHARE, {"share": "yes"})
    put(maya, now, **COUSIN)
    page = as_user(dana).get(theirs).text
    assert "Walks with me" in page
    assert "He sells" in page
    assert str(row.pk) not in page
    assert theirs in as_user(dana).get(chart).text
    as_user(maya.user).post(SHARE, {"share": "no"})
    assert "Walks with me" not in as_user(dana).get(theirs).text
    assert not SharedMap.objects.exists()


def test_a_colleague_without_the_chart_and_a_stranger_never_see_it(as_user, maya, theo, jonah, priya, now):
    put(maya, now)
    map_services.share(is_shared=True, by=maya.user, at=now)
    for who in (theo, jonah.user, priya):
        assert as_user(who).get(reverse("skills:shared-map", args=[maya.pk])).status_code == 403


def test_the_record_tells_that_it_was_shared_and_never_who_is_on_it(maya, now):
    put(maya, now)
    map_services.share(is_shared=True, by=maya.user, at=now)
    put(maya, now, **COUSIN)
    map_services.share(is_shared=False, by=maya.user, at=now)
    told = list(
        Event.objects.filter(verb__startswith="skills.").order_by("at", "pk").values_list("verb", "detail", "reason")
    )
    assert {verb for verb, *_ in told} == {
        "skills.own_kept", "skills.map_shared", "skills.map_changed", "skills.map_closed",
    }  # fmt: skip
    assert "Nico" not in str(told)


def test_the_student_brings_whom_they_choose_into_their_safety_plan(as_user, maya, now):
    alma, rex = put(maya, now), put(maya, now, **REX)
    put(maya, now, **COUSIN)
    client = as_user(maya.user)
    form = client.get(INTO)
    assert "Nico" not in form.text
    assert newest_plan(maya) is None
    assert client.post(INTO, {}).status_code == 422
    kept = client.post(INTO, {"chosen": [alma.pk, rex.pk]}, follow=True)
    assert "Add their numbers below." in kept.text
    plan = newest_plan(maya)
    assert plan is not None
    assert plan.sections == Sections(places="Rex", helpers=(Helper("Alma"),))
    assert "Walks with me" not in str(plan.body)


def test_somebody_elses_row_is_no_choice(as_user, maya, jonah, dana, now):
    make_stay(jonah, by=dana, at=now)
    theirs = put(jonah, now, name="Jo’s friend")
    put(maya, now)
    assert as_user(maya.user).post(INTO, {"chosen": [theirs.pk]}).status_code == 422
    assert newest_plan(maya) is None


def test_the_map_asks_the_database_as_often_for_many_as_for_one(as_user, maya, dana, now, count_queries):
    put(maya, now)
    client = as_user(maya.user)
    few = count_queries(client, PEOPLE)
    for number in range(12):
        put(maya, now, name=f"P{number}", ring=1 + number % 3)
    assert count_queries(client, PEOPLE) == few


def test_a_peer_on_the_team_sees_a_shared_map(as_user, maya, now, organisation):
    peer = make_user("Sam Ode", Role.PEER, organisation=organisation)
    CareTeamMember.objects.create(patient=maya, member=peer, role=Role.PEER, since=now.date())
    put(maya, now)
    map_services.share(is_shared=True, by=maya.user, at=now)
    assert "Alma" in as_user(peer).get(reverse("skills:shared-map", args=[maya.pk])).text
