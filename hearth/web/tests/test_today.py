"""Today and the chart: true for each role, closed to others, and as quick for many as for few."""

import re
from dataclasses import fields
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.roles import STAFF, Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission.models import Episode
from hearth.admission.testing import make_episode
from hearth.aftercare.models import Hold
from hearth.audit.models import Event
from hearth.circle.services import choose, withdraw
from hearth.circle.testing import make_alumnus, make_member, make_post
from hearth.consent.testing import make_release
from hearth.lib import icons, tenancy
from hearth.measures.services import store_answers
from hearth.people.models import CareTeamMember, Relationship
from hearth.people.testing import make_patient
from hearth.plan.models import CarePlan
from hearth.plan.services import draft_plan, sign_plan
from hearth.program.testing import make_program
from hearth.safety.plan_rules import Sections
from hearth.safety.services import confirm_plan, raise_concern, save_plan
from hearth.sessions.cosigning import Queue
from hearth.sessions.models import Attendance, Session
from hearth.sessions.rules import dose
from hearth.sessions.to_sign import ToSign
from hearth.web import navigation
from hearth.web.caseload import Row, caseload
from hearth.web.staff_today import StaffToday

TODAY, STUDENTS = reverse("web:today"), reverse("web:students")
THEIR_STUDENTS, FIGURES = reverse("web:today-students"), reverse("web:today-figures")


def settle(patient, *, by, at):
    """An active stay with a signed plan."""
    episode = make_episode(patient, by=by, at=at)
    sign_plan(plan=draft_plan(episode=episode, weeks=14, by=by, at=at), by=by, at=at)
    return episode


def seat(patient, *, led_by, starts_at, **fields):
    """A group session with the patient on its roster."""
    session = Session.objects.create(
        kind="group",
        name="Evening group",
        facilitator=led_by,
        modality="virtual",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=150),
        **fields,
    )
    return Attendance.objects.create(session=session, patient=patient, modality="virtual")


def chart_of(patient):
    return reverse("web:chart", args=[patient.pk])


@pytest.fixture
def at():
    """This moment, as the pages see it."""
    return timezone.now()


def test_a_student_sees_what_is_next(as_user, maya, dana, at):
    settle(maya, by=dana, at=at)
    seat(maya, led_by=dana, starts_at=at + timedelta(minutes=20))
    page = as_user(maya.user).get(TODAY).content.decode()
    assert "Evening group" in page
    assert "with Dana" in page
    assert "Your week" in page


def test_someone_on_the_way_in_sees_what_to_do_before_the_first_day(as_user, jonah):
    assert "Before the first day" in as_user(jonah.user).get(TODAY).content.decode()


def test_whoever_completed_the_program_is_told_of_its_alumni_and_with_whom_both_would_like_contact(
    as_user, maya, jonah, ruth, at
):
    program = make_program()
    places = [make_alumnus(one, by=ruth, at=at, way="by post", program=program) for one in (maya, jonah)]
    said = "would both like to be in touch"
    assert said not in as_user(maya.user).get(TODAY).text
    choose(whom=places[1].pk, by=maya.user, at=at)
    assert said not in as_user(jonah.user).get(TODAY).text
    choose(whom=places[0].pk, by=jonah.user, at=at)
    assert "You and Jonah would both like to be in touch." in as_user(maya.user).get(TODAY).text
    withdraw(whom=places[0].pk, by=jonah.user, at=at)
    assert said not in as_user(maya.user).get(TODAY).text


def test_what_a_student_needs_seldom_stands_in_one_short_list_that_leads_to_open_pages(as_user, maya, jonah, dana, at):
    settle(maya, by=dana, at=at)
    for patient, names in ((maya, 11), (jonah, 5)):
        client = as_user(patient.user)
        card = re.search(r"<h2>More</h2>.*?</section>", client.get(TODAY).text, re.DOTALL)
        assert card is not None
        links = re.findall(r'<li><a href="([^"]+)">', card[0])
        assert len(links) == names
        assert reverse("web:guide") in links
        assert (reverse("aftercare:mine") in links) is (patient == maya)
        assert {client.get(link).status_code for link in links} == {200}


