"""What students read and write in lessons and on sheets without a connection: kept once, and nothing lost."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from hearth.audit.models import Event
from hearth.lib import kept, tenancy
from hearth.skills import late, queries, services, sheet_queries, sheet_services, thought_services
from hearth.skills.models import Practice, SharedSheet, Sheet, ThoughtRecord
from hearth.skills.rules import Feeling
from hearth.skills.sheet_kinds import kinds
from hearth.skills.testing import make_stay

HOME, QUEUED = reverse("skills:home"), reverse("skills:queued")
LESSON = reverse("skills:lesson", args=["ride-the-wave"])
SHEETS, THOUGHTS = reverse("skills:sheets"), reverse("skills:thoughts")
THOUGHT = {"situation": "Dad did not call", "thought": "Nobody wants me", "feeling_0": "Shame", "before_0": "80"}
ONE, TWO, THREE = uuid4(), uuid4(), uuid4()


@pytest.fixture
def stay(maya, dana, now):
    return make_stay(maya, by=dana, at=now)


def item(what, at=None, *, key=None, **fields):
    at = at or timezone.now()
    return {"key": str(key or uuid4()), "what": what, "fields": fields, "at": at.timestamp() * 1000, "skew": 0}


def send(client, user, *items):
    body = json.dumps({"owner": kept.owner_of(user.pk), "items": items})
    return client.post(QUEUED, body, content_type="application/json").json()["results"]


def test_what_is_practised_without_a_connection_is_stored_once_and_ends_what_was_handed_out(as_user, maya, dana, stay):
    now = timezone.now()
    earlier = now - timedelta(hours=5)
    services.assign_lesson(
        patient=maya, lesson_id="ride-the-wave", due_on=now.date(), by=dana, at=now - timedelta(days=1)
    )
    late = item("practice.ride-the-wave", earlier, before="8", after="5", note="hard night")
    for _ in range(2):
        assert send(as_user(maya.user), maya.user, late) == [{"key": late["key"], "done": True, "words": ""}]
    practice = Practice.objects.get()
    assert (practice.eased, practice.note, practice.is_shared) == (3, "hard night", False)
    assert abs(practice.practised_at - earlier) < timedelta(seconds=1)
    assert queries.due_lessons(maya, now.date()) == []


def test_what_was_practised_before_it_was_handed_out_does_not_end_it(as_user, maya, dana, stay):
    now = timezone.now()
    services.assign_lesson(patient=maya, lesson_id="ride-the-wave", due_on=now.date(), by=dana, at=now)
    send(as_user(maya.user), maya.user, item("practice.ride-the-wave", now - timedelta(hours=5)))
    assert len(queries.due_lessons(maya, now.date())) == 1


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        ("practice.ride-the-wave", {"before": "11"}, "less than or equal to 10"),
        ("practice.unheard-of", {"note": "mine"}, "has this lesson no more"),
    ],
)
def test_a_practice_that_cannot_be_stored_is_answered_with_a_sentence(as_user, maya, stay, what, fields, words):
    (result,) = send(as_user(maya.user), maya.user, item(what, **fields))
    assert not result["done"]
    assert words in result["words"]
    assert not Practice.objects.exists()


def test_a_phone_keeps_the_lessons_that_were_handed_out_or_practised(as_user, maya, dana, stay, now):
    services.practise(patient=maya, lesson_id="feet-on-the-floor", by=maya.user, at=now)
    services.assign_lesson(patient=maya, lesson_id="ride-the-wave", due_on=now.date(), by=dana, at=now)
    page = as_user(maya.user).get(HOME).text
    for lesson in ("feet-on-the-floor", "ride-the-wave"):
        assert f'data-keep="{reverse("skills:lesson", args=[lesson])}"' in page
    assert f'data-keep="{LESSON}"' in as_user(maya.user).get("/today/").text


def test_a_kept_page_holds_the_lesson_and_nothing_that_was_written_in_it(as_user, maya, stay, now):
    services.practise(patient=maya, lesson_id="ride-the-wave", note="a secret", by=maya.user, at=now)
    page = as_user(maya.user).get(f"{LESSON}?kept=yes").text
    assert "Practise at home" in page
    assert "data-is-kept" in page
    assert "a secret" not in page
    home = as_user(maya.user).get(f"{HOME}?kept=yes").text
    assert f'hidden data-kept-here="{LESSON}"' in home
    assert "picked this for you" not in home


def test_a_lesson_about_hard_things_brings_the_way_back_along(as_user, maya, stay):
    page = as_user(maya.user).get(reverse("skills:lesson", args=["your-window"])).text
    assert f'data-keep="{reverse("skills:lesson", args=["feet-on-the-floor"])}"' in page


@pytest.mark.parametrize(
    ("over", "heard", "version"),
    [
        ((), {}, 3),
        ((ONE,), {}, 3),  # it never arrived
        ((ONE, TWO), {str(ONE): 4, str(TWO): 5}, 5),
        ((ONE,), {str(ONE): late.BESIDE}, 0),
    ],
)
def test_words_were_written_on_what_their_phone_made_last(over, heard, version):
    assert late.written_on(3, over, heard) == version


def test_what_a_key_made_stays_what_it_made():
    heard = late.hearing({str(ONE): 4}, None, ONE, TWO, made=6)
    assert heard == {str(ONE): 4, str(TWO): 6}
    assert late.keys(f"{ONE} {TWO}") == (ONE, TWO)
    with pytest.raises(ValueError, match="UUID"):
        late.keys("unheard-of")


@pytest.fixture
def worry(maya, now):
    return sheet_services.begin(kind=kinds()["worry"], answers={"when": "At five"}, by=maya.user, at=now)


def words_of(maya):
    return sorted(row.answers["when"] for row in sheet_queries.sheets_of(maya.user))


def on(row, words, *, key=None, version=1, over=""):
    return item(f"sheet-on.{row.pk}", key=key, version=str(version), over=over, when=words)


def test_a_sheet_begun_online_is_gone_on_with_without_a_connection_and_once(as_user, maya, worry):
    client, later = as_user(maya.user), on(worry, "At six")
    for _ in range(2):
        assert send(client, maya.user, later)[0]["done"]
        assert words_of(maya) == ["At six"]
    sheet_services.go_on(
        pk=worry.pk, kind=kinds()["worry"], answers={"when": "At ten"}, version=2, by=maya.user, at=timezone.now()
    )
    send(client, maya.user, later)  # its answer was lost: it comes again
    assert words_of(maya) == ["At ten"]


def test_a_sheet_begun_without_a_connection_is_gone_on_with_before_and_after_it_is_sent(as_user, maya):
    client, first, second, third = as_user(maya.user), uuid4(), uuid4(), uuid4()
    begun = item("sheet.worry", key=first, version="0", when="At five")
    again = item("sheet.worry", key=second, version="0", over=str(first), when="At six")
    send(client, maya.user, again)  # the first was written over before it was sent
    send(client, maya.user, begun)  # or was it sent, and comes late?
    assert words_of(maya) == ["At six"]
    send(client, maya.user, item("sheet.worry", key=third, version="0", over=f"{first} {second}", when="At ten"))
    assert words_of(maya) == ["At ten"]
    (row,) = sheet_queries.sheets_of(maya.user)
    link = reverse("skills:sheet", args=[row.pk])
    form = {"token": uuid4(), "version": 1, "over": f"{first} {second} {third}", "when": "Never"}
    assert client.post(link, form).status_code == 302  # the page was older than what its phone had sent
    assert words_of(maya) == ["Never"]


def test_what_two_devices_wrote_is_kept_shown_and_settled(as_user, maya, worry):
    client, key, later = as_user(maya.user), uuid4(), uuid4()
    client.post(reverse("skills:sheet", args=[worry.pk]), {"token": uuid4(), "version": 1, "when": "On the tablet"})
    for _ in range(2):
        assert send(client, maya.user, on(worry, "On the phone", key=key))[0]["done"]
    assert words_of(maya) == ["On the phone", "On the tablet"]
    assert client.get(SHEETS).text.count("on two devices") == 2
    page = client.get(reverse("skills:sheet", args=[worry.pk])).text
    assert "Written on two devices" in page
    assert "On the phone" in page
    send(client, maya.user, on(worry, "More on the phone", key=later, over=str(key)))
    assert words_of(maya) == ["More on the phone", "On the tablet"]
    assert client.post(reverse("skills:keep-both-sheets", args=[worry.pk])).status_code == 302
    assert "on two devices" not in client.get(SHEETS).text


def test_of_two_that_were_kept_one_can_be_deleted(as_user, maya, worry):
    client = as_user(maya.user)
    client.post(reverse("skills:sheet", args=[worry.pk]), {"token": uuid4(), "version": 1, "when": "On the tablet"})
    send(client, maya.user, on(worry, "On the phone"))
    client.post(reverse("skills:delete-sheet", args=[worry.pk]))
    assert words_of(maya) == ["On the phone"]
    assert "on two devices" not in client.get(SHEETS).text


def test_what_was_deleted_in_between_is_refused_and_can_be_kept_as_a_new_one(as_user, maya, worry):
    client, key = as_user(maya.user), uuid4()
    sheet_services.delete(pk=worry.pk, by=maya.user, at=timezone.now())
    (result,) = send(client, maya.user, on(worry, "On the phone", key=key))
    assert "You deleted this in between" in result["words"]
    assert result["gone"]
    assert "gone" not in send(client, maya.user, item("sheet.worry", version="0"))[0]
    anew = item("sheet.worry", version="1", over=str(key), when="On the phone")
    for _ in range(2):
        assert send(client, maya.user, anew)[0]["done"]
    assert words_of(maya) == ["On the phone"]


def test_what_is_kept_beside_a_shared_sheet_is_shared_with_nobody(as_user, maya, worry):
    sheet_services.share(pk=worry.pk, is_shared=True, by=maya.user, at=timezone.now())
    send(as_user(maya.user), maya.user, on(worry, "At six"))
    assert SharedSheet.objects.get().answers["when"] == "At six"
    send(as_user(maya.user), maya.user, on(worry, "Not for you"))
    assert SharedSheet.objects.get().answers["when"] == "At six"


def test_late_words_change_nobody_elses_sheet_or_record(as_user, maya, jonah, worry):
    record = look(maya)
    strangers = (
        on(worry, "Mine"),
        item(f"thought-on.{record.pk}", **THOUGHT),
        item("sheet-on.none"),
        item("thought-on."),
    )
    assert [one["done"] for one in send(as_user(jonah.user), jonah.user, *strangers)] == [False] * 4
    taken = [item("sheet.worry", version="0", over=over, when="Mine") for over in (str(record.form_token), "no key")]
    assert [one["done"] for one in send(as_user(jonah.user), jonah.user, *taken)] == [True, False]
    assert words_of(maya) == ["At five"]
    with tenancy.rows_of(jonah.user.pk):
        assert Sheet.objects.count() == 1


def look(patient, **more):
    said = {"is_shared": False} | more
    return thought_services.keep(
        patient=patient,
        words={"situation": "Dad", "thought": "Nobody"},
        feelings=[Feeling("Shame", 80, None)],
        by=patient.user,
        at=timezone.now(),
        token=uuid4(),
        **said,
    )


def thoughts_of(maya):
    return sorted(row.thought for row in ThoughtRecord.objects.filter(patient=maya))


def test_a_thought_record_is_begun_and_gone_on_with_without_a_connection(as_user, maya):
    client, earlier = as_user(maya.user), timezone.now() - timedelta(hours=5)
    begun = item("thought", earlier, **THOUGHT)
    for _ in range(2):
        assert send(client, maya.user, begun)[0]["done"]
    (row,) = ThoughtRecord.objects.all()
    assert (row.thought, row.is_shared) == ("Nobody wants me", False)
    assert abs(row.written_at - earlier) < timedelta(seconds=1)
    assert not Event.objects.filter(verb="skills.thought_record_kept", at__lt=earlier + timedelta(hours=1)).exists()
    more = item(f"thought-on.{row.pk}", **THOUGHT, version="1", balanced="He may be busy")
    for _ in range(2):
        assert send(client, maya.user, more)[0]["done"]
    row.refresh_from_db()
    assert (row.balanced, row.version) == ("He may be busy", 2)


def test_a_thought_record_written_on_two_devices_is_kept_twice_and_shown(as_user, maya):
    client, record = as_user(maya.user), look(maya)
    link = reverse("skills:thought", args=[record.pk])
    late_one = item(f"thought-on.{record.pk}", **THOUGHT | {"thought": "On the phone"}, version="1", is_shared="on")
    form = THOUGHT | {"token": uuid4(), "version": 1}
    assert client.post(link, form | {"thought": "On the tablet"}).status_code == 302
    for _ in range(2):
        assert send(client, maya.user, late_one)[0]["done"]
    assert thoughts_of(maya) == ["On the phone", "On the tablet"]
    assert not ThoughtRecord.objects.get(thought="On the phone").is_shared
    assert client.get(THOUGHTS).text.count("on two devices") == 2
    assert "Written on two devices" in client.get(link).text
    page = client.post(link, form | {"thought": "A third"})  # online, nothing is kept until they have seen both
    assert page.status_code == 422
    assert "On the tablet" in page.text
    assert 'name="version" value="2"' in page.text
    client.post(reverse("skills:keep-both-thoughts", args=[record.pk]))
    assert "on two devices" not in client.get(THOUGHTS).text


def test_words_from_a_phone_do_not_share_again_what_was_closed(as_user, maya):
    client, record = as_user(maya.user), look(maya, is_shared=True)
    client.post(reverse("skills:share-thought", args=[record.pk]), {"share": "no"})
    send(client, maya.user, item(f"thought-on.{record.pk}", **THOUGHT, version="1", is_shared="on"))
    assert not ThoughtRecord.objects.filter(is_shared=True).exists()
    assert ThoughtRecord.objects.count() == 2


def test_a_phone_keeps_what_was_begun_as_it_stands_and_without_the_team(as_user, maya, dana, worry, now):
    record, client = look(maya), as_user(maya.user)
    links = reverse("skills:sheet", args=[worry.pk]), reverse("skills:thought", args=[record.pk])
    for page in (client.get(HOME).text, client.get(SHEETS).text + client.get(THOUGHTS).text):
        for link in links:
            assert f'data-keep="{link}" data-mark="1"' in page
    for link, what in zip(links, (f"sheet-on.{worry.pk}", f"thought-on.{record.pk}"), strict=True):
        page = client.get(f"{link}?kept=yes").text
        assert f'data-row data-what="{what}"' in page
        assert "Delete" not in page
        assert "Dana" not in page
    assert "At five" in client.get(f"{links[0]}?kept=yes").text


def test_pages_of_many_records_and_sheets_ask_no_more_queries_than_of_few(as_user, maya, count_queries, now):
    counts, client = [], as_user(maya.user)
    for many in (1, 8):
        for _ in range(many):
            look(maya)
            sheet_services.begin(kind=kinds()["worry"], answers={"when": "At five"}, by=maya.user, at=now)
        counts.append([count_queries(client, link) for link in (HOME, SHEETS, THOUGHTS)])
    assert counts[0] == counts[1]
