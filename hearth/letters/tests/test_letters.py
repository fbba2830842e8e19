"""A letter is asked for in two taps, signed by a named person, and given to its reader only under a release."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.admission.testing import make_episode
from hearth.audit.models import Event
from hearth.consent.models import Disclosure
from hearth.letters import queries, services
from hearth.letters.models import Letter, Letterhead
from hearth.letters.paper import paper_of, pdf_of
from hearth.letters.rules import State
from hearth.letters.telling import tells
from hearth.letters.tests.conftest import ask_for, asking, filled, verbs, was_here
from hearth.outbox.models import Message
from hearth.people.models import CareTeamMember
from hearth.people.services import note_death
from hearth.safety.models import Concern
from hearth.sessions.models import Attendance

MINE = reverse("letters:mine")


def test_two_taps_ask_for_a_letter_in_the_words_that_are_shown(as_user, came, letterhead):
    browser = as_user(came.user)
    assert asking(came) in browser.get(MINE).text
    page = browser.get(asking(came))
    assert "Tuesday 17 November 2026, 16:48 to 19:48, 1 h 35 min" in page.text
    assert "In all: 4 h 35 min" in page.text
    said = filled(page)
    for _ in range(2):
        assert browser.post(asking(came), said).status_code == 302
    letter = Letter.objects.get()
    assert (letter.state, letter.body) == (State.ASKED, page.context["draft"].body)
    assert verbs(came) == ["letters.asked"]


def test_what_was_changed_is_shown_before_it_is_asked_for(as_user, came):
    browser = as_user(came.user)
    said = filled(browser.get(asking(came)), reader="Front Range Logistics, HR", with_hours="no")
    again = browser.post(asking(came), said)
    assert again.status_code == 422
    assert "reads otherwise now" in again.text
    assert "Front Range Logistics, HR" in again.context["draft"].body["to"]
    assert browser.post(asking(came), said | {"shown": again.context["draft"].mark}).status_code == 302
    assert Letter.objects.get().body["rows"] == [["Tuesday 17 November 2026"], ["Thursday 19 November 2026"]]


def test_the_same_form_with_anything_else_in_it_asks_for_another_letter(as_user, came):
    browser = as_user(came.user)
    said = filled(browser.get(asking(came)), reader="Front Range Logistics, HR")
    said["shown"] = browser.post(asking(came), said).context["draft"].mark
    others = (said, said | {"to_reader": "yes"}, said | {"token": ""})
    for each in (*others[:2], *others):
        assert browser.post(asking(came), each).status_code == 302
    assert sorted(Letter.objects.values_list("to_reader", flat=True)) == [False, False, True]


def test_a_day_left_out_is_in_no_letter(as_user, came):
    browser = as_user(came.user)
    page = browser.get(asking(came))
    offered = ["2026-11-17", "2026-11-19"]
    looked = browser.post(asking(came), filled(page, step="look") | {"offered": offered, "day": offered[:1]})
    assert [day.on.isoformat() for day in looked.context["draft"].days] == offered[:1]
    none = browser.post(asking(came), filled(page) | {"offered": offered})
    assert "There is no day to tell of" in none.text
    assert [is_kept for _day, is_kept in none.context["days"]] == [False, False]
    assert not Letter.objects.exists()


def test_a_mistake_in_a_field_leaves_out_what_was_left_out_and_blames_no_day(as_user, came):
    browser, offered = as_user(came.user), ["2026-11-17", "2026-11-19", "no day", "2026-13-45"]
    said = filled(browser.get(asking(came))) | {"offered": offered, "day": offered[:1]}
    wrong = browser.post(asking(came), said | {"until": "2020-01-01"})
    assert "This day has passed" in wrong.text
    assert "There is no day to tell of" not in wrong.text
    assert "2026-13-45" not in wrong.text
    shown = [(f"{day:%Y-%m-%d}", is_kept) for day, is_kept in wrong.context["days"]]
    assert shown == [("2026-11-17", True), ("2026-11-19", False)]
    for day, is_kept in shown:
        assert f'name="offered" value="{day}"' in wrong.text
        assert (f'name="day" value="{day}" checked' in wrong.text) is is_kept


@pytest.mark.parametrize(
    ("ended", "left", "until"), [(20, None, "19:48"), (20, 15, "19:48"), (-30, None, "19:18"), (-30, -60, "18:48")]
)
def test_hours_end_with_the_plan_however_late_a_session_is_ended(came, now, ended, left, until):
    row = Attendance.objects.select_related("session").get(minutes=180)
    plan = row.session.ends_at
    row.session.ended_at = plan + timedelta(minutes=ended)
    row.session.save()
    row.left_at = None if left is None else plan + timedelta(minutes=left)
    row.save()
    days = queries.attended(came, first=now.date() - timedelta(days=27), last=now.date(), zone=came.organisation.zone)
    assert f"{days[-1].ends:%H:%M}" == until


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reader": "Denver Recovery Court"}, "Words in it would tell"),
        ({"last_on": "2099-01-01"}, "days that have been"),
        ({"first_on": "2026-11-30", "last_on": "2026-11-01"}, "before the first day"),
        ({"first_on": "2020-01-01"}, "a year at most"),
        ({"until": "2020-01-01"}, "This day has passed"),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_sentence_and_kept(as_user, came, said, words):
    browser = as_user(came.user)
    refused = browser.post(asking(came), filled(browser.get(asking(came))) | said)
    assert refused.status_code == 422
    assert words in refused.text
    assert next(iter(said.values())) in refused.text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", Letter.Kind.values)
def test_no_letter_tells_what_the_care_is_for(came, dana, now, kind, language, letterhead):
    until = now.date() + timedelta(days=7)
    letter = services.sign(
        pk=ask_for(came, by=came.user, at=now, kind=kind, until=until, language=language).pk, by=dana, at=now
    )
    paper = paper_of(letter)
    words = [
        paper["sender"]["name"],
        paper["title"],
        paper["before"],
        *paper["after"],
        *(one for row in paper["rows"] for one in row),
    ]
    assert [one for one in [*words, paper["signed"], paper["total"]] if tells(one)] == []
    assert "LAC" not in str(paper)
    assert "0012345" in paper["signed"]
    assert pdf_of(letter).startswith(b"%PDF")


def test_a_house_whose_name_tells_signs_without_it_until_another_is_written_down(as_user, asked, ruth, dana, now):
    assert asked.body["sender"]["name"] == ""
    page, browser = reverse("letters:letterhead"), as_user(ruth)
    assert "tell what you treat" in browser.post(page, {"name": "Hearthside IOP"}).text
    assert browser.post(page, {"name": "Hearthside Health Services"}).status_code == 302
    assert Letterhead.objects.get().name == "Hearthside Health Services"
    assert as_user(dana).get(page).status_code == 403


def test_after_the_stay_nobody_is_written_to_where_they_did_not_say_that_it_is_safe(asked, dana, now):
    services.sign(pk=asked.pk, by=dana, at=now)
    assert not Message.objects.exists()


def test_the_counselor_finds_it_on_today_signs_it_and_the_student_opens_it(as_user, asked, came, dana, theo, now):
    make_episode(came, by=dana, at=now)
    page = reverse("letters:letter", args=[asked.pk])
    assert page not in as_user(theo).get("/today/").text
    browser = as_user(dana)
    assert page in browser.get("/today/").text
    assert "Dana Kim, license no. 0012345 (CO)" in browser.get(page).text
    assert browser.post(page, {"step": "sign"}).status_code == 302
    assert page not in browser.get("/today/").text
    (message,) = Message.objects.filter(to=came.user.email)
    assert "letter" not in message.subject.lower() + message.body.lower().split("http")[0]
    student, own = as_user(came.user), reverse("letters:own", args=[asked.pk])
    assert own in student.get("/today/").text
    assert student.get(own).status_code == 200
    assert student.get(reverse("letters:own-paper", args=[asked.pk])).content.startswith(b"%PDF")
    assert own not in student.get("/today/").text
    assert verbs(came).count("letters.signed") == 1
    assert Event.objects.filter(verb="letters.read", actor_id=came.user.pk).count() == 1
    assert not Disclosure.objects.exists()


def test_why_not_is_read_by_the_student(as_user, asked, came, dana):
    page, browser = reverse("letters:letter", args=[asked.pk]), as_user(dana)
    assert browser.post(page, {"step": "decline", "why": " "}).status_code == 422
    browser.post(page, {"step": "decline", "why": "You were not here on Thursday; let us look together."})
    read = as_user(came.user).get(reverse("letters:own", args=[asked.pk])).text
    assert "Dana Kim did not sign it" in read
    assert "let us look together" in read
    assert as_user(came.user).get(reverse("letters:own-paper", args=[asked.pk])).status_code == 403


def test_the_readers_name_is_typed_by_staff_and_the_new_words_wait_for_a_yes(as_user, to_school, came, dana):
    page, own = reverse("letters:letter", args=[to_school.pk]), reverse("letters:own", args=[to_school.pk])
    as_user(dana).post(page, {"step": "reader", "reader": "Eastside High School, Ms. Ortega"})
    to_school.refresh_from_db()
    assert (to_school.state, to_school.body["to"]) == (State.UNSEEN, "Eastside High School, Ms. Ortega")
    assert "not possible" in as_user(dana).post(page, {"step": "sign"}, follow=True).text
    browser = as_user(came.user)
    shown = browser.get(own)
    assert "Read them once more" in shown.text
    stale = browser.post(reverse("letters:say", args=[to_school.pk]), {"say": "yes", "shown": "of before"}, follow=True)
    assert "have changed meanwhile" in stale.text
    browser.post(reverse("letters:say", args=[to_school.pk]), {"say": "yes", "shown": shown.context["mark"]})
    to_school.refresh_from_db()
    assert to_school.state is State.ASKED


def test_what_is_no_longer_true_is_not_signed(as_user, asked, dana):
    Attendance.objects.filter(minutes=95).update(minutes=60)
    page, browser = reverse("letters:letter", args=[asked.pk]), as_user(dana)
    assert "has changed since" in browser.get(page).text
    assert "Bring the letter up to date first" in browser.post(page, {"step": "sign"}, follow=True).text
    browser.post(page, {"step": "reader", "reader": asked.reader})
    asked.refresh_from_db()
    assert (asked.state, asked.body["total"]) == (State.UNSEEN, "In all: 4 h")


def test_colleagues_and_strangers_find_nothing(as_user, client, asked, came, theo, jonah, ines, now):
    staff = [reverse(f"letters:{name}", args=[asked.pk]) for name in ("letter", "paper")]
    own = [reverse(f"letters:{name}", args=[asked.pk]) for name in ("own", "own-paper", "asked")]
    for page in (*staff, *own, MINE):
        assert client.get(page).status_code == 302
    for person in (theo, jonah.user, ines):
        browser = as_user(person)
        for page in (*staff, *own, reverse("letters:of-patient", args=[came.pk]), asking(came)):
            assert browser.get(page).status_code == 403
        browser.post(staff[0], {"step": "sign"})
        browser.post(reverse("letters:say", args=[asked.pk]), {"say": "no"})
    with pytest.raises(PermissionDenied):
        services.take_back(pk=asked.pk, by=jonah.user, at=now)
    asked.refresh_from_db()
    assert asked.state is State.ASKED


def test_case_managers_and_directors_find_what_waits(asked, came, dana, ruth, walt, organisation, now):
    bev = make_user("Bev Lindqvist", Role.NURSE, Role.CASE_MANAGER, organisation=organisation)
    assert queries.waiting_for(bev, at=now) == queries.waiting_for(walt, at=now) == []
    CareTeamMember.objects.create(patient=came, member=bev, role=Role.CASE_MANAGER, since=now.date())
    assert queries.waiting_for(bev, at=now) == [asked]
    assert queries.waiting_for(walt, at=now + timedelta(days=3)) == [asked]
    CareTeamMember.objects.filter(member=dana).update(is_primary=False)
    assert queries.waiting_for(ruth, at=now) == [asked]
    assert services.sign(pk=asked.pk, by=walt, at=now).signed_as == "Walt Jensen"


def test_nobody_signs_or_hands_over_once_the_student_has_died(as_user, asked, came, dana, ruth, now):
    note_death(patient=came, died_on=None, by=ruth, at=now)
    assert queries.waiting_for(dana, at=now) == []
    with pytest.raises(services.NotNow):
        services.sign(pk=asked.pk, by=dana, at=now)


@pytest.mark.parametrize("where", ["student", "staff", "today", "asking"])
def test_many_letters_ask_the_database_no_more_than_one(as_user, asked, came, dana, now, count_queries, where):
    viewer, page = {
        "student": (came.user, MINE),
        "staff": (dana, reverse("letters:of-patient", args=[came.pk])),
        "today": (dana, "/today/"),
        "asking": (came.user, asking(came)),
    }[where]
    few = count_queries(as_user(viewer), page)
    for number in range(3):
        was_here(came, dana, starts_at=now - timedelta(days=10 + number))
        ask_for(came, by=came.user, at=now + timedelta(minutes=1 + number))
    assert count_queries(as_user(viewer), page) == few


def test_words_of_danger_in_a_letter_they_ask_for_are_a_concern_at_once(came, now):
    ask_for(came, by=came.user, at=now, reader="I want to die")
    assert Concern.objects.get().source_kind == "letters.letter"
