"""What is to be done after a death, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.bereavement.rules import Kind

GUIDE: dict[str, list[str | Promise]] = {
    Kind.TEAM: [
        _("Tell the primary counselor first, in person or by phone, never by mail. Then everyone on the care team."),
        _("Say only what is known and what the family wants said. Ask who should be with them today."),
        _("See who leads their sessions today and tomorrow if they cannot."),
    ],
    Kind.FAMILY: [
        _(
            "One person calls, at a good hour, and stays the person they can ring. Say that we are "
            "sorry. Do not explain."
        ),
        _("Ask what they want others to be told, and whether staff or students may come to a service."),
        _("Offer grief support for them and 988. Whoever you tick below reads kind words on their page."),
        _(
            "What may be told: to family who took part in the care, what bears on that (45 CFR "
            "164.510(b)(5)), unless the "
            "person had said no. Substance use records need the personal representative's consent (42 CFR 2.15(b)(2))."
        ),
    ],
    Kind.GROUP: [
        _("Two of us are there when the group meets. Tell it at the beginning, plainly and without details of how."),
        _("Leave the chair. Let people speak or be silent. Say what is known of a service, if the family agrees."),
        _("Look at each one: who was close, who has lost somebody before, who has thoughts of dying. Ask directly."),
        _("Call whoever was not there the same day. Stay after the group for those who do not want to go yet."),
    ],
    Kind.STAFF: [
        _(
            "Meet within two days, without blame: what happened, how everyone is, who needs time or "
            "somebody to talk to."
        ),
        _(
            "Offer each of the team a talk alone and the employee assistance program. Ask again after "
            "a week and a month."
        ),
    ],
    Kind.REVIEW: [
        _("Close the concerns that are open, with what is known now. Nothing in the record is changed or deleted."),
        _("Report where it is asked for: the state, the licensing board, the accreditor, the insurer."),
        _("Look back together on what can be learned of how we work, with an outside person where you can."),
    ],
    Kind.RECORD: [
        _("Finish the notes that are due, dated today, as they are."),
        _("HIPAA protects the record for 50 years after the death (45 CFR 164.502(f))."),
        _(
            "42 CFR Part 2 goes on too. It does not stand against laws on vital statistics or on "
            "inquiry into the cause of "
            "death (42 CFR 2.15(b)(1)); everything else needs the consent of the executor or "
            "administrator, or, if there "
            "is none, of the spouse or a responsible relative (2.15(b)(2))."
        ),
        _(
            "Stop bills and authorizations by hand where they run outside this program. A person looks "
            "at each bill first."
        ),
    ],
}
