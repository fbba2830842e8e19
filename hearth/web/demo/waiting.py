"""Those who are on their way in: first contacts, referrals in the inbox, and one person at each step of admission.

All of it goes through the services, as it would on a real day.
"""

from datetime import date, datetime, timedelta

from hearth.accounts.models import User
from hearth.accounts.services import make_student_user
from hearth.admission.models import Assessment
from hearth.admission.rules import Dimension, Finding, Findings
from hearth.admission.score_rules import Score
from hearth.admission.services import choose_program, record_findings, sign_decision
from hearth.consent import packet
from hearth.consent import services as consent
from hearth.consent.packet import needed_kinds
from hearth.consent.signing import text_for
from hearth.consent.wordings import mark
from hearth.inquiry.interviews import give_hours
from hearth.inquiry.models import Inquiry, InquiryContact
from hearth.inquiry.services import log_contact, receive_inquiry, take_inquiry
from hearth.inquiry.testing import make_referral
from hearth.inquiry.ways_out import close
from hearth.people.models import Patient
from hearth.people.safe_contact import Said, bring_along
from hearth.people.services import register_patient
from hearth.timetable.board import Span
from hearth.timetable.newcomer_needs import Needs
from hearth.timetable.services import join_waitlist
from hearth.web.demo import by_link, wording
from hearth.web.demo.house import House, Scene
from hearth.web.demo.referrals import SENT, bundle_of

ON_THE_WAY = (
    ("Elias", "Norgaard", "he/him", 31, "registered"),
    ("Pilar", "Quintanar", "she/her", 45, "found"),
    ("Odell", "Brightwater", "he/him", 27, "signed"),
    ("Mika", "Tanaka-Ross", "they/them", 22, "agreed"),
    ("Hattie", "Vandermere", "she/her", 58, "lower"),
)
"""Who stands where: just registered, findings recorded, decision signed, consents signed, weekly therapy is enough."""

ASKED = (
    ("Bernice", "other", "call", "My son came home from detox on Friday. He says he would try evenings.", 2),
    ("Cal", "me", "text", "", 5),
    ("Priscilla", "me", "mail", "Do you have a group for mornings? I can't do evenings, I nurse at night.", 22),
)

TALKS = [
    {"day": day, "from": since, "to": to} for day in range(5) for since, to in (("09:00", "12:00"), ("13:00", "16:00"))
]
"""When Inés takes first conversations."""

WAITS = (
    ("Priscilla", tuple(Span(day, 8 * 60, 16 * 60) for day in range(5))),
    ("Cal", (Span(5, 9 * 60, 17 * 60), Span(6, 9 * 60, 17 * 60))),
)
"""Who waits, and when they could come: by day on weekdays; at weekends."""


def receive_all(scene: Scene, house: House) -> None:
    """Inquiries, referrals and admissions of the first house."""
    ines, ruth = house.staff["Inés Alvarado"], house.staff["Ruth Okafor"]
    _inquiries(scene, ines)
    give_hours(hours=TALKS, by=ines, at=scene.at - timedelta(days=30))
    for number, sent in enumerate(SENT):
        at = scene.at - timedelta(hours=3 + 20 * number)
        make_referral(bundle_of(sent, on=scene.today - timedelta(days=number + 1)), at=at)
    by_link.refer(scene, taken_by=ines)
    _waitlist(scene, house, ines)
    for number, (chosen, family, pronouns, age, step) in enumerate(ON_THE_WAY):
        _walk_in(scene, house, ruth, (chosen, family, pronouns, age), step, days_ago=2 + number)


def _waitlist(scene: Scene, house: House, ines: User) -> None:
    """Who waits for a place, in their turn: one is offered a week at once, for the other nothing fits yet."""
    program = house.programs["adult-day"]
    for number, (name, hours) in enumerate(WAITS):
        needs = Needs("adult-day", "mental-health", ("en",), "either", "CO", hours)
        join_waitlist(
            program=program,
            needs=needs,
            inquiry=Inquiry.objects.get(first_name=name).pk,
            by=ines,
            at=scene.at - timedelta(hours=3 - number),
        )


