"""Where somebody who takes part by video is, as they said it themselves."""

from django.db import models

from hearth.accounts.models import OrganisationRow, User
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


class NumbersWanted(OrganisationRow):
    """Somebody joined from a place for which no emergency number is known, or none that was checked lately.

    One named person looks them up. The place alone is kept here, not whose it is.
    """

    state = models.CharField(max_length=2)
    county = models.CharField(max_length=80, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    looked_up_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who is to do it.")
    asked_at = models.DateTimeField(help_text="When an address there was last confirmed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "state", "county", "postal_code"], name="numbers_of_a_place_are_wanted_once"
            ),
        ]
        indexes = [models.Index(fields=["looked_up_by", "-asked_at"], name="numbers_wanted_of_a_person")]

    def __str__(self) -> str:
        return one_line(Address("", "", self.state, self.postal_code, self.county))
