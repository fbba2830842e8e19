"""Letters that students ask for, the name under which the house signs them, and letters to oneself."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.consent.models import Consent
from hearth.letters import rules
from hearth.people.models import Patient


class Letterhead(OrganisationRow):
    """Under which name, address and phone the house signs letters: words that do not tell what it treats."""

    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    kept_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation"], name="a_house_has_one_letterhead"),
        ]


class Letter(OrganisationRow):
    """One letter as its student saw it, who signed or declined it, and whether it was handed to its reader.

    What staff take back after it was signed keeps its signature, and `declined_by` and `why_not` say who and why; a
    student who takes it back gives no reason.
    """

    class Kind(models.TextChoices):
        ATTENDANCE = "attendance", _("Attendance letter")
        SCHOOL = "school", _("Return-to-class note")
        EMPLOYER = "employer", _("Letter to an employer")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=10, choices=Kind)
    reader = models.CharField(max_length=160, help_text="Whom it is addressed to; the release must name the same.")
    to_reader = models.BooleanField(default=False, help_text="We hand it to the reader; else the student does.")
    language = models.CharField(max_length=2, default="en")
    named = models.CharField(max_length=240, help_text="The student's name as the letter says it.")
    days = ArrayField(models.DateField(), help_text="The days the student agreed to, and no others.")
    with_hours = models.BooleanField(default=True)
    until = models.DateField(null=True, blank=True, help_text="Back in class on it, or appointments until it.")
    body = models.JSONField(help_text="Every word above the signature, as it was shown: letters.wording.")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True, help_text="When the student said yes to these words.")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_as = models.CharField(max_length=240, blank=True)
    declined_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    why_not = models.TextField(blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    release = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="letters")
    handed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When its student first opened the paper.")
    form_token = models.UUIDField(unique=True, editable=False, help_text="A form sent twice is stored once.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(days=[]), name="a_letter_is_about_some_day"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | (Q(agreed_at__isnull=False, signed_by__isnull=False) & ~Q(signed_as="")),
                name="a_letter_is_signed_by_a_named_person_after_its_student_said_yes",
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | (Q(declined_by__isnull=False, signed_at=None) & ~Q(why_not="")),
                name="a_letter_is_declined_by_a_named_person_who_says_why",
            ),
            models.CheckConstraint(
                condition=Q(handed_at=None)
                | Q(to_reader=True, signed_at__isnull=False, release__isnull=False, handed_by__isnull=False),
                name="a_letter_reaches_its_reader_signed_and_under_a_release",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-asked_at"], name="letters_of_a_student"),
            models.Index(
                fields=["asked_at"],
                condition=Q(agreed_at__isnull=False, declined_at=None, taken_back_at=None, handed_at=None),
                name="letters_that_wait_for_staff",
            ),
        ]

    @property
    def state(self) -> rules.State:
        return rules.state_of(
            agreed=self.agreed_at is not None,
            signed=self.signed_at is not None,
            handed_over=self.handed_at is not None,
            declined=self.declined_at is not None,
            taken_back=self.taken_back_at is not None,
        )

    @property
    def can_be_taken_back(self) -> bool:
        return rules.may_take_back(self.state, to_reader=self.to_reader)


class FutureLetter(OrganisationRow):
    """What a student writes to themself for a later day, sealed. It exists only inside `tenancy.rows_of(owner)`."""

    private_to = "owner_id"

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField(help_text="The words, sealed for this row alone.")
    due_on = models.DateField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True, help_text="When its writer first read it on its day.")
    form_token = models.UUIDField(editable=False, help_text="A form sent twice is stored once.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "form_token"], name="a_letter_to_oneself_is_kept_once"),
            models.CheckConstraint(
                condition=Q(changed_at__gte=F("written_at")), name="a_letter_to_oneself_changes_after_it_is_written"
            ),
        ]
        indexes = [models.Index(fields=["owner", "due_on"], name="letters_to_oneself_by_day")]


class FutureDay(OrganisationRow):
    """That something is due for somebody on a day: all the worker knows of a letter to oneself. No page shows it."""

    letter_id = models.UUIDField(unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    announced_at = models.DateTimeField(null=True, blank=True, help_text="Or passed over, where nothing may be sent.")

    class Meta:
        indexes = [models.Index(fields=["due_on"], condition=Q(announced_at=None), name="letters_to_announce")]
