"""The charts: from registration over findings, consents and admission to a plan with goals."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hearth.accounts.models import User
from hearth.accounts.roles import Role
from hearth.admission.models import Assessment, Episode
from hearth.admission.rules import Dimension, Finding, judge
from hearth.admission.wording import sentence
from hearth.consent.models import Consent, ConsentKind
from hearth.consent.packet_models import ProgramPapers
from hearth.consent.seals import seal
from hearth.consent.signing import Terms, said_by, text_for
from hearth.measures.models import Rule
from hearth.people.models import CareTeamMember, Modality, Patient, Relationship
from hearth.people.services import population_of
from hearth.plan.models import CarePlan, Goal, GoalStep, Problem
from hearth.plan.rules import steps_down
from hearth.program import pack
from hearth.sessions.models import Attendance
from hearth.web.demo import wording
from hearth.web.demo.house import House, Scene
from hearth.web.demo.lives import Life

REVIEW = timedelta(days=28)
HALF_WAY = 5  # of 10: from there on, the first step toward a goal is done
DRAWN = [
    [[40, 152], [52, 96], [66, 52], [76, 60], [84, 112], [92, 128], [104, 96], [118, 54], [128, 58], [146, 150]],
    [[204, 112], [186, 104], [172, 122], [176, 144], [194, 146], [206, 124], [208, 112], [212, 138], [224, 148]],
    [[236, 108], [240, 136], [254, 144], [268, 128], [274, 108], [272, 148], [262, 182], [246, 186], [286, 142]],
    [[330, 112], [312, 104], [298, 122], [302, 144], [320, 146], [334, 112], [338, 138], [356, 146], [470, 118]],
]
"""Maya's name by her own hand."""
KINDS = (
    ConsentKind.TREATMENT, ConsentKind.PRIVACY_NOTICE, ConsentKind.PROGRAM_RULES, ConsentKind.GROUP_PRIVACY,
    ConsentKind.COLORADO_DISCLOSURE, ConsentKind.PART2_TPO, ConsentKind.FINANCIAL,
)  # fmt: skip


@dataclass
class Chart:
    """One life's rows, for those who add to them."""

    life: Life
    user: User
    patient: Patient
    episode: Episode
    plans: list[CarePlan]
    goals: list[Goal]
    problems: list[Problem]
    telehealth: Consent | None
    attendances: list[Attendance] = field(default_factory=list)


def write_chart(scene: Scene, house: House, life: Life, leaders: list[str]) -> Chart:
    """Everything of this life up to its first day, and its plan since. `leaders`: who leads its groups."""
    pile, staff = scene.pile, house.staff
    ines, counselor = staff["Inés Alvarado"], staff[life.primary]
    known = scene.moment(life.starts_on - timedelta(days=6), 10)
    user = scene.user(life.key, [Role.STUDENT], "students.example", pronouns=life.pronouns, language=life.languages[0])
    patient = _register(scene, house, life, user, by=ines, at=known)
    assessment = _assess(scene, life, patient, by=counselor, at=known + timedelta(days=1))
    telehealth = _consent(scene, life, patient, user, at=known + timedelta(days=1, hours=7))
    episode = _admit(scene, house, life, patient, assessment, by=ines, at=known + timedelta(days=3))
    _care_team(scene, house, life, patient, leaders, by=ines, at=episode.admitted_at)
    plans = _plan(scene, life, episode, counselor)
    goals, problems = _agree(scene, life, episode, counselor)
    for rule in pack.get(life.cohort.pattern.pack).due_for(life.cohort.track):
        row = pile.make(
            Rule, patient=patient, instrument=rule.instrument, at_admission=rule.at_admission,
            every_days=rule.every_days, at_completion=rule.at_completion, days_after=list(rule.days_after),
            before_individual=rule.before_individual, started_on=life.starts_on,
        )  # fmt: skip
        pile.deed("measures.rule_followed", by=ines, about=row, at=episode.admitted_at, instrument=rule.instrument)
    return Chart(life, user, patient, episode, plans, goals, problems, telehealth)