def _inquiries(scene: Scene, ines: User) -> None:
    for number, (name, asked_for, reach, words, hours) in enumerate(ASKED):
        asked = {
            "first_name": name, "asked_for": asked_for, "reach": reach, "words": words, "phone": f"303 555 02{number}4",
            "email": f"{name.lower()}@mail.example" if reach == "mail" else "", "message_ok": reach == "mail",
        }  # fmt: skip
        at = scene.at - timedelta(hours=hours)
        inquiry = receive_inquiry(asked=asked, address=f"192.0.2.{number + 7}", at=at)
        if hours > 4:
            take_inquiry(inquiry=inquiry, by=ines, at=at + timedelta(hours=1))
        if hours > 20:
            reached, way = InquiryContact.Result.REACHED, InquiryContact.Way.CALL
            log_contact(
                inquiry=inquiry,
                way=way,
                result=reached,
                note="Morning group fits.",
                by=ines,
                at=at + timedelta(hours=2),
            )
    old = {"first_name": "Doug", "asked_for": "other", "reach": "call", "phone": "303 555 0299"}
    at = scene.at - timedelta(days=6)
    inquiry = receive_inquiry(asked=old, address="192.0.2.99", at=at)
    close(
        who=inquiry, reason="chose_other", note="His wife chose a program nearer to home; gave her the number.",
        by=ines, at=at + timedelta(hours=3),
    )  # fmt: skip


def _walk_in(
    scene: Scene, house: House, ruth: User, who: tuple[str, str, str, int], step: str, *, days_ago: int
) -> None:
    chosen, family, pronouns, age = who
    ines = house.staff["Inés Alvarado"]
    at = scene.at - timedelta(days=days_ago)
    email = scene.address(f"{chosen} {family}", "students.example", whole=True)
    user = make_student_user(name=f"{chosen} {family}", by=ines, at=at, email=email, pronouns=pronouns)
    User.objects.filter(pk=user.pk).update(password=scene.encoded, joined_at=at)
    born = date(scene.today.year - age, 4, 17)
    patient = register_patient(
        by=ines, at=at, user=user, chosen_name=chosen, legal_given=chosen, family_name=family, pronouns=pronouns,
        birth_date=born, sex=wording.sex_of(pronouns), languages=["en"], phone="303 555 0171", email=email,
        city="Denver", state="CO", postal_code="80203",
    )  # fmt: skip
    if step == "registered":
        way = Said(message_ok=False, name_us_ok=False, words="Text first. Not while the partner is at home.")
        bring_along(patient=patient, said=way, by=ines, at=at)
        return
    score = Score((2, 3, 3, 3, 3, 3, 3), 4) if step == "found" else None  # asks for more than Hearth suggests
    assessment = record_findings(
        patient=patient, findings=_findings(1 if step == "lower" else 2), score=score, by=ines,
        at=at + timedelta(hours=3),
    )  # fmt: skip
    if step != "found":
        _decide(assessment, ruth, scene, days_ago)
        program = house.programs["adult-evening"]
        choose_program(patient=patient, program=program, track="co-occurring", by=ines, at=at + timedelta(hours=4))
    if step == "agreed":
        _sign_everything(patient, user, scene)
    if step == "signed":
        _begin_the_papers(patient, user, scene)


def _findings(worst: int) -> Findings:
    ratings = (0, 1, worst, 1, min(worst, 1), 1)
    return {each: Finding(rating, wording.FINDINGS[each]) for each, rating in zip(Dimension, ratings, strict=True)}


def _decide(assessment: Assessment, by: User, scene: Scene, days_ago: int) -> None:
    at = scene.at - timedelta(days=days_ago) + timedelta(hours=20)
    sign_decision(assessment=assessment, level=assessment.recommended_level, rationale=wording.RATIONALE, by=by, at=at)


def _begin_the_papers(patient: Patient, user: User, scene: Scene) -> None:
    """In the middle of the packet: some signed, one left for later, one declined."""
    at = scene.at - timedelta(hours=6)
    for kind in ("treatment", "privacy_notice"):
        _sign(patient, user, kind, at=at)
    later = at + timedelta(minutes=9)
    packet.answer(pk=patient.pk, paper="telehealth", is_no=False, words="", by=user, at=later)
    words = "I want to ask my sister first."
    packet.answer(pk=patient.pk, paper="part2_tpo", is_no=True, words=words, by=user, at=later)


def _sign_everything(patient: Patient, user: User, scene: Scene) -> None:
    at = scene.at - timedelta(hours=5)
    for kind in needed_kinds(patient):
        _sign(patient, user, kind, at=at)


def _sign(patient: Patient, user: User, kind: str, *, at: datetime) -> None:
    _wording, text, _terms = text_for(patient, kind, "en")
    consent.sign(
        patient_pk=patient.pk, kind=kind, language="en", typed_name=user.name, shown=mark(text), by=user, at=at,
        intent="I have read this, and I agree.", device="Safari, iPhone",
    )  # fmt: skip
