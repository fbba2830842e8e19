"""First contacts, referrals kept apart and sealed, and what was taken over from them."""

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

import hearth.inquiry.portal_models  # noqa: F401 - its rows
from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def waiting(self) -> Self:
        """Those nobody has answered yet."""
        return self.filter(status=Inquiry.Status.NEW)


class Inquiry(OrganisationRow):
    """Somebody's first contact: who asks, how to reach them safely, and what came of it."""

    class Status(models.TextChoices):
        NEW = "new", _("Waiting")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    class AskedFor(models.TextChoices):
        ME = "me", _("For me")
        OTHER = "other", _("For someone I care about")
        WORK = "work", _("For someone I work with")

    class Reach(models.TextChoices):
        CALL = "call", _("Call me")
        TEXT = "text", _("Text me")
        MAIL = "mail", _("E-mail me")

    class Best(models.TextChoices):
        ANY = "any", _("Any time")
        MORNING = "morning", _("Mornings")
        AFTERNOON = "afternoon", _("Afternoons")
        EVENING = "evening", _("Towards evening")

    received_at = models.DateTimeField()
    promised_by = models.DateTimeField(help_text="By then a named person has answered.")
    asked_for = models.CharField(max_length=5, choices=AskedFor)
    first_name = models.CharField(max_length=80)
    reach = models.CharField(max_length=4, choices=Reach)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    best_time = models.CharField(max_length=9, choices=Best, default=Best.ANY)
    message_ok = models.BooleanField(default=False, help_text="A message may be left there.")
    name_us_ok = models.BooleanField(default=False, help_text="The message may say where it comes from.")
    words = models.TextField(blank=True)
    answers = models.JSONField(default=dict, help_text="Self-check answers, only where the person sent them along.")
    urgent = models.BooleanField(default=False, help_text="The answers sent along tell of danger: answered first.")
    sender = models.CharField(max_length=64, blank=True, help_text="Keyed digest of the network address.")
    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    climbed = models.PositiveSmallIntegerField(default=0, help_text="How far up it was told that nobody answered.")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="inquiries")

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(phone="") | ~Q(email=""), name="an_inquiry_can_be_answered"),
            models.CheckConstraint(
                condition=~Q(status="answered") | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="an_answered_inquiry_names_who_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "status", "promised_by"], name="inquiries_by_promise"),
            models.Index(fields=["organisation", "sender", "received_at"], name="inquiries_by_sender"),
        ]

    def is_late(self, at: datetime) -> bool:
        """Whether the promise is broken at `at`."""
        return self.status == self.Status.NEW and at > self.promised_by

    def left(self, at: datetime) -> timedelta:
        """Time until the promise; negative once it is broken."""
        return self.promised_by - at


class InquiryContact(OrganisationRow):
    """One try to reach the person, and what came of it."""

    class Way(models.TextChoices):
        CALL = "call", _("Call")
        TEXT = "text", _("Text message")
        MAIL = "mail", _("E-mail")
        VISIT = "visit", _("In person")

    class Result(models.TextChoices):
        REACHED = "reached", _("We spoke or wrote with each other")
        MESSAGE = "message", _("Left a message")
        NO_ANSWER = "no_answer", _("Nobody answered")

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="contacts")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    way = models.CharField(max_length=5, choices=Way)
    result = models.CharField(max_length=9, choices=Result)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["inquiry", "at"], name="contacts_of_an_inquiry")]


class IntakeHours(OrganisationRow):
    """The hours of a week in which a member of intake takes first conversations."""

    member = models.OneToOneField(User, on_delete=models.PROTECT, related_name="intake_hours")
    hours = models.JSONField(default=list, help_text='[{"day": 0, "from": "09:00", "to": "12:00"}], Monday is 0')


class Interview(OrganisationRow):
    """A first conversation at a time that the person took; the member's hour is a booking."""

    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, related_name="interview")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    booked_at = models.DateTimeField()


class Referral(OrganisationRow):
    """A referral somebody sent, sealed and apart from the chart until a person decides.

    Nothing of its content is readable in the database: `label` holds what lists and the search for duplicates
    need, `packet` what was read, `original` the file as it came.
    """

    class Status(models.TextChoices):
        INBOX = "inbox", _("In the inbox")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    label = models.BinaryField()
    packet = models.BinaryField()
    original = models.BinaryField()
    digest = models.CharField(max_length=64, help_text="HMAC-SHA-256 of the file.")
    traits = ArrayField(
        models.CharField(max_length=64),
        default=list,
        help_text="Keyed digests of what tells a person from others: whoever is alike shares one.",
    )
    size = models.PositiveIntegerField(help_text="Bytes of the file as it came.")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    promised_by = models.DateTimeField(help_text="By then a named person has decided.")
    climbed = models.PositiveSmallIntegerField(default=0, help_text="How far up it was told that nobody decided.")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=20, help_text="upload, command or portal.")
    urgent = models.BooleanField(default=False, help_text="It tells of danger: answered first.")
    status = models.CharField(max_length=8, choices=Status, default=Status.INBOX)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="referrals")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="a_referral_file_is_kept_once"),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(patient__isnull=False, decided_by__isnull=False),
                name="an_accepted_referral_names_its_chart_and_who_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | (~Q(reason="") & Q(decided_by__isnull=False)),
                name="a_declined_referral_says_why_and_who_declined",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "status", "received_at"], name="referrals_by_arrival"),
            GinIndex(fields=["traits"], name="referrals_by_traits"),
        ]

    def is_late(self, at: datetime) -> bool:
        """Whether the promise is broken at `at`."""
        return self.status == self.Status.INBOX and at > self.promised_by


