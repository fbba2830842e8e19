"""The packet: one list of what somebody still has to read and sign, and what they said of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.audit import services as audit
from hearth.consent import facts, papers, rules, wordings
from hearth.consent.asked import Asked, asked_of, whys_of
from hearth.consent.models import Consent
from hearth.consent.packet_models import PaperAnswer
from hearth.consent.papers import Answer, Paper, Signed, State
from hearth.consent.queries import access_signing
from hearth.people.models import Patient, Relationship
from hearth.people.queries import access_patient

DETAILS: dict[str, tuple[Promise, Promise, Promise]] = {
    "emergency_contact": (
        _("Whom we call in an emergency"),
        _("Somebody who may be called if you are in danger. They are told nothing else."),
        _("Then in an emergency we can only call the emergency services."),
    ),
    "place": (
        _("Where you are for sessions by video"),
        _("So that help can be sent there. Before each session you say whether it is still right."),
        _("Then we ask you before your first session by video. Without a place nobody could send help there."),
    ),
}
"""What papers without a text are called, what they are for, and what follows without them."""


class UnknownPaper(Exception):
    """This person is not asked for this paper."""


@dataclass(frozen=True, slots=True)
class Line:
    """One paper for one signer."""

    paper: Paper
    state: State
    by_patient: bool
    title: str | Promise
    summary: str | Promise
    without: str | Promise
    version: str
    whys: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.state in papers.OPEN


@dataclass(frozen=True, slots=True)
class Packet:
    """Every paper of one person, for one signer or for all who sign."""

    patient: Patient
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        return sum(line.state is State.DONE for line in self.lines)

    @property
    def answered(self) -> int:
        """Those that need nothing now: signed, filled in, or declined."""
        return sum(line.state in (State.DONE, State.DECLINED) for line in self.lines)

    @property
    def open(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_open)

    @property
    def later(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state is State.LATER)

    @property
    def next(self) -> Line | None:
        """The one to read now: what was put off comes when nothing else is left."""
        return next(iter((*self.open, *self.later)), None)

    def after(self, paper: str) -> Line | None:
        """The next open one behind this one, else the first."""
        place = next((place for place, line in enumerate(self.lines) if line.paper.id == paper), -1)
        behind = [line for line in self.lines[place + 1 :] if line.is_open]
        return next(iter((*behind, *self.open)), None)

    def line(self, paper: str) -> Line:
        """Raises UnknownPaper."""
        found = next((line for line in self.lines if line.paper.id == paper), None)
        if found is None:
            raise UnknownPaper(paper)
        return found

    def of(self, *, by_patient: bool) -> "Packet":
        """The part that one signer is asked for."""
        return Packet(self.patient, tuple(line for line in self.lines if line.by_patient == by_patient))


def papers_of(patient: Patient, *, asked: Collection[str] = ()) -> tuple[Paper, ...]:
    """The papers that concern this person, with those that their program asks for."""
    return papers.papers_for(papers.papers(), state=patient.state, modality=patient.modality, asked=asked)


def needed_kinds(patient: Patient) -> tuple[str, ...]:
    """The consents without which no stay of this person begins, in whichever program."""
    return tuple(paper.id for paper in papers_of(patient) if paper.needed)


def kinds_asked_of(patient: Patient) -> tuple[str, ...]:
    """The consents this person, or their guardian, is asked for."""
    asked = asked_of([patient.pk])[patient.pk]
    return tuple(paper.id for paper in papers_of(patient, asked=asked) if paper.form == "consent")


def packet_of(patient: Patient, *, at: datetime) -> Packet:
    """Every paper of `patient`, with those their guardian signs. For callers with a door."""
    return packets_of([patient.pk], at=at)[patient.pk]


def packets_of(patients: Iterable[UUID], *, at: datetime) -> dict[UUID, Packet]:
    """The same for many, by id, in five queries however many. For callers with a door."""
    asked = list(patients)
    people = Patient.objects.select_related("organisation").in_bulk(asked)
    guarded = set(Relationship.objects.filter(patient__in=asked, is_guardian=True).values_list("patient_id", flat=True))
    signed, answers, by_program = _signed(asked, at), _answers(asked), asked_of(asked)
    return {
        pk: Packet(patient, tuple(_lines(patient, pk in guarded, signed[pk], answers[pk], by_program[pk], at)))
        for pk, patient in people.items()
    }


def _lines(
    patient: Patient, has_guardian: bool, signed: list[Signed], answers: list[Answer], asked: Asked, at: datetime
) -> Iterable[Line]:
    age = patient.age(on=at.astimezone(patient.organisation.zone).date())
    signers = [True, False] if rules.needs_guardian(age=age, has_guardian=has_guardian) else [True]
    for by_patient in signers:
        for paper in papers_of(patient, asked=asked):
            if papers.is_asked(paper, age=age, by_patient=by_patient):
                filled = _is_filled(patient, paper.id)
                state = papers.state_of(paper, signed, answers, by_patient=by_patient, is_filled=filled)
                yield Line(paper, state, by_patient, *_words(paper), whys_of(paper, patient, asked))


def _words(paper: Paper) -> tuple[str | Promise, str | Promise, str | Promise, str]:
    if paper.id in DETAILS:
        return (*DETAILS[paper.id], "")
    found = wordings.wording(paper.id, get_language() or "en")
    return found.title, found.summary, found.without, found.version


def _is_filled(patient: Patient, paper: str) -> bool:
    """Whether what this paper asks for is known already: nothing is asked twice."""
    if paper == "place":
        return bool(patient.street and patient.city and patient.state)
    return bool(patient.emergency_name and patient.emergency_phone)


def _signed(pks: list[UUID], at: datetime) -> Mapping[UUID, list[Signed]]:
    found: dict[UUID, list[Signed]] = defaultdict(list)
    rows = Consent.objects.filter(patient__in=pks, signed_at__lte=at).defer("text", "drawing")
    for row in rows.select_related("organisation"):
        today = at.astimezone(row.organisation.zone).date()
        found[row.patient_id].append(
            Signed(
                kind=row.text_id,
                by_patient=row.signer_is_patient,
                at=row.signed_at,
                stands=row.is_in_force(on=today),
                is_taken_back=row.revoked_at is not None,
                is_current=row.version == wordings.wording(row.text_id, row.language).version,
            )
        )
    return found


def _answers(pks: list[UUID]) -> Mapping[UUID, list[Answer]]:
    found: dict[UUID, list[Answer]] = defaultdict(list)
    for row in PaperAnswer.objects.filter(patient__in=pks):
        current = row.paper in DETAILS or row.version == wordings.wording(row.paper, "en").version
        found[row.patient_id].append(Answer(row.paper, row.by_patient, row.is_no, row.at, current))
    return found


def answers_of(patient: Patient) -> QuerySet[PaperAnswer]:
    """What they or their guardian wrote when they put a paper off or declined it, newest first. With a door."""
    return PaperAnswer.objects.filter(patient=patient).exclude(words="").select_related("by").order_by("-at")


def own_packet(*, viewer: User, pk: UUID, at: datetime) -> Packet:
    """What `viewer` is asked to read: the patient, or a minor's guardian. Raises PermissionDenied."""
    patient = access_signing(viewer=viewer, pk=pk, at=at)
    return packet_of(patient, at=at).of(by_patient=patient.user_id == viewer.pk)


