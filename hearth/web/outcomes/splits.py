"""By what people are told apart. Every split puts each person into one group, those of whom it is not known too."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.admission.coverage_models import Coverage
from hearth.inquiry.models import Inquiry, Referral
from hearth.timetable.what_if_words import language_word
from hearth.web.intake.wording import SOURCES
from hearth.web.outcomes.rows import Stay

AGES = ((18, "12–17"), (26, "18–25"), (35, "26–34"), (50, "35–49"), (65, "50–64"))
"""First age above each band, and the band, as national treatment figures (SAMHSA, TEDS) tell them."""
OLDEST, NOT_KNOWN = "65 +", ""
SEXES = {"female": _("Female"), "male": _("Male"), "other": _("Other")}
Groups = Mapping[UUID, str]
"""Each person's group; NOT_KNOWN is a group of its own."""


def by_program(stays: Sequence[Stay]) -> Groups:
    """The program they began in."""
    return {stay.patient: stay.program for stay in stays}


def by_age(stays: Sequence[Stay]) -> Groups:
    """Their age on the first day."""
    return {stay.patient: _band(stay.age) for stay in stays}


def _band(age: int) -> str:
    return next((band for above, band in AGES if age < above), OLDEST)


def by_language(stays: Sequence[Stay]) -> Groups:
    """The language that suits them best."""
    return {stay.patient: language_word(stay.language) if stay.language else NOT_KNOWN for stay in stays}


def by_gender(stays: Sequence[Stay]) -> Groups:
    """As it was sent or said."""
    return {stay.patient: str(SEXES[stay.sex]) if stay.sex in SEXES else NOT_KNOWN for stay in stays}


def by_source(stays: Sequence[Stay]) -> Groups:
    """Who turned to us last before the stay began. Two queries."""
    people = [stay.patient for stay in stays]
    asked = Inquiry.objects.filter(patient__in=people).values_list("patient", "received_at", "asked_for")
    sent = Referral.objects.filter(patient__in=people).values_list("patient", "received_at")
    came: dict[UUID | None, list[tuple[datetime, str]]] = defaultdict(list)
    for one, at, source in (*asked, *((one, at, "referral") for one, at in sent)):
        came[one].append((at, source))
    found = {}
    for stay in stays:
        known = sorted(came[stay.patient])
        before = [source for at, source in known if timezone.localdate(at) <= stay.starts_on]
        found[stay.patient] = str(SOURCES[before[-1] if before else "direct"])
    return found


def by_payer(stays: Sequence[Stay]) -> Groups:
    """Who paid first on the first day. One query."""
    rows = Coverage.objects.filter(
        patient__in=[stay.patient for stay in stays], rank=Coverage.Rank.PRIMARY, withdrawn_at=None
    )
    held: dict[UUID, list[Coverage]] = defaultdict(list)
    for row in rows.only("patient_id", "kind", "payer", "starts_on", "ends_on"):
        held[row.patient_id].append(row)
    found = {}
    for stay in stays:
        then = (
            row
            for row in held[stay.patient]
            if (row.starts_on or stay.starts_on) <= stay.starts_on <= (row.ends_on or stay.starts_on)
        )
        found[stay.patient] = next((row.name for row in then), NOT_KNOWN)
    return found


@dataclass(frozen=True, slots=True)
class Split:
    """One way of telling people apart, with what the page says of it."""

    title: Promise
    groups: Callable[[Sequence[Stay]], Groups]
    about: Promise


SPLITS: Mapping[str, Split] = {
    "program": Split(_("Program"), by_program, _("The program in which they began.")),
    "source": Split(
        _("How they came to us"), by_source, _("Who turned to us last before the first day: an inquiry, or a referral.")
    ),
    "payer": Split(_("Who pays"), by_payer, _("The coverage that paid first on the first day.")),
    "age": Split(_("Age"), by_age, _("Years of age on the first day.")),
    "language": Split(_("Language"), by_language, _("The language that suits them best.")),
    "gender": Split(_("Gender"), by_gender, _("As it stands in the chart, sent with a referral or said by them.")),
}
