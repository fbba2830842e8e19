from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.skills import queries, services, thought_services
from hearth.skills.models import Assignment, Practice, ThoughtRecord
from hearth.skills.rules import Feeling
from hearth.skills.testing import make_stay

HOME = reverse("skills:home")
LESSON = reverse("skills:lesson", args=["ride-the-wave"])
THOUGHTS = reverse("skills:thoughts")
WORDS = {
    "situation": "Dad did not call back",
    "thought": "Nobody wants me",
    "evidence_for": "",
    "evidence_against": "He called on Sunday",
    "balanced": "He may be busy",
}


@pytest.fixture(autouse=True)
def stay(maya, dana, now):
    return make_stay(maya, by=dana, at=now)


def filled(**more):
    return WORDS | {"token": uuid4(), "feeling_0": "Shame", "before_0": 80, "after_0": 45} | more


def keep(patient, at, *, shared=False):
    return thought_services.keep(
        patient=patient, words=WORDS, feelings=[Feeling("Shame", 80, 45)], is_shared=shared, by=patient.user, at=at
    )


def test_the_tools_show_what_was_handed_out_first(as_user, maya, dana, now):
    services.assign_lesson(patient=maya, lesson_id="ride-the-wave", due_on=now.date(), by=dana, at=now)
    page = as_user(maya.user).get(HOME).text
    assert page.index("Dana Kim picked this for you") < page.index("Thought record")
    assert "Easing stress" in page
    assert "One problem at a time" in page


def test_a_lesson_is_read_in_the_readers_language(as_user, maya):
    client = as_user(maya.user)
    assert "Practise at home" in client.get(LESSON).text
    assert "Practicar en casa" in client.get(LESSON, headers={"accept-language": "es"}).text
    assert client.get(reverse("skills:lesson", args=["unheard-of"])).status_code == 404


def test_a_lesson_is_there_on_paper_for_students_of_a_program_that_has_it(as_user, maya, dana):
    paper = reverse("skills:lesson-on-paper", args=["ride-the-wave"])
    client = as_user(maya.user)
    assert paper in client.get(LESSON).text
    answer = client.get(paper)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert client.get(reverse("skills:lesson-on-paper", args=["no-such-lesson"])).status_code == 404
    assert as_user(dana).get(paper).status_code == 403


def test_a_lesson_about_hard_things_keeps_skipping_and_stopping_in_sight(as_user, maya):
    page = as_user(maya.user).get(reverse("skills:lesson", args=["your-window"])).text
    assert page.count("Skip this part") == page.count("Stop here") == page.count('id="part-')
    assert "Nobody asks what happened" in page
    feet = reverse("skills:lesson", args=["feet-on-the-floor"])
    assert feet in page
    assert "Back to here and now" not in as_user(maya.user).get(feet).text
    assert "Skip this part" not in as_user(maya.user).get(LESSON).text


def test_practising_is_kept_and_finishes_what_was_handed_out(as_user, maya, dana, now):
    services.assign_lesson(patient=maya, lesson_id="ride-the-wave", due_on=now.date(), by=dana, at=now)
    assert [one.lesson.id for one in queries.due_lessons(maya, now.date())] == ["ride-the-wave"]
    form = {"token": uuid4(), "before": 8, "after": 5, "note": "hard night"}
    for _ in range(2):
        assert as_user(maya.user).post(LESSON, form).status_code == 302
    practice = Practice.objects.get()
    assert (practice.eased, practice.note, practice.is_shared) == (3, "hard night", False)
    assert queries.due_lessons(maya, now.date()) == []


def test_a_rating_beyond_ten_is_told_beside_its_field_and_the_note_is_kept(as_user, maya):
    page = as_user(maya.user).post(LESSON, {"token": uuid4(), "before": 11, "note": "what I wrote"})
    assert page.status_code == 422
    assert "less than or equal to 10" in page.text
    assert "what I wrote" in page.text


def test_a_lesson_handed_out_twice_moves_its_day(maya, dana, now):
    for days in (1, 5):
        services.assign_lesson(
            patient=maya, lesson_id="ride-the-wave", due_on=now.date() + timedelta(days=days), by=dana, at=now
        )
    assert Assignment.objects.get().due_on == now.date() + timedelta(days=5)
    assert not queries.due_lessons(maya, now.date())[0].is_late


