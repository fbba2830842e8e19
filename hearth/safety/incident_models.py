"""Incidents and near misses, who was in them, how they were looked into, and what must be told because of them."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, Site, User
from hearth.people.models import Patient
from hearth.safety import incident_rules, incident_words
from hearth.safety.incident_words import KINDS, TELLINGS

SENT_TWICE = "Made with the page: a form sent twice is stored once."


class Incident(OrganisationRow):
    """What happened, or nearly did, in the words of whoever reported it. These are never changed, only added to."""

    class Place(models.TextChoices):
        SITE = "site", _("On site")
        VIDEO = "video", _("By video")
        ELSEWHERE = "elsewhere", _("Somewhere else")

    class Harm(models.TextChoices):
        NONE = "none", _("None")
        MINOR = "minor", _("Minor, nothing needed")
        TREATED = "treated", _("Treated by somebody, no hospital")
        HOSPITAL = "hospital", _("Hospital")
        DEATH = "death", _("Death")

    kind = models.CharField(max_length=20, help_text="An id of incidents.toml.")
    happened_at = models.DateTimeField()
    learned_at = models.DateTimeField(help_text="When somebody of the house knew: deadlines count from here.")
    place = models.CharField(max_length=10, choices=Place)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=2, help_text="Whose rules hold: the site's state, or the organisation's.")
    what_happened = models.TextField()
    done_at_once = models.TextField()
    others = models.CharField(max_length=200, blank=True, help_text="Visitors and others, in the reporter's words.")
    is_near_miss = models.BooleanField()
    harm = models.CharField(max_length=10, choices=Harm)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    form_token = models.UUIDField(null=True, editable=False, help_text=SENT_TWICE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reported_by", "form_token"], name="a_report_sent_twice_is_stored_once"),
            models.CheckConstraint(condition=Q(is_near_miss=False) | Q(harm="none"), name="a_near_miss_harmed_nobody"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(reviewer__isnull=False), name="an_incident_is_closed_by_a_named_person"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-happened_at"], name="incidents_by_time")]

    @property
    def kind_words(self) -> str | Promise:
        return KINDS[self.kind]


class IncidentPerson(OrganisationRow):
    """A student or a member of staff who was in an incident. Never changed."""

    append_only = True

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="people")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="incidents")
    staff = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(patient=None, staff__isnull=False) | Q(patient__isnull=False, staff=None),
                name="somebody_in_an_incident_is_a_student_or_staff",
            ),
            models.UniqueConstraint(fields=["incident", "patient"], name="a_student_is_in_an_incident_once"),
            models.UniqueConstraint(fields=["incident", "staff"], name="staff_are_in_an_incident_once"),
        ]


class IncidentStep(OrganisationRow):
    """One step after the report: somebody named, words added, closed with what was found, reopened. Never changed."""

    class Kind(models.TextChoices):
        NAMED = "named", _("Review")
        ADDED = "added", _("Added")
        CLOSED = "closed", _("Signed and closed")
        REOPENED = "reopened", _("Opened again")

    append_only = True

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Who was named.")
    words = models.TextField(blank=True, help_text="What was added, or why it was opened again.")
    led_to = models.TextField(blank=True, help_text="What led to it: circumstances, never blame.")
    changed = models.TextField(blank=True, help_text="What is changed because of it.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="closed") | (~Q(led_to="") & ~Q(changed="")),
                name="a_review_says_what_led_to_it_and_what_is_changed",
            ),
        ]


class IncidentDuty(OrganisationRow):
    """Something that must be told because of an incident, to whom and until when; once told, by whom and when."""

    class Settled(models.TextChoices):
        TOLD = "told", _("Told")
        NOT_DUE = "not_due", _("Does not apply")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="duties")
    rule = models.CharField(
        max_length=40, blank=True, help_text="A duty's id in incidents.toml; empty: the house's own."
    )
    to = models.CharField(max_length=160, blank=True, help_text="Whom to tell, where the house says so itself.")
    what = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, help_text="Where it is written.")
    is_checked = models.BooleanField(help_text="Somebody read the rule at its source.")
    due_at = models.DateTimeField()
    settled = models.CharField(max_length=10, choices=Settled, blank=True)
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True, help_text="The number it got, or why it does not apply.")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    form_token = models.UUIDField(null=True, editable=False, help_text=SENT_TWICE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "form_token"], name="a_duty_sent_twice_is_stored_once"),
            models.UniqueConstraint(
                fields=["incident", "rule"], condition=~Q(rule=""), name="a_rule_asks_once_for_an_incident"
            ),
            models.CheckConstraint(
                condition=Q(settled="") | Q(recorded_by__isnull=False, recorded_at__isnull=False),
                name="what_was_told_is_recorded_by_a_named_person",
            ),
            models.CheckConstraint(
                condition=~Q(settled="told") | Q(told_by__isnull=False, told_at__isnull=False),
                name="what_was_told_was_told_by_a_named_person",
            ),
            models.CheckConstraint(condition=~Q(settled="not_due") | ~Q(words=""), name="what_does_not_apply_says_why"),
        ]
        indexes = [models.Index(fields=["organisation", "due_at"], condition=Q(settled=""), name="duties_to_tell")]

    @property
    def to_words(self) -> str | Promise:
        return TELLINGS[self.rule].to if self.rule else self.to

    @property
    def what_words(self) -> str | Promise:
        return TELLINGS[self.rule].what if self.rule else self.what

    @property
    def holds(self) -> str | Promise:
        """When a rule of the file holds; nothing for what the house added itself."""
        return TELLINGS[self.rule].holds if self.rule else ""

    def standing(self, *, at: datetime) -> incident_rules.Standing:
        return incident_rules.standing(self.settled, self.due_at, at=at)


class ReportingRule(OrganisationRow):
    """What this house must tell because of its state, licence, payer or accreditor, as it entered that itself."""

    kind = models.CharField(max_length=20, help_text="An id of incidents.toml.")
    state = models.CharField(max_length=2, blank=True, help_text="Empty: in every state.")
    to = models.CharField(max_length=160)
    what = models.CharField(max_length=300)
    within = models.PositiveSmallIntegerField()
    unit = models.CharField(
        max_length=20, choices=[(unit.value, words) for unit, words in incident_words.UNITS.items()]
    )
    source = models.CharField(max_length=200)
    effective_on = models.DateField(help_text="From which day on it holds.")
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    form_token = models.UUIDField(null=True, editable=False, help_text=SENT_TWICE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kept_by", "form_token"], name="a_reporting_rule_sent_twice_is_kept_once"),
        ]

    @property
    def kind_words(self) -> str | Promise:
        return KINDS[self.kind]

    @property
    def within_words(self) -> str:
        return incident_words.within(self.within, self.unit)
