"""What two people do in the circle at the same moment, each in a transaction of their own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.admission.models import Episode
from hearth.circle import services
from hearth.circle.models import Introduction
from hearth.circle.testing import make_alumnus, make_member
from hearth.circle.tests.mentored import introduce, sign_as_mentor
from hearth.lib import tenancy
from hearth.people.testing import make_patient
from hearth.program.testing import make_program

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_of_two_hosts_who_write_at_the_same_moment_one_reads_what_stands_in_the_way(stored_organisation, noon):
    with tenancy.within(stored_organisation.pk):
        ruth = make_user("Ruth Okafor", Role.SUPERVISOR, organisation=stored_organisation)
        young = make_patient("Lee", "Test", at=noon, birth_date=date(2010, 5, 1))
        teens = make_program(name="After school", pack="adolescent-after-school", population="adolescent")
        circles = [
            make_member(make_patient("Maya", "Reyes", at=noon), by=ruth, at=noon).circle,
            make_member(young, by=ruth, at=noon, program=teens).circle,
        ]
    together = Barrier(2)

    def write(circle):
        try:
            with tenancy.within(stored_organisation.pk):
                together.wait(10)
                services.write_event(
                    circle=circle, name="Soup", starts_at=noon + timedelta(days=2), minutes=60, way="in_person",
                    place="Big room", link="", words="", is_ours=True, support_group=None, by=ruth, at=noon,
                )  # fmt: skip
        except services.OthersThere:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(write, circles)) == [False, True]


def test_two_mentors_suggested_at_the_same_moment_are_one(stored_organisation, noon):
    with tenancy.within(stored_organisation.pk):
        ruth = make_user("Ruth Okafor", Role.SUPERVISOR, organisation=stored_organisation)
        evening = make_program(name="Adult evening")
        student = make_member(make_patient("Maya", "Reyes", at=noon), by=ruth, at=noon, program=evening)
        said: dict[str, Any] = {"trained_on": date(2026, 9, 1), "checked_on": date(2026, 10, 1), "words": "Hello."}
        mentors = []
        for name in ("Grace", "Hope"):
            place = make_alumnus(make_patient(name, "Done", at=noon), by=ruth, at=noon, program=evening)
            Episode.objects.filter(pk=place.episode_id).update(ended_at=noon - timedelta(days=210))
            row = services.name_mentor(
                circle=place.circle, place=place.pk, checked_by=ruth.pk, supervisor=ruth.pk, by=ruth, at=noon, **said
            )
            sign_as_mentor(place.patient, noon)
            mentors.append(row)
    together = Barrier(2)

    def suggest(mentor):
        try:
            with tenancy.within(stored_organisation.pk):
                together.wait(10)
                introduce(mentor, student, ruth, noon)
        except PermissionDenied:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(suggest, mentors)) == [False, True]
    with tenancy.within(stored_organisation.pk):
        assert Introduction.objects.count() == 1
