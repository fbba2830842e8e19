"""The circle as students and hosts find it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.admission.testing import make_episode
from hearth.circle import queries, services
from hearth.circle.models import Encouragement, Membership, Post
from hearth.circle.testing import make_member, make_post
from hearth.people.testing import make_patient

HOME, WRITE, WAITING = reverse("circle:home"), reverse("circle:write"), reverse("circle:waiting")


@pytest.fixture(autouse=True)
def at_noon(time_machine, noon):
    time_machine.move_to(noon, tick=False)


def of(name, row):
    return reverse(f"circle:{name}", args=[row.pk])


def send(browser, text, kind="post", **more):
    return browser.post(WRITE, {"token": uuid4(), "kind": kind, "text": text, **more}, follow=True)


def test_a_student_of_a_stay_from_before_there_were_circles_reads_the_rule_and_comes_in(as_user, maya, dana, noon):
    make_episode(maya, by=dana, at=noon)
    browser = as_user(maya.user)
    assert "It happened? Tell us" in browser.get(HOME).text
    assert browser.get(WRITE).status_code == 403
    browser.post(reverse("circle:agree"))
    browser.post(reverse("circle:agree"))
    assert Membership.objects.get().agreed_at == noon
    assert "Write to the circle" in browser.get(HOME).text


def test_the_circle_begins_with_a_question_of_the_curriculum_another_one_each_day(
    circle, as_user, maya, noon, time_machine
):
    browser = as_user(maya.user)
    today = queries.prompt_on(circle, noon.date(), language="en")
    assert today.question in browser.get(HOME).text.replace("&#x27;", "'").replace("&quot;", '"')
    assert today != queries.prompt_on(circle, noon.date().replace(day=25), language="en")
    assert queries.prompt_on(circle, noon.date(), language="es").question != today.question


def test_a_kind_post_is_there_at_once(circle, as_user, maya, jonah):
    page = send(as_user(maya.user), "I slept six hours.")
    assert "I slept six hours." in page.text
    assert "I slept six hours." in as_user(jonah.user).get(HOME).text


def test_a_number_waits_for_a_host_and_the_page_says_why_kindly(circle, as_user, maya, jonah):
    page = send(as_user(maya.user), "970 555 0119 if you need me")
    assert "You did nothing wrong" in page.text
    assert "a phone number" in page.text
    assert "970 555" not in as_user(jonah.user).get(HOME).text


def test_whoever_writes_of_danger_sees_help_at_that_moment(circle, as_user, maya):
    for kind in ("post", "question"):
        page = send(as_user(maya.user), "I want to die", kind)
        assert "You do not have to carry this alone" in page.text
        assert "988" in page.text
    assert "You do not have to carry this alone" not in send(as_user(maya.user), "dm me").text


def test_each_place_to_write_says_when_a_person_reads(circle, as_user, maya, jonah, noon, time_machine):
    post = make_post(jonah, at=noon)
    browser = as_user(maya.user)
    own = make_post(maya, "Pancakes.", at=noon)
    for page in (HOME, WRITE, of("report", post), of("own-post", own)):
        assert "A host of the circle reads today" in browser.get(page).text
        assert "Help now" in browser.get(page).text
    time_machine.move_to(noon.replace(day=28, hour=20), tick=False)  # a Saturday
    browser = as_user(maya.user)
    assert "A person reads next on Monday 30 November, 09:00" in browser.get(WRITE).text


def test_a_word_is_shown_without_a_number(circle, as_user, maya, jonah, dana, noon):
    post = make_post(maya, at=noon)
    grace = make_patient("Grace", "Oyelaran", at=noon)
    make_member(grace, by=dana, at=noon)
    for patient in (jonah, grace):
        answer = as_user(patient.user).post(of("encourage", post), {"word": "proud"})
        assert answer.url == f"{HOME}#post-{post.pk}"
    text = as_user(maya.user).get(HOME).text
    assert text.count("Proud of you") == 1
    assert Encouragement.objects.count() == 2


def test_the_circle_is_finite_and_earlier_pages_follow_by_a_link(circle, as_user, maya, jonah, noon):
    for number in range(queries.A_PAGE + 3):
        make_post(maya, f"Morning {number:02}.", at=noon)
    browser = as_user(jonah.user)
    first = browser.get(HOME)
    earlier = first.context["pages"].earlier
    second = browser.get(f"{HOME}?before={earlier}")
    shown = [number for number in range(queries.A_PAGE + 3) if f"Morning {number:02}." in first.text]
    rest = [number for number in range(queries.A_PAGE + 3) if f"Morning {number:02}." in second.text]
    assert len(shown) == queries.A_PAGE
    assert sorted(shown + rest) == list(range(queries.A_PAGE + 3))
    assert second.context["pages"].earlier is None
    assert browser.get(f"{HOME}?before=nonsense").status_code == 200


def test_each_page_asks_as_many_questions_however_much_was_written(
    circle, as_user, maya, jonah, ruth, noon, count_queries
):
    def fill(number):
        for each in range(number):
            post = make_post(maya, f"Morning {each}.", at=noon)
            services.encourage(post=post.pk, word="proud", by=jonah.user, at=noon)
            services.report(post=post.pk, why="hard", words="", by=jonah.user, at=noon)
            make_post(maya, "dm me", at=noon)

    pages = ((jonah.user, HOME), (ruth, WAITING), (ruth, of("of-staff", circle)), (ruth, "/today/"))
    fill(2)
    few = [count_queries(as_user(user), page) for user, page in pages]
    fill(6)
    assert [count_queries(as_user(user), page) for user, page in pages] == few


def test_a_host_finds_what_waits_on_today_decides_and_the_writer_reads_it(circle, as_user, maya, jonah, sam):
    send(as_user(maya.user), "I slept well, dm me")
    post = Post.objects.get()
    host = as_user(sam)
    assert "1 post of the circle waits for a host" in host.get("/today/").text
    assert "a way to reach each other" in host.get(WAITING).text
    wrong = host.post(of("post", post), {"what": "return", "words": ""})
    assert wrong.status_code == 422
    host.post(of("post", post), {"what": "return", "words": "Could it be without the last part?"})
    assert "Nothing waits" in host.get(WAITING).text
    writer = as_user(maya.user)
    assert "Could it be without the last part?" in writer.get(of("own-post", post)).text
    writer.post(of("own-post", post), {"text": "I slept well."})
    as_user(sam).post(of("post", post), {"what": "release", "words": ""})
    assert "I slept well." in as_user(jonah.user).get(HOME).text


def test_a_second_host_is_told_that_somebody_decided_meanwhile(circle, as_user, maya, sam, ruth, noon):
    post = make_post(maya, at=noon)
    services.decide(post=post, what="hide", words="Hard to read for some.", by=ruth, at=noon)
    page = as_user(sam).post(of("post", post), {"what": "keep", "words": ""})
    assert page.status_code == 422
    services.appeal(post=post, words="I meant it kindly.", by=maya.user, at=noon)
    page = as_user(ruth).post(of("post", post), {"what": "restore", "words": ""})
    assert "a colleague decides this one" in page.text


def test_a_question_is_answered_and_its_asker_reads_it(circle, as_user, maya, sam):
    send(as_user(maya.user), "Is there group on Friday?", "question")
    post = Post.objects.get()
    as_user(sam).post(of("post", post), {"words": "Yes, at half past five."})
    assert "Yes, at half past five." in as_user(maya.user).get(of("own-post", post)).text


def test_a_student_asks_for_somebody_else_and_takes_a_post_back(circle, as_user, maya, sam, ruth, noon):
    post = make_post(maya, at=noon)
    services.decide(post=post, what="hide", words="Hard to read for some.", by=sam, at=noon)
    writer = as_user(maya.user)
    assert writer.post(of("appeal", post), {"words": ""}).status_code == 422
    writer.post(of("appeal", post), {"words": "I meant it kindly."})
    assert "I meant it kindly." in as_user(ruth).get(of("post", post)).text
    as_user(maya.user).post(of("take-back", post))
    assert as_user(maya.user).get(of("own-post", post)).status_code == 403


def test_a_report_thanks_and_names_nobody(circle, as_user, maya, jonah, noon):
    post = make_post(maya, at=noon)
    browser = as_user(jonah.user)
    assert browser.post(of("report", post), {"why": ""}).status_code == 422
    page = browser.post(of("report", post), {"why": "hard", "words": ""}, follow=True)
    assert "nobody learns that it was you" in page.text
    assert "Jonah" not in as_user(maya.user).get(of("own-post", post)).text


def test_whoever_read_a_post_that_was_hidden_meanwhile_tells_a_host_without_seeing_it_again(
    circle, as_user, maya, jonah, sam, noon
):
    post = make_post(maya, "The heron came back.", at=noon)
    services.decide(post=post, what="hide", words="Hard to read for some.", by=sam, at=noon)
    browser = as_user(jonah.user)
    assert "heron" not in browser.get(of("report", post)).text
    page = browser.post(of("report", post), {"why": "worried", "words": ""}, follow=True)
    assert "We have told the team at once" in page.text
    assert "heron" in as_user(sam).get(WAITING).text
    as_user(sam).post(of("post", post), {"what": "keep", "words": ""})
    assert "heron" not in as_user(sam).get(WAITING).text


def test_whoever_tells_of_danger_in_a_report_or_an_appeal_sees_help_at_that_moment(
    circle, as_user, maya, jonah, sam, noon
):
    post = make_post(maya, at=noon)
    own = as_user(jonah.user).post(of("report", post), {"why": "hard", "words": "I want to die too"}, follow=True)
    assert "You do not have to carry this alone" in own.text
    assert "nobody learns that it was you" in own.text
    assert as_user(maya.user).get(own.request["PATH_INFO"]).status_code == 403
    other = make_post(maya, "Hello.", at=noon)
    page = as_user(jonah.user).post(of("report", other), {"why": "worried", "words": ""}, follow=True)
    assert "We have told the team at once" in page.text
    assert "carry this alone" not in page.text
    services.decide(post=post, what="hide", words="Hard to read for some.", by=sam, at=noon)
    writer = as_user(maya.user)
    assert "carry this alone" not in writer.get(of("own-post", post)).text
    assert "carry this alone" in writer.post(of("appeal", post), {"words": "Then I want to die."}, follow=True).text


def test_hosts_find_words_and_names_in_what_was_written(circle, as_user, maya, jonah, sam, noon):
    make_post(maya, "The heron came back.", at=noon)
    make_post(jonah, "Pancakes with my kid.", at=noon)
    browser, here = as_user(sam), of("search", circle)
    assert "Pancakes" not in browser.post(here, {"q": "heron"}).text
    assert "Pancakes" in browser.post(here, {"q": "jonah"}).text
    assert "Nothing with these words" in browser.post(here, {"q": "zebra"}).text


def test_words_that_hosts_look_for_stand_in_no_address(circle, as_user, maya, sam, ruth, noon):
    for number in range(30):
        make_post(maya, f"The heron came back, {number}.", at=noon + timedelta(minutes=number))
    browser, here = as_user(sam), of("search", circle)
    first = browser.post(here, {"q": "heron"})
    assert "q=" not in first.text
    assert f'action="{of("of-staff", circle)}"' in as_user(ruth).post(here, {"q": "heron"}).text
    assert "came back, 0." not in first.text
    rest = browser.post(here, {"q": "heron", "before": first.context["earlier"]})
    assert "came back, 0." in rest.text
    assert browser.get(here).url == of("of-staff", circle)
    assert browser.post(here, {"q": "heron", "before": "nonsense"}).status_code == 200


def test_a_supervisor_names_hosts_and_says_when_they_read(circle, as_user, ruth, sam, organisation):
    kai = make_user("Kai Peer", Role.PEER, organisation=organisation)
    browser, here = as_user(ruth), of("of-staff", circle)
    browser.post(of("hosts", circle), {"member": kai.pk})
    assert "Kai Peer" in browser.get(here).text
    browser.post(of("hosts", circle), {"end": circle.hosts.get(member=kai).pk})
    assert not circle.hosts.filter(member=kai, ended_at=None).exists()
    assert browser.post(of("hosts", circle), {"end": "nonsense"}).status_code == 302
    assert "all else is shown at once" in browser.get(here).text
    browser.post(here, {"day_0": "10:00–12:00", "reads_first": "on"})
    assert "A host reads every post before the others do." in browser.get(here).text
    circle.refresh_from_db()
    assert (circle.hours, circle.reads_first) == ([{"day": 0, "from": "10:00", "to": "12:00"}], True)
    assert browser.post(here, {"day_0": "ten"}).status_code == 422
    assert as_user(sam).post(here, {"day_0": ""}).status_code == 403
    assert as_user(sam).post(of("hosts", circle), {"member": kai.pk}).status_code == 403
