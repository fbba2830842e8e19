"""The ways in that need no browser: a mother who writes for her son of 15, and a hospital's discharge by FHIR."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from hearth.background.queries import picture_of
from hearth.inquiry.models import CarriedFact, Inquiry, Referral
from hearth.inquiry.testing import make_link, told
from hearth.inquiry.tests.bundles import whole_bundle, written
from hearth.people.models import Patient, Population, SafeContact
from hearth.safety.models import Concern

TALK = reverse("inquiry:talk")


@pytest.fixture
def visitor(client, organisation):
    return client


def carmen_writes(visitor):
    """Carmen writes about her son of fifteen, after the check for somebody she cares about."""
    return visitor.post(
        TALK,
        {
            "asked_for": "other", "first_name": "Carmen", "reach": "call", "phone": "303 555 0188",
            "best_time": "evening", "words": "My son does not leave his room.",
            "answers": json.dumps(told("other", age="teen", what=["depression"], state="CO", how="in_person")),
        },
        follow=True,
    )  # fmt: skip


def test_a_mother_writes_for_her_son_of_fifteen_and_nobody_confirms_that_he_is_here(visitor, ines, as_user, now):
    first = carmen_writes(visitor)
    assert "That was the hard part." in first.text
    asked = Inquiry.objects.get()
    assert not Patient.objects.exists()
    way = reverse("inquiry:start-admission", args=[asked.pk])
    page = as_user(ines).get(way)
    assert "only once they agree" in page.text
    assert "Carmen" not in str(page.context["form"].initial)
    assert page.context["form"]["state"].value() == "CO"
    born = timezone.localdate() - timedelta(days=15 * 366)
    opened = {"chosen_name": "Mateo", "family_name": "Ortiz", "birth_date": born, "state": "CO"}
    as_user(ines).post(way, opened | {"modality": "in_person"})
    mateo = Patient.objects.get()
    assert (mateo.population, mateo.phone) == (Population.ADOLESCENT, "")
    assert not SafeContact.objects.exists()  # the number is his mother's
    own = picture_of(mateo, staff=False).own_values
    assert "what" not in own  # what she said of him is not put into his mouth
    again = carmen_writes(visitor)
    assert "Mateo" not in again.text
    assert again.text.count("That was the hard part.") == first.text.count("That was the hard part.")


def test_a_hospital_discharges_by_fhir_and_nothing_of_it_is_asked_again(visitor, ines, as_user, now):
    link = make_link("discharge@hospital.example", at=timezone.now())
    sent = SimpleUploadedFile("discharge.json", written(whole_bundle()))
    assert visitor.post(link, {"step": "file", "danger": "no", "file": sent}).status_code == 302
    row = Referral.objects.get()
    assert (row.source, row.promised_by > row.received_at) == ("portal", True)
    page = reverse("inquiry:referral", args=[row.pk])
    form = as_user(ines).get(page).context["take_over"]
    taken = {name: form[name].value() or "" for name in form.fields} | {"step": "accept", "state": "CO"}
    accepted = as_user(ines).post(page, taken)
    ana = Patient.objects.get()
    assert accepted.url == reverse("admission:way-in", args=[ana.pk])
    assert (ana.chosen_name, ana.family_name, ana.birth_date) == ("Ana", "Ruiz", date(1990, 5, 1))
    assert {"medication", "allergy", "coverage"} <= set(CarriedFact.objects.values_list("kind", flat=True))
    own = picture_of(ana, staff=False).own_values
    assert "Sertraline" in str(own["medications"])
    assert "Penicillin" in str(own["allergies"])
    assert "Ruiz" not in visitor.get(link).text
    assert not Concern.objects.exists()