def test_a_counselor_sees_who_needs_them_most_first(as_user, maya, dana, jonah, at):
    for patient in (maya, jonah):
        settle(patient, by=dana, at=at) if patient == maya else None
    CareTeamMember.objects.create(patient=jonah, member=dana, role=Role.COUNSELOR, since=at.date())
    settle(jonah, by=dana, at=at)
    raise_concern(
        patient=jonah, source_kind="staff", source_id=None, severity="urgent", summary="Said so.", by=dana, at=at
    )
    client = as_user(dana)
    page = client.get(TODAY)
    assert "Said so." in page.text
    assert f'hx-get="{THEIR_STUDENTS}' in page.text
    assert [row.patient for row in client.get(THEIR_STUDENTS).context["load"].first] == [jonah, maya]


def test_a_long_caseload_shows_whoever_needs_most_and_still_tells_of_everyone_who_is_due(maya, dana, jonah, at):
    CareTeamMember.objects.create(patient=jonah, member=dana, role=Role.COUNSELOR, since=at.date())
    for patient in (maya, jonah):
        settle(patient, by=dana, at=at)
    raise_concern(
        patient=jonah, source_kind="staff", source_id=None, severity="urgent", summary="Said so.", by=dana, at=at
    )
    CarePlan.objects.update(review_due_on=at.date() + timedelta(days=30))
    load = caseload(viewer=dana, at=at, most=1)
    assert ([row.patient for row in load.first], load.more, load.reviews) == ([jonah], 1, [])
    CarePlan.objects.filter(patient=maya).update(review_due_on=at.date())
    (row,) = caseload(viewer=dana, at=at, most=1).reviews
    assert row.patient == maya
    assert row.week is not None


def test_what_was_made_up_counts_for_the_week_that_missed_it(maya, dana, at):
    episode = settle(maya, by=dana, at=at)
    asked = dose.Prescription(at.date(), {"group": 300}, 2)
    met = {"starts_at": at - timedelta(hours=3), "ends_at": at - timedelta(minutes=30)}
    missed = dose.Meeting("group", **met, made_up=150, made_up_at=at + timedelta(weeks=2))
    another = dose.Meeting("group", **met, attended=150)
    again = dose.Meeting("group", **met, attended=150, makes_up_for=at - timedelta(weeks=2))

    def need(*meetings):
        (week,) = dose.weeks(
            meetings, prescriptions=[asked], starts_on=(at - timedelta(days=2)).date(), ends_on=at.date(),
            zone=ZoneInfo("UTC"), at=at, floor=300,
        )  # fmt: skip
        return Row(maya, episode, None, 1, week, 0, [], has_concern=False).need

    assert need(another, again) < need(another, missed)
    assert need(another, again) == need(another)


def test_a_concern_stands_before_everything_else_that_waits(as_user, maya, ruth, dana, at):
    make_member(maya, by=dana, at=at)
    make_post(maya, at=at)
    raise_concern(
        patient=maya, source_kind="staff", source_id=None, severity="watch", summary="Said so.", by=dana, at=at
    )  # fmt: skip
    page = as_user(ruth).get(TODAY).text
    assert page.index("Said so.") < page.index("waits for a host")


def test_a_colleague_sees_neither_students_nor_concerns_of_others(as_user, maya, dana, theo, at):
    settle(maya, by=dana, at=at)
    raise_concern(
        patient=maya, source_kind="staff", source_id=None, severity="urgent", summary="Said so.", by=dana, at=at
    )
    for path in (TODAY, THEIR_STUDENTS):
        page = as_user(theo).get(path).text
        assert "Maya" not in page
        assert "Said so." not in page
    assert as_user(theo).get(chart_of(maya)).status_code == 403


def test_whoever_leads_a_session_as_the_second_finds_it_too(as_user, maya, dana, theo, at):
    row = seat(maya, led_by=dana, starts_at=at)
    Session.objects.update(co_facilitator=theo)
    assert [each.pk for each in as_user(theo).get(TODAY).context["today"].sessions] == [row.session_id]


