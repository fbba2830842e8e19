"""The sharing sheet in words, for the student, for their people, and for staff."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.family.rules import Content, Why

Words = Promise | str

CONTENTS: Mapping[Content, Words] = {
    Content.SCHEDULE: _("When and where sessions are"),
    Content.PROGRESS: _("How many hours of the week were attended"),
    Content.SIGNING: _("Agreements to read and sign for a minor"),
    Content.SAID: _("What is said in sessions, and the notes about it"),
    Content.ANSWERS: _("Answers to questionnaires"),
    Content.HEALTH: _("Diagnoses, medications and test results"),
    Content.OWN: _("The notebook, tools, and words in the circle"),
    Content.SAFETY: _("Worries about safety, and the safety plan"),
}
WHY: Mapping[Why, Words] = {
    Why.GUARDIAN: _("A guardian of somebody under 18 decides with them. This ends with the 18th birthday."),
    Why.RELEASE: _("A signed release names this person."),
    Why.NOT_ALL_SIGNED: _("Not everybody has signed who must. Until then nothing is shown."),
    Why.NO_GROUND: _("No signed release names this person. By federal law being family is not enough."),
    Why.NOT_CHOSEN: _("The student has not chosen to share this."),
    Why.NO_GUARDIAN: _("Only a guardian of somebody under 18 signs for them."),
    Why.PRIVATE: _("Stays private. No page shows it to family."),
    Why.DIED: _("Nothing is shown any more. The team speaks with you in person."),
}
