"""Reads of the plan for hard days and its cards: the student's own, and what they share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hearth.accounts.models import User
from hearth.lib import tenancy
from hearth.people.models import Patient
from hearth.skills import own_queries, queries
from hearth.skills.cards import Found, Time, assemble, named
from hearth.skills.models import Card, CopingPlan, SharedPlan


@dataclass(frozen=True, slots=True)
class HardDays:
    """The plan with everything that stands beside it. `plan` is None before it is begun."""

    plan: CopingPlan | None
    own: list[Card]
    found: list[Found]
    away: list[Found]
    shared: SharedPlan | None


def own_plan(viewer: User) -> CopingPlan | None:
    """The viewer's own plan."""
    with tenancy.rows_of(viewer.pk):
        return CopingPlan.objects.filter(owner=viewer).first()


def own_cards(viewer: User) -> list[Card]:
    """The cards that the viewer wrote, kept or put away, oldest first."""
    with tenancy.rows_of(viewer.pk):
        return list(Card.objects.filter(owner=viewer).order_by("at", "pk"))


def hard_days(*, viewer: User, patient: Patient, language: str) -> HardDays:
    """Everything on the student's page for hard days. A fixed number of queries."""
    cards = own_cards(viewer)
    lessons = {one.id: one.title for shelf in queries.shelves_of(patient, language) for one in shelf.lessons}
    times = list(_times(viewer, patient, lessons))
    used = {one.source for one in times}  # to keep a card of what helped is no further time that it helped
    sources = [card.source for card in cards if card.source and card.source not in used]
    away = {card.source for card in cards if card.is_away}
    found = assemble([*times, *(Time(source, _words_of(source, lessons), None) for source in sources)])
    return HardDays(
        plan=own_plan(viewer),
        own=[card for card in cards if card.words],
        found=[card for card in found if card.source not in away],
        away=[card for card in found if card.source in away],
        shared=shared_plan_of(patient),
    )


def shared_plan_of(patient: Patient) -> SharedPlan | None:
    """What `patient` lets their care team read, None if nothing."""
    return SharedPlan.objects.filter(patient=patient).first()


def _times(viewer: User, patient: Patient, lessons: Mapping[str, str]) -> Iterator[Time]:
    """Every time something helped: as they said themselves, or as it was lighter afterwards."""
    for one in own_queries.helped_of(viewer):
        yield Time(f"tool:{one.tool}", str(one.get_tool_display()), one.eased)
    for practice in queries.practices_of(patient):
        if practice.eased is not None and practice.eased > 0:
            yield Time(f"lesson:{practice.lesson}", lessons.get(practice.lesson, ""), practice.eased)
    for record in queries.thought_records_of(patient):
        if any((feeling.drop or 0) > 0 for feeling in queries.feelings_of(record)):
            yield Time(f"thought:{record.pk}", record.balanced, None)
    for urge in own_queries.urges_of(viewer):
        if urge.helped.strip():
            yield Time(named("urge", urge.helped), urge.helped, urge.eased)
    for activity in own_queries.activities_of(viewer):
        if (activity.lifted or 0) > 0:
            yield Time(named("activity", activity.what), activity.what, activity.lifted)


def _words_of(source: str, lessons: Mapping[str, str]) -> str:
    kind, _colon, which = source.partition(":")
    return lessons.get(which, "") if kind == "lesson" else ""
