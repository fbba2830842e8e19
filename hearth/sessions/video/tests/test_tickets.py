"""A ticket opens the door of one room, to one person, once, within a minute."""

from datetime import timedelta
from uuid import uuid4

import pytest

from hearth.lib import tenancy
from hearth.sessions.models import SpentTicket
from hearth.sessions.video import tickets
from hearth.sessions.video.tickets import BadTicket, Ticket

SESSION = uuid4()


@pytest.fixture
def ticket(dana, now):
    return tickets.make(user=dana, session_id=SESSION, at=now)


def test_it_says_whose_and_for_which_session_it_is(ticket, dana, now):
    assert tickets.spend(ticket, at=now) == Ticket(dana.organisation_id, SESSION, dana.pk)


def test_it_is_spent_once(ticket, now):
    tickets.spend(ticket, at=now)
    with pytest.raises(BadTicket, match="used"):
        tickets.spend(ticket, at=now)


def test_it_lives_for_a_minute(ticket, now):
    with pytest.raises(BadTicket, match="old"):
        tickets.spend(ticket, at=now + timedelta(seconds=61))


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1] + "x", lambda text: text.replace(str(SESSION), str(uuid4()))]
)
def test_a_forged_one_opens_nothing(ticket, now, change):
    with pytest.raises(BadTicket, match="forged"):
        tickets.spend(change(ticket), at=now)
    with pytest.raises(BadTicket, match="forged"):
        tickets.spend("", at=now)


def test_spent_ones_are_forgotten_when_they_have_long_been_worth_nothing(organisation, ticket, dana, now):
    tickets.spend(ticket, at=now)
    later = now + timedelta(hours=2)
    tickets.spend(tickets.make(user=dana, session_id=SESSION, at=later), at=later)
    with tenancy.within(organisation.pk):
        assert SpentTicket.objects.count() == 1
