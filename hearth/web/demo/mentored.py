"""A peer mentor: somebody who completed the evening program last year, introduced to one of the cast."""

from collections.abc import Mapping
from datetime import timedelta

from hearth.accounts.roles import Role
from hearth.admission.models import Episode
from hearth.circle import services
from hearth.circle.mentoring import MENTORS, STUDENTS, mentoring_for
from hearth.circle.models import Membership
from hearth.consent.signing import Terms
from hearth.consent.testing import sign
from hearth.people.models import Patient, Population
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

AGO = timedelta(days=300)
WORDS = "I sat in the same chairs last year. I walk a lot, I bake badly, and I remember how long the first month was."
WHERE = "Thursdays at 17:30 in the Juniper room in Denver, before group. Sam is next door."


def introduce_a_mentor(scene: Scene, house: House, charts: Mapping[str, Chart]) -> None:
    """Tomás signed and is introduced; to Maya the mentor is suggested."""
    program, ruth, sam = house.programs["adult-evening"], house.staff["Ruth Okafor"], house.staff["Sam Whitehorse"]
    rows = Episode.objects.filter(program=program, end_reason="completed", ended_at__lt=scene.at - AGO)
    grown = rows.filter(patient__user=None, patient__population=Population.ADULT).select_related("patient")
    patient = grown.order_by("-ended_at")[0].patient
    patient.user = scene.user(patient.name, [Role.ALUMNUS], "post.example")
    scene.pile.store()
    patient.save(update_fields=["user"])
    place = services.join_alumni(by=patient.user, at=scene.at - timedelta(days=60))
    mentor = services.name_mentor(
        circle=place.circle, place=place.pk, words=WORDS, trained_on=scene.today - timedelta(days=40),
        checked_on=scene.today - timedelta(days=35), checked_by=ruth.pk, supervisor=sam.pk, by=ruth,
        at=scene.at - timedelta(days=10),
    )  # fmt: skip
    _sign(scene, patient, mentoring_for(viewer=patient.user, at=scene.at).to_agree, MENTORS, days_ago=9)
    for who, days_ago in (("Tomás Lindgren", 8), ("Maya Reyes", 1)):
        student = Membership.objects.get(episode=charts[who].episode)
        services.introduce(
            circle=place.circle, mentor=mentor.pk, place=student.pk, where=WHERE, by=ruth,
            at=scene.at - timedelta(days=days_ago),
        )  # fmt: skip
    tomas = charts["Tomás Lindgren"]
    _sign(scene, tomas.patient, mentoring_for(viewer=tomas.user, at=scene.at).to_sign, STUDENTS, days_ago=7)


def _sign(scene: Scene, patient: Patient, terms: Terms | None, paper: str, *, days_ago: int) -> None:
    assert patient.user is not None
    at = scene.at - timedelta(days=days_ago)
    sign(patient, paper, by=patient.user, at=at, terms=terms)
