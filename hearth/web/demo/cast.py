"""The named cast: who works at Hearthside, and the students everybody who tries Hearth meets first."""

from dataclasses import dataclass
from typing import Literal

from hearth.accounts.roles import Role

Course = Literal["shining", "steady", "slow", "struggling"]


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff. `states` are those of the licence; without a discipline there is none."""

    name: str
    pronouns: str
    title: str
    roles: tuple[Role, ...]
    discipline: str = ""
    states: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    populations: tuple[str, ...] = ("adult",)
    leads: Literal["", "groups", "skills"] = ""


STAFF = (
    Colleague("Dana Kim", "she/her", "LPC", (Role.COUNSELOR, Role.FACILITATOR), "LPC", ("CO",),
              populations=("adult", "adolescent"), leads="groups"),
    Colleague("Theo Brandt", "he/him", "LCSW", (Role.COUNSELOR,), "LCSW", ("CO", "NM"), leads="groups"),
    Colleague("Inés Alvarado", "she/her", "", (Role.COORDINATOR,), languages=("en", "es")),
    Colleague("Ruth Okafor", "she/her", "PsyD", (Role.SUPERVISOR,), "PsyD", ("CO", "UT"),
              populations=("adult", "adolescent"), leads="groups"),
    Colleague("Walt Jensen", "he/him", "", (Role.DIRECTOR,)),
    Colleague("Priya Nair", "she/her", "CHPC", (Role.PRIVACY,)),
    Colleague("Marcus Bell", "he/him", "", (Role.ADMINISTRATOR, Role.BILLER)),
    Colleague("Helen Cho", "she/her", "MD", (Role.MEDICAL,), "MD", ("CO",), leads="groups"),
    Colleague("Bev Lindqvist", "she/her", "RN", (Role.NURSE, Role.CASE_MANAGER), "RN", ("CO", "UT", "NM"),
              populations=("adult", "adolescent"), leads="skills"),
    Colleague("Sam Whitehorse", "they/them", "CPFS", (Role.PEER, Role.FACILITATOR), languages=("en", "es"),
              populations=("adult", "adolescent"), leads="skills"),
    Colleague("Joan Ferris", "she/her", "", (Role.ADVOCATE,)),
    Colleague("Lucía Ferrer", "she/her", "LPC", (Role.COUNSELOR, Role.FACILITATOR), "LPC", ("CO",),
              languages=("es", "en"), leads="groups"),
    Colleague("Andre Dupont", "he/him", "LMFT", (Role.COUNSELOR, Role.FACILITATOR), "LMFT", ("CO",),
              populations=("adult", "adolescent"), leads="groups"),
    Colleague("Noor Haddad", "she/her", "LAC", (Role.COUNSELOR, Role.FACILITATOR), "LAC", ("CO", "UT", "NM"),
              leads="groups"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A student of the cast: in which cohort, in which week of how many, and how it goes."""

    chosen: str
    family: str
    pronouns: str
    age: int
    sex: str
    cohort: str
    week: int
    weeks: int
    course: Course
    goals: tuple[tuple[str, str, int], ...]  # own words, first step, progress 0 to 10
    phq: tuple[int, int]  # PHQ-9 at admission and now
    languages: tuple[str, ...] = ("en",)


ALUMNA = ("Nadia", "Whitfield", "she/her")
"""Completed the evening program a week ago, and is in the circle of its alumni."""

STUDENTS = (
    Named("Maya", "Reyes", "she/her", 29, "female", "evening-1", 6, 14, "steady",
          (("Get up with my daughter and enjoy breakfast with her.", "Lights out at 22:30 three nights this week.", 6),
           ("Have evenings that I remember.", "Call Alma when the wave comes.", 5)), (17, 10)),
    Named("Jonah", "Park", "he/him", 34, "male", "evening-2", 5, 14, "struggling",
          (("Stop hiding from my phone.", "Read one message a day, out loud if it helps.", 2),
           ("Go back to the climbing gym.", "Put the shoes by the door.", 1)), (13, 19)),
    Named("Tomás", "Lindgren", "he/him", 41, "male", "evening-1", 11, 12, "shining",
          (("Be the uncle who shows up.", "Saturday soccer with the boys.", 9),
           ("Pay my own rent again.", "Two applications a week.", 8)), (18, 4)),
    Named("Amina", "Bashir", "she/her", 24, "female", "day-1", 3, 12, "slow",
          (("Ride the bus without counting the stops.", "One stop with Bev, then back.", 3),
           ("Finish the semester I started.", "Write to my advisor.", 2)), (16, 14)),
    Named("Rosa", "Montenegro", "she/her", 52, "female", "evening-3", 8, 14, "steady",
          (("Dormir sin miedo.", "Respirar despacio antes de acostarme.", 6),
           ("Volver a cantar en el coro.", "Ir a un ensayo, solo a escuchar.", 5)), (15, 8), ("es", "en")),
    Named("Lee", "Castellan", "he/him", 16, "male", "teen-1", 4, 14, "steady",
          (("Eat lunch with people again.", "Sit with Deshawn on Fridays.", 4),
           ("Tell Mom before it gets big.", "Text her a number from 1 to 10.", 6)), (14, 9)),
    Named("Grace", "Oyelaran", "she/her", 38, "female", "evening-4", 9, 14, "shining",
          (("Be on time for my own life.", "Pack the bag the night before.", 8),
           ("Two evenings a week without a screen.", "Thursday is for drawing.", 7)), (14, 5)),
    Named("Wendell", "Hargreave", "he/him", 63, "male", "day-2", 1, 12, "slow",
          (("Look my sister in the eye.", "Write her a card, send it or not.", 1),
           ("Sleep in a bed, not on the couch.", "Change the sheets.", 2)), (19, 19)),
)  # fmt: skip
"""Lee's mother and guardian is Carmen Castellan; Maya's partner is Alex Duarte (see `people`)."""
