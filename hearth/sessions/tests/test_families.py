"""Family who comes counts towards what the program asks for, and whoever is overdue gets a kind word once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.consent.testing import make_release
from hearth.outbox.models import Message
from hearth.people.models import CareTeamMember, Patient, Relationship
from hearth.people.testing import make_patient
from hearth.program.models import Program
from hearth.sessions import services
from hearth.sessions.families import families_due, guests_of, standings_of
from hearth.sessions.models import FamilyPresence, MakeUp, VideoPlace, VideoRoom
from hearth.sessions.note_layout import people_of
from hearth.sessions.note_paper import paper_of
from hearth.sessions.rules.families import Standing, State, standing
from hearth.sessions.rules.notes import Draft, Line
from hearth.sessions.testing import make_episode, make_session

DENVER = ZoneInfo("America/Denver")
BEGAN = date(2026, 11, 2)
FIRST = datetime(2026, 11, 10, 17, tzinfo=DENVER)
MORNING = datetime(2026, 11, 11, 9, tzinfo=DENVER)


@pytest.fixture
def mother(maya, dana):
    """Rosa Reyes, who may see Maya's schedule; Maya's program asks for family every two weeks."""
    person = make_user("Rosa Reyes", Role.FAMILY, organisation=dana.organisation)
    make_episode(maya, by=dana, starts_on=BEGAN)
    Program.objects.update(pack="adolescent-after-school")
    make_release(maya, person.name, at=FIRST - timedelta(days=8))
    return Relationship.objects.create(patient=maya, person=person, kind=Relationship.Kind.PARENT)


def stands(maya, at):
    episode = maya.episodes.select_related("program").get()
    return standings_of([episode], at=at).get(episode.pk)


def test_family_staff_wrote_down_counts_until_it_is_taken_back(mother, maya, dana):
    assert stands(maya, MORNING) == Standing(State.SOON, date(2026, 11, 16), None, 0)
    session = make_session(dana, maya, starts_at=FIRST, kind="family", name="Family")
    services.mark_family(session=session, came={mother.pk}, seen=set(), by=dana, at=FIRST)
    services.mark_family(session=session, came={mother.pk}, seen=set(), by=dana, at=FIRST)
    assert stands(maya, MORNING) == Standing(State.ON_TIME, date(2026, 11, 24), FIRST.date(), 1)
    services.mark_family(session=session, came=set(), seen={mother.pk}, by=dana, at=FIRST)
    assert not FamilyPresence.objects.exists()


def test_a_place_in_the_video_room_counts_by_itself(mother, maya, dana):
    session = make_session(dana, maya, starts_at=FIRST, kind="education", name="Evening for families")
    room = VideoRoom.objects.create(session=session, server="one", placed_at=FIRST)
    place = VideoPlace.objects.create(room=room, user=mother.person, leads=False, asked_at=FIRST)
    assert stands(maya, MORNING).times == 0
    place.admitted_at = FIRST
    place.save()
    assert stands(maya, MORNING).last_on == FIRST.date()
    session.kind = "group"
    session.save()
    assert stands(maya, MORNING).times == 0


def test_who_was_let_into_the_video_room_and_was_not_there_stays_unticked(mother, maya, dana, as_user, time_machine):
    session = make_session(dana, maya, starts_at=FIRST, kind="family", name="Family")
    room = VideoRoom.objects.create(session=session, server="one", placed_at=FIRST)
    VideoPlace.objects.create(room=room, user=mother.person, leads=False, asked_at=FIRST, admitted_at=FIRST)
    time_machine.move_to(MORNING, tick=False)
    browser, page, keep = (
        as_user(dana),
        *(reverse(f"sessions:{name}", args=[session.pk]) for name in ("room", "family")),
    )
    ticked = f'value="{mother.pk}" checked'
    assert ticked in browser.get(page).text
    for _twice in range(2):
        browser.post(keep, {"seen": str(mother.pk)})
        assert f'value="{mother.pk}"' in browser.get(page).text
        assert ticked not in browser.get(page).text
        assert stands(maya, MORNING).times == 0
    browser.post(keep, {"came": str(mother.pk)})
    assert ticked in browser.get(page).text
    assert stands(maya, MORNING).last_on == FIRST.date()


def test_who_came_after_the_page_was_opened_is_not_written_down_as_absent(mother, maya, dana, as_user, time_machine):
    session = make_session(dana, maya, starts_at=FIRST, kind="family", name="Family")
    father = Relationship.objects.create(
        patient=maya,
        person=make_user("Luis Reyes", Role.FAMILY, organisation=dana.organisation),
        kind=Relationship.Kind.PARENT,
    )
    time_machine.move_to(MORNING, tick=False)
    browser = as_user(dana)
    opened = browser.get(reverse("sessions:room", args=[session.pk])).text
    assert 'name="seen"' not in opened
    room = VideoRoom.objects.create(session=session, server="one", placed_at=FIRST)
    VideoPlace.objects.create(room=room, user=mother.person, leads=False, asked_at=FIRST, admitted_at=FIRST)
    services.mark_family(session=session, came={father.pk}, seen=set(), by=dana, at=MORNING)
    browser.post(reverse("sessions:family", args=[session.pk]), {})
    assert stands(maya, MORNING).last_on == FIRST.date()
    assert all(guest.came for guest in guests_of(session))
    shown = browser.get(reverse("sessions:room", args=[session.pk])).text
    assert shown.count('name="seen"') == 2


def test_families_who_are_due_are_read_in_pages(mother, maya, dana, as_user, now, time_machine):
    for number in range(25):
        person = make_patient(f"Student{number}", "Ortiz", at=now)
        CareTeamMember.objects.create(patient=person, member=dana, role=Role.COUNSELOR, since=now.date())
        make_episode(person, by=dana, starts_on=BEGAN)
    time_machine.move_to(MORNING + timedelta(weeks=3), tick=False)
    browser, address = as_user(dana), reverse("sessions:make-ups")
    assert "1 to 25 of 26" in browser.get(address).text
    assert "26 to 26 of 26" in browser.get(f"{address}?families=2").text
    read = Event.objects.filter(verb="make_ups.read", actor_id=dana.pk).values_list("patient_id", flat=True)
    assert set(read) == set(Patient.objects.values_list("pk", flat=True))


def test_whoever_is_in_both_lists_of_the_page_was_read_once(mother, maya, dana, as_user, time_machine):
    session = make_session(dana, maya, starts_at=FIRST)
    missed = session.roster.get()
    MakeUp.objects.create(patient=maya, missed=missed, status=MakeUp.Status.DECLINED, looked_at=MORNING)
    time_machine.move_to(MORNING, tick=False)
    page = as_user(dana).get(reverse("sessions:make-ups"))
    lists = ([one.patient for one in page.context["rows"]], [one.episode.patient for one in page.context["families"]])
    assert lists == ([maya], [maya])
    assert Event.objects.filter(verb="make_ups.read", actor_id=dana.pk, patient_id=maya.pk).count() == 1


def test_nobody_is_asked_where_the_program_does_not_ask(mother, maya):
    Program.objects.update(pack="adult-evening")
    assert stands(maya, MORNING) is None


def test_who_is_overdue_gets_one_kind_word_that_names_nothing(mother, maya):
    before, after = datetime(2026, 11, 16, 17, tzinfo=DENVER), datetime(2026, 11, 17, 17, tzinfo=DENVER)
    assert services.invite_families(at=before) == 0
    for at in (after, after + timedelta(days=1)):
        services.invite_families(at=at)
    mail = Message.objects.get()
    assert mail.to == mother.person.email
    for word in ("Maya", "family", "group", "session", "Hearthside", "program"):
        assert word not in f"{mail.subject} {mail.body}"
    Relationship.objects.update(may_see_schedule=False)
    assert services.invite_families(at=after) == 0


def test_nobody_is_asked_to_come_while_the_stay_rests_nor_right_after_it(mother, maya, dana):
    overdue = datetime(2026, 11, 17, 17, tzinfo=DENVER)
    session = make_session(dana, maya, starts_at=overdue + timedelta(days=3), kind="family", name="Family")
    services.excuse_on_hold(patient=maya, before=session.ends_at, by=dana, at=overdue)
    assert services.invite_families(at=overdue) == 0
    assert services.invite_families(at=session.starts_at + timedelta(days=6)) == 0
    assert services.invite_families(at=session.starts_at + timedelta(days=7)) == 1


def test_staff_mark_it_on_the_page_and_student_and_counselor_see_it(mother, maya, dana, theo, as_user, time_machine):
    time_machine.move_to(MORNING, tick=False)
    session = make_session(dana, maya, starts_at=FIRST, kind="family", name="Family")
    browser, page = as_user(dana), reverse("sessions:room", args=[session.pk])
    assert "Rosa Reyes" in browser.get(page).text
    browser.post(reverse("sessions:family", args=[session.pk]), {"came": str(mother.pk)})
    assert FamilyPresence.objects.get().recorded_by == dana
    assert "Family came last on" in browser.get(reverse("sessions:dose-of-patient", args=[maya.pk])).text
    assert "Family came last on" in as_user(maya.user).get(reverse("sessions:my-dose")).text
    with pytest.raises(PermissionDenied):
        services.mark_family(session=session, came=set(), seen=set(), by=theo, at=MORNING)
    late = MORNING + timedelta(weeks=3)
    time_machine.move_to(late, tick=False)
    assert [one.episode.patient for one in families_due(viewer=dana, at=late)] == [maya]
    assert list(families_due(viewer=theo, at=late)) == []
    assert "overdue since" in as_user(dana).get(reverse("sessions:make-ups")).text


def test_each_note_of_an_evening_for_families_says_who_led_and_whose_family_came(
    mother, maya, jonah, dana, theo, as_user, time_machine
):
    time_machine.move_to(MORNING, tick=False)
    make_episode(jonah, by=dana, starts_on=BEGAN)
    brother = make_user("Sam Park", Role.FAMILY, organisation=dana.organisation)
    Relationship.objects.create(patient=jonah, person=brother, kind=Relationship.Kind.SIBLING)
    session = make_session(
        dana, maya, jonah, starts_at=FIRST, kind="education", name="Families", topic="Talking", co_facilitator=theo
    )
    for row in session.roster.all():
        services.mark(attendance=row, status="present", by=dana, at=FIRST)
    services.end(session=session, by=dana, at=FIRST + timedelta(hours=1))
    page = reverse("sessions:note", args=[session.pk])
    assert "Nobody of the family is written down as having come" in as_user(dana).get(page).text
    services.mark_family(session=session, came={mother.pk}, seen=set(), by=dana, at=FIRST)
    assert "Rosa Reyes" in as_user(dana).get(page).text
    line = Line(text="Practised listening.", took_part=4, risk="none", goal=1, progress="same", plan="Once more.")
    lines = {str(row.pk): line for row in session.roster.all()}
    draft = Draft(text="Practised listening.", interventions=("psychoeducation",), lines=lines)
    services.save_group_note(session=session, draft=draft, by=dana, at=MORNING)
    notes = {note.patient: note for note in services.sign_group_note(session=session, by=dana, at=MORNING)}
    who = {patient: dict(people_of(note.body)) for patient, note in notes.items()}
    assert who[maya] == {"Led with": "Theo Brandt, LCSW", "Family who came": "Rosa Reyes (parent)"}
    assert who[jonah] == {"Led with": "Theo Brandt, LCSW", "Family who came": "nobody"}
    read = as_user(dana).get(reverse("sessions:progress-note", args=[notes[maya].pk])).text
    assert "Rosa Reyes (parent)" in read
    assert ("Family who came", "Rosa Reyes (parent)") in paper_of(notes[maya], standing=None)["facts"]


def test_many_stays_cost_no_more_questions(mother, maya, jonah, dana, django_assert_num_queries):
    make_episode(jonah, by=dana, starts_on=BEGAN)
    stays = [one.episodes.select_related("program").get() for one in (maya, jonah)]
    for some in (stays[:1], stays):
        with django_assert_num_queries(3):
            standings_of(some, at=MORNING)


days = st.integers(-30, 120).map(lambda number: BEGAN + timedelta(days=number))


@given(came=st.lists(days, max_size=8), today=days, every=st.integers(0, 40), order=st.randoms())
def test_a_standing_follows_from_the_last_time_alone(came, today, every, order):
    until = BEGAN + timedelta(weeks=12)
    found = standing(every=every, since=BEGAN, until=until, came=came, today=today)
    mixed = list(came)
    order.shuffle(mixed)
    assert standing(every=every, since=BEGAN, until=until, came=mixed, today=today) == found
    if found is not None:
        assert found.due_on < until
        assert (found.state == State.OVERDUE) == (today > found.due_on)
        assert found.last_on is None or BEGAN <= found.last_on <= today
    if not every:
        assert found is None
