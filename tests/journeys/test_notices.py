"""A phone shows that something waits, without a word of what, for as long as its person lets it."""

from datetime import time

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.lib import tenancy
from hearth.outbox import queries, services
from hearth.outbox.models import Message
from hearth.outbox.tasks import deliver
from hearth.outbox.testing import sms_gateway
from tests.journeys.people import PHONE, Person
from tests.journeys.test_own_tools import comes_true

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

SUBSCRIBE = """(endpoint) => {
  PushManager.prototype.subscribe = async () => ({ endpoint });
  Notification.requestPermission = async () => "granted";
}"""  # the browser's own part: the one of the tests has no push service, and shows no notices
PUSH = """() => new Promise((done) => {
  ServiceWorkerRegistration.prototype.showNotification = async (title, { body }) => done([[title, body]]);
  self.dispatchEvent(new PushEvent("push"));
})"""


@pytest.fixture
def sam(stored_organisation):
    with tenancy.within(stored_organisation.pk):
        return make_user("Sam Ortiz", Role.STUDENT, organisation=stored_organisation)


def test_a_phone_is_allowed_shown_it_and_left_alone_after_signing_out(browser: Browser, base_url: str, sam, settings):
    settings.PUSH_SERVICES = ("127.0.0.1",)
    phone = Person(browser, base_url, screen=PHONE, keeps=True).comes_as(sam)
    phone.context.grant_permissions(["notifications"], origin=base_url)
    phone.opens("/me/notices/")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    with sms_gateway() as server:
        phone.page.evaluate(SUBSCRIBE, server.endpoint)
        phone.presses("Show it on this device")
        phone.sees("You are shown it here")
        with tenancy.within(sam.organisation_id):
            services.keep_quiet(person=sam.pk, start=time(1), end=time(1), zone="UTC")
            whom = {"mail": None, "phone": None, "account": sam.pk}
            services.post_to(**whom, subject="A", body="B", key="one", about=sam.pk, at=timezone.now())
            message = Message.objects.get()
        deliver(message_id=str(message.pk), organisation_id=str(sam.organisation_id))
        assert len(server.posted) == 1

    (worker,) = phone.context.service_workers
    assert worker.evaluate(PUSH) == [["Hearth", "Something waits for you"]]

    phone.opens("/me/phone/")
    phone.page.get_by_label("Daybook").check()
    phone.presses("Keep Name and icon")
    phone.sees("Kept.")
    comes_true(phone, "async () => (await (await caches.match('/notices/name'))?.text()) === 'Daybook'")
    assert worker.evaluate(PUSH) == [["Daybook", "Something waits for you"]]

    phone.opens("/me/")
    phone.leaves_by(phone.page.locator("main").get_by_role("button", name="Sign out"))
    comes_true(phone, "async () => !(await caches.has('hearth-notices'))")
    with tenancy.within(sam.organisation_id):
        assert not queries.push_devices_of(sam.pk).exists()
    phone.goes()
