"""What is in the way of somebody's coming: written down with an owner and a day, handed over, done."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission import barriers
from hearth.admission.barrier_models import Barrier
from hearth.audit.models import Event
from hearth.lib import tenancy


def note(patient, owner, by, at, **changes):
    told = {"kind": "ride", "words": "Bus pass", "owner": owner, "due_on": at.date() + timedelta(days=3)} | changes
    return barriers.note_barrier(patient=patient, told=told, by=by, at=at)


def page(patient):
    return reverse("admission:barriers", args=[patient.pk])


def test_a_barrier_stands_on_the_chart_and_on_its_owners_today_until_something_became_of_it(
    as_user, dana, ines, maya, now
):
    typed = {"kind": "ride", "words": "Bus pass for May", "owner": dana.pk, "due_on": "2030-01-15"}
    assert as_user(ines).post(page(maya), typed).status_code == 302
    row = Barrier.objects.get()
    assert "Bus pass for May" in as_user(dana).get(reverse("web:chart", args=[maya.pk])).text
    assert "A ride or bus pass" in as_user(dana).get(reverse("web:today")).text
    assert "A ride or bus pass" not in as_user(ines).get(reverse("web:today")).text
    done = typed | {"became": "She has it"}
    assert as_user(dana).post(reverse("admission:barrier", args=[row.pk]), done).status_code == 302
    row.refresh_from_db()
    assert (row.done_by, row.became) == (dana, "She has it")
    assert "A ride or bus pass" not in as_user(dana).get(reverse("web:today")).text
    assert "She has it" in as_user(dana).get(page(maya)).text
    deeds = Event.objects.filter(verb__startswith="admission.barrier_").order_by("at")
    assert [event.verb for event in deeds] == ["admission.barrier_noted", "admission.barrier_changed"]


def test_it_is_handed_over_only_to_somebody_who_may_open_the_chart(dana, theo, ines, maya, now):
    row = note(maya, dana, ines, now)
    with pytest.raises(barriers.NotTheirs):
        barriers.change_barrier(row=row, told={"owner": theo}, became="", by=dana, at=now)
    with pytest.raises(barriers.NotTheirs):
        note(maya, theo, ines, now)
    barriers.change_barrier(row=row, told={"owner": ines}, became="", by=dana, at=now)
    assert [one.pk for one in barriers.my_barriers(viewer=ines)] == [row.pk]
    assert not barriers.my_barriers(viewer=dana)


def test_what_was_done_by_mistake_is_open_again_without_its_words(dana, ines, maya, now):
    row = note(maya, dana, ines, now)
    barriers.change_barrier(row=row, told={}, became="Done", by=dana, at=now)
    barriers.change_barrier(row=row, told={}, became="", by=dana, at=now)
    assert [one.pk for one in barriers.my_barriers(viewer=dana)] == [row.pk]


def test_a_director_reads_it_and_neither_colleague_nor_student_nor_stranger(as_user, dana, theo, walt, ines, maya, now):
    row = note(maya, dana, ines, now)
    assert "Bus pass" in as_user(walt).get(page(maya)).text
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with tenancy.within(elsewhere.pk):
        stranger = make_user("Sam Stone", Role.COORDINATOR, organisation=elsewhere)
    for somebody in (theo, maya.user, stranger):
        assert as_user(somebody).get(page(maya)).status_code == 403
        assert as_user(somebody).get(reverse("admission:barrier", args=[row.pk])).status_code == 403
    for somebody in (theo, walt):
        with pytest.raises(PermissionDenied):
            note(maya, dana, somebody, now)


def test_the_page_asks_as_often_however_much_is_in_the_way(as_user, dana, ines, maya, now, count_queries):
    note(maya, dana, ines, now)
    client = as_user(dana)
    before, today = count_queries(client, page(maya)), count_queries(client, reverse("web:today"))
    for kind in ("device", "childcare", "curfew"):
        note(maya, dana, ines, now, kind=kind)
    assert count_queries(client, page(maya)) == before
    assert count_queries(client, reverse("web:today")) == today
