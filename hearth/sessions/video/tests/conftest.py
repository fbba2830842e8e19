from datetime import timedelta
from uuid import uuid4

import pytest

from hearth.people.models import Modality
from hearth.sessions.testing import make_session
from hearth.sessions.video import services


@pytest.fixture
def evening(dana, maya, jonah, now):
    """Dana's group by video, which began ten minutes ago; Maya and Jonah are on its roster."""
    return make_session(dana, maya, jonah, starts_at=now - timedelta(minutes=10), modality=Modality.VIRTUAL)


@pytest.fixture
def comes(evening, now):
    """`comes(dana)` to the door of the evening's room: their place and its connection."""

    def come(user, *, at=now, session=evening):
        connection = uuid4()
        return services.enter(user_id=user.pk, session_id=session.pk, connection=connection, at=at), connection

    return come
