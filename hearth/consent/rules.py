"""What is still to be signed, and by whom. Plain data; the database and the clock stay outside."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

OF_AGE = 18
"""Years. Product default: below it a guardian signs too, where one is known. States differ (facts: minors)."""

EMERGENCY_MINUTES = 60
"""How long a chart stays open to somebody who opened it in an emergency. Product default."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One consent in force: what for, and whether the patient signed or somebody for them."""

    kind: str
    by_patient: bool


def needs_guardian(*, age: int, has_guardian: bool) -> bool:
    """Whether a guardian signs beside the patient (42 CFR 2.14: minor and parent, unless the minor alone may)."""
    return age < OF_AGE and has_guardian


def is_signed(kind: str, signatures: Collection[Signature], *, guardian_too: bool) -> bool:
    """Whether everyone who must has signed `kind`."""
    wanted = {True, False} if guardian_too else {True}
    return wanted <= {signature.by_patient for signature in signatures if signature.kind == kind}


def missing(kinds: Iterable[str], signatures: Collection[Signature], *, guardian_too: bool) -> tuple[str, ...]:
    """Those of `kinds` that somebody still has to sign, in the order given."""
    return tuple(kind for kind in kinds if not is_signed(kind, signatures, guardian_too=guardian_too))


def to_sign(
    kinds: Iterable[str], signatures: Collection[Signature], *, by_patient: bool, guardian_too: bool
) -> tuple[str, ...]:
    """Those of `kinds` that this signer has not signed; a guardian who is not needed signs nothing."""
    if not by_patient and not guardian_too:
        return ()
    return tuple(kind for kind in kinds if Signature(kind, by_patient) not in set(signatures))


class Why(StrEnum):
    """Why somebody may or may not be told anything of a patient."""

    NAMED = "named"
    TREATING = "treating"
    NO_NAME = "no_name"
    NOT_NAMED = "not_named"
    NOT_ALL_SIGNED = "not_all_signed"


@dataclass(frozen=True, slots=True)
class Offer:
    """One consent that held at the time of a contact."""

    id: UUID
    kind: str
    recipients: tuple[str, ...]
    by_patient: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody signed in a release that is in force: who may be told, what, and what for."""

    recipients: tuple[str, ...]
    information: str
    purpose: str
    by_patient: bool


@dataclass(frozen=True, slots=True)
class Spoken:
    """The consent under which somebody may be told something, and why; without one they are only listened to."""

    why: Why
    consent: UUID | None = None


def may_speak_with(who: str, *, is_treating: bool, offers: Sequence[Offer], guardian_too: bool) -> Spoken:
    """Whether `who` may be told anything: only where a consent says so without doubt. Listening is always allowed.

    A release must name them exactly (42 CFR 2.31(a)(4)); the one consent for treatment, payment and operations covers
    treating providers, never family, school, work or a court. Newest first in `offers`.
    """
    wanted = plain(who)
    if not wanted:
        return Spoken(Why.NO_NAME)
    naming = [each for each in offers if each.kind == "release" and wanted in map(plain, each.recipients)]
    treating = [each for each in offers if each.kind == "part2_tpo"] if is_treating else []
    for why, covering in ((Why.NAMED, naming), (Why.TREATING, treating)):
        kind = "release" if why is Why.NAMED else "part2_tpo"
        signatures = [Signature(each.kind, each.by_patient) for each in covering]
        if is_signed(kind, signatures, guardian_too=guardian_too):
            return Spoken(why, next(each.id for each in covering if each.by_patient))
    return Spoken(Why.NOT_ALL_SIGNED if naming or treating else Why.NOT_NAMED)


class Ground(StrEnum):
    """On what ground somebody close to a student may be shown what the student lets them see."""

    GUARDIAN = "guardian"
    RELEASE = "release"
    NOT_ALL_SIGNED = "not_all_signed"
    NONE = "none"

    @property
    def is_open(self) -> bool:
        return self in (Ground.GUARDIAN, Ground.RELEASE)


def family_ground(who: str, *, is_guardian: bool, guardian_too: bool, offers: Sequence[Offer]) -> Ground:
    """Why `who` may be shown anything: a guardian who signs beside a minor, or a release that names them.

    Being family is no ground (42 CFR 2.31), and the guardian's ends at the birthday with which the minor comes of age.
    """
    if is_guardian and guardian_too:
        return Ground.GUARDIAN
    why = may_speak_with(who, is_treating=False, offers=offers, guardian_too=guardian_too).why
    return {Why.NAMED: Ground.RELEASE, Why.NOT_ALL_SIGNED: Ground.NOT_ALL_SIGNED}.get(why, Ground.NONE)


def all_agreed(chosen: Agreement, recipient: str, agreements: Sequence[Agreement], *, guardian_too: bool) -> bool:
    """Whether all who must have signed that `recipient` is told what `chosen` says, for what it says.

    What somebody signed of something else, or for somebody else, is no signature under `chosen`.
    """
    wanted = plain(recipient)
    signatures = [
        Signature("release", each.by_patient)
        for each in agreements
        if wanted in map(plain, each.recipients)
        and (plain(each.information), plain(each.purpose)) == (plain(chosen.information), plain(chosen.purpose))
    ]
    return is_signed("release", signatures, guardian_too=guardian_too)


def plain(name: str) -> str:
    """Names and words as they are compared, whatever their capitals and gaps."""
    return " ".join(name.casefold().split())
