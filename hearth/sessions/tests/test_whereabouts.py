"""Before a session by video: where somebody is, whether the way in is open there, and what staff see of it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hearth.audit.models import Event
from hearth.consent.models import Consent, ConsentKind
from hearth.people.models import Licence, Modality, Supervision
from hearth.people.testing import make_patient
from hearth.safety.models import EmergencyArea
from hearth.sessions import services
from hearth.sessions.models import Attendance, NumbersWanted, Whereabouts
from hearth.sessions.rules.whereabouts import Address, WayIn, newest_first, one_line, states_shared, way_in
from hearth.sessions.testing import make_session

START = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("America/Denver"))
NOW = START - timedelta(minutes=5)
HOME = {
    "known": "elsewhere", "street": "14 Elm Street", "city": "Denver", "state": "CO", "postal_code": "80203",
    "is_private": "on",
}  # fmt: skip
STATES = st.sampled_from(["CO", "UT", "NM"])


def hold_licence(member, state, number="1"):
    return Licence.objects.create(
        holder=member, state=state, discipline="LPC", number=number, during=(date(2020, 1, 1), None)
    )


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def evening(dana, maya):
    hold_licence(dana, "CO")
    return make_session(dana, maya, starts_at=START, modality=Modality.VIRTUAL)


def url(name, session):
    return reverse(f"sessions:{name}", args=[session.pk])


def confirm(session, patient, **changes):
    said = {"street": "14 Elm Street", "city": "Denver", "state": "CO", "postal_code": "80203"} | changes
    row = session.roster.get(patient=patient)
    return services.confirm_place(attendance=row, address=Address(**said), by=patient.user, at=NOW)


@given(st.none() | STATES, st.frozensets(STATES), st.booleans())
def test_the_way_in_is_open_only_where_leaders_are_licensed_or_staff_let_them_in(state, licensed, let_in):
    way = way_in(state, licensed=licensed, let_in=let_in)
    assert (way == WayIn.NO_PLACE) == (state is None)
    assert (way == WayIn.OPEN) == (state is not None and (let_in or state in licensed))


@given(st.lists(st.frozensets(STATES), max_size=3))
def test_a_state_counts_only_if_everyone_who_leads_is_licensed_there(held):
    shared = states_shared(held)
    assert all(shared <= one for one in held)
    assert shared or not held or not frozenset.intersection(*held)


@given(st.text(max_size=120), st.text(max_size=80), STATES, st.text(max_size=10), st.text(max_size=80))
def test_an_address_fits_on_the_roster(street, city, state, code, county):
    assert len(one_line(Address(street, city, state, code, county))) <= 200


def test_an_address_typed_differently_is_offered_once():
    first, again = Address("14 Elm Street", "Denver", "CO"), Address("14 elm street.", "denver", "CO")
    assert newest_first([first, again, Address("", "Denver", "CO")], most=4) == (first,)


def test_a_confirmed_place_stands_on_the_roster_and_in_the_record(evening, maya):
    assert confirm(evening, maya) == WayIn.OPEN
    assert evening.roster.get().location == "14 Elm Street, Denver, CO 80203"
    assert Event.objects.get(verb="sessions.place_confirmed").detail == {"way": "open", "numbers": "missing"}


def test_nobody_confirms_for_another(evening, maya, dana):
    row = evening.roster.get()
    with pytest.raises(PermissionDenied):
        services.confirm_place(attendance=row, address=Address("1 A", "Denver", "CO"), by=dana, at=NOW)
    assert not Whereabouts.objects.exists()


def test_where_a_leader_is_not_licensed_it_is_said_and_staff_can_let_them_in(evening, as_user, maya, dana):
    browser = as_user(maya.user)
    answer = browser.post(url("before", evening), HOME | {"state": "UT", "city": "Moab"})
    assert answer["Location"] == url("before", evening)
    page = browser.get(url("before", evening)).text
    assert "You said you are in Utah." in page
    assert "I need another time" in page
    assert browser.post(url("mine", evening), {"form": "in"})["Location"] == url("before", evening)
    assert Attendance.objects.get().arrived_at is None
    assert "holds no license there" in as_user(dana).get(url("places", evening)).text
    services.mark(attendance=evening.roster.get(), status="present", by=dana, at=NOW)
    assert "holds no license there" not in as_user(dana).get(url("places", evening)).text
    assert "You cannot join by video" not in browser.get(url("before", evening)).text


def test_a_place_where_others_can_hear_is_no_place_to_join_from(evening, as_user, maya):
    refused = as_user(maya.user).post(url("before", evening), {**HOME, "is_private": ""})
    assert refused.status_code == 422
    assert "Find a private place first" in refused.text
    assert not Whereabouts.objects.exists()


def test_earlier_addresses_are_offered_and_nobody_elses(evening, as_user, maya, dana, jonah):
    other = make_session(dana, jonah, starts_at=START, modality=Modality.VIRTUAL)
    confirm(other, jonah, street="99 Secret Road")
    confirm(evening, maya)
    browser = as_user(maya.user)
    page = browser.get(url("before", evening)).text
    assert "14 Elm Street, Denver" in page
    assert "99 Secret Road" not in page
    assert browser.post(url("before", evening), {"known": "0", "is_private": "on"})["Location"] == url("mine", evening)


def test_staff_see_whom_to_call_and_what_may_be_said(evening, as_user, maya, dana, ruth):
    maya.emergency_name, maya.emergency_phone = "Robin Reyes", "303 555 0199"
    maya.save()
    confirm(evening, maya)
    page = as_user(dana).get(url("places", evening)).text
    assert "No number is known for this place." in page
    assert "They agreed to nothing that may be said." in page
    EmergencyArea.objects.create(
        state="CO", county="Denver", postal_codes=["80203"], dispatch_phone="303 555 0153",
        crisis_phone="303 555 0152", source="the county", checked_on=date(2026, 11, 2), checked_by=ruth,
    )  # fmt: skip
    Consent.objects.create(
        patient=maya, kind=ConsentKind.RELEASE, version="1", text="…", recipients=["robin reyes"],
        information="that I am unwell and where I am", signer=maya.user, signed_name="Maya", signed_at=NOW,
    )  # fmt: skip
    page = as_user(dana).get(url("places", evening)).text
    assert page.index("303 555 0152") < page.index("303 555 0153")  # mobile crisis comes before dispatch
    assert "that I am unwell and where I am" in page
    assert Event.objects.filter(verb="whereabouts.read", patient_id=maya.pk, actor_id=dana.pk).count() == 2


def test_the_pages_are_for_who_leads_and_for_the_student(evening, as_user, dana, ruth, theo, maya, jonah):
    assert as_user(ruth).get(url("places", evening)).status_code == 200
    for stranger in (theo, maya.user):
        assert as_user(stranger).get(url("places", evening)).status_code == 403
    ready = as_user(maya.user).get(url("before", evening))
    assert ready.status_code == 200
    assert "camera=(self)" in ready["Permissions-Policy"]
    for stranger in (jonah.user, dana):
        assert as_user(stranger).get(url("before", evening)).status_code == 403


def test_reading_places_takes_only_the_record_more_for_more_people(evening, as_user, maya, dana):
    confirm(evening, maya)
    browser, counts = as_user(dana), []
    browser.get(url("places", evening))
    for number in (0, 3):
        for each in range(number):
            patient = make_patient(f"Guest{each}", "Vale", at=NOW)
            Attendance.objects.create(session=evening, patient=patient, modality=Modality.VIRTUAL)
            confirm(evening, patient)
        with CaptureQueriesContext(connection) as seen:
            browser.get(url("places", evening))
        counts.append(len([each for each in seen if "INSERT" not in each["sql"]]))
    assert counts[0] == counts[1]


def know(ruth, *, checked_on=date(2026, 11, 2), **changes):
    said = {
        "state": "CO", "county": "Denver", "postal_codes": ["80203"], "dispatch_phone": "303 555 0153",
        "crisis_phone": "303 555 0152", "source": "the county", "checked_on": checked_on, "checked_by": ruth,
    }  # fmt: skip
    return EmergencyArea.objects.create(**(said | changes))


def test_numbers_stand_beside_the_address_on_the_roster_and_behind_a_link_in_the_video_room(
    evening, as_user, maya, dana, ruth
):
    browser = as_user(dana)
    know(ruth)
    assert "303 555 0153" not in browser.get(url("room", evening)).text  # nothing before an address is confirmed
    confirm(evening, maya)
    page = browser.get(url("room", evening)).text
    assert 'href="tel:303 555 0153"' in page
    assert 'href="tel:303 555 0152"' in page
    assert "no dispatch number" not in page
    assert not NumbersWanted.objects.exists()
    assert url("places", evening) in browser.get(url("video", evening)).text


def test_numbers_that_are_missing_or_old_are_told_on_the_roster_and_a_named_person_finds_them(
    evening, as_user, maya, dana, ruth
):
    Supervision.objects.create(clinician=dana, supervisor=ruth, during=(date(2026, 1, 1), None))
    confirm(evening, maya)
    confirm(evening, maya)
    wanted = NumbersWanted.objects.get()
    assert (wanted.looked_up_by, str(wanted)) == (ruth, "CO 80203")
    assert "no dispatch number" in as_user(dana).get(url("room", evening)).text
    title = "Whom to call there is not known"
    assert title in as_user(ruth).get("/today/").text
    assert title not in as_user(dana).get("/today/").text
    area = know(ruth, checked_on=date(2026, 3, 1))
    assert "numbers to check again" in as_user(dana).get(url("room", evening)).text
    assert title in as_user(ruth).get("/today/").text
    area.checked_on = date(2026, 11, 20)
    area.save()
    assert title not in as_user(ruth).get("/today/").text


def test_numbers_on_the_roster_take_no_more_queries_for_more_people(evening, as_user, maya, dana):
    confirm(evening, maya)
    page = url("room", evening)
    htmx = {"HTTP_HX_REQUEST": "true"}
    browser = as_user(dana)
    browser.get(page, **htmx)
    with CaptureQueriesContext(connection) as few:
        browser.get(page, **htmx)
    for each in range(3):
        patient = make_patient(f"Guest{each}", "Vale", at=NOW)
        Attendance.objects.create(session=evening, patient=patient, modality=Modality.VIRTUAL)
        confirm(evening, patient)
    with CaptureQueriesContext(connection) as many:
        browser.get(page, **htmx)
    assert len(few) == len(many)
