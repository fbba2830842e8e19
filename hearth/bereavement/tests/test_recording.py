"""One action stops everything that is automatic, also what waited to leave, and opens what is to be done."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hearth.accounts import tasks as accounts
from hearth.accounts.models import SignInSecret
from hearth.accounts.roles import Role
from hearth.accounts.sign_in import make_secret, users_reached_by
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission.models import Episode
from hearth.aftercare.models import FollowUp
from hearth.aftercare.queries import aftercare_board
from hearth.aftercare.services import say_follow_up_wish, send_follow_ups
from hearth.bereavement import services
from hearth.bereavement.models import Death, Task
from hearth.lib import tenancy
from hearth.measures import reminding
from hearth.measures.queries import due_by_patient
from hearth.measures.services import follow_rules
from hearth.outbox import services as outbox
from hearth.outbox.models import Message
from hearth.outbox.tasks import deliver
from hearth.people.models import Relationship
from hearth.program.pack import DueRule
from hearth.safety import queries as safety
from hearth.safety import services as concerns
from hearth.safety.tests.test_concerns import raise_one
from hearth.sessions import services as sessions
from hearth.sessions.models import Attendance, MakeUp, Outreach
from hearth.sessions.testing import make_episode, make_section, make_session
from hearth.timetable.models import ChangeOffer, Seat
from hearth.timetable.queries import user_of_feed
from hearth.timetable.services import make_feed

BEGAN = date(2026, 11, 2)


@pytest.fixture
def group(maya, jonah, dana, theo, now):
    """Maya and Jonah sit in Theo's group, which meets in two days; Maya was there last week."""
    maya.user.phone = "+13035550111"
    maya.user.save()
    make_episode(maya, by=dana, starts_on=BEGAN)
    section = make_section(theo, maya, jonah, since=BEGAN)
    make_session(theo, maya, jonah, starts_at=now - timedelta(days=7), section=section)
    make_session(theo, maya, jonah, starts_at=now + timedelta(days=2), section=section)
    return section


@pytest.fixture
def mother(maya, organisation):
    person = make_user("Rosa Reyes", Role.FAMILY, organisation=organisation)
    return Relationship.objects.create(patient=maya, person=person, kind=Relationship.Kind.PARENT).person


def record(patient, by, at, died_on=None):
    death = services.record_death(
        patient=patient, died_on=died_on, told_by="Rosa Reyes, her mother", known_how="She called.", by=by, at=at
    )
    patient.refresh_from_db()
    if patient.user:
        patient.user.refresh_from_db()
    return death


def leaving():
    return Message.objects.filter(withheld_at=None)


def carry_out(message):
    deliver(message_id=str(message.pk), organisation_id=str(message.organisation_id))
    message.refresh_from_db()
    return message


def test_the_stay_ends_and_what_was_to_come_is_let_go_while_the_past_stays(group, maya, jonah, ruth, now):
    record(maya, ruth, now, died_on=now.date() - timedelta(days=1))
    episode = Episode.objects.get(patient=maya)
    assert (episode.end_reason, episode.ended_at) == ("died", now)
    assert [row.session.starts_at < now for row in Attendance.objects.filter(patient=maya)] == [True]
    assert Attendance.objects.filter(patient=jonah).count() == 2
    assert not Seat.objects.filter(patient=maya, during__contains=now.date() + timedelta(days=1)).exists()


def test_tasks_open_for_named_people_and_the_group_is_met_when_it_meets_next(
    group, maya, dana, theo, ruth, walt, priya, now
):
    death = record(maya, walt, now)
    found = {task.kind: (task.owner, task.due_on) for task in Task.objects.filter(death=death).select_related("owner")}
    today = now.astimezone(walt.organisation.zone).date()
    assert found == {
        "team": (ruth, today),
        "family": (dana, today + timedelta(days=1)),
        "staff": (ruth, today + timedelta(days=2)),
        "group": (theo, (now + timedelta(days=2)).astimezone(walt.organisation.zone).date()),
        "record": (priya, today + timedelta(days=7)),
        "review": (walt, today + timedelta(days=14)),
    }
    assert record(maya, ruth, now + timedelta(hours=1)) == death
    assert Task.objects.count() == 6


