"""Letters to oneself: kept sealed, read by nobody but their writer, announced on their day."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.admission.queries import active_episode_of
from hearth.aftercare.queries import wish_of
from hearth.audit import services as audit
from hearth.letters.models import FutureDay, FutureLetter
from hearth.letters.rules import Reach, last_day, where_to
from hearth.lib import sealed, tenancy
from hearth.lib.form_tokens import for_other_words
from hearth.outbox.services import post_to
from hearth.people.models import Patient
from hearth.people.queries import own_patient


class DayPassed(Exception):
    """It is its day, or was: the letter can be read, and neither changed nor deleted."""


class TooFar(Exception):
    """A letter is put away for a day from tomorrow on, and for five years at most."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One letter to oneself. Words are opened only for its own page."""

    id: UUID
    due_on: date
    written_at: datetime
    has_arrived: bool
    is_read: bool
    words: str = ""


def _keys() -> Path:
    """The file of the keys that seal letters to oneself, and nothing else."""
    return Path(settings.HEARTH_KEY_DIR) / "letters-to-oneself"


def _context(row: FutureLetter) -> str:
    return f"letter to oneself {row.pk} of {row.owner_id}"


def _seal(row: FutureLetter, words: str) -> bytes:
    return sealed.seal(words.encode(), keys=_keys(), context=_context(row))


def _kept(row: FutureLetter, *, today: date, opened: bool = False) -> Kept:
    words = sealed.unseal(bytes(row.sealed), keys=_keys(), context=_context(row)).decode() if opened else ""
    return Kept(row.pk, row.due_on, row.written_at, row.due_on <= today, row.read_at is not None, words)


def own(*, viewer: User, today: date) -> list[Kept]:
    """The viewer's letters, the nearest day first, without their words."""
    with tenancy.rows_of(viewer.pk):
        rows = FutureLetter.objects.filter(owner=viewer).defer("sealed").order_by("due_on", "pk")
        return [_kept(row, today=today) for row in rows]


def arrived(*, viewer: User, today: date) -> int:
    """How many of the viewer's letters came, and wait to be read."""
    with tenancy.rows_of(viewer.pk):
        return FutureLetter.objects.filter(owner=viewer, due_on__lte=today, read_at=None).count()


def open_one(*, viewer: User, pk: UUID, today: date) -> Kept:
    """One with its words. Raises PermissionDenied for anybody else's, whether there is one or not."""
    with tenancy.rows_of(viewer.pk):
        return _kept(_row(pk, viewer), today=today, opened=True)


def _row(pk: UUID, viewer: User, *, lock: bool = False) -> FutureLetter:
    rows = FutureLetter.objects.filter(pk=pk, owner=viewer)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise PermissionDenied
    return row


@transaction.atomic
def keep(*, words: str, due_on: date, token: UUID, by: User, today: date, at: datetime) -> UUID:
    """Put a letter away until its day. Raises PermissionDenied, TooFar.

    The same form sent twice is one letter; with other words, or for another day, it is another.
    The record says of the writer that they kept something, and nothing in the chart says so.
    """
    patient = own_patient(viewer=by)
    _check(due_on, today)
    with tenancy.rows_of(by.pk):
        fresh = FutureLetter(owner=by)
        said = {"pk": fresh.pk, "sealed": _seal(fresh, words), "due_on": due_on, "written_at": at, "changed_at": at}
        # Two taps may come at the same moment: the database lets one of them in.
        row, is_new = FutureLetter.objects.get_or_create(owner=by, form_token=token, defaults=said)
        if is_new:
            FutureDay.objects.create(letter_id=row.pk, patient=patient, due_on=due_on)
            audit.record("letters.future_kept", by=by, about=by, at=at)
        kept = _kept(row, today=today, opened=True)
    if (kept.words, kept.due_on) == (words, due_on):
        return row.pk
    # Salted with what the database does not hold, so that no token in it lets anybody try whether they guess the words.
    other = for_other_words(token, salted_hmac("letters.future", words).hexdigest(), str(due_on))
    return keep(words=words, due_on=due_on, token=other, by=by, today=today, at=at)


