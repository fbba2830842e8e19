"""What a sender hears of their referral: that it came, and beyond that only what the person agreed to."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hearth.audit.models import Event
from hearth.consent.models import Disclosure
from hearth.consent.testing import make_release
from hearth.inquiry.models import Referral
from hearth.inquiry.portal_models import ReferralLink, SharedStatus
from hearth.inquiry.referral_services import accept, decline
from hearth.inquiry.testing import make_link, portal_form
from hearth.people.services import note_death

COURT = "Denver Drug Court"
IN_TOUCH = "We are in touch with the person."


@pytest.fixture
def link(client, organisation):
    """A link by which a court has referred Maya."""
    found = make_link("mwale@court.example", at=timezone.now())
    client.post(found, portal_form() | {"step": "form", "danger": "no"})
    return found


@pytest.fixture
def taken_over(link, maya, ines):
    """That referral, taken over into Maya's chart."""
    row = Referral.objects.get()
    accept(referral=row, person={}, conditions=[], patient=maya, by=ines, at=timezone.now())
    return row


@pytest.fixture
def release(maya):
    return make_release(maya, COURT, at=timezone.now() - timedelta(hours=1))


def page_of(referral):
    return reverse("inquiry:share-status", args=[referral.pk])


def share(client, referral, release, standing="in_touch", place=0):
    way = ReferralLink.objects.get()
    sent = {"link": str(way.pk), "release": f"{release.pk}:{place}", "standing": standing}
    return client.post(page_of(referral), sent)


def seen(client, link):
    """The words that the sender sees, without what changes with every request."""
    return re.sub(r"<script.*?</script>|nonce=\S+|value=\"\S{64}\"|\s+", " ", client.get(link).text, flags=re.DOTALL)


def test_with_a_consent_the_sender_hears_what_staff_chose_and_it_is_a_disclosure(
    client, link, taken_over, release, ines, as_user
):
    assert COURT in as_user(ines).get(page_of(taken_over)).text
    assert share(as_user(ines), taken_over, release).status_code == 302
    client.logout()
    assert IN_TOUCH in seen(client, link)
    assert "42 CFR part 2 prohibits" in seen(client, link)
    told = Disclosure.objects.get()
    assert (told.recipient, told.consent, told.by) == (COURT, release, ines)
    assert Event.objects.filter(verb="referral.status_seen", patient_id=release.patient_id).count() == 2


def test_nothing_new_reads_the_same_whatever_its_reason(client, link, maya, ines, release, as_user):
    waiting = seen(client, link)
    row = Referral.objects.get()
    accept(referral=row, person={}, conditions=[], patient=maya, by=ines, at=timezone.now())
    assert seen(client, link) == waiting
    share(as_user(ines), row, release, "begun")
    client.logout()
    assert "has begun" in seen(client, link)
    release.revoked_at = timezone.now()
    release.save()
    assert seen(client, link) == waiting


def test_a_declined_referral_reads_like_one_that_waits(client, link, ines):
    waiting = seen(client, link)
    decline(referral=Referral.objects.get(), reason="Sent by mistake.", by=ines, at=timezone.now())
    assert seen(client, link) == waiting


def test_after_a_death_the_page_says_nothing_new(client, link, taken_over, release, maya, ines, ruth, as_user):
    waiting = seen(client, link)
    share(as_user(ines), taken_over, release)
    maya.refresh_from_db()
    note_death(patient=maya, died_on=None, by=ruth, at=timezone.now())
    client.logout()
    assert seen(client, link) == waiting
    assert share(as_user(ines), taken_over, release).status_code == 422


def test_a_consent_that_ended_or_names_another_place_cannot_be_chosen(link, taken_over, release, ines, as_user):
    assert share(as_user(ines), taken_over, release, place=1).status_code == 422
    release.expires_on = timezone.localdate() - timedelta(days=2)
    release.save()
    assert "No consent in force" in as_user(ines).get(page_of(taken_over)).text
    assert share(as_user(ines), taken_over, release).status_code == 422
    assert not SharedStatus.objects.exists()
    assert not Disclosure.objects.exists()


def test_before_it_is_taken_over_nothing_can_be_shared(link, release, ines, as_user):
    row = Referral.objects.get()
    assert "nobody who could have agreed" in as_user(ines).get(page_of(row)).text
    assert share(as_user(ines), row, release).status_code == 422
    assert not SharedStatus.objects.exists()


def test_what_was_shared_last_counts(client, link, taken_over, release, ines, as_user):
    share(as_user(ines), taken_over, release)
    share(as_user(ines), taken_over, release, "elsewhere")
    client.logout()
    assert IN_TOUCH not in seen(client, link)
    assert "goes on somewhere else" in seen(client, link)


def test_a_counselor_does_not_decide_what_senders_hear(link, taken_over, release, dana, as_user):
    assert as_user(dana).get(page_of(taken_over)).status_code == 403
    assert share(as_user(dana), taken_over, release).status_code == 403
    assert not SharedStatus.objects.exists()
