"""Keeping the pictures of everyone's hours which lists read."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from hearth.admission.models import Episode
from hearth.sessions.doses import ledgers_of
from hearth.sessions.models import HoursPicture
from hearth.sessions.policies import policy_of_pack
from hearth.sessions.queries import organisation
from hearth.sessions.rules.ledger import Ledger

WEEK = timedelta(days=7)
AT_ONCE = 200  # stays whose ledgers are in memory together
FIELDS = (
    "runs_out_on", "warn_from", "week_number", "week_starts_on", "week_ends_on", "prescribed", "attended", "missing",
    "made_at",
)  # fmt: skip


def picture_everyones_hours(*, at: datetime) -> None:
    """Make the picture of every stay in progress anew."""
    episodes = list(Episode.objects.active().select_related("program").order_by("pk"))
    for first in range(0, len(episodes), AT_ONCE):
        picture_hours(episodes[first : first + AT_ONCE], at=at)


def picture_hours(episodes: Iterable[Episode], *, at: datetime) -> None:
    """Make the pictures of these stays (with `program`) anew."""
    episodes = list(episodes)
    books, day = ledgers_of(episodes=episodes, at=at), at.astimezone(organisation().zone).date() - WEEK
    rows = [_picture(one, books[one.pk], day, at) for one in episodes]
    HoursPicture.objects.bulk_create(rows, update_conflicts=True, unique_fields=["episode"], update_fields=FIELDS)


def _picture(episode: Episode, book: Ledger, day: date, at: datetime) -> HoursPicture:
    out = book.runs_out_on
    warn_from = out - timedelta(days=policy_of_pack(episode.program.pack).warn_before) if out else None
    row = HoursPicture(episode=episode, runs_out_on=out, warn_from=warn_from, made_at=at)
    week = next((week.dose for week in book.weeks if week.dose.starts_on <= day <= week.dose.ends_on), None)
    if week:
        row.week_number, row.week_starts_on, row.week_ends_on = week.number, week.starts_on, week.ends_on
        row.prescribed, row.attended = week.prescribed, week.attended
        row.missing = week.prescribed - week.had if week.shortfall else 0
    return row
