"""Concerns, open until a named person has dealt with each; safety plans; whom to call where somebody is."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import hearth.safety.incident_models  # noqa: F401 - Django finds an app's models by way of this module
from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient
from hearth.safety import plan_rules, rules
from hearth.safety.protection_models import ProtectiveDuty


class Severity(models.TextChoices):
    """How soon a human must act."""

    WATCH = "watch", _("Watch")
    URGENT = "urgent", _("Urgent")
    EMERGENCY = "emergency", _("Emergency")


class ConcernQuerySet(models.QuerySet["Concern"]):
    def open(self) -> Self:
        return self.filter(resolved_at=None)

    def to_hear_of(self) -> Self:
        return self.filter(self.heard_of())

    @staticmethod
    def heard_of() -> Q:
        """Of the living; and what was raised after a death was noted, for that speaks of somebody who lives."""
        return Q(patient__has_died=False) | Q(raised_at__gt=F("patient__death_noted_at"))

    def to_tell_of(self, at: datetime) -> Self:
        """Open ones of which people are told: those to hear of, and those that `owes` something to somebody else."""
        heard = self.open().to_hear_of().values("pk")
        return self.open().owing(at).filter(Q(pk__in=heard) | Q(owes=True))

    def owing(self, at: datetime) -> Self:
        """Each with whether it `owes`: on a duty to protect or to report of it nobody had acted in time by `at`."""
        late = ProtectiveDuty.objects.filter(concern=OuterRef("pk"), outcome="", acted_at=None, due_at__lte=at)
        return self.annotate(owes=Exists(late))


class Concern(OrganisationRow):
    """A risk somebody disclosed or noticed. It names its source by kind and id, and stays until resolved."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="concerns")
    source_kind = models.CharField(max_length=60, help_text="measures.response, notebook.entry, staff …")
    source_id = models.UUIDField(null=True)
    severity = models.CharField(max_length=10, choices=Severity)
    summary = models.CharField(max_length=300, help_text="What was said or seen, in a sentence for staff.")
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True, help_text="The last time somebody tried to reach them.")
    reached_at = models.DateTimeField(null=True, blank=True, help_text="When somebody first spoke with them, live.")
    action = models.TextField(blank=True, help_text="What was done, by whom, and what follows.")

    objects = ConcernQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None) | (Q(resolved_by__isnull=False) & ~Q(action="")),
                name="a_concern_is_resolved_by_a_named_person_who_says_what_was_done",
            ),
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "severity"],
                condition=Q(source_id__isnull=False),
                name="one_concern_per_source_and_severity",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "raised_at"], condition=Q(resolved_at=None), name="open_concerns"),
        ]

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def told(self) -> str:
        """The summary for the reader: lines that rules wrote are said in the reader's language, people's own stay."""
        return " ".join(gettext(line) for line in self.summary.splitlines() if line)

    def state(self, *, at: datetime) -> rules.State:
        """Whether somebody has taken it, spoken with them, should have by now, or has dealt with it."""
        return rules.state(self.as_rule, at=at)

    @property
    def as_rule(self) -> rules.Clock:
        """What its state and its next notice follow from; what it owes only where `owing` asked for it."""
        return rules.Clock(
            severity=self.severity,
            raised_at=self.raised_at,
            taken_at=self.taken_at,
            tried_at=self.tried_at,
            reached_at=self.reached_at,
            resolved_at=self.resolved_at,
            owes=getattr(self, "owes", False),
        )


