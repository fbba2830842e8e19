"""What the outcomes page says of each kind of figure: what it means, who is counted and who is missing."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Card(StrEnum):
    """Kinds of figures, in the order in which people meet them."""

    RETENTION = "retention"
    COMPLETION = "completion"
    CHANGE = "change"
    CONNECTION = "connection"
    HIGHER_CARE = "higher_care"
    FOLLOW_UP = "follow_up"


ABOUT: Mapping[Card, tuple[Promise, Sequence[Promise]]] = {
    Card.RETENTION: (
        _("Still in the program"),
        (
            _(
                "Of everyone who began, the share who had not left after so many weeks. Leaving is every end but "
                "completing: whoever completed counts as staying, however soon that was."
            ),
            _(
                "Nobody is missing. Whoever began lately counts for the weeks in which they were seen, and not as "
                "somebody who stayed or left after them (Kaplan–Meier)."
            ),
        ),
    ),
    Card.COMPLETION: (
        _("Completed the program"),
        (
            _(
                "Of those whose stay was planned to be over by now and is, the share who completed it. All other ends "
                "count as not completed: left, lost contact, moved to more or other care, ended by the program, died."
            ),
            _(
                "Missing are those whose planned end is still ahead, even if they have left, and those who are still "
                "here after it. Counted by the plan, leaving early and staying on weigh the same."
            ),
        ),
    ),
    Card.CHANGE: (
        _("Change in what was measured"),
        (
            _(
                "Of those who answered the same questions twice in their stay, how far the latest total is from the "
                "first. Where lower is better, a minus is good. “Clearly” is a change of at least the points that the "
                "measure's paper calls real, beyond its error."
            ),
            _(
                "Missing are those who answered once or never. They may have fared otherwise: read a change beside "
                "the number of people it is of. Without a comparison group it does not say what the program did."
            ),
        ),
    ),
    Card.CONNECTION: (
        _("Connection with others"),
        (
            _(
                "Our own four questions: somebody to turn to, belonging, good company, being known. More points are "
                "better. They have not been tested in research, so no change is called clear."
            ),
            _("Missing are those whose counselor does not ask these questions, and for the change those asked once."),
        ),
    ),
    Card.HIGHER_CARE: (
        _("To more care"),
        (
            _(
                "Of those whose stay ended at least 30 days ago, the share who moved to a higher level of care, or "
                "for whom a clinician here signed such a level within 30 days after. Moving in time is good care: "
                "less is not always better."
            ),
            _(
                "Missing are those still here, those who left within the last 30 days and those who died. Of care "
                "that began elsewhere without our knowing nothing is counted."
            ),
        ),
    ),
    Card.FOLLOW_UP: (
        _("Answered afterwards"),
        (
            _(
                "Of the check-ins that were due so many days after the end of a stay, the share that was answered, by "
                "link or in a call. Those who did not want to be asked count as not answered."
            ),
            _(
                "Missing are those whose check-in was due less than 30 days ago or is still ahead, those who were in "
                "the program again on that day, and those who died."
            ),
        ),
    ),
}
