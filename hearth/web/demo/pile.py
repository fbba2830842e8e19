"""Rows gathered first and stored together, with the same ids for the same seed."""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Model

from hearth.accounts.models import User
from hearth.audit.models import Event
from hearth.lib import tenancy

AT_ONCE = 1000


class Pile:
    """Rows to be stored. Foreign keys are checked when the transaction ends, so their order does not matter."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._rows: dict[type[Model], list[Any]] = {}
        self._events: list[Event] = []

    def make[Row: Model](self, model: type[Row], **fields: Any) -> Row:
        """A new row of `model`, stored by `store`."""
        row = model(id=self._id(), **fields)
        self._rows.setdefault(model, []).append(row)
        return row

    def deed(
        self, verb: str, *, by: User | None, about: Model, at: datetime, patient: UUID | None = None, **detail: Any
    ) -> None:
        """What `audit.services.record` would have added."""
        event = Event(
            id=self._id(),
            organisation_id=tenancy.current(),
            at=at,
            kind=Event.Kind.DEED,
            verb=verb,
            actor_id=by.pk if by else None,
            subject_kind=about._meta.label_lower,
            subject_id=about.pk,
            patient_id=patient or getattr(about, "patient_id", None),
            detail=detail,
        )
        self._events.append(event)

    def of[Row: Model](self, model: type[Row]) -> Sequence[Row]:
        """The rows of `model` gathered so far."""
        return self._rows.get(model, [])

    def store(self) -> None:
        """Put everything into the database, the record in the order of its times."""
        for model, rows in self._rows.items():
            model._default_manager.bulk_create(rows, batch_size=AT_ONCE)
        Event.objects.bulk_create(sorted(self._events, key=lambda event: event.at), batch_size=AT_ONCE)
        self._rows, self._events = {}, []

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)
