"""What a professional said in the portal's form, in the words of the staff who read it."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hearth.inquiry.packet import FromForm
from hearth.inquiry.portal_models import House, Knows, Urgency

type Words = str | Promise


def said_in_form(form: FromForm | None) -> list[tuple[Words, Words]]:
    """(what was asked, what was said), without what was left empty; nothing where a file was sent."""
    if form is None or not form.house:
        return []
    rows: list[tuple[Words, Words]] = [
        (_("Comes from"), House(form.house).label),
        (_("Call them"), Urgency(form.urgency).label),
        (_("A message is safe"), _t("yes") if form.message_ok else _t("no, speak only with them")),
        (_("To reach them"), form.reach),
        (_("Must be known"), form.must_know),
        (_("Court, supervision, release"), form.dates),
        (_("They know of it"), Knows(form.knows).label),
        (_("They agreed to"), form.agreed),
    ]
    return [row for row in rows if row[1]]
