"""Posting, holding, telling of danger, encouraging, reporting and deciding."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from hearth.admission.services import end_episode
from hearth.audit.models import Event
from hearth.circle import places, queries, services
from hearth.circle.models import Circle, Decision, Encouragement, Membership, Post, Report, Wording
from hearth.circle.testing import make_member, make_post
from hearth.people.testing import make_patient
from hearth.safety.models import Concern
from hearth.timetable.models import KeepApart

HELD, SHOWN, HIDDEN, RETURNED = Post.State.HELD, Post.State.SHOWN, Post.State.HIDDEN, Post.State.RETURNED


def place_of(patient, at):
    found = places.own_membership(viewer=patient.user, at=at)
    assert found is not None
    return found


def read_by(patient, at):
    membership = place_of(patient, at)
    pages = queries.posts_for(membership=membership, at=at, zone=patient.user.zone)
    return [shown.post for day in pages.days for shown in day.posts]


def test_whoever_is_admitted_has_one_place_in_the_circle_of_their_program(circle, maya, noon):
    membership = place_of(maya, noon)
    assert services.join(episode=membership.episode, at=noon) == membership
    assert Circle.objects.count() == 1
    assert circle.population == "adult"


@pytest.mark.parametrize("population", ["adult", "adolescent"])
def test_a_circle_begins_with_a_host_who_reads_first(population, organisation, dana, noon):
    somebody = make_patient("Lee", "Castellan", at=noon, population=population)
    assert make_member(somebody, by=dana, at=noon).circle.reads_first


def test_adults_and_adolescents_never_share_a_circle(circle, dana, noon):
    lee = make_patient("Lee", "Castellan", at=noon, population="adolescent")
    theirs = make_member(lee, by=dana, at=noon)
    assert theirs.circle != circle
    with pytest.raises(IntegrityError, match="adults_and_adolescents_never_share_a_circle"), transaction.atomic():
        Membership.objects.filter(pk=theirs.pk).update(circle=circle)


def test_a_post_is_read_by_the_circle_at_once(circle, maya, jonah, noon):
    post = make_post(maya, at=noon)
    assert post.state == SHOWN
    assert read_by(jonah, noon) == [post]


def test_the_rule_is_read_before_the_first_post(circle, dana, noon):
    grace = make_patient("Grace", "Oyelaran", at=noon)
    membership = make_member(grace, by=dana, at=noon)
    Membership.objects.filter(pk=membership.pk).update(agreed_at=None)
    with pytest.raises(PermissionDenied):
        make_post(grace, at=noon)


def test_the_same_form_sent_twice_is_one_post(circle, maya, jonah, noon):
    token = uuid4()
    said = {"kind": "post", "text": "I am going to kill myself tonight", "at": noon, "token": token}
    first, second = (services.write(by=maya.user, **said) for _ in range(2))
    assert first == second
    assert (Post.objects.count(), Wording.objects.count(), Concern.objects.count()) == (1, 1, 1)
    with pytest.raises(PermissionDenied):
        services.write(by=jonah.user, **said)


def test_the_same_form_sent_again_with_other_words_keeps_them_and_reads_them_for_danger(circle, maya, noon):
    token = uuid4()
    said = {"by": maya.user, "at": noon, "token": token}
    first = services.write(kind="post", text="I slept six hours.", **said)
    changed = [services.write(kind="post", text="I want to die", **said) for _ in range(2)]
    asked = services.write(kind="question", text="I slept six hours.", **said)
    assert changed[0] == changed[1]
    assert len({first, changed[0], asked}) == Post.objects.count() == 3
    assert Concern.objects.get().patient == maya
    services.write_again(post=changed[0], text="I am better", by=maya.user, at=noon)
    assert services.write(kind="post", text="I want to die", **said) == changed[0]


@pytest.mark.parametrize(
    "text",
    [
        "970 555 0119",
        "nueve siete cero cinco cinco cinco cero uno uno nueve",
        "T3xt m3",
        "my insta is redwolf",
        "meet me at the park",
    ],
)
def test_contact_outside_is_held_before_anybody_sees_it_in_five_ways(circle, maya, jonah, noon, text):
    post = make_post(maya, text, at=noon)
    assert post.state == HELD
    assert read_by(jonah, noon) == read_by(maya, noon) == []
    assert not Concern.objects.exists()


def test_a_name_of_the_circle_may_be_spoken_to(circle, maya, noon):
    assert make_post(maya, "@Jonah thank you", at=noon).state == SHOWN
    assert make_post(maya, "@Jonas thank you", at=noon).state == HELD


def test_danger_is_a_concern_in_the_same_transaction_with_its_words(circle, maya, noon):
    post = make_post(maya, "I want to die", at=noon)
    concern = Concern.objects.get()
    assert (concern.patient, concern.severity, post.state) == (maya, "urgent", HELD)
    assert "I want to die" in concern.summary
    question = make_post(maya, "I want to die", kind="question", at=noon)
    assert question.state == Post.State.STAFF_ONLY
    assert Concern.objects.count() == 2


def test_a_question_is_for_staff_alone_until_and_after_it_is_answered(circle, maya, jonah, sam, noon):
    post = make_post(maya, "Is there group on Friday?", kind="question", at=noon)
    assert read_by(jonah, noon) == []
    assert [one.post for one in queries.queue(viewer=sam, at=noon)] == [post]
    services.answer(post=post, words="Yes, at five thirty.", by=sam, at=noon)
    assert queries.queue(viewer=sam, at=noon) == []
    assert read_by(jonah, noon) == []
    with pytest.raises(services.NotPossible):
        services.answer(post=post, words="Again", by=sam, at=noon)


def test_quiet_hours_keep_a_post_until_the_morning_and_danger_waits_for_nothing(circle, maya, jonah, noon):
    night = noon.replace(day=25, hour=8)  # one in the morning
    post = make_post(maya, at=night)
    make_post(maya, "I want to die", at=night)
    assert read_by(jonah, night) == []
    assert read_by(jonah, night.replace(hour=14)) == [post]
    assert Concern.objects.count() == 1


def test_two_who_are_kept_apart_read_nothing_of_each_other_from_that_moment_on(circle, maya, jonah, ruth, noon):
    hers, his = make_post(maya, at=noon), make_post(jonah, "Hello", at=noon)
    pair = KeepApart.objects.create(patient=maya, other=jonah, reason="…", entered_by=ruth, entered_at=noon)
    assert (read_by(maya, noon), read_by(jonah, noon)) == ([hers], [his])
    with pytest.raises(PermissionDenied):
        services.encourage(post=his.pk, word="proud", by=maya.user, at=noon)
    KeepApart.objects.filter(pk=pair.pk).update(ended_at=noon, ended_by=ruth)
    assert set(read_by(maya, noon)) == {hers, his}


def test_a_host_who_is_kept_apart_from_a_student_reads_nothing_of_them(circle, maya, sam, ruth, noon):
    post = make_post(maya, "dm me", at=noon)
    KeepApart.objects.create(patient=maya, member=sam, reason="…", entered_by=ruth, entered_at=noon)
    assert queries.queue(viewer=sam, at=noon) == []
    assert [one.post for one in queries.queue(viewer=ruth, at=noon)] == [post]


def test_after_the_stay_nothing_is_read_or_written_and_nothing_of_them_is_shown(circle, maya, jonah, ruth, noon):
    make_post(maya, at=noon)
    his = make_post(jonah, "Hello", at=noon)
    episode = place_of(maya, noon).episode
    end_episode(episode=episode, reason="completed", on=noon.date(), by=ruth, at=noon)
    assert places.own_membership(viewer=maya.user, at=noon) is None
    assert read_by(jonah, noon) == [his]
    for deed in (lambda: make_post(maya, at=noon), lambda: queries.access_shown(viewer=maya.user, pk=his.pk, at=noon)):
        with pytest.raises(PermissionDenied):
            deed()


def test_a_word_is_said_once_and_another_takes_its_place(circle, maya, jonah, noon):
    post = make_post(maya, at=noon)
    for word in ("proud", "proud", "me_too"):
        services.encourage(post=post.pk, word=word, by=jonah.user, at=noon)
    assert [row.word for row in Encouragement.objects.all()] == ["me_too"]
    with pytest.raises(PermissionDenied):
        services.encourage(post=post.pk, word="proud", by=maya.user, at=noon)


def test_a_report_waits_for_a_host_and_worry_is_a_concern_that_names_nobody(circle, maya, jonah, sam, noon):
    post = make_post(maya, "Nothing matters tonight.", at=noon)
    for _ in range(2):
        services.report(post=post.pk, why="worried", words="She sounds low.", by=jonah.user, at=noon)
    assert Report.objects.count() == 1
    concern = Concern.objects.get()
    assert (concern.patient, concern.raised_by) == (maya, None)
    assert not Event.objects.filter(patient_id=maya.pk, actor_id=jonah.user.pk).exists()
    assert [one.reports[0].why for one in queries.queue(viewer=sam, at=noon)] == ["worried"]
    assert read_by(jonah, noon) == [post]


def test_worry_is_a_concern_and_makes_the_post_wait_whatever_was_told_before(circle, maya, jonah, sam, noon):
    post = make_post(maya, "Nothing matters tonight.", at=noon)
    later = [noon + timedelta(hours=hours) for hours in range(5)]
    services.report(post=post.pk, why="hard", words="", by=jonah.user, at=later[0])
    services.decide(post=post, what="keep", words="", by=sam, at=later[1])
    services.report(post=post.pk, why="hard", words="", by=jonah.user, at=later[2])
    assert queries.queue(viewer=sam, at=later[2]) == []
    services.report(post=post.pk, why="worried", words="", by=jonah.user, at=later[2])
    assert Concern.objects.get().patient == maya
    assert [one.post for one in queries.queue(viewer=sam, at=later[2])] == [post]
    services.decide(post=post, what="keep", words="", by=sam, at=later[3])
    services.report(post=post.pk, why="worried", words="", by=jonah.user, at=later[4])
    assert [one.post for one in queries.queue(viewer=sam, at=later[4])] == [post]
    services.report(post=post.pk, why="worried", words="She took all her pills", by=jonah.user, at=later[4])
    assert set(Concern.objects.values_list("severity", flat=True)) == {"urgent", "emergency"}
    assert Report.objects.count() == 3


@pytest.mark.parametrize(
    ("why", "words", "writer", "reporter"),
    [
        ("hard", "I want to die too", None, "urgent"),
        ("other", "She says she wants to die", "urgent", None),
        ("worried", "She took all her pills", "emergency", None),
        ("worried", "I want to die too", "urgent", "urgent"),
        ("hard", "I don't want to live, I am suicidal", None, "urgent"),
        ("hard", "I am scared because she is suicidal", "urgent", "urgent"),
        ("unkind", "It was about my cooking.", None, None),
    ],
)
def test_the_words_of_a_report_are_read_for_danger_of_its_writer_and_of_the_posts(
    circle, maya, jonah, noon, why, words, writer, reporter
):
    post = make_post(maya, at=noon)
    services.report(post=post.pk, why=why, words=words, by=jonah.user, at=noon)
    raised = {row.patient_id: row for row in Concern.objects.all()}
    expected = {maya.pk: writer, jonah.pk: reporter}
    assert {pk: row.severity for pk, row in raised.items()} == {pk: one for pk, one in expected.items() if one}
    if writer:
        assert raised[maya.pk].raised_by is None
        assert words not in raised[maya.pk].summary
    if reporter:
        assert words in raised[jonah.pk].summary


def test_the_words_of_an_appeal_are_read_for_danger(circle, maya, sam, noon):
    post = make_post(maya, at=noon)
    services.decide(post=post, what="hide", words="It was hard for others.", by=sam, at=noon)
    services.appeal(post=post, words="Then I want to die.", by=maya.user, at=noon)
    concern = Concern.objects.get()
    assert (concern.patient, concern.severity) == (maya, "urgent")
    assert "I want to die" in concern.summary


def test_a_held_post_is_released_once_and_appears(circle, maya, jonah, sam, noon):
    post = make_post(maya, "Meeting at the park is what my plan says, is that okay? Meet me where I am", at=noon)
    Post.objects.filter(pk=post.pk).update(state=HELD, waits_since=noon)
    services.decide(post=post, what="release", words="", by=sam, at=noon)
    assert read_by(jonah, noon) == [post]
    with pytest.raises(services.NotPossible):
        services.decide(post=post, what="release", words="", by=sam, at=noon)


def test_a_returned_post_is_written_again_and_read_by_a_host_again(circle, maya, jonah, sam, noon):
    post = make_post(maya, "dm me, I slept well", at=noon)
    with pytest.raises(services.WordsMissing):
        services.decide(post=post, what="return", words=" ", by=sam, at=noon)
    services.decide(post=post, what="return", words="Could it be without the invitation?", by=sam, at=noon)
    again = services.write_again(post=post, text="I slept well", by=maya.user, at=noon)
    assert (again.state, again.waits_since) == (HELD, noon)
    services.decide(post=again, what="release", words="", by=sam, at=noon)
    assert [one.text for one in read_by(jonah, noon)] == ["I slept well"]
    assert list(Wording.objects.order_by("text").values_list("text", flat=True)) == [
        "I slept well",
        "dm me, I slept well",
    ]


def test_a_held_post_without_what_held_it_appears_at_once(circle, maya, noon):
    post = make_post(maya, "I slept well. dm me", at=noon)
    assert services.write_again(post=post, text="I slept well.", by=maya.user, at=noon).state == SHOWN


def test_an_appeal_is_answered_by_somebody_else(circle, maya, jonah, sam, ruth, noon):
    post = make_post(maya, at=noon)
    services.decide(post=post, what="hide", words="It was hard for others.", by=sam, at=noon)
    assert read_by(jonah, noon) == []
    services.appeal(post=post, words="I meant it kindly.", by=maya.user, at=noon)
    with pytest.raises(PermissionDenied):
        services.appeal(post=post, words="Please.", by=maya.user, at=noon)
    with pytest.raises(services.NeedsAnother):
        services.decide(post=post, what="restore", words="", by=sam, at=noon)
    services.decide(post=post, what="restore", words="Seen with fresh eyes.", by=ruth, at=noon)
    assert read_by(jonah, noon) == [post]
    whats = [row.what for row in Decision.objects.filter(post=post).order_by("pk")]
    assert sorted(whats) == ["appeal", "hide", "restore"]


def test_after_two_kind_words_a_host_reads_first_and_nobody_is_shut_out(circle, maya, sam, noon):
    for number in range(2):
        post = make_post(maya, f"dm me {number}", at=noon)
        services.decide(post=post, what="strike", words="Let us talk about the rule.", by=sam, at=noon)
    assert make_post(maya, "Good morning", at=noon).state == HELD


def test_a_post_taken_back_is_read_by_nobody_and_its_concern_stays(circle, maya, jonah, sam, noon):
    post = make_post(maya, "I want to die", at=noon)
    services.take_back(post=post, by=maya.user, at=noon)
    assert queries.queue(viewer=sam, at=noon) == []
    assert Concern.objects.open().count() == 1
    with pytest.raises(PermissionDenied):
        queries.access_own_post(viewer=maya.user, pk=post.pk, at=noon)


def test_a_reported_post_that_is_taken_back_stays_with_the_hosts_until_they_decided(circle, maya, jonah, sam, noon):
    post = make_post(maya, at=noon)
    services.report(post=post.pk, why="unkind", words="", by=jonah.user, at=noon)
    services.take_back(post=post, by=maya.user, at=noon)
    assert read_by(jonah, noon) == []
    assert [one.post for one in queries.queue(viewer=sam, at=noon)] == [post]
    services.decide(post=post, what="keep", words="", by=sam, at=noon)
    assert queries.queue(viewer=sam, at=noon) == []


def test_what_is_told_of_a_post_taken_back_is_heard(circle, maya, jonah, sam, noon):
    post = make_post(maya, at=noon)
    services.take_back(post=post, by=maya.user, at=noon)
    services.report(post=post.pk, why="other", words="She says she wants to die", by=jonah.user, at=noon)
    assert Concern.objects.get().patient == maya
    assert [one.post for one in queries.queue(viewer=sam, at=noon)] == [post]


def test_nobody_tells_of_a_post_that_the_circle_never_read(circle, maya, jonah, noon):
    held = make_post(maya, "dm me", at=noon)
    services.take_back(post=make_post(maya, "dm me too", at=noon), by=maya.user, at=noon)
    for post in (held, Post.objects.exclude(pk=held.pk).get()):
        with pytest.raises(PermissionDenied):
            services.report(post=post.pk, why="hard", words="", by=jonah.user, at=noon)


def test_only_supervisors_name_hosts_and_only_named_ones_host(circle, sam, dana, ruth, maya, noon):
    post = make_post(maya, at=noon)
    with pytest.raises(PermissionDenied):
        services.name_host(circle=circle, member=dana.pk, by=sam, at=noon)
    with pytest.raises(PermissionDenied):
        queries.access_post(viewer=dana, pk=post.pk, at=noon)
    services.name_host(circle=circle, member=dana.pk, by=ruth, at=noon)
    assert queries.access_post(viewer=dana, pk=post.pk, at=noon) == post
    services.end_host(circle=circle, host=circle.hosts.get(member=dana).pk, by=ruth, at=noon)
    assert list(queries.hosted(dana)) == []


def test_each_reading_of_a_host_is_written_down(circle, maya, sam, noon):
    make_post(maya, "dm me", at=noon)
    queries.queue(viewer=sam, at=noon)
    assert Event.objects.filter(verb="circle.read", patient_id=maya.pk, actor_id=sam.pk).count() == 1
