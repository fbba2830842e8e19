"""The referral portal: a professional's link, the one referral that comes by it, and what may come with it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.inquiry import portal, portal_files
from hearth.inquiry.models import Referral
from hearth.inquiry.portal_models import ReferralAttachment, ReferralLink
from hearth.inquiry.referral_services import accept, decline
from hearth.inquiry.referral_store import read_packet
from hearth.inquiry.testing import make_link, make_referral, portal_form
from hearth.inquiry.tests.bundles import whole_bundle, written
from hearth.inquiry.tests.documents import document
from hearth.lib import sealed, tenancy
from hearth.lib.testing import a_jpeg, a_pdf, a_stream, clamd
from hearth.outbox.models import Message
from hearth.people.models import Patient, SafeContact
from hearth.safety.models import Concern

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
ASK, OWN = "/refer/", "/refer/own/"


@pytest.fixture
def visitor(client, organisation):
    return client


@pytest.fixture
def link(organisation):
    """The address of a link that takes a referral."""
    return make_link("mwale@court.example", at=timezone.now())


def file(name, data):
    return SimpleUploadedFile(name, data)


def send(client, link, *papers, **changes):
    return client.post(
        link, portal_form(**changes) | {"step": "form", "danger": "no", "papers": list(papers)} | changes
    )


def paper(name="order.pdf", data=None):
    return file(name, data or a_pdf())


def test_a_professional_asks_for_a_link_and_it_comes_by_mail_naming_nobody(visitor):
    page = visitor.post(ASK, {"email": "mwale@court.example"}, follow=True)
    assert "A link is on its way" in page.text
    mail = Message.objects.get(to="mwale@court.example")
    address = next(line for line in mail.body.splitlines() if "/refer/" in line)
    opened = visitor.get(address[address.index("/refer/") :])
    assert "in danger right now?" in opened.text
    assert opened["X-Robots-Tag"] == "noindex, nofollow"
    assert ReferralLink.objects.get().digest not in address


def test_a_mailbox_is_not_flooded_and_who_asks_once_more_is_told_and_it_is_logged(visitor):
    for _ in range(portal.MOST_TO_ONE_MAILBOX):
        assert visitor.post(ASK, {"email": "mwale@court.example"}).status_code == 302
    again = visitor.post(ASK, {"email": "Mwale@court.example"})
    assert again.status_code == 422
    assert "3 links went to this address within the last hour, and no more was sent." in again.text
    assert 'value="Mwale@court.example"' in again.text
    assert Message.objects.filter(to="mwale@court.example").count() == portal.MOST_TO_ONE_MAILBOX
    assert "mwale" not in str(Event.objects.get(verb="referral.link_held_back").detail)
    assert visitor.post(ASK, {"email": "somebody.else@court.example"}).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert visitor.post(ASK, {"email": "mwale@court.example"}).status_code == 302


def test_a_flood_from_one_network_address_is_told_to_call(visitor, organisation):
    for number in range(portal.MOST_FROM_ONE_ADDRESS):
        portal.ask_for_link(email=f"n{number}@court.example", address="127.0.0.1", at=timezone.now())
    page = visitor.post(ASK, {"email": "mwale@court.example"})
    assert page.status_code == 422
    assert "Many messages came" in page.text


@pytest.mark.parametrize("sent", [{"email": ""}, {"email": "court"}, {"email": "a@b.example", "nothing_here": "x"}])
def test_what_is_no_address_and_what_no_person_wrote_gets_no_link(visitor, sent):
    assert visitor.post(ASK, sent).status_code == 422
    assert not ReferralLink.objects.exists()


def test_a_link_that_never_was_or_is_over_says_so(visitor, link):
    assert visitor.get("/refer/guessed/").status_code == 410
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert visitor.get(link).status_code == 410
        assert send(visitor, link).status_code == 410
    assert not Referral.objects.exists()


def test_danger_is_asked_first_and_leads_to_help_before_anything_is_typed(visitor, link):
    page = visitor.post(link, {"step": "danger", "danger": "yes"})
    assert "Call 911" in page.text
    assert "Your name" not in page.text
    on = visitor.post(link, {"step": "danger", "danger": "yes", "seen": "1"})
    assert 'name="danger" value="yes"' in on.text
    assert "Your name" in on.text
    assert visitor.post(link, {"step": "danger"}).status_code == 422
    assert not Referral.objects.exists()


def test_a_referral_by_form_lands_in_the_inbox_like_any_other(visitor, link, ines, as_user):
    page = send(visitor, link, paper(), file("photo.JPG", a_jpeg()), follow=True)
    assert page.status_code == 302
    row = Referral.objects.get()
    assert (row.source, row.status, row.urgent, row.received_by) == ("portal", "inbox", False, None)
    packet = read_packet(row)
    assert packet.sender
    assert packet.form
    assert (packet.person.name, packet.sender.organisation) == ("Luz Amaya", "Denver Drug Court")
    assert (packet.form.house, packet.form.dates) == ("court", "Hearing on October 12.")
    said = as_user(ines).get(reverse("inquiry:referral", args=[row.pk])).text
    for words in ("Denver Drug Court", "Hearing on October 12.", "A court or lawyer", "order.pdf", "photo.JPG",
                  "mwale@court.example", "Not at home."):  # fmt: skip
        assert words in said
    assert not Patient.objects.exists()


def test_who_sends_a_second_referral_by_one_link_is_told_and_keeps_what_they_typed(visitor, link):
    send(visitor, link)
    again = send(visitor, link, given="Ben", danger="yes")
    assert again.status_code == 422
    assert "nothing of it was sent" in again.text
    assert 'value="Ben"' in again.text
    assert Referral.objects.count() == 1


def test_intake_hears_of_it_and_of_nothing_in_it(visitor, link, ines):
    send(visitor, link, danger="yes")
    mail = Message.objects.get(to=ines.email)
    assert "/referrals/" in mail.body
    assert "before others" in mail.body
    assert "Amaya" not in mail.subject + mail.body


def test_danger_is_answered_first_and_becomes_a_concern_with_the_chart(visitor, link, ines, as_user, now):
    make_referral(written(whole_bundle()), at=timezone.now() - timedelta(days=1))
    send(visitor, link, danger="yes")
    said = as_user(ines).get("/referrals/").text
    assert said.index("Luz Amaya") < said.index("Ana Luz Ruiz")
    row = Referral.objects.get(urgent=True, source="portal")
    person = {"chosen_name": "Luz", "family_name": "Amaya", "birth_date": timezone.localdate(), "state": "CO"}
    accept(referral=row, person=person, conditions=[], patient=None, by=ines, at=now)
    assert "somebody is in danger" in Concern.objects.get().summary


def test_who_calls_after_it_is_taken_over_reads_what_must_be_known_and_how_they_are_reached(
    visitor, link, ines, dana, maya, as_user, now
):
    must_know = "Seizures in withdrawal. " * 40
    send(visitor, link, must_know=must_know, danger="unsure")
    accept(referral=Referral.objects.get(), person={}, conditions=[], patient=maya, by=ines, at=now)
    way_in = as_user(ines).get(reverse("admission:way-in", args=[maya.pk])).text
    for page in (way_in, as_user(dana).get(reverse("web:chart", args=[maya.pk])).text):
        assert must_know.strip() in page
        assert "Hearing on October 12." in page
        assert "Leave no message; speak only with them." in page
        assert "Not at home." in page
    concern = Concern.objects.get()
    assert concern.summary.startswith("Whoever referred was not sure whether somebody is in danger. Seizures")
    assert "Not at home." in as_user(dana).get(reverse("safety:concern", args=[concern.pk])).text


def test_a_file_says_nothing_of_how_they_are_reached(visitor, link, ines, maya, now):
    visitor.post(link, {"step": "file", "danger": "no", "file": file("ana.json", written(whole_bundle()))})
    accept(referral=Referral.objects.get(), person={}, conditions=[], patient=maya, by=ines, at=now)
    assert not SafeContact.objects.exists()


def test_a_link_takes_one_referral_and_then_shows_that_it_came(visitor, link):
    send(visitor, link)
    assert "Nothing new" in visitor.get(link).text
    assert send(visitor, link, given="Other").status_code == 422
    assert Referral.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert visitor.get(link).status_code == 410


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sender_phone": "12"}, "too short"),
        ({"birth_date": "3000-01-01"}, "in the future"),
        ({"why": ""}, "A few words, so that we call the right person first."),
        ({"knows": ""}, "Choose one: it decides how we begin."),
        ({"nothing_here": "x"}, "hidden field"),
    ],
)
def test_what_needs_another_look_is_said_and_what_was_typed_stays(visitor, link, changes, sentence):
    page = send(visitor, link, paper(), **changes)
    assert page.status_code == 422
    assert sentence in page.text
    assert 'value="Denver Drug Court"' in page.text
    assert "Please choose the file again." in page.text
    assert not Referral.objects.exists()
    assert ReferralLink.objects.get().used_at is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (EICAR, "is not a PDF, JPEG or PNG file"),
        (SVG, "is not a PDF, JPEG or PNG file"),
        (b"<!doctype html><script>alert(1)</script>", "is not a PDF, JPEG or PNG file"),
        (b"PK\x03\x04" + bytes(100), "is not a PDF, JPEG or PNG file"),
        (a_pdf() + SVG, "something else behind its end"),
        (a_pdf(trailer=b"/Encrypt 4 0 R"), "locked with a password"),
        (a_pdf(catalog=b"/OpenAction << /S /JavaScript /JS (x) >>"), "Print it to a new PDF"),
        (a_pdf(*[a_stream(bytes(40_000_000), b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")] * 2), "unpacks to"),
        (a_jpeg() + b"PK\x03\x04", "something else behind its end"),
        (bytes(10_000_001), "larger than 10 MB"),
    ],
)
def test_a_hostile_paper_keeps_the_whole_referral_out_and_what_was_typed_in(visitor, link, data, words):
    page = send(visitor, link, paper(), paper("<b>evil</b>.pdf", data))
    assert page.status_code == 422
    assert words in page.text
    assert "<b>evil</b>" not in page.text
    assert 'value="Denver Drug Court"' in page.text
    assert not Referral.objects.exists()
    assert not ReferralAttachment.objects.exists()


def test_too_many_papers_and_too_much_together_are_refused(visitor, link):
    assert "at most 4 files" in send(visitor, link, *[paper() for _ in range(5)]).text
    heavy = a_pdf(b"<< /Length 8000000 >>\nstream\n" + bytes(8_000_000) + b"\nendstream")
    assert "larger than 20 MB" in send(visitor, link, *[paper(data=heavy) for _ in range(3)]).text
    assert not Referral.objects.exists()


@pytest.mark.parametrize(("answer", "taken"), [(b"stream: Eicar FOUND\0", False), (b"stream: OK\0", True)])
def test_where_clamav_is_installed_it_is_asked(visitor, link, tmp_path, settings, answer, taken):
    settings.HEARTH_CLAMD = tmp_path / "clamd"
    with clamd(tmp_path / "clamd", answer) as asked:
        page = send(visitor, link, paper(data=a_pdf(a_stream(EICAR))))
    assert b"".join(asked) == a_pdf(a_stream(EICAR))
    assert Referral.objects.exists() == taken
    assert taken or "is known as harmful" in page.text


def test_a_file_from_the_records_is_read_as_staff_would_read_it(visitor, link):
    page = visitor.post(link, {"step": "file", "danger": "unsure", "file": file("ana.json", written(whole_bundle()))})
    assert page.status_code == 302
    row = Referral.objects.get()
    assert (row.source, row.urgent) == ("portal", True)
    assert read_packet(row).person.name == "Ana Luz Ruiz"


def test_a_c_cda_document_is_taken_by_link_too(visitor, link):
    visitor.post(link, {"step": "file", "danger": "no", "file": file("luz.xml", document())})
    row = Referral.objects.get()
    assert read_packet(row).person.name == "Luz Marina Amaya"


HOSTILE = document(before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', body="&e;")


@pytest.mark.parametrize("data", [b"", b"<html>", b"{", b"%PDF-1.7", EICAR, SVG, HOSTILE, b"[" * 100_000])
def test_a_broken_file_is_refused_in_a_sentence_and_leaves_nothing(visitor, link, data):
    page = visitor.post(link, {"step": "file", "danger": "no", "file": file("ana.json", data)})
    assert page.status_code == 422
    assert "The file " in page.text
    assert not Referral.objects.exists()
    assert ReferralLink.objects.get().used_at is None


def test_the_same_file_is_kept_again_with_what_is_new_and_nobody_outside_is_told(visitor, link, now):
    before = make_referral(written(whole_bundle()), at=now)
    first = visitor.post(link, {"step": "file", "danger": "yes", "file": file("a.json", written(whole_bundle()))})
    assert first.status_code == 302
    row = Referral.objects.exclude(pk=before.pk).get()
    assert ReferralLink.objects.get().referral == row
    assert row.urgent
    assert "already" not in visitor.get(link).text


@pytest.fixture
def attached(visitor, link):
    """The paper of a referral in the inbox."""
    send(visitor, link, paper())
    return ReferralAttachment.objects.get()


def download(client, row):
    return client.get(reverse("inquiry:attachment", args=[row.pk]))


def test_a_paper_is_given_as_a_download_and_every_look_is_written_down(attached, ines, as_user):
    answer = download(as_user(ines), attached)
    assert answer.content == a_pdf()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="paper-1.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store, private"
    assert Event.objects.get(verb="attachment.read").actor_id == ines.pk


def test_a_paper_is_sealed_for_its_own_row(attached, ines):
    assert b"PDF" not in bytes(attached.content)
    assert b"order" not in bytes(attached.name)
    other = ReferralAttachment(referral=attached.referral, content=attached.content)
    with pytest.raises(sealed.CannotOpen):
        portal_files._open(other, "content")


def test_before_it_is_taken_over_a_paper_is_intakes_alone(attached, dana, maya, as_user):
    assert download(as_user(dana), attached).status_code == 403
    assert download(as_user(maya.user), attached).status_code == 403


def test_once_taken_over_a_paper_follows_into_the_chart(attached, ines, dana, theo, maya, as_user, now):
    accept(referral=attached.referral, person={}, conditions=[], patient=maya, by=ines, at=now)
    chart = as_user(dana).get(reverse("web:chart", args=[maya.pk]))
    assert "order.pdf" in chart.text
    assert download(as_user(dana), attached).status_code == 200
    assert Event.objects.filter(verb="attachment.read", actor_id=dana.pk, patient_id=maya.pk).exists()
    assert download(as_user(theo), attached).status_code == 403


def test_declined_it_stays_sealed_where_it_is(attached, ines, dana, as_user, now):
    decline(referral=attached.referral, reason="Needs detox first.", by=ines, at=now)
    assert download(as_user(ines), attached).status_code == 200
    assert download(as_user(dana), attached).status_code == 403


def test_a_stranger_of_another_house_opens_neither_paper_nor_link(attached, as_user):
    elsewhere = make_organisation(slug="elsewhere", name="Elsewhere")
    with tenancy.within(elsewhere.pk):
        nora = make_user("Nora Stone", Role.COORDINATOR, organisation=elsewhere)
    assert download(as_user(nora), attached).status_code == 403
    assert "mwale@court.example" not in as_user(nora).get("/referrals/links/").text


def test_intake_mails_a_link_and_sees_what_became_of_it(ines, as_user, visitor):
    page = as_user(ines).post("/referrals/links/", {"email": "planner@hospital.example"}, follow=True)
    assert "planner@hospital.example" in page.text
    assert "open until" in page.text
    assert ReferralLink.objects.get().made_by == ines
    assert Message.objects.filter(to="planner@hospital.example").exists()


def test_a_counselor_sends_no_links(dana, as_user):
    assert as_user(dana).get("/referrals/links/").status_code == 403


def test_many_links_ask_the_database_no_more_often(ines, as_user, count_queries):
    client = as_user(ines)
    portal.send_link(email="a@court.example", by=ines, at=timezone.now())
    few = count_queries(client, "/referrals/links/")
    for number in range(8):
        portal.send_link(email=f"a{number}@court.example", by=ines, at=timezone.now())
    assert count_queries(client, "/referrals/links/") == few


def test_links_by_which_nothing_came_are_forgotten_and_others_kept(visitor, link, ines, now):
    send(visitor, link)
    portal.send_link(email="a@court.example", by=ines, at=timezone.now())
    assert portal.clear_old(at=timezone.now() + timedelta(days=200)) == 1
    assert ReferralLink.objects.get().used_at is not None


@pytest.fixture
def grace(organisation):
    """Grace Mwale, a clerk of the court who refers often."""
    return make_user("Grace Mwale", Role.REFERRER, organisation=organisation, email="mwale@court.example")


def test_a_referral_partner_is_invited_by_intake(ines, as_user):
    page = as_user(ines).post(
        "/referrals/links/", {"step": "invite", "name": "Grace Mwale", "email": "mwale@court.example"}, follow=True
    )
    assert "Grace Mwale gets an invitation by mail." in page.text
    assert User.objects.get(email="mwale@court.example").roles == [Role.REFERRER]
    again = {"step": "invite", "name": "Grace Mwale", "email": "mwale@court.example"}
    assert "cannot be used" in as_user(ines).post("/referrals/links/", again).text


def test_a_supervisor_sends_links_and_invites_nobody(ruth, as_user):
    assert "Or invite a referral partner" not in as_user(ruth).get("/referrals/links/").text
    as_user(ruth).post("/referrals/links/", {"step": "invite", "name": "Grace", "email": "mwale@court.example"})
    assert not User.objects.filter(email="mwale@court.example").exists()


def test_a_referral_partner_refers_without_a_mail_and_sees_their_own_alone(grace, as_user, organisation):
    client = as_user(grace)
    assert client.get("/today/").url == OWN
    assert "A referral takes a few minutes" in client.get(OWN).text
    opened = client.post(OWN).url
    send(client, opened, paper())
    listed = client.get(OWN).text
    assert "Luz Amaya" in listed
    row = ReferralLink.objects.get()
    assert (row.account, row.email) == (grace, "mwale@court.example")
    assert "Nothing new" in client.get(f"{OWN}{row.pk}/").text
    other = as_user(make_user("Sam Poe", Role.REFERRER, organisation=organisation))
    assert "Luz Amaya" not in other.get(OWN).text
    assert other.get(f"{OWN}{row.pk}/").status_code == 403


def test_nobody_else_has_that_list_and_a_partner_has_no_other(grace, ines, dana, link, visitor, as_user):
    send(visitor, link)
    for user in (ines, dana):
        assert as_user(user).get(OWN).status_code == 403
    client = as_user(grace)
    assert "Luz Amaya" not in client.get(OWN).text
    for page in ("/referrals/", "/referrals/links/", "/students/"):
        assert client.get(page).status_code == 403
    assert client.get(reverse("inquiry:referral", args=[Referral.objects.get().pk])).status_code == 403


def test_many_referrals_of_a_partner_ask_the_database_no_more_often(grace, as_user, count_queries):
    client = as_user(grace)
    send(client, client.post(OWN).url)
    few = count_queries(client, OWN)
    for number in range(5):
        send(client, client.post(OWN).url, given=f"Luz{number}")
    assert count_queries(client, OWN) == few
