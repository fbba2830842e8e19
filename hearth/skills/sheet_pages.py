"""Working sheets for their student, and for the care team where one is shared."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE
from hearth.consent.queries import access_chart
from hearth.people.queries import own_patient, primary_counselor_of
from hearth.skills import queries, sheet_queries, sheet_services
from hearth.skills.models import Sheet
from hearth.skills.own_pages import STUDENTS
from hearth.skills.sheet_forms import SheetForm
from hearth.skills.sheet_kinds import Kind, Part, in_words, kinds, name_of, parts

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Told:
    """A sheet that can be begun, or one that was, as its reader reads it."""

    id: str
    title: str
    words: str
    is_shared: bool = False
    version: int = 0
    is_twice: bool = False


@require_safe
@signed_in(*STUDENTS)
def sheets(request: Request) -> HttpResponse:
    """Every sheet to begin, and those that were, some to a page: an old one that is shared can be taken back too."""
    patient = own_patient(viewer=request.user)
    shared = set(sheet_queries.shared_sheets_of(patient).values_list("sheet", flat=True))
    rows = sheet_queries.sheets_of(request.user)
    twice = {pk for row in rows if row.beside_id for pk in (row.pk, row.beside_id)}
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "own": [
            Told(
                str(row.pk),
                _title(kinds()[row.kind]),
                name_of(kinds()[row.kind], row.answers),
                row.pk in shared,
                row.version,
                row.pk in twice,
            )
            for row in page
        ],
        "at_hand": queries.AT_HAND,
        "kinds": [Told(one.id, _title(one), in_words(one.lead, _language())) for one in kinds().values()],
        "is_kept": "kept" in request.GET,
    }
    return render(request, "skills/sheets.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def new_sheet(request: Request, sheet_kind: str) -> HttpResponse:
    """Begin a sheet."""
    patient = own_patient(viewer=request.user)
    kind, other = kinds().get(sheet_kind), None
    if kind is None:
        raise Http404("there is no such sheet")
    form = SheetForm(request.POST if request.method == "POST" else None, kind=kind, language=_language())
    if form.is_valid():
        sent = {name: form.cleaned_data[name] for name in ("token", "version", "over")}
        try:
            row = sheet_services.begin(kind=kind, answers=form.answers(), by=request.user, at=request.now, **sent)
        except sheet_services.Stale as stale:
            form, other = _both(request, kind, stale.row)
        else:
            messages.success(request, _("Kept, for you alone. Go on whenever you like."))
            return redirect("skills:sheet", row.pk)
    context = _words(kind) | {"form": form, "other": other, "counselor": primary_counselor_of(patient)}
    context |= {"is_kept": "kept" in request.GET, "draft": f"sheet-{kind.id}", "kind": kind}
    return render(request, "skills/sheet.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in(*STUDENTS)
def sheet(request: Request, sheet: UUID) -> HttpResponse:
    """Go on with a sheet. Where it was changed on another device in between, both are shown."""
    patient = own_patient(viewer=request.user)
    row = sheet_queries.own_sheet(viewer=request.user, pk=sheet)
    kind, language, other = kinds()[row.kind], _language(), None
    data = request.POST if request.method == "POST" else None
    form = SheetForm(data, kind=kind, language=language, answers=row.answers, version=row.version)
    if form.is_valid():
        try:
            sent = {name: form.cleaned_data[name] for name in ("version", "over")}
            row = sheet_services.go_on(
                pk=row.pk, kind=kind, answers=form.answers(), by=request.user, at=request.now, **sent
            )
        except sheet_services.Stale as stale:
            form, other = _both(request, kind, stale.row)
        else:
            messages.success(request, _("Kept."))
            return redirect("skills:sheet", row.pk)
    is_kept = "kept" in request.GET  # what a phone keeps to go on with when there is no connection
    beside = [] if is_kept else sheet_queries.sheets_beside(row, viewer=request.user)
    context = _words(kind) | {"form": form, "row": row, "other": other, "kind": kind, "is_kept": is_kept}
    context |= {
        "counselor": None if is_kept else primary_counselor_of(patient),
        "beside": [(each, parts(kinds()[each.kind], each.answers, language)) for each in beside],
        "draft": f"sheet-{row.pk}-{row.version}",
        "is_shared": sheet_queries.shared_sheets_of(patient).filter(sheet=row.pk).exists(),
    }
    return render(request, "skills/sheet.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in(*STUDENTS)
def share_sheet(request: Request, sheet: UUID) -> HttpResponse:
    """Let the care team read this sheet, or no longer."""
    shared = request.POST.get("share") == "yes"
    sheet_services.share(pk=sheet, is_shared=shared, by=request.user, at=request.now)
    messages.success(request, _("Your counselor can read it now.") if shared else _("It is yours alone again."))
    return redirect("skills:sheet", sheet)


@require_POST
@signed_in(*STUDENTS)
def keep_both_sheets(request: Request, sheet: UUID) -> HttpResponse:
    """What was written on two devices is two sheets from now on."""
    sheet_services.keep_both(pk=sheet, by=request.user, at=request.now)
    return redirect("skills:sheets")


@require_POST
@signed_in(*STUDENTS)
def delete_sheet(request: Request, sheet: UUID) -> HttpResponse:
    """Take a sheet away for good."""
    sheet_services.delete(pk=sheet, by=request.user, at=request.now)
    messages.success(request, _("It is gone."))
    return redirect("skills:sheets")


@require_safe
@signed_in(*CARE)
def shared_sheet(request: Request, patient: UUID, shared_sheet: UUID) -> HttpResponse:
    """One sheet that a student shares, for those who care for them."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="skills")
    row = sheet_queries.shared_sheets_of(person).filter(pk=shared_sheet).first()
    if row is None:
        raise PermissionDenied
    kind = kinds()[row.kind]
    context = {"patient": person, "row": row, "title": _title(kind), "parts": parts(kind, row.answers, _language())}
    return render(request, "skills/shared_sheet.html", context)


def _both(request: Request, kind: Kind, row: Sheet) -> tuple[SheetForm, list[Part]]:
    """What was sent, to be kept over the sheet as it stands now, and what stands there."""
    form = SheetForm({**request.POST.dict(), "version": row.version, "over": ""}, kind=kind, language=_language())
    form.add_error(None, _("You changed this sheet somewhere else in between. Both are here."))
    return form, parts(kind, row.answers, _language())


def _words(kind: Kind) -> dict[str, object]:
    language = _language()
    steps = in_words(kind.steps.label, language) if kind.steps else ""
    lead = in_words(kind.lead, language)
    return {"title": _title(kind), "lead": lead, "step": steps, "with_counselor": kind.with_counselor}


def _title(kind: Kind) -> str:
    return in_words(kind.title, _language())


def _language() -> str:
    return (get_language() or "en")[:2]
