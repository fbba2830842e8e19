"""Writes of referrals: receiving a file, taking it over into a chart, declining it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from hearth.accounts.models import Organisation, User
from hearth.audit import services as audit
from hearth.inquiry import facts
from hearth.inquiry.bundle import Unreadable, read
from hearth.inquiry.coming_back import come_back
from hearth.inquiry.models import CarriedFact, Referral
from hearth.inquiry.packet import Coverage, FromForm, Packet, sent
from hearth.inquiry.queries import INTAKE, promise
from hearth.inquiry.referral_queries import Likeness, access_referral, likenesses
from hearth.inquiry.referral_store import digest, fill, read_packet
from hearth.inquiry.risks import disclosed, is_urgent
from hearth.inquiry.said import Said
from hearth.inquiry.said import mark as _
from hearth.inquiry.services import HasDied
from hearth.inquiry.wording import reasons
from hearth.lib import live, tenancy
from hearth.people.models import Patient
from hearth.people.safe_contact import Said as SafelySaid
from hearth.people.safe_contact import bring_along
from hearth.people.services import register_patient
from hearth.safety.models import Severity
from hearth.safety.services import raise_concern

Status = Literal["inbox", "duplicate", "refused"]


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file.

    `refused`: nothing is stored and `problems` says why. `duplicate`: either this very file came before (then
    `referral` is that one and nothing new is stored), or somebody very like this person is known (then the
    referral waits in the inbox beside `alike`, for a person to decide). `problems` are sentences.
    """

    file_name: str
    status: Status
    referral: Referral | None = None
    packet: Packet | None = None
    problems: tuple[Said, ...] = ()
    alike: tuple[Likeness, ...] = ()


class AlreadyDecided(Exception):
    """Somebody has accepted or declined this referral; `referral` says how it stands."""

    def __init__(self, referral: Referral) -> None:
        super().__init__(referral.status)
        self.referral = referral


def receive(*, data: bytes, file_name: str, by: User | None, source: str, at: datetime) -> Received:
    """Read one file and keep it sealed in the inbox, apart from every chart. All or nothing.

    `by` is None for the command, whose `source` is “command”. Raises PermissionDenied for who is not intake.
    """
    if by is not None and not by.has_any(INTAKE):
        raise PermissionDenied
    organisation = Organisation.objects.get(pk=tenancy.current())
    try:
        packet = read(data, today=timezone.localdate(at, organisation.zone))
    except Unreadable as refused:
        return Received(file_name, "refused", problems=refused.problems)
    return keep(packet=packet, data=data, file_name=file_name, by=by, source=source, at=at)


def keep(
    *, packet: Packet, data: bytes, file_name: str, by: User | None, source: str, at: datetime, apart: bytes = b""
) -> Received:
    """Put this packet, read from `data`, into the inbox. The caller has checked `by`, or whose link it came by.

    The same file comes once, but what came with it may be new: what names why it stands `apart` is kept for itself.
    """
    before = _same_file(apart + data)
    if before:
        return _came_before(before, packet, file_name)
    organisation = Organisation.objects.get(pk=tenancy.current())
    referral = Referral(
        received_at=at,
        received_by=by,
        promised_by=promise(house=organisation, at=at),
        source=source,
        urgent=is_urgent(packet, on=at.date()),
    )
    fill(referral, packet=packet, data=data, file_name=file_name, apart=apart)
    try:
        with transaction.atomic():
            referral.save(force_insert=True)
            audit.record("referral.received", by=by, about=referral, at=at, source=source, size=referral.size)
            live.tell(facts.WAYS_IN)
    except IntegrityError:  # the same file came at the same moment by another way
        before = _same_file(apart + data)
        if before is None:
            raise
        return _came_before(before, packet, file_name)
    alike = tuple(one for one in likenesses(packet.person.known_as(str(referral.pk))) if one.match.likely)
    said = tuple(_very_like(one) for one in alike)
    return Received(file_name, "duplicate" if alike else "inbox", referral, packet, (*said, *packet.problems), alike)


