"""How often somebody was refused at a session's door, by kind and day. Nobody and no session is named."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import OrganisationRow


class RefusalCount(OrganisationRow):
    """So many check-ins of one kind were refused on one day."""

    class Kind(models.TextChoices):
        WRONG_CODE = "wrong_code", _("A code that was never shown")
        OTHER_ROOM = "other_room", _("The code of another room")
        OLD_CODE = "old_code", _("A code from earlier")
        NOT_NOW = "not_now", _("Not at this time")
        TAPPED_AGAIN = "tapped_again", _("Tapped again")
        NOT_THEIRS = "not_theirs", _("A session of somebody else")
        ROOM_FORGED = "room_forged", _("A session or video room that does not exist here")
        ROOM_FULL = "room_full", _("A full video room")
        MARK = "mark", _("A mark from a tablet")
        TICKET_FORGED = "ticket_forged", _("A forged video ticket")
        TICKET_OLD = "ticket_old", _("An old video ticket")
        TICKET_USED = "ticket_used", _("A video ticket used twice")
        DOOR_CLOSED = "door_closed", _("A video room that is not open to them")
        FLOOD = "flood", _("A flood of video messages")
        MALFORMED = "malformed", _("A video message nobody can say")

    day = models.DateField(help_text="By the organisation's clock.")
    kind = models.CharField(max_length=16, choices=Kind)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "day", "kind"], name="refusals_of_a_kind_are_counted_once_a_day"
            ),
        ]
