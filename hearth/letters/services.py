"""Asking for a letter, signing it or saying why not, and handing it to its reader."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from hearth.accounts.models import User
from hearth.admission.queries import active_episode_of
from hearth.audit import services as audit
from hearth.consent.queries import access_chart, guardian_signs_for
from hearth.consent.services import record_disclosure
from hearth.letters import queries, wording
from hearth.letters.future import reach_of
from hearth.letters.models import Letter, Letterhead
from hearth.letters.rules import Day, State
from hearth.letters.telling import tells
from hearth.lib.form_tokens import for_other_words
from hearth.outbox.services import post_to
from hearth.people.models import Patient
from hearth.safety.services import read_own_words


class NoDays(Exception):
    """They were not here on any of these days."""


class TextChanged(Exception):
    """The words are not those that were read: they must be read again."""


class Tells(Exception):
    """These words would tell what somebody is treated for, or that the house treats it."""


class Unnamed(Exception):
    """We hand a letter only to a reader who is named."""


class GuardianToo(Exception):
    """A guardian must sign for what we hand over, and finds no page to do so for what a minor asked alone."""


class NotNow(Exception):
    """The letter stands where this can no longer, or not yet, be done."""


class NotAgreed(Exception):
    """No release holds today that names this reader and is signed by all who must."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. `first_on` and `last_on` are the days it is about, but for those left out."""

    kind: str
    reader: str
    first_on: date
    last_on: date
    to_reader: bool = False
    left_out: Collection[date] = ()
    with_hours: bool = True
    until: date | None = None
    language: str = "en"
    by_legal_name: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """The letter as it would read, the days it tells of, and those it could tell of."""

    body: dict[str, Any]
    days: tuple[Day, ...]
    all_days: tuple[Day, ...]
    named: str

    @property
    def mark(self) -> str:
        return mark(self.body)


def mark(body: dict[str, Any]) -> str:
    """Stands for exactly these words, so that a yes is to what was on the screen."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def draft_of(patient: Patient, wanted: Wanted) -> Draft:
    """What this letter would say. The caller has passed the chart's door."""
    organisation = patient.organisation
    found = queries.attended(patient, first=wanted.first_on, last=wanted.last_on, zone=organisation.zone)
    days = tuple(day for day in found if day.on not in wanted.left_out)
    legal = wanted.by_legal_name and patient.legal_given
    named = f"{patient.legal_given} {patient.family_name}" if legal else patient.name
    body = wording.body_of(
        wanted.kind,
        named=named,
        reader=wanted.reader,
        days=days,
        with_hours=wanted.with_hours,
        until=wanted.until,
        sender=queries.sender_of(organisation),
        language=wanted.language,
    )
    return Draft(body, days, found, named)


def may_ask_about(patient: UUID, *, by: User, at: datetime) -> Patient:
    """The viewer's own chart, or that of a minor for whom they may ask as guardian. Raises PermissionDenied."""
    if by.has_role(*queries.STUDENTS) and Patient.objects.living().filter(pk=patient, user=by).exists():
        return access_chart(viewer=by, pk=patient, purpose="PATRQT", at=at, to="own", what="letters")
    return queries.access_ward(viewer=by, patient=patient, at=at)


def may_send_for(patient: Patient, *, by: User, at: datetime) -> bool:
    """Whether who asks now can have us hand it over. A guardian signs on the page of the letter they asked for."""
    return patient.user_id != by.pk or not guardian_signs_for(patient, at=at)


@transaction.atomic
def ask(*, patient: UUID, wanted: Wanted, shown: str, token: UUID, by: User, at: datetime) -> Letter:
    """Ask staff for a letter in the words that were `shown`. What a guardian asks for waits for the young person's yes.

    The same form sent twice is one letter; with anything else in it, it is another.

    Raises PermissionDenied, Tells, Unnamed, GuardianToo, NoDays, TextChanged.
    """
    person = may_ask_about(patient, by=by, at=at)
    _check_reader(wanted.reader, to_reader=wanted.to_reader)
    if wanted.to_reader and not may_send_for(person, by=by, at=at):
        raise GuardianToo
    draft = draft_of(person, wanted)
    if not draft.days:
        raise NoDays
    if draft.mark != shown:
        raise TextChanged
    said = {
        "patient": person,
        "kind": wanted.kind,
        "reader": wanted.reader,
        "to_reader": wanted.to_reader,
        "language": wanted.language,
        "named": draft.named,
        "days": [day.on for day in draft.days],
        "with_hours": wanted.with_hours,
        "until": wanted.until,
    }
    agreed_at = at if person.user_id == by.pk else None
    facts = said | {"body": draft.body, "asked_by": by, "asked_at": at, "agreed_at": agreed_at}
    letter, is_new = Letter.objects.get_or_create(form_token=token, defaults=facts)
    if letter.asked_by_id != by.pk:
        raise PermissionDenied
    if any(getattr(letter, name) != value for name, value in said.items()):
        other = for_other_words(token, str(person.pk), str(wanted.to_reader), draft.mark)
        return ask(patient=patient, wanted=wanted, shown=shown, token=other, by=by, at=at)
    if is_new:
        audit.record("letters.asked", by=by, about=letter, at=at, kind=letter.kind, to_reader=letter.to_reader)
        read_own_words(
            patient=person, kind="letters.letter", row=letter.pk, where=WHERE, words=letter.reader, by=by, at=at
        )
    return letter


