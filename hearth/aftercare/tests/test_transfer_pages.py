"""What goes to the next provider, on the pages of staff and of the student."""

import pytest
from django.urls import reverse
from django.utils import timezone

from hearth.aftercare import transfer
from hearth.aftercare.tests.test_transfer import ORTIZ, agree, parts_now
from hearth.aftercare.transfer_rules import Part
from hearth.consent.models import ConsentKind
from hearth.consent.testing import sign
from hearth.plan.services import note_problem


def test_the_team_puts_it_together_reads_it_and_takes_both_files(as_user, plan, dana):
    agree(plan, *Part, at=timezone.now())
    client, page = as_user(dana), reverse("aftercare:packet", args=[plan.patient.pk])
    assert page.encode() in client.get(reverse("aftercare:of-patient", args=[plan.patient.pk])).content
    assert client.post(page).status_code == 302
    shown = client.get(page)
    assert b"Naltrexone" in shown.content
    assert b"Acme Health" in shown.content
    assert b"M-100" not in shown.content
    files = [
        client.post(reverse("aftercare:take-packet", args=[plan.patient.pk, shown.context["newest"].pk, form]))
        for form in ("pdf", "fhir")
    ]
    assert [one["Content-Type"] for one in files] == ["application/pdf", "application/fhir+json"]
    assert all("no-store" in one["Cache-Control"] for one in files)
    assert "Maya" not in files[1]["Content-Disposition"]
    assert b"Transfer packet (PDF)" in client.get(page).content


def test_without_an_agreement_the_page_says_so_and_gives_nothing(as_user, plan, dana):
    client, page = as_user(dana), reverse("aftercare:packet", args=[plan.patient.pk])
    assert b"No agreement in force lets anything go to" in client.get(page).content
    assert b"Nothing left the house." in client.post(page, follow=True).content


def test_a_colleague_and_a_stranger_open_no_packet(as_user, plan, theo, jonah):
    for who in (theo, jonah.user):
        client = as_user(who)
        assert client.get(reverse("aftercare:packet", args=[plan.patient.pk])).status_code == 403
        assert client.get(reverse("aftercare:ahead", args=[plan.patient.pk])).status_code == 403


def test_the_student_chooses_parts_reads_the_agreement_and_signs_it(as_user, plan, now):
    client, page = as_user(plan.patient.user), reverse("aftercare:ahead", args=[plan.patient.pk])
    assert page.encode() in client.get(reverse("aftercare:mine")).content
    assert client.post(page, {}).status_code == 422
    chosen = client.post(page, {"parts": ["conditions", "next"]})
    terms = chosen.context["terms"]
    sent = {
        "recipients": ORTIZ, "information": terms.information, "purpose": terms.purpose,
        "expires_on": terms.expires_on.isoformat(),
    }  # fmt: skip
    signing = reverse("consent:sign", args=[plan.patient.pk, "release"])
    reading = client.post(signing, sent)
    more = {"step": "sign", "agreed": "on", "typed_name": "Maya Reyes", "language": "en"}
    more["shown"] = reading.context["shown"]
    assert client.post(signing, sent | more).status_code == 302
    assert client.get(page).context["grant"].parts == {Part.CONDITIONS, Part.NEXT}


def test_the_page_asks_as_often_for_a_full_chart_as_for_an_empty_one(as_user, plan, dana, count_queries, now):
    agree(plan, *Part, at=timezone.now())
    transfer.put_together(episode=plan.episode, by=dana, at=timezone.now())
    client, page = as_user(dana), reverse("aftercare:packet", args=[plan.patient.pk])
    few = count_queries(client, page)
    for number in range(5):
        note_problem(episode=plan.episode, text=f"Problem {number}", by=dana, at=now)
        packet = transfer.put_together(episode=plan.episode, by=dana, at=timezone.now())
        transfer.take(pk=packet.pk, form=transfer.Form.FHIR, by=dana, at=timezone.now())
    assert count_queries(client, page) == few


def test_a_student_says_that_nothing_goes_whatever_they_signed(as_user, plan, dana, now):
    sign(plan.patient, ConsentKind.PART2_TPO, by=plan.patient.user, at=timezone.now())
    packet = transfer.put_together(episode=plan.episode, by=dana, at=timezone.now())
    client, hold = as_user(plan.patient.user), reverse("aftercare:hold-back")
    page = reverse("aftercare:ahead", args=[plan.patient.pk])
    client.post(hold, {"ahead": "no"})
    assert b"You said: nothing goes ahead" in client.get(page).content
    with pytest.raises(transfer.NotAgreed):
        transfer.take(pk=packet.pk, form=transfer.Form.PDF, by=dana, at=timezone.now())
    staff = as_user(dana).get(reverse("aftercare:packet", args=[plan.patient.pk]))
    assert b"said that nothing goes ahead." in staff.content
    assert as_user(dana).post(hold, {"ahead": "yes"}).status_code == 403
    as_user(plan.patient.user).post(hold, {"ahead": "yes"})
    plan.refresh_from_db()
    assert parts_now(plan, at=timezone.now()) == frozenset(Part)
