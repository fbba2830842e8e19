"""A card as the board shows it: its words, and the page on which the next step is taken."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from hearth.web.intake.board import BoardColumn, Card
from hearth.web.intake.rules import Column, Next
from hearth.web.intake.wording import COLUMNS, DEEDS, NEXTS


@dataclass(frozen=True, slots=True)
class Shown:
    """One card in words."""

    card: Card
    is_late: bool
    breaks_promise: bool
    href: str
    next: Promise
    next_href: str
    deeds: list[tuple[str, Promise, str]]  # column, words, address


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """One column in words."""

    column: BoardColumn
    label: Promise
    cards: list[Shown]


def shown(columns: list[BoardColumn], *, at: datetime) -> list[ShownColumn]:
    """Every column of the board in words."""
    return [ShownColumn(one, COLUMNS[one.column], [_card(card, at) for card in one.cards]) for one in columns]


def _card(card: Card, at: datetime) -> Shown:
    standing, late = card.standing, card.standing.is_late(at)
    return Shown(
        card=card,
        is_late=late,
        breaks_promise=late and standing.next in (Next.ANSWER, Next.TRY_AGAIN, Next.READ),
        href=_record(card),
        next=NEXTS[standing.next],
        next_href=_next(card),
        deeds=[(to.value, DEEDS[to], _move(card, to)) for to in card.moves],
    )


def _record(card: Card) -> str:
    names = {"inquiry": "inquiry:inquiry", "referral": "inquiry:referral", "patient": "admission:way-in"}
    return reverse(names[card.kind], args=[card.pk])


def _move(card: Card, to: Column) -> str:
    return reverse("web:intake-move", args=[card.kind, card.pk, to.value])


def _next(card: Card) -> str:
    """The page that takes the next step; the record where it stands on the record itself."""
    if card.way_out and card.standing.column in (Column.ELSEWHERE, Column.CLOSED):
        return reverse("web:intake-ended", args=[card.way_out.pk])
    following: dict[Next, tuple[str, list[Any]]] = {
        Next.BOOK: ("web:intake-move", [card.kind, card.pk, Column.BOOKED.value]),
        Next.START: ("inquiry:start-admission", [card.pk]),
        Next.ASSESS: ("admission:findings", [card.pk]),
        Next.HAND_OVER: ("web:intake-move", [card.kind, card.pk, Column.ELSEWHERE.value]),
        Next.ASK: ("timetable:waitlist", []),
        Next.WAIT: ("timetable:waitlist", []),
    }
    if card.standing.next in following:
        name, arguments = following[card.standing.next]
        return reverse(name, args=arguments)
    return _record(card)
