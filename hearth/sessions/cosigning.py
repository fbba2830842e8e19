"""Reads of co-signatures: what waits for a supervisor, what was sent back to its author, and how a note stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS
from hearth.audit import services as audit
from hearth.people.queries import supervised_by
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions.models import Addendum, CoSignature, CoSignatureAsked, CoSignatureRead, ProgressNote, SentBack
from hearth.sessions.rules import cosigning as rules
from hearth.sessions.rules.notes import note_state

PARTS = (
    Prefetch("addenda", Addendum.objects.select_related("by").order_by("at", "pk")),
    Prefetch("co_signatures", CoSignature.objects.order_by("at", "pk")),
    Prefetch("sent_back", SentBack.objects.select_related("by").order_by("at", "pk")),
)
ASKED = ("co_signature_asked__supervisor",)


@dataclass(frozen=True)
class Standing:
    """How one note stands with its supervisor. Reads rows that came with `PARTS` and `ASKED`."""

    note: ProgressNote
    asked: CoSignatureAsked
    at: datetime
    read: frozenset[str] = frozenset()  # what the viewer opened of it

    @cached_property
    def course(self) -> rules.Course:
        own = [row.at for row in self.note.addenda.all() if row.by_id == self.note.signed_by_id]
        signed = [row.at for row in self.note.co_signatures.all()]
        back = [row.at for row in self.note.sent_back.all()]
        return rules.Course(self.asked.at, *(max(times) if times else None for times in (signed, back, own)))

    @property
    def state(self) -> rules.State:
        return rules.state(self.course)

    @property
    def age(self) -> timedelta:
        return self.at - rules.since(self.course)

    @property
    def urgency(self) -> str:
        """ "new", "due" or "overdue", by the same hours as an unsigned note."""
        return note_state(over_at=rules.since(self.course), at=self.at)

    @property
    def is_read(self) -> bool:
        return covers(self.note) in self.read

    @property
    def comment(self) -> SentBack | None:
        """What the supervisor asked for last."""
        return next(reversed(self.note.sent_back.all()), None)


def covers(note: ProgressNote) -> str:
    """What a co-signature of this note would stand for now."""
    return rules.covers(note.digest, [(str(row.pk), row.text) for row in note.addenda.all()])


def standing_of(note: ProgressNote, *, at: datetime) -> Standing | None:
    """How this note stands; None where nobody co-signs. The caller has passed a door."""
    asked = CoSignatureAsked.objects.filter(note=note).select_related("supervisor").first()
    return Standing(note, asked, at) if asked else None


def standings(notes: list[ProgressNote], *, at: datetime) -> dict[UUID, Standing]:
    """The same for many notes that came with `PARTS` and `ASKED`, by note. No query."""
    found = {note.pk: getattr(note, "co_signature_asked", None) for note in notes}
    return {note.pk: Standing(note, asked, at) for note in notes if (asked := found[note.pk]) is not None}


def _asked() -> QuerySet[ProgressNote]:
    rows = ProgressNote.objects.filter(co_signature_asked__isnull=False)
    return rows.select_related("patient", "session", "contact", "signed_by", *ASKED).prefetch_related(*PARTS)


def _unfinished() -> QuerySet[ProgressNote]:
    """Those whose newest part is not co-signed: none at all, or the author added something since."""
    signed = CoSignature.objects.filter(note=OuterRef("pk"))
    added = Addendum.objects.filter(note=OuterRef("pk"), by=OuterRef("signed_by"))
    since = added.filter(~Exists(CoSignature.objects.filter(note=OuterRef("note"), at__gte=OuterRef("at"))))
    return _asked().filter(~Exists(signed) | Exists(since))


def _mine(viewer: User, at: datetime) -> Q:
    """What was asked of `viewer`, or was signed by somebody they supervise today."""
    today = at.astimezone(viewer.zone).date()
    return Q(co_signature_asked__supervisor=viewer) | Q(signed_by__in=supervised_by(viewer, on=today))


def to_co_sign(*, viewer: User, at: datetime, everyone: bool = False, by_name: bool = False) -> list[Standing]:
    """Notes that wait for a co-signature or for their author, longest first (or by student).

    `viewer`'s own list as a supervisor; with `everyone` the organisation's, for those who see everyone.
    """
    if everyone and not viewer.has_any(SEE_EVERYONE):
        raise PermissionDenied
    rows = _unfinished() if everyone else _unfinished().filter(_mine(viewer, at)).exclude(signed_by=viewer)
    notes = list(rows)
    read: dict[UUID, set[str]] = {}
    for pk, what in CoSignatureRead.objects.filter(note__in=notes, by=viewer).values_list("note", "covers"):
        read.setdefault(pk, set()).add(what)
    found = [Standing(note, note.co_signature_asked, at, frozenset(read.get(note.pk, ()))) for note in notes]
    if by_name:
        return sorted(found, key=lambda one: (one.note.patient.chosen_name, one.note.patient.family_name, -one.age))
    return sorted(found, key=lambda one: (-one.age, one.note.patient.chosen_name))


def sent_back_to(*, viewer: User, at: datetime) -> list[Standing]:
    """Notes of `viewer` for which a supervisor asks an addendum, longest first."""
    found = [Standing(note, note.co_signature_asked, at) for note in _unfinished().filter(signed_by=viewer)]
    return sorted((one for one in found if one.state is rules.State.SENT_BACK), key=lambda one: -one.age)


def access_to_co_sign(*, viewer: User, pk: UUID, at: datetime) -> Standing:
    """One note for the supervisor who is asked to co-sign it, the reading written down. Raises PermissionDenied."""
    note = _asked().filter(_mine(viewer, at), pk=pk).exclude(signed_by=viewer).first()
    if note is None or not viewer.has_any(CLINICIANS):
        raise PermissionDenied
    audit.record_read("notes.read", by=viewer, about=note, purpose="TREAT", at=at)
    read = CoSignatureRead.objects.filter(note=note, by=viewer).values_list("covers", flat=True)
    return Standing(note, note.co_signature_asked, at, frozenset(read))