def test_what_waited_in_the_outbox_never_leaves_not_even_after_a_mistake(maya, jonah, mother, ruth, now, settings):
    settings.DEMO, settings.MAIL_LEAVES = True, False
    words = {"subject": "A note for you", "body": "Please sign in.", "at": now}
    to_her = outbox.post_mail(to="old@address.example", key="a", about=maya.user.pk, **words)
    about_her = outbox.post_mail(to=mother.email, key="b", about=maya.pk, **words)
    by_address = outbox.post_mail(to=maya.user.email, key="c", about=None, **words)
    to_another = outbox.post_mail(to=jonah.user.email, key="d", about=jonah.user.pk, **words)
    death = record(maya, ruth, now)
    for message in (to_her, about_her, by_address):
        assert carry_out(message).sent_at is None
        assert message.withheld_at == now
    assert carry_out(to_another).sent_at
    services.take_back(death=death, why="Another Maya", by=ruth, at=now + timedelta(hours=1))
    assert carry_out(to_her).sent_at is None
    assert outbox.post_mail(to="old@address.example", key="a", about=maya.user.pk, **words) == to_her
    assert carry_out(outbox.post_mail(to=maya.user.email, key="e", about=maya.user.pk, **words)).sent_at


def test_what_a_deed_posted_at_the_same_moment_is_stopped_when_it_would_leave(maya, ruth, now, settings):
    settings.DEMO, settings.MAIL_LEAVES = True, False
    record(maya, ruth, now)
    late = Message.objects.create(
        organisation_id=tenancy.current(),
        channel="mail",
        to="x@y.example",
        body="…",
        key="z",
        about=maya.pk,
        posted_at=now,
    )
    assert carry_out(late).sent_at is None
    assert late.withheld_at


def test_a_parents_own_phone_on_the_chart_is_not_silenced(maya, mother, ruth, now):
    mother.phone, maya.phone = "+13035550123", "303 555 0123"
    mother.save()
    maya.save()
    record(maya, ruth, now)
    outbox.post_sms(to="+13035550123", body="Your code", key="one", about=mother.pk, at=now)
    assert leaving().count() == 1


def test_what_goes_to_a_sibling_at_the_same_address_is_not_silenced(maya, jonah, ruth, now, settings):
    settings.DEMO, settings.MAIL_LEAVES = True, False
    jonah.email, jonah.phone = maya.user.email, "(303) 555-0123"
    jonah.save()
    maya.email, maya.phone = "Reyes@home.example", "303 555 0123"
    maya.save()
    words = {"subject": "A note for you", "body": "Please sign in.", "at": now}
    waiting = [
        outbox.post_mail(to=maya.user.email, key="a", about=jonah.pk, **words),
        outbox.post_mail(to="Reyes@home.example", key="b", about=jonah.pk, **words),
        outbox.post_sms(to="303 555 0123", key="c", about=None, body="Your code", at=now),
    ]
    only_hers = outbox.post_mail(to="Reyes@home.example", key="d", about=None, **words)
    record(maya, ruth, now)
    later = outbox.post_mail(to=maya.user.email, key="e", about=jonah.pk, **words)
    assert all(carry_out(message).withheld_at is None for message in [*waiting, later])
    assert carry_out(only_hers).withheld_at == now


def test_no_questionnaire_is_due_and_no_reminder_leaves(maya, dana, ruth, now):
    rules = [DueRule("phq-9", True, 7, True, (30,))]
    follow_rules(patient=maya, rules=rules, started_on=now.date(), by=dana, at=now)
    record(maya, ruth, now)
    for days in (0, 7, 30, 365):
        assert due_by_patient([maya], now.date() + timedelta(days=days))[maya.pk] == []
        assert reminding.remind(at=now + timedelta(days=days)) == 0
    assert not leaving().exists()


