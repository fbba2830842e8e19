"""Working sheets: whole in both languages, the student's alone, and one of them read by those it is shared with."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from hearth.admission.testing import make_episode
from hearth.audit.models import Event
from hearth.lib import kept
from hearth.program import pack
from hearth.safety.models import Concern
from hearth.skills import sheet_queries, sheet_services
from hearth.skills.lesson_text import questions
from hearth.skills.models import SharedSheet, Sheet
from hearth.skills.sheet_forms import SheetForm
from hearth.skills.sheet_kinds import Part, Said, kinds, name_of, parts
from hearth.skills.sheet_pages import A_PAGE

SHEETS = reverse("skills:sheets")
LADDER = {
    "aim": "Take the bus",
    "steps": [{"what": "One stop", "expected": 60, "before": 50, "after": 0, "done": True}],
}


def new(kind):
    return reverse("skills:new-sheet", args=[kind])


def begin(patient, at, *, kind="ladder", answers=LADDER):
    return sheet_services.begin(kind=kinds()[kind], answers=answers, by=patient.user, at=at)


@pytest.mark.parametrize("kind", kinds())
def test_every_sheet_has_distinct_fields_and_words_in_both_languages(kind):
    found = kinds()[kind]
    groups = [found.fields, found.steps.fields if found.steps else ()]
    for fields in groups:
        assert len({field.id for field in fields}) == len(fields)
        assert all(field.label["en"] != field.label["es"] for field in fields)
    names = [field.id for field in found.fields]
    assert not {"steps", "token", "version", "over"} & set(names)
    form = SheetForm(kind=found, language="es")
    shown = [*form.first_fields(), *form.last_fields()]
    assert [field.label for field in shown] == [field.label["es"] for field in found.fields]


def test_every_lesson_that_leads_to_a_sheet_is_in_the_packs():
    taught = {lesson.id for one in pack.all_packs() for lesson in one.lessons}
    assert {lesson for kind in kinds().values() for lesson in kind.lessons} <= taught


def test_what_was_written_is_told_in_order_and_zero_is_an_answer():
    assert parts(kinds()["ladder"], LADDER, "en") == [
        Part("", (Said("What would I like to do again?", "Take the bus"),)),
        Part(
            "Step 1",
            (
                Said("What I do", "One stop"),
                Said("How hard I think it is, 0 to 100", "60"),
                Said("Fear when I began, 0 to 100", "50"),
                Said("Fear at the end, 0 to 100", "0"),
                Said("I did it", "", is_yes=True),
            ),
        ),
    ]
    learnt = parts(kinds()["ladder"], LADDER | {"learnt": "It passed"}, "es")
    assert [part.title for part in learnt] == ["", "Paso 1", ""]
    assert name_of(kinds()["ladder"], LADDER) == "Take the bus"
    assert name_of(kinds()["values"], {"steps": [{"area": "Friends"}]}) == "Friends"
    assert parts(kinds()["problem"], {}, "es") == []


def test_a_sheet_is_begun_once_and_gone_on_with(as_user, maya):
    client, form = as_user(maya.user), {"token": uuid4(), "version": 0, "aim": "Take the bus"}
    assert client.post(new("ladder"), {"token": uuid4(), "version": 0}).status_code == 422
    assert client.post(new("ladder"), form | {"step_0_expected": 101}).status_code == 422
    for _ in range(2):
        assert client.post(new("ladder"), form | {"step_0_what": "One stop", "step_0_expected": 60}).status_code == 302
    (row,) = sheet_queries.sheets_of(maya.user)
    assert row.answers["steps"] == [{"what": "One stop", "expected": 60, "before": None, "after": None, "done": False}]
    link = reverse("skills:sheet", args=[row.pk])
    page = client.get(link).text
    assert "One stop" in page
    assert "Planned with your counselor" in page
    assert client.post(link, form | {"version": 1, "aim": "Take the train"}).status_code == 302
    assert "Take the train" in client.get(SHEETS).text
    assert client.get(new("unheard-of")).status_code == 404


def test_a_sheet_changed_on_two_devices_shows_both_and_keeps_what_is_sent_then(as_user, maya, now):
    row, client = begin(maya, now, kind="problem", answers={"problem": "Rent"}), as_user(maya.user)
    link, form = reverse("skills:sheet", args=[row.pk]), {"token": uuid4(), "version": 1}
    client.post(link, form | {"problem": "From the tablet"})
    page = client.post(link, form | {"problem": "From the phone"})
    assert page.status_code == 422
    assert "From the tablet" in page.text
    assert "From the phone" in page.text
    assert 'name="version" value="2"' in page.text
    assert client.post(link, form | {"version": 2, "problem": "Both"}).status_code == 302
    assert sheet_queries.own_sheet(viewer=maya.user, pk=row.pk).answers["problem"] == "Both"


def test_a_sheet_sent_again_with_more_words_keeps_them_and_never_over_newer_ones(as_user, maya):
    client, form = as_user(maya.user), {"token": uuid4(), "version": 0}
    for words in ("Rent", "Rent, and the heating"):
        assert client.post(new("problem"), form | {"problem": words}).status_code == 302
    (row,) = sheet_queries.sheets_of(maya.user)
    assert (row.answers["problem"], row.version) == ("Rent, and the heating", 2)
    page = client.post(new("problem"), form | {"problem": "Rent alone"})
    assert page.status_code == 422
    assert "Rent, and the heating" in page.text
    assert client.post(new("problem"), form | {"version": 2, "problem": "Rent alone"}).status_code == 302
    (row,) = sheet_queries.sheets_of(maya.user)
    assert row.answers["problem"] == "Rent alone"


def test_a_lesson_leads_to_the_sheet_on_which_it_is_tried(as_user, maya, dana, now):
    make_episode(maya, by=dana, at=now)
    page = as_user(maya.user).get(reverse("skills:lesson", args=["try-it-out"])).text
    assert new("experiment") in page
    assert new("risk") not in page
    assert "Write about this in my notebook" in page
    assert "What surprised you?" in page


def test_every_lesson_asks_something_to_think_back_on():
    for one in pack.all_packs():
        for lesson in one.lessons:
            found = questions(lesson)
            assert found, lesson.file
            assert not any("*" in words or words.startswith("-") for words in found)


@pytest.mark.parametrize(("kind", "field"), [("experiment", "guess"), ("risk", "situation")])
def test_a_test_of_a_thought_and_a_plan_for_a_risky_time_that_are_shared_are_read_for_danger(
    as_user, maya, dana, now, kind, field
):
    said = {"token": uuid4(), "version": 0, field: "I am going to kill myself tonight"}
    assert as_user(maya.user).post(new(kind), said).status_code == 302
    assert not Concern.objects.exists()
    (row,) = sheet_queries.sheets_of(maya.user)
    as_user(maya.user).post(reverse("skills:share-sheet", args=[row.pk]), {"share": "yes"})
    assert Concern.objects.get().severity == "emergency"
    (shared,) = SharedSheet.objects.all()
    page = as_user(dana).get(reverse("skills:shared-sheet", args=[maya.pk, shared.pk])).text
    assert said[field] in page


def test_one_shared_sheet_is_read_by_the_care_team_until_it_is_taken_back(as_user, maya, dana, theo, now):
    row, other = begin(maya, now), begin(maya, now, kind="problem", answers={"problem": "Rent"})
    chart = reverse("skills:of-patient", args=[maya.pk])
    as_user(maya.user).post(reverse("skills:share-sheet", args=[row.pk]), {"share": "yes"})
    (shared,) = SharedSheet.objects.all()
    link = reverse("skills:shared-sheet", args=[maya.pk, shared.pk])
    assert link in as_user(dana).get(chart).text
    assert "Take the bus" in as_user(dana).get(link).text
    assert as_user(theo).get(link).status_code == 403
    assert as_user(maya.user).get(link).status_code == 403
    sheet_services.go_on(
        pk=row.pk, kind=kinds()["ladder"], answers=LADDER | {"aim": "Fly"}, version=1, by=maya.user, at=now
    )
    assert "Fly" in as_user(dana).get(link).text
    assert "Stop sharing" in as_user(maya.user).get(reverse("skills:sheet", args=[row.pk])).text
    as_user(maya.user).post(reverse("skills:share-sheet", args=[row.pk]), {"share": "no"})
    assert as_user(dana).get(link).status_code == 403
    sheet_services.share(pk=other.pk, is_shared=True, by=maya.user, at=now)
    sheet_services.delete(pk=other.pk, by=maya.user, at=now)
    assert not SharedSheet.objects.exists()


def test_the_oldest_of_many_sheets_is_still_found_to_be_taken_back(as_user, maya, now):
    oldest = begin(maya, now - timedelta(days=1))
    sheet_services.share(pk=oldest.pk, is_shared=True, by=maya.user, at=now)
    for _ in range(A_PAGE):
        begin(maya, now)
    link, client = reverse("skills:sheet", args=[oldest.pk]), as_user(maya.user)
    assert link not in client.get(SHEETS).text
    assert link in client.get(f"{SHEETS}?page=2").text


def test_sheets_are_their_students_alone_and_the_charts_log_is_silent(as_user, maya, jonah, dana, now):
    row = begin(maya, now)
    assert Sheet.objects.count() == 0
    for name in ("sheet", "share-sheet", "delete-sheet"):
        for other in (jonah.user, dana):
            assert as_user(other).post(reverse(f"skills:{name}", args=[row.pk])).status_code == 403
    assert not Event.objects.filter(verb="skills.own_kept").exclude(patient_id=None).exists()
    assert len(sheet_queries.sheets_of(maya.user)) == 1


def test_a_sheet_written_without_a_connection_is_kept_once(as_user, maya):
    fields = {"version": "0", "when": "At five, at the table"}
    items = [
        {"key": str(uuid4()), "what": what, "fields": fields, "at": timezone.now().timestamp() * 1000, "skew": 0}
        for what in ("sheet.worry", "sheet.unheard-of")
    ]
    body = json.dumps({"owner": kept.owner_of(maya.user.pk), "items": items})
    for _ in range(2):
        answer = as_user(maya.user).post(reverse("skills:queued"), body, content_type="application/json").json()
        assert [result["done"] for result in answer["results"]] == [True, False]
    (row,) = sheet_queries.sheets_of(maya.user)
    assert row.answers["when"] == "At five, at the table"
    later = row.answers | {"when": "At six"}
    sheet_services.go_on(pk=row.pk, kind=kinds()["worry"], answers=later, version=1, by=maya.user, at=timezone.now())
    answer = as_user(maya.user).post(reverse("skills:queued"), body, content_type="application/json").json()
    assert answer["results"][0]["done"]
    assert sheet_queries.own_sheet(viewer=maya.user, pk=row.pk).answers["when"] == "At six"


def test_many_sheets_ask_no_more_queries_than_one(as_user, maya, dana, now, count_queries):
    counts = []
    for many in (1, 4):
        for _ in range(many):
            sheet_services.share(pk=begin(maya, now).pk, is_shared=True, by=maya.user, at=now)
        of_patient = count_queries(as_user(dana), reverse("skills:of-patient", args=[maya.pk]))
        counts.append((count_queries(as_user(maya.user), SHEETS), of_patient))
    assert counts[0] == counts[1]
