"""Contact between alumni: who would like it, and how each can be reached. Nothing here can be read without the key."""

from django.db import models

from hearth.accounts.models import OrganisationRow
from hearth.circle.models.circles import Membership


class ContactWay(OrganisationRow):
    """How an alumnus can be reached, in their own words, sealed. Only those read it with whom they both chose."""

    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="contact_way")
    sealed = models.BinaryField(help_text="See circle.choosing.")


class Choice(OrganisationRow):
    """One alumnus would like to be in touch with another: a mark that only this installation can work out.

    It names nobody and has no time, so that whoever reads the table, a backup or the record beside it learns nothing
    of a choice that was not returned.
    """

    mark = models.CharField(max_length=64, unique=True, editable=False)
