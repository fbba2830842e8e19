"""Photos of insurance cards: plain pictures alone, sealed, for the student, their signer and who sees to payment."""

import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission import cards
from hearth.admission.card_models import CardPhoto
from hearth.audit.models import Event
from hearth.lib import sealed, tenancy
from hearth.lib.testing import a_jpeg, a_png, clamd
from hearth.people.models import Relationship
from hearth.people.testing import make_patient

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture
def bill(organisation):
    """Bill Munro, who sees to payment and to nothing else."""
    return make_user("Bill Munro", Role.BILLER, organisation=organisation)


def page_of(patient):
    return reverse("admission:cards", args=[patient.pk])


def sent(**files):
    kinds = {side: SimpleUploadedFile(f"{side}.jpg", data, "image/jpeg") for side, data in files.items()}
    return {"card": "first", **kinds}


def keep(patient, by, at, **photos):
    cards.keep_photos(patient=patient.pk, card="first", photos=photos, by=by, at=at)
    return CardPhoto.objects.get(patient=patient, side=next(iter(photos)))


def test_a_student_sends_both_sides_and_sees_them(as_user, maya):
    client = as_user(maya.user)
    assert "No photos yet" in client.get(page_of(maya)).text
    page = client.post(page_of(maya), sent(front=a_jpeg(), back=a_png(40, 25)), follow=True)
    assert "Kept. You and people who see to payment can see it." in page.text
    front, back = (CardPhoto.objects.get(side=side) for side in ("front", "back"))
    assert (front.kind, back.kind, back.width, back.height) == ("image/jpeg", "image/png", 40, 25)
    assert reverse("admission:card-photo", args=[front.pk]) in page.text
    assert "The card that pays first: Front of the card" in page.text
    assert Event.objects.filter(verb="admission.card_photo_kept", patient_id=maya.pk).count() == 2


def test_a_large_photo_lies_on_no_disk_on_its_way(as_user, maya, monkeypatch):
    def on_disk(*_args, **_more):
        raise AssertionError

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", on_disk)
    pixels = zlib.compress(bytes(3_000_000 + 1000), level=0)
    assert as_user(maya.user).post(page_of(maya), sent(front=a_png(1000, 1000, packed=pixels))).status_code == 302
    assert CardPhoto.objects.get().width == 1000


def test_a_photo_is_shown_as_a_picture_and_nothing_else_and_every_look_is_written_down(as_user, maya, bill, now):
    row = keep(maya, maya.user, now, front=a_jpeg())
    for user, purpose in ((maya.user, "PATRQT"), (bill, "HPAYMT")):
        answer = as_user(user).get(reverse("admission:card-photo", args=[row.pk]))
        assert answer.content == a_jpeg()
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Content-Disposition"] == 'inline; filename="card-front.jpeg"'
        assert answer["Cache-Control"] == "no-store, private"
        assert Event.objects.filter(verb="card.read", actor_id=user.pk, purpose=purpose, patient_id=maya.pk).exists()


def test_the_database_holds_it_sealed_for_its_own_row(maya, now):
    row = keep(maya, maya.user, now, front=a_jpeg())
    assert a_jpeg()[:40] not in bytes(row.picture)
    other = keep(maya, maya.user, now, back=a_png(4, 4))
    other.picture = row.picture
    with pytest.raises(sealed.CannotOpen):
        cards.picture_of(other)


def test_a_newer_photo_takes_the_place_of_the_older_which_is_gone(maya, bill, now):
    first = keep(maya, maya.user, now, front=a_jpeg())
    second = keep(maya, bill, now, front=a_png(9, 9))
    assert CardPhoto.objects.get() == second != first
    assert second.sent_by == bill


def test_a_photo_is_deleted_for_good(as_user, maya, bill, now):
    row = keep(maya, maya.user, now, front=a_jpeg())
    link = reverse("admission:remove-card-photo", args=[row.pk])
    assert as_user(bill).get(link).status_code == 405
    assert as_user(bill).post(link).url == page_of(maya)
    assert not CardPhoto.objects.exists()
    assert Event.objects.get(verb="admission.card_photo_removed").patient_id == maya.pk


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (EICAR, "is not a JPEG or PNG picture"),
        (SVG, "is not a JPEG or PNG picture"),
        (b"<!doctype html><script>alert(1)</script>", "is not a JPEG or PNG picture"),
        (b"PK\x03\x04" + bytes(100), "is not a JPEG or PNG picture"),
        (a_jpeg() + SVG, "something else in this file behind the picture"),
        (a_png(4, 4) + b"PK\x03\x04", "something else in this file behind the picture"),
        (a_png(4, 4, packed=zlib.compress(bytes(40_000_000))), "is damaged"),
        (a_png(60_000, 60_000), "too many pixels"),
        (a_jpeg() + bytes(cards.MOST_BYTES), "larger than 10 MB"),
        (b"", "The submitted file is empty."),
    ],
    ids=["eicar", "svg", "html", "zip", "svg behind", "zip behind", "bomb", "pixels", "heavy", "empty"],
)
def test_what_is_no_plain_picture_is_refused_beside_its_field_and_nothing_is_stored(as_user, maya, data, words):
    page = as_user(maya.user).post(page_of(maya), sent(front=a_jpeg(), back=data))
    assert page.status_code == 422
    assert words in page.text
    assert not CardPhoto.objects.exists()