def test_the_director_sees_places_and_dose(as_user, maya, dana, walt, at):
    settle(maya, by=dana, at=at)
    assert f'hx-get="{FIGURES}"' in as_user(walt).get(TODAY).text
    leader = as_user(walt).get(FIGURES).context["leader"]
    assert [(row.program.name, row.taken, row.free) for row in leader.programs] == [("Adult evening", 1, 35)]


def test_who_neither_leads_nor_cares_is_asked_to_fetch_neither_and_may_not(as_user, maya, dana, priya, at):
    settle(maya, by=dana, at=at)
    for reader, path in ((priya, THEIR_STUDENTS), (priya, FIGURES), (dana, FIGURES), (maya.user, THEIR_STUDENTS)):
        client = as_user(reader)
        assert path not in client.get(TODAY).text
        assert client.get(path).status_code == 403


def test_nothing_is_due_is_said_once_both_the_page_and_the_students_are_clear(as_user, maya, dana, priya, at):
    breathe = "Nothing is due. Breathe out."
    settle(maya, by=dana, at=at)
    CarePlan.objects.update(review_due_on=at.date() + timedelta(days=30))
    assert breathe in as_user(priya).get(TODAY).text
    client = as_user(dana)
    assert breathe not in (page := client.get(TODAY).text)
    assert f'hx-get="{THEIR_STUDENTS}?clear"' in page
    assert breathe in client.get(THEIR_STUDENTS, {"clear": ""}).text
    assert breathe not in client.get(THEIR_STUDENTS).text
    CarePlan.objects.update(signed_at=None)
    assert breathe not in (part := client.get(THEIR_STUDENTS, {"clear": ""}).text)
    assert "Plan to sign," in part


def test_a_guardian_sees_the_next_days_and_nothing_else(as_user, organisation, maya, dana, at):
    mother = make_user("Lupe Reyes", Role.FAMILY, organisation=organisation)
    seat(maya, led_by=dana, starts_at=at + timedelta(days=1))
    tie = Relationship.objects.create(patient=maya, person=mother, kind="parent", is_guardian=True)
    assert "Group therapy" not in as_user(mother).get(TODAY).content.decode()  # Maya is of age: nothing is signed
    make_release(maya, "Lupe Reyes", at=at)
    assert "Group therapy" in as_user(mother).get(TODAY).content.decode()
    assert as_user(mother).get(chart_of(maya)).status_code == 403
    tie.may_see_schedule = False
    tie.save()
    assert "Group therapy" not in as_user(mother).get(TODAY).content.decode()


def test_opening_a_chart_is_written_down(as_user, maya, dana, at):
    settle(maya, by=dana, at=at)
    assert as_user(dana).get(chart_of(maya)).status_code == 200
    assert Event.objects.filter(verb="chart.read", actor_id=dana.pk, patient_id=maya.pk, purpose="TREAT").exists()


def test_a_chart_shows_measures_with_and_without_bands(as_user, maya, dana, at):
    settle(maya, by=dana, at=at)
    for instrument, answers in (("phq-9", [1] * 9), ("audit-c", [1, 1, 1])):
        store_answers(patient=maya, instrument_id=instrument, answers=answers, language="en", by=dana, at=at)
    page = as_user(dana).get(chart_of(maya)).content.decode()
    assert "PHQ-9" in page
    assert "AUDIT-C" in page


def test_a_hold_that_is_over_waits_for_those_alone_who_can_ask_about_it(as_user, organisation, maya, dana, at):
    sam = make_user("Sam Whitehorse", Role.PEER, Role.FACILITATOR, organisation=organisation)
    CareTeamMember.objects.create(patient=maya, member=sam, role=Role.PEER, since=at.date())
    episode, day = settle(maya, by=dana, at=at), timedelta(days=1)
    Hold.objects.create(
        episode=episode, patient=maya, reason="travel", starts_on=at.date() - 9 * day, until=at.date() - day,
        set_by=dana, set_at=at - 9 * day,
    )  # fmt: skip
    link = reverse("aftercare:hold", args=[maya.pk])
    for reader, sees in ((dana, True), (sam, False)):
        client = as_user(reader)
        assert (link in client.get(TODAY).text) is sees
        assert client.get(link).status_code == (200 if sees else 403)


