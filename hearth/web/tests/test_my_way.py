"""A student's way so far, true to their own rows, and a certificate that tells neither diagnosis nor substance."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import formats, timezone

from hearth.admission.models import Episode
from hearth.admission.testing import make_episode
from hearth.circle import services as thanks
from hearth.measures.services import store_answers
from hearth.plan.models import Goal
from hearth.sessions.models import Attendance, Session
from hearth.sessions.testing import make_session
from hearth.skills import habit_services, own_services, services
from hearth.skills.testing import make_stay
from hearth.web import my_way_paper
from hearth.web.my_way import completion_of, my_way

WAY, PAPER, CERTIFICATE = (reverse(f"web:{name}") for name in ("my-way", "my-way-paper", "my-certificate"))


@pytest.fixture
def at():
    """This moment, as the pages see it."""
    return timezone.now()


def come(patient, *, led_by, at, minutes=120):
    session = Session.objects.create(
        kind="group",
        name="Evening group",
        facilitator=led_by,
        modality="virtual",
        starts_at=at - timedelta(hours=3),
        ends_at=at - timedelta(hours=1),
    )
    return Attendance.objects.create(
        session=session, patient=patient, modality="virtual", status="present", minutes=minutes
    )


def live(patient, *, by, at):
    """One of everything that the page tells."""
    episode = make_stay(patient, by=by, at=at)
    come(patient, led_by=by, at=at)
    Goal.objects.create(
        episode=episode,
        patient=patient,
        number=1,
        words="Breakfast with my daughter",
        progress=6,
        agreed_at=at,
        changed_at=at,
    )
    services.practise(patient=patient, lesson_id="ride-the-wave", before=8, after=5, by=patient.user, at=at)
    own_services.keep_urge(strength=8, after=3, helped="Called Alma", by=patient.user, at=at)
    habit = habit_services.begin(anchor="On the bus", what="Breathe", by=patient.user, at=at)
    habit_services.did_today(pk=habit.pk, by=patient.user, at=at)
    for ago, answer in ((30, 3), (1, 1)):
        store_answers(
            patient=patient,
            instrument_id="phq-9",
            answers=[*[answer] * 8, 0],
            language="en",
            by=patient.user,
            at=at - timedelta(days=ago),
        )
    return episode


def test_the_way_begins_empty_and_has_no_certificate(as_user, maya):
    client = as_user(maya.user)
    assert "Your way begins here" in client.get(WAY).text
    assert client.get(CERTIFICATE).status_code == 404


def test_the_way_tells_what_they_did_learnt_and_found_helpful(as_user, maya, dana, at):
    live(maya, by=dana, at=at)
    client = as_user(maya.user)
    page = client.get(WAY).text
    for words in (
        "1 session, 2 hours",
        "Breakfast with my daughter",
        "1 time, 3 points lighter",
        "Called Alma",
        "1 time, 5 points lighter",
        "1 day on which a tiny habit was done",
        "That is clearly better than when you began",
    ):
        assert words in page
    assert CERTIFICATE not in page
    assert WAY in client.get(reverse("web:today")).text
    paper = client.get(PAPER)
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")


def test_thank_yous_on_paper_have_the_day_of_the_session_and_nobodys_name(maya, jonah, dana, at, time_machine):
    time_machine.move_to(at, tick=False)
    session = make_session(dana, maya, jonah, starts_at=at - timedelta(hours=20))
    Attendance.objects.filter(session=session).update(status="present")
    words = "Thank you for waiting until I found the words."
    row = thanks.thank(session=session.pk, to="group", text=words, by=jonah.user, at=at, token=uuid4())
    thanks.decide_thanks(thanks=row.pk, release=True, words="", by=dana, at=at)
    with timezone.override(maya.user.zone):
        paper = my_way_paper.way_paper(my_way(viewer=maya.user, language="en", at=at), on=at.date())
        day = formats.date_format(timezone.localdate(session.starts_at), "j F Y")
    (said,) = [part["rows"] for part in paper["parts"] if part["title"] == "Said to groups I was in"]
    assert said == [[f"“{words}”", day]]
    assert jonah.chosen_name not in json.dumps(paper)


def test_a_day_with_two_habits_is_one_day(maya, at):
    for what in ("Breathe", "Stretch"):
        habit = habit_services.begin(anchor="On the bus", what=what, by=maya.user, at=at - timedelta(days=9))
        for ago in (0, 1):
            habit_services.did_today(pk=habit.pk, by=maya.user, at=at - timedelta(days=ago))
    assert my_way(viewer=maya.user, language="en", at=at).habit_days == 2


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "1 session"), (1, "1 minute"), (29, "29 minutes"), (60, "1 hour"), (150, "2 hours")]
)
def test_less_than_an_hour_is_never_said_as_none(minutes, said):
    assert my_way_paper.attended(1, minutes).split(", ")[-1] == said


def test_the_way_is_their_own_whoever_else_asks(as_user, maya, jonah, dana, at):
    live(maya, by=dana, at=at)
    assert "Called Alma" not in as_user(jonah.user).get(WAY).text
    for link in (WAY, PAPER, CERTIFICATE):
        assert as_user(dana).get(link).status_code == 403


def test_a_completed_stay_has_a_certificate_and_another_end_has_none(as_user, maya, jonah, dana, at):
    for patient, reason in ((maya, Episode.EndReason.COMPLETED), (jonah, Episode.EndReason.LEFT)):
        episode = make_episode(patient, by=dana, at=at, ended_at=at, end_reason=reason)
        come(patient, led_by=dana, at=at)
        assert episode.track == "co-occurring"
    assert completion_of(viewer=jonah.user, at=at) is None
    client = as_user(maya.user)
    assert CERTIFICATE in client.get(WAY).text
    assert client.get(CERTIFICATE).content.startswith(b"%PDF")
    completion = completion_of(viewer=maya.user, at=at)
    assert completion is not None
    assert (completion.name, completion.sessions, completion.minutes) == (maya.name, 1, 120)
    words = json.dumps(my_way_paper.certificate_paper(completion))
    assert maya.name in words
    assert "1 session, 2 hours" in words
    assert episode.program.name not in words
    assert "co-occurring" not in words


def test_a_long_way_asks_no_more_queries_than_a_short_one(as_user, maya, dana, at, count_queries):
    live(maya, by=dana, at=at)
    client, counts = as_user(maya.user), []
    for many in (1, 5):
        for _ in range(many):
            come(maya, led_by=dana, at=at - timedelta(days=many))
            services.practise(patient=maya, lesson_id="ride-the-wave", by=maya.user, at=at)
            own_services.keep_urge(strength=8, after=3, helped=f"Walked {many}", by=maya.user, at=at)
        counts.append(count_queries(client, WAY))
    assert counts[0] == counts[1]
    assert my_way(viewer=maya.user, language="es", at=at).lessons[0].times == 7