def test_no_follow_up_goes_out_nor_waits_for_a_call_and_its_old_link_is_closed(maya, dana, ruth, now, client):
    episode = make_episode(maya, by=dana, starts_on=BEGAN)
    episode.ended_at, episode.end_reason = now - timedelta(days=7), "completed"
    episode.save()
    say_follow_up_wish(patient=maya, wants=True, way="mail", address="maya@home.example", by=dana, at=now)
    FollowUp.objects.create(episode=episode, patient=maya, due_on=now.date())
    send_follow_ups(today=now.date(), at=now)
    sent = Message.objects.get()
    link = sent.body.split("/how-are-you/")[1].split("/")[0]
    FollowUp.objects.create(episode=episode, patient=maya, due_on=now.date() + timedelta(days=30))
    record(maya, ruth, now)
    assert send_follow_ups(today=now.date() + timedelta(days=60), at=now + timedelta(days=60)) == 0
    assert not leaving().exists()
    assert aftercare_board(viewer=ruth, at=now + timedelta(days=60)).to_reach == []
    assert client.get(reverse("aftercare:answer", args=[link])).status_code == 404


def test_nobody_says_we_missed_you_and_an_absence_after_the_death_is_excused(group, maya, theo, ruth, now):
    today = make_session(theo, maya, starts_at=now - timedelta(hours=2), section=group)
    yesterday = make_session(theo, maya, starts_at=now - timedelta(days=1), section=group)
    sessions.end(session=yesterday, by=theo, at=yesterday.ends_at)
    sessions.start(session=today, by=theo, at=now - timedelta(hours=1))
    Message.objects.all().delete()
    record(maya, ruth, now, died_on=(now - timedelta(days=2)).date())
    sessions.end(session=today, by=theo, at=now + timedelta(hours=1))
    assert {row.status for row in Attendance.objects.filter(patient=maya, session__in=[today, yesterday])} == {
        "excused"
    }
    assert not leaving().exists()
    assert not Outreach.objects.filter(closed_at=None).exists()


def statuses(patient):
    return [row.status for row in Attendance.objects.filter(patient=patient).order_by("session__starts_at")]


def test_what_a_death_alone_excused_is_an_absence_again_when_it_was_a_mistake(maya, theo, ruth, now):
    held = [make_session(theo, maya, starts_at=now - timedelta(days=days)) for days in (4, 3, 2, 1)]
    held.append(make_session(theo, maya, starts_at=now - timedelta(hours=2)))
    for session in held[:4]:
        sessions.end(session=session, by=theo, at=session.ends_at)
    agreed = Attendance.objects.get(session=held[2])
    sessions.mark(attendance=agreed, status="excused", reason="agreed", by=theo, at=now)
    sessions.start(session=held[4], by=theo, at=now - timedelta(hours=1))
    death = record(maya, ruth, now, died_on=(now - timedelta(days=3)).date())
    sessions.end(session=held[4], by=theo, at=now + timedelta(hours=1))
    assert statuses(maya) == ["absent", *["excused"] * 4]
    told = Attendance.objects.get(session=held[3])
    sessions.mark(attendance=told, status="excused", reason="She was ill", by=theo, at=now + timedelta(hours=1))
    services.take_back(death=death, why="Another Maya", by=ruth, at=now + timedelta(hours=2))
    assert statuses(maya) == ["absent", "absent", "excused", "excused", "absent"]


def test_where_the_day_is_not_known_who_is_missing_from_the_day_it_was_recorded_is_excused(maya, theo, ruth, now):
    held = [make_session(theo, maya, starts_at=now - timedelta(**back)) for back in ({"days": 1}, {"hours": 3})]
    for session in held:
        sessions.start(session=session, by=theo, at=session.starts_at)
    record(maya, ruth, now)
    for session in held:
        sessions.end(session=session, by=theo, at=now)
    assert statuses(maya) == ["absent", "excused"]


