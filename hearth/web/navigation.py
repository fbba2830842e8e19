"""The ways through the house, as plain data: who sees which door, in what order."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hearth.accounts.roles import CARE, STAFF, Role
from hearth.people.rules import PAYMENT

LEADERS = frozenset({Role.SUPERVISOR, Role.DIRECTOR})
INTAKE = LEADERS | {Role.COORDINATOR}


@dataclass(frozen=True, slots=True)
class Way:
    """One item of navigation. `roles` empty means everyone of its room."""

    label: Promise | str
    url_name: str
    icon: str
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Door:
    """A way that exists, ready for the page. `current` marks where the reader is."""

    label: Promise | str
    href: str
    icon: str
    current: bool


STAFF_WAYS = (
    Way(_("Today"), "web:today", "sun", STAFF),
    Way(_("Students"), "web:students", "users", CARE | INTAKE | {Role.PRIVACY}),
    Way(_("Timetable"), "timetable:week", "calendar-days", CARE | INTAKE),
    Way(_("Board"), "timetable:next-board", "layout-grid", LEADERS | {Role.COORDINATOR}),
    Way(_("Sessions"), "sessions:list", "presentation", CARE | {Role.DIRECTOR}),
    Way(_("Below the dose"), "sessions:short", "hourglass", LEADERS | {Role.COORDINATOR}),
    Way(_("Notes"), "sessions:notes", "notebook-pen", CARE | {Role.DIRECTOR}),
    Way(_("Circles"), "circle:waiting", "messages-square", frozenset({Role.FACILITATOR, Role.PEER, Role.SUPERVISOR})),
    Way(_("Support groups"), "circle:support-groups", "map-pin", CARE | {Role.COORDINATOR, Role.DIRECTOR}),
    Way(_("Concerns"), "safety:concerns", "heart-handshake", CARE | INTAKE),
    Way(_("Medications and tests"), "medical:work", "pill", frozenset({Role.NURSE, Role.MEDICAL})),
    Way(_("Incidents"), "safety:incidents", "clipboard-pen", STAFF),
    Way(_("Intake board"), "web:intake", "kanban", INTAKE),
    Way(_("Inquiries"), "inquiry:list", "messages-square", INTAKE),
    Way(_("Referrals"), "inquiry:referrals", "inbox", INTAKE),
    Way(_("Admissions"), "admission:on-the-way-in", "door-open", INTAKE | {Role.COUNSELOR}),
    Way(_("Who pays"), "sessions:coverage", "wallet", frozenset(map(Role, PAYMENT))),
    Way(_("Aftercare"), "aftercare:list", "sprout", CARE | {Role.DIRECTOR}),
    Way(_("Outcomes"), "web:outcomes", "chart-line", LEADERS),
    Way(_("Programs"), "program:list", "library", INTAKE | {Role.ADMINISTRATOR}),
    Way(_("Questionnaires"), "measures:catalogue", "clipboard-list", CARE | INTAKE | {Role.ADMINISTRATOR}),
    Way(_("Days off"), "program:days-off", "calendar-off", STAFF),
    Way(_("Emergency access"), "consent:find-in-emergency", "siren", CARE | {Role.COORDINATOR}),
    Way(_("Help signing in"), "people:sign-in-help", "life-buoy", CARE | {Role.COORDINATOR}),
    Way(_("People and roles"), "people:staff", "id-card", frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})),
    Way(_("Organization"), "accounts:organisation", "building-2", frozenset({Role.ADMINISTRATOR})),
    Way(_("Public pages"), "web:site-list", "globe", frozenset({Role.DIRECTOR, Role.COORDINATOR, Role.ADMINISTRATOR})),
    Way(_("Video"), "sessions:video-choice", "video", frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})),
    Way(_("Refused check-ins"), "sessions:refused", "shield-alert", frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})),
    Way(_("How it works"), "web:guide", "book-open", STAFF),
    Way(_("Privacy"), "consent:privacy", "shield-check", frozenset({Role.PRIVACY})),
)
STUDENT_WAYS = (
    Way(_("Today"), "web:today", "sun"),
    Way(_("Week"), "sessions:my-week", "calendar-days", frozenset({Role.STUDENT})),
    Way(_("Plan"), "plan:mine", "target", frozenset({Role.STUDENT})),
    Way(_("Tools"), "skills:home", "sprout", frozenset({Role.STUDENT})),
    Way(_("Notebook"), "notebook:home", "notebook-pen", frozenset({Role.STUDENT, Role.ALUMNUS})),
    Way(_("Bookings"), "sessions:my-bookings", "languages", frozenset({Role.INTERPRETER})),
    Way(_("Your referrals"), "inquiry:own-referrals", "inbox", frozenset({Role.REFERRER})),
    Way(_("Agreements"), "consent:mine", "signature", frozenset({Role.FAMILY})),
)
PUBLIC_WAYS = (
    Way(_("How it works"), "web:front", "flame"),
    Way(_("Does this fit?"), "inquiry:self-check", "compass"),
    Way(_("Talk to us"), "inquiry:talk", "message-circle"),
    Way(_("Sign in"), "accounts:sign-in", "log-in"),
)


def doors(ways: Collection[Way], *, roles: Collection[str], path: str = "") -> list[Door]:
    """The ways open to these roles. One whose address does not exist is left out."""
    open_ways = [way for way in ways if not way.roles or not way.roles.isdisjoint(roles)]
    found = [(way, href) for way in open_ways if (href := _address(way.url_name)) is not None]
    nearest = max((href for _way, href in found if path.startswith(href)), key=len, default="")
    return [Door(way.label, href, way.icon, bool(nearest) and href == nearest) for way, href in found]


def named(ways: Collection[Way], *, roles: Collection[str]) -> dict[str, str]:
    """How a text names each way, by its url name with underscores: a link where it is open to these roles."""
    found: dict[str, str] = {}
    for way in ways:
        links = [format_html('<a href="{}">{}</a>', door.href, door.label) for door in doors([way], roles=roles)]
        found[way.url_name.replace(":", "_").replace("-", "_")] = links[0] if links else str(way.label)
    return found


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
