"""Which instrument covers what people come with, and what an organisation must do where none is free."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.measures.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Need:
    """One thing people come with. `free` may be used at once; `closed` only with their holder's permission."""

    name: Promise | str
    free: tuple[str, ...]
    closed: tuple[str, ...]
    advice: Promise | str


NEEDS = (
    Need(
        _("Depression"),
        ("phq-9", "phq-a"),
        (),
        _("Nothing: PHQ-9 for adults, PHQ-A from 11 to 17 years."),
    ),
    Need(
        _("Anxiety"),
        ("gad-7",),
        ("scared",),
        _("Nothing for adults. For children and their parents: ask the University of Pittsburgh about SCARED."),
    ),
    Need(
        _("OCD"),
        (),
        ("oci-r",),
        _(
            "None is free. Ask Edna Foa, or her publisher, about the OCI-R and enter its words here. Until then follow "
            "the course with CORE-10 and ask about obsessions and compulsions in person."
        ),
    ),
    Need(
        _("Alcohol"),
        ("audit", "audit-c", "bam"),
        ("crafft",),
        _(
            "Nothing, as long as no money is made with the AUDIT itself (terms of the WHO). From 12 to 21 years: ask "
            "Boston Children's Hospital about the CRAFFT."
        ),
    ),
    Need(
        _("Drugs"),
        ("dast-10", "bam"),
        ("crafft",),
        _("Nothing, as long as the use of DAST-10 is not commercial and credits its author. CRAFFT as above."),
    ),
    Need(
        _("Grief"),
        (),
        ("bgq", "pg-13-r"),
        _(
            "None is free. Ask the University of Pittsburgh about the Brief Grief Questionnaire, or Holly Prigerson "
            "about the PG-13-Revised. Until then use CORE-10 and PHQ-9, and ask about the loss in person."
        ),
    ),
    Need(
        _("Trauma"),
        ("pcl-5",),
        (),
        _("Nothing for adults. No free measure for minors ships: a clinician asks in person."),
    ),
    Need(
        _("Stress"),
        ("core-10", "who-5"),
        ("wsas", "ders-16"),
        _(
            "Nothing, within the terms of CORE-10 (unchanged) and WHO-5 (not commercial). The PSS-10 needs a license "
            "and does not ship. WSAS and DERS-16 need their holders' permission."
        ),
    ),
    Need(
        _("Suicide risk"),
        ("asq",),
        ("c-ssrs",),
        _("Nothing: ASQ is free. For the C-SSRS register with the Columbia Lighthouse Project, then enter its words."),
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A need with its instruments as this organisation may use them."""

    name: Promise | str
    usable: tuple[Instrument, ...]
    waiting: tuple[Instrument, ...]
    advice: Promise | str


def rows(known: Mapping[str, Instrument]) -> list[Row]:
    """What can be asked now for each need, and what waits for a permission."""
    found = []
    for need in NEEDS:
        every = [known[one] for one in (*need.free, *need.closed)]
        usable = tuple(one for one in every if one.forms)
        found.append(Row(need.name, usable, tuple(one for one in every if not one.forms), need.advice))
    return found
