"""Thank-yous after a session: read first by whoever led it, then part of the way of those who were there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.circle import services, thanking
from hearth.circle.models import Thanks
from hearth.people.testing import make_patient
from hearth.safety.models import Concern
from hearth.sessions.models import Attendance
from hearth.sessions.testing import make_session
from hearth.timetable.models import KeepApart

WORDS = "Thank you for waiting until I found the words."
WAITING, WAY = reverse("circle:thanks"), reverse("web:my-way")


@pytest.fixture(autouse=True)
def at_noon(time_machine, noon):
    time_machine.move_to(noon, tick=False)


@pytest.fixture
def session(circle, maya, jonah, sam, noon):
    """A group that Sam led until an hour ago, with Maya and Jonah."""
    found = make_session(sam, maya, jonah, starts_at=noon - timedelta(hours=4))
    Attendance.objects.filter(session=found).update(status="present")
    return found


def thank(patient, session, *, at, to="group", text=WORDS, token=None):
    return services.thank(session=session.pk, to=to, text=text, by=patient.user, at=at, token=token or uuid4())


def decide(row, by, at, *, release=True, words=""):
    return services.decide_thanks(thanks=row.pk, release=release, words=words, by=by, at=at)


def test_the_group_reads_it_once_its_leader_let_it_through(session, maya, jonah, sam, as_user, noon):
    row = thank(maya, session, at=noon)
    assert WORDS not in as_user(jonah.user).get(WAY).text
    assert "not read yet" in as_user(maya.user).get(WAY).text
    assert "1 thank-you waits for you" in as_user(sam).get(reverse("web:today")).text
    assert WORDS in as_user(sam).get(WAITING).text
    as_user(sam).post(reverse("circle:decide-thanks", args=[row.pk]), {"say": "yes"})
    assert WORDS in as_user(jonah.user).get(WAY).text
    assert WORDS not in as_user(sam).get(WAITING).text


def test_what_is_to_staff_is_shown_to_no_group(session, maya, jonah, sam, noon):
    decide(thank(maya, session, at=noon, to="staff"), sam, noon)
    assert not thanking.my_thanks(viewer=jonah.user, at=noon).to_us
    assert thanking.my_thanks(viewer=maya.user, at=noon).given


def test_what_is_kept_back_says_kindly_why_to_its_writer_alone(session, maya, jonah, sam, as_user, noon):
    row = thank(maya, session, at=noon)
    page = as_user(sam).post(reverse("circle:decide-thanks", args=[row.pk]), {"say": "no", "words": " "}, follow=True)
    assert "Say why, kindly" in page.text
    decide(row, sam, noon, release=False, words="Without the name of his street, please.")
    assert "Without the name of his street" in as_user(maya.user).get(WAY).text
    assert "street" not in as_user(jonah.user).get(WAY).text


def test_only_those_who_were_there_read_it_and_nobody_kept_apart(session, maya, jonah, sam, ruth, noon):
    decide(thank(maya, session, at=noon), sam, noon)
    assert thanking.my_thanks(viewer=jonah.user, at=noon).to_us
    Attendance.objects.filter(session=session, patient=jonah).update(status="absent")
    assert not thanking.my_thanks(viewer=jonah.user, at=noon).to_us
    Attendance.objects.filter(session=session, patient=jonah).update(status="late")
    KeepApart.objects.create(patient=maya, other=jonah, reason="…", entered_by=ruth, entered_at=noon)
    assert not thanking.my_thanks(viewer=jonah.user, at=noon).to_us


@pytest.mark.parametrize(
    ("status", "hours", "may"),
    [
        ("present", 0, True),
        ("late", 24 * 13, True),
        ("absent", 0, False),
        ("present", 24 * 15, False),
        ("left", -2, False),
    ],
)
def test_when_somebody_may_thank(session, maya, as_user, noon, time_machine, status, hours, may):
    Attendance.objects.filter(session=session, patient=maya).update(status=status)
    time_machine.move_to(noon + timedelta(hours=hours), tick=False)
    page = reverse("circle:thank", args=[session.pk])
    browser = as_user(maya.user)
    assert (browser.get(page).status_code == 200) == may
    assert (f'href="{page}"' in browser.get(reverse("sessions:mine", args=[session.pk])).text) == may


def test_the_way_so_far_leads_to_whom_one_can_thank(session, maya, as_user):
    assert f'href="{reverse("circle:thank", args=[session.pk])}"' in as_user(maya.user).get(WAY).text


def test_a_form_sent_twice_is_one_and_with_other_words_another(session, maya, noon):
    token = uuid4()
    for _time in range(2):
        thank(maya, session, at=noon, token=token)
    assert Thanks.objects.count() == 1
    for _time in range(2):
        thank(maya, session, at=noon, token=token, text="And for the tea.")
    assert Thanks.objects.count() == 2


def test_words_that_show_danger_are_a_concern_and_help_is_shown(session, maya, as_user):
    data = {"token": uuid4(), "to": "group", "text": "Thank you all. I want to die."}
    page = as_user(maya.user).post(reverse("circle:thank", args=[session.pk]), data)
    assert "You do not have to carry this alone" in page.text
    assert Concern.objects.get().patient == maya


def test_after_a_talk_alone_there_is_no_group_to_thank(session, maya, as_user, noon):
    type(session).objects.filter(pk=session.pk).update(kind="individual")
    with pytest.raises(PermissionDenied):
        thank(maya, session, at=noon)
    assert 'value="group"' not in as_user(maya.user).get(reverse("circle:thank", args=[session.pk])).text


@pytest.mark.parametrize(
    "viewer", ["leader", "leader_kept_apart", "counselor", "supervisor", "director", "group", "absent"]
)
def test_who_reads_what_waits(session, maya, jonah, sam, dana, ruth, walt, as_user, noon, viewer):
    row = thank(maya, session, at=noon)
    absent = make_patient("Ines", "Test", at=noon)
    if viewer == "leader_kept_apart":
        KeepApart.objects.create(patient=maya, member=sam, reason="…", entered_by=ruth, entered_at=noon)
    users = {
        "leader": sam, "leader_kept_apart": sam, "counselor": dana, "supervisor": ruth, "director": walt,
        "group": jonah.user, "absent": absent.user,
    }  # fmt: skip
    browser = as_user(users[viewer])
    assert (WORDS in browser.get(WAITING).text) == (viewer == "leader")
    browser.post(reverse("circle:decide-thanks", args=[row.pk]), {"say": "yes"})
    row.refresh_from_db()
    assert (row.is_released is True) == (viewer == "leader")


def test_what_was_written_to_somebody_who_left_waits_for_supervisors(session, maya, sam, ruth, noon):
    thank(maya, session, at=noon)
    assert not thanking.waiting_thanks(viewer=ruth)
    type(sam).objects.filter(pk=sam.pk).update(is_active=False)
    assert thanking.waiting_thanks(viewer=ruth)


def test_the_list_asks_as_often_for_many_as_for_one(session, maya, sam, as_user, count_queries, noon):
    thank(maya, session, at=noon)
    asked = count_queries(as_user(sam), WAITING)
    for number in range(4):
        thank(maya, session, at=noon, text=f"Number {number}")
    assert count_queries(as_user(sam), WAITING) == asked