@transaction.atomic
def answer(*, pk: UUID, paper: str, is_no: bool, words: str, by: User, at: datetime) -> PaperAnswer:
    """Put a paper off, or say no to it. Nothing is refused to them because of it here. Raises UnknownPaper."""
    patient = access_signing(viewer=by, pk=pk, at=at, lock=True)
    by_patient = patient.user_id == by.pk
    line = packet_of(patient, at=at).of(by_patient=by_patient).line(paper)
    row = PaperAnswer.objects.create(
        patient=patient, paper=paper, version=line.version, is_no=is_no, by=by, by_patient=by_patient,
        words=words.strip(), at=at,
    )  # fmt: skip
    audit.record("consent.paper_declined" if is_no else "consent.paper_put_off", by=by, about=row, at=at, paper=paper)
    facts.paper_answered.send(PaperAnswer, answer_id=row.pk, at=at)
    return row


@transaction.atomic
def keep_details(*, pk: UUID, paper: str, values: Mapping[str, str], by: User, at: datetime) -> Patient:
    """Write down what the person says of themself: whom to call, or where they are."""
    patient = access_patient(viewer=by, pk=pk, to="own", lock=True)
    for name, value in values.items():
        setattr(patient, name, value)
    patient.save(update_fields=list(values))
    audit.record("consent.details_kept", by=by, about=patient, at=at, paper=paper)
    return patient
