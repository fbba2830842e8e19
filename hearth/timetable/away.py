"""Who is away in a week, what that leaves without anybody, and how it is said."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.timetable.board import Solution
from hearth.timetable.cover import DAY, Cover, cover_of, from_json, needing
from hearth.timetable.models import Proposal
from hearth.timetable.week_beyond import days_off
from hearth.timetable.week_board import WeekBoard


def cover_of_week(week: WeekBoard, week_of: date, *, by: User, at: datetime, member: UUID | None = None) -> Cover:
    """What needs cover in the week of `week_of` from the moment `at` on: of everyone who is away, or of one of them."""
    local = at.astimezone(by.organisation.zone)
    passed = (local.date() - week_of).days * DAY + local.hour * 60 + local.minute
    away = {who: days for who, days in week.away.items() if member is None or who == str(member)}
    return cover_of(week.board.current or Solution(), away, since=max(0, passed))


def uncovered(week: WeekBoard, cover: Cover) -> int:
    """How many sessions need somebody else."""
    return len(needing(week.board.current or Solution(), cover))


def away_said(cover: Cover, names: Mapping[str, str]) -> str:
    """Who is away on which days, as `Dana Kim (Mon, Tue), Theo Brandt (Fri)`."""
    said = []
    for who, days in cover.away.items():
        words = ", ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(days))
        said.append(_("%(name)s (%(days)s)") % {"name": names.get(who, ""), "days": words})
    return ", ".join(sorted(said))


def is_still_due(proposal: Proposal) -> bool:
    """Whether everyone is still away for whom this proposal finds cover. Two queries, for cover alone."""
    if not proposal.cover:
        return True
    off = days_off(proposal.week_of).staff
    return from_json(proposal.cover).is_due({str(who): days for who, days in off.items()})


def covers_said(proposals: Iterable[Proposal]) -> dict[UUID, str]:
    """For whom each of these proposals finds cover. One query; the caller has passed a door."""
    covers = {one.pk: from_json(one.cover) for one in proposals if one.cover}
    ids = {who for cover in covers.values() for who in cover.away}
    names = {str(pk): name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "name")} if ids else {}
    return {pk: _("Cover for %(who)s") % {"who": away_said(cover, names)} for pk, cover in covers.items()}
