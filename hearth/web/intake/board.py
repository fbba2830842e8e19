"""The cards of the intake board, derived from the rows that exist, in the same few queries however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from hearth.accounts.models import User
from hearth.admission.models import Assessment, Episode
from hearth.admission.rules import Level
from hearth.consent.packet import Packet, needed_kinds, packets_of
from hearth.consent.queries import consents_missing_of_many
from hearth.inquiry.models import Inquiry, InquiryContact, Interview, Referral, WayOut
from hearth.inquiry.queries import INTAKE
from hearth.inquiry.referral_store import read_label
from hearth.people.models import Patient
from hearth.timetable.models import HOLDING, PlaceOffer, WaitlistEntry
from hearth.web.intake.rules import OPEN, Column, Standing, Told, awaiting_consents, moves, stand, urgency

SHOWN_FOR = timedelta(days=14)
"""How long whoever was admitted, handed over or closed stays on the board."""
MOST = 12
"""Cards of a column; the rest is found by the owner or on the lists behind it."""


@dataclass(frozen=True, slots=True)
class Card:
    """One way in: of an inquiry or a referral without a chart, or of a person."""

    kind: str  # inquiry, referral or patient
    pk: UUID
    name: str
    source: str  # me, other, work, referral or direct
    began_at: datetime
    owner: User | None
    urgent: bool
    standing: Standing
    moves: tuple[Column, ...]
    inquiry: Inquiry | None = None
    way_out: WayOut | None = None
    papers: Packet | None = None

    @property
    def can_be_taken(self) -> bool:
        """Whether “I take this” is a deed here: an inquiry or a referral that waits answers to one person."""
        return (self.inquiry is not None or self.kind == "referral") and self.standing.column in OPEN


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One column with its first cards, stale ones first; `more` are not shown, `late` counts all stale ones."""

    column: Column
    cards: list[Card]
    more: int
    late: int


def board(*, viewer: User, at: datetime, owner: str = "") -> tuple[list[BoardColumn], list[User]]:
    """Every column, and everyone who owns a card. `owner` is a user's id, `nobody`, or empty for all."""
    found = [card for card in ways_in(viewer=viewer, since=at - SHOWN_FOR, at=at) if not _is_past(card, at)]
    owners = {card.owner.pk: card.owner for card in found if card.owner}
    shown = [card for card in found if not owner or owner == (str(card.owner.pk) if card.owner else "nobody")]
    columns = _with_papers([_column(column, shown, at) for column in Column], at)
    return columns, sorted(owners.values(), key=lambda one: one.name)


def _is_past(card: Card, at: datetime) -> bool:
    standing = card.standing
    return standing.column not in OPEN and standing.due is None and standing.since < at - SHOWN_FOR


def _column(column: Column, cards: Iterable[Card], at: datetime) -> BoardColumn:
    mine = [card for card in cards if card.standing.column is column]
    mine.sort(key=lambda card: (*urgency(card.standing, urgent=card.urgent, at=at), card.pk))
    late = sum(card.standing.is_late(at) for card in mine)
    return BoardColumn(column, mine[:MOST], max(0, len(mine) - MOST), late)


def _with_papers(columns: list[BoardColumn], at: datetime) -> list[BoardColumn]:
    """With what the cards that are shown tell of papers: how far they are, and whether a stay waits for them."""
    people = [card.pk for column in columns for card in column.cards if card.kind == "patient"]
    packets = packets_of(people, at=at)
    missing = consents_missing_of_many({pk: needed_kinds(one.patient) for pk, one in packets.items()}, at=at)

    def whole(card: Card) -> Card:
        if card.kind != "patient":
            return card
        standing = awaiting_consents(card.standing) if missing[card.pk] else card.standing
        return replace(card, papers=packets[card.pk], standing=standing)

    return [replace(column, cards=[whole(card) for card in column.cards]) for column in columns]


def ways_in(*, viewer: User, since: datetime, at: datetime, but_straight: bool = False) -> list[Card]:
    """Every way in that is open or moved after `since`, without papers; with `but_straight` not those straight in.

    Eleven queries; raises PermissionDenied.
    """
    if not viewer.has_any(INTAKE):
        raise PermissionDenied
    rows = _patients(viewer, since)
    patients = list(rows.exclude(_STRAIGHT) if but_straight else rows)
    inquiries = _inquiries(patients, since)
    referrals = _referrals(patients, since)
    waits = _waits()
    outs = _outs(patients, inquiries, referrals)
    found = [_of_inquiry(row, waits, outs, at) for row in inquiries if row.patient_id is None]
    found += [_of_referral(row, outs, at) for row in referrals if row.patient_id is None]
    asked, sent = _by_person(inquiries), _by_person(referrals)
    found += [_of_person(one, asked[one.pk], sent[one.pk], waits, outs, at) for one in patients]
    return found


_OF_THEM = {"patient": OuterRef("pk")}
_STRAIGHT = (
    Q(admitted_at__isnull=False)
    & ~Exists(Inquiry.objects.filter(**_OF_THEM))
    & ~Exists(Referral.objects.filter(**_OF_THEM))
    & ~Exists(WayOut.objects.current().filter(**_OF_THEM))
)


