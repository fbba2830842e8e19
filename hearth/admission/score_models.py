"""What a LOCUS or CALOCUS-CASII came to, entered beside the six dimensions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow, User
from hearth.admission.score_rules import LEAST, MOST, RATED, Instrument, Score


class LevelScore(OrganisationRow):
    """Numbers somebody trained worked out with the instrument at hand. Its text is licensed and not here."""

    class Instruments(models.TextChoices):
        LOCUS = Instrument.LOCUS.value, _("LOCUS")
        CALOCUS_CASII = Instrument.CALOCUS_CASII.value, _("CALOCUS-CASII")

    assessment = models.OneToOneField("admission.Assessment", on_delete=models.PROTECT, related_name="score")
    instrument = models.CharField(max_length=7, choices=Instruments)
    ratings = ArrayField(models.PositiveSmallIntegerField(), help_text="Seven, 1 to 5, in the order of RATED.")
    level = models.PositiveSmallIntegerField(help_text="The instrument's level of care, 0 to 6, as entered.")
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ratings__len=len(RATED), ratings__contained_by=list(range(LEAST, MOST + 1))),
                name="a_level_score_has_seven_ratings_of_one_to_five",
            ),
            models.CheckConstraint(condition=Q(level__lte=6), name="a_level_score_names_a_level_of_zero_to_six"),
        ]

    @property
    def numbers(self) -> Score:
        """The score as the rules read it."""
        return Score(tuple(self.ratings), self.level)

    @property
    def rated(self) -> list[tuple[str, int]]:
        """Each dimension's number with its rating."""
        return list(zip(RATED, self.ratings, strict=True))
