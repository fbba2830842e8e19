"""Reads of the referral portal."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.inquiry.portal_models import ReferralLink
from hearth.inquiry.queries import INTAKE


def links(*, viewer: User) -> "QuerySet[ReferralLink]":
    """Every link, newest first. Raises PermissionDenied for all but intake."""
    if not viewer.has_any(INTAKE):
        raise PermissionDenied
    return ReferralLink.objects.select_related("made_by").order_by("-made_at", "pk")


def own_links(*, viewer: User, at: datetime) -> "QuerySet[ReferralLink]":
    """By which this referral partner referred somebody of whom they may still hear, newest first."""
    if not viewer.has_role(Role.REFERRER):
        raise PermissionDenied
    rows = ReferralLink.objects.usable(at=at).filter(account=viewer, used_at__isnull=False)
    return rows.select_related("referral").defer("referral__packet", "referral__original").order_by("-used_at", "pk")


def access_own_link(*, viewer: User, pk: UUID, at: datetime) -> ReferralLink:
    """One of this referral partner's own. Raises PermissionDenied, also where it does not exist."""
    link = own_links(viewer=viewer, at=at).filter(pk=pk).first()
    if link is None:
        raise PermissionDenied
    return link
