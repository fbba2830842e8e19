"""Family who came to a session."""

from django.db import models

from hearth.accounts.models import OrganisationRow, User
from hearth.people.models import Relationship
from hearth.sessions.models.meeting import Session


class FamilyPresence(OrganisationRow):
    """One person close to a student who was there, as staff wrote down. By video their place in the room says so."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="family")
    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "relationship"], name="family_is_once_in_a_session"),
        ]
