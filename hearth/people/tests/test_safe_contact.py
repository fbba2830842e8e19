"""How somebody is reached safely: brought along from the way in, beside the number, changed by staff."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.audit.models import Event
from hearth.people.models import SafeContact
from hearth.people.safe_contact import Said, bring_along, change_safe_contact, with_what_was_known
from hearth.people.services import note_death

NO_MESSAGE = "Leave no message; speak only with them."
SAIDS = st.builds(Said, st.booleans(), st.booleans(), st.sampled_from(["", "Text first.", "Not at home."]))


def page(patient):
    return reverse("people:safe-contact", args=[patient.pk])


def chart(client, patient):
    return client.get(reverse("web:chart", args=[patient.pk])).text


@given(SAIDS, SAIDS)
def test_of_two_answers_the_more_careful_one_holds_and_no_words_are_lost(said, known):
    both = with_what_was_known(said, known)
    assert both.message_ok == (said.message_ok and known.message_ok)
    assert both.name_us_ok == (said.name_us_ok and known.name_us_ok)
    assert said.words in both.words
    assert known.words in both.words
    assert with_what_was_known(said, both) == both


def test_who_calls_reads_it_beside_the_number_and_staff_change_it(maya, ines, dana, as_user, now):
    bring_along(patient=maya, said=Said(False, False, "Not while her partner is at home."), by=ines, at=now)
    told = chart(as_user(dana), maya)
    assert NO_MESSAGE in told
    assert "Not while her partner is at home." in told
    assert "Not while her partner" in as_user(dana).get(page(maya)).text
    as_user(dana).post(page(maya), {"message_ok": "on", "name_us_ok": "on", "words": ""})
    assert NO_MESSAGE not in chart(as_user(dana), maya)
    assert Event.objects.filter(verb="people.safe_contact_written").count() == 2


def test_words_that_are_too_long_are_said_and_kept(maya, dana, as_user):
    again = as_user(dana).post(page(maya), {"words": "x" * 2001})
    assert again.status_code == 422
    assert "x" * 2001 in again.text
    assert not SafeContact.objects.exists()


def test_a_colleague_of_others_the_person_and_a_stranger_do_not_change_it(maya, theo, as_user, client, now):
    assert client.get(page(maya)).status_code == 302
    assert as_user(theo).get(page(maya)).status_code == 403
    assert as_user(maya.user).get(page(maya)).status_code == 403
    with pytest.raises(PermissionDenied):
        change_safe_contact(patient=maya, said=Said(True, True), by=theo, at=now)


def test_nobody_is_told_how_to_reach_somebody_who_has_died(maya, ines, ruth, as_user, now):
    bring_along(patient=maya, said=Said(False, False), by=ines, at=now)
    note_death(patient=maya, died_on=None, by=ruth, at=now)
    assert NO_MESSAGE not in chart(as_user(ruth), maya)
