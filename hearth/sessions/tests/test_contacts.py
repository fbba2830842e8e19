"""Notes of a call, a crisis or a talk with somebody close: begun from the chart, signed like any note."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.consent.models import Consent, Disclosure
from hearth.people.models import CareTeamMember, Supervision
from hearth.safety.models import Concern
from hearth.sessions import services
from hearth.sessions.contact_forms import ContactForm
from hearth.sessions.models import ContactNote, CoSignatureAsked, ProgressNote
from hearth.sessions.note_paper import paper_of
from hearth.sessions.queries import notes_of
from hearth.sessions.rules.contacts import PARTS, Kind
from hearth.sessions.testing import make_episode
from hearth.sessions.to_sign import to_sign, unsigned_contacts

AT = datetime(2026, 11, 24, 20, 10, tzinfo=ZoneInfo("America/Denver"))
HTMX = {"HX-Request": "true"}
WHEN = {"day": "2026-11-24", "clock": "19:40", "minutes": "25", "how": "phone"}
SAID = {
    Kind.PHONE: {
        "about": "Afraid of the weekend.",
        "done": "Planned two calls.",
        "risk": "none",
        "plan": "Calls Friday.",
    },
    Kind.CRISIS: {
        "location": "At home, Denver",
        "presenting": "Thoughts of not waking up; no plan.",
        "assessment": "Passive; asks for help; sober.",
        "interventions": "Slowed breathing, called her sister together.",
        "safety_plan": "Pills with her sister tonight.",
        "disposition": "with_somebody",
        "follow_up": "Dana calls at 9.",
        "contacted": "Rosa (sister), 19:55, with her consent.",
        "risk": "new",
    },
    Kind.COLLATERAL: {
        "who": "Rosa Reyes",
        "relation": "family",
        "said": "Sleeps at last, eats little.",
        "disclosed": "",
        "risk": "none",
        "plan": "Rosa calls when worried.",
    },
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as moved:
        yield moved


def url(name, *args):
    return reverse(f"sessions:{name}", args=[getattr(each, "pk", each) for each in args])


def begun(kind, patient, by):
    return services.begin_contact(patient=patient.pk, kind=kind, by=by, at=AT)


def signed(kind, patient, by, **changes):
    note = begun(kind, patient, by)
    services.save_contact(note=note.pk, said=WHEN | SAID[kind] | changes, by=by, at=AT)
    return services.sign_contact(note=note.pk, by=by, at=AT)


def release(patient, *names, kind="release", at=AT - timedelta(days=9), **fields):
    return Consent.objects.create(
        patient=patient, kind=kind, version="1", text="…", recipients=list(names), purpose="Support at home",
        signer=patient.user, signed_name="Maya", signed_at=at, **fields,
    )  # fmt: skip


@pytest.mark.parametrize("kind", Kind)
def test_a_complete_note_is_signed_locked_and_says_all_its_parts(kind, dana, maya):
    make_episode(maya, by=dana, starts_on=date(2026, 10, 19))
    note = signed(kind, maya, dana)
    assert note.session is None
    assert note.held_at == datetime(2026, 11, 24, 19, 40, tzinfo=ZoneInfo("America/Denver"))
    words = str(paper_of(note, standing=None))
    for name, typed in SAID[kind].items():
        if PARTS[kind] and typed and name not in ("risk", "relation", "disposition"):
            assert typed in words
    assert "Alcohol use disorder" in words
    with pytest.raises(services.NoteLocked):
        services.save_contact(note=note.contact_id, said=WHEN, by=dana, at=AT)
    with pytest.raises(services.NoteLocked):
        services.sign_contact(note=note.contact_id, by=dana, at=AT)
    assert services.add_addendum(note=note, text="Rosa wrote later.", by=dana, at=AT).note == note


@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_signed_while_a_part_is_missing(kind, dana, maya):
    for name in (*WHEN, *SAID[kind]):
        if name == "disclosed":
            continue
        with pytest.raises(services.ContactNotComplete) as refused:
            signed(kind, maya, dana, **{name: ""})
        assert name in refused.value.lacks
    assert not ProgressNote.objects.exists()


def test_a_contact_to_come_is_not_signed(dana, maya):
    with pytest.raises(services.ContactNotComplete) as refused:
        signed(Kind.PHONE, maya, dana, clock="23:00")
    assert refused.value.lacks == ["to_come"]


def test_a_new_risk_is_somebodys_to_deal_with_as_soon_as_it_is_signed(dana, maya):
    note = signed(Kind.CRISIS, maya, dana)
    concern = Concern.objects.get(source_id=note.pk)
    assert (concern.severity, concern.summary) == ("urgent", "Thoughts of not waking up; no plan.")
    signed(Kind.CRISIS, maya, dana, disposition="emergency_room")
    assert Concern.objects.filter(severity="emergency").count() == 1


def test_somebody_no_release_names_is_listened_to_and_told_nothing(dana, maya):
    release(maya, kind="part2_tpo")
    release(maya, "Rosa")
    release(maya, "Rosa Reyes", revoked_at=AT - timedelta(days=1))
    release(maya, "Rosa Reyes", expires_on=date(2026, 11, 23))
    with pytest.raises(services.ContactNotComplete) as refused:
        signed(Kind.COLLATERAL, maya, dana, disclosed="That she comes.")
    assert refused.value.lacks == ["not_allowed"]
    note = signed(Kind.COLLATERAL, maya, dana)
    words = str(paper_of(note, standing=None))
    assert "Nothing. They were listened to." in words
    assert note.body["consent"] is None
    assert not Disclosure.objects.exists()


def test_what_a_release_allows_is_told_and_written_down(dana, maya):
    consent = release(maya, "Rosa  REYES")
    note = signed(Kind.COLLATERAL, maya, dana, disclosed="That she comes.")
    told = Disclosure.objects.get()
    assert (told.consent, told.recipient, told.what) == (consent, "Rosa Reyes", "That she comes.")
    assert note.body["consent"]["id"] == str(consent.pk)


def test_a_release_taken_back_after_the_talk_held_during_it(dana, maya):
    release(maya, "Rosa Reyes", revoked_at=AT - timedelta(minutes=5))
    assert signed(Kind.COLLATERAL, maya, dana, disclosed="That she comes.")


def test_the_one_consent_for_treatment_covers_only_who_treats_them(dana, maya):
    release(maya, kind="part2_tpo")
    assert signed(Kind.COLLATERAL, maya, dana, who="Dr. Ode", relation="provider", disclosed="Her plan.")
    for relation in ("family", "friend", "school_or_work", "court", "other"):
        with pytest.raises(services.ContactNotComplete):
            signed(Kind.COLLATERAL, maya, dana, who="Dr. Ode", relation=relation, disclosed="Her plan.")


def test_an_answer_that_was_not_waited_for_doubles_no_word(dana, maya):
    """Signing while a save is still on its way sends the same words again, from the same version."""
    note = begun(Kind.PHONE, maya, dana)
    for typed in ("Afraid.", "Afraid. Of Friday.", "Afraid."):
        saved = services.save_contact(note=note.pk, said=WHEN | {"about": typed}, by=dana, at=AT, base=0)
    assert saved.said["about"] == "Afraid. Of Friday."


def test_the_first_version_says_only_what_its_author_wrote(dana, maya):
    note = begun(Kind.PHONE, maya, dana)
    form = ContactForm(note.said | {"about": "Afraid."}, kind=Kind.PHONE)
    assert form.is_valid()
    saved = services.save_contact(note=note.pk, said=form.said, by=dana, at=AT, base=0)
    assert saved.versions.get().changes == {"about": ["", "Afraid."]}


def test_two_windows_of_one_author_lose_nothing(dana, maya):
    note = begun(Kind.PHONE, maya, dana)
    services.save_contact(note=note.pk, said=WHEN | {"about": "One."}, by=dana, at=AT, base=0)
    saved = services.save_contact(note=note.pk, said=WHEN | {"about": "Two.", "plan": "Rest."}, by=dana, at=AT, base=0)
    assert (saved.said["about"], saved.said["plan"], saved.version) == ("One.\nTwo.", "Rest.", 2)
    assert [row.changes["about"] for row in saved.versions.order_by("number")] == [["", "One."], ["One.", "One.\nTwo."]]


def test_a_double_tap_begins_one_draft_and_a_mistake_is_set_aside(dana, maya):
    note = begun(Kind.PHONE, maya, dana)
    assert begun(Kind.PHONE, maya, dana) == note
    with pytest.raises(ValueError, match="reason"):
        services.set_contact_aside(note=note.pk, why=" ", by=dana, at=AT)
    services.set_contact_aside(note=note.pk, why="Wrong student.", by=dana, at=AT)
    assert not unsigned_contacts(viewer=dana)
    with pytest.raises(services.NoteLocked):
        services.sign_contact(note=note.pk, by=dana, at=AT)


def test_an_unsigned_contact_becomes_due_and_overdue(dana, ruth, maya):
    note = begun(Kind.CRISIS, maya, dana)
    services.save_contact(note=note.pk, said=WHEN, by=dana, at=AT)
    began = AT - timedelta(minutes=30)
    for hours, state in ((23, "new"), (24, "due"), (72, "overdue")):
        waiting = to_sign(viewer=dana, at=began + timedelta(hours=hours))
        assert (waiting.count, waiting.oldest, waiting.state) == (1, began, state)
    assert to_sign(viewer=ruth, at=AT, everyone=True).count == 1
    with pytest.raises(PermissionDenied):
        unsigned_contacts(viewer=dana, everyone=True)


def test_who_is_under_supervision_waits_for_a_co_signature(dana, ruth, maya):
    Supervision.objects.create(clinician=dana, supervisor=ruth, during=(date(2026, 1, 1), None))
    note = signed(Kind.PHONE, maya, dana)
    assert CoSignatureAsked.objects.get(note=note).supervisor == ruth


def test_only_its_author_opens_a_draft_and_a_stranger_begins_none(as_user, dana, theo, ruth, maya, organisation):
    note = begun(Kind.PHONE, maya, dana)
    for other in (theo, ruth, maya.user):
        for name in ("contact-note", "contact-versions", "set-contact-aside"):
            assert as_user(other).get(url(name, note)).status_code == 403
    stranger = make_user("Sam Field", Role.COUNSELOR, organisation=organisation)
    for other in (stranger, maya.user):
        assert as_user(other).post(url("begin-contact", maya), {"kind": "phone"}).status_code == 403
    assert as_user(dana).post(url("begin-contact", maya), {"kind": "gossip"}).status_code == 403
    assert as_user(theo).post(url("contact-note", note), WHEN).status_code == 403


def test_the_page_saves_as_one_writes_says_what_is_missing_and_signs(as_user, dana, maya):
    browser = as_user(dana)
    assert b"a talk with somebody close" in browser.get(reverse("web:chart", args=[maya.pk])).content
    answer = browser.post(url("begin-contact", maya), {"kind": "collateral"})
    note = ContactNote.objects.get()
    assert answer.url == url("contact-note", note)
    page = browser.get(answer.url).text
    assert "You may always listen." in page
    part = browser.post(answer.url, WHEN | {"base": "0"}, headers=HTMX)
    assert "missing: What they said" in part.text
    assert "HX-Refresh" not in part.headers
    sent = WHEN | SAID[Kind.COLLATERAL]
    refused = browser.post(answer.url, sent | {"disclosed": "All.", "base": "1"})
    assert refused.status_code == 422
    assert "no consent lets them be told anything" in refused.text
    release(maya, "Rosa Reyes", information="How she is doing")
    part = browser.post(answer.url, sent | {"base": "2"}, headers=HTMX).text
    assert "A signed release names them." in part
    assert "How she is doing" in part
    done = browser.post(answer.url, sent | {"base": "3"})
    made = ProgressNote.objects.get()
    assert done.url == url("progress-note", made)
    for address in (done.url, url("notes-of-patient", maya), url("note-on-paper", made)):
        assert browser.get(address).status_code == 200
    assert browser.get(url("contact-note", note)).url == done.url
    assert browser.post(answer.url, sent, headers=HTMX).headers["HX-Redirect"] == done.url


def base_in(answer):
    """The version a page goes on from, as the last answer left it."""
    (base,) = re.findall(r'name="base" value="([^"]*)"', answer.text)
    return base


def test_a_page_that_saves_itself_changes_its_own_words_instead_of_doubling_them(as_user, dana, maya):
    note = begun(Kind.PHONE, maya, dana)
    browser = as_user(dana)
    answer = browser.get(url("contact-note", note))
    sent = WHEN | SAID[Kind.PHONE]
    for typed in ("Hello", "Hallo there", "Hi", "Afraid of Friday"):
        answer = browser.post(url("contact-note", note), sent | {"about": typed, "base": base_in(answer)}, headers=HTMX)
        assert "HX-Refresh" not in answer.headers
    browser.post(url("contact-note", note), sent | {"about": "Afraid.", "base": base_in(answer)})
    assert ProgressNote.objects.get().body["said"]["about"] == "Afraid."


def test_what_cannot_be_saved_is_said_and_later_goes_on_from_where_it_was_begun(as_user, dana, maya):
    note = begun(Kind.PHONE, maya, dana)
    browser = as_user(dana)
    page = browser.get(url("contact-note", note))
    services.save_contact(note=note.pk, said=WHEN | {"plan": "Rest."}, by=dana, at=AT)  # in another window
    sent = WHEN | {"about": "Afraid.", "minutes": "900", "base": base_in(page)}
    refused = browser.post(url("contact-note", note), sent, headers=HTMX)
    assert refused.status_code == 200  # else nothing of it is shown
    assert "Not saved: something needs another look." in refused.text
    assert "Minutes: Ensure this value is less than or equal to 600." in refused.text
    whole = browser.post(url("contact-note", note), sent)
    assert (whole.status_code, base_in(whole)) == (422, base_in(refused))
    saved = browser.post(url("contact-note", note), sent | {"minutes": "90", "base": base_in(refused)}, headers=HTMX)
    assert "Not saved" not in saved.text
    note.refresh_from_db()
    assert (note.said["about"], note.said["minutes"], note.said["plan"]) == ("Afraid.", "90", "Rest.")


def test_another_windows_words_are_shown_by_loading_anew(as_user, dana, maya):
    note = begun(Kind.PHONE, maya, dana)
    browser = as_user(dana)
    browser.post(url("contact-note", note), WHEN | {"about": "One.", "base": "0"}, headers=HTMX)
    part = browser.post(url("contact-note", note), WHEN | {"plan": "Rest.", "base": "0"}, headers=HTMX)
    assert part.headers["HX-Refresh"] == "true"
    anew = browser.get(url("contact-note", note)).text
    assert "One.</textarea>" in anew
    assert "Rest.</textarea>" in anew
    versions = browser.get(url("contact-versions", note)).text
    assert "<dt>What it was about</dt><dd><ins>One.</ins></dd>" in versions
    assert "<dt>What comes next</dt><dd><ins>Rest.</ins></dd>" in versions


def test_a_draft_is_set_aside_with_a_reason_on_its_page(as_user, dana, maya):
    note = begun(Kind.PHONE, maya, dana)
    browser = as_user(dana)
    assert browser.post(url("set-contact-aside", note), {"why": ""}).status_code == 422
    assert browser.post(url("set-contact-aside", note), {"why": "Twice."}).status_code == 302
    assert browser.get(url("contact-note", note)).url == url("notes-of-patient", maya)


def test_what_others_said_is_not_shown_to_the_student_unasked(as_user, dana, maya):
    talk, call, crisis = (signed(kind, maya, dana) for kind in (Kind.COLLATERAL, Kind.PHONE, Kind.CRISIS))
    browser = as_user(maya.user)
    for page in ("progress-note", "note-on-paper"):
        assert browser.get(url(page, talk)).status_code == 403
    for own in (call, crisis):
        assert browser.get(url("progress-note", own)).status_code == 200
    assert set(notes_of(viewer=maya.user, patient=maya, at=AT)) == {call, crisis}
    assert set(notes_of(viewer=dana, patient=maya, at=AT)) == {talk, call, crisis}


def test_who_works_here_and_was_a_student_reads_of_it_no_more_than_any_student(as_user, dana, maya):
    talk = signed(Kind.COLLATERAL, maya, dana)
    maya.user.roles = [*maya.user.roles, Role.PEER]
    maya.user.save()
    CareTeamMember.objects.create(patient=maya, member=maya.user, role=Role.PEER, since=AT.date())
    assert as_user(maya.user).get(url("progress-note", talk)).status_code == 403
    assert not notes_of(viewer=maya.user, patient=maya, at=AT)


def test_the_lists_ask_the_same_number_of_queries_however_many_drafts(as_user, dana, maya):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url("notes")).status_code == 200
        return len(asked)

    browser = as_user(dana)
    begun(Kind.PHONE, maya, dana)
    queries()
    one = queries()
    for kind in (Kind.CRISIS, Kind.COLLATERAL):
        begun(kind, maya, dana)
    assert queries() == one


def test_drafts_of_contacts_are_listed_in_pages(as_user, dana, maya):
    for _each in range(26):
        services.save_contact(note=begun(Kind.PHONE, maya, dana).pk, said=WHEN, by=dana, at=AT)
    assert "1 to 25 of 26" in as_user(dana).get(url("notes")).text
    assert "26 to 26 of 26" in as_user(dana).get(url("notes"), {"contacts": 2}).text


def test_the_charts_list_shows_kinds_writers_and_states_in_pages_of_25(as_user, dana, ruth, maya):
    def opened(**query):
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(url("notes-of-patient", maya), query).text
        return page, len(asked)

    browser = as_user(dana)
    signed(Kind.CRISIS, maya, dana)
    begun(Kind.PHONE, maya, dana)
    page, _ = opened()
    for words in ("Not signed", "draft", "Crisis, Tue 24 Nov 2026", "signed", "Dana Kim", "new risk"):
        assert words in page
    page, one = opened(kind="crisis")
    assert "Crisis, Tue 24 Nov 2026" in page
    assert "Call with the student, Tue" not in page
    assert "No notes of this kind" in opened(kind="family")[0]
    for _ in range(26):
        signed(Kind.CRISIS, maya, dana)
    page, many = opened(kind="crisis")
    assert many == one
    assert "1 to 25 of 27" in page
    Supervision.objects.create(clinician=dana, supervisor=ruth, during=(date(2026, 1, 1), None))
    signed(Kind.PHONE, maya, dana)
    assert "waits for co-signature" in opened(kind="phone")[0]


def test_a_colleague_of_the_care_team_sees_that_there_is_a_draft_and_not_what_it_says(as_user, dana, ruth, maya):
    note = begun(Kind.CRISIS, maya, dana)
    services.save_contact(note=note.pk, said=WHEN | SAID[Kind.CRISIS], by=dana, at=AT)
    page = as_user(ruth).get(url("notes-of-patient", maya)).text
    assert "draft" in page
    assert url("contact-note", note) not in page
    assert "Passive" not in page
