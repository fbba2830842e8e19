"""Meeting with an outside service: who chooses it, which sessions take its links, and who sees them when."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.outbox.models import Message
from hearth.people.models import Licence, Modality
from hearth.sessions import services
from hearth.sessions.models import Attendance, Session, StandingLink
from hearth.sessions.rules.successors import Course, successors
from hearth.sessions.testing import make_episode, make_section, make_session, say_where
from hearth.timetable import services as timetable
from hearth.timetable.facts import proposal_accepted, proposal_taken_back, seat_changed
from hearth.timetable.models import Kind, Proposal, Seat, Section

PAGE = reverse("sessions:video-choice")
LINK, OTHER, OWN = (f"https://video.example/{one}" for one in ("evening", "other", "own"))
SINCE = date(2026, 11, 10)
NOW = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("America/Denver"))


@pytest.fixture
def evening(dana, maya, time_machine):
    """A group by video on Tuesdays with two sessions to come."""
    time_machine.move_to(NOW, tick=False)
    make_episode(maya, by=dana, starts_on=SINCE)
    return make_section(dana, maya, since=SINCE, modality=Modality.VIRTUAL)


@pytest.fixture
def made(evening, dana, maya):
    """Its next two sessions."""
    return [
        Session.objects.create(
            section=evening, kind="group", name="Evening group", facilitator=dana, modality=Modality.VIRTUAL,
            starts_at=start, ends_at=start + timedelta(hours=3),
        )
        for start in (NOW + timedelta(days=1, hours=5), NOW + timedelta(days=8, hours=5))
    ]  # fmt: skip


def choose(by, links, *, outside=True):
    return services.choose_video(is_outside=outside, links=links, by=by, at=NOW)


def links():
    return list(Session.objects.order_by("starts_at").values_list("link", flat=True))


def test_sessions_to_come_take_the_link_and_one_with_its_own_keeps_it(evening, made, walt):
    made[1].link = OWN
    made[1].save()
    choose(walt, {evening.pk: LINK})
    assert links() == [LINK, OWN]
    assert not Session.objects.get(pk=made[0].pk).has_own_room
    choose(walt, {evening.pk: OTHER})
    assert links() == [OTHER, OWN]
    assert Event.objects.filter(verb="sessions.video_chosen").count() == 2


def test_back_in_hearths_room_the_link_is_kept_for_another_day(evening, made, walt):
    choose(walt, {evening.pk: LINK})
    choose(walt, {evening.pk: LINK}, outside=False)
    assert links() == ["", ""]
    assert StandingLink.objects.get().link == LINK
    choose(walt, {evening.pk: LINK})
    assert links() == [LINK, LINK]
    choose(walt, {evening.pk: ""})
    assert links() == ["", ""]
    assert not StandingLink.objects.exists()


def test_what_has_begun_or_is_called_off_is_left_alone(evening, made, walt, dana):
    services.cancel(session=made[0], reason="snow", by=dana, at=NOW)
    Session.objects.filter(pk=made[1].pk).update(started_at=NOW)
    choose(walt, {evening.pk: LINK})
    assert links() == ["", ""]


def test_sessions_made_later_take_the_link_and_those_in_person_none(evening, walt, dana, maya):
    choose(walt, {evening.pk: LINK})
    evening.seats.update(modality=Modality.IN_PERSON)  # needs no licence
    services.make_sessions(section=evening, until=date(2026, 12, 5), by=dana, at=NOW)
    assert set(links()) == {LINK}


def test_administrators_and_directors_choose_on_a_page_and_nobody_else(evening, as_user, walt, dana, maya):
    admin = make_user("Kit Marlow", Role.ADMINISTRATOR, organisation=dana.organisation)
    field = f"link-{evening.pk}"
    for reader in (admin, walt):
        assert "Evening group · Tuesday 17:30 · Dana Kim" in as_user(reader).get(PAGE).text
    assert as_user(admin).post(PAGE, {"where": "outside", field: LINK})["Location"] == PAGE
    assert LINK in as_user(admin).get(PAGE).text
    for stranger in (dana, maya.user):
        assert as_user(stranger).get(PAGE).status_code == 403
        with pytest.raises(PermissionDenied):
            choose(stranger, {evening.pk: OTHER})


@pytest.mark.parametrize("typed", ["http://video.example/evening", "zoommtg://x", "javascript:alert(1)", "no address"])
def test_only_an_encrypted_address_is_taken_and_what_was_typed_stays(evening, as_user, walt, typed):
    refused = as_user(walt).post(PAGE, {"where": "outside", f"link-{evening.pk}": typed})
    assert refused.status_code == 422
    assert "It begins with https://" in refused.text
    assert not StandingLink.objects.exists()


def test_two_groups_at_the_same_time_never_meet_in_one_room(evening, as_user, walt, dana, theo):
    other = make_section(theo, since=SINCE, modality=Modality.VIRTUAL, name="Another", starts=time(20))
    later = make_section(theo, since=SINCE, modality=Modality.VIRTUAL, name="Late", starts=time(20, 30), minutes=60)
    both = {"where": "outside", f"link-{evening.pk}": LINK}
    refused = as_user(walt).post(PAGE, both | {f"link-{other.pk}": LINK})
    assert refused.status_code == 422
    assert "Both would be in one room." in refused.text
    assert as_user(walt).post(PAGE, both | {f"link-{later.pk}": LINK}).status_code == 302


def test_the_page_takes_as_many_queries_for_more_sections(evening, as_user, walt, theo, count_queries):
    few = count_queries(as_user(walt), PAGE)
    for each in range(3):
        make_section(theo, since=SINCE, modality=Modality.VIRTUAL, name=f"Group {each}")
    assert count_queries(as_user(walt), PAGE) == few


def test_a_student_sees_the_link_at_the_time_alone_and_neither_mail_nor_calendar_have_it(
    evening, made, as_user, client, walt, dana, maya, time_machine, settings
):
    settings.JANUS_SERVERS = ()
    Attendance.objects.create(session=made[0], patient=maya, modality=Modality.VIRTUAL)
    choose(walt, {evening.pk: LINK})
    page = reverse("sessions:mine", args=[made[0].pk])
    calendar = client.get(reverse("sessions:feed", args=[timetable.make_feed(user=maya.user, at=NOW)]))
    assert b"BEGIN:VEVENT" in calendar.content
    assert b"video.example" not in calendar.content
    browser = as_user(maya.user)
    assert LINK not in browser.get(page).text
    assert LINK not in as_user(maya.user).get(reverse("sessions:my-week")).text
    time_machine.move_to(made[0].starts_at, tick=False)
    say_where(made[0], maya, at=made[0].starts_at)
    browser = as_user(maya.user)
    assert LINK not in browser.get(page).text
    browser.post(page, {"form": "in"})
    assert LINK in browser.get(page).text
    assert not [one for one in Message.objects.all() if "video.example" in f"{one.subject}{one.body}"]
    time_machine.move_to(made[0].ends_at + timedelta(hours=1), tick=False)
    assert LINK not in as_user(maya.user).get(page).text


# --- a group that is moved keeps its link -----------------------------------------------------------------------


def accepted(by, *, ended, began, people):
    """A proposal as the timetable stores it: these sections ended and began with these people."""
    gone, come = (
        [{"section": str(each.pk), "patient": str(one.pk)} for each in sections for one in people]
        for sections in (ended, began)
    )
    deeds = {
        "ended": {str(each.pk): "" for each in ended}, "began": [str(each.pk) for each in began],
        "gone": gone, "come": come, "kept": {},
    }  # fmt: skip
    return Proposal.objects.create(week_of=date(2026, 11, 30), asked_by=by, asked_at=NOW, deeds=deeds)


@pytest.fixture
def moved(evening, dana, maya, walt):
    """The evening group meets on Thursdays from next Monday on: another section, with the same people."""
    choose(walt, {evening.pk: LINK})
    Licence.objects.create(holder=dana, state="CO", discipline="LPC", number="1", during=(date(2020, 1, 1), None))
    evening.seats.update(during=(SINCE, date(2026, 11, 30)))
    evening.ended_on = date(2026, 11, 30)
    evening.save()
    return make_section(dana, maya, since=date(2026, 11, 30), modality=Modality.VIRTUAL, weekday=3)


def test_a_section_that_goes_on_at_another_hour_keeps_the_link_and_its_sessions_have_it(evening, moved, dana, maya):
    proposal = accepted(dana, ended=[evening], began=[moved], people=[maya])
    proposal_accepted.send(Proposal, proposal_id=proposal.pk, by_id=dana.pk, at=NOW)
    assert dict(StandingLink.objects.values_list("section", "link")) == {moved.pk: LINK}
    assert set(Session.objects.filter(section=moved).values_list("link", flat=True)) == {LINK}
    assert Event.objects.filter(verb="sessions.link_carried_over").count() == 1
    Section.objects.filter(pk=evening.pk).update(ended_on=None)
    proposal_taken_back.send(Proposal, proposal_id=proposal.pk, section_ids=[evening.pk], by_id=dana.pk, at=NOW)
    assert dict(StandingLink.objects.values_list("section", "link")) == {evening.pk: LINK}


def test_a_link_stays_behind_where_another_section_meets_at_it_by_then(evening, moved, dana, theo, maya):
    other = make_section(theo, since=SINCE, modality=Modality.VIRTUAL, weekday=3, starts=time(18))
    StandingLink.objects.create(section=other, link=LINK)
    proposal = accepted(dana, ended=[evening], began=[moved], people=[maya])
    proposal_accepted.send(Proposal, proposal_id=proposal.pk, by_id=dana.pk, at=NOW)
    assert set(StandingLink.objects.values_list("section", flat=True)) == {evening.pk, other.pk}


def test_two_groups_that_move_together_never_meet_at_one_link(evening, moved, dana, theo, maya):
    ended_on = date(2026, 11, 30)
    facts = {"modality": Modality.VIRTUAL, "name": "Another"}
    other = make_section(theo, maya, since=SINCE, ended_on=ended_on, weekday=4, **facts)
    StandingLink.objects.create(section=other, link=LINK)  # at another hour than the evening group, until now
    beside = make_section(theo, since=ended_on, weekday=3, starts=time(18), **facts)
    proposal = accepted(dana, ended=[evening, other], began=[moved, beside], people=[maya])
    proposal_accepted.send(Proposal, proposal_id=proposal.pk, by_id=dana.pk, at=NOW)
    assert StandingLink.objects.filter(section__in=[moved.pk, beside.pk]).count() == 1


@pytest.mark.parametrize(
    ("began", "goes_on"),
    [
        ([("b", "group", "dana", "xy")], {"a": "b"}),
        ([("b", "group", "dana", "x"), ("c", "group", "dana", "xy")], {"a": "c"}),
        ([("b", "group", "theo", "xy")], {}),
        ([("b", "skills", "dana", "xy")], {}),
        ([("b", "group", "dana", "z")], {}),
    ],
)
def test_which_section_goes_on_with_another(began, goes_on):
    old = Course("a", "group", "dana", frozenset("xy"))
    new = [Course(key, kind, leader, frozenset(people)) for key, kind, leader, people in began]
    assert successors([old], new) == goes_on


def test_no_section_goes_on_with_two_and_none_twice():
    old = [Course(key, "group", "dana", frozenset("xy")) for key in "ab"]
    assert successors(old, [Course("c", "group", "dana", frozenset("x"))]) == {"a": "c"}


def test_an_hour_alone_that_moves_keeps_its_link(dana, maya, walt, evening):
    facts = {"kind": Kind.INDIVIDUAL, "modality": Modality.VIRTUAL, "minutes": 60, "starts": time(9), "name": "Hour"}
    day = date(2026, 11, 30)
    Licence.objects.create(holder=dana, state="CO", discipline="LPC", number="1", during=(date(2020, 1, 1), None))
    old = make_section(dana, maya, since=SINCE, ended_on=day, **facts)
    choose(walt, {evening.pk: ""})
    StandingLink.objects.create(section=old, link=LINK)
    new = make_section(dana, maya, since=day, weekday=3, **facts)
    seat_changed.send(Seat, seat_id=new.seats.get().pk, by_id=dana.pk, at=NOW)
    assert StandingLink.objects.get().section == new
    assert set(Session.objects.filter(section=new).values_list("link", flat=True)) == {LINK}


def test_an_hour_alone_that_ended_or_has_a_link_takes_no_other(dana, maya, walt, evening):
    facts = {"kind": Kind.INDIVIDUAL, "modality": Modality.VIRTUAL, "minutes": 60, "starts": time(9), "name": "Hour"}
    day = date(2026, 11, 30)
    Licence.objects.create(holder=dana, state="CO", discipline="LPC", number="1", during=(date(2020, 1, 1), None))
    first = make_section(dana, maya, since=SINCE, ended_on=day, **facts)
    old = make_section(dana, maya, since=day, ended_on=day + timedelta(weeks=1), weekday=3, **facts)
    choose(walt, {evening.pk: ""})
    StandingLink.objects.create(section=first, link=LINK)
    StandingLink.objects.create(section=old, link=OTHER)
    for ended_on in (old.ended_on, None):
        Section.objects.filter(pk=old.pk).update(ended_on=ended_on)
        seat_changed.send(Seat, seat_id=old.seats.get().pk, by_id=dana.pk, at=NOW)
        assert dict(StandingLink.objects.values_list("section", "link")) == {first.pk: LINK, old.pk: OTHER}


# --- a session never meets at the link of others --------------------------------------------------------------


def test_a_session_refuses_the_link_of_another_group_and_keeps_what_was_typed(evening, made, as_user, walt, dana, theo):
    other = make_section(theo, since=SINCE, modality=Modality.VIRTUAL, name="Another", starts=time(19))
    choose(walt, {evening.pk: LINK, other.pk: OTHER})
    page = reverse("sessions:describe", args=[made[0].pk])
    refused = as_user(dana).post(page, {"topic": "Sleep", "link": OTHER})
    assert refused.status_code == 422
    assert "Another group meets at this link." in refused.text
    assert OTHER in refused.text
    assert as_user(dana).post(page, {"topic": "Sleep", "link": LINK}).status_code == 302
    assert as_user(dana).post(page, {"topic": "Sleep", "link": OWN}).status_code == 302
    assert links()[0] == OWN


def test_a_topic_is_written_where_the_link_is_shared_with_another_hour_or_has_moved_on(evening, made, walt, dana, theo):
    later = make_section(theo, since=SINCE, modality=Modality.VIRTUAL, name="Late", starts=time(20, 30), minutes=60)
    choose(walt, {evening.pk: LINK, later.pk: OTHER})
    services.describe(session=made[0], topic="Sleep", link=OTHER, by=dana, at=NOW)
    Section.objects.filter(pk=later.pk).update(starts=time(19))
    services.describe(session=made[0], topic="Food", link=OTHER, by=dana, at=NOW)
    assert Session.objects.get(pk=made[0].pk).topic == "Food"


def test_two_sessions_at_one_time_never_have_one_link(evening, made, dana, theo):
    beside = make_session(theo, starts_at=made[0].starts_at, modality=Modality.VIRTUAL, link=OWN)
    with pytest.raises(services.LinkOfOthers):
        services.describe(session=made[0], topic="", link=OWN, by=dana, at=NOW)
    services.cancel(session=beside, reason="snow", by=theo, at=NOW)
    services.describe(session=made[0], topic="", link=OWN, by=dana, at=NOW)
    assert links()[0] == OWN
