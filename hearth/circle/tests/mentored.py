"""How a peer mentor and a student come to know of each other, for tests."""

from hearth.circle import services
from hearth.circle.mentoring import MENTORS, STUDENTS, mentoring_for
from hearth.consent.testing import sign

WHERE = "Tuesdays at five in the Juniper room; Sam is next door."


def introduce(mentor, student, by, at):
    circle = mentor.membership.circle
    return services.introduce(circle=circle, mentor=mentor.pk, place=student.pk, where=WHERE, by=by, at=at)


def sign_as_mentor(patient, at):
    terms = mentoring_for(viewer=patient.user, at=at).to_agree
    return sign(patient, MENTORS, by=patient.user, at=at, terms=terms)


def sign_as_student(patient, at, language="en"):
    terms = mentoring_for(viewer=patient.user, at=at).to_sign
    return sign(patient, STUDENTS, by=patient.user, at=at, terms=terms, language=language)


def known_to_mentor(mentor, at):
    return [row.patient.chosen_name for row in mentoring_for(viewer=mentor.patient.user, at=at).students]


def known_to_student(patient, at):
    row = mentoring_for(viewer=patient.user, at=at).introduction
    return row and row.mentor.known_as
