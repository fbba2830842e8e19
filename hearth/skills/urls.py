from django.urls import path

from hearth.skills import coping_pages, habit_pages, keeping_pages, own_pages, pages

app_name = "skills"
urlpatterns = [
    path("my/skills/", pages.home, name="home"),
    path("calm/", own_pages.calm, name="calm"),
    path("my/skills/helped/<slug:tool>/", own_pages.helped, name="helped"),
    path("my/skills/queued/", own_pages.queued, name="queued"),
    path("my/skills/hard-days/", coping_pages.hard_days, name="hard-days"),
    path("my/skills/hard-days/plan/", coping_pages.plan, name="plan"),
    path("my/skills/hard-days/share/", coping_pages.share_plan, name="share-plan"),
    path("my/skills/hard-days/keep/", coping_pages.keep_card, name="keep-card"),
    path("my/skills/hard-days/cards/<uuid:card>/delete/", coping_pages.delete_card, name="delete-card"),
    path("students/<uuid:patient>/hard-days/", coping_pages.shared_plan, name="shared-plan"),
    path("my/skills/urges/", keeping_pages.urges, name="urges"),
    path("my/skills/urges/new/", keeping_pages.new_urge, name="new-urge"),
    path("my/skills/urges/<uuid:urge>/delete/", keeping_pages.delete_urge, name="delete-urge"),
    path("my/skills/activities/", keeping_pages.activities, name="activities"),
    path("my/skills/activities/<uuid:activity>/", keeping_pages.did, name="did"),
    path("my/skills/activities/<uuid:activity>/delete/", keeping_pages.delete_activity, name="delete-activity"),
    path("my/skills/habits/", habit_pages.habits, name="habits"),
    path("my/skills/habits/<uuid:habit>/done/", habit_pages.done, name="habit-done"),
    path("my/skills/habits/<uuid:habit>/not-today/", habit_pages.not_today, name="habit-not-today"),
    path("my/skills/habits/<uuid:habit>/pause/", habit_pages.pause, name="pause-habit"),
    path("my/skills/habits/<uuid:habit>/let-go/", habit_pages.let_go, name="let-habit-go"),
    path("my/skills/lessons/<slug:lesson>/", pages.lesson, name="lesson"),
    path("my/skills/thoughts/", pages.thoughts, name="thoughts"),
    path("my/skills/thoughts/new/", pages.new_thought, name="new-thought"),
    path("my/skills/thoughts/<uuid:record>/", pages.thought, name="thought"),
    path("my/skills/thoughts/<uuid:record>/share/", pages.share_thought, name="share-thought"),
    path("my/skills/thoughts/<uuid:record>/delete/", pages.delete_thought, name="delete-thought"),
    path("students/<uuid:patient>/skills/", pages.of_patient, name="of-patient"),
]
