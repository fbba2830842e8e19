"""Template words about people, available on every page."""

from collections.abc import Callable
from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.accounts.requests import Request
from hearth.lib.written_dates import written
from hearth.people import queries, rules
from hearth.people.models import Licence, Patient, SafeContact

register = template.Library()
SOON = 60  # days before its end in which a licence is said to end soon


@register.filter
def licence_state(licence: Licence, today: date) -> str:
    """`ended`, `soon` (within 60 days), `later` (not yet held) or `held`."""
    if licence.last_on and licence.last_on < today:
        return "ended"
    if licence.during.lower and licence.during.lower > today:
        return "later"
    return "soon" if licence.last_on and (licence.last_on - today).days <= SOON else "held"


@register.simple_tag(takes_context=True)
def pronouns(context: template.Context, person: Patient | User) -> SafeString | str:
    """`{% pronouns patient %}` beside a name: the pronouns, where their owner lets this reader see them.

    Staff also see there that somebody has died, on every list and page that names them.
    """
    said = ", ".join(filter(None, (_said(context["request"], person), died(context["request"].user, person))))
    return format_html('<small class="quiet">{}</small>', said) if said else ""


@register.simple_tag(takes_context=True)
def named(context: template.Context, person: Patient | User) -> str:
    """`{% named patient %}` in plain words: `Maya Reyes (she/her)`, or the name alone."""
    said = ", ".join(filter(None, (_said(context["request"], person), died(context["request"].user, person))))
    return f"{person.name} ({said})" if said else person.name


@register.simple_tag(takes_context=True)
def died_words(context: template.Context, patient: Patient) -> str:
    """`{% died_words patient %}`: `died on 3 May 2026`, for staff; nothing for the living."""
    return died(context["request"].user, patient)


@register.inclusion_tag("people/parts/safe_contact.html", takes_context=True)
def safe_contact(context: template.Context, patient: Patient) -> dict[str, SafeContact | None]:
    """`{% safe_contact patient %}` beside a number: what whoever calls has to mind. For staff, of the living."""
    row = getattr(patient, "safe_contact", None)
    is_shown = context["request"].user.is_staff and not patient.has_died and row and row.is_to_be_minded
    return {"safe": row if is_shown else None}


def died(viewer: User, person: Patient | User) -> str:
    """`died on 3 May 2026`, for staff; nothing for the living."""
    if not isinstance(person, Patient) or not person.has_died or not viewer.is_staff:
        return ""
    if person.died_on is None:
        return _("has died")
    return _("died on %(day)s") % {"day": written(person.died_on, "j F Y")}


def _said(request: Request, person: Patient | User) -> str:
    if not person.pronouns:
        return ""
    own = person.pk if isinstance(person, User) else person.user_id
    is_seen = rules.sees_pronouns(
        person.pronouns_shown_to,
        is_self=own == request.user.pk,
        is_staff=request.user.is_staff,
        is_on_care_team=_team(request, person),
    )
    return person.pronouns if is_seen else ""


def _team(request: Request, person: Patient | User) -> Callable[[], bool]:
    """Whether the reader cares for this person; their caseload is read once a page, and only if somebody asks."""

    def is_on_care_team() -> bool:
        caseload = getattr(request, "caseload", None)
        if caseload is None:
            caseload = queries.caseload_of(request.user)
            setattr(request, "caseload", caseload)  # noqa: B010 - for the next name on this page
        return person.pk in caseload

    return is_on_care_team
