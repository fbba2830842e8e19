"""What was written in lessons without a connection, taken when it comes.

Each takes it as `own_pages.TAKERS` says, with the key of its writing as `token`.
"""

from django.utils.translation import gettext as _

from hearth.accounts.requests import Request
from hearth.people.queries import own_patient
from hearth.skills import services
from hearth.skills.forms import PracticeForm
from hearth.skills.queueing import Data, Times


def take_practice(request: Request, lesson: str, data: Data, times: Times) -> PracticeForm:
    """“I practised” with its note."""
    form = PracticeForm(data)
    if form.is_valid():
        patient = own_patient(viewer=request.user)
        try:
            services.practise(patient=patient, lesson_id=lesson, by=request.user, **times, **form.cleaned_data)
        except services.UnknownLesson:
            form.add_error(None, _("Your program has this lesson no more. Copy what you wrote, if you need it."))
    return form
