"""Challenges: a host starts one, members take part if they like and tick their own days."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.circle import rules
from hearth.circle.challenging import access_challenge, lessons_to_do
from hearth.circle.models import Challenge, ChallengeDay, ChallengePlace, Circle
from hearth.circle.queries import access_circle


class NotTheseDays(Exception):
    """A challenge lasts a day at least, and not longer than `rules.LONGEST_CHALLENGE` days."""


class NothingToDo(Exception):
    """A challenge has words, or a lesson of the circle's program."""


@transaction.atomic
def start_challenge(
    *, circle: Circle, words: str, lesson: str, starts_on: date, ends_on: date, by: User, at: datetime
) -> Challenge:
    """A host suggests something that the circle does together. Raises PermissionDenied, NotTheseDays, NothingToDo."""
    circle = access_circle(viewer=by, pk=circle.pk)
    if not starts_on <= ends_on < starts_on + timedelta(days=rules.LONGEST_CHALLENGE):
        raise NotTheseDays
    if lesson and lesson not in {one.lesson for one in lessons_to_do(circle, language="en")}:
        raise NothingToDo
    if not (words.strip() or lesson):
        raise NothingToDo
    row = Challenge.objects.create(
        circle=circle, words=words.strip(), lesson=lesson, starts_on=starts_on, ends_on=ends_on, started_by=by,
        started_at=at,
    )  # fmt: skip
    audit.record("circle.challenge_started", by=by, about=row, at=at)
    return row


@transaction.atomic
def end_challenge(*, circle: Circle, challenge: UUID, by: User, at: datetime) -> None:
    """A host takes it away; ending it twice changes nothing. Raises PermissionDenied."""
    circle = access_circle(viewer=by, pk=circle.pk)
    row = Challenge.objects.select_for_update().filter(pk=challenge, circle=circle, ended_at=None).first()
    if row is not None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        audit.record("circle.challenge_ended", by=by, about=row, at=at)


@transaction.atomic
def take_part(*, challenge: UUID, by: User, at: datetime) -> ChallengePlace:
    """The member takes part; nobody else learns of it. Raises PermissionDenied."""
    place, row = access_challenge(viewer=by, pk=challenge, at=at)
    found, is_new = ChallengePlace.objects.get_or_create(challenge=row, membership=place, defaults={"joined_at": at})
    if is_new:
        _record("circle.challenge_joined", by, at)
    return found


@transaction.atomic
def stop_taking_part(*, challenge: UUID, by: User, at: datetime) -> None:
    """They would rather not; their days go with them. Raises PermissionDenied."""
    place, row = access_challenge(viewer=by, pk=challenge, at=at)
    found = ChallengePlace.objects.filter(challenge=row, membership=place).first()
    if found is not None:
        _record("circle.challenge_left", by, at)
        found.delete()


@transaction.atomic
def tick(*, challenge: UUID, day: date, done: bool, today: date, by: User, at: datetime) -> None:
    """They did it on this day, or did not after all. Raises PermissionDenied also for a day that is not open."""
    place, row = access_challenge(viewer=by, pk=challenge, at=at)
    found = ChallengePlace.objects.filter(challenge=row, membership=place).first()
    if found is None or not rules.is_ticked_on(day, starts_on=row.starts_on, ends_on=row.ends_on, today=today):
        raise PermissionDenied
    if done:
        ChallengeDay.objects.get_or_create(place=found, day=day)
    else:
        ChallengeDay.objects.filter(place=found, day=day).delete()
    _record("circle.challenge_ticked", by, at)


def _record(verb: str, by: User, at: datetime) -> None:
    """About its doer, never about the chart: whether they take part is theirs alone."""
    audit.record(verb, by=by, about=by, at=at)