def test_a_chart_leads_nobody_to_a_page_that_is_closed_to_them(as_user, maya, dana, walt, priya, at):
    settle(maya, by=dana, at=at)
    parts = [reverse(name, args=[maya.pk]) for name in ("medical:of-patient", "admission:barriers")]
    for reader, admitted in ((dana, [True, True]), (walt, [False, True]), (priya, [False, False])):
        client = as_user(reader)
        page = client.get(chart_of(maya)).text
        assert [link in page for link in parts] == admitted
        assert [client.get(link).status_code == 200 for link in parts] == admitted


@pytest.mark.parametrize("part", [one.name for one in fields(StaffToday)])
def test_nothing_is_due_only_where_no_part_of_today_waits_for_anybody(part):
    told: dict[str, Any] = {"notes": ToSign(2, 2, 0, None), "to_co_sign": Queue(1, None), "sent_back": Queue(1, None)}
    assert StaffToday(notes=ToSign(0, 0, 0, None), to_co_sign=Queue(0, None)).is_clear
    waits = part not in ("sessions", "interviews")
    assert StaffToday(**{part: told.get(part, [1])}).is_clear is not waits


def test_a_stranger_finds_no_students(as_user, maya):
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(elsewhere.pk):
        stranger = make_user("Sam Stone", Role.SUPERVISOR, organisation=elsewhere)
    assert b"Maya" not in as_user(stranger).get(STUDENTS).content
    assert as_user(stranger).get(chart_of(maya)).status_code == 403


def test_everyone_finds_how_it_works_in_their_own_words(as_user, dana, maya):
    assert "a clinician decides and signs" in as_user(dana).get(reverse("web:guide")).text
    assert "Goals are in your words" in as_user(maya.user).get(reverse("web:guide")).text


def test_how_it_works_leads_everyone_to_pages_that_are_open_to_them(as_user, organisation, maya, dana, at):
    settle(maya, by=dana, at=at)
    staff = [make_user(f"{role} Reader", role, organisation=organisation) for role in sorted(STAFF)]
    for reader in (maya.user, *staff):
        client = as_user(reader)
        main = client.get(reverse("web:guide")).text.split("<main", 1)[1].split("</main>", 1)[0]
        links = re.findall(r'href="(/[^"]+)"', main)
        assert [link for link in links if client.get(link, follow=True).status_code != 200] == []
    for reader, leads in ((dana, True), (staff[0], False)):
        assert (f'<a href="{reverse("circle:waiting")}">' in as_user(reader).get(reverse("web:guide")).text) is leads
    assert reverse("circle:home") in as_user(maya.user).get(reverse("web:guide")).text


def test_searching_finds_by_every_word(as_user, ruth, maya, jonah):
    page = as_user(ruth).get(STUDENTS, {"q": "may rey"}).content.decode()
    assert "Maya Reyes" in page
    assert "Jonah" not in page


def test_who_is_here_or_coming_stands_before_who_left(as_user, ruth, maya, jonah, dana, at):
    ended = make_patient("Ada", "Gone", at=at)
    CareTeamMember.objects.create(patient=ended, member=dana, role=Role.COUNSELOR, since=at.date())
    settle(ended, by=dana, at=at)
    Episode.objects.update(ended_at=at, end_reason="completed")
    settle(maya, by=dana, at=at)
    page = as_user(ruth).get(STUDENTS)
    assert [one.chosen_name for one in page.context["page"]] == ["Jonah", "Maya", "Ada"]


@pytest.mark.parametrize("path", [TODAY, THEIR_STUDENTS, FIGURES, STUDENTS])
def test_many_students_cost_no_more_questions_than_few(as_user, path, maya, dana, ruth, at, count_queries):
    dana.roles = [*dana.roles, Role.SUPERVISOR]
    dana.save()
    settle(maya, by=dana, at=at)
    seat(maya, led_by=dana, starts_at=at - timedelta(days=2))
    client = as_user(dana)
    few = count_queries(client, path)
    for number in range(8):
        patient = make_patient(f"Ada{number}", "Many", at=at)
        CareTeamMember.objects.create(patient=patient, member=dana, role=Role.COUNSELOR, since=at.date())
        settle(patient, by=dana, at=at)
        seat(patient, led_by=dana, starts_at=at - timedelta(days=2, hours=number))
    assert count_queries(client, path) == few


