"""Which organisation's rows this transaction may see. Row-level security reads what is set here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connections, transaction

SETTING = "hearth.organisation"
PERSON = "hearth.person"
_organisation: ContextVar[UUID | None] = ContextVar("organisation", default=None)


class NoOrganisation(Exception):
    """A row was made outside `within(organisation)`."""


def current() -> UUID:
    """The organisation this transaction works for; the default of every row's `organisation`."""
    organisation = _organisation.get()
    if organisation is None:
        raise NoOrganisation("no organisation is set: wrap this in tenancy.within(organisation_id)")
    return organisation


@contextmanager
def within(organisation_id: UUID, *, using: str = "default") -> Iterator[None]:
    """A transaction that sees and writes this organisation's rows and no others.

    The setting is SET LOCAL: it ends with the transaction, so that a pooled connection carries nothing over.
    Entered inside another `within`, the outer organisation is restored at the end.
    """
    token = _organisation.set(organisation_id)
    try:
        with transaction.atomic(using=using):
            outer = _setting(using)
            _set(str(organisation_id), using)
            yield
            _set(outer, using)
    finally:
        _organisation.reset(token)


def organisations() -> list[UUID]:
    """Every organisation, always in the same order, for work that goes round all of them.

    The table is read by its name, since this floor lies below the one that models it.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_organisation ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@contextmanager
def rows_of(person_id: UUID, *, using: str = "default") -> Iterator[None]:
    """A block inside `within` that sees and writes what is private to this person and to nobody else.

    Only for the services of models that say `private_to`; everywhere else their rows do not exist.
    """
    outer = _setting(using, PERSON)
    _set(str(person_id), using, PERSON)
    try:
        yield
    finally:
        if not connections[using].needs_rollback:
            _set(outer, using, PERSON)


def _setting(using: str, name: str = SETTING) -> str:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [name])
        return str(cursor.fetchone()[0])


def _set(value: str, using: str, name: str = SETTING) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
