"""Contact between alumni: how each can be reached, and whom they choose. The record says that, never whom.

Every deed here is written down alike and about its doer alone, so that no reader of the record can tell a choice from
a changed phone number, and no chart tells anything of it.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from hearth.accounts.models import User
from hearth.accounts.telling import tell
from hearth.audit import services as audit
from hearth.circle import choosing, rules
from hearth.circle.models import Choice, Circle, ContactWay, Membership
from hearth.circle.places import own_alumni_place
from hearth.safety import danger
from hearth.safety.services import raise_concern

IN_DANGER = gettext_noop("Wrote words that show danger where alumni say how they can be reached.")


class NoWayYet(Exception):
    """Whoever chooses says first how they can be reached."""


class TooMany(Exception):
    """They chose as many as one may."""


@transaction.atomic
def keep_way(*, words: str, by: User, at: datetime) -> None:
    """How `by` can be reached by those with whom both said so; without words by nobody. Raises PermissionDenied.

    Words that show danger are a concern, which does not quote them.
    """
    place = own_alumni_place(viewer=by, at=at)
    if words.strip():
        row, _is_new = ContactWay.objects.update_or_create(
            membership=place, defaults={"sealed": choosing.seal(place, words.strip())}
        )
        severity = danger.severity_in(words)
        if severity:
            raise_concern(
                patient=place.patient, source_kind="circle.contact_way", source_id=row.pk, severity=severity,
                summary=IN_DANGER, by=by, at=at,
            )  # fmt: skip
    else:
        ContactWay.objects.filter(membership=place).delete()
    _record(by, at)


@transaction.atomic
def choose(*, whom: UUID, by: User, at: datetime) -> bool:
    """Say that one would like to be in touch with the holder of the place `whom`; whether both have said so now.

    Raises PermissionDenied, NoWayYet, TooMany.
    """
    place = _locked(by, at)
    if not choosing.own_way(place):
        raise NoWayYet
    around = {one.pk: one for one in choosing.choosable(place, at=at)}
    if whom not in around:
        raise PermissionDenied
    other = around[whom]
    others = {one.patient_id for one in around.values() if one.pk != whom}
    if choosing.chosen_by(place, others) >= rules.MOST_CHOICES:
        raise TooMany
    theirs = choosing.marks(place, of=[other.patient_id])[other.patient_id]
    _row, is_new = Choice.objects.get_or_create(mark=choosing.marks(place, to=[other.patient_id])[other.patient_id])
    _record(by, at)
    is_mutual = Choice.objects.filter(mark=theirs).exists() and bool(choosing.own_way(other))
    if is_new and is_mutual:
        _tell(other, mark=theirs, at=at)
    return is_mutual


@transaction.atomic
def withdraw(*, whom: UUID, by: User, at: datetime) -> None:
    """Take a choice back; what it showed is shown no more, and nobody is told. Raises PermissionDenied."""
    place = _locked(by, at)
    other = Membership.objects.filter(pk=whom, circle=place.circle).first()
    if other is None:
        raise PermissionDenied
    Choice.objects.filter(mark__in=choosing.marks(place, to=[other.patient_id]).values()).delete()
    _record(by, at)


@transaction.atomic
def withdraw_all(*, by: User, at: datetime) -> None:
    """Take everything back: each choice, also of those who are there no more, and the way. Raises PermissionDenied."""
    choosing.forget_all(_locked(by, at))
    _record(by, at)


def _locked(by: User, at: datetime) -> Membership:
    """The own place, while nobody else of the circle chooses: of two who choose each other, one comes second."""
    place = own_alumni_place(viewer=by, at=at)
    Circle.objects.select_for_update().get(pk=place.circle_id)
    return place


def _record(by: User, at: datetime) -> None:
    audit.record("circle.own_contact_kept", by=by, about=by, at=at)


def _tell(other: Membership, *, mark: str, at: datetime) -> None:
    """Whoever said so first hears that there is something new, once for a choice; the other sees it now."""
    user = other.patient.user
    assert user is not None  # whoever joined has signed in
    with override(user.language):
        subject = _("Something new for you")
        body = _("Hello %(name)s, there is something new for you: %(link)s") % {
            "name": user.first_name,
            "link": settings.BASE_URL + reverse("web:today"),
        }
    tell(user, subject=subject, body=body, key=choosing.news_key(mark), at=at)
