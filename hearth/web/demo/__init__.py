"""The demo program: Hearthside, its staff and its students with believable histories. Everyone in it is made up.

The same `seed` and `at` make the same demo. Rows are what the services would have made, stored in bulk.
"""

from datetime import datetime

from django.db import transaction

from hearth.accounts.models import Organisation
from hearth.lib import tenancy
from hearth.lib.statistics import take_statistics
from hearth.sessions.services import picture_everyones_hours
from hearth.web.demo import cast
from hearth.web.demo.after import complete
from hearth.web.demo.alumni import meet_again
from hearth.web.demo.answers import answer_all, notice, plan_on_call
from hearth.web.demo.asked import ask
from hearth.web.demo.before import remember
from hearth.web.demo.beginnings import smooth_the_way
from hearth.web.demo.beyond import arrange, holidays_from
from hearth.web.demo.by_video import stay_at_home
from hearth.web.demo.charts import Chart, write_chart
from hearth.web.demo.circles import gather
from hearth.web.demo.cohorts import cohorts_on
from hearth.web.demo.contacts import write_of_contacts
from hearth.web.demo.decided import decide
from hearth.web.demo.drafted import draft_next_week
from hearth.web.demo.families import ask_the_team
from hearth.web.demo.held import hold
from hearth.web.demo.helped import with_helpers
from hearth.web.demo.house import (
    ROOMS,
    House,
    Scene,
    build_house,
    give_second_factors,
    make_demo_organisation,
    open_scene,
    put_on_duty,
)
from hearth.web.demo.letters import write_letters
from hearth.web.demo.lives import IN_CARE, NAMED, lives_of, newcomers_of
from hearth.web.demo.made_up import make_up
from hearth.web.demo.maps import draw_their_people
from hearth.web.demo.mentored import introduce_a_mentor
from hearth.web.demo.mishaps import report_mishaps
from hearth.web.demo.notebooks import write_notebooks
from hearth.web.demo.own import keep_for_oneself
from hearth.web.demo.paced import go_at_her_pace
from hearth.web.demo.payers import authorise
from hearth.web.demo.private import write_privately
from hearth.web.demo.protected import look_after_others
from hearth.web.demo.safe import plan_for_the_worst
from hearth.web.demo.seen import see_both_sides
from hearth.web.demo.signing_in import sign_ins
from hearth.web.demo.support_groups import list_and_start, tell_of_events
from hearth.web.demo.taken import compare_lists, write_what_they_take
from hearth.web.demo.thanked import say_thanks
from hearth.web.demo.together import meet
from hearth.web.demo.told import tell_of_themselves
from hearth.web.demo.tools import practise_all
from hearth.web.demo.waiting import receive_all
from hearth.web.demo.ways_in import come_in
from hearth.web.demo.week import week_of
from hearth.web.demo.where import keep_areas, say_where_they_are

__all__ = ["AlreadyFurnished", "load", "sign_ins"]


class AlreadyFurnished(Exception):
    """The database has an organisation already; the demo is loaded into an empty one only."""

    def __init__(self) -> None:
        super().__init__("The demo is loaded into an empty database only, and this one has an organisation already.")


@transaction.atomic
def load(*, seed: int, at: datetime, times: int = 1, students: int = IN_CARE) -> Organisation:
    """Make Hearthside as of `at`: `times` houses with `students` in care each. Raises AlreadyFurnished."""
    if Organisation.objects.exists():
        raise AlreadyFurnished
    organisation = make_demo_organisation()
    with tenancy.within(organisation.pk):
        scene = open_scene(seed=seed, at=at, organisation=organisation, taken=NAMED)
        for number in range(times):
            _furnish(scene, number, students)
        picture_everyones_hours(at=at)
    return organisation


def _furnish(scene: Scene, number: int, students: int) -> None:
    house = build_house(scene, number)
    cohorts = cohorts_on(scene.today.weekday())
    named = cast.STUDENTS if number == 0 else ()
    today, names, random = scene.today, scene.names, scene.random
    new = newcomers_of(cohorts, today=today, names=names, random=random) if students >= IN_CARE else []
    lives = lives_of(cohorts, named=named, students=students - len(new), today=today, names=names, random=random)
    rooms = {site: [name for name, _ in several] for site, several in ROOMS.items()}
    meetings = with_helpers(week_of(cohorts, lives, rooms, weekday=today.weekday()), interpreted=number == 0)
    charts: dict[str, Chart] = {}
    for life in (*lives, *new):
        leaders = [each.leader for each in meetings if life in each.lives and each.kind == "group"]
        charts[life.key] = write_chart(scene, house, life, leaders)
    put_on_duty(scene, house, meetings)
    holidays = holidays_from(scene.today)
    arrange(scene, house, charts, meetings, holidays)
    hold(scene, house, meetings, charts, [(each.first, each.last) for each in holidays])
    answer_all(scene, house, list(charts.values()))
    notice(scene, house, list(charts.values()))
    plan_on_call(scene, house)
    practise_all(scene, house, list(charts.values()))
    authorise(scene, house, list(charts.values()))
    compare_lists(scene, house, charts.values())
    scene.pile.store()
    take_statistics()
    give_second_factors(scene, house)
    complete(scene, house, list(charts.values()))
    if number == 0:
        _live_in(scene, house, charts)
        if students >= IN_CARE:
            remember(scene, house)
            introduce_a_mentor(scene, house, charts)


def _live_in(scene: Scene, house: House, charts: dict[str, Chart]) -> None:
    """What only the first house has: those on their way in, and what the named cast lives through."""
    receive_all(scene, house)
    come_in(scene, house)
    ask(scene, house, charts)
    draft_next_week(scene, house)
    make_up(scene)
    keep_areas(scene, house)
    say_where_they_are(scene)
    meet(scene)
    write_privately(scene, house, charts)
    keep_for_oneself(scene, charts)
    write_notebooks(scene, charts)
    draw_their_people(scene, charts)
    write_of_contacts(scene, house, charts)
    plan_for_the_worst(scene, house, charts)
    smooth_the_way(scene, house, charts)
    report_mishaps(scene, house, charts)
    look_after_others(scene, house, charts)
    tell_of_themselves(scene, house, charts, tuple(f"{one.chosen} {one.family}" for one in cast.STUDENTS))
    write_what_they_take(scene, house, charts)
    go_at_her_pace(scene, house, charts)
    gather(scene, house, charts)
    decide(scene, house, charts)
    ask_the_team(scene, house, charts)
    write_letters(scene, house, charts)
    see_both_sides(scene, charts)
    meet_again(scene, house, charts)
    list_and_start(scene, house, charts)
    tell_of_events(scene, house, charts)
    say_thanks(scene, house, charts)
    stay_at_home(scene, charts)
