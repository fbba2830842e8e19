"""Every address of Hearth, one line a floor. Each folder's own urls.py holds its paths."""

from django.urls import include, path

urlpatterns = [
    path("", include("hearth.accounts.urls")),
    path("", include("hearth.people.urls")),
    path("", include("hearth.consent.urls")),
    path("", include("hearth.program.urls")),
    path("", include("hearth.safety.urls")),
    path("", include("hearth.measures.urls")),
    path("", include("hearth.inquiry.urls")),
    path("", include("hearth.background.urls")),
    path("", include("hearth.admission.urls")),
    path("", include("hearth.medical.urls")),
    path("", include("hearth.plan.urls")),
    path("", include("hearth.timetable.urls")),
    path("", include("hearth.skills.urls")),
    path("", include("hearth.notebook.urls")),
    path("", include("hearth.sessions.urls")),
    path("", include("hearth.trauma.urls")),
    path("", include("hearth.circle.urls")),
    path("", include("hearth.family.urls")),
    path("", include("hearth.aftercare.urls")),
    path("", include("hearth.letters.urls")),
    path("", include("hearth.bereavement.urls")),
    path("", include("hearth.web.urls")),
]