class ConcernContact(OrganisationRow):
    """One try to reach somebody about a concern, and whether it came to a live conversation. Never changed."""

    class How(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        VIDEO = "video", _("By video")
        PHONE = "phone", _("By phone")
        TEXT = "text", _("By text message")
        VISIT = "visit", _("Somebody went there")

    class Whom(models.TextChoices):
        STUDENT = "student", _("Them")
        EMERGENCY_CONTACT = "contact", _("Their emergency contact")
        CRISIS_TEAM = "crisis", _("A mobile crisis team")
        EMERGENCY = "emergency", _("911 or emergency dispatch")

    append_only = True

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="contacts")
    how = models.CharField(max_length=10, choices=How)
    whom = models.CharField(max_length=10, choices=Whom)
    reached = models.BooleanField(help_text="They spoke with each other, or stood face to face.")
    words = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ConcernAssessment(OrganisationRow):
    """What a clinician found about a risk and decided, in a fixed order. Never changed; a later one goes first."""

    class Thoughts(models.TextChoices):
        NONE = "none", _("No thoughts of suicide")
        PASSIVE = "passive", _("Wishes to be dead, no thoughts of suicide")
        ACTIVE = "active", _("Thoughts of suicide, no plan")
        PLAN = "plan", _("Thoughts with a plan")
        INTENT = "intent", _("A plan and the intent to act")
        NOT_ABOUT = "not_about", _("The concern is about something else")

    class Means(models.TextChoices):
        NONE = "none", _("No means at hand")
        SAFE = "safe", _("Means at hand, made safer together")
        AT_HAND = "at_hand", _("Means at hand")
        UNKNOWN = "unknown", _("Not known")

    class Risk(models.TextChoices):
        LOW = "low", _("Low")
        MODERATE = "moderate", _("Moderate")
        HIGH = "high", _("High")
        IMMINENT = "imminent", _("In danger now")

    class Disposition(models.TextChoices):
        STAY = "stay", _("Stays with the plan")
        SAME_DAY = "same_day", _("Seen or called again the same day")
        HIGHER = "higher", _("A higher level of care")
        EMERGENCY = "emergency", _("Emergency care now")

    append_only = True

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="assessments")
    thoughts = models.CharField(max_length=10, choices=Thoughts)
    means = models.CharField(max_length=10, choices=Means)
    risk = models.CharField(max_length=10, choices=Risk)
    disposition = models.CharField(max_length=10, choices=Disposition)
    plan_reviewed = models.BooleanField(help_text="They looked at the safety plan together.")
    found = models.TextField(help_text="What this rests on: what they said, what protects them, what makes it worse.")
    call_on = models.DateField(null=True, blank=True, help_text="The day of the follow-up call.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    licence = models.CharField(max_length=80, help_text="The licence it was signed under.")
    at = models.DateTimeField()


class ConcernGrade(OrganisationRow):
    """How severe a concern is from then on, and why: said by a clinician, or by a screen's answers. Never changed."""

    append_only = True

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="grades")
    before = models.CharField(max_length=10, choices=Severity)
    severity = models.CharField(max_length=10, choices=Severity)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Nobody: a screen.")
    licence = models.CharField(max_length=80, blank=True, help_text="The licence it was signed under.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("severity")), name="a_grade_changes_how_severe_a_concern_is"),
            models.CheckConstraint(
                condition=Q(by__isnull=False) & ~Q(licence="") | Q(by=None, severity=Severity.EMERGENCY),
                name="a_screen_grades_up_alone_and_a_person_under_a_licence",
            ),
        ]

    @property
    def told(self) -> str:
        """The reason for the reader: what rules wrote in their language, people's own as it stands."""
        return self.reason if self.by_id else gettext(self.reason)


class ConcernNotice(OrganisationRow):
    """One person was told of one concern at one step of its way up. Kept so that nobody is told the same step twice."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="notices")
    step = models.PositiveSmallIntegerField()
    rung = models.CharField(max_length=12)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "step", "person"], name="a_step_tells_a_person_once"),
        ]


class SafetyPlan(OrganisationRow):
    """One version of what helps somebody through the worst moments, in their own words. Never changed or deleted."""

    append_only = True

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="safety_plans")
    version = models.PositiveIntegerField()
    body = models.JSONField(help_text="`plan_rules.Sections` as JSON.")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "version"], name="a_safety_plan_version_exists_once"),
        ]

    @property
    def sections(self) -> plan_rules.Sections:
        return plan_rules.Sections.read(self.body)


class SafetyPlanLook(OrganisationRow):
    """The student, or a clinician together with them, looked at a version and said yes to it. Never changed."""

    append_only = True

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="looks")
    as_student = models.BooleanField(help_text="The plan's own student, not a clinician.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(as_student=True), name="a_student_confirms_a_version_once"
            ),
        ]


class OnCall(OrganisationRow):
    """Who answers for concerns, from one moment until another, besides those at work."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="on_call")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who really answers, as they said themselves; they are told in place of who was planned.",
    )
    taken_at = models.DateTimeField(null=True, help_text="When they said so.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="on_call_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(taken_by=None, taken_at=None) | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="who_took_a_turn_said_when",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "ends_at"], name="who_is_on_call")]

    @property
    def answers(self) -> User:
        """Who really answers: whoever took it, else who was planned."""
        return self.taken_by or self.person


class EmergencyArea(OrganisationRow):
    """Whom to call for somebody in a county, or without one anywhere in a state. The organisation keeps these.

    911 dialled by staff reaches the staff's own county; the dispatch centre of another one has a number of ten figures.
    """

    state = models.CharField(max_length=2)
    county = models.CharField(max_length=80, blank=True, help_text="Empty: the whole state.")
    postal_codes = ArrayField(models.CharField(max_length=5), default=list, blank=True, help_text="ZIP codes inside.")
    dispatch_phone = models.CharField(max_length=30, blank=True, help_text="Ten figures, answered day and night.")
    crisis_name = models.CharField(max_length=120, blank=True, help_text="Who comes: the mobile crisis team.")
    crisis_phone = models.CharField(max_length=30, blank=True)
    source = models.CharField(max_length=200, help_text="Who said so, or where it is written.")
    checked_on = models.DateField(help_text="When somebody last called or looked it up.")
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "state", "county"], name="an_emergency_area_is_kept_once"),
            models.CheckConstraint(
                condition=~Q(dispatch_phone="") | ~Q(crisis_phone=""), name="an_emergency_area_has_somebody_to_call"
            ),
        ]

    @property
    def as_rule(self) -> rules.Area:
        """What decides whether an address lies in it."""
        return rules.Area(str(self.pk), self.state, self.county, frozenset(self.postal_codes))
