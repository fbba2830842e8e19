"""Contact between alumni opens where both would like it, and nothing else is ever told to anybody."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission.services import end_episode
from hearth.admission.testing import make_episode
from hearth.audit.models import Event
from hearth.circle import choosing, places, rules, services
from hearth.circle.models import Choice, Circle, ContactWay, Membership
from hearth.circle.testing import make_alumnus, make_member, make_post
from hearth.outbox.models import Message
from hearth.outbox.queries import push_devices_of
from hearth.outbox.services import allow_push
from hearth.people.testing import make_patient
from hearth.program.testing import make_program
from hearth.safety.models import Concern
from hearth.timetable.models import KeepApart

HOME, ALUMNI, IN_TOUCH = (reverse(f"circle:{name}") for name in ("home", "alumni", "in-touch"))
MAYAS_WAY, JONAHS_WAY = "970 555 0119, evenings", "jonah at post.example"


@pytest.fixture(autouse=True)
def at_noon(time_machine, noon):
    time_machine.move_to(noon, tick=False)


def say(by, whom, at):
    return services.choose(whom=whom.pk, by=by.patient.user, at=at)


def seen_by(place, at):
    return {one.place.pk: one for one in choosing.in_touch(viewer=place.patient.user, at=at).people}


def own_place(patient, at):
    found = places.own_membership(viewer=patient.user, at=at)
    assert found is not None
    return found


@pytest.fixture
def matched(alumni, noon):
    maya, jonah = alumni
    say(maya, jonah, noon)
    say(jonah, maya, noon)
    return alumni


def test_contact_opens_only_where_both_said_so(alumni, noon):
    maya, jonah = alumni
    assert say(maya, jonah, noon) is False
    assert seen_by(maya, noon)[jonah.pk].way == seen_by(jonah, noon)[maya.pk].way == ""
    assert say(jonah, maya, noon) is True
    assert seen_by(maya, noon)[jonah.pk].way == JONAHS_WAY
    assert seen_by(jonah, noon)[maya.pk].way == MAYAS_WAY


def test_a_changed_way_is_what_the_other_reads_and_an_emptied_one_closes(matched, noon):
    maya, jonah = matched
    services.keep_way(words="call my sister", by=maya.patient.user, at=noon)
    assert seen_by(jonah, noon)[maya.pk].way == "call my sister"
    services.keep_way(words=" ", by=maya.patient.user, at=noon)
    assert seen_by(jonah, noon)[maya.pk].way == seen_by(maya, noon)[jonah.pk].way == ""


@pytest.mark.parametrize("who", [0, 1])
def test_withdrawal_ends_it_at_once_for_both_and_tells_nobody(matched, noon, who):
    before = Message.objects.count()
    services.withdraw(whom=matched[1 - who].pk, by=matched[who].patient.user, at=noon)
    maya, jonah = matched
    assert seen_by(maya, noon)[jonah.pk].way == seen_by(jonah, noon)[maya.pk].way == ""
    assert Message.objects.count() == before


def test_everything_can_be_taken_back_also_of_those_who_are_there_no_more(matched, noon):
    maya, jonah = matched
    services.leave_alumni(by=jonah.patient.user, at=noon)
    assert Choice.objects.count() == 1
    services.withdraw_all(by=maya.patient.user, at=noon)
    assert not Choice.objects.exists()
    assert choosing.in_touch(viewer=maya.patient.user, at=noon).own_way == ""


def test_the_first_to_choose_gets_one_plain_mail_however_often_the_other_changes_their_mind(alumni, noon):
    maya, jonah = alumni
    say(maya, jonah, noon)
    assert not Message.objects.exists()
    for _time in range(2):
        say(jonah, maya, noon)
        services.withdraw(whom=maya.pk, by=jonah.patient.user, at=noon)
    mail = Message.objects.get()
    assert mail.to == maya.patient.user.email
    assert "Jonah" not in mail.subject + mail.body
    assert not Choice.objects.filter(mark__contains=mail.key.split("/")[1]).exists()


def test_a_device_that_may_show_it_says_without_a_word_of_what_that_something_waits(alumni, noon):
    maya, jonah = alumni
    for one, place in enumerate(alumni):
        address = f"https://updates.push.services.mozilla.com/wpush/v2/{one}"
        allow_push(person=place.patient.user_id, endpoint=address, zone="UTC", at=noon)
    say(maya, jonah, noon)
    assert not Message.objects.exists()
    say(jonah, maya, noon)
    notice = Message.objects.get(channel=Message.Channel.PUSH)
    assert notice.to == str(push_devices_of(maya.patient.user_id).get().pk)
    assert notice.body == "Something waits for you"
    assert not Choice.objects.filter(mark__in=notice.key.replace("/", " ").split()).exists()


def test_whoever_was_chosen_sees_the_very_same_page_with_the_same_number_of_questions(
    alumni, as_user, count_queries, noon
):
    maya, jonah = alumni
    browser = as_user(jonah.patient.user)
    before, asked = page_of(browser), count_queries(browser, IN_TOUCH)
    say(maya, jonah, noon)
    assert page_of(browser) == before
    assert count_queries(browser, IN_TOUCH) == asked


def page_of(browser):
    """A page without what is new each time: tokens and nonces."""
    text = browser.get(IN_TOUCH).text
    return [line for line in text.splitlines() if "csrf" not in line.lower() and "nonce" not in line]


def test_the_page_asks_the_database_as_often_for_many_as_for_few(alumni, ruth, as_user, count_queries, noon, evening):
    browser = as_user(alumni[0].patient.user)
    asked = count_queries(browser, IN_TOUCH)
    for number in range(5):
        one = make_patient(f"Ana{number}", "Test", at=noon)
        place = make_alumnus(one, by=ruth, at=noon, way="by post", program=evening)
        say(place, alumni[0], noon)
        say(alumni[0], place, noon)
    assert count_queries(browser, IN_TOUCH) == asked


def test_the_table_of_choices_names_nobody_and_has_no_time(matched):
    maya, jonah = matched
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM circle_choice c")
        rows = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT encode(sealed, 'escape') FROM circle_contactway")
        ways = " ".join(row[0] for row in cursor.fetchall())
    for one in (maya, jonah):
        for pk in (one.pk, one.patient_id, one.patient.user_id):
            assert str(pk) not in rows
    assert "0119" not in ways
    assert {field.name for field in Choice._meta.fields} == {"id", "organisation", "mark"}


def test_the_record_says_the_same_of_every_step_and_nothing_in_any_chart(alumni, noon):
    maya, jonah = alumni
    before = set(Event.objects.values_list("pk", flat=True))
    say(maya, jonah, noon)
    services.withdraw(whom=jonah.pk, by=maya.patient.user, at=noon)
    services.keep_way(words="by post", by=maya.patient.user, at=noon)
    events = Event.objects.exclude(pk__in=before)
    rows = list(events.values_list("verb", "actor_id", "subject_kind", "subject_id", "patient_id", "reason", "detail"))
    user = maya.patient.user_id
    assert rows == [("circle.own_contact_kept", user, "accounts.user", user, None, "", {})] * 3


def test_whoever_is_kept_apart_neither_finds_nor_is_shown_the_other(matched, ruth, noon):
    maya, jonah = matched
    KeepApart.objects.create(patient=jonah.patient, other=maya.patient, reason="…", entered_by=ruth, entered_at=noon)
    assert jonah.pk not in seen_by(maya, noon)
    assert maya.pk not in seen_by(jonah, noon)
    with pytest.raises(PermissionDenied):
        say(maya, jonah, noon)


def test_whoever_comes_back_to_the_program_is_under_its_rule_again_until_they_complete_it(
    matched, ruth, as_user, noon, evening
):
    maya, jonah = matched
    stay = make_episode(maya.patient, by=ruth, at=noon, admitted_at=noon, program=evening)
    services.join(episode=stay, at=noon)
    assert maya.pk not in seen_by(jonah, noon)
    browser = as_user(maya.patient.user)
    assert browser.get(IN_TOUCH).status_code == 403
    assert browser.post(ALUMNI).status_code == 403
    assert not own_place(maya.patient, noon).circle.is_alumni
    end_episode(episode=stay, reason="completed", on=noon.date(), by=ruth, at=noon)
    assert maya.pk not in seen_by(jonah, noon)
    again = services.join_alumni(by=maya.patient.user, at=noon)
    assert again.circle == maya.circle
    assert seen_by(jonah, noon)[again.pk].way == ""
    services.keep_way(words="by post", by=maya.patient.user, at=noon)
    assert seen_by(jonah, noon)[again.pk].way == "by post"
    services.withdraw_all(by=maya.patient.user, at=noon)
    assert not ContactWay.objects.filter(membership__patient=maya.patient).exists()


@pytest.mark.parametrize("how", ["left", "closed", "died", "another stay that was not completed"])
def test_whoever_is_gone_never_matches(matched, ruth, noon, how):
    maya, jonah = matched
    patient = maya.patient
    if how == "left":
        services.leave_alumni(by=patient.user, at=noon)
    elif how == "closed":
        type(patient.user).objects.filter(pk=patient.user_id).update(is_active=False)
    elif how == "died":
        type(patient).objects.filter(pk=patient.pk).update(has_died=True)
    else:
        stay = make_episode(patient, by=ruth, at=noon, admitted_at=noon)
        end_episode(episode=stay, reason="left", on=noon.date(), by=ruth, at=noon)
    assert maya.pk not in seen_by(jonah, noon)


def test_adolescents_leave_their_alumni_on_the_day_they_are_grown_and_adults_are_never_there(ruth, as_user, noon):
    teens = make_program(name="After school", pack="adolescent-after-school", population="adolescent")
    born = noon.date().replace(year=noon.year - 18)
    lee = make_patient("Lee", "Test", at=noon, birth_date=born.replace(day=born.day + 1))
    place = make_alumnus(lee, by=ruth, at=noon, program=teens, track="mental-health")
    assert place.circle.population == "adolescent"
    type(lee).objects.filter(pk=lee.pk).update(birth_date=born)
    assert not Membership.objects.of_alumni(noon).exists()
    browser = as_user(lee.user)
    assert browser.get(IN_TOUCH).status_code == 403
    assert browser.post(ALUMNI).status_code == 403
    assert "not open to you now" in browser.get(ALUMNI).text


@pytest.mark.parametrize(
    ("day", "last"), [(date(2026, 11, 24), date(2008, 11, 24)), (date(2028, 2, 29), date(2010, 2, 28))]
)
def test_the_last_birth_date_of_the_grown(day, last):
    assert rules.born_by(day, 18) == last
    assert rules.fits("adult", born=last, on=day)
    assert not rules.fits("adolescent", born=last, on=day)


def test_nobody_chooses_more_than_a_few(alumni, ruth, as_user, noon, evening, monkeypatch):
    monkeypatch.setattr(rules, "MOST_CHOICES", 1)
    maya, jonah = alumni
    ana = make_alumnus(make_patient("Ana", "Test", at=noon), by=ruth, at=noon, program=evening)
    say(maya, jonah, noon)
    page = as_user(maya.patient.user).post(reverse("circle:choose", args=[ana.pk]), {"say": "yes"}, follow=True)
    assert "Take one back first" in page.text
    assert say(maya, jonah, noon) is False


def test_whoever_chooses_says_first_how_they_can_be_reached(alumni, as_user, noon):
    maya, jonah = alumni
    services.keep_way(words="", by=maya.patient.user, at=noon)
    browser = as_user(maya.patient.user)
    page = browser.post(reverse("circle:choose", args=[jonah.pk]), {"say": "yes"}, follow=True)
    assert "First write how you can be reached" in page.text
    assert not Choice.objects.exists()


def test_words_that_show_danger_are_a_concern_that_does_not_quote_them(alumni, noon):
    maya, _jonah = alumni
    services.keep_way(words="970 555 0119, I want to die", by=maya.patient.user, at=noon)
    assert "0119" not in Concern.objects.get().summary


def test_an_alumnus_comes_in_chooses_and_reads_on_the_phone(alumni, ruth, as_user, noon, evening):
    maya, _jonah = alumni
    ana = make_patient("Ana", "Test", at=noon)
    stay = make_episode(ana, by=ruth, at=noon, program=evening)
    end_episode(episode=stay, reason="completed", on=noon.date(), by=ruth, at=noon)
    browser = as_user(ana.user)
    assert "The alumni circle" in browser.get(HOME, follow=True).text
    assert "Alumni of Adult evening" in browser.post(ALUMNI, follow=True).text
    browser.post(reverse("circle:way"), {"words": "ana at post.example"})
    page = browser.post(reverse("circle:choose", args=[maya.pk]), {"say": "yes"}, follow=True).text
    assert "Nobody learns of it unless" in page
    assert MAYAS_WAY not in page
    own = own_place(ana, noon)
    page = as_user(maya.patient.user).post(reverse("circle:choose", args=[own.pk]), {"say": "yes"}, follow=True).text
    assert "ana at post.example" in page
    browser = as_user(ana.user)
    assert MAYAS_WAY in browser.get(IN_TOUCH).text
    page = browser.post(reverse("circle:choose", args=[maya.pk]), {"say": "no"}, follow=True).text
    assert MAYAS_WAY not in page
    assert "You left the circle" in browser.post(reverse("circle:leave"), follow=True).text


VIEWERS = (
    "alumnus", "kept_apart", "other_track", "adolescent", "in_program", "left_early", "guardian", "host", "supervisor",
    "counselor", "other_facilitator", "director", "privacy", "other_house", "stranger",
)  # fmt: skip


@pytest.fixture
def viewers(alumni, dana, sam, ruth, walt, noon, organisation, evening):
    """Everybody who might look, by what they are to Maya's circle of alumni."""
    apart, other, here, gone = (make_patient(name, "Test", at=noon) for name in ("Grace", "Omar", "Ines", "Theo"))
    make_alumnus(apart, by=ruth, at=noon, way="grace's way", program=evening)
    KeepApart.objects.create(patient=alumni[0].patient, other=apart, reason="…", entered_by=ruth, entered_at=noon)
    make_alumnus(other, by=ruth, at=noon, way="omar's way", program=evening, track="mental-health")
    lee = make_patient("Lee", "Test", at=noon, birth_date=date(2010, 5, 1))
    teens = make_program(name="After school", pack="adolescent-after-school", population="adolescent")
    make_alumnus(lee, by=ruth, at=noon, way="lee's way", program=teens, track="mental-health")
    make_member(here, by=ruth, at=noon, program=evening)
    end_episode(episode=make_episode(gone, by=ruth, at=noon), reason="left", on=noon.date(), by=ruth, at=noon)
    staff = {
        name: make_user(f"{name} person", *roles, organisation=organisation)
        for name, roles in (
            ("guardian", [Role.FAMILY]),
            ("other_facilitator", [Role.PEER, Role.FACILITATOR]),
            ("privacy", [Role.PRIVACY]),
        )
    }  # fmt: skip
    away = make_organisation(name="Elsewhere", slug="elsewhere")
    return staff | {
        "alumnus": alumni[1].patient.user, "kept_apart": apart.user, "other_track": other.user, "adolescent": lee.user,
        "in_program": here.user, "left_early": gone.user, "host": sam, "supervisor": ruth, "counselor": dana,
        "director": walt, "stranger": None,
        "other_house": make_user("Away", Role.SUPERVISOR, Role.STUDENT, organisation=away),
    }  # fmt: skip


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_whole_matrix_of_viewers_and_what_alumni_have(viewers, alumni, as_user, client, noon, viewer):
    maya, jonah = alumni
    say(maya, jonah, noon)
    post = make_post(maya.patient, "The heron came back.", at=noon)
    type(post).objects.filter(pk=post.pk).update(state="shown", waits_since=None)
    browser = as_user(viewers[viewer]) if viewers[viewer] else client
    assert ("The heron came back." in browser.get(HOME, follow=True).text) == (viewer == "alumnus")
    touch = browser.get(IN_TOUCH)
    assert (touch.status_code == 200) == (viewer in ("alumnus", "kept_apart", "other_track", "adolescent"))
    assert ("<b>Maya</b>" in touch.text) == (viewer == "alumnus")
    listed = browser.get(reverse("circle:people", args=[maya.circle_id]))
    assert ("Maya R." in listed.text) == (listed.status_code == 200) == (viewer in ("host", "supervisor"))
    read = browser.get(reverse("circle:of-staff", args=[maya.circle_id]))
    assert ("The heron came back." in read.text) == (viewer in ("host", "supervisor"))
    for page in (touch, listed, read):
        assert MAYAS_WAY not in page.text
        assert "jonah at" not in page.text or viewer == "alumnus"  # their own
    said = browser.post(reverse("circle:choose", args=[maya.pk]), {"say": "yes"}, follow=True)
    assert (MAYAS_WAY in said.text) == (viewer == "alumnus")
    assert Choice.objects.count() == 1 + (viewer == "alumnus")


def test_a_host_kept_apart_from_an_alumnus_does_not_find_them(alumni, sam, ruth, as_user, noon):
    maya, _jonah = alumni
    KeepApart.objects.create(patient=maya.patient, member=sam, reason="…", entered_by=ruth, entered_at=noon)
    listed = as_user(sam).get(reverse("circle:people", args=[maya.circle_id])).text
    assert "Maya" not in listed
    assert "Jonah" in listed


def test_the_circle_of_a_track_is_one_and_begins_read_first(alumni):
    maya, jonah = alumni
    assert maya.circle == jonah.circle
    assert maya.circle.reads_first
    assert Circle.objects.filter(is_alumni=True).count() == 1
