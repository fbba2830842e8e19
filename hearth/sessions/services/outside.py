"""Choosing Hearth's room or an outside service for the house, and the links its sections meet at."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.people.models import Modality
from hearth.sessions.models import WITH_FAMILY, Session, StandingLink, VideoChoice
from hearth.sessions.outside import links_kept, meet_together, sections_by_video
from hearth.sessions.rules.successors import Course, successors
from hearth.timetable.models import Section


@transaction.atomic
def choose_video(*, is_outside: bool, links: Mapping[UUID, str], by: User, at: datetime) -> VideoChoice:
    """Store the choice, and the link of each of these sections ("": none); their sessions to come take it.

    A session that was given a link of its own keeps it. What an outside service is not used for keeps its link for
    the day it is used again. Raises PermissionDenied.
    """
    allowed = set(sections_by_video(viewer=by).values_list("pk", flat=True))
    said = {pk: link.strip() for pk, link in links.items() if pk in allowed}
    choice, is_new = VideoChoice.objects.select_for_update(of=("self",)).get_or_create(
        defaults={"is_outside": is_outside, "chosen_by": by, "chosen_at": at}
    )
    held = links_kept() if choice.is_outside and not is_new else {}
    choice.is_outside, choice.chosen_by, choice.chosen_at = is_outside, by, at
    choice.save()
    for pk, link in said.items():
        if link:
            StandingLink.objects.update_or_create(section_id=pk, defaults={"link": link})
    StandingLink.objects.filter(section__in=[pk for pk, link in said.items() if not link]).delete()
    changed = _pass_on(held, links_kept() if is_outside else {}, at=at)
    audit.record("sessions.video_chosen", by=by, about=choice, at=at, outside=is_outside, sessions=changed)
    return choice


@transaction.atomic
def carry_links_over(*, ended: Collection[Course], began: Collection[Course], by: User, at: datetime) -> int:
    """The section that goes on with another meets at its link from now on; how many do.

    Where another section meets at that link at the new time, or the new one has a link, it stays with the old.
    Called before the new week's sessions are made.
    """
    links = {str(one.section_id): one for one in StandingLink.objects.filter(section__in=[one.key for one in ended])}
    goes_on = successors([one for one in ended if one.key in links], began)
    # A section has one link alone, and one that has ended takes none.
    sections = Section.objects.current().exclude(modality=Modality.IN_PERSON).in_bulk(goes_on.values())
    taken = set(StandingLink.objects.filter(section__in=sections).values_list("section", flat=True))
    free = {pk: one for pk, one in sections.items() if pk not in taken}
    standing = StandingLink.objects.filter(section__in=Section.objects.current()).select_related("section")
    held = {one.pk: one for one in standing}
    moved = 0
    for old, new in goes_on.items():
        link, section = links[old], free.get(UUID(new))
        if section is None or any(
            one.link == link.link and one != link and meet_together(one.section, section) for one in held.values()
        ):
            continue
        link.section = section
        link.save(update_fields=["section"])
        held[link.pk] = link
        audit.record("sessions.link_carried_over", by=by, about=link, at=at)
        moved += 1
    return moved


def _pass_on(held: Mapping[UUID, str], holds: Mapping[UUID, str], *, at: datetime) -> int:
    """Sessions to come have what holds now, where they had what held before; how many changed."""
    other = [pk for pk in {*held, *holds} if held.get(pk) != holds.get(pk)]
    # As `make_all_sessions` locks them: whoever makes sessions meanwhile waits for what holds now.
    list(Section.objects.select_for_update().filter(pk__in=other).order_by("weekday", "starts", "pk"))
    coming = Session.objects.standing().filter(started_at=None, ended_at=None, starts_at__gt=at)
    # Relatives find the way into Hearth's own room alone: no page shows them an outside link.
    coming = coming.exclude(modality=Modality.IN_PERSON).exclude(kind__in=WITH_FAMILY)
    return sum(coming.filter(section=pk, link=held.get(pk, "")).update(link=holds.get(pk, "")) for pk in sorted(other))
