"""The copy of a signed paper: what it says, that its digest holds, who may take one, and a name drawn by hand."""

import json
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.consent import seals, services, signed_paper, wordings
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.signing import Terms
from hearth.consent.testing import make_release, sign
from hearth.lib import tenancy
from hearth.lib.paper_blocks import blocks_of

WAVE = [[[x, 100 + x % 40] for x in range(20, 200, 10)]]
TERMS = Terms(("Bright Path Probation", "#panic() *b*"), "That I take part $x$", "My probation", date(2027, 11, 24))
FIREFOX = "Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now):
        yield


def copy(consent):
    return reverse("consent:copy", args=[consent.pk])


def told(rows):
    return dict(map(tuple, rows))


def test_a_copy_says_what_was_signed_by_whom_how_and_when_in_the_time_of_the_house(maya, now):
    consent = sign(
        maya, ConsentKind.RELEASE, by=maya.user, at=now, terms=TERMS,
        intent="I have read this, and I agree.", device="Firefox, Android",
    )  # fmt: skip
    paper = signed_paper.paper_of(consent)
    assert told(paper["signature"]) == {
        "Signed by": "Maya Reyes",
        "Signed in as": "Maya Reyes",
        "How": "Name typed",
        "What was ticked": "I have read this, and I agree.",
        "When": "24 November 2026, 16:48:00 MST",
        "Signed with": "Firefox, Android",
        "Language": "English",
    }
    elements = told(paper["elements"])
    assert elements["With whom"] == "Bright Path Probation\n#panic() *b*"
    assert elements["What"] == "That I take part $x$"
    assert elements["Until"] == "24 November 2027"
    assert elements["Whose information"] == "Maya Reyes"
    assert wordings.wording("release", "en").version in paper["version"]
    pdf = signed_paper.pdf_of(paper)
    assert pdf.startswith(b"%PDF-")
    assert pdf == signed_paper.pdf_of(paper)


def test_a_paper_in_spanish_stays_in_spanish_whoever_takes_the_copy(maya, now):
    consent = sign(maya, ConsentKind.TREATMENT, by=maya.user, at=now, language="es")
    with translation.override("en"):
        paper = signed_paper.paper_of(consent)
    assert paper["language"] == "es"
    assert paper["signature_title"] == "Firma"
    assert told(paper["signature"])["Cuándo"].startswith("24 de noviembre de 2026, 16:48")


def test_a_copy_says_nothing_of_the_houses_work_that_the_text_does_not_say(maya, now):
    paper = signed_paper.paper_of(sign(maya, ConsentKind.PROGRAM_RULES, by=maya.user, at=now))
    around = json.dumps({key: value for key, value in paper.items() if key not in ("blocks", "title")}).casefold()
    for word in ("part 2", "substance", "health", "outpatient", "recovery"):
        assert word not in around
    assert paper["file_title"] == "Signed paper"


def test_the_digest_on_a_copy_is_that_of_what_is_stored(maya, now):
    consent = sign(maya, ConsentKind.RELEASE, by=maya.user, at=now, terms=TERMS, drawn=WAVE, typed_name="")
    stored = Consent.objects.select_related("patient__organisation", "signer").get()
    assert signed_paper.paper_of(stored)["digest"] == seals.digest_of(stored) == stored.digest == consent.digest
    assert not seals.is_altered(stored)
    assert Event.objects.get(verb="consent.signed").detail["digest"] == stored.digest
    services.revoke(pk=stored.pk, by=maya.user, at=now)
    stored.refresh_from_db()
    assert not seals.is_altered(stored)  # taking it back changes nothing that was signed
    assert "Taken back on 24 November 2026" in signed_paper.paper_of(stored)["ended"]


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "I agree to more."},
        {"recipients": ["Somebody else"]},
        {"information": "Everything"},
        {"purpose": "Something else"},
        {"expires_on": date(2037, 1, 1)},
        {"signed_name": "Someone"},
        {"drawing": [[[1, 1], [300, 100]]]},
        {"version": "1999"},
        {"intent": ""},
        {"device": "Safari, Mac"},
        {"signer_is_patient": False},
        {"digest_form": 2},
    ],
)
def test_whatever_is_altered_afterwards_shows_on_the_page_and_on_every_copy(as_user, maya, now, changed):
    consent = sign(
        maya, ConsentKind.RELEASE, by=maya.user, at=now, terms=TERMS, drawn=WAVE, intent="I agree.", device="Firefox"
    )
    Consent.objects.filter(pk=consent.pk).update(**changed)
    stored = Consent.objects.select_related("patient__organisation", "signer").get()
    assert seals.is_altered(stored)
    assert "no longer what was signed" in signed_paper.paper_of(stored)["digest_words"]
    assert "no longer what was signed" in as_user(maya.user).get(reverse("consent:signed", args=[stored.pk])).text


def test_a_paper_signed_before_more_was_counted_in_is_not_called_altered(maya, now, monkeypatch):
    before = sign(maya, ConsentKind.TREATMENT, by=maya.user, at=now)
    monkeypatch.setattr(seals, "FORM", 2)
    after = sign(maya, ConsentKind.TREATMENT, by=maya.user, at=now)
    rows = Consent.objects.select_related("patient__organisation", "signer").in_bulk()
    assert [rows[one.pk].digest_form for one in (before, after)] == [1, 2]
    assert not any(map(seals.is_altered, rows.values()))
    assert signed_paper.paper_of(rows[before.pk])["digest"] == before.digest


def test_of_a_paper_from_before_digests_were_kept_the_copy_says_so(maya, now):
    consent = make_release(maya, "Alex Duarte", at=now)
    assert not seals.is_altered(consent)
    assert "no digest was kept yet" in signed_paper.paper_of(consent)["digest_words"]