@transaction.atomic
def agree(*, pk: UUID, shown: str, by: User, at: datetime) -> Letter:
    """The student says yes to the words on their screen. Raises PermissionDenied, NotNow, TextChanged."""
    letter = queries.own_letter(viewer=by, pk=pk, lock=True)
    if letter.state is not State.UNSEEN:
        raise NotNow
    if mark(letter.body) != shown:
        raise TextChanged
    letter.agreed_at = at
    letter.save(update_fields=["agreed_at"])
    audit.record("letters.agreed", by=by, about=letter, at=at)
    return letter


@transaction.atomic
def take_back(*, pk: UUID, by: User, at: datetime) -> Letter:
    """The student does not want it (any more). Raises PermissionDenied, NotNow."""
    letter = queries.own_letter(viewer=by, pk=pk, lock=True)
    if not letter.can_be_taken_back:
        raise NotNow
    letter.taken_back_at = at
    letter.save(update_fields=["taken_back_at"])
    audit.record("letters.taken_back", by=by, about=letter, at=at)
    return letter


def as_it_is_now(letter: Letter, *, reader: str = "") -> dict[str, Any]:
    """The words of this letter by today's record of who was here when, addressed to `reader` or as it was."""
    zone = letter.patient.organisation.zone
    found = queries.attended(letter.patient, first=min(letter.days), last=max(letter.days), zone=zone)
    return wording.body_of(
        letter.kind,
        named=letter.named,
        reader=reader or letter.reader,
        days=[day for day in found if day.on in letter.days],
        with_hours=letter.with_hours,
        until=letter.until,
        sender=queries.sender_of(letter.patient.organisation),
        language=letter.language,
    )


@transaction.atomic
def put_right(*, pk: UUID, reader: str, by: User, at: datetime) -> Letter:
    """Type its reader's full name, and bring the days up to date. New words wait for the student's yes.

    Raises PermissionDenied, NotNow, Tells, Unnamed, NoDays.
    """
    letter = _open(pk, by=by, at=at, states=(State.ASKED, State.UNSEEN))
    _check_reader(reader, to_reader=letter.to_reader)
    body = as_it_is_now(letter, reader=reader)
    if not body["rows"]:
        raise NoDays
    if body == letter.body:
        return letter
    letter.reader, letter.body, letter.agreed_at = reader, body, None
    letter.save(update_fields=["reader", "body", "agreed_at"])
    audit.record("letters.put_right", by=by, about=letter, at=at)
    _tell(letter, what="look", at=at)
    return letter


@transaction.atomic
def sign(*, pk: UUID, by: User, at: datetime) -> Letter:
    """Sign the words the student said yes to, while they are still true. It is on their own page from then on.

    Raises PermissionDenied, NotNow, TextChanged.
    """
    letter = _open(pk, by=by, at=at, states=(State.ASKED,))
    if as_it_is_now(letter) != letter.body:
        raise TextChanged
    number, state = queries.licence_of(by, on=at.astimezone(by.organisation.zone).date())
    with override(letter.language):
        letter.signed_as = wording.signature_of(by.name, number, state)
    letter.signed_by, letter.signed_at = by, at
    letter.save(update_fields=["signed_as", "signed_by", "signed_at"])
    audit.record("letters.signed", by=by, about=letter, at=at, kind=letter.kind)
    _tell(letter, what="signed", at=at)
    return letter


@transaction.atomic
def decline(*, pk: UUID, why: str, by: User, at: datetime) -> Letter:
    """Say why not, in words the student reads. Raises PermissionDenied, NotNow."""
    letter = _open(pk, by=by, at=at, states=(State.ASKED, State.UNSEEN))
    letter.declined_by, letter.declined_at, letter.why_not = by, at, why.strip()
    letter.save(update_fields=["declined_by", "declined_at", "why_not"])
    audit.record("letters.declined", by=by, about=letter, at=at)
    _tell(letter, what="answered", at=at)
    return letter


