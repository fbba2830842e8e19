"""Reads of where a house meets by video: in Hearth's room, or at the standing links of an outside service."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.people.models import Modality
from hearth.sessions.models import Session, StandingLink, VideoChoice
from hearth.timetable.models import Section

CHOOSERS = frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})


def sections_by_video(*, viewer: User) -> QuerySet[Section]:
    """The sections of the week to which somebody may come by video, in the week's order. Raises PermissionDenied."""
    if not viewer.has_any(CHOOSERS):
        raise PermissionDenied
    rows = Section.objects.current().exclude(modality=Modality.IN_PERSON).select_related("facilitator")
    return rows.order_by("weekday", "starts", "name", "pk")


def meet_together(one: Section, other: Section) -> bool:
    """Whether two sections of the week share any minute, each by its own clock."""
    ends, others = (each.start_minute + each.minutes for each in (one, other))
    return one.weekday == other.weekday and one.start_minute < others and other.start_minute < ends


def is_of_another_group(link: str, session: Session) -> bool:
    """Whether another section of the week, or another session, meets at this link at the same time."""
    theirs = StandingLink.objects.filter(link=link, section__in=Section.objects.current()).select_related("section")
    local, minutes = session.starts_at.astimezone(session.organisation.zone), session.ends_at - session.starts_at
    hour = Section(weekday=local.weekday(), starts=local.time(), minutes=minutes // timedelta(minutes=1))
    if any(meet_together(one.section, hour) for one in theirs if one.section_id != session.section_id):
        return True
    others = Session.objects.standing().filter(link=link, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
    return others.exclude(pk=session.pk).exists()


def is_outside() -> bool:
    """Whether this house meets with an outside service."""
    return VideoChoice.objects.filter(is_outside=True).exists()


def links_kept(sections: Collection[UUID] | None = None) -> dict[UUID, str]:
    """The link of each of these sections (None: of all) that has one, whether they hold now or not."""
    rows = StandingLink.objects.all() if sections is None else StandingLink.objects.filter(section__in=sections)
    return dict(rows.values_list("section", "link"))


def standing_links(sections: Collection[UUID]) -> dict[UUID, str]:
    """The links that sessions to come of these sections take. At most two queries."""
    return links_kept(sections) if is_outside() else {}