def test_sending_nothing_asks_for_a_photo(as_user, maya):
    page = as_user(maya.user).post(page_of(maya), {"card": "first"})
    assert (page.status_code, "Choose a photo of the front or the back." in page.text) == (422, True)


def test_staff_who_see_to_payment_send_and_see_them_and_nobody_else_does(
    as_user, maya, jonah, dana, ruth, ines, bill, now
):
    row = keep(maya, ines, now, front=a_jpeg())
    links = [page_of(maya), reverse("admission:card-photo", args=[row.pk])]
    for user in (bill, ines, maya.user):
        assert [as_user(user).get(link).status_code for link in links] == [200, 200]
    for user in (dana, ruth, jonah.user):
        assert [as_user(user).get(link).status_code for link in links] == [403, 403]
        assert as_user(user).post(reverse("admission:remove-card-photo", args=[row.pk])).status_code == 403
    coverage = as_user(bill).get(reverse("sessions:coverage-of-patient", args=[maya.pk])).text
    assert page_of(maya) in coverage


def test_a_guardian_who_signs_for_a_minor_sends_their_card_and_no_other_family_does(as_user, organisation, now):
    lee = make_patient("Lee", "Castellan", at=now, birth_date=now.date() - timedelta(days=15 * 365))
    rosa, uncle = (make_user(name, Role.FAMILY, organisation=organisation) for name in ("Rosa Diaz", "Al Diaz"))
    Relationship.objects.create(patient=lee, person=rosa, kind="parent", is_guardian=True)
    Relationship.objects.create(patient=lee, person=uncle, kind="other")
    assert as_user(rosa).post(page_of(lee), sent(front=a_jpeg())).status_code == 302
    row = CardPhoto.objects.get()
    assert row.sent_by == rosa
    as_user(rosa).get(reverse("admission:card-photo", args=[row.pk]))
    assert Event.objects.get(verb="card.read", actor_id=rosa.pk).purpose == "PATRQT"
    assert as_user(uncle).get(page_of(lee)).status_code == 403


def test_the_papers_and_the_page_of_who_pays_lead_there(as_user, maya):
    for name in ("consent:papers", "sessions:my-coverage"):
        assert page_of(maya) in as_user(maya.user).get(reverse(name)).text


def test_another_organisation_sees_nothing_of_it(as_user, maya, now):
    row = keep(maya, maya.user, now, front=a_jpeg())
    other = make_organisation(slug="elsewhere")
    with tenancy.within(other.pk):
        stranger = make_user("Sam Else", Role.BILLER, organisation=other)
    assert as_user(stranger).get(reverse("admission:card-photo", args=[row.pk])).status_code == 403
    assert as_user(stranger).get(page_of(maya)).status_code == 403


def test_more_photos_ask_no_more_queries_and_read_no_picture(as_user, maya, bill, now):
    client, counts = as_user(bill), []
    for photos in ({"front": a_jpeg()}, {"front": a_jpeg(), "back": a_jpeg()}):
        keep(maya, bill, now, **photos)
        client.get(page_of(maya))
        with CaptureQueriesContext(connection) as found:
            client.get(page_of(maya))
        counts.append(len(found))
        assert not any('"picture"' in one["sql"] for one in found)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"stream: Eicar-Signature FOUND\0", "known as harmful"),
        (b"INSTREAM size limit exceeded. ERROR\0", "could not check this file just now"),
        (b"stream: OK\0", ""),
    ],
)
def test_where_clamav_is_installed_it_is_asked_before_anything_is_kept(
    as_user, maya, tmp_path, settings, answer, words
):
    settings.HEARTH_CLAMD = tmp_path / "clamd"
    with clamd(tmp_path / "clamd", answer) as taken:
        page = as_user(maya.user).post(page_of(maya), sent(front=a_jpeg()))
    assert b"".join(taken) == a_jpeg()
    assert CardPhoto.objects.exists() == (not words)
    assert page.status_code == (422 if words else 302)
    assert not words or words in page.text


def test_no_row_is_held_while_a_photo_is_looked_through(as_user, maya, tmp_path, settings):
    settings.HEARTH_CLAMD = tmp_path / "clamd"
    client, held = as_user(maya.user), []

    def holds():
        return any("FOR UPDATE" in one["sql"] for one in found.captured_queries)

    with CaptureQueriesContext(connections["default"]) as found:  # the one of this thread, as the daemon's sees it
        with clamd(tmp_path / "clamd", b"stream: OK\0", while_asked=lambda: held.append(holds())):
            client.post(page_of(maya), sent(front=a_jpeg()))
        assert held == [False]
        assert holds()


def test_a_daemon_that_is_installed_and_does_not_answer_lets_nothing_in(as_user, maya, tmp_path, settings):
    settings.HEARTH_CLAMD = tmp_path / "clamd"
    (tmp_path / "clamd").touch()
    page = as_user(maya.user).post(page_of(maya), sent(front=a_jpeg()))
    assert "could not check this file just now" in page.text
    assert not CardPhoto.objects.exists()
