"""An insurance card photographed on a phone: what the camera noted never leaves it."""

import struct

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hearth.admission.card_models import CardPhoto
from hearth.admission.cards import picture_of
from hearth.lib import tenancy
from hearth.lib.testing import a_jpeg, a_png
from hearth.people.testing import make_patient
from tests.journeys.people import PHONE, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "auditor"])

PLACE = b"39.7392,-104.9903"


def with_a_place(jpeg: bytes) -> bytes:
    """The same photo as a phone keeps it, with where it was taken."""
    note = b"Exif\0\0" + PLACE
    return jpeg[:2] + struct.pack(">BBH", 0xFF, 0xE1, len(note) + 2) + note + jpeg[2:]


def test_a_photo_is_drawn_anew_on_the_phone_and_seen_before_and_after_it_is_sent(
    browser: Browser, base_url: str, stored_organisation, tmp_path
):
    with tenancy.within(stored_organisation.pk):
        maya = make_patient("Maya", "Reyes", at=timezone.now())
    (tmp_path / "IMG_0042.jpg").write_bytes(with_a_place(a_jpeg()))
    (tmp_path / "screen.png").write_bytes(a_png(2500, 10))
    (tmp_path / "card.png").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    phone = Person(browser, base_url, screen=PHONE).comes_as(maya.user)
    phone.opens(reverse("admission:cards", args=[maya.pk]))

    bodies: list[bytes] = []
    phone.page.on("request", lambda one: bodies.append(one.post_data_buffer or b"") if one.method == "POST" else None)
    front, back = (phone.page.get_by_label(words) for words in ("Front of the card", "Back of the card"))
    front.set_input_files(tmp_path / "IMG_0042.jpg")
    back.set_input_files(tmp_path / "card.png")
    expect(phone.page.get_by_role("img", name="The photo that will be sent")).to_be_visible()
    phone.taps("Send")
    phone.sees("This file is not a JPEG or PNG picture. Nothing of it was kept.")

    front.set_input_files(tmp_path / "IMG_0042.jpg")
    back.set_input_files(tmp_path / "screen.png")
    phone.presses("Send")  # at once: it waits until both are drawn
    phone.sees("Kept. You and people who see to payment can see it.")
    assert len(bodies) == 2
    assert not any(PLACE in body for body in bodies)
    phone.page.locator("summary").filter(has_text="Front of the card").click()
    shown = phone.page.get_by_role("img", name="The card that pays first: Front of the card")
    expect(shown).to_be_visible()
    assert shown.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") == 16
    with tenancy.within(stored_organisation.pk):
        kept = CardPhoto.objects.get(side="back")
        assert (kept.kind, kept.width, kept.height) == ("image/jpeg", 2000, 8)
        assert picture_of(kept).startswith(b"\xff\xd8")
    phone.goes()
