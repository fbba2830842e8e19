"""Patients, those who belong to them, and the staff who care for them."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, Site, User
from hearth.accounts.roles import Role
from hearth.people import rules


class Population(models.TextChoices):
    """Adults and adolescents never meet in a group."""

    ADULT = "adult", _("Adults")
    ADOLESCENT = "adolescent", _("Adolescents")


class Modality(models.TextChoices):
    """How a person takes part."""

    IN_PERSON = "in_person", _("In person")
    VIRTUAL = "virtual", _("By video")
    EITHER = "either", _("Either")


class PatientQuerySet(models.QuerySet["Patient"]):
    def open_to(self, viewer: User) -> Self:
        """The patients whose chart `viewer` may open: their own, their care team's, or all; for family, their own's."""
        if viewer.has_any(rules.SEE_EVERYONE):
            return self.filter(organisation_id=viewer.organisation_id)
        own = Q(user=viewer)
        family = Q() if viewer.is_staff else Q(relationships__person=viewer, relationships__may_see_schedule=True)
        team = Q(care_team__member=viewer, care_team__until=None)
        return self.filter(own | family | team, organisation_id=viewer.organisation_id).distinct()

    def living(self) -> Self:
        """Those whose death is not recorded: nobody else is asked, reminded, offered or told anything."""
        return self.filter(has_died=False)

    def named_like(self, words: str) -> Self:
        """Those whose chosen or legal name holds every one of `words`."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(chosen_name__icontains=word) | Q(legal_given__icontains=word) | Q(family_name__icontains=word)
            )
        return found


class Patient(OrganisationRow):
    """A person in care. Screens say the organisation's word, by default student."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="patient")
    chosen_name = models.CharField(_("name to use"), max_length=80)
    legal_given = models.CharField(_("legal given names"), max_length=120, blank=True)
    family_name = models.CharField(_("family name"), max_length=120)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    pronouns_shown_to = models.CharField(
        max_length=10,
        default="everyone",
        choices=[("everyone", _("Everyone here")), ("staff", _("Staff")), ("team", _("My care team"))],
    )
    birth_date = models.DateField(_("date of birth"))
    sex = models.CharField(max_length=10, blank=True, help_text="FHIR AdministrativeGender, as sent or said.")
    population = models.CharField(max_length=10, choices=Population)
    languages = ArrayField(models.CharField(max_length=8), default=list, help_text="BCP 47, best first.")
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    postal_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    modality = models.CharField(max_length=10, choices=Modality, default=Modality.EITHER)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    emergency_name = models.CharField(max_length=120, blank=True)
    emergency_phone = models.CharField(max_length=30, blank=True)
    joined_at = models.DateTimeField()
    has_died = models.BooleanField(default=False, help_text="FHIR Patient.deceasedBoolean; set by note_death alone.")
    death_noted_at = models.DateTimeField(null=True, blank=True, help_text="When it was written down.")
    died_on = models.DateField(
        null=True, blank=True, help_text="FHIR Patient.deceasedDateTime, where the day is known."
    )

    objects = PatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(died_on=None) | Q(has_died=True), name="only_who_has_died_has_a_day_of_death"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "family_name", "chosen_name"], name="patients_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Chosen name and family name, for staff."""
        return f"{self.chosen_name} {self.family_name}"

    @property
    def short_name(self) -> str:
        """Chosen name and an initial, for lists that others may glance at."""
        return f"{self.chosen_name} {self.family_name[:1]}."

    @property
    def initials(self) -> str:
        return (self.chosen_name[:1] + self.family_name[:1]).upper()

    def age(self, *, on: date) -> int:
        """Whole years on the day `on`."""
        return on.year - self.birth_date.year - ((on.month, on.day) < (self.birth_date.month, self.birth_date.day))


class SafeContact(OrganisationRow):
    """How somebody is reached without putting them in danger; for everyone who calls or writes to them."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="safe_contact")
    message_ok = models.BooleanField(help_text="A message may be left there, or written.")
    name_us_ok = models.BooleanField(help_text="It may say where it comes from.")
    words = models.TextField(blank=True, help_text="By which way and when, as they or whoever referred them said.")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    @property
    def is_to_be_minded(self) -> bool:
        """Whether somebody who calls has to know more than the number."""
        return not (self.message_ok and self.name_us_ok and not self.words)


class CareTeamQuerySet(models.QuerySet["CareTeamMember"]):
    def current(self) -> Self:
        return self.filter(until=None)


class CareTeamMember(OrganisationRow):
    """Someone who cares for a patient, from one day until another."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_team")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="caseload")
    role = models.CharField(max_length=30, choices=Role)
    is_primary = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = CareTeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(is_primary=True, until=None),
                name="a_patient_has_one_primary_counselor_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["patient", "member", "role"],
                condition=Q(until=None),
                name="a_member_is_once_on_a_care_team_in_a_role",
            ),
        ]


class Relationship(OrganisationRow):
    """A family member or guardian of a patient, and what the patient lets them see."""

    class Kind(models.TextChoices):
        PARENT = "parent", _("Parent")
        GUARDIAN = "guardian", _("Guardian")
        PARTNER = "partner", _("Partner")
        SIBLING = "sibling", _("Sibling")
        OTHER = "other", _("Someone close")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="relationships")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="relatives")
    kind = models.CharField(max_length=10, choices=Kind)
    known_as = models.CharField(
        max_length=120,
        blank=True,
        help_text="Their name when staff wrote this down: releases name it, whatever they call themselves since.",
    )
    is_guardian = models.BooleanField(default=False, help_text="Legally decides for a minor.")
    may_see_schedule = models.BooleanField(default=True)
    may_see_progress = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "person"], name="a_person_is_related_to_a_patient_once"),
        ]


class Licence(OrganisationRow):
    """A clinician's licence: where, in what discipline, under which number, from one day until another."""

    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="licences")
    state = models.CharField(max_length=2)
    discipline = models.CharField(max_length=20, help_text="LPC, LCSW, LMFT, CAC, RN, MD …")
    number = models.CharField(max_length=40)
    during = DateRangeField(help_text="First day held; last day held is the day before the end.")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_licence_number_is_held_once_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("state", RangeOperators.EQUAL),
                    ("number", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def is_held_on(self, day: date) -> bool:
        """Whether the licence is in force on `day`."""
        return day in self.during

    @property
    def last_on(self) -> date | None:
        """The last day it is held; None while no end is known."""
        return date.fromordinal(self.during.upper.toordinal() - 1) if self.during.upper else None


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def on(self, day: date) -> Self:
        """Those in force on `day`."""
        return self.filter(during__contains=day)


class Supervision(OrganisationRow):
    """A clinician works under a named supervisor, who co-signs their notes, from one day until another."""

    clinician = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supervisions")
    supervisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supervises")
    during = DateRangeField(help_text="First day; the last day is the day before the end.")

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(clinician=F("supervisor")), name="nobody_supervises_themself"),
            ExclusionConstraint(
                name="a_clinician_has_one_supervisor_at_a_time",
                expressions=[
                    ("clinician", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    @property
    def last_on(self) -> date | None:
        """The last day it holds; None while no end is known."""
        return date.fromordinal(self.during.upper.toordinal() - 1) if self.during.upper else None