def test_a_thought_is_looked_at_from_both_sides_and_the_pattern_is_told(as_user, maya):
    client = as_user(maya.user)
    assert client.get(reverse("skills:new-thought")).status_code == 200
    form = filled()
    for _ in range(2):
        client.post(reverse("skills:new-thought"), form)
    record = ThoughtRecord.objects.get()
    assert (record.is_shared, record.feelings[0]["after"]) == (False, 45)
    page = client.get(THOUGHTS).text
    assert "lighter by 35 points" in page
    assert "Nobody wants me" in page


def test_a_thought_can_be_changed_shared_closed_and_deleted(as_user, maya, now):
    record, client = keep(maya, now), as_user(maya.user)
    client.post(reverse("skills:thought", args=[record.pk]), filled(version=1, balanced="He was at work"))
    client.post(reverse("skills:share-thought", args=[record.pk]), {"share": "yes"})
    record.refresh_from_db()
    assert (record.balanced, record.is_shared) == ("He was at work", True)
    client.post(reverse("skills:share-thought", args=[record.pk]), {"share": "no"})
    record.refresh_from_db()
    assert not record.is_shared
    client.post(reverse("skills:delete-thought", args=[record.pk]))
    assert not ThoughtRecord.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"situation": ""}, "This field is required"),
        ({"before_0": "150"}, "less than or equal to 100"),
        ({"feeling_1": "Fear"}, "Please say how strong it was"),
        ({"before_2": "30"}, "Which feeling was this?"),
    ],
)
def test_what_a_thought_record_lacks_is_told_and_the_rest_kept(as_user, maya, change, sentence):
    page = as_user(maya.user).post(reverse("skills:new-thought"), filled(**change))
    assert page.status_code == 422
    assert sentence in page.text
    assert "He called on Sunday" in page.text
    assert not ThoughtRecord.objects.exists()


def test_a_thought_record_is_its_students_alone(as_user, maya, jonah, dana, now):
    record = keep(maya, now, shared=True)
    for name in ("thought", "share-thought", "delete-thought"):
        link = reverse(f"skills:{name}", args=[record.pk])
        for other in (jonah.user, dana):
            assert as_user(other).post(link).status_code == 403
    assert ThoughtRecord.objects.filter(pk=record.pk, is_shared=True).exists()


def test_staff_see_what_is_shared_and_nothing_else(as_user, maya, dana, theo, jonah, now):
    keep(maya, now)
    services.practise(patient=maya, lesson_id="ride-the-wave", note="a secret", before=8, by=maya.user, at=now)
    link = reverse("skills:of-patient", args=[maya.pk])
    page = as_user(dana).get(link).text
    assert "Nobody wants me" not in page
    assert "a secret" not in page
    assert "kept private" in page
    keep(maya, now, shared=True)
    assert "Nobody wants me" in as_user(dana).get(link).text
    for stranger in (theo, jonah.user, maya.user):
        assert as_user(stranger).get(link).status_code == 403


def test_staff_hand_out_a_lesson_for_a_day_to_come(as_user, maya, dana, walt):
    link = reverse("skills:of-patient", args=[maya.pk])
    past = as_user(dana).post(link, {"lesson_id": "ride-the-wave", "due_on": "2020-01-01"})
    assert past.status_code == 422
    assert "This day has passed" in past.text
    assert as_user(dana).post(link, {"lesson_id": "ride-the-wave", "due_on": "2099-01-01"}).status_code == 302
    assert Assignment.objects.get().assigned_by == dana
    assert as_user(walt).post(link, {"lesson_id": "ride-the-wave", "due_on": "2099-01-02"}).status_code == 403


def test_pages_of_many_records_ask_no_more_queries_than_of_few(as_user, maya, dana, now):
    counts = []
    for many in (1, 12):
        for _ in range(many):
            keep(maya, now, shared=True)
            services.practise(patient=maya, lesson_id="ride-the-wave", by=maya.user, at=now)
        for user, link in (
            (maya.user, HOME),
            (maya.user, LESSON),
            (maya.user, THOUGHTS),
            (dana, reverse("skills:of-patient", args=[maya.pk])),
        ):
            client = as_user(user)
            client.get(link)
            with CaptureQueriesContext(connection) as found:
                assert client.get(link).status_code == 200
            counts.append(len(found))
    assert counts[:4] == counts[4:]
    assert queries.practised_since([maya], now)[maya.pk] == 26


def test_before_a_program_begins_the_tools_say_what_will_be_here(as_user, jonah):
    page = as_user(jonah.user).get(HOME)
    assert "Lessons come with your program" in page.text
