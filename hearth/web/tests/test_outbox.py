from datetime import UTC, datetime

import pytest

from hearth.outbox import services

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def invitation(organisation, settings):
    settings.TRIAL = True
    return services.post_mail(
        to="maya@example.org",
        subject="Welcome",
        body="Come in: http://localhost/in/4711/\n\nDana",
        key="one",
        about=None,
        at=AT,
    )


def test_the_mailbox_lists_what_was_posted_and_links_in_a_message_can_be_followed(client, invitation):
    assert b"Welcome" in client.get("/outbox/").content
    assert b"Welcome" not in client.get("/outbox/?q=jonah").content
    page = client.get(f"/outbox/{invitation.pk}/").content
    assert b'<a href="http://localhost/in/4711/"' in page


def test_outside_the_demo_there_is_no_mailbox(client, invitation, settings):
    settings.TRIAL = False
    assert client.get(f"/outbox/{invitation.pk}/", secure=True).status_code == 404


def test_the_mailbox_asks_the_same_number_of_questions_however_full_it_is(
    client, invitation, django_assert_max_num_queries
):
    for number in range(20):
        services.post_mail(to="x@example.org", subject="Hello", body="…", key=f"more {number}", about=None, at=AT)
    with django_assert_max_num_queries(16):
        client.get("/outbox/")