def _register(scene: Scene, house: House, life: Life, user: User, *, by: User, at: datetime) -> Patient:
    city, postal_code = wording.CITIES[life.state]
    number = scene.random.randint(100, 9899)
    virtual = life.cohort.is_virtual
    patient = scene.pile.make(
        Patient, organisation=scene.organisation, user=user, chosen_name=life.chosen, legal_given=life.chosen,
        family_name=life.family,
        pronouns=life.pronouns, birth_date=life.born_on, sex=life.sex, languages=list(life.languages),
        population=population_of(life.born_on, on=scene.today), phone=f"303 555 {number:04}", email=user.email or "",
        street=f"{number} Marigold Street", city=city, state=life.state, postal_code=postal_code,
        modality=Modality.VIRTUAL if virtual else Modality.IN_PERSON,
        site=None if virtual else house.sites[life.cohort.site],
        emergency_name=f"Robin {life.family}", emergency_phone=f"303 555 {(number * 7) % 9000 + 1000:04}", joined_at=at,
    )  # fmt: skip
    scene.pile.deed("people.patient_registered", by=by, about=patient, at=at, patient=patient.pk)
    return patient


def _assess(scene: Scene, life: Life, patient: Patient, *, by: User, at: datetime) -> Assessment:
    uses = life.cohort.track != "mental-health"
    ratings = (0, scene.random.randint(0, 1), 2, 2 if uses else 1, scene.random.randint(1, 2), 1)
    findings = {
        dimension: Finding(rating, wording.FINDINGS[dimension])
        for dimension, rating in zip(Dimension, ratings, strict=True)
    }
    verdict = judge(findings)
    row = scene.pile.make(
        Assessment, patient=patient,
        findings={str(each): {"rating": one.rating, "note": one.note} for each, one in findings.items()},
        recommended_level=verdict.level or "", reasons=[sentence(reason) for reason in verdict.reasons],
        decided_level=verdict.level or "", rationale=wording.RATIONALE, recorded_by=by, recorded_at=at,
        signed_by=by, signed_at=at + timedelta(minutes=40),
    )  # fmt: skip
    scene.pile.deed("admission.findings_recorded", by=by, about=row, at=at, level=str(verdict.level))
    scene.pile.deed(
        "admission.level_decided", by=by, about=row, at=at + timedelta(minutes=40), level=str(verdict.level)
    )
    return row


def _consent(scene: Scene, life: Life, patient: Patient, user: User, *, at: datetime) -> Consent | None:
    """Signs what is required, an adolescent's guardian too. The telehealth consent, where there is one."""
    if life.key == "Maya Reyes":
        partner = scene.user("Alex Duarte", [Role.FAMILY], "family.example", pronouns="he/him")
        kind = Relationship.Kind.PARTNER
        scene.pile.make(Relationship, patient=patient, person=partner, kind=kind, known_as=partner.name)
        sign_consent(scene, patient, ConsentKind.RELEASE, user, at=at, terms=_to_her_partner(partner, at))
    kinds = (*KINDS, ConsentKind.TELEHEALTH) if life.cohort.is_virtual else KINDS
    signers = [user, _guardian(scene, life, patient, at=at)] if life.is_adolescent else [user]
    made = [
        sign_consent(scene, patient, str(kind), signer, at=at)
        for signer in signers
        for kind in kinds
        if _is_asked(life, str(kind), is_own=signer is user)
    ]
    if life.is_adolescent:
        for signer in signers:
            sign_consent(scene, patient, "school_contact", signer, at=at, terms=_to_school(at))
    if life.key == "Jonah Park":
        _signed_before_the_text_changed(next(row for row in made if row.kind == ConsentKind.PROGRAM_RULES))
    return made[-1] if life.cohort.is_virtual else None


def _is_asked(life: Life, kind: str, *, is_own: bool) -> bool:
    if kind == ConsentKind.COLORADO_DISCLOSURE:
        return life.state == "CO"
    return kind != ConsentKind.FINANCIAL or not (life.is_adolescent and is_own)


