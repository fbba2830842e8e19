from django.urls import path

from hearth.program.pages import days_off, duties, hours, programs, rooms

app_name = "program"
urlpatterns = [
    path("programs/", programs.programs, name="list"),
    path("programs/<uuid:program>/block-grant/", programs.block_grant, name="block-grant"),
    path("programs/hours/", hours.working_hours, name="working-hours"),
    path("programs/hours/house/", hours.hours_of_house, name="hours-of-house"),
    path("programs/hours/<uuid:program>/", hours.hours_of_program, name="hours-of"),
    path("programs/duties/", programs.on_duty, name="on-duty"),
    path("programs/rooms/", rooms.rooms, name="rooms"),
    path("programs/rooms/<uuid:room>/", rooms.room, name="room"),
    path("programs/duties/<uuid:member>/", duties.duty, name="duty"),
    path("programs/interpreters/", duties.interpreters, name="interpreters"),
    path("programs/interpreters/<uuid:interpreter>/", duties.interpreter, name="interpreter"),
    path("programs/leading/", duties.leading, name="leading"),
    path("programs/leading/<uuid:pair>/take-back/", duties.unpair, name="unpair"),
    path("days-off/", days_off.days_off, name="days-off"),
    path("days-off/closures/<uuid:closure>/take-back/", days_off.take_back_closure, name="take-back-closure"),
    path("days-off/leave/<uuid:leave>/", days_off.decide_leave, name="decide-leave"),
]
