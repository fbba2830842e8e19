"""The referral portal's rows: links for professionals, what they attached, and what they were told afterwards."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.consent.models import Consent

OPEN_FOR = timedelta(days=14)
SHOWN_FOR = timedelta(days=90)
"""How long a link takes a referral, and from then on shows its status. Product defaults."""


class Danger(models.TextChoices):
    NO = "no", _("No")
    UNSURE = "unsure", _("I am not sure")
    YES = "yes", _("Yes")


class House(models.TextChoices):
    """What kind of house a referral comes from."""

    HOSPITAL = "hospital", _("A hospital or emergency department")
    RESIDENTIAL = "residential", _("A residential program or detox")
    COURT = "court", _("A court or lawyer")
    SUPERVISION = "supervision", _("Probation, parole or re-entry")
    SCHOOL = "school", _("A school or college")
    THERAPIST = "therapist", _("A therapist, doctor or clinic")
    OTHER = "other", _("Somewhere else")


class Urgency(models.TextChoices):
    DAYS = "days", _("In the next days")
    WEEK = "week", _("Within a week or so")
    WEEKS = "weeks", _("It can wait some weeks")


class Knows(models.TextChoices):
    """Whether the person knows of their referral."""

    ASKED = "asked", _("Yes, and they want it")
    TOLD = "told", _("Yes, they know of it")
    NOT_YET = "not_yet", _("Not yet")


class LinkQuerySet(models.QuerySet["ReferralLink"]):
    def usable(self, *, at: datetime) -> Self:
        """Those that take a referral at `at`, or show the status of theirs."""
        return self.filter(Q(used_at=None, expires_at__gt=at) | Q(used_at__isnull=False, used_at__gt=at - SHOWN_FOR))


class ReferralLink(OrganisationRow):
    """A professional's way in: takes one referral, once, and from then on shows what they may hear of it."""

    digest = models.CharField(max_length=64, unique=True, help_text="Keyed digest of the link's secret.")
    email = models.EmailField(help_text="The professional's own, where the link was mailed.")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="The referral partner who opened it."
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="Until then it takes a referral.")
    sender = models.CharField(max_length=64, blank=True, help_text="Keyed digest of the network address that asked.")
    used_at = models.DateTimeField(null=True)
    referral = models.ForeignKey("inquiry.Referral", on_delete=models.PROTECT, null=True, related_name="links")

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None, referral=None) | Q(used_at__isnull=False, referral__isnull=False),
                name="a_used_referral_link_names_its_referral",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "sender", "made_at"], name="referral_links_by_sender"),
            models.Index(fields=["organisation", "made_at"], name="referral_links_by_time"),
            models.Index(fields=["account", "used_at"], name="referral_links_of_a_partner"),
        ]


class ReferralAttachment(OrganisationRow):
    """A paper or picture that came with a referral, sealed for its row alone."""

    referral = models.ForeignKey("inquiry.Referral", on_delete=models.PROTECT, related_name="attachments")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, help_text="The media type: application/pdf, image/jpeg or image/png.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    name = models.BinaryField(help_text="The file's name as it came, sealed.")
    content = models.BinaryField(help_text="Sealed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "place"], name="one_attachment_at_each_place_of_a_referral"),
        ]


class SharedStatus(OrganisationRow):
    """What a person decided that the sender may hear of a referral, under a consent; the newest counts."""

    class Standing(models.TextChoices):
        IN_TOUCH = "in_touch", _("We are in touch with the person.")
        BEGUN = "begun", _("The person has begun here.")
        ELSEWHERE = "elsewhere", _("The person goes on somewhere else. Please stay in touch with them.")
        NOT_NOW = "not_now", _("The person does not begin now. Please stay in touch with them.")

    link = models.ForeignKey(ReferralLink, on_delete=models.PROTECT, related_name="statuses")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=200, help_text="As the consent names them.")
    standing = models.CharField(max_length=9, choices=Standing)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["link", "at"], name="statuses_of_a_referral_link")]
