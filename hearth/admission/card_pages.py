"""Photos of insurance cards: sending and seeing them, for the student, who signs for them, and staff."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.admission import cards
from hearth.admission.card_forms import CardForm
from hearth.consent.queries import SIGNERS
from hearth.people.rules import PAYMENT

ALLOWED = sorted({*SIGNERS, *PAYMENT})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*ALLOWED)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """The photos of one person's cards, and a form that sends newer ones."""
    person = cards.access_cards(viewer=request.user, pk=patient, at=request.now)
    form = CardForm(request.POST, request.FILES) if request.method == "POST" else CardForm()
    if form.is_valid() and _kept(request, patient, form):
        messages.success(request, _("Kept. You and people who see to payment can see it."))
        return redirect("admission:cards", patient)
    is_staff = request.user.has_any(PAYMENT)
    context = {
        "patient": person,
        "form": form,
        "cards": cards.cards_of(person),
        "is_own": person.user_id == request.user.pk,
        "is_staff": is_staff,
        "room": "web/staff.html" if is_staff else "web/student.html",
        "back": reverse("sessions:coverage-of-patient", args=[patient]) if is_staff else reverse("consent:papers"),
        "back_label": _("Who pays") if is_staff else _("Papers"),
    }
    return render(request, "admission/cards.html", context, status=422 if form.is_bound else 200)


def _kept(request: Request, patient: UUID, form: CardForm) -> bool:
    card = form.cleaned_data["card"]
    try:
        cards.keep_photos(patient=patient, card=card, photos=form.photos(), by=request.user, at=request.now)
    except cards.Unusable as error:
        form.refuse(error.side, error.why)
        return False
    return True


@require_POST
@signed_in(*ALLOWED)
def remove(request: Request, photo: UUID) -> HttpResponse:
    """Delete one photo for good."""
    row = cards.remove_photo(pk=photo, by=request.user, at=request.now)
    messages.success(request, _("The photo is gone."))
    return redirect("admission:cards", row.patient_id)


@require_safe
@signed_in(*ALLOWED)
def picture(request: Request, photo: UUID) -> HttpResponse:
    """One photo, as a picture and nothing else: whatever its bytes hold, no browser runs it or keeps it."""
    row, data = cards.look_at(pk=photo, viewer=request.user, at=request.now)
    response = HttpResponse(data, content_type=row.kind)
    response["Content-Disposition"] = f'inline; filename="card-{row.side}.{row.kind.split("/")[1]}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response
