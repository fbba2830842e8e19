"""What patients have agreed to, what was disclosed under it, and emergency access."""

from datetime import date, datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

import hearth.consent.packet_models  # noqa: F401 - Django finds an app's models by way of this module
from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient


class ConsentKind(models.TextChoices):
    """What a consent is for. Texts stand in `hearth/consent/texts/<language>/`."""

    TREATMENT = "treatment", _("Treatment in the program")
    TELEHEALTH = "telehealth", _("Sessions by video")
    PRIVACY_NOTICE = "privacy_notice", _("Notice of privacy practices")
    PART2_TPO = "part2_tpo", _("Sharing for treatment, payment and operations (42 CFR Part 2)")
    RELEASE = "release", _("Sharing with a named person or organization")
    PROGRAM_RULES = "program_rules", _("How we treat each other here")
    GROUP_PRIVACY = "group_privacy", _("What is said in group")
    FINANCIAL = "financial", _("What it costs, and who pays")
    COLORADO_DISCLOSURE = "colorado_disclosure", _("Your rights with a therapist in Colorado")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self, *, at: datetime) -> Self:
        """Signed, not revoked and not expired at `at`, also asked later. Its last day is the organisation’s."""
        standing = self.filter(signed_at__lte=at).filter(Q(revoked_at=None) | Q(revoked_at__gt=at))
        moment = Value(at, output_field=models.DateTimeField())
        local = Func(F("organisation__time_zone"), moment, function="timezone", output_field=models.DateTimeField())
        return standing.filter(Q(expires_on=None) | Q(expires_on__gte=Cast(local, models.DateField())))


class Consent(OrganisationRow):
    """One signed consent with the elements of 42 CFR 2.31(a). The signed text is kept as it was shown."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=20, choices=ConsentKind)
    paper = models.CharField(
        max_length=40, blank=True, help_text="Which text, where its name is not the kind: school_contact is a release."
    )
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=5, default="en")
    text = models.TextField(help_text="Exactly what the signer read (Markdown).")
    recipients = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    information = models.CharField(max_length=300, blank=True, help_text="What may be shared.")
    purpose = models.CharField(max_length=200, blank=True)
    signer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signer_is_patient = models.BooleanField(default=True)
    signed_name = models.CharField(max_length=160)
    drawing = models.JSONField(
        null=True, blank=True, help_text="Strokes of points on the sheet of `drawing`; null where the name was typed."
    )
    intent = models.CharField(max_length=200, blank=True, help_text="The sentence they ticked, as it was shown.")
    device = models.CharField(max_length=80, blank=True, help_text="Roughly which browser: Firefox, Android.")
    signed_at = models.DateTimeField()
    expires_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(
        max_length=64, blank=True, help_text="`seals.digest_of` when it was signed; empty from before it was kept."
    )
    digest_form = models.PositiveSmallIntegerField(default=1, help_text="`seals.FORM` when it was signed.")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("signed_at")),
                name="a_consent_is_revoked_after_it_was_signed",
            ),
        ]
        indexes = [models.Index(fields=["patient", "kind"], name="consents_of_a_patient")]

    @property
    def text_id(self) -> str:
        """Which of the texts was signed."""
        return self.paper or self.kind

    def is_in_force(self, *, on: date) -> bool:
        return self.revoked_at is None and (self.expires_on is None or self.expires_on >= on)


class EmergencyAccess(OrganisationRow):
    """Break-glass: a chart opened without being on the care team (42 CFR 2.51). Reviewed by the privacy officer."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="emergency_accesses")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "patient", "ends_at"], name="emergency_access_now")]


class Disclosure(OrganisationRow):
    """Information that left the organisation, under which consent, to whom (42 CFR 2.25 accounting)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="disclosures")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="disclosures")
    recipient = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    what = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
