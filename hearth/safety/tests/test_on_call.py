"""Hours in which nobody answers, when a person reads next, and who really takes a turn on call."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hearth.accounts.models import Site
from hearth.audit.models import Event
from hearth.lib.working_hours import DEFAULT
from hearth.outbox.models import Message
from hearth.program.models import Closure, Program
from hearth.program.services import close, say_hours
from hearth.safety import on_call_queries, queries, services
from hearth.safety.models import OnCall
from hearth.safety.on_call_rules import AHEAD, Answers, Span, at_work, gaps, reading

DENVER, PHOENIX = ZoneInfo("America/Denver"), ZoneInfo("America/Phoenix")
ROTA = "/concerns/on-call/"


def clock(day, hour):
    return datetime(2026, 12, day, hour, tzinfo=DENVER)


def span(since, until):
    return Span(clock(*since), clock(*until))


WEEK = at_work(DEFAULT, clock(1, 0), clock(13, 0), zone=DENVER, closed={date(2026, 12, 4)})  # from a Tuesday on
NIGHTS = [span((day, 17), (day + 1, 9)) for day in (1, 2, 4)]


def test_the_house_is_at_work_from_monday_to_friday_but_not_when_it_is_closed():
    assert [one.since.day for one in WEEK] == [1, 2, 3, 7, 8, 9, 10, 11]
    assert {(one.since.hour, one.until.hour) for one in WEEK} == {(9, 17)}


def test_nobody_answers_where_nobody_is_at_work_or_on_call():
    assert gaps([*WEEK, *NIGHTS], since=clock(1, 12), until=clock(7, 12)) == [
        span((3, 17), (4, 17)),  # a night nobody was planned for, and the holiday after it
        span((5, 9), (7, 9)),
    ]


def test_turns_that_meet_or_overlap_leave_no_gap():
    turns = [span((1, 8), (1, 17)), span((1, 17), (2, 1)), span((1, 20), (2, 9))]
    assert gaps(turns, since=clock(1, 9), until=clock(2, 9)) == []


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 48)), max_size=8),
    st.integers(0, 100),
    st.integers(1, 200),
)
def test_every_hour_is_either_in_a_gap_or_somebody_answers(turns, first, hours):
    start = datetime(2026, 12, 1, tzinfo=UTC)
    covered = [Span(start + timedelta(hours=a), start + timedelta(hours=a + long)) for a, long in turns]
    since, until = start + timedelta(hours=first), start + timedelta(hours=first + hours)
    found = gaps(covered, since=since, until=until)
    for ahead in range(hours):
        moment = since + timedelta(hours=ahead)
        answered = any(one.since <= moment < one.until for one in covered)
        assert answered is not any(one.since <= moment < one.until for one in found)


@pytest.mark.parametrize(
    ("at", "answers", "until", "on_call_at", "at_work_at"),
    [
        (clock(1, 12), Answers.AT_WORK, clock(1, 17), None, clock(2, 9)),
        (clock(1, 20), Answers.ON_CALL, clock(2, 9), None, clock(2, 9)),
        (clock(3, 20), Answers.NOBODY, None, clock(4, 17), clock(7, 9)),
        (clock(5, 12), Answers.NOBODY, None, clock(7, 9), clock(7, 9)),
    ],
)
def test_what_is_promised_is_what_the_rota_says(at, answers, until, on_call_at, at_work_at):
    found = reading(work=WEEK, turns=NIGHTS, at=at)
    assert (found.answers, found.until, found.on_call_at, found.at_work_at) == (answers, until, on_call_at, at_work_at)


def test_without_work_or_rota_nothing_is_promised():
    found = reading(work=[], turns=[], at=clock(1, 12))
    assert (found.answers, found.on_call_at, found.at_work_at) == (Answers.NOBODY, None, None)


@pytest.fixture
def tonight(theo, ruth):
    at = timezone.now()
    return OnCall.objects.create(
        person=theo, starts_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=5), planned_by=ruth, planned_at=at
    )


@pytest.fixture
def closed_today(organisation, ruth):
    today = timezone.now().astimezone(organisation.zone).date()
    return Closure.objects.create(
        name="Snow day", first_on=today, last_on=today, entered_by=ruth, entered_at=timezone.now()
    )


def test_whoever_takes_a_turn_is_told_in_place_of_who_was_planned(as_user, tonight, theo, dana, priya, maya):
    now = timezone.now()
    assert queries.on_call_at(now) == [theo]
    for stranger in (priya, maya.user):
        assert as_user(stranger).post(f"{ROTA}{tonight.pk}/take/").status_code == 403
    assert as_user(dana).post(f"{ROTA}{tonight.pk}/take/").status_code == 302
    assert as_user(dana).post(f"{ROTA}{tonight.pk}/take/").status_code == 302
    assert queries.on_call_at(now) == [dana]
    assert "in place of Theo Brandt" in as_user(theo).get(ROTA).text
    assert Event.objects.filter(verb="safety.on_call_taken").count() == 1


def told():
    return sorted(Message.objects.filter(channel="mail").values_list("to", flat=True))


def test_whoever_is_replaced_hears_of_it_in_words_that_name_nothing(as_user, tonight, theo, dana, ruth):
    as_user(dana).post(f"{ROTA}{tonight.pk}/take/")
    assert told() == [theo.email]
    message = Message.objects.get(channel="mail")
    assert "has changed" in message.body
    assert not {"Dana", "Theo", "Maya"} & set(message.body.replace(".", " ").split())
    as_user(ruth).post(f"{ROTA}{tonight.pk}/take/")
    assert told() == sorted([theo.email, dana.email])


def test_whoever_answers_from_now_on_is_led_to_what_rang_before(as_user, tonight, theo, dana, maya):
    now = timezone.now()
    as_user(dana).post(f"{ROTA}{tonight.pk}/take/")
    services.raise_concern(
        patient=maya, source_kind="staff", source_id=None, severity="urgent", summary="Said so.", by=dana, at=now
    )
    before = set(Message.objects.values_list("pk", flat=True))
    as_user(dana).post(f"{ROTA}{tonight.pk}/give-back/")
    message = Message.objects.exclude(pk__in=before).get(channel="mail", to=theo.email)
    assert reverse("safety:concerns") in message.body
    assert "Maya" not in message.body


def test_a_turn_taken_is_given_back_to_who_was_planned_and_they_hear_of_it(as_user, tonight, theo, dana, priya):
    as_user(dana).post(f"{ROTA}{tonight.pk}/take/")
    assert "Back to Theo Brandt" in as_user(dana).get(ROTA).text
    assert "Back to Theo Brandt" not in as_user(theo).get(ROTA).text
    assert as_user(priya).post(f"{ROTA}{tonight.pk}/give-back/").status_code == 403
    page = as_user(dana).post(f"{ROTA}{tonight.pk}/give-back/", follow=True).text
    assert "Given back: Theo Brandt is on call then." in page
    assert "Back to Theo Brandt" not in page
    assert queries.on_call_at(timezone.now()) == [theo]
    assert told() == [theo.email, theo.email]
    as_user(dana).post(f"{ROTA}{tonight.pk}/give-back/")
    assert Event.objects.filter(verb="safety.on_call_given_back").count() == 1


def test_only_who_has_it_or_who_plans_gives_a_turn_back(as_user, tonight, theo, dana, ruth, now):
    services.take_turn(row=tonight, by=dana, at=timezone.now())
    page = as_user(theo).post(f"{ROTA}{tonight.pk}/give-back/", follow=True).text
    assert "Somebody else has taken it meanwhile" in page
    assert queries.on_call_at(timezone.now()) == [dana]
    as_user(ruth).post(f"{ROTA}{tonight.pk}/give-back/")
    assert queries.on_call_at(timezone.now()) == [theo]
    assert told() == sorted([theo.email, theo.email, dana.email])


def test_nobody_gets_a_turn_back_who_has_left_and_nothing_is_told_of_one_that_is_over(tonight, theo, dana):
    at = timezone.now()
    services.take_turn(row=tonight, by=dana, at=tonight.ends_at + timedelta(hours=1))
    assert told() == []
    theo.is_active = False
    theo.save()
    with pytest.raises(PermissionDenied):
        services.give_back_turn(row=tonight, by=dana, at=at)
    with pytest.raises(services.TooLongAgo):
        services.give_back_turn(row=tonight, by=dana, at=at + 2 * AHEAD)


def test_a_turn_is_put_right_for_two_weeks(as_user, tonight, theo, dana, priya, now):
    OnCall.objects.update(starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    assert "nobody said who took it" in as_user(dana).get(ROTA).text
    as_user(theo).post(f"{ROTA}{tonight.pk}/take/")
    page = as_user(dana).get(ROTA).text
    assert "as planned" in page
    assert "nobody said who took it" not in page
    with pytest.raises(services.TooLongAgo):
        services.take_turn(row=tonight, by=dana, at=now + AHEAD)
    with pytest.raises(PermissionDenied):
        services.take_turn(row=tonight, by=priya, at=now)


def test_gaps_are_shown_to_those_who_plan_on_the_rota_and_on_today(as_user, tonight, ruth, walt, dana):
    for planner in (ruth, walt):
        assert "In these hours of the next two weeks nobody is at work" in as_user(planner).get(ROTA).text
        assert "Hours in which nobody answers" in as_user(planner).get("/today/").text
    assert "In these hours of the next two weeks" not in as_user(dana).get(ROTA).text
    assert "Hours in which nobody answers" not in as_user(dana).get("/today/").text
    now = timezone.now()
    for week in range(3):
        OnCall.objects.create(
            person=dana, starts_at=now + timedelta(days=7 * week), ends_at=now + timedelta(days=7 * week + 7),
            planned_by=ruth, planned_at=now,
        )  # fmt: skip
    assert on_call_queries.gaps_ahead(viewer=walt, at=now) == []
    assert "Hours in which nobody answers" not in as_user(walt).get("/today/").text


def test_holidays_of_the_house_stand_in_the_rota(as_user, closed_today, ruth, dana):
    assert "Snow day" in as_user(dana).get(ROTA).text
    gap = on_call_queries.gaps_ahead(viewer=ruth, at=timezone.now())[0]
    assert "Snow day" in gap.holidays


def test_a_student_reads_in_help_now_until_when_somebody_is_on_call(as_user, maya, tonight, closed_today, organisation):
    page = as_user(maya.user).get("/today/").text
    until = tonight.ends_at.astimezone(organisation.zone)
    assert f"on call until {until:%A} {until.day} {until:%B, %H:%M}" in page
    tonight.delete()
    page = as_user(maya.user).get("/today/").text
    assert "Nobody of your team is at work or on call before" in page
    assert "Your team reads from" in page


@pytest.fixture
def evening(organisation):
    """An evening program at a site in Phoenix."""
    site = Site.objects.create(name="Phoenix", time_zone="America/Phoenix")
    return Program.objects.create(name="Evening", pack="adult-evening", pack_version="1", population="adult", site=site)


def read_at(moment, house, program):
    return on_call_queries.next_reading(house=house, program_pk=program.pk, site=program.site, at=moment)


def test_an_evening_program_promises_its_own_hours_on_the_clock_of_its_site(evening, organisation, walt):
    hours = [{"day": day, "from": "13:00", "to": "21:00"} for day in range(4)]
    say_hours(program=evening, hours=hours, by=walt, at=clock(1, 8))
    morning = read_at(clock(1, 10), organisation, evening)
    assert (morning.answers, morning.at_work_at) == (Answers.NOBODY, datetime(2026, 12, 1, 13, tzinfo=PHOENIX))
    assert read_at(clock(1, 20), organisation, evening).answers == Answers.AT_WORK
    house = on_call_queries.next_reading(house=organisation, program_pk=None, site=None, at=clock(1, 20))
    assert (house.answers, house.at_work_at) == (Answers.NOBODY, clock(2, 9))


def test_a_closed_site_promises_nobody_to_those_who_come_there_and_the_rest_is_at_work(
    evening, organisation, walt, ruth
):
    day = date(2026, 12, 2)
    close(name="Burst pipe", first_on=day, last_on=day, site=evening.site, by=walt, at=clock(1, 8))
    there = read_at(clock(2, 12), organisation, evening)
    assert (there.answers, there.at_work_at) == (Answers.NOBODY, datetime(2026, 12, 3, 9, tzinfo=PHOENIX))
    elsewhere = on_call_queries.next_reading(house=organisation, program_pk=None, site=None, at=clock(2, 12))
    assert elsewhere.answers == Answers.AT_WORK
    assert "Burst pipe" in [one.name for one in on_call_queries.holidays_ahead(viewer=ruth, at=clock(1, 8))]
    assert any("Burst pipe" in one.holidays for one in on_call_queries.gaps_ahead(viewer=ruth, at=clock(2, 10)))


def test_hours_of_a_second_program_close_gaps_of_the_house(evening, organisation, walt, ruth):
    def gaps_from(moment):
        return on_call_queries.gaps_ahead(viewer=ruth, at=moment)

    assert gaps_from(clock(1, 10))[0].since == datetime(2026, 12, 1, 17, tzinfo=PHOENIX)
    late = Program.objects.create(name="Late", pack=evening.pack, pack_version="1", population="adult")
    say_hours(program=late, hours=[{"day": 1, "from": "16:00", "to": "22:00"}], by=walt, at=clock(1, 8))
    assert gaps_from(clock(1, 10))[0].since == clock(1, 22)


def test_staff_and_strangers_read_no_promise(as_user, client, dana, tonight, closed_today):
    for page in (as_user(dana).get("/today/"), client.get("/help-now/")):
        assert "Somebody of your team is on call" not in page.text


def test_the_rota_asks_the_database_as_often_for_many_turns_as_for_one(as_user, tonight, ruth, theo, count_queries):
    browser, now = as_user(ruth), timezone.now()
    few = count_queries(browser, ROTA)
    for number in range(6):
        OnCall.objects.create(
            person=theo, starts_at=now + timedelta(days=number), ends_at=now + timedelta(days=number, hours=5),
            planned_by=ruth, planned_at=now,
        )  # fmt: skip
    assert count_queries(browser, ROTA) == few
