"""Reads of accounts."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.demo_cast import DEMO_CAST
from hearth.accounts.models import Organisation, Site, User
from hearth.accounts.roles import STAFF, Role


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


def access_staff_member(*, viewer: User, pk: UUID) -> User:
    """One staff member of the viewer's organisation, for those who lead it. Raises PermissionDenied."""
    found = staff_of(viewer=viewer).filter(pk=pk).first()
    if found is None or not viewer.has_role(Role.ADMINISTRATOR, Role.DIRECTOR):
        raise PermissionDenied
    return found


def sites_of(*, viewer: User) -> QuerySet[Site]:
    """The places of the viewer's organisation."""
    return Site.objects.filter(organisation_id=viewer.organisation_id).order_by("name")


def people_of_demo(*, organisation: Organisation, named: str = "", most: int = 24) -> list[User]:
    """Whom the demo lets one be: all staff, and of the others the named cast, or those whose name holds `named`."""
    everyone = User.objects.filter(organisation=organisation, is_active=True).select_related("organisation")
    employed = list(everyone.filter(roles__overlap=sorted(STAFF)).order_by("name"))
    rest = everyone.exclude(roles__overlap=sorted(STAFF)).order_by("name")
    others = list((rest.filter(name__icontains=named) if named else rest.filter(email__in=DEMO_CAST))[:most])
    return employed + others
