"""The ways through the house, as plain data: who sees which door, in what order."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CLINICAL = frozenset(
    {"counselor", "facilitator", "peer", "case_manager", "supervisor", "provider", "nurse", "director"}
)
STAFF = CLINICAL | {"intake", "biller", "privacy_officer", "advocate", "administrator"}
STUDENT = frozenset({"student"})


@dataclass(frozen=True, slots=True)
class Way:
    """One item of navigation. `roles` empty means everyone of its room."""

    label: Promise | str
    url_name: str
    icon: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Door:
    """A way that exists, ready for the page. `current` marks where the reader is."""

    label: Promise | str
    href: str
    icon: str
    current: bool


STAFF_WAYS = (
    Way(_("Today"), "web:today", "sun", STAFF),
    Way(_("Students"), "people:students", "users", STAFF),
    Way(_("Timetable"), "timetable:week", "calendar-days", CLINICAL | {"intake"}),
    Way(_("Sessions"), "sessions:list", "presentation", CLINICAL),
    Way(_("Notes"), "sessions:notes", "notebook-pen", CLINICAL),
    Way(_("Concerns"), "safety:concerns", "heart-handshake", CLINICAL | {"intake", "advocate"}),
    Way(_("Inquiries"), "inquiry:list", "messages-square", frozenset({"intake", "supervisor", "director"})),
    Way(_("Referrals"), "inquiry:referrals", "inbox", frozenset({"intake", "supervisor", "director"})),
    Way(_("Admissions"), "admission:list", "door-open", frozenset({"intake", "supervisor", "director", "counselor"})),
    Way(_("Aftercare"), "aftercare:list", "sprout", CLINICAL),
    Way(_("Programs"), "program:list", "library", frozenset({"director", "supervisor", "administrator"})),
    Way(_("People and roles"), "accounts:staff", "id-card", frozenset({"administrator", "director"})),
    Way(_("Audit"), "audit:log", "shield-check", frozenset({"privacy_officer", "administrator"})),
)
STUDENT_WAYS = (
    Way(_("Today"), "web:today", "sun"),
    Way(_("Week"), "timetable:my-week", "calendar-days", STUDENT),
    Way(_("Tools"), "skills:home", "sprout", STUDENT),
    Way(_("Notebook"), "notebook:home", "notebook-pen", STUDENT),
    Way(_("Me"), "accounts:me", "circle-user-round"),
)
PUBLIC_WAYS = (
    Way(_("How it works"), "web:front", "flame"),
    Way(_("Does this fit?"), "inquiry:self-check", "compass"),
    Way(_("Talk to us"), "inquiry:talk", "message-circle"),
    Way(_("Sign in"), "accounts:sign-in", "log-in"),
)


def doors(ways: Collection[Way], *, roles: Collection[str], path: str) -> list[Door]:
    """The ways open to these roles. One whose address does not exist is left out."""
    open_ways = [way for way in ways if not way.roles or way.roles.intersection(roles)]
    found = [(way, href) for way in open_ways if (href := _address(way.url_name)) is not None]
    nearest = max((href for _way, href in found if path.startswith(href)), key=len, default="")
    return [Door(way.label, href, way.icon, bool(nearest) and href == nearest) for way, href in found]


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
