"""Reads of accounts."""

from hearth.accounts.models import Organisation


def organisation_of_host(host: str) -> Organisation | None:
    """The organisation whose public site answers at `host` (port ignored); the one without a host otherwise."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    found = Organisation.objects.filter(host=name).first()
    return found or Organisation.objects.filter(host=None).order_by("slug").first()
