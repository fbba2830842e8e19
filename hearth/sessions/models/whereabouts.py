"""Where somebody who takes part by video is, as they said it themselves."""

from django.db import models

from hearth.accounts.models import OrganisationRow
from hearth.sessions.models.attending import Attendance
from hearth.sessions.rules.whereabouts import Address, one_line


class Whereabouts(OrganisationRow):
    """One address somebody confirmed for one session, so that help finds them. The newest one counts."""

    append_only = True

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="whereabouts")
    street = models.CharField(max_length=120)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=10, blank=True)
    county = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(help_text="When they confirmed it.")

    class Meta:
        indexes = [models.Index(fields=["attendance", "-at"], name="whereabouts_of_a_place")]

    def __str__(self) -> str:
        return one_line(self.address)

    @property
    def address(self) -> Address:
        return Address(self.street, self.city, self.state, self.postal_code, self.county)
