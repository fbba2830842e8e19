"""Instruments with the words an organisation may show: those that ship, and those whose holder allowed it."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet

from hearth.measures import instrument as instruments
from hearth.measures.instrument import Instrument
from hearth.measures.instrument_parts import Answer, Form, Question
from hearth.measures.models import Words


def with_words(ids: Iterable[str]) -> dict[str, Instrument]:
    """These instruments with every form this organisation may show. One query at most. Raises UnknownInstrument."""
    found = {instrument_id: instruments.get(instrument_id) for instrument_id in ids}
    closed = [one.id for one in found.values() if one.asks_permission]
    if closed:
        for row in Words.objects.filter(instrument__in=closed, ended_at=None):
            one = found[row.instrument]
            found[one.id] = replace(one, forms={**one.forms, row.language: form_of(row, one)})
    return found


def get(instrument_id: str) -> Instrument:
    """This instrument with every form this organisation may show. Raises UnknownInstrument."""
    return with_words([instrument_id])[instrument_id]


def form_of(row: Words, instrument: Instrument) -> Form:
    """These words as the form a person reads."""
    questions = tuple(
        Question(
            link_id=item.link_id,
            text=row.questions[item.link_id],
            answers=tuple(Answer(points, text) for points, text in row.answers.get(item.link_id, ())),
            required=item.required,
        )
        for item in instrument.items
    )
    return Form(row.language, row.title, row.instruction, questions)


def history(instrument_id: str) -> QuerySet[Words]:
    """Every set of words this organisation entered for an instrument, newest first, with who did and ended it."""
    rows = Words.objects.filter(instrument=instrument_id).select_related("attested_by", "ended_by")
    return rows.order_by("-attested_at", "pk")
