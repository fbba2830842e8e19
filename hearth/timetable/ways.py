"""Where people find their own week."""

from hearth.accounts.models import User
from hearth.accounts.roles import Role


def way_to_week(user: User) -> str:
    """The name of the page on which this person finds their own week."""
    if user.is_staff:
        return "timetable:week"
    return "sessions:my-bookings" if user.has_role(Role.INTERPRETER) else "sessions:my-week"
