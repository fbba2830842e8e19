"""What a family says of its own hours, and what the guardian of a minor suggests."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.consent.testing import make_release
from hearth.people.models import CareTeamMember, Relationship
from hearth.people.testing import make_patient
from hearth.safety.models import Concern
from hearth.timetable import services
from hearth.timetable.board import Span
from hearth.timetable.models import Availability, SuggestedHours
from hearth.timetable.testing import EVENINGS, make_hours


def newest(patient) -> Availability:
    return Availability.objects.filter(patient=patient).latest("entered_at")


AFTERNOON = {"week-1-from": "16:00", "week-1-to": "19:00", "week-1-level": "best", "form": "suggest"}


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    """The clock of every request stands at `now`."""
    time_machine.move_to(now, tick=False)


@pytest.fixture
def lee(organisation, dana, now):
    """Lee, who is fifteen, with hours of their own; Dana is their counselor."""
    lee = make_patient("Lee", "Castellan", at=now, birth_date=date(2011, 3, 2))
    CareTeamMember.objects.create(patient=lee, member=dana, role=Role.COUNSELOR, is_primary=True, since=now.date())
    make_hours(lee, by=dana, at=now.replace(hour=1))
    return lee


def relative(name: str, patient, **facts):
    person = make_user(name, Role.FAMILY, organisation=patient.organisation)
    Relationship.objects.create(patient=patient, person=person, kind=Relationship.Kind.PARENT, **facts)
    return person


@pytest.fixture
def carmen(lee):
    """Lee's mother and guardian."""
    return relative("Carmen Castellan", lee, is_guardian=True)


def test_a_guardian_writes_down_the_familys_hours_and_the_young_persons_stay(lee, carmen, as_user):
    browser, address = as_user(carmen), reverse("timetable:family-hours", args=[lee.pk])
    assert address in browser.get("/today/").content.decode()

    page = browser.post(address, {"family-2-from": "18:00", "family-2-to": "20:00"}, follow=True).content.decode()

    assert "family&#x27;s hours are kept" in page
    row = newest(lee)
    assert (row.hours, row.entered_by) == (EVENINGS, carmen)
    assert row.family_hours == [{"day": 2, "from": "18:00", "to": "20:00"}]


def test_what_a_guardian_suggests_counts_once_the_young_person_keeps_it(lee, carmen, as_user):
    as_user(carmen).post(reverse("timetable:family-hours", args=[lee.pk]), AFTERNOON | {"note": "Soccer is over"})
    assert Availability.objects.count() == 1

    browser = as_user(lee.user)
    assert "Carmen Castellan suggested other hours" in browser.get("/my/hours/").content.decode()
    page = browser.get("/my/hours/suggested/").content.decode()
    assert "Soccer is over" in page
    suggestion = SuggestedHours.objects.get()
    assert f'name="suggestion" value="{suggestion.pk}"' in page
    browser.post("/my/hours/", AFTERNOON | {"suggestion": str(suggestion.pk)})

    suggestion.refresh_from_db()
    assert (suggestion.was_taken, suggestion.decided_by) == (True, lee.user)
    assert newest(lee).hours == [{"day": 1, "from": "16:00", "to": "19:00", "preference": "best"}]


def test_the_young_person_or_their_counselor_lets_a_suggestion_go(lee, carmen, dana, now, as_user):
    for decides, address in (
        (lee.user, "/my/hours/suggested/"),
        (dana, reverse("timetable:hours-suggested", args=[lee.pk])),
    ):
        services.suggest_hours(patient=lee, spans=(Span(1, 960, 1140),), best=(), note="", by=carmen, at=now)
        answer = as_user(decides).post(address, follow=True)
        assert "The hours stay as they were" in answer.content.decode()
    assert [row.was_taken for row in SuggestedHours.objects.all()] == [False, False]
    assert newest(lee).hours == EVENINGS


def test_a_second_suggestion_takes_the_place_of_the_one_that_waits(lee, carmen, now):
    for start in (960, 1020):
        services.suggest_hours(patient=lee, spans=(Span(1, start, 1140),), best=(), note="", by=carmen, at=now)

    assert [each["from"] for each in SuggestedHours.objects.get().hours] == ["17:00"]


def test_a_relative_who_is_no_guardian_gives_family_hours_alone(lee, now, as_user):
    aunt = relative("Nora Castellan", lee)
    address = reverse("timetable:family-hours", args=[lee.pk])
    assert as_user(aunt).get(address).status_code == 403
    make_release(lee, "Nora Castellan", at=now)

    page = as_user(aunt).get(address).content.decode()
    assert "When could you come?" in page
    assert "week-0-from" not in page
    with pytest.raises(PermissionDenied):
        services.suggest_hours(patient=lee, spans=(Span(1, 960, 1140),), best=(), note="", by=aunt, at=now)
    as_user(aunt).post(address, AFTERNOON)
    assert not SuggestedHours.objects.exists()


def test_the_parent_of_a_grown_up_suggests_nothing(maya, now, as_user):
    parent = relative("Rosa Reyes", maya, is_guardian=True)
    make_release(maya, "Rosa Reyes", at=now)

    assert "week-0-from" not in as_user(parent).get(reverse("timetable:family-hours", args=[maya.pk])).content.decode()


def test_who_may_not_see_the_schedule_the_family_of_others_and_staff_are_refused(lee, carmen, maya, dana, as_user):
    address = reverse("timetable:family-hours", args=[lee.pk])
    unseen = relative("Otto Castellan", lee, is_guardian=True, may_see_schedule=False)
    refused = [unseen, relative("Rosa Reyes", maya), dana, lee.user]

    for person in refused:
        assert as_user(person).get(address).status_code == 403
        assert as_user(person).post(address, {"family-2-from": "18:00", "family-2-to": "20:00"}).status_code == 403
    assert as_user(carmen).get(reverse("timetable:family-hours", args=[maya.pk])).status_code == 403
    assert Availability.objects.count() == 1


def test_a_note_of_danger_beside_own_hours_is_a_concern_once(maya, ines, now):
    def give(note, by, minutes):
        at, spans = now + timedelta(minutes=minutes), (Span(1, 68, 84),)
        services.give_hours(patient=maya, spans=spans, family=(), note=note, by=by, at=at)
        return Concern.objects.count()

    assert give("I want to die", ines, 0) == 0
    assert give("I want to die", maya.user, 1) == 0  # what staff wrote, they keep
    assert give("I am going to kill myself tonight", maya.user, 2) == 1
    assert give("I am going to kill myself tonight", maya.user, 3) == 1
