"""Where the three database roles connect: embedded PostgreSQL in `var/`, or the addresses in the environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from hearth.lib import postgres

ROLES = {"owner": "DATABASE_OWNER_URL", "default": "DATABASE_URL", "auditor": "DATABASE_AUDITOR_URL"}

# A page is dozens of small queries through row security, and to plan one takes longer than to run it: a query that a
# connection has seen twice keeps its plan (`hearth/lib/apps.py` says how many are kept).
KEPT_PLANS = {"server_side_binding": True, "prepare_threshold": 2}


def from_url(url: str) -> dict[str, Any]:
    """Django's connection settings for `postgresql://user:password@host:port/name?option=value`.

    Host and port may be options as well, as libpq has them.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": options,
    }


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("postgresql", "postgres") and len(parts.path) > 1 and parts.port != 0
    except ValueError:  # such a port there cannot be
        return False


def databases(environment: Mapping[str, str], var: Path) -> dict[str, dict[str, Any]]:
    """Settings for `default` (hearth_app), `owner` (hearth_owner) and `auditor` (hearth_auditor).

    With `DATABASE_URL` set, all three addresses come from the environment; a role whose address is
    missing shares `DATABASE_URL`'s host and database only if its own address says so, so it is an error.
    """
    if "DATABASE_URL" in environment:
        urls = {alias: environment.get(name, "") for alias, name in ROLES.items()}
        missing = [ROLES[alias] for alias, url in urls.items() if not url]
        if missing:
            raise ValueError(f"DATABASE_URL is set, so {' and '.join(missing)} must be set too.")
    else:
        urls = postgres.urls(var)
    for alias, url in urls.items():
        if not _is_address(url):
            raise ValueError(f"{ROLES[alias]} is not written as postgresql://user:password@host:port/name.")
    found = {alias: from_url(url) for alias, url in urls.items()}
    found["default"]["CONN_HEALTH_CHECKS"] = True  # a pooled connection may have outlived its server
    found["default"]["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 12, "timeout": 20}} | KEPT_PLANS
    found["default"]["TEST"] = {"MIRROR": "owner"}
    found["auditor"]["TEST"] = {"MIRROR": "owner"}
    return found
