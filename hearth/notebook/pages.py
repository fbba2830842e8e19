"""The notebook's page, and the addresses its scripts speak JSON with.

An answer that is not 2xx says {"problem": word}: `stale`, `other-key`, or the part that was unusable.
"""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.consent.queries import access_chart
from hearth.lib import kept
from hearth.measures.queueing import MOST
from hearth.notebook import queries, rules, services
from hearth.notebook.models import Entry, NotebookKey
from hearth.people.queries import own_patient
from hearth.safety import help_at_once

OWNERS = (Role.STUDENT, Role.ALUMNUS)
AT_ONCE = 100  # entries in one answer
A_PAGE = 20  # shared entries of one page
UNREADABLE = gettext_lazy("This could not be read.")


@require_safe
@signed_in(*OWNERS)
def home(request: Request) -> HttpResponse:
    """The notebook. The page itself carries nothing of it: its scripts fetch and decrypt."""
    own_patient(viewer=request.user)
    context = {"zone": request.user.zone.key, "is_kept": "kept" in request.GET}
    return render(request, "notebook/home.html", context)


@require_http_methods(["GET", "PUT", "DELETE"])
@signed_in(*OWNERS)
def key(request: Request) -> HttpResponse:
    """The wrapped data key: read, set up or wrap anew, or delete together with every entry."""
    if request.method == "GET":
        found = queries.own_key(viewer=request.user)
        return JsonResponse({"key": _key(found) if found else None})
    try:
        if request.method == "DELETE":
            version = rules.read_version(request.body)
            services.begin_anew(version=version, by=request.user, at=request.now)
            return HttpResponse(status=204)
        kept = services.keep_key(sent=rules.read_key(request.body), by=request.user, at=request.now)
    except rules.Unusable as problem:
        return _problem(problem.field, 422)
    except services.Stale:
        return _problem("stale", 409)
    return JsonResponse({"key": _key(kept)})


@require_safe
@signed_in(*OWNERS)
def entries(request: Request) -> HttpResponse:
    """Encrypted entries, newest first, from `?from=` on; `next` is where the rest begins, or null."""
    start = request.GET.get("from", "0")
    if not (start.isascii() and start.isdigit() and len(start) < 7):
        return _problem("from", 422)
    first = int(start)
    found = list(queries.own_entries(viewer=request.user)[first : first + AT_ONCE + 1])
    shared = queries.own_shared([one.pk for one in found], viewer=request.user)
    return JsonResponse(
        {
            "entries": [_entry(one) | {"shared": shared.get(one.pk)} for one in found[:AT_ONCE]],
            "next": first + AT_ONCE if len(found) > AT_ONCE else None,
        }
    )


@require_http_methods(["PUT", "DELETE"])
@signed_in(*OWNERS)
def entry(request: Request, entry: UUID) -> HttpResponse:
    """Write or delete one entry. Where another version stands in the way, the answer carries that version."""
    try:
        if request.method == "DELETE":
            version = rules.read_version(request.body)
            services.delete_entry(pk=entry, version=version, by=request.user, at=request.now)
            return HttpResponse(status=204)
        kept = services.keep_entry(pk=entry, sent=rules.read_entry(request.body), by=request.user, at=request.now)
    except rules.Unusable as problem:
        return _problem(problem.field, 422)
    except services.OtherKey:
        return _problem("other-key", 409)
    except services.Stale:
        there = queries.own_entries(viewer=request.user).filter(pk=entry).first()
        return _problem("stale", 409, entry=_entry(there) if there else None)
    return JsonResponse({"entry": _entry(kept)})


@require_http_methods(["PUT", "DELETE"])
@signed_in(*OWNERS)
def share(request: Request, entry: UUID) -> HttpResponse:
    """Let the care team read one entry, in the words that its writer's device sends; or no longer.

    `help` in the answer: what it says asks for help on the screen at once.
    """
    if request.method == "DELETE":
        services.stop_sharing(pk=entry, by=request.user, at=request.now)
        return HttpResponse(status=204)
    try:
        version, text = rules.read_shared(request.body)
        services.share_entry(pk=entry, version=version, text=text, by=request.user, at=request.now)
    except rules.Unusable as problem:
        return _problem(problem.field, 422)
    except services.Stale:
        return _problem("stale", 409)
    return JsonResponse({"help": help_at_once.is_offered()})


@require_safe
@signed_in(*CARE)
def of_patient(request: Request, patient: UUID) -> HttpResponse:
    """What a student shares of their notebook, for those who care for them. Nothing else of it can be read."""
    person = access_chart(viewer=request.user, pk=patient, purpose="TREAT", at=request.now, what="shared_entries")
    page = Paginator(queries.shared_entries_of(person), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notebook/of_patient.html", {"patient": person, "page": page})


@require_POST
@signed_in(*OWNERS)
def queued(request: Request) -> HttpResponse:
    """What was written without a connection. Each is kept once, and answered: done, or refused with a sentence."""
    own_patient(viewer=request.user)
    try:
        owner, items = rules.read_sending(request.body, most=MOST)
    except rules.Unusable:
        return JsonResponse({"words": str(UNREADABLE)}, status=400)
    if owner != kept.owner_of(request.user.pk):
        return JsonResponse({"words": _("Somebody else is signed in on this device now.")}, status=409)
    results = [{"key": item["key"], **_take(request, item)} for item in items]
    return JsonResponse({"now": int(request.now.timestamp() * 1000), "results": results})


def _take(request: Request, item: dict[str, Any]) -> dict[str, Any]:
    try:
        services.take_late(late=rules.read_late(item), by=request.user, at=request.now)
    except rules.Unusable:
        return {"done": False, "words": str(UNREADABLE)}
    except services.OtherKey:
        return {"done": False, "words": _("This notebook was begun anew in between.")}
    except (services.Gone, services.Stale):
        return {"done": False, "gone": True, "words": _("This was deleted or changed on another device in between.")}
    return {"done": True}


def _problem(word: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"problem": word, **more}, status=status)


def _key(row: NotebookKey) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "version": row.version,
        "iterations": row.iterations,
        "passphrase": {"salt": row.passphrase_salt, "iv": row.passphrase_iv, "key": row.passphrase_wrapped},
        "recovery": {"salt": row.recovery_salt, "iv": row.recovery_iv, "key": row.recovery_wrapped},
    }


def _entry(row: Entry) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "version": row.version,
        "iv": row.iv,
        "ciphertext": row.ciphertext,
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "beside": str(row.beside_id) if row.beside_id else None,
    }
