"""Reads of accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from hearth.accounts.demo_cast import DEMO_CAST
from hearth.accounts.models import Browser, Organisation, Site, User
from hearth.accounts.roles import STAFF, Role
from hearth.accounts.rules import IDLE_OTHERS, IDLE_SHARED, IDLE_STAFF
from hearth.lib import tenancy


def organisation_of_host(host: str) -> Organisation | None:
    """The organisation whose public site answers at `host` (port ignored); the one without a host otherwise."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    found = Organisation.objects.filter(host=name).first()
    return found or Organisation.objects.filter(host=None).order_by("slug").first()


def staff_of(*, viewer: User) -> QuerySet[User]:
    """Everyone employed by the viewer's organisation, those who left last. Raises PermissionDenied."""
    if not viewer.is_staff:
        raise PermissionDenied
    employed = User.objects.filter(organisation_id=viewer.organisation_id, roles__overlap=sorted(STAFF))
    return employed.select_related("organisation").order_by("-is_active", "name", "pk")


def holders_of(role: Role) -> QuerySet[User]:
    """Who works in this organisation with this role now, by name; for work that nobody asked for by hand.

    Accounts are read before sign-in, so no row security keeps other organisations' away: this filter does.
    """
    rows = User.objects.filter(organisation_id=tenancy.current(), roles__contains=[role], is_active=True)
    return rows.order_by("name", "pk")


def access_staff_member(*, viewer: User, pk: UUID) -> User:
    """One staff member of the viewer's organisation, for those who lead it. Raises PermissionDenied."""
    found = staff_of(viewer=viewer).filter(pk=pk).first()
    if found is None or not viewer.has_role(Role.ADMINISTRATOR, Role.DIRECTOR):
        raise PermissionDenied
    return found


def sites_of(*, viewer: User) -> QuerySet[Site]:
    """The places of the viewer's organisation."""
    return Site.objects.filter(organisation_id=viewer.organisation_id).order_by("name")


JUST_NOW = timedelta(minutes=1)


def idle_limit(user: User, *, shared: bool) -> timedelta:
    """How long `user` may be away before being signed off: as the house says, or sooner, as they chose."""
    house = IDLE_STAFF if user.is_staff else IDLE_OTHERS
    if shared:
        house = IDLE_SHARED
    return min(house, timedelta(minutes=user.locks_after)) if user.locks_after else house


TOLD = "hearth_told"  # the cookie, and a visit's note, of the push device that its browser is


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser in which somebody is signed in. `name` is safe to show in a form; `key` opens it and is not.

    `told` names the push device that it is, if it is one.
    """

    key: str
    name: str
    browser: str
    is_shared: bool
    came_at: datetime | None
    seen_at: datetime | None
    is_in_use: bool
    told: str = ""


def browsers_of(*, user: User, at: datetime) -> list[SignedIn]:
    """Where `user` is signed in, last used first; those idle for too long are signed off already."""
    rows = Browser.objects.filter(user=user, expire_date__gt=at)
    found = [_signed_in(row, at) for row in rows]
    open_now = [one for one in found if not one.seen_at or at - one.seen_at <= idle_limit(user, shared=one.is_shared)]
    return sorted(open_now, key=lambda one: (one.seen_at is None, one.seen_at and -one.seen_at.timestamp(), one.name))


def _signed_in(row: Browser, at: datetime) -> SignedIn:
    kept = row.get_decoded()
    came, seen = (datetime.fromisoformat(kept[name]) if kept.get(name) else None for name in ("came_at", "seen_at"))
    return SignedIn(
        key=row.session_key,
        name=salted_hmac("hearth.accounts.browser", row.session_key, algorithm="sha256").hexdigest()[:24],
        browser=kept.get("browser", ""),
        is_shared=bool(kept.get("shared_device")),
        came_at=came,
        seen_at=seen,
        is_in_use=bool(seen and at - seen < JUST_NOW),
        told=kept.get(TOLD, ""),
    )


MOST_STAFF = 18


def people_of_demo(*, organisation: Organisation, named: str = "", most: int = 24) -> list[User]:
    """Whom the demo lets one be: staff and the named cast, or those whose name holds `named`; at most so many."""
    everyone = User.objects.filter(organisation=organisation, is_active=True).select_related("organisation")
    employed = list(everyone.filter(roles__overlap=sorted(STAFF), name__icontains=named).order_by("name")[:MOST_STAFF])
    rest = everyone.exclude(roles__overlap=sorted(STAFF)).order_by("name")
    others = list((rest.filter(name__icontains=named) if named else rest.filter(email__in=DEMO_CAST))[:most])
    return employed + others