def test_what_was_to_be_made_up_and_what_was_offered_is_let_go_of(group, maya, ruth, now):
    missed = Attendance.objects.filter(patient=maya).earliest("session__starts_at")
    facts = {"status": MakeUp.Status.OPEN, "options": [], "looked_at": now, "until": now + timedelta(days=2)}
    MakeUp.objects.create(patient=maya, missed=missed, **facts)
    ChangeOffer.objects.create(
        patient=maya,
        from_section=group,
        weekday=2,
        starts=group.starts,
        from_on=now.date() + timedelta(days=7),
        until=now + timedelta(days=2),
        offered_by=ruth,
        offered_at=now,
    )
    record(maya, ruth, now)
    assert MakeUp.objects.get().status == MakeUp.Status.NOT_NEEDED
    assert ChangeOffer.objects.get().status == "withdrawn"


def test_concerns_ring_nobody_and_no_promised_call_is_due(maya, ruth, now):
    concern = raise_one(maya, now)
    record(maya, ruth, now)
    Message.objects.all().delete()
    later = now + timedelta(hours=3)
    assert concerns.due(at=later) == []
    assert not concerns.escalate_one(pk=concern.pk, at=later)
    assert safety.unanswered(at=later)[0] == 0
    assert not Message.objects.exists()


def test_a_concern_raised_after_the_record_is_heard_for_it_speaks_of_somebody_who_lives(maya, ruth, walt, now):
    record(maya, ruth, now)
    later = now + timedelta(hours=1)
    concern = raise_one(maya, later)
    assert concerns.due(at=later) == [concern.pk]
    assert concerns.escalate_one(pk=concern.pk, at=later)
    assert leaving().exists()
    assert safety.unanswered(at=later + timedelta(hours=3))[0] == 1


def test_nobody_signs_in_as_them_and_their_calendar_is_gone(maya, as_user, ruth, now):
    token = make_feed(user=maya.user, at=now).split("/")[-1].removesuffix(".ics")
    make_secret(user=maya.user, kind=SignInSecret.Kind.LINK, by=None, at=now)
    browser = as_user(maya.user)
    record(maya, ruth, now)
    assert users_reached_by(email=maya.user.email) == []
    accounts.send_link(email=maya.user.email, ask_id="1")
    assert not leaving().exists()
    assert not SignInSecret.objects.filter(user=maya.user, used_at=None).exists()
    assert user_of_feed(token) is None
    assert browser.get(reverse("web:today")).status_code == 302


def test_a_mistake_is_taken_back_with_a_reason_and_the_stay_goes_on(group, maya, ruth, dana, now):
    death = record(maya, ruth, now)
    with pytest.raises(services.WhyMissing):
        services.take_back(death=death, why=" ", by=ruth, at=now)
    with pytest.raises(PermissionDenied):
        services.take_back(death=death, why="It was her aunt", by=dana, at=now)
    services.take_back(death=death, why="It was her aunt", by=ruth, at=now + timedelta(hours=2))
    maya.refresh_from_db()
    maya.user.refresh_from_db()
    assert (maya.has_died, maya.died_on, maya.user.is_active) == (False, None, True)
    assert Episode.objects.active().filter(patient=maya, end_reason="").exists()
    assert Death.objects.get().taken_back_why == "It was her aunt"
    assert record(maya, ruth, now + timedelta(days=1)) != death


def test_only_leads_of_the_same_house_record_a_death(maya, dana, ines, priya, now):
    for person in (dana, ines, priya, maya.user):
        with pytest.raises(PermissionDenied):
            record(maya, person, now)
    elsewhere = make_organisation(name="Elsewhere", slug="elsewhere")
    with pytest.raises(PermissionDenied):
        record(maya, make_user("Noor Aziz", Role.DIRECTOR, organisation=elsewhere), now)
    assert not Death.objects.exists()
