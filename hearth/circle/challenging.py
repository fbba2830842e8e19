"""Challenges of a circle as their members and hosts see them: own days, and one number for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet

from hearth.accounts.models import User
from hearth.circle import rules
from hearth.circle.models import Challenge, ChallengePlace, Circle, Membership
from hearth.circle.places import own_membership
from hearth.circle.queries import access_circle
from hearth.program import pack

SHOWN_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day of a challenge, and whether the reader did it."""

    day: date
    is_done: bool


@dataclass(frozen=True, slots=True)
class Together:
    """One challenge as somebody of its circle sees it. Of the others there is one number, or none."""

    challenge: Challenge
    title: str
    lesson: str  # the title of its lesson; empty where it has none
    takes_part: bool
    days: Sequence[OwnDay]  # of the reader, as far as they can be ticked today
    times: int | None  # how often the circle did it; None until enough people did


@dataclass(frozen=True, slots=True)
class LessonToDo:
    """A lesson that a host may make a challenge of."""

    lesson: str
    title: str


def challenges_for(place: Membership, *, today: date, language: str) -> list[Together]:
    """What the circle of this place does together now or did last week, newest first. Three queries.

    For the caller whose own place it is.
    """
    rows = list(_running(place.circle_id, today))
    mine = {
        one.challenge_id: one
        for one in ChallengePlace.objects.filter(challenge__in=rows, membership=place).prefetch_related("days")
    }
    return [_together(row, mine.get(row.pk), place.circle, today, language) for row in rows]


def challenges_of(*, viewer: User, circle: Circle, today: date, language: str) -> list[Together]:
    """What a circle does together, for its hosts: nobody's own days are here. Raises PermissionDenied."""
    circle = access_circle(viewer=viewer, pk=circle.pk)
    return [_together(row, None, circle, today, language) for row in _running(circle.pk, today)]


def access_challenge(*, viewer: User, pk: UUID, at: datetime) -> tuple[Membership, Challenge]:
    """A challenge of `viewer`'s circle that no host ended, with their place. Raises PermissionDenied."""
    place = own_membership(viewer=viewer, at=at)
    row = Challenge.objects.filter(pk=pk, circle=place.circle_id, ended_at=None).first() if place else None
    if place is None or place.agreed_at is None or row is None:
        raise PermissionDenied
    return place, row


def lessons_to_do(circle: Circle, *, language: str) -> list[LessonToDo]:
    """The lessons of life skills of a circle's program, by title. The caller has passed a door."""
    try:
        described = pack.get(circle.program.pack)
    except LookupError:  # a pack that no longer ships
        return []
    found = [LessonToDo(one, described.lesson(one, language).title) for one in described.life_skills()]
    return sorted(found, key=lambda one: one.title)


def _running(circle: UUID, today: date) -> QuerySet[Challenge]:
    rows = Challenge.objects.filter(circle=circle, ended_at=None, ends_on__gte=today - SHOWN_AFTER)
    rows = rows.annotate(times=Count("places__days"), people=Count("places__days__place", distinct=True))
    return rows.order_by("-starts_on", "-started_at", "pk")


def _together(row: Challenge, mine: ChallengePlace | None, circle: Circle, today: date, language: str) -> Together:
    lesson = _title(circle, row.lesson, language)
    done = {one.day for one in mine.days.all()} if mine else set[date]()
    days = [OwnDay(day, day in done) for day in _days(row) if _is_open(row, day, today)] if mine else []
    people, times = row.people, row.times  # type: ignore[attr-defined]
    return Together(
        row, row.words or lesson, lesson, mine is not None, days, times if people >= rules.TOGETHER_FROM else None
    )


def _days(row: Challenge) -> Iterable[date]:
    return (row.starts_on + timedelta(days=ahead) for ahead in range((row.ends_on - row.starts_on).days + 1))


def _is_open(row: Challenge, day: date, today: date) -> bool:
    return rules.is_ticked_on(day, starts_on=row.starts_on, ends_on=row.ends_on, today=today)


def _title(circle: Circle, lesson: str, language: str) -> str:
    if not lesson:
        return ""
    try:
        return pack.get(circle.program.pack).lesson(lesson, language).title
    except LookupError:  # a lesson or pack that no longer ships
        return lesson
