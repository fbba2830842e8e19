"""What was decided, and what comes after: the transition plan, the discharge summary, and follow-ups."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.admission.models import Episode
from hearth.consent.models import Consent
from hearth.measures.models import Response
from hearth.people.models import Patient


class Decision(OrganisationRow):
    """What a person decided about a stay, with the evidence as it stood then. Never changed."""

    class Kind(models.TextChoices):
        EXTENDED = "extended", _("The stay goes on longer")
        STEPPED_DOWN = "stepped_down", _("Fewer days a week")
        COMPLETED = "completed", _("Completed the program")
        STEPPED_UP = "stepped_up", _("Moved to a higher level of care")
        TRANSFERRED = "transferred", _("Transferred to another provider")
        LEFT = "left", _("Chose to leave early")
        LOST = "lost", _("Lost contact")
        ADMINISTRATIVE = "administrative", _("Ended by the program")

    append_only = True

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="decisions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=Kind)
    proposed = models.CharField(max_length=20, help_text="What the evidence spoke for: aftercare.rules.Proposal.")
    evidence = models.JSONField(help_text='[{"id", "state", "figures"}] as it stood.')
    words = models.TextField(help_text="Why, to whom they were handed over, or how they were reached out to.")
    days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Days a week from `from_on` on.")
    from_on = models.DateField(null=True, blank=True, help_text="The first day of the new dose, or the new end day.")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()


class EndingReview(OrganisationRow):
    """Somebody asks that the program ends a stay: the reasons, the look of somebody uninvolved, the appeal."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="ending_reviews")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="ending_reviews")
    grounds = ArrayField(models.CharField(max_length=12), help_text="Of aftercare.ending_rules.Ground.")
    reasons = models.TextField(help_text="As the student reads them, too.")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agrees = models.BooleanField(null=True)
    review = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    upheld = models.BooleanField(null=True, help_text="Whether the appeal was right.")
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was asked for anew, as what was agreed here held no longer."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("asked_by")),
                name="an_ending_is_reviewed_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | (~Q(answered_by=F("asked_by")) & ~Q(answered_by=F("reviewed_by"))),
                name="an_appeal_is_answered_by_a_third_person",
            ),
            models.UniqueConstraint(
                fields=["episode"],
                condition=~Q(agrees=False) & ~Q(upheld=True) & Q(lapsed_at=None),
                name="one_ending_of_an_episode_is_asked_for_at_a_time",
            ),
        ]


class Hold(OrganisationRow):
    """A stay that rests: the seat is kept until a day, nothing reminds, and coming back begins with a short talk."""

    class Reason(models.TextChoices):
        HOSPITAL = "hospital", _("In hospital")
        JAIL = "jail", _("In jail")
        BIRTH = "birth", _("A birth")
        TRAVEL = "travel", _("Away from home")
        OTHER = "other", _("Something else")

    class Risk(models.TextChoices):
        NONE = "none", _("No risk said or seen")
        SOME = "some", _("Some risk: somebody speaks with them soon")
        HIGH = "high", _("High risk: somebody speaks with them today")

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="holds")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=10, choices=Reason)
    starts_on = models.DateField()
    until = models.DateField(help_text="The day until which the seat is kept.")
    words = models.TextField(blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    risk = models.CharField(max_length=5, choices=Risk, blank=True)
    risk_words = models.TextField(blank=True)
    medications = models.TextField(blank=True, help_text="What they take now, compared with what we knew.")
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(ended_at=None), name="a_stay_is_on_hold_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("starts_on")), name="a_hold_lasts_a_day_at_least"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | (~Q(risk="") & ~Q(medications="")),
                name="whoever_comes_back_is_asked_of_risk_and_medications",
            ),
        ]


class TransitionPlan(OrganisationRow):
    """What a student and their counselor agree for the time after completion."""

    class NextCare(models.TextChoices):
        THERAPY = "therapy", _("Weekly therapy")
        GROUP = "group", _("A support group")
        MEDICATION = "medication", _("Medication care")
        HIGHER = "higher", _("More care than here")
        OTHER = "other", _("Something else")

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="transition_plan")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="transition_plans")
    next_care = models.CharField(max_length=12, choices=NextCare)
    next_provider = models.CharField(max_length=160)
    next_phone = models.CharField(max_length=30, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, help_text="The first appointment.")
    follow_up_on = models.DateField(help_text="When we ask how the first days were.")
    warning_signs = models.TextField(blank=True)
    what_helps = models.TextField(blank=True)
    people = models.TextField(blank=True, help_text="Whom to call, in the student's words.")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True, help_text="When the student agreed.")
    held_back_at = models.DateTimeField(
        null=True, blank=True, help_text="When the student said that no papers go ahead, whatever was signed."
    )


class TransferPacket(OrganisationRow):
    """What goes ahead to the next provider: the parts that one consent lets out, as they stood. Never changed."""

    append_only = True

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="transfer_packets")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="transfer_packets")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=160)
    body = models.JSONField(help_text="See aftercare.transfer_body.")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["episode", "-made_at"], name="transfer_packets_of_a_stay")]


class Discharge(OrganisationRow):
    """The signed summary of a finished episode, as it was that day. Never changed."""

    append_only = True

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="discharge")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="discharges")
    body = models.JSONField(help_text="The parts of the summary, see aftercare.summary.")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()


class FollowUpWish(OrganisationRow):
    """Whether somebody may be asked how they are after the program, and by which way that is safe for them."""

    class Way(models.TextChoices):
        TEXT = "text", _("Text me")
        MAIL = "mail", _("E-mail me")
        CALL = "call", _("Call me")

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="follow_up_wish")
    wants = models.BooleanField()
    way = models.CharField(max_length=4, choices=Way, blank=True)
    address = models.CharField(max_length=254, blank=True, help_text="The safe phone or e-mail, for this alone.")
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wants=False) | (~Q(way="") & ~Q(address="")),
                name="whoever_may_be_asked_has_a_safe_way",
            ),
        ]

    @property
    def mail(self) -> str:
        return self.address if self.wants and self.way == self.Way.MAIL else ""

    @property
    def text(self) -> str:
        return self.address if self.wants and self.way == self.Way.TEXT else ""


class FirstVisit(OrganisationRow):
    """What somebody learnt of the first appointment with the next provider. Never changed; the newest counts."""

    class Outcome(models.TextChoices):
        TOOK_PLACE = "yes", _("It took place")
        MOVED = "moved", _("It was moved")
        NOT_YET = "not_yet", _("Nobody knows yet")
        MISSED = "no", _("It did not take place")

    append_only = True

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="first_visits")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="first_visits")
    outcome = models.CharField(max_length=8, choices=Outcome)
    on = models.DateField(null=True, blank=True, help_text="When it took place, or is to now.")
    within_days = models.SmallIntegerField(null=True, blank=True, help_text="Days from the end of the stay to it.")
    words = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()


class FollowUp(OrganisationRow):
    """One check-in after the program: when it is due, when it went out, what came back."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="follow_ups")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="follow_ups")
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    response = models.OneToOneField(Response, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reached_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contact_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "due_on"], name="one_follow_up_of_an_episode_a_day"),
            models.UniqueConstraint(
                fields=["token_digest"], condition=~Q(token_digest=""), name="a_follow_up_token_opens_one_follow_up"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(sent_at__isnull=False) | Q(reached_by__isnull=False),
                name="a_follow_up_is_answered_after_it_went_out_or_by_a_call",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(sent_at=None), name="follow_ups_to_send")]
