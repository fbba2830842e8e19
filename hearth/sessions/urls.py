from django.urls import path

<<<<<<< HEAD
from hearth.sessions.pages import (
    dose,
    feed,
    handouts,
    interpreted,
    marking,
    mine,
    notes,
    outreach,
    own_week,
    rosters,
    video,
)
=======
from hearth.sessions.pages import cosigning, feed, interpreted, mine, notes, outreach, own_week, rosters
>>>>>>> 29b0399 (Let supervisors co-sign notes, one or several, or ask for an addendum first)

app_name = "sessions"
urlpatterns = [
    path("sessions/", rosters.week, name="list"),
    path("sessions/<uuid:session>/", rosters.room, name="room"),
    path("sessions/<uuid:session>/code/", rosters.code, name="code"),
    path("sessions/<uuid:session>/handouts/", handouts.of_session, name="handouts"),
    path("sessions/<uuid:session>/kept/", marking.kept, name="kept"),
    path("sessions/<uuid:session>/marks/", marking.marks, name="marks"),
    path("sessions/<uuid:session>/start/", rosters.run, {"deed": "start"}, name="start"),
    path("sessions/<uuid:session>/end/", rosters.run, {"deed": "end"}, name="end"),
    path("sessions/<uuid:session>/describe/", rosters.describe, name="describe"),
    path("sessions/<uuid:session>/cancel/", rosters.cancel, name="cancel"),
    path("sessions/<uuid:session>/roster/<uuid:attendance>/", rosters.tap, name="tap"),
    path("sessions/<uuid:session>/roster/<uuid:attendance>/correct/", rosters.correct, name="correct"),
    path("sessions/<uuid:session>/note/", notes.group_note, name="note"),
    path("hours/", dose.short, name="short"),
    path("students/<uuid:patient>/hours-of-care/", dose.of_patient, name="dose-of-patient"),
    path("students/<uuid:patient>/hours-of-care.csv", dose.export, name="dose-export"),
    path("authorizations/<uuid:authorisation>/withdraw/", dose.withdraw, name="withdraw-authorisation"),
    path("my/hours-of-care/", dose.mine, name="my-dose"),
    path("sessions/<uuid:session>/video/", video.room, name="video"),
    path("sessions/<uuid:session>/video/admit/", video.deed, {"deed": "admit"}, name="video-admit"),
    path("sessions/<uuid:session>/video/admit-all/", video.deed, {"deed": "admit-all"}, name="video-admit-all"),
    path("sessions/<uuid:session>/video/mute/", video.deed, {"deed": "mute"}, name="video-mute"),
    path("sessions/<uuid:session>/video/remove/", video.deed, {"deed": "remove"}, name="video-remove"),
    path("sessions/<uuid:session>/video/end/", video.deed, {"deed": "end"}, name="video-end"),
    path("video/<uuid:session>/ticket/", video.ticket, name="video-ticket"),
    path("my/sessions/<uuid:session>/video/", video.mine, name="my-video"),
    path("outreach/<uuid:pk>/", outreach.outreach, name="outreach"),
    path("notes/", notes.unsigned, name="notes"),
    path("notes/co-sign/", cosigning.waiting, name="to-co-sign"),
    path("notes/co-sign/<uuid:note>/", cosigning.read, name="co-sign"),
    path("notes/<uuid:note>/print/", cosigning.printed, name="note-on-paper"),
    path("notes/<uuid:note>/", notes.progress_note, name="progress-note"),
    path("students/<uuid:patient>/notes/", notes.of_patient, name="notes-of-patient"),
    path("calendar/<str:token>.ics", feed.feed, name="feed"),
    path("my/handouts/", handouts.mine, name="my-handouts"),
    path("my/handouts/live/", handouts.heard, name="my-handouts-live"),
    path("my/handouts/<uuid:pk>/", handouts.look, name="handout"),
    path("my/week/", own_week.my_week, name="my-week"),
    path("my/bookings/", interpreted.my_bookings, name="my-bookings"),
    path("my/sessions/<uuid:session>/", mine.session, name="mine"),
]
