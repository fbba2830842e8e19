"""What goes wrong on the way to people: no mail server, no gateway, a worker that dies in the middle of a step."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.lib.testing import line_cut_before
from hearth.outbox.models import Message
from hearth.outbox.sms import Gateway
from hearth.outbox.tasks import NotDelivered, deliver
from hearth.outbox.testing import mail_server, sms_gateway
from hearth.people.models import CareTeamMember
from hearth.people.testing import make_patient
from hearth.safety import queries, services
from hearth.safety.models import ConcernNotice
from hearth.safety.tests.test_concerns import raise_one

LATER = timedelta(minutes=15)


def mailer(port):
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def carry_out(message):
    deliver(message_id=str(message.pk), organisation_id=str(message.organisation_id))


def test_without_mail_server_and_gateway_it_stands_on_every_page_and_goes_on_up_and_is_sent_once_later(
    maya, dana, ruth, now, settings
):
    dana.phone = "+13035550100"
    dana.save()
    settings.MAIL_LEAVES, settings.MAILERS = True, mailer(port=1)
    settings.SMS_GATEWAY = Gateway("http://127.0.0.1:1/", "token")
    raise_one(maya, now)
    for step in range(2):
        for pk in services.due(at=now + step * LATER):
            services.escalate_one(pk=pk, at=now + step * LATER)
    for message in Message.objects.all():
        with pytest.raises(NotDelivered):
            carry_out(message)
    assert list(ConcernNotice.objects.order_by("step").values_list("person__name", flat=True)) == [dana.name, ruth.name]
    assert queries.unanswered(at=now + timedelta(minutes=61)) == (1, False)
    with mail_server() as post, sms_gateway() as gateway:
        settings.MAILERS, settings.SMS_GATEWAY = mailer(post.port), Gateway(gateway.url, "token")
        for _ in range(2):
            for message in Message.objects.all():
                carry_out(message)
        assert (len(post.mails), len(gateway.posted)) == (2, 1)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("dies_before", ['INSERT INTO "outbox_message"', 'INSERT INTO "audit_event"'])
def test_a_worker_that_dies_in_the_middle_of_a_step_told_nobody_and_the_next_tells_each_once(
    stored_organisation, now, dies_before
):
    house = stored_organisation.pk
    with tenancy.within(house):
        dana = make_user("Dana Kim", Role.COUNSELOR, organisation=stored_organisation)
        maya = make_patient("Maya", "Reyes", at=now)
        CareTeamMember.objects.create(patient=maya, member=dana, role=Role.COUNSELOR, is_primary=True, since=now.date())
        concern = raise_one(maya, now)
    with pytest.raises(DatabaseError), line_cut_before(dies_before), tenancy.within(house):
        services.escalate_one(pk=concern.pk, at=now)
    with tenancy.within(house):
        assert not Message.objects.exists()
        assert not ConcernNotice.objects.exists()
    for _ in range(2):
        with tenancy.within(house):
            for pk in services.due(at=now):
                services.escalate_one(pk=pk, at=now)
    with tenancy.within(house):
        assert Message.objects.get().to == dana.email
        assert ConcernNotice.objects.count() == 1
