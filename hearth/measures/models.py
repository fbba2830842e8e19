"""Which measures a patient is asked by rule, what they answered, and whose words may be shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient, Relationship


class Rule(OrganisationRow):
    """A program's due rule for one patient's stay. The rows hold what `rules.due` needs; what is due is computed."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="measure_rules")
    instrument = models.CharField(max_length=40)
    at_admission = models.BooleanField(default=False)
    every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    at_completion = models.BooleanField(default=False)
    days_after = models.JSONField(default=list, help_text="Days after completion.")
    before_individual = models.BooleanField(default=False)
    individual_on = models.DateField(null=True, blank=True, help_text="The next talk alone, told by sessions.")
    minutes_a_week = models.PositiveSmallIntegerField(
        default=10, help_text="The most minutes of questions in any seven days; the least of a stay's rules counts."
    )
    started_on = models.DateField()
    completed_on = models.DateField(null=True, blank=True)
    rests = models.BooleanField(default=False, help_text="Nobody is reminded while their stay is on hold.")
    is_paused = models.BooleanField(default=False, help_text="A clinician paused it: not asked before completion.")
    asked_from = models.DateField(
        null=True, blank=True, help_text="Not asked before: a clinician added it, or went on with it, on that day."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "instrument", "started_on"], name="a_stay_has_one_rule_for_an_instrument"
            ),
        ]


class RuleChange(OrganisationRow):
    """A clinician had one student asked otherwise than their program asks, and why. Never changed."""

    append_only = True

    class What(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("asked otherwise")
        PAUSED = "paused", _("paused")
        RESUMED = "resumed", _("asked again")

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=10, choices=What)
    every_days = models.PositiveSmallIntegerField(null=True, help_text="From then on.")
    before_individual = models.BooleanField(help_text="From then on.")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class How(models.TextChoices):
    """How answers were given."""

    SELF = "self", _("by themselves")
    INTERVIEW = "interview", _("read aloud by staff")
    PAPER = "paper", _("on paper")
    KIOSK = "kiosk", _("by themselves, on our tablet")


class Response(OrganisationRow):
    """One filled-in instrument (FHIR QuestionnaireResponse) with its score as computed then. Never changed."""

    append_only = True

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="responses")
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=8, default="en")
    answers = models.JSONField(help_text="{linkId: value or null}")
    declined = models.JSONField(default=list, help_text="[linkId] of what they were asked and would rather not say.")
    total = models.SmallIntegerField(null=True)
    subscales = models.JSONField(default=dict)
    band = models.CharField(max_length=40, blank=True)
    alerts = models.JSONField(default=list, help_text="[{item, reason, severity}]")
    is_complete = models.BooleanField()
    answered_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose hand wrote it down (FHIR author), or who handed the tablet to them; the answers are the "
        "patient's (FHIR source) in any case.",
    )
    answered_at = models.DateTimeField(help_text="When it was written, on whatever device.")
    received_at = models.DateTimeField(null=True, help_text="When it reached us, where that was later.")
    how = models.CharField(max_length=10, choices=How, default=How.SELF)
    form_token = models.UUIDField(
        null=True, unique=True, editable=False, help_text="Made with the page: a form sent twice is stored once."
    )

    class Meta:
        indexes = [models.Index(fields=["patient", "instrument", "-answered_at"], name="responses_newest_first")]

    @property
    def was_read_out(self) -> bool:
        """Whether staff read the questions to the patient."""
        return self.how == How.INTERVIEW


class Begun(OrganisationRow):
    """A questionnaire begun on any device and not sent yet. Its id becomes that of the response."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    answers = models.JSONField(default=dict, help_text="{linkId: value}; null is what they would rather not say.")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "instrument"], name="a_questionnaire_is_begun_once_at_a_time"),
        ]


class Kiosk(OrganisationRow):
    """A tablet of the house in one student's hands, for what is due and for minutes. Nobody is signed in on it."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    handed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", help_text="Who knows that it is them."
    )
    handed_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When somebody last touched it.")
    ended_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=8)
    has_begun = models.BooleanField(default=False)
    waiting = models.JSONField(help_text="[instrument] still to be asked; the first is on the screen.")
    given = models.JSONField(default=list, help_text="[linkId] answered here: nothing of an earlier day is shown.")
    looks_at = models.CharField(max_length=20, blank=True, help_text="The question gone back to; empty: the next one.")
    rang = models.BooleanField(default=False, help_text="An answer given here asks for help at once.")
    offers = models.CharField(
        max_length=40, blank=True, help_text="The screen offered after what tells of danger, until they take it or not."
    )
    took_offer_at = models.DateTimeField(null=True, help_text="From then on an answer given elsewhere counts anew.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(ended_at=None),
                name="a_student_answers_on_one_tablet_at_a_time",
            ),
        ]


class GuardianResponse(OrganisationRow):
    """How a guardian sees it: a series of its own, never among the patient's answers. Never changed."""

    append_only = True

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=10, choices=Relationship.Kind, help_text="As it was then.")
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=8, default="en")
    answers = models.JSONField(help_text="{linkId: value or null}")
    total = models.SmallIntegerField(null=True)
    alerts = models.JSONField(default=list, help_text="[{item, reason, severity}]")
    is_complete = models.BooleanField()
    answered_at = models.DateTimeField()
    form_token = models.UUIDField(unique=True, editable=False, help_text="A form sent twice is stored once.")

    class Meta:
        indexes = [models.Index(fields=["patient", "-answered_at"], name="guardian_responses_newest")]


class Words(OrganisationRow):
    """The words of an instrument whose holder allowed this organisation to use them, in one language.

    Of a row only its end is ever written: new words end the earlier row, so that the rows are the history.
    """

    instrument = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    instruction = models.TextField()
    questions = models.JSONField(help_text="{linkId: text}")
    answers = models.JSONField(help_text="{linkId: [[points, text]]}")
    permission = models.CharField(max_length=300, help_text="Where the holder's permission is kept.")
    attested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    attested_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "instrument", "language"],
                condition=models.Q(ended_at=None),
                name="an_instrument_has_one_set_of_words_in_a_language",
            ),
        ]