@transaction.atomic
def withdraw(*, pk: UUID, why: str, by: User, at: datetime) -> Letter:
    """Take back what was signed and not handed over, with a reason the student reads. Its paper opens no more.

    Raises PermissionDenied, NotNow.
    """
    letter = _open(pk, by=by, at=at, states=(State.SIGNED,))
    letter.taken_back_at, letter.declined_by, letter.why_not = at, by, why.strip()
    letter.save(update_fields=["taken_back_at", "declined_by", "why_not"])
    audit.record("letters.withdrawn", by=by, about=letter, at=at)
    _tell(letter, what="answered", at=at)
    return letter


@transaction.atomic
def hand_over(*, pk: UUID, release: UUID, by: User, at: datetime) -> Letter:
    """Write down that its reader is given the letter, under the release that was read, if it holds at this moment.

    Raises PermissionDenied, NotNow, TextChanged, NotAgreed.
    """
    letter = _open(pk, by=by, at=at, states=(State.SIGNED,))
    if not letter.to_reader:
        raise NotNow
    if as_it_is_now(letter) != letter.body:
        raise TextChanged
    chosen = next((row for row in queries.releases_for(letter, at=at) if row.pk == release), None)
    if chosen is None:
        raise NotAgreed
    letter.release, letter.handed_by, letter.handed_at = chosen, by, at
    letter.save(update_fields=["release", "handed_by", "handed_at"])
    what = _("%(letter)s: days and hours of attendance") if letter.with_hours else _("%(letter)s: days of attendance")
    told = record_disclosure(
        patient=letter.patient,
        consent=chosen,
        recipient=letter.reader,
        what=what % {"letter": letter.get_kind_display()},
        by=by,
        at=at,
    )
    audit.record("letters.handed_over", by=by, about=letter, at=at, disclosure=str(told.pk))
    return letter


@transaction.atomic
def open_own(*, pk: UUID, by: User, at: datetime) -> Letter:
    """The signed paper in its student's hands: nobody is told of it but the record. Raises PermissionDenied, NotNow."""
    letter = queries.own_letter(viewer=by, pk=pk, lock=True)
    if letter.state not in PAPER:
        raise NotNow
    if letter.opened_at is None:
        letter.opened_at = at
        letter.save(update_fields=["opened_at"])
    audit.record_read("letters.read", by=by, about=letter, purpose="PATRQT", at=at)
    return letter


WHERE = gettext_noop("It stands in a letter they asked for.")
PAPER = (State.SIGNED, State.HANDED_OVER)
"""Where there is a paper to open."""


@transaction.atomic
def keep_letterhead(*, name: str, address: str, phone: str, by: User, at: datetime) -> Letterhead:
    """Under which name the house signs letters. Raises PermissionDenied, Tells."""
    if not by.has_any(queries.LEADERS):
        raise PermissionDenied
    if tells(f"{name}\n{address}"):
        raise Tells
    said = {"name": name, "address": address, "phone": phone, "kept_by": by, "kept_at": at}
    row, _is_new = Letterhead.objects.update_or_create(organisation=by.organisation, defaults=said)
    audit.record("letters.letterhead_kept", by=by, about=row, at=at)
    return row


def _check_reader(reader: str, *, to_reader: bool) -> None:
    if tells(reader):
        raise Tells
    if to_reader and wording.names_nobody(reader):
        raise Unnamed


def _open(pk: UUID, *, by: User, at: datetime, states: Collection[State]) -> Letter:
    letter = queries.access_letter(viewer=by, pk=pk, at=at, lock=True)
    if letter.state not in states or letter.patient.has_died:
        raise NotNow
    return letter


def _tell(letter: Letter, *, what: str, at: datetime) -> None:
    """That something waits on their own page, and nothing of what: after the stay only where they said it is safe."""
    user = letter.patient.user
    if user is None or not user.is_active:
        return
    in_care = active_episode_of(letter.patient) is not None
    mail, phone = (user.email, user.phone) if in_care else reach_of(letter.patient)
    with override(user.language):
        post_to(
            mail=mail,
            phone=phone,
            subject=_("Something for you"),
            body=_("Something you asked for waits for you: %(link)s")
            % {"link": settings.BASE_URL + reverse("letters:mine")},
            key=f"letter/{letter.pk}/{what}/{at.isoformat()}",
            about=user.pk,
            at=at,
            account=user.pk if in_care else None,
        )
