"""Family who came to a session."""

from django.db import models

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Relationship
from hearth.sessions.models.meeting import Session


class FamilyPresence(OrganisationRow):
    """Whether one person close to a student was there, as staff wrote down.

    By video their place in the room says so, as long as nobody wrote down that they were not.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="family")
    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="+")
    came = models.BooleanField(default=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "relationship"], name="family_is_once_in_a_session"),
        ]