class WayOutQuerySet(models.QuerySet["WayOut"]):
    def current(self) -> Self:
        """Those that nobody has taken back."""
        return self.filter(reopened_at=None)

    def standing(self) -> Self:
        """Current ones, unless it is a person's who has asked again since."""
        since = {"patient": OuterRef("patient"), "received_at__gt": OuterRef("ended_at")}
        return self.current().filter(
            ~Exists(Inquiry.objects.filter(**since)), ~Exists(Referral.objects.filter(**since))
        )


class WayOut(OrganisationRow):
    """How somebody's way in ended before an admission: handed over to whom, or closed, and why."""

    class Kind(models.TextChoices):
        ELSEWHERE = "elsewhere", _("Handed over")
        CLOSED = "closed", _("Closed")

    class Reason(models.TextChoices):
        OTHER_LEVEL = "other_level", _("Another level of care fits better")
        NOT_OFFERED = "not_offered", _("They need something we do not offer")
        HOURS = "hours", _("Hours, place or language do not fit")
        COVERAGE = "coverage", _("Cost or coverage")
        CHOSE_OTHER = "chose_other", _("They chose another program")
        NOT_NOW = "not_now", _("They do not want to begin now")
        NOT_REACHED = "not_reached", _("We could not reach them")
        NOT_CARE = "not_care", _("It was not about care, or came twice")

    class Followed(models.TextChoices):
        ARRIVED = "arrived", _("They are in care there")
        STAYED_AWAY = "stayed_away", _("They did not go")
        UNKNOWN = "unknown", _("We could not find out")

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, null=True, related_name="ways_out")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, related_name="ways_out")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="ways_out")
    kind = models.CharField(max_length=9, choices=Kind)
    reason = models.CharField(max_length=11, choices=Reason)
    to_whom = models.CharField(max_length=200, blank=True, help_text="Who has taken it over: a name and where.")
    note = models.TextField(blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()
    followed = models.CharField(max_length=11, choices=Followed, blank=True, help_text="What became of a hand-over.")
    followed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    followed_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)

    objects = WayOutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(inquiry__isnull=False, referral=None, patient=None)
                | Q(inquiry=None, referral__isnull=False, patient=None)
                | Q(inquiry=None, referral=None, patient__isnull=False),
                name="a_way_out_is_of_one_inquiry_referral_or_person",
            ),
            models.CheckConstraint(
                condition=~Q(kind="elsewhere") | ~Q(to_whom=""), name="a_hand_over_says_who_has_taken_it_over"
            ),
            *(
                models.UniqueConstraint(
                    fields=[of], condition=Q(reopened_at=None), name=f"one_way_out_at_a_time_of_each_{of}"
                )
                for of in ("inquiry", "referral", "patient")
            ),
        ]
        indexes = [models.Index(fields=["organisation", "ended_at"], name="ways_out_by_time")]

    @property
    def is_open(self) -> bool:
        """Whether somebody still finds out what became of a hand-over."""
        return self.kind == self.Kind.ELSEWHERE and not self.followed


class CarriedFact(OrganisationRow):
    """Something a sender told us that a person took over into the chart; not our own finding."""

    class Kind(models.TextChoices):
        CONDITION = "condition", _("Condition")
        MEDICATION = "medication", _("Medication")
        ALLERGY = "allergy", _("Allergy")
        MEASURE = "measure", _("Measure")
        COVERAGE = "coverage", _("Coverage")
        MUST_KNOW = "must_know", _("Must be known")
        DATES = "dates", _("Court, supervision, release")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="carried_facts")
    source = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="carried_facts")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()
    detail = models.CharField(max_length=500, blank=True)
    system = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=40, blank=True)
    since = models.CharField(max_length=10, blank=True, help_text="ISO day, as precise as the sender was.")
    place = models.PositiveSmallIntegerField(help_text="Most telling first.")

    class Meta:
        indexes = [models.Index(fields=["patient", "kind", "place"], name="carried_facts_of_a_patient")]
