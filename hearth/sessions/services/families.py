"""Family who came, and a kind word to those whose program asks for them when they have not been for long."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.accounts.telling import tell
from hearth.admission.models import Episode
from hearth.audit import services as audit
from hearth.consent.queries import family_grounds
from hearth.people.models import Relationship
from hearth.sessions.families import guests_of, standings_of
from hearth.sessions.models import Attendance, FamilyPresence, Session
from hearth.sessions.queries import access_session
from hearth.sessions.rules.families import State
from hearth.sessions.services.letting_go import ON_HOLD
from hearth.sessions.services.running import NotNow, must_stand

EARLY = timedelta(minutes=30)


@transaction.atomic
def mark_family(
    *, session: Session, came: Collection[UUID], seen: Collection[UUID], by: User, at: datetime
) -> list[FamilyPresence]:
    """Write down which of the people close to its students were in this session. Raises NotNow.

    `seen` are those whom the page showed as having come; whoever joined or was ticked since then stays as they are.
    Who was in its video room and was not there after all is written down as such; else they would count.
    """
    session = access_session(viewer=by, pk=session.pk, at=at, to="change", lock=True)
    must_stand(session)
    if at < session.starts_at - EARLY:
        raise NotNow(_("The session has not begun."))
    guests = {guest.tie.pk: guest for guest in guests_of(session)}
    told = {pk: pk in came for pk in guests if pk in came or pk in seen}
    other = [pk for pk, here in told.items() if guests[pk].written not in (None, here)]
    FamilyPresence.objects.filter(session=session, relationship__in=other).delete()
    facts = {"session": session, "recorded_by": by, "recorded_at": at}
    made = FamilyPresence.objects.bulk_create(
        FamilyPresence(relationship_id=pk, came=here, **facts)
        for pk, here in told.items()
        if guests[pk].written != here and (here or guests[pk].by_video)
    )
    audit.record("sessions.family_marked", by=by, about=session, at=at, here=sum(told.values()))
    return made


@transaction.atomic
def invite_families(*, at: datetime) -> int:
    """Ask family who is overdue to come, once for each time they are due; how many people. It names nothing.

    Nobody is asked to sessions that the student is not at: not while their stay rests, nor in the week after it did.
    """
    rest = Attendance.objects.filter(
        status=Attendance.Status.EXCUSED, reason=ON_HOLD, session__starts_at__gt=at - timedelta(days=7)
    )
    stays = Episode.objects.active().exclude(patient__in=rest.values("patient"))
    episodes = list(stays.select_related("program", "patient"))
    where = standings_of(episodes, at=at)
    overdue = {
        one.patient_id: where[one.pk] for one in episodes if one.pk in where and where[one.pk].state == State.OVERDUE
    }
    ties = Relationship.objects.filter(patient__in=overdue, may_see_schedule=True, person__is_active=True)
    found = list(ties.select_related("person", "patient__organisation"))
    grounds = family_grounds(found, at=at)
    asked = [tie for tie in found if grounds[tie.pk].is_open]
    for tie in asked:
        _invite(tie, key=f"family {tie.pk} due {overdue[tie.patient_id].due_on.isoformat()}", at=at)
    return len(asked)


def _invite(tie: Relationship, *, key: str, at: datetime) -> None:
    person = tie.person
    with translation.override(person.language):
        words = _(
            "Hello %(name)s, it would be good to see you soon. Please sign in to see when, or call us: %(address)s"
        ) % {"name": person.first_name, "address": settings.BASE_URL + reverse("web:today")}
        subject = _("A note for you")
        tell(person, subject=subject, body=words, key=key, at=at, about=tie.patient_id)
