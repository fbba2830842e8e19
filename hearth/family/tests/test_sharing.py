"""The sharing sheet tells the truth, and stopping holds from that moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.audit.models import Event
from hearth.consent import services as consents
from hearth.consent.testing import make_release
from hearth.people.models import Relationship
from hearth.sessions.testing import make_episode, make_session

MINE, THEIRS, TODAY = reverse("family:my-people"), reverse("family:what-i-see"), "/today/"


def choose(browser, tie, share):
    return browser.post(reverse("family:choose", args=[tie.pk]), {"share": share}, follow=True)


def test_a_guardian_sees_a_minors_sessions_until_the_minute_of_the_birthday(
    as_user, lee, carmen, dana, now, time_machine
):
    birthday = datetime(2029, 3, 2, 7, tzinfo=UTC)  # midnight in Denver
    make_session(dana, lee, starts_at=birthday + timedelta(hours=9), name="Group therapy")
    for moment, sees in ((birthday - timedelta(minutes=1), True), (birthday, False)):
        time_machine.move_to(moment, tick=False)
        browser = as_user(carmen.person)
        assert ("Lee" in browser.get(TODAY).text) is sees
        assert ("Lee" in browser.get(THEIRS).text) is sees
        hours = browser.get(reverse("timetable:family-hours", args=[lee.pk]))
        assert hours.status_code == (200 if sees else 403)


def test_a_partner_sees_nothing_before_a_release_and_nothing_after_it_is_taken_back(as_user, maya, alex, now):
    partner = as_user(alex.person)
    assert "Maya" not in partner.get(TODAY).text + partner.get(THEIRS).text
    release = make_release(maya, "Alex Duarte", at=now)
    assert "A signed release names this person" in partner.get(THEIRS).text
    assert "Maya" in partner.get(TODAY).text
    consents.revoke(pk=release.pk, by=maya.user, at=now)
    assert "Maya" not in partner.get(TODAY).text + partner.get(THEIRS).text


def test_whoever_calls_themselves_by_the_name_of_another_sees_nothing_of_what_is_meant_for_them(
    as_user, maya, alex, now
):
    make_release(maya, "Rosa Reyes", at=now)
    alex.person.name = "Rosa Reyes"
    alex.person.save()
    partner = as_user(alex.person)
    assert "Maya" not in partner.get(TODAY).text + partner.get(THEIRS).text
    make_release(maya, "Alex Duarte", at=now)
    assert "Maya" in partner.get(TODAY).text


def test_the_student_stops_it_at_once_and_opens_it_again(as_user, client, maya, alex, now):
    make_release(maya, "Alex Duarte", at=now)
    page = as_user(maya.user).get(MINE).text
    assert "Alex Duarte" in page
    assert "When and where sessions are" in page
    assert "Sees nothing of you" in choose(as_user(maya.user), alex, "nothing").text
    assert "Maya" not in as_user(alex.person).get(TODAY).text
    choose(as_user(maya.user), alex, "progress")
    alex.refresh_from_db()
    assert (alex.may_see_schedule, alex.may_see_progress) == (True, True)
    choose(as_user(maya.user), alex, "what is not understood")
    alex.refresh_from_db()
    assert (alex.may_see_schedule, alex.may_see_progress) == (False, False)
    assert Event.objects.filter(verb="family.chosen", patient_id=maya.pk, actor_id=maya.user_id).count() == 3


def test_how_much_was_attended_is_shown_where_the_student_says_so(as_user, lee, carmen, dana, now):
    make_episode(lee, by=dana, starts_on=now.date())
    assert "This week: attended" not in as_user(carmen.person).get(TODAY).text
    choose(as_user(lee.user), carmen, "progress")
    assert "This week: attended" in as_user(carmen.person).get(TODAY).text


def test_nobody_else_chooses_for_a_student(as_user, maya, jonah, alex, carmen, dana):
    for person in (jonah.user, alex.person, carmen.person, dana):
        assert choose(as_user(person), alex, "nothing").status_code == 403
    alex.refresh_from_db()
    assert alex.may_see_schedule


def test_staff_read_on_the_chart_what_family_sees_and_it_is_written_down(as_user, maya, alex, dana, theo):
    address = reverse("family:of-patient", args=[maya.pk])
    assert address in as_user(dana).get(reverse("web:chart", args=[maya.pk])).text
    assert "Do not confirm to this person" in as_user(dana).get(address).text
    assert Event.objects.filter(verb="family.read", patient_id=maya.pk, actor_id=dana.pk).exists()
    away = make_organisation(name="Elsewhere", slug="elsewhere")
    stranger = make_user("Away", Role.SUPERVISOR, organisation=away)
    for person in (theo, alex.person, maya.user, stranger):
        assert as_user(person).get(address).status_code == 403


@pytest.mark.parametrize("where", [MINE, THEIRS, "chart"])
def test_more_people_ask_no_more_questions(as_user, maya, jonah, alex, organisation, dana, now, count_queries, where):
    viewer = {MINE: maya.user, THEIRS: alex.person}.get(where, dana)
    address = reverse("family:of-patient", args=[maya.pk]) if where == "chart" else where
    make_release(maya, "Alex Duarte", at=now)
    make_release(jonah, "Alex Duarte", at=now)
    few = count_queries(as_user(viewer), address)
    for name in ("Ana One", "Ben Two", "Cleo Three"):
        person = make_user(name, Role.FAMILY, organisation=organisation)
        Relationship.objects.create(patient=maya, person=person, kind="other")
        make_release(maya, person.name, at=now)
    Relationship.objects.create(patient=jonah, person=alex.person, kind="other")
    assert count_queries(as_user(viewer), address) == few


def test_whoever_is_no_longer_guardian_sees_and_decides_nothing_from_that_moment(as_user, lee, carmen, dana):
    chart = reverse("family:of-patient", args=[lee.pk])
    end = reverse("family:end-guardianship", args=[lee.pk, carmen.pk])
    assert "Lee" in as_user(carmen.person).get(THEIRS).text
    Relationship.objects.filter(pk=carmen.pk).update(kind="guardian")
    browser = as_user(dana)
    assert end in browser.get(chart).text
    for _twice in range(2):
        page = browser.post(end, follow=True)
    assert end not in page.text
    carmen.refresh_from_db()
    assert (carmen.is_guardian, carmen.kind) == (False, "other")
    assert "Lee" not in as_user(carmen.person).get(THEIRS).text
    assert Event.objects.get(verb="family.guardianship_ended", patient_id=lee.pk).actor_id == dana.pk


def test_only_those_who_keep_families_and_may_write_say_who_is_no_longer_guardian(
    as_user, lee, carmen, alex, dana, theo, walt, maya
):
    end = reverse("family:end-guardianship", args=[lee.pk, carmen.pk])
    for nobody in (theo, walt, lee.user, carmen.person):
        assert as_user(nobody).post(end).status_code == 403
    assert end not in as_user(walt).get(reverse("family:of-patient", args=[lee.pk])).text
    assert as_user(dana).post(reverse("family:end-guardianship", args=[lee.pk, alex.pk])).status_code == 403
    carmen.refresh_from_db()
    assert carmen.is_guardian