def _signed_before_the_text_changed(row: Consent) -> None:
    """The rules of the program had no line about meeting outside of it yet."""
    lines = row.text.split("\n")
    row.text, row.version = "\n".join(line for line in lines if "**We meet here" not in line), "2026-11"
    seal(row)


def _to_her_partner(partner: User, at: datetime) -> Terms:
    until = (at + timedelta(days=365)).date()
    return Terms((partner.name,), "That I take part, and when", "So that he can come to family sessions", until)


def _to_school(at: datetime) -> Terms:
    until = (at + timedelta(days=200)).date()
    told = "That I am in care, on which days I cannot be at school, and how school can help; not why I am here"
    return Terms(("Ms. Alba, counselor at Mesa High School",), told, "So that I can keep up at school", until)


def sign_consent(
    scene: Scene, patient: Patient, kind: str, signer: User, *, at: datetime, terms: Terms | None = None
) -> Consent:
    """One signed consent with the text that was shown."""
    is_patient = signer.pk == patient.user_id
    name = "" if is_patient else signer.name
    wording, text, terms = text_for(patient, kind, signer.language, terms=terms, signer=name)
    row = scene.pile.make(
        Consent, patient=patient, **said_by(wording, text, terms), signer=signer,
        signer_is_patient=is_patient, signed_name=signer.name, signed_at=at,
        drawing=DRAWN if signer.name == "Maya Reyes" else None, device="Firefox, Android",
        intent="He leído esto, y estoy de acuerdo." if wording.language == "es" else "I have read this, and I agree.",
    )  # fmt: skip
    seal(row)
    scene.pile.deed("consent.signed", by=signer, about=row, at=at, kind=kind, version=wording.version)
    return row


def _guardian(scene: Scene, life: Life, patient: Patient, *, at: datetime) -> User:
    chosen = "Carmen" if life.key == "Lee Castellan" else scene.names.next(life.languages[0])[0]
    if chosen == life.chosen:  # nobody here is called like their own child
        chosen = scene.names.next(life.languages[0])[0]
    parent = scene.user(f"{chosen} {life.family}", [Role.FAMILY], "family.example", pronouns="she/her")
    row = scene.pile.make(
        Relationship, patient=patient, person=parent, kind=Relationship.Kind.PARENT, is_guardian=True,
        known_as=parent.name,
        may_see_progress=True,
    )  # fmt: skip
    scene.pile.deed("people.related", by=parent, about=row, at=at, kind="parent")
    return parent


def _admit(
    scene: Scene, house: House, life: Life, patient: Patient, assessment: Assessment, *, by: User, at: datetime
) -> Episode:
    program = house.programs[life.cohort.pattern.pack]
    row = scene.pile.make(
        Episode, patient=patient, program=program, track=life.cohort.track,
        assessment=assessment, admitted_by=by, admitted_at=at, starts_on=life.starts_on,
        planned_end_on=life.planned_end_on,
    )  # fmt: skip
    asked = pack.get(program.pack).papers_on(row.track)
    scene.pile.make(ProgramPapers, patient=patient, program=program.name, track=row.track, papers=asked, by=by, at=at)
    scene.pile.deed("admission.admitted", by=by, about=row, at=at, program=str(program.pk), weeks=life.weeks)
    return row


def _care_team(
    scene: Scene, house: House, life: Life, patient: Patient, leaders: list[str], *, by: User, at: datetime
) -> None:
    primary = house.staff[life.primary]
    others = [house.staff[name] for name in dict.fromkeys([*leaders, "Bev Lindqvist"]) if name != life.primary]
    for member in (primary, *others):
        role = Role.COUNSELOR if member is primary else Role(member.roles[0])
        row = scene.pile.make(
            CareTeamMember, patient=patient, member=member, role=role, is_primary=member is primary,
            since=at.astimezone(scene.zone).date(),
        )  # fmt: skip
        scene.pile.deed(
            "people.care_team_joined", by=by, about=row, at=at, member=str(member.pk), primary=member is primary
        )


