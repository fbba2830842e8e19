"""Counting tries at signing in and costly questions, in PostgreSQL, so that every web process counts the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from hearth.accounts.models import Attempts


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries in `within`."""

    most: int
    within: timedelta


LIMITS: Mapping[str, Limit] = {
    "account": Limit(8, timedelta(minutes=15)),
    "address": Limit(60, timedelta(minutes=15)),  # one clinic, jail or library often shares a network address
    "second": Limit(8, timedelta(minutes=15)),
    "ask": Limit(4, timedelta(minutes=15)),  # links and text messages asked for one address
    "places": Limit(60, timedelta(minutes=15)),  # weeks looked for by visitors of one network address
}
UPSERT = """
    INSERT INTO accounts_attempts AS kept (key, since, count) VALUES (%(key)s, %(at)s, 1)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN kept.since <= %(oldest)s THEN 1 ELSE kept.count + 1 END,
        since = CASE WHEN kept.since <= %(oldest)s THEN excluded.since ELSE kept.since END
    RETURNING count
"""


def allow(kind: str, name: str, *, at: datetime) -> bool:
    """Count one try of `kind` under `name` (an address typed, a network address, an id); False beyond the limit.

    The row stays locked until the transaction ends: two guesses at one account never run side by side.
    """
    limit = LIMITS[kind]
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, {"key": _key(kind, name), "at": at, "oldest": at - limit.within})
        return int(cursor.fetchone()[0]) <= limit.most


def is_spent(kind: str, name: str, *, at: datetime) -> bool:
    """Whether `allow` would refuse now. Counts nothing and waits for nobody: what takes long looks first, counts last.

    As many as run at the same moment may go beyond the limit.
    """
    limit = LIMITS[kind]
    tried = Attempts.objects.filter(key=_key(kind, name), since__gt=at - limit.within)
    return tried.filter(count__gte=limit.most).exists()


def forget(kind: str, name: str) -> None:
    """Begin anew: signing in went well."""
    Attempts.objects.filter(key=_key(kind, name)).delete()


def give_back(kind: str, name: str) -> None:
    """Take back one try: a good sign-in does not use up what its network address may try."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_attempts SET count = greatest(count - 1, 0) WHERE key = %s", [_key(kind, name)])


def clear_old(*, at: datetime) -> int:
    """Delete counts that no longer matter; how many."""
    longest = max(limit.within for limit in LIMITS.values())
    return Attempts.objects.filter(since__lt=at - longest).delete()[0]


def address_of(request: HttpRequest) -> str:
    """The network address of the reader (`hearth.lib.proxies` sees through our own proxies)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _key(kind: str, name: str) -> str:
    return salted_hmac("hearth.accounts.throttle", f"{kind}:{name}", algorithm="sha256").hexdigest()
