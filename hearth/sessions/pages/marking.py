"""The facilitator's tablet without a connection: the smaller page it keeps, and the marks it sends later."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hearth.accounts.doors import signed_in
from hearth.accounts.requests import Request
from hearth.accounts.roles import CARE, Role
from hearth.audit import services as audit
from hearth.lib import kept as keeping
from hearth.sessions import services
from hearth.sessions.agendas import agenda_of
from hearth.sessions.keeping import kept_until
from hearth.sessions.models import RefusalCount, Session
from hearth.sessions.queries import access_session, place_in, roster, took_part_of, zone_of
from hearth.sessions.rules import marks as rules

STAFF = (*sorted(CARE), Role.COORDINATOR, Role.DIRECTOR)
MOST = 200  # marks of one sending
REFUSALS = (services.NotNow, services.NoteLocked)
LONGEST = timedelta(days=2)  # a device's clock that is off by more says nothing


@require_GET
@signed_in(*STAFF)
def kept(request: Request, session: UUID) -> HttpResponse:
    """What a tablet keeps of the session: short names and marks, nothing of anybody's chart."""
    found = access_session(viewer=request.user, pk=session, at=request.now)
    rows, marks = roster(session=found), took_part_of(session=found)
    language = translation.get_language() or "en"
    context = {
        "session": found,
        "rows": [(row, marks.get(str(row.pk))) for row in rows],
        "agenda": agenda_of(
            session=found, patient_ids=[row.patient_id for row in rows], language=language, at=request.now
        ),
        **kept_until(found, request.now),
        "kept": True,
    }
    return render(request, "sessions/kept.html", context)


@dataclass(frozen=True, slots=True)
class Item:
    """One mark as it was sent. `written`: the time of day somebody typed, where the clock could not be trusted."""

    key: UUID
    place: UUID
    what: str
    took_part: int | None
    device_at: datetime
    skew: timedelta
    written: time | None


@require_POST
@signed_in(*STAFF)
def marks(request: Request, session: UUID) -> HttpResponse:
    """Marks made on a device, now or an hour ago. Each is answered: done, or refused with a sentence."""
    found = access_session(viewer=request.user, pk=session, at=request.now, to="change")
    try:
        owner, sent_at, items = _read(request.body)
    except (ValueError, KeyError, TypeError, OverflowError):
        return JsonResponse({"words": _("This could not be read.")}, status=400)
    if owner != keeping.owner_of(request.user.pk):
        return JsonResponse({"words": _("Somebody else is signed in on this device now.")}, status=409)
    results = [{"key": str(item.key), **_take(request, found, item, sent_at)} for item in items]
    return JsonResponse({"now": int(request.now.timestamp() * 1000), "results": results})


def _read(body: bytes) -> tuple[str, datetime, list[Item]]:
    told = json.loads(body)
    items = [_item(each) for each in told["items"][:MOST]]
    return told["owner"], _instant(told["sent"]), items


def _item(told: Mapping[str, Any]) -> Item:
    much = told.get("took_part")
    skew = timedelta(milliseconds=float(told["skew"]))
    if abs(skew) > LONGEST or (much is not None and much not in range(1, 6)):
        raise ValueError("out of range")
    return Item(
        key=UUID(told["key"]),
        place=UUID(told["place"]),
        what=str(told["what"])[:20],
        took_part=much,
        device_at=_instant(told["at"]),
        skew=skew,
        written=time.fromisoformat(told["written"]) if told.get("written") else None,
    )


def _instant(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _take(request: Request, session: Session, item: Item, sent_at: datetime) -> dict[str, Any]:
    try:
        made_at = _made_at(request, session, item, sent_at)
        row = place_in(session=session, pk=item.place)
        tapped = services.Tapped(item.key, item.what, made_at, item.took_part)
        services.keep_mark(attendance=row, tapped=tapped, by=request.user, at=request.now)
    except REFUSALS as refusal:
        return _refused(request, session, str(refusal))
    except PermissionDenied:
        return _refused(request, session, _("This person is not on the roster any more."))
    return {"done": True}


def _refused(request: Request, session: Session, words: str) -> dict[str, Any]:
    services.count_refusal(kind=RefusalCount.Kind.MARK, at=request.now)
    audit.record("sessions.mark_refused", by=request.user, about=session, at=request.now)
    return {"done": False, "words": words}


def _made_at(request: Request, session: Session, item: Item, sent_at: datetime) -> datetime:
    """When the mark was made. Raises NotNow where the device's clock cannot say."""
    if item.written is not None:
        return rules.on_the_clock(item.written, start=session.starts_at, end=session.ends_at, zone=zone_of(session))
    found = rules.moment(item.device_at, skew=item.skew, sent_at=sent_at, at=request.now)
    if isinstance(found, rules.Doubt):
        raise services.NotNow(_("The clock of this device was changed meanwhile. Write the time it happened."))
    return found