@transaction.atomic
def change(*, pk: UUID, words: str, due_on: date, by: User, today: date, at: datetime) -> None:
    """Other words, or another day, until its day. Raises PermissionDenied, DayPassed, TooFar."""
    with tenancy.rows_of(by.pk):
        row = _before_its_day(pk, by=by, today=today)
        _check(due_on, today)
        row.sealed, row.due_on, row.changed_at = _seal(row, words), due_on, at
        row.save(update_fields=["sealed", "due_on", "changed_at"])
        FutureDay.objects.filter(letter_id=pk).update(due_on=due_on, announced_at=None)
        audit.record("letters.future_kept", by=by, about=by, at=at)


@transaction.atomic
def delete(*, pk: UUID, by: User, today: date, at: datetime) -> None:
    """Take it away for good, until its day. Raises PermissionDenied, DayPassed."""
    with tenancy.rows_of(by.pk):
        row = _before_its_day(pk, by=by, today=today)
        FutureDay.objects.filter(letter_id=pk).delete()
        row.delete()
        audit.record("letters.future_deleted", by=by, about=by, at=at)


@transaction.atomic
def read(*, pk: UUID, by: User, today: date, at: datetime) -> Kept:
    """Its words, on its day or later; from then on it is no news. Raises PermissionDenied."""
    with tenancy.rows_of(by.pk):
        row = _row(pk, by, lock=True)
        if row.due_on <= today and row.read_at is None:
            row.read_at = at
            row.save(update_fields=["read_at"])
        return _kept(row, today=today, opened=True)


def _before_its_day(pk: UUID, *, by: User, today: date) -> FutureLetter:
    row = _row(pk, by, lock=True)
    if row.due_on <= today:
        raise DayPassed
    return row


def _check(due_on: date, today: date) -> None:
    if not today < due_on <= last_day(today):
        raise TooFar


def reach_of(patient: Patient) -> tuple[str, str]:
    """Where this student's letters would be announced now; both empty: nowhere but on their own page."""
    wish = wish_of(patient)
    user = patient.user
    return where_to(
        Reach(
            has_said=wish is not None,
            mail=wish.mail if wish else "",
            text=wish.text if wish else "",
            is_in_care=active_episode_of(patient) is not None,
            account_mail=(user.email or "") if user else "",
        )
    )


@transaction.atomic
def announce(*, today: date, at: datetime) -> int:
    """Say to everyone whose letter is due that something waits, where they may be written to; how many were told.

    Whoever has died, or whose account is closed, is told nothing; should it open again, so does this. Where nothing
    may be sent it is passed over: the letter is on their own page.
    """
    due = FutureDay.objects.select_for_update(of=("self",), skip_locked=True).filter(
        announced_at=None, due_on__lte=today, patient__has_died=False, patient__user__is_active=True
    )
    told = 0
    for row in due.select_related("patient__user", "patient__organisation").order_by("due_on", "pk"):
        told += _announced(row, at=at)
        row.announced_at = at
        row.save(update_fields=["announced_at"])
    return told


def _announced(row: FutureDay, *, at: datetime) -> bool:
    patient, user = row.patient, row.patient.user
    mail, phone = reach_of(patient)
    if user is None or not (mail or phone):
        return False
    with override(user.language):
        body = _("Something you put away for today waits for you: %(link)s") % {
            "link": settings.BASE_URL + reverse("letters:mine")
        }
        subject = _("Something for you")
        key = f"put-away/{row.letter_id}/{row.due_on}"
        sent = post_to(mail=mail, phone=phone, subject=subject, body=body, key=key, about=patient.pk, at=at)
    audit.record("letters.future_announced", by=None, about=user, at=at)
    return sent
