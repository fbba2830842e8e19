"""What every page knows about the house it stands in.

Only a staff page's `unanswered` asks the database, once, and a student's `next_reading`, four times.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hearth.accounts.models import AppName
from hearth.accounts.roles import Role
from hearth.admission.queries import own_active_episode
from hearth.lib import kept
from hearth.safety.on_call_queries import next_reading
from hearth.safety.on_call_rules import Reading
from hearth.safety.queries import SEE_CONCERNS, unanswered
from hearth.web import navigation

THEMES = ("auto", "light", "dark")
STUDENTS = frozenset({Role.STUDENT, Role.ALUMNUS})


def house(request: HttpRequest) -> dict[str, Any]:
    """Organisation and its words, the ways through the house, the chosen theme, and whether this is the demo.

    `organisation` is None on public pages of no organisation. The three navigations are built only when a
    template asks for them, from the roles the request already carries.
    """
    organisation = getattr(request, "organisation", None)
    session = getattr(request, "session", None)
    chosen = request.COOKIES.get("theme", "auto")
    return {
        "organisation": organisation,
        "house_name": getattr(organisation, "name", "") or "Hearth",
        "word_for_student": _(getattr(organisation, "word_for_student", "") or gettext_noop("student")),
        "word_for_students": _(getattr(organisation, "word_for_students", "") or gettext_noop("students")),
        "crisis_phone": getattr(organisation, "crisis_phone", "") or "",
        "is_demo": settings.DEMO,
        "theme": chosen if chosen in THEMES else "auto",
        "shared_device": bool(session and session.get("shared_device")),
        "app": SimpleLazyObject(lambda: _app(request)),
        "owner": SimpleLazyObject(lambda: _owner(request)),
        "unanswered": SimpleLazyObject(lambda: _unanswered(request)),
        "next_reading": SimpleLazyObject(lambda: _next_reading(request)),
        "staff_ways": SimpleLazyObject(lambda: _doors(request, navigation.STAFF_WAYS)),
        "student_ways": SimpleLazyObject(lambda: _doors(request, navigation.STUDENT_WAYS)),
        "public_ways": SimpleLazyObject(lambda: _doors(request, navigation.PUBLIC_WAYS)),
    }


def _app(request: HttpRequest) -> AppName:
    """Under which name and icon this page stands on the reader's phone."""
    user = getattr(request, "user", None)
    return AppName(user.app_name) if user is not None and user.is_authenticated else AppName.HEARTH


def _owner(request: HttpRequest) -> str:
    """Whose things this browser may keep: a name that tells nothing, or nothing for nobody."""
    user = getattr(request, "user", None)
    return kept.owner_of(user.pk) if user is not None and user.is_authenticated else ""


def _unanswered(request: HttpRequest) -> dict[str, Any]:
    """Concerns without an answer in time, for every staff page: how many, and whether everyone was told in vain."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.is_staff:
        return {}
    count, in_vain = unanswered(at=request.now)  # type: ignore[attr-defined]
    return {"count": count, "in_vain": in_vain, "may_open": user.has_any(SEE_CONCERNS)}


def _next_reading(request: HttpRequest) -> Reading | None:
    """When a person reads what a student writes now; None for everybody else."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.has_any(STUDENTS):
        return None
    stay = own_active_episode(viewer=user)
    return next_reading(
        house=user.organisation,
        program_pk=stay.program_id if stay else None,
        site=(stay.patient.site or stay.program.site) if stay else None,
        at=request.now,  # type: ignore[attr-defined]
    )


def _doors(request: HttpRequest, ways: tuple[navigation.Way, ...]) -> list[navigation.Door]:
    roles = getattr(getattr(request, "user", None), "roles", None) or ()
    return navigation.doors(ways, roles=roles, path=request.path)