def _plan(scene: Scene, life: Life, episode: Episode, counselor: User) -> list[CarePlan]:
    """The first plan, signed at admission, and a reviewed version every four weeks."""
    described = pack.get(life.cohort.pattern.pack)
    last = min(scene.at, scene.moment(life.lasts_until(), 0))
    moments = [episode.admitted_at + timedelta(hours=2)]
    while (following := scene.moment(_day(life, len(moments)), 15)) < last:
        moments.append(following)
    reviews = [_day(life, number + 1) for number in range(len(moments) + 1)]
    made: list[CarePlan] = []
    for version, (at, (due, _after)) in enumerate(zip(moments, pairwise(reviews), strict=True), start=1):
        why = wording.REVIEWED if version > 1 else ""
        signed_at = at + timedelta(minutes=30)
        row = scene.pile.make(
            CarePlan, episode=episode, patient=episode.patient, version=version, dose=described.dose.as_board(),
            steps=_steps(scene, life), weeks=life.weeks, why=why, review_due_on=due, made_by=counselor, made_at=at,
            signed_by=counselor, signed_at=signed_at, agreed_at=at + timedelta(hours=1),
        )  # fmt: skip
        verb = "plan.changed" if version > 1 else "plan.drafted"
        scene.pile.deed(verb, by=counselor, about=row, at=at, weeks=life.weeks)
        scene.pile.deed("plan.signed", by=counselor, about=row, at=signed_at, version=version)
        scene.pile.deed("plan.agreed", by=episode.patient.user, about=row, at=at + timedelta(hours=1), version=version)
        made.append(row)
    return made


def _steps(scene: Scene, life: Life) -> list[dict[str, Any]]:
    """Where the dose falls in weeks to come; the week as it stands was accepted before that was asked for."""
    described = pack.get(life.cohort.pattern.pack)
    phases = [(span.first_week, span.phase.id, span.phase.dose.as_board()) for span in described.spans(life.weeks)]
    usual, week = described.dose.as_board(), (scene.today - life.starts_on).days // 7 + 1
    return steps_down(usual, usual, phases, week=week)


def _day(life: Life, reviews: int) -> date:
    return life.starts_on + reviews * REVIEW


def _agree(scene: Scene, life: Life, episode: Episode, counselor: User) -> tuple[list[Goal], list[Problem]]:
    at = episode.admitted_at + timedelta(hours=2)
    goals, problems = [], []
    for number, (words, first_step, progress) in enumerate(life.goals, start=1):
        reached = life.ended_on is not None and number == 1
        row = scene.pile.make(
            Goal, episode=episode, patient=episode.patient, number=number, words=words,
            progress=10 if reached else progress, confidence=min(10, progress + 2),
            agreed_at=at, changed_at=min(scene.at, at + timedelta(days=10)),
            status=Goal.Status.REACHED if reached else Goal.Status.ACTIVE,
        )  # fmt: skip
        scene.pile.deed("plan.goal_agreed", by=counselor, about=row, at=at, number=number)
        scene.pile.make(
            GoalStep, goal=row, number=1, words=first_step, added_at=at,
            done_at=row.changed_at if reached or progress >= HALF_WAY else None,
        )  # fmt: skip
        goals.append(row)
    pool = wording.PROBLEMS[life.cohort.track]
    count = 2 if life.cohort.track == "co-occurring" else 1
    chosen = scene.random.sample(pool, k=1) if count == 1 else [scene.random.choice(pool[:2]), pool[2]]
    chosen[0] = wording.FIRST_PROBLEM.get(life.key, chosen[0])
    for number, (text, code) in enumerate(chosen):
        problem = scene.pile.make(
            Problem, episode=episode, patient=episode.patient, text=text, code=code,
            code_system="http://hl7.org/fhir/sid/icd-10-cm", is_primary=number == 0, noted_at=at,
        )  # fmt: skip
        scene.pile.deed("plan.problem_noted", by=counselor, about=problem, at=at, code=code)
        problems.append(problem)
    return goals, problems
