"""Which question comes next where one is asked at a time. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from hearth.measures.instrument import Instrument
from hearth.measures.instrument_parts import Form

QUIET = timedelta(minutes=3)  # without a touch, after which a tablet is wiped
LIVES = timedelta(minutes=30)  # product default: no handing over is longer
STRAGGLES = timedelta(minutes=10)  # its session lives on so long, so that an answer tapped too late is still kept
STALE = timedelta(days=7)  # after which half an answer is asked anew, as drafts on a phone are
Given = Mapping[str, int | None]


def is_over(*, handed_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Whether a tablet that was handed over then, and touched last then, is to be wiped."""
    return at - seen_at > QUIET or at - handed_at > LIVES


def asked(instrument: Instrument, form: Form, given: Given) -> list[str]:
    """The link ids that are asked, in the order of the form, as far as `given` leads.

    What follows from a yes is asked after a refusal too (NIMH ASQ toolkit, 2020).
    """
    found = []
    for question in form.questions:
        leads = instrument.item(question.link_id).asked_if_any
        if not leads or any(one in given and given[one] != 0 for one in leads):
            found.append(question.link_id)
    return found


def source_of(response: UUID, link_id: str, value: int | None) -> UUID:
    """What one answer raises its concern under: the next, or this one changed, rings though the first was dealt with.

    The same answer given twice is the same source. `response` is the id that what was begun keeps once it is sent.
    """
    return uuid5(response, f"{link_id}={value}")


def sources_of(instrument: Instrument, response: UUID) -> set[UUID]:
    """Everything that answers of `response` may have raised a concern under, also those that were changed later."""
    answers = ((item.link_id, value) for item in instrument.items for value in (None, *item.values))
    return {response, *(source_of(response, link_id, value) for link_id, value in answers)}


def next_question(instrument: Instrument, form: Form, given: Given) -> str:
    """The first question that was neither answered nor refused; empty once all were."""
    return next((one for one in asked(instrument, form, given) if one not in given), "")


def question_before(instrument: Instrument, form: Form, given: Given, *, here: Collection[str], now: str) -> str:
    """The question answered before `now` on this tablet today; empty where there is none to go back to."""
    order = asked(instrument, form, given)
    earlier = order[: order.index(now)] if now in order else order
    return next((one for one in reversed(earlier) if one in here), "")