def _same_file(data: bytes) -> Referral | None:
    return Referral.objects.filter(digest=digest(data)).defer("packet", "original").first()


def _came_before(before: Referral, packet: Packet, file_name: str) -> Received:
    said = Said(
        _("This very file was received on %(day)s already; nothing new was stored."),
        day=f"{before.received_at:%Y-%m-%d}",
    )
    return Received(file_name, "duplicate", before, packet, (said, *packet.problems))


def _very_like(one: Likeness) -> Said:
    text = (
        _("Someone very like this person is known here (%(why)s); a person decides.")
        if one.patient
        else _("Someone very like this person is in the inbox (%(why)s); a person decides.")
    )
    return Said(text, why=reasons(one.match.reasons))


@transaction.atomic
def take_referral(*, referral: Referral, by: User, at: datetime) -> Referral:
    """“I take this”: from now on `by` answers for it. Taking it from a colleague is possible. Raises AlreadyDecided."""
    referral = _undecided(referral, by=by, at=at)
    before = str(referral.taken_by_id or "")
    referral.taken_by, referral.taken_at = by, at
    referral.save(update_fields=["taken_by", "taken_at"])
    audit.record("referral.taken", by=by, about=referral, at=at, before=before)
    live.tell(facts.WAYS_IN)
    return referral


@transaction.atomic
def accept(
    *,
    referral: Referral,
    person: Mapping[str, Any],
    conditions: Collection[int],
    patient: Patient | None,
    by: User,
    at: datetime,
) -> Patient:
    """Write the chart: a new one from `person` (fields of Patient), or `patient`'s, whom intake knows already.

    `conditions` are the places in the packet of those to take over; active medications, allergies, measures and
    coverage, and what must be known, always come along, marked as told by the sender. If `patient`'s way in had ended
    it goes on. Raises AlreadyDecided, HasDied.
    """
    referral = _undecided(referral, by=by, at=at)
    if patient is not None and patient.has_died:
        raise HasDied
    packet = read_packet(referral)
    chart = patient or register_patient(by=by, at=at, **person)
    referral.status, referral.patient = Referral.Status.ACCEPTED, chart
    referral.decided_by, referral.decided_at = by, at
    referral.save(update_fields=["status", "patient", "decided_by", "decided_at"])
    known = set(CarriedFact.objects.filter(patient=chart).values_list("kind", "text", "since"))
    rows = [
        CarriedFact(patient=chart, source=referral, place=place, **values)
        for place, values in enumerate(_to_carry(packet, conditions))
        if (values["kind"], values["text"], values.get("since", "")) not in known
    ]
    CarriedFact.objects.bulk_create(rows)
    if packet.form and packet.form.house:  # where a file was sent, nothing was said of it
        said = SafelySaid(packet.form.message_ok, name_us_ok=False, words=packet.form.reach)
        bring_along(patient=chart, said=said, by=by, at=at)
    _raise_concern(referral, packet, chart, by=by, at=at)
    audit.record(
        "referral.accepted",
        by=by,
        about=referral,
        at=at,
        patient_id=chart.pk,
        new_chart=patient is None,
        facts=len(rows),
    )
    come_back(patient=chart, by=by, at=at)
    facts.referral_accepted.send(Referral, referral_id=referral.pk, patient_id=chart.pk, at=at)
    live.tell(facts.WAYS_IN)
    return chart


