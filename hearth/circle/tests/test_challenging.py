"""What a circle does together: everyone ticks their own days, and one number is shown for all."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.circle import rules, services
from hearth.circle.challenging import challenges_for, lessons_to_do
from hearth.circle.models import Challenge, ChallengeDay, ChallengePlace
from hearth.circle.places import own_membership
from hearth.circle.testing import make_member
from hearth.people.testing import make_patient
from hearth.program.testing import make_program

HOME = reverse("circle:home")
WALK = "One small walk each day this week"
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def at_noon(time_machine, noon):
    time_machine.move_to(noon, tick=False)


@pytest.fixture
def walk(circle, sam, noon):
    return services.start_challenge(
        circle=circle, words=WALK, lesson="", starts_on=MONDAY, ends_on=MONDAY + timedelta(days=6), by=sam, at=noon
    )


def do(patient, challenge, *days, at):
    services.take_part(challenge=challenge.pk, by=patient.user, at=at)
    for day in days:
        services.tick(challenge=challenge.pk, day=day, done=True, today=at.date(), by=patient.user, at=at)


def seen_by(patient, at):
    place = own_membership(viewer=patient.user, at=at)
    assert place is not None
    return challenges_for(place, today=at.date(), language="en")[0]


def test_members_tick_their_own_days_and_the_number_comes_once_three_did_it(circle, walk, maya, jonah, dana, noon):
    grace = make_patient("Grace", "Test", at=noon)
    make_member(grace, by=dana, at=noon)
    tuesday = MONDAY + timedelta(days=1)
    do(maya, walk, MONDAY, tuesday, at=noon)
    do(jonah, walk, MONDAY, at=noon)
    do(grace, walk, at=noon)
    assert seen_by(maya, noon).times is None
    do(grace, walk, tuesday, at=noon)
    assert seen_by(maya, noon).times == seen_by(grace, noon).times == 4
    assert [one.is_done for one in seen_by(maya, noon).days] == [True, True]
    assert [one.is_done for one in seen_by(jonah, noon).days] == [True, False]


def test_a_tick_can_be_taken_away_and_whoever_stops_takes_their_days_along(walk, maya, noon):
    do(maya, walk, MONDAY, MONDAY, at=noon)
    assert ChallengeDay.objects.count() == 1
    services.tick(challenge=walk.pk, day=MONDAY, done=False, today=noon.date(), by=maya.user, at=noon)
    assert not ChallengeDay.objects.exists()
    do(maya, walk, MONDAY, at=noon)
    services.stop_taking_part(challenge=walk.pk, by=maya.user, at=noon)
    services.stop_taking_part(challenge=walk.pk, by=maya.user, at=noon)
    assert not ChallengePlace.objects.exists()


@pytest.mark.parametrize(
    ("day", "today", "is_open"),
    [
        (MONDAY, MONDAY, True),
        (MONDAY, MONDAY + timedelta(days=8), True),
        (MONDAY, MONDAY + timedelta(days=9), False),
        (MONDAY + timedelta(days=1), MONDAY, False),
        (MONDAY - timedelta(days=1), MONDAY, False),
        (MONDAY + timedelta(days=7), MONDAY + timedelta(days=8), False),
    ],
)
def test_which_days_can_be_ticked(day, today, is_open):
    assert rules.is_ticked_on(day, starts_on=MONDAY, ends_on=MONDAY + timedelta(days=6), today=today) is is_open


def test_a_day_to_come_is_refused(walk, maya, noon):
    with pytest.raises(PermissionDenied):
        do(maya, walk, MONDAY + timedelta(days=3), at=noon)


def test_who_takes_part_stands_in_no_chart(walk, maya, noon):
    do(maya, walk, MONDAY, at=noon)
    verbs = ("circle.challenge_joined", "circle.challenge_ticked")
    rows = Event.objects.filter(verb__in=verbs)
    assert {(row.subject_id, row.patient_id) for row in rows} == {(maya.user.pk, None)}


def test_a_host_starts_one_of_the_curriculum_and_ends_it_and_sees_nobodys_days(circle, sam, maya, as_user, noon):
    lesson = lessons_to_do(circle, language="en")[0]
    page = reverse("circle:challenges", args=[circle.pk])
    browser = as_user(sam)
    data = {"words": "", "lesson": lesson.lesson, "starts_on": "2026-11-24", "ends_on": "2026-11-30"}
    assert lesson.title in browser.post(page, data, follow=True).text.replace("&#x27;", "'")
    row = Challenge.objects.get()
    do(maya, row, noon.date(), at=noon)
    seen = as_user(sam).get(page).text
    assert "Maya" not in seen
    assert "A number appears once three people did it" in seen
    as_user(sam).post(page, {"end": row.pk})
    assert lesson.title not in as_user(maya.user).get(HOME).text.replace("&#x27;", "'")


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": " "},
        {"ends_on": "2026-11-23"},
        {"ends_on": "2026-12-25"},
        {"lesson": "no-such-lesson"},
    ],
)
def test_a_form_with_nothing_to_do_or_other_days_comes_back(circle, sam, as_user, wrong):
    data = {"words": WALK, "lesson": "", "starts_on": "2026-11-24", "ends_on": "2026-11-30"} | wrong
    assert as_user(sam).post(reverse("circle:challenges", args=[circle.pk]), data).status_code == 422
    assert not Challenge.objects.exists()


def test_a_member_takes_part_on_the_page(walk, maya, as_user):
    browser = as_user(maya.user)
    assert WALK in browser.get(HOME).text
    browser.post(reverse("circle:take-part", args=[walk.pk]), {"say": "yes"})
    browser.post(reverse("circle:tick", args=[walk.pk]), {"done": "2026-11-24"})
    assert 'name="undone" value="2026-11-24" aria-pressed="true"' in browser.get(HOME).text
    assert browser.post(reverse("circle:tick", args=[walk.pk]), {"done": "tomorrow"}).status_code == 403
    browser.post(reverse("circle:take-part", args=[walk.pk]), {"say": "no"})
    assert "I take part" in browser.get(HOME).text


@pytest.mark.parametrize("viewer", ["other_circle", "alumnus", "host", "other_facilitator", "stranger"])
def test_nobody_but_members_takes_part_and_nobody_but_hosts_starts(
    circle, walk, viewer, dana, ruth, sam, as_user, client, noon, organisation, alumni_member
):
    omar = make_patient("Omar", "Test", at=noon)
    make_member(omar, by=dana, at=noon, program=make_program(name="Adult day", pack="adult-day"))
    users = {
        "other_circle": omar.user, "alumnus": alumni_member.patient.user, "host": sam, "stranger": None,
        "other_facilitator": make_user("Noor Other", Role.PEER, organisation=organisation),
    }  # fmt: skip
    browser = as_user(users[viewer]) if users[viewer] else client
    browser.post(reverse("circle:take-part", args=[walk.pk]), {"say": "yes"})
    assert not ChallengePlace.objects.exists()
    page = reverse("circle:challenges", args=[circle.pk])
    assert (browser.get(page).status_code == 200) == (viewer == "host")


def test_the_home_page_asks_as_often_for_many_challenges_as_for_one(
    circle, walk, maya, sam, as_user, count_queries, noon
):
    do(maya, walk, MONDAY, at=noon)
    browser = as_user(maya.user)
    asked = count_queries(browser, HOME)
    for number in range(4):
        row = services.start_challenge(
            circle=circle, words=f"Number {number}", lesson="", starts_on=MONDAY, ends_on=MONDAY + timedelta(days=6),
            by=sam, at=noon,
        )  # fmt: skip
        do(maya, row, MONDAY, at=noon)
    assert count_queries(browser, HOME) == asked
