"""Photos of somebody's insurance cards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Patient


class CardPhoto(OrganisationRow):
    """One side of an insurance card, sealed. A newer photo of it takes its place, and the older one is gone."""

    class Card(models.TextChoices):
        FIRST = "first", _("The card that pays first")
        SECOND = "second", _("A second card")

    class Side(models.TextChoices):
        FRONT = "front", _("Front of the card")
        BACK = "back", _("Back of the card")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="card_photos")
    card = models.CharField(max_length=6, choices=Card)
    side = models.CharField(max_length=5, choices=Side)
    kind = models.CharField(max_length=10, help_text="The media type: image/jpeg or image/png.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    picture = models.BinaryField(help_text="Sealed for this row alone; see cards.picture_of.")
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "card", "side"], name="a_side_of_a_card_has_one_photo"),
        ]
