"""The attendance policy of each student: that of the program they are, or were last, in."""

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from hearth.admission.models import Episode
from hearth.program import pack
from hearth.sessions.rules.policy import Policy, policy


def policies_of(patients: Iterable[UUID]) -> dict[UUID, Policy]:
    """By patient; the product's defaults where somebody was never admitted. One query, for a caller with a door."""
    wanted = list(patients)
    rows = Episode.objects.filter(patient__in=wanted).order_by("starts_on")
    packs = dict(rows.values_list("patient", "program__pack"))  # the latest stay comes last
    return {patient: policy_of_pack(packs[patient]) if patient in packs else Policy() for patient in wanted}


def policy_of(patient: UUID) -> Policy:
    """The same for one. One query."""
    return policies_of([patient])[patient]


@cache
def policy_of_pack(pack_id: str) -> Policy:
    """What this pack says of attendance."""
    found = pack.get(pack_id)
    return policy({key: one.value for key, one in found.settings.items()}, makes_up=found.makes_up)


def excuses_of(patient: UUID, *, language: str) -> list[str]:
    """The reasons that excuse in this student's program, in words; those all programs share for anyone else. One query.

    They are what staff are offered; another reason may be written.
    """
    last = (
        Episode.objects.filter(patient=patient).order_by("-starts_on").values_list("program__pack", flat=True).first()
    )
    found = pack.get(last) if last else pack.all_packs()[0]
    return [pack.in_language(one.name, language) for one in found.excuses]
