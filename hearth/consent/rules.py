"""What is still to be signed, and by whom. Plain data; the database and the clock stay outside."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

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
