"""Reads of co-signatures: what waits for a supervisor, what was sent back to its author, and how a note stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, F, Model, OuterRef, Prefetch, Q, QuerySet, Subquery, When

from hearth.accounts.models import User
from hearth.accounts.roles import CLINICIANS
from hearth.audit import services as audit
from hearth.people.queries import supervised_by
from hearth.people.rules import SEE_EVERYONE
from hearth.sessions.models import Addendum, CoSignature, CoSignatureAsked, CoSignatureRead, ProgressNote, SentBack
from hearth.sessions.rules import cosigning as rules
from hearth.sessions.rules.notes import OVERDUE, note_state

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
        return self.turn.age

    @property
    def urgency(self) -> str:
        return self.turn.urgency

    @property
    def turn(self) -> "Turn":
        return Turn(rules.since(self.course), self.at)

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
    """Those whose newest part is not co-signed: none at all, or the author added something since.

    As one union of ids: of all that was ever asked, the database then opens the few that are not finished.
    """
    signed = CoSignature.objects.filter(note=OuterRef("note"))
    unsigned = CoSignatureAsked.objects.filter(~Exists(signed)).values("note")
    added = Addendum.objects.filter(~Exists(signed.filter(at__gte=OuterRef("at"))), by=F("note__signed_by"))
    return _asked().filter(pk__in=unsigned.union(added.values("note")))


def _mine(viewer: User, at: datetime) -> Q:
    """What was asked of `viewer`, or was signed by somebody they supervise today."""
    today = at.astimezone(viewer.zone).date()
    return Q(co_signature_asked__supervisor=viewer) | Q(signed_by__in=supervised_by(viewer, on=today))


def queue_of(
    *,
    viewer: User,
    at: datetime,
    state: rules.State = rules.State.WAITING,
    everyone: bool = False,
    by_name: bool = False,
) -> QuerySet[ProgressNote]:
    """Notes that wait for a co-signature (or, sent back, for their author), longest first, or by student.

    `viewer`'s own list as a supervisor; with `everyone` the organisation's, for those who see everyone.
    """
    if everyone and not viewer.has_any(SEE_EVERYONE):
        raise PermissionDenied
    rows = _in_course().filter(Q(is_sent_back=state is rules.State.SENT_BACK))
    if not everyone:
        rows = rows.filter(_mine(viewer, at)).exclude(signed_by=viewer)
    names = ["patient__chosen_name", "patient__family_name"]
    return rows.order_by(*(names if by_name else []), F("since"), *names, "pk")


def _in_course() -> QuerySet[ProgressNote]:
    """What is not finished, with whose turn it is and `since` when: `rules.cosigning`, in the database's words."""
    added, asked = _newest(Addendum, by=OuterRef("signed_by")), F("co_signature_asked__at")
    rows = _unfinished().annotate(last_signed=_newest(CoSignature), last_back=_newest(SentBack), last_added=added)
    back = Q(last_back__isnull=False) & (Q(last_signed=None) | Q(last_back__gt=F("last_signed")))
    sent_back = back & (Q(last_added=None) | Q(last_added__lte=F("last_back")))
    answered = Q(last_added__gt=asked) & (Q(last_back__isnull=False) | Q(last_signed__isnull=False))
    return rows.annotate(
        is_sent_back=Case(When(sent_back, then=True), default=False),
        since=Case(When(sent_back, then=F("last_back")), When(answered, then=F("last_added")), default=asked),
    )


def _newest(model: type[Model], **which: Any) -> Subquery:
    return Subquery(model._default_manager.filter(note=OuterRef("pk"), **which).order_by("-at").values("at")[:1])


def stand(notes: Iterable[ProgressNote], *, viewer: User, at: datetime) -> list[Standing]:
    """How these notes of `queue_of` stand, and what `viewer` has opened of them. One query."""
    found = list(notes)
    read: dict[UUID, set[str]] = {}
    for pk, what in CoSignatureRead.objects.filter(note__in=found, by=viewer).values_list("note", "covers"):
        read.setdefault(pk, set()).add(what)
    return [Standing(note, note.co_signature_asked, at, frozenset(read.get(note.pk, ()))) for note in found]


@dataclass(frozen=True, slots=True)
class Turn:
    """Since when it is somebody's turn."""

    since: datetime
    at: datetime

    @property
    def age(self) -> timedelta:
        return self.at - self.since

    @property
    def urgency(self) -> str:
        """ "new", "due" or "overdue", by the same hours as an unsigned note."""
        return note_state(over_at=self.since, at=self.at)


@dataclass(frozen=True, slots=True)
class Queue:
    """How many notes wait for somebody, and since when the one that has waited longest."""

    count: int
    first: Turn | None


def head_of_queue(*, viewer: User, at: datetime, everyone: bool = False) -> Queue:
    """What waits, for a line on a page that is about more than that."""
    if everyone and not viewer.has_any(SEE_EVERYONE):
        raise PermissionDenied
    rows = _unfinished()
    if not everyone:
        rows = rows.filter(_mine(viewer, at)).exclude(signed_by=viewer)
    return _queue([course for _author, course in _courses(rows)], rules.State.WAITING, at)


def queues_of(*, viewer: User, at: datetime) -> tuple[Queue, Queue]:
    """What waits for a co-signature of `viewer`, and what a supervisor sent back to them. Two queries."""
    found = _courses(_unfinished().filter(_mine(viewer, at) | Q(signed_by=viewer)))
    own = [course for author, course in found if author == viewer.pk]
    others = [course for author, course in found if author != viewer.pk]
    return _queue(others, rules.State.WAITING, at), _queue(own, rules.State.SENT_BACK, at)


def _courses(rows: QuerySet[ProgressNote]) -> list[tuple[UUID, rules.Course]]:
    """How far these notes are, each with who signed it. One query."""
    added = _newest(Addendum, by=OuterRef("signed_by"))
    found = rows.values_list("signed_by", "co_signature_asked__at", _newest(CoSignature), _newest(SentBack), added)
    return [(author, rules.Course(*times)) for author, *times in found]


def _queue(courses: Iterable[rules.Course], state: rules.State, at: datetime) -> Queue:
    since = [rules.since(course) for course in courses if rules.state(course) is state]
    return Queue(len(since), Turn(min(since), at) if since else None)


def overdue_co_signatures(*, at: datetime) -> int:
    """How many notes of the organisation have waited too long for a co-signature or an addendum. One query."""
    return _in_course().filter(Q(since__lte=at - OVERDUE)).count()


def sent_back_to(*, viewer: User, at: datetime) -> list[Standing]:
    """Notes of `viewer` for which a supervisor asks an addendum, longest first."""
    rows = _in_course().filter(Q(is_sent_back=True), signed_by=viewer).order_by(F("since"), "pk")
    return [Standing(note, note.co_signature_asked, at) for note in rows]


def access_to_co_sign(*, viewer: User, pk: UUID, at: datetime) -> Standing:
    """One note for the supervisor who is asked to co-sign it, the reading written down. Raises PermissionDenied."""
    note = _asked().filter(_mine(viewer, at), pk=pk).exclude(signed_by=viewer).first()
    if note is None or not viewer.has_any(CLINICIANS):
        raise PermissionDenied
    audit.record_read("notes.read", by=viewer, about=note, purpose="TREAT", at=at)
    read = CoSignatureRead.objects.filter(note=note, by=viewer).values_list("covers", flat=True)
    return Standing(note, note.co_signature_asked, at, frozenset(read))
