"""Reads of the referral portal."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.inquiry.portal_models import ReferralLink
from hearth.inquiry.queries import INTAKE


def links(*, viewer: User) -> "QuerySet[ReferralLink]":
    """Every link, newest first. Raises PermissionDenied for all but intake."""
    if not viewer.has_any(INTAKE):
        raise PermissionDenied
    return ReferralLink.objects.select_related("made_by").order_by("-made_at", "pk")
