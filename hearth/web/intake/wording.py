"""What the intake board says for the codes of its rules."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.web.intake.rules import Column, Next

COLUMNS: dict[Column, Promise] = {
    Column.NEW: _("New"),
    Column.CONTACTED: _("Contacted"),
    Column.BOOKED: _("Interview booked"),
    Column.ASSESSED: _("Assessed"),
    Column.OFFERED: _("Place offered"),
    Column.WAITLISTED: _("On the waitlist"),
    Column.ADMITTED: _("Admitted"),
    Column.ELSEWHERE: _("Elsewhere"),
    Column.CLOSED: _("Closed"),
}
NEXTS: dict[Next, Promise] = {
    Next.ANSWER: _("Answer them"),
    Next.TRY_AGAIN: _("Try again to reach them"),
    Next.READ: _("Read the referral and decide"),
    Next.BOOK: _("Book a first conversation"),
    Next.TALK: _("The first conversation"),
    Next.START: _("Start the admission"),
    Next.ASSESS: _("Record the findings"),
    Next.SIGN: _("A clinician decides and signs"),
    Next.HAND_OVER: _("Hand over with a call"),
    Next.CONSENTS: _("Consents to sign"),
    Next.ADMIT: _("Set the first day"),
    Next.ASK: _("Ask whether they take the place"),
    Next.SEAT: _("Admit them; the place is kept"),
    Next.WAIT: _("Stay in touch while they wait"),
    Next.FIRST_DAY: _("Open the admission"),
    Next.FOLLOW: _("Ask whether they arrived"),
    Next.NOTHING: _("Read how it ended"),
}
DEEDS: dict[Column, Promise] = {
    Column.CONTACTED: _("Write down a try to reach them"),
    Column.BOOKED: _("Book a first conversation"),
    Column.ELSEWHERE: _("Hand over to somebody else"),
    Column.CLOSED: _("Close with a reason"),
}
SOURCES: dict[str, Promise] = {
    "me": _("Wrote for themselves"),
    "other": _("Someone who cares about them wrote"),
    "work": _("A professional wrote"),
    "referral": _("A referral was sent in"),
    "direct": _("A chart was opened here"),
}
