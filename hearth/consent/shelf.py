"""Every kind of consent of one person, as a page shows them: to sign, in force, ended."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from hearth.accounts.models import User
from hearth.consent import rules, wordings
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.packet import kinds_asked_of
from hearth.consent.queries import consents_of, guardian_signs_for, signatures_of
from hearth.people.models import Patient


@dataclass(frozen=True, slots=True)
class Shelf:
    """One person's consents. `to_sign` is what the reader may sign; staff sign nothing (see `packet`)."""

    patient: Patient
    is_own: bool
    to_sign: tuple[wordings.Wording, ...]
    offered: tuple[wordings.Wording, ...]
    in_force: tuple[Consent, ...]
    ended: tuple[Consent, ...]


def shelf_of(patient: Patient, *, signer: User | None, at: datetime) -> Shelf:
    """The shelf of `patient` for `signer`, or for staff if None. The caller has passed a door.

    What the program needs comes first (`to_sign`); what is the person's own choice is `offered`. A guardian sees what
    they signed themselves: what the young person signed stays theirs.
    """
    language = get_language() or "en"
    signatures = signatures_of(patient, at=at)
    guardian_too = guardian_signs_for(patient, at=at)
    is_own = signer is not None and patient.user_id == signer.pk
    kinds: tuple[str, ...] = ()
    if signer is not None:
        asked = [*kinds_asked_of(patient), ConsentKind.RELEASE]
        kinds = rules.to_sign(asked, signatures, by_patient=is_own, guardian_too=guardian_too)
    open_kinds = [wordings.wording(kind, language) for kind in kinds]
    release = wordings.wording(ConsentKind.RELEASE, language)
    if signer is not None and release not in open_kinds:
        open_kinds.append(release)  # there can be as many as there are people to tell
    rows = [row for row in consents_of(patient) if signer is None or is_own or row.signer_id == signer.pk]
    today = at.astimezone(patient.organisation.zone).date()
    return Shelf(
        patient=patient,
        is_own=is_own,
        to_sign=tuple(each for each in open_kinds if not each.optional),
        offered=tuple(each for each in open_kinds if each.optional),
        in_force=tuple(row for row in rows if row.is_in_force(on=today)),
        ended=tuple(row for row in rows if not row.is_in_force(on=today)),
    )
