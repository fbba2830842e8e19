"""What Maya keeps for herself: what helped, the plan for hard days that she shares, urges, and what she did."""

from datetime import time, timedelta
from uuid import NAMESPACE_URL, uuid5

from hearth.accounts.models import User
from hearth.plan.services import add_step, move_goal, tick_step
from hearth.skills import habit_services, sheet_services
from hearth.skills.coping_services import keep_plan, share_plan, write_card
from hearth.skills.own_services import did_activity, keep_helped, keep_urge, plan_activity
from hearth.skills.sheet_kinds import kinds
from hearth.skills.sleep_services import keep_night, keep_routine
from hearth.skills.week_services import keep_hours
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import Scene

PLAN = {
    "triggers": "Payday\nA message that nobody answers\nThe hour after my daughter is asleep",
    "warning_signs": "I stop eating breakfast\nI tell everyone that I am fine\nMy shoulders hurt",
    "situations": "Sunday evening alone\nDriving past the old bar",
    "what_i_do": "Breathe slowly for three minutes\nCall Alma before it is late\nWalk around the block",
}
PEOPLE = [{"name": "Alma", "phone": "303 555 0161"}, {"name": "Alex", "phone": "303 555 0162"}]
HELPED = (("breathing", 9, 8, 5), ("breathing", 4, 7, 4), ("senses", 2, 6, 3))  # tool, days ago, before, after
URGES = (  # days ago, strength, after, what was going on, what helped
    (12, 8, 5, "Payday, everyone went for a drink", "Called Alma"),
    (8, 7, 3, "Alone after a fight with Alex", "Ten minutes with the timer"),
    (5, 8, 4, "Drove past the old bar", "Called Alma"),
    (1, 5, 2, "Sunday evening", "Walked around the block"),
)
ACTIVITIES = (  # days ago, what, mood before, mood after
    (6, "Pancakes with my daughter", 3, 6),
    (3, "Walk to the corner and back", 2, 4),
)
HABITS = (  # after what, what, days ago on which it was done
    ("After I brush my teeth", "Three slow breaths at the window", (12, 11, 10, 8, 7, 6, 5, 3, 2, 1)),
    ("When the coffee runs", "Write down one thing that went well", (9, 8, 4, 0)),
)
STEPS = ("Phone into the kitchen at ten", "Ask Alma to call on Sundays")  # toward her first goal; the first is done
HELPED_THE_GOAL = "The hour before bed without a screen. Alma, who asks on Sundays how it went."
NIGHTS = (  # days ago on which she got up, to bed, up, rested, what helped or got in the way
    (13, time(1, 20), time(7, 45), 3, "Scrolled until one"),
    (12, time(0, 40), time(6, 50), 4, ""),
    (11, time(0, 10), time(6, 30), 4, "Coffee at five"),
    (9, time(23, 30), time(6, 30), 5, ""),
    (8, time(1), time(8, 10), 3, "Fight with Alex"),
    (7, time(23, 10), time(6, 40), 6, "Phone in the kitchen"),
    (6, time(22, 50), time(6, 30), 7, "Phone in the kitchen"),
    (5, time(23), time(6, 30), 6, ""),
    (4, time(22, 40), time(6, 20), 7, "Breathing, then music"),
    (3, time(23, 50), time(6, 40), 5, "Lay awake, got up, read"),
    (2, time(22, 45), time(6, 30), 7, "Phone in the kitchen"),
    (1, time(22, 30), time(6, 30), 8, "Read to my daughter"),
)
EVENING = "Phone into the kitchen at ten\nDim the light\nThree slow breaths at the window"
WEEK = (  # kind, in her words, weekdays, from, until
    ("work", "Bakery", (0, 1, 3, 4), time(7), time(14)),
    ("family", "Swimming with my daughter", (5,), time(10), time(11, 30)),
    ("family", "Supper and bedtime", range(1, 7), time(18, 30), time(20)),
    ("own", "Choir", (6,), time(16), time(17, 30)),
)
SHEETS = (  # days ago, kind, what stands on it, shared
    (
        10,
        "message",
        {
            "to": "My sister",
            "when": "When I write and hear nothing for days",
            "feel": "I feel forgotten",
            "ask": "I would like one short answer, even if it is: not now",
            "then": "we both know where we are",
            "no": "I breathe, and ask again on Sunday",
            "whole": "When I hear nothing for days, I feel forgotten. Could you send me one word?",
        },
        True,
    ),
    (
        4,
        "values",
        {
            "goal": "One evening a week without a screen, with my daughter",
            "steps": [
                {
                    "area": "My daughter",
                    "matters": "There, and patient",
                    "important": 10,
                    "living": 6,
                    "step": "Read to her on Thursday",
                }
            ],
        },
        False,
    ),
    (
        3,
        "experiment",
        {
            "guess": "If I ask Alex to pour out what is left in the kitchen, there will be a fight",
            "sure_before": 85,
            "test": "Ask on Saturday after breakfast, in one sentence",
            "tricks": "Laughing it off at once",
            "look_for": "A raised voice, or a slammed door",
            "happened": "A short silence. Then we did it together",
            "sure_after": 25,
            "learnt": "I read faces badly when I am afraid. Next I ask for Sunday mornings",
        },
        True,
    ),
    (
        2,
        "risk",
        {
            "situation": "Payday, when everyone goes out after the shift",
            "hard": 8,
            "early": "I count the money twice. I say that I deserve it",
            "around": "Group first. My sister holds the rent from noon on",
            "leave": "Alma waits outside at six",
            "say": "Not tonight, I have somebody to pick up",
            "instead": "Noodles with my daughter\nA long bath",
            "call": "Alma",
            "after": "Home by seven, phone in the kitchen, a film",
        },
        False,
    ),
)