def _raise_concern(referral: Referral, packet: Packet, patient: Patient, *, by: User, at: datetime) -> None:
    """A risk that a sender measured lately, or said, stays on the staff's screens until somebody has dealt with it."""
    found = disclosed(packet.measures, on=at.date())
    told = "; ".join(f"{one.instrument}: {one.shown} ({one.on})" for one in found)
    said = [f"The referral tells of thoughts of suicide. {told}"] if found else []
    danger = packet.form.danger if packet.form else "no"
    if danger == "yes":
        said.append("Whoever referred said that somebody is in danger.")
    if danger == "unsure":
        said.append("Whoever referred was not sure whether somebody is in danger.")
    if said and packet.form and packet.form.must_know:
        said.append(packet.form.must_know)
    if said:
        raise_concern(
            patient=patient,
            source_kind="inquiry.referral",
            source_id=referral.pk,
            severity=Severity.URGENT,
            summary=" ".join(said)[:300],
            by=by,
            at=at,
        )


@transaction.atomic
def decline(*, referral: Referral, reason: str, by: User, at: datetime) -> Referral:
    """Decide that this referral is not taken over, and why. Raises AlreadyDecided."""
    referral = _undecided(referral, by=by, at=at)
    referral.status, referral.reason = Referral.Status.DECLINED, reason.strip()
    referral.decided_by, referral.decided_at = by, at
    referral.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    audit.record("referral.declined", by=by, about=referral, at=at)
    live.tell(facts.WAYS_IN)
    return referral


def _undecided(referral: Referral, *, by: User, at: datetime) -> Referral:
    referral = access_referral(viewer=by, pk=referral.pk, at=at, lock=True)
    if referral.status != Referral.Status.INBOX:
        raise AlreadyDecided(referral)
    return referral


def _to_carry(packet: Packet, conditions: Collection[int]) -> Iterator[dict[str, Any]]:
    """Fields of CarriedFact for everything that is taken over, cut to what a row holds."""
    longest = {field.name: getattr(field, "max_length", None) for field in CarriedFact._meta.get_fields()}
    for values in _facts(packet, conditions):
        yield {name: str(value or "")[: longest[name]] for name, value in values.items()}


def _facts(packet: Packet, conditions: Collection[int]) -> Iterator[dict[str, Any]]:
    kind = CarriedFact.Kind
    for place, condition in enumerate(packet.conditions):
        if place in conditions:
            yield {
                "kind": kind.CONDITION,
                "text": condition.text,
                "system": condition.system,
                "code": condition.code,
                "status": condition.status,
                "since": condition.onset,
            }
    for medicine in packet.medications:
        if medicine.active:
            yield {
                "kind": kind.MEDICATION,
                "text": medicine.text,
                "detail": medicine.dosage,
                "code": medicine.code,
                "status": medicine.status,
                "since": medicine.started,
            }
    for allergy in packet.allergies:
        yield {
            "kind": kind.ALLERGY,
            "text": allergy.text,
            "detail": ", ".join(allergy.reactions),
            "code": allergy.code,
            "status": allergy.criticality or ("active" if allergy.active else "inactive"),
        }
    for measure in packet.measures:
        yield {
            "kind": kind.MEASURE,
            "text": f"{measure.instrument}: {measure.shown}",
            "system": "http://loinc.org",
            "code": measure.loinc,
            "since": measure.on,
        }
    for coverage in packet.coverage:
        yield _coverage(coverage)
    if packet.form:
        yield from ({"kind": of, "text": told} for of, told in _told_in_form(packet.form) if told)


def _told_in_form(form: FromForm) -> Iterator[tuple[CarriedFact.Kind, str]]:
    """What whoever calls or assesses them must have read."""
    yield CarriedFact.Kind.MUST_KNOW, form.must_know
    yield CarriedFact.Kind.DATES, form.dates


def _coverage(one: Coverage) -> dict[str, Any]:
    told = (f"plan: {sent(one.plan)}", f"member: {sent(one.member_id)}", f"group: {sent(one.group)}")
    return {
        "kind": CarriedFact.Kind.COVERAGE,
        "text": sent(one.payer),
        "detail": "; ".join(told),
        "status": one.status,
        "since": one.starts or one.last_used,
    }