def straight_in(*, viewer: User, since: datetime) -> int:
    """How many began after `since` by registering and were admitted: nothing was asked, sent or ended. One query."""
    if not viewer.has_any(INTAKE):
        raise PermissionDenied
    return _patients(viewer, since).filter(_STRAIGHT, joined_at__gte=since).count()


def _by_person[Row: (Inquiry, Referral)](rows: Iterable[Row]) -> Mapping[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        if row.patient_id:
            found[row.patient_id].append(row)
    return found


def _patients(viewer: User, since: datetime) -> QuerySet[Patient]:
    """Who was never in an episode, was admitted after `since`, or asked again after their last one."""
    stays = Episode.objects.filter(patient=OuterRef("pk")).order_by("-admitted_at")
    later = {"patient": OuterRef("pk"), "received_at__gt": OuterRef("left_at")}
    past = WayOut.objects.standing().filter(patient=OuterRef("pk"), ended_at__lt=since)
    newest = Assessment.objects.only("patient", "recorded_by", "recorded_at", "signed_at", "decided_level")
    return (
        Patient.objects.open_to(viewer)
        .living()
        .only("chosen_name", "family_name", "joined_at")
        .annotate(
            admitted_at=Subquery(stays.values("admitted_at")[:1]),
            left_at=Subquery(stays.values("ended_at")[:1]),
        )
        .filter(
            Q(admitted_at=None)
            | Q(admitted_at__gte=since)
            | Exists(Inquiry.objects.filter(**later))
            | Exists(Referral.objects.filter(**later))
        )
        .exclude(Q(admitted_at=None) & Exists(past.exclude(kind=WayOut.Kind.ELSEWHERE, followed="")))
        .prefetch_related(Prefetch("assessments", newest.order_by("-recorded_at").prefetch_related("recorded_by")))
    )


def _still_followed(of: str) -> Exists:
    return Exists(WayOut.objects.current().filter(**{of: OuterRef("pk")}, kind=WayOut.Kind.ELSEWHERE, followed=""))


def _inquiries(patients: Iterable[Patient], since: datetime) -> list[Inquiry]:
    mine = Q(patient__in=[one.pk for one in patients])
    loose = Q(patient=None) & (~Q(status=Inquiry.Status.CLOSED) | Q(closed_at__gte=since) | _still_followed("inquiry"))
    tried = Exists(InquiryContact.objects.filter(inquiry=OuterRef("pk")))
    rows = Inquiry.objects.filter(mine | loose).annotate(was_tried=tried)
    return list(rows.select_related("taken_by", "interview").order_by("-received_at"))


def _referrals(patients: Iterable[Patient], since: datetime) -> list[Referral]:
    mine = Q(patient__in=[one.pk for one in patients])
    fresh = Q(status=Referral.Status.INBOX) | Q(decided_at__gte=since) | _still_followed("referral")
    rows: QuerySet[Referral] = Referral.objects.filter(mine | (Q(patient=None) & fresh))
    return list(rows.defer("packet", "original").select_related("taken_by", "decided_by").order_by("-received_at"))


def _waits() -> dict[UUID, tuple[WaitlistEntry, PlaceOffer | None]]:
    """Who waits, by the patient's or the inquiry's id, with the place that is kept for them. Two queries."""
    offers = PlaceOffer.objects.filter(status__in=HOLDING)
    rows = WaitlistEntry.objects.filter(status=WaitlistEntry.Status.WAITING).prefetch_related(
        Prefetch("offers", offers, to_attr="kept")
    )
    found: dict[UUID, tuple[WaitlistEntry, PlaceOffer | None]] = {}
    for row in rows:
        whose = row.patient_id or row.inquiry_id
        if whose:
            found[whose] = (row, next(iter(row.kept), None))
    return found


def _outs(
    patients: Iterable[Patient], inquiries: Iterable[Inquiry], referrals: Iterable[Referral]
) -> dict[UUID, WayOut]:
    """The current way out of each, by the id of the inquiry, the referral or the person."""
    whose = {
        "patient__in": [one.pk for one in patients],
        "inquiry__in": [one.pk for one in inquiries],
        "referral__in": [one.pk for one in referrals],
    }
    any_of = Q(pk=None)
    for name, ids in whose.items():
        any_of |= Q(**{name: ids})
    found = {}
    for row in WayOut.objects.current().filter(any_of):
        of = row.patient_id or row.inquiry_id or row.referral_id
        if of:
            found[of] = row
    return found


Waits = Mapping[UUID, tuple[WaitlistEntry, PlaceOffer | None]]
Outs = Mapping[UUID, WayOut]


def _of_inquiry(row: Inquiry, waits: Waits, outs: Outs, at: datetime) -> Card:
    told = _asked(row, _waiting(Told(began_at=row.received_at), row.pk, waits))
    out = outs.get(row.pk)
    if row.status == Inquiry.Status.CLOSED:
        told = _ended(told, out, row.closed_at or row.received_at)
    standing = stand(told, at=at)
    is_booked = told.talk_ends is not None and at < told.talk_ends
    return Card(
        kind="inquiry",
        pk=row.pk,
        name=row.first_name,
        source=row.asked_for,
        began_at=row.received_at,
        owner=row.taken_by,
        urgent=told.urgent,
        standing=standing,
        moves=moves(standing, kind="inquiry", is_booked=is_booked),
        inquiry=row,
        way_out=out,
    )


def _asked(row: Inquiry, told: Told) -> Told:
    """With what is known of this inquiry."""
    talk: Interview | None = getattr(row, "interview", None)
    is_open = row.status == Inquiry.Status.NEW
    return replace(
        told,
        promised_by=row.promised_by if is_open else None,
        urgent=row.urgent and is_open,
        was_tried=row.was_tried,  # type: ignore[attr-defined]
        answered_at=row.answered_at,
        booked_at=talk.booked_at if talk else None,
        talk_starts=talk.starts_at if talk else None,
        talk_ends=talk.ends_at if talk else None,
    )


def _waiting(told: Told, whose: UUID, waits: Waits) -> Told:
    if whose not in waits:
        return told
    entry, offer = waits[whose]
    told = replace(told, waits_since=entry.added_at)
    if offer is None:
        return told
    is_open = offer.status == PlaceOffer.Status.OPEN
    since = offer.made_at if is_open else offer.decided_at or offer.made_at
    return replace(told, offered_at=since, offer_until=offer.until if is_open else None)


def _ended(told: Told, out: WayOut | None, at: datetime) -> Told:
    """Ended as this way out says; what was closed before ways out were kept is closed."""
    if out is None:
        return replace(told, ended=Column.CLOSED, ended_at=at)
    return replace(told, ended=Column(out.kind), ended_at=out.ended_at, is_followed=not out.is_open)


def _of_referral(row: Referral, outs: Outs, at: datetime) -> Card:
    waits = row.status == Referral.Status.INBOX
    promise = row.promised_by if waits else None
    told, out = Told(began_at=row.received_at, is_referral=True, promised_by=promise), outs.get(row.pk)
    if row.status == Referral.Status.DECLINED:
        told = _ended(told, out, row.decided_at or row.received_at)
    standing = stand(told, at=at)
    return Card(
        kind="referral",
        pk=row.pk,
        name=read_label(row).name,
        source="referral",
        began_at=row.received_at,
        owner=row.taken_by if waits else row.decided_by,
        urgent=row.urgent and waits,
        standing=standing,
        moves=moves(standing, kind="referral", is_booked=False),
        way_out=out,
    )


def _of_person(
    patient: Patient, inquiries: list[Inquiry], referrals: list[Referral], waits: Waits, outs: Outs, at: datetime
) -> Card:
    """What belongs to this way in: whatever came after the last stay, or everything where there was none."""
    admitted_at: datetime | None = patient.admitted_at  # type: ignore[attr-defined]
    left_at: datetime | None = patient.left_at  # type: ignore[attr-defined]
    asked = [row for row in inquiries if left_at is None or row.received_at > left_at]
    sent = [row for row in referrals if left_at is None or row.received_at > left_at]
    is_back = left_at is not None and bool(asked or sent)
    arrivals = [row.received_at for row in asked] + [row.received_at for row in sent]
    began_at = min(arrivals, default=patient.joined_at)
    told = Told(began_at=began_at, chart_at=max((patient.joined_at, *arrivals)), is_referral=bool(sent))
    if asked:
        told = _asked(asked[0], told)
    told = _waiting(told, patient.pk, waits)
    for row in asked:
        told = _waiting(told, row.pk, waits)
    found = next(iter(patient.assessments.all()), None)
    if found and not (is_back and left_at and found.recorded_at < left_at):
        told = replace(
            told,
            found_at=found.recorded_at,
            signed_at=found.signed_at,
            is_our_level=found.signed_at is None or found.decided_level == Level.IOP,
        )
    told = replace(told, admitted_at=None if is_back else admitted_at)
    out = _way_out(patient, outs, since=max(filter(None, (admitted_at, *arrivals)), default=began_at))
    told = _ended(told, out, out.ended_at) if out else told
    standing = stand(told, at=at)
    return Card(
        kind="patient",
        pk=patient.pk,
        name=patient.short_name,
        source=asked[0].asked_for if asked else "referral" if sent else "direct",
        began_at=began_at,
        owner=_owner(asked, sent, found),
        urgent=told.urgent,
        standing=standing,
        moves=moves(standing, kind="patient", is_booked=False),
        inquiry=asked[0] if asked else None,
        way_out=out,
    )


def _way_out(patient: Patient, outs: Outs, *, since: datetime) -> WayOut | None:
    """This person's own way out, unless something newer has begun. How one of their inquiries ended is not theirs."""
    out = outs.get(patient.pk)
    return out if out and out.ended_at >= since else None


def _owner(asked: list[Inquiry], sent: list[Referral], found: Assessment | None) -> User | None:
    """Who answers for them: who took their inquiry, else who took the referral over, else who assessed them."""
    takers = [row.taken_by for row in asked] + [row.decided_by for row in sent]
    takers.append(found.recorded_by if found else None)
    return next((one for one in takers if one), None)