def test_every_way_has_an_icon_that_exists():
    ways = (*navigation.STAFF_WAYS, *navigation.STUDENT_WAYS, *navigation.PUBLIC_WAYS)
    assert all("<svg" in icons.svg(way.icon) for way in ways)


def test_a_student_finds_their_safety_plan_on_today_and_in_help_now(as_user, maya, dana, at):
    browser = as_user(maya.user)
    assert "data-keep-plan" not in browser.get(TODAY).text
    sections = Sections(signs="I stop answering.")
    save_plan(patient_pk=maya.pk, sections=sections, based_on=0, by=dana, at=at)
    page = browser.get(TODAY).text
    assert 'data-keep-plan="/my/safety-plan/"' in page
    assert "My safety plan" in page[page.index('id="help-now-sheet"') :]
    assert "My safety plan" not in as_user(dana).get(TODAY).text


def test_the_copy_of_today_says_from_when_it_is_and_names_no_topic(as_user, maya, dana, at, now):
    settle(maya, by=dana, at=at)
    for days in (1, 6, 9):
        seat(maya, led_by=dana, starts_at=now + timedelta(days=days), topic="Shame")
    excused = seat(maya, led_by=dana, starts_at=now + timedelta(days=2))
    excused.status = Attendance.Status.EXCUSED
    excused.save()
    browser = as_user(maya.user)
    assert f'data-keep="{TODAY}"' in browser.get(TODAY).text
    page = browser.get(TODAY, {"kept": "yes"})
    assert [one.pk == excused.pk for one in page.context["today"].places] == [False, False]
    assert timezone.localtime(page.context["now"], maya.user.zone).strftime("%H:%M") in page.text
    assert "Shame" not in page.text
    assert "data-keep=" not in page.text


def test_the_copy_of_today_is_a_students_alone_and_asks_as_often_for_many_sessions(
    as_user, maya, dana, at, now, count_queries, client
):
    settle(maya, by=dana, at=at)
    seat(maya, led_by=dana, starts_at=now + timedelta(days=1))
    browser, kept = as_user(maya.user), f"{TODAY}?kept=yes"
    few = count_queries(browser, kept)
    for days in (2, 3, 4):
        seat(maya, led_by=dana, starts_at=now + timedelta(days=days))
    assert count_queries(browser, kept) == few
    assert "the copy on your phone" not in as_user(dana).get(kept).text
    client.logout()
    assert client.get(kept).status_code == 302


def test_a_counselor_is_asked_to_look_at_a_safety_plan_again_after_a_concern(as_user, maya, jonah, dana, at):
    CareTeamMember.objects.create(patient=jonah, member=dana, role=Role.COUNSELOR, since=at.date())
    for patient in (maya, jonah):
        settle(patient, by=dana, at=at)
    plan = save_plan(
        patient_pk=maya.pk, sections=Sections(signs="I stop answering."), based_on=0, by=dana, at=at - timedelta(days=2)
    )
    look = {"patient_pk": maya.pk, "version": plan.version, "by": dana}
    confirm_plan(at=at - timedelta(days=2), **look)
    assert as_user(dana).get(THEIR_STUDENTS).context["load"].safety_plans == []
    for patient in (maya, jonah):
        raise_concern(
            patient=patient, source_kind="staff", source_id=None, severity="watch", summary="Said so.", by=dana,
            at=at - timedelta(days=1),
        )  # fmt: skip
    page = as_user(dana).get(THEIR_STUDENTS)
    assert [(row.patient, review) for row, review in page.context["load"].safety_plans] == [
        (jonah, "no_plan"), (maya, "since_concern"),
    ]  # fmt: skip
    assert "not reviewed since a concern" in page.text
    confirm_plan(at=at, **look)
    assert len(as_user(dana).get(THEIR_STUDENTS).context["load"].safety_plans) == 1
