"""Who may open whose chart. Plain data; the database and the clock stay outside."""

from collections.abc import Callable
from dataclasses import dataclass

SEE_EVERYONE = frozenset(
    {"intake_coordinator", "clinical_supervisor", "program_director", "privacy_officer", "medical_provider", "nurse"}
)
"""Roles whose work covers every patient of the organisation (45 CFR 164.514(d): decided by the organisation)."""

CHANGE = frozenset(
    {
        "intake_coordinator",
        "counselor",
        "group_facilitator",
        "case_manager",
        "clinical_supervisor",
        "medical_provider",
        "nurse",
        "peer_specialist",
    }
)
"""Roles that may write into a chart they may open."""


FAREWELL = frozenset({"clinical_supervisor", "program_director"})
"""Roles that record a student's death, take it back, and see to what follows."""


PAYMENT = frozenset({"biller", "intake_coordinator", "program_director"})
"""Roles that see to who pays: they open what concerns payment, and by it alone no other part of a chart."""


@dataclass(frozen=True, slots=True)
class Tie:
    """How a viewer is tied to one patient."""

    same_organisation: bool
    is_self: bool = False
    on_care_team: bool = False
    family_sees_schedule: bool = False
    broke_glass: bool = False


def may_open(roles: frozenset[str], tie: Tie, *, to: str) -> bool:
    """Whether someone with `roles` and `tie` may `read` or `change` a patient's rows.

    `change` covers the staff's writing; what patients write themselves passes `to="own"`; a death `to="farewell"`;
    who pays `to="payment"` (45 CFR 164.502(b): what payment needs, and no more).
    """
    if not tie.same_organisation:
        return False
    if to == "own":
        return tie.is_self
    if to == "read":
        return (
            tie.is_self or tie.on_care_team or tie.family_sees_schedule or tie.broke_glass or bool(roles & SEE_EVERYONE)
        )
    if to == "change":
        return bool(roles & CHANGE) and (tie.on_care_team or tie.broke_glass or bool(roles & SEE_EVERYONE))
    if to == "farewell":
        return bool(roles & FAREWELL)
    if to == "payment":
        return bool(roles & PAYMENT)
    raise ValueError(f"no such access: {to}")


def sees_pronouns(shown_to: str, *, is_self: bool, is_staff: bool, is_on_care_team: Callable[[], bool]) -> bool:
    """Whether a reader sees the pronouns that their owner shows to `everyone`, to `staff` or to their `team`."""
    if is_self or shown_to == "everyone":
        return True
    return is_staff if shown_to == "staff" else is_on_care_team()


def chosen_name(full: str, *, family_name: str) -> str:
    """What goes before the family name in the name a person gave: `Maya Reyes` → `Maya`; `May` stays `May`."""
    full = " ".join(full.split())
    first = full.removesuffix(family_name).strip() if full.endswith(f" {family_name}") else full
    return (first or full)[:80]