def test_signers_and_their_care_team_take_a_copy_and_every_copy_is_written_down(
    as_user, maya, jonah, dana, theo, ines, now
):
    consent = sign(maya, ConsentKind.TREATMENT, by=maya.user, at=now)
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(elsewhere.pk):
        stranger = make_user("Sam Stone", Role.STUDENT, organisation=elsewhere)
    for somebody in (jonah.user, theo, stranger):
        assert as_user(somebody).get(copy(consent)).status_code == 403
    assert not Event.objects.filter(verb="consent.copy_taken").exists()
    for somebody in (maya.user, dana, ines):
        page = as_user(somebody).get(copy(consent))
        assert page.status_code == 200
        assert page["Content-Type"] == "application/pdf"
        assert page["Content-Disposition"] == 'attachment; filename="signed.pdf"'
        assert "no-store" in page["Cache-Control"]
        assert page.content.startswith(b"%PDF-")
    taken = Event.objects.filter(verb="consent.copy_taken", patient_id=maya.pk)
    assert {event.actor_id for event in taken} == {maya.user.pk, dana.pk, ines.pk}
    assert Event.objects.filter(verb="consents.read", actor_id=dana.pk, patient_id=maya.pk).exists()


def test_a_guardian_finds_and_takes_what_they_signed_and_not_what_the_young_person_signed(as_user, noor, sami, now):
    own = sign(noor, ConsentKind.RELEASE, by=noor.user, at=now, terms=TERMS)
    theirs = sign(noor, ConsentKind.TREATMENT, by=sami, at=now)
    page = as_user(sami).get("/consents/").text
    assert copy(theirs) in page
    assert str(own.pk) not in page
    assert as_user(sami).get(copy(theirs)).status_code == 200
    assert as_user(sami).get(copy(own)).status_code == 403
    assert copy(theirs) in as_user(noor.user).get("/consents/").text
    assert told(signed_paper.paper_of(theirs)["signature"])["Signed by"] == (
        "Sami Haddad, parent or guardian of Noor Haddad"
    )


def test_a_name_is_drawn_instead_of_typed(as_user, maya):
    phone = as_user(maya.user)
    address = reverse("consent:paper", args=[maya.pk, "treatment"])
    page = phone.get(address)
    assert "data-signature-sheet" in page.text
    assert "Type your name to sign" in page.text
    drawn = {
        "do": "keep",
        "agreed": "on",
        "drawing": json.dumps(WAVE),
        "language": "en",
        "shown": page.context["shown"],
    }
    assert phone.post(address, drawn, headers={"User-Agent": FIREFOX}).status_code == 302
    consent = Consent.objects.get()
    assert (consent.drawing, consent.signed_name) == (WAVE, "Maya Reyes")
    assert consent.device == "Firefox, Android"
    assert consent.intent == "I have read this, and I agree."
    shown = phone.get(reverse("consent:signed", args=[consent.pk])).text
    assert 'd="M20 120L30 130' in shown
    assert consent.digest in shown
    paper = signed_paper.paper_of(consent)
    assert 'd="M20 120L30 130' in paper["drawing"]
    assert signed_paper.pdf_of(paper).startswith(b"%PDF-")


@pytest.mark.parametrize("sent", ["<svg onload=alert(1)>", "[[[1,2],[3,4]]]", "[" * 9000, '{"a": 1}'])
def test_what_is_no_drawing_signs_nothing_and_what_was_typed_is_kept(as_user, maya, sent):
    phone = as_user(maya.user)
    address = reverse("consent:paper", args=[maya.pk, "treatment"])
    shown = phone.get(address).context["shown"]
    typed = {"do": "keep", "agreed": "on", "typed_name": "Maya R.", "language": "en", "shown": shown, "drawing": sent}
    page = phone.post(address, typed)
    assert page.status_code == 422
    assert "What you drew could not be read." in page.text
    assert 'value="Maya R."' in page.text
    assert "<svg onload" not in page.text
    assert not Consent.objects.exists()


def test_what_was_drawn_comes_back_when_the_tick_is_missing_and_nothing_is_signed_without_a_name(as_user, maya):
    phone = as_user(maya.user)
    address = f"/consents/{maya.pk}/treatment/"
    shown = phone.get(address).context["shown"]
    sent = {"step": "sign", "shown": shown, "language": "en", "drawing": json.dumps(WAVE)}
    again = phone.post(address, sent)
    assert "Tick the box if you agree." in again.text
    assert json.dumps(WAVE) in again.context["form"]["drawing"].value()
    bare = phone.post(address, sent | {"drawing": "", "agreed": "on"})
    assert "Type your name, or draw it, to sign." in bare.text
    assert not Consent.objects.exists()


def test_what_is_set_on_paper_is_words_and_never_markup():
    blocks = blocks_of("## A\n\nOne **two** *three*\n\n3. first\n4. sec\\#ond\n\n- x\n\n---\n\n`#panic()`")
    assert [block["kind"] for block in blocks] == ["heading", "text", "list", "list", "rule", "text"]
    assert [run for run in blocks[1]["runs"] if run["strong"]] == [{"text": "two", "strong": True, "em": False}]
    assert [(block["is_numbered"], block["start"]) for block in blocks[2:4]] == [(True, 3), (False, 1)]
    second = blocks[2]["items"][1][0]["runs"]
    assert "".join(run["text"] for run in second) == "sec#ond"
    assert blocks[5]["runs"] == [{"text": "#panic()", "strong": False, "em": False}]