def keep_for_oneself(scene: Scene, charts: dict[str, Chart]) -> None:
    """Maya's own tools, as she left them."""
    chart = charts.get("Maya Reyes")
    if chart is None:
        return
    maya = chart.user
    for tool, ago, before, after in HELPED:
        keep_helped(tool=tool, before=before, after=after, by=maya, at=scene.at - timedelta(days=ago))
    at = scene.at - timedelta(days=6)
    keep_plan(words=PLAN, people=PEOPLE, version=0, by=maya, at=at)
    write_card(words="It comes like a wave, and it goes like one.", by=maya, at=at)
    share_plan(is_shared=True, by=maya, at=scene.at - timedelta(days=5))
    for ago, strength, after, trigger, helped in URGES:
        moment = scene.moment(scene.today - timedelta(days=ago), 21)
        keep_urge(
            about="a drink", strength=strength, after=after, trigger=trigger, helped=helped, by=maya, at=moment
        )  # fmt: skip
    for ago, what, before, after in ACTIVITIES:
        day = scene.today - timedelta(days=ago)
        planned = plan_activity(what=what, on=day, by=maya, at=scene.moment(day, 8))
        did_activity(pk=planned.pk, before=before, after=after, by=maya, at=scene.moment(day, 17))
    plan_activity(what="Water the basil on the balcony", on=scene.today, by=maya, at=scene.at - timedelta(hours=4))
    _keep_habits(scene, maya)
    for ago, kind, answers, shared in SHEETS:
        at = scene.at - timedelta(days=ago)
        row = sheet_services.begin(kind=kinds()[kind], answers=answers, by=maya, at=at)
        if shared:
            sheet_services.share(pk=row.pk, is_shared=True, by=maya, at=at)
    _write_on_two_devices(scene, maya)
    _go_on_with_a_goal(scene, chart)
    for ago, bed, up, rested, helped in NIGHTS:
        day = scene.today - timedelta(days=ago)
        at = min(scene.at, scene.moment(day, 8))
        keep_night(on=day, bed=bed, up=up, rested=rested, helped=helped, by=maya, at=at)
    keep_routine(up=time(6, 30), evening=EVENING, by=maya, at=scene.at - timedelta(days=9))
    for kind, what, days, starts, ends in WEEK:
        keep_hours(kind=kind, what=what, days=list(days), starts=starts, ends=ends, by=maya, at=scene.at)


def _write_on_two_devices(scene: Scene, maya: User) -> None:
    """A sheet that she went on with on the bus, without a connection, and on her tablet: both are kept."""
    kind = kinds()["problem"]
    begun = {"problem": "The rent is due on Friday", "ideas": "Ask for a week\nCall my sister"}
    at = scene.at - timedelta(days=2)
    row = sheet_services.begin(kind=kind, answers=begun, by=maya, at=at)
    tablet = begun | {"choice": "Ask for a week"}
    sheet_services.go_on(pk=row.pk, kind=kind, answers=tablet, version=1, by=maya, at=at + timedelta(hours=5))
    phone, key = begun | {"step": "Call on Wednesday, at noon"}, uuid5(NAMESPACE_URL, "the bus")
    sheet_services.take(
        pk=row.pk, kind=kind, answers=phone, version=1, token=key, over=(), by=maya,
        at=at + timedelta(hours=7), written_at=at + timedelta(hours=4),
    )  # fmt: skip


def _go_on_with_a_goal(scene: Scene, chart: Chart) -> None:
    """More steps toward her first goal, one of them done, and what helped."""
    goal, at = chart.goals[0], scene.at - timedelta(days=5)
    steps = [add_step(goal=goal, words=words, by=chart.user, at=at) for words in STEPS]
    tick_step(step=steps[0], is_done=True, by=chart.user, at=at + timedelta(days=3))
    move_goal(
        goal=goal, progress=goal.progress, confidence=6, helped=HELPED_THE_GOAL, status=goal.status, by=chart.user,
        at=at + timedelta(days=3),
    )  # fmt: skip


def _keep_habits(scene: Scene, maya: User) -> None:
    for anchor, what, done in HABITS:
        day = scene.today - timedelta(days=max(done))
        habit = habit_services.begin(anchor=anchor, what=what, by=maya, at=scene.moment(day, 7))
        for ago in done:
            at = min(scene.at, scene.moment(scene.today - timedelta(days=ago), 7))
            habit_services.did_today(pk=habit.pk, by=maya, at=at)
