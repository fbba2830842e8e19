"""The pages of the strand: owner, colleague, stranger; what each of them shows, and what no page asks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hearth.admission.testing import make_episode
from hearth.audit.models import Event
from hearth.sessions.models import GroupNote
from hearth.trauma import services
from hearth.trauma.models import Choice, NextDayCheck, Processing, Readiness, Training
from hearth.trauma.testing import agree_and_sign, make_individual_session, make_training, offer_and_choose
from hearth.trauma.texts import choice_text, lines_for

TEXT = choice_text("en").digest


@pytest.fixture
def at_now(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def training(dana, walt, now):
    return make_training(dana, seen_by=walt, at=now - timedelta(days=90))


@pytest.fixture
def hour(at_now, maya, dana, training, now):
    """Maya, ready, in an individual session with Dana that runs now."""
    make_episode(maya, by=dana, at=now)
    offer_and_choose(maya, by=dana, at=now - timedelta(days=7))
    agree_and_sign(maya, by=dana, at=now - timedelta(days=6))
    return make_individual_session(dana, maya, starts_at=now - timedelta(minutes=20))


@pytest.fixture
def begun(hour, training, dana, now):
    return services.begin(session_id=hour.pk, training_pk=training.pk, before=6, by=dana, at=now)


def url(name, *args):
    return reverse(f"trauma:{name}", args=[getattr(each, "pk", each) for each in args])


def test_the_care_team_sees_the_strand_and_nobody_else_does(hour, maya, as_user, dana, theo, ruth, ines, priya, jonah):
    for reader in (dana, ruth):
        page = as_user(reader).get(url("of-patient", maya))
        assert "Working through painful events" in page.text
        assert "My hand flat on the table" in page.text
    assert Event.objects.filter(verb="trauma.read", actor_id=dana.pk).exists()
    for stranger in (theo, ines, priya, jonah.user, maya.user):
        assert as_user(stranger).get(url("of-patient", maya)).status_code == 403


def test_who_is_signed_out_is_led_to_the_sign_in(client, organisation, maya):
    for page in (url("of-patient", maya), url("mine")):
        assert client.get(page).status_code == 302


def test_a_counselor_puts_the_choice_on_the_screen_of_a_student_who_then_chooses(at_now, maya, as_user, dana):
    assert as_user(maya.user).get(url("mine")).status_code == 403
    assert "choice that is yours" not in as_user(maya.user).get("/today/").text
    as_user(dana).post(url("of-patient", maya), {"step": "offer"})
    own = as_user(maya.user)
    assert "A choice that is yours" in own.get("/today/").text
    page = own.get(url("mine"))
    assert "This is whole care, not half of it." in page.text
    own.post(url("mine"), {"step": "choose", "what": "steady", "text": TEXT})
    assert "A choice that is yours" not in own.get("/today/").text
    assert url("mine") in own.get("/today/").text
    assert Choice.objects.get().what == "steady"
    assert "the strand stays closed until they choose otherwise" in as_user(dana).get(url("of-patient", maya)).text


def test_the_choice_is_read_in_spanish(at_now, maya, as_user, dana, now):
    services.offer_choice(patient_pk=maya.pk, by=dana, at=now)
    page = as_user(maya.user).get(url("mine"), headers={"accept-language": "es"})
    assert "Es una atención completa, no la mitad." in page.text


def test_an_unknown_choice_and_an_older_text_choose_nothing(at_now, maya, as_user, dana, now):
    services.offer_choice(patient_pk=maya.pk, by=dana, at=now)
    own = as_user(maya.user)
    assert own.post(url("mine"), {"step": "choose", "what": "all", "text": TEXT}).status_code == 400
    page = own.post(url("mine"), {"step": "choose", "what": "work", "text": "2019"}, follow=True)
    assert "The text has changed." in page.text
    assert not Choice.objects.exists()


def test_a_checklist_with_something_left_out_keeps_what_was_typed(at_now, maya, as_user, dana, now):
    services.offer_choice(patient_pk=maya.pk, by=dana, at=now)
    sent = {f"holds_{line.id}": "yes" for line in lines_for(is_minor=False)} | {"begins": "yes"}
    sent |= {"holds_steady": "not_yet", "said_steady": "Four hours a night"}
    page = as_user(dana).post(url("readiness", maya), sent)
    assert page.status_code == 422
    assert "Write why you begin although not every line holds." in page.text
    assert "Four hours a night" in page.text
    assert not Readiness.objects.exists()
    page = as_user(dana).post(url("readiness", maya), sent | {"words": "We begin gently."}, follow=True)
    assert "signed by Dana Kim, LPC" in page.text
    assert "Four hours a night" in page.text


def test_begin_and_end_in_one_session_with_the_signal_large_on_both_screens(hour, training, maya, as_user, dana):
    page = as_user(dana).get(url("session", hour))
    assert "My hand flat on the table" in page.text
    assert "Written exposure therapy" in page.text
    assert "Prolonged exposure" not in page.text
    as_user(dana).post(url("session", hour), {"training": training.pk, "before": "7"})
    own = as_user(maya.user)
    assert "My hand flat on the table" in own.get("/today/").text
    assert "My hand flat on the table" in own.get(url("beside-my-session", hour)).text
    own.post(url("my-session", hour), {"when": "after", "number": "8"})
    page = as_user(dana).get(url("session", hour))
    renewed = page.text.partition('id="strand-now"')[2].partition('<div class="split">')[0]
    assert "Distress after, their own tap: <b>8</b>" in " ".join(renewed.split())
    assert "Distress is higher than before." in page.text
    sent = {"before": "7", "ending": "not_yet", "ended_words": "", "named": dana.pk}
    refused = as_user(dana).post(url("session", hour), sent)
    assert refused.status_code == 422
    assert "Write what was arranged" in refused.text
    as_user(dana).post(url("session", hour), sent | {"ended_words": "Her sister picks her up."})
    row = Processing.objects.get()
    assert (row.before, row.after, row.ended_words) == (7, 8, "Her sister picks her up.")


def test_steadying_only_takes_the_form_away_at_once(hour, maya, training, as_user, dana):
    assert 'name="training"' in as_user(dana).get(url("session", hour)).text
    as_user(maya.user).post(url("mine"), {"step": "choose", "what": "steady", "text": TEXT})
    page = as_user(dana).get(url("session", hour))
    assert 'name="training"' not in page.text
    assert "Steadying goes on, and that is whole care." in page.text
    as_user(dana).post(url("session", hour), {"training": training.pk, "before": "7"})
    assert not Processing.objects.exists()


def test_once_the_note_is_signed_the_page_shows_and_takes_nothing(begun, hour, as_user, dana, now):
    GroupNote.objects.create(session=hour, saved_at=now, signed_by=dana, signed_at=now)
    page = as_user(dana).get(url("session", hour))
    assert "Locked with the note" in page.text
    assert 'name="ending"' not in page.text


def test_a_choice_made_in_the_middle_leaves_only_the_ending(begun, hour, maya, as_user, dana):
    as_user(maya.user).post(url("mine"), {"step": "choose", "what": "not_now", "text": TEXT})
    page = as_user(dana).get(url("session", hour))
    assert "They have chosen otherwise" in page.text
    assert 'name="ending"' in page.text


def test_the_page_of_a_session_is_closed_to_others(begun, hour, as_user, theo, jonah, maya, ruth):
    for stranger in (theo, jonah.user, maya.user):
        assert as_user(stranger).get(url("session", hour)).status_code == 403
    page = as_user(ruth).get(url("session", hour))
    assert "Written exposure therapy" in page.text
    assert 'name="ending"' not in page.text
    assert as_user(theo).get(url("beside-session", hour)).content == b""
    assert as_user(jonah.user).get(url("my-session", hour)).status_code == 403
    assert as_user(jonah.user).get(url("beside-my-session", hour)).status_code == 403


def test_the_signal_stands_beside_the_session_from_its_start_and_only_for_who_chose_this(hour, maya, as_user):
    own = as_user(maya.user)
    page = own.get(url("beside-my-session", hour), {"in": "video"})
    assert "My hand flat on the table" in page.text
    assert url("my-session", hour) not in page.text
    own.post(url("mine"), {"step": "choose", "what": "steady", "text": TEXT})
    assert own.get(url("beside-my-session", hour)).content == b""


def test_a_session_of_somebody_to_whom_nothing_was_offered_shows_nothing_of_it(at_now, jonah, dana, as_user, now):
    session = make_individual_session(dana, jonah, starts_at=now)
    assert as_user(dana).get(url("beside-session", session)).content == b""


def test_what_is_not_a_number_is_refused(begun, hour, maya, as_user):
    for number in ("11", "-1", "much", ""):
        assert as_user(maya.user).post(url("my-session", hour), {"when": "after", "number": number}).status_code == 400


def test_no_form_of_the_strand_asks_what_happened(hour, begun, maya, as_user, dana):
    page = as_user(dana).get(url("session", hour))
    assert "Never what happened to them" in page.text
    assert page.text.count("<textarea") == 1


# --- the day after ------------------------------------------------------------------------------------------


@pytest.fixture
def morning(begun, time_machine):
    check = NextDayCheck.objects.get()
    time_machine.move_to(check.opens_at + timedelta(hours=1), tick=False)
    return check


def test_who_is_not_safe_sees_help_at_once(morning, maya, as_user):
    own = as_user(maya.user)
    assert url("my-check", morning) in own.get("/today/").text
    assert own.post(url("my-check", morning), {"night": "bad"}).status_code == 422
    sent = {"night": "bad", "distress": "9", "safe": "no", "wants_call": "yes"}
    page = own.post(url("my-check", morning), sent, follow=True)
    assert "You do not have to carry this alone." in page.text
    assert "988" in page.text
    assert url("my-check", morning) not in own.get("/today/").text


def test_who_wants_a_call_reads_that_the_team_knows_and_the_named_one_has_it_on_today(
    morning, maya, as_user, dana, theo
):
    sent = {"night": "broken", "distress": "4", "safe": "yes", "wants_call": "yes"}
    page = as_user(maya.user).post(url("my-check", morning), sent, follow=True)
    assert "Your care team was told just now." in page.text
    page = as_user(dana).get("/today/")
    assert "The day after: call them" in page.text
    assert "asks for a call" in page.text
    assert "The day after: call them" not in as_user(theo).get("/today/").text
    assert as_user(dana).post(url("check", morning), {"words": ""}).status_code == 422
    as_user(dana).post(url("check", morning), {"words": "Called; better by noon."})
    assert "The day after: call them" not in as_user(dana).get("/today/").text


def test_no_answer_stands_on_today_of_the_named_person(morning, as_user, dana, theo, jonah, maya, time_machine):
    time_machine.move_to(morning.answer_by, tick=False)
    assert "no answer by" in as_user(dana).get("/today/").text
    assert "No answer by" in as_user(dana).get(url("check", morning)).text
    for stranger in (theo, jonah.user, maya.user):
        assert as_user(stranger).get(url("check", morning)).status_code == 403
    assert as_user(jonah.user).get(url("my-check", morning)).status_code == 403


# --- training -----------------------------------------------------------------------------------------------


def test_those_who_lead_keep_trainings_on_file(at_now, dana, walt, ruth, as_user):
    sent = {"method": "emdr", "trained_where": "Denver", "trained_on": "2025-02-01", "seen": "on"}
    page = as_user(walt)
    assert url("trainings", dana) in page.get(reverse("people:staff-member", args=[dana.pk])).text
    refused = page.post(url("trainings", dana), sent | {"trained_on": "2031-01-01", "seen": ""})
    assert refused.status_code == 422
    assert "This day is still to come." in refused.text
    page.post(url("trainings", dana), sent)
    assert "proof seen by Walt Jensen" in page.get(url("trainings", dana)).text
    again = page.post(url("trainings", dana), sent)
    assert "on file already" in again.text
    page.post(url("trainings", dana), {"strike": Training.objects.get().pk})
    assert not Training.objects.on_file().exists()
    assert "Somebody else looks at the proof of yours." in page.get(url("trainings", walt)).text
    for stranger in (dana, ruth):
        assert as_user(stranger).get(url("trainings", dana)).status_code == 403


def test_many_sessions_ask_the_database_as_often_as_few(begun, hour, maya, dana, as_user, count_queries, training, now):
    def look():
        return count_queries(as_user(dana), url("of-patient", maya))

    few = look()
    for days in (1, 2, 3):
        other = make_individual_session(dana, maya, starts_at=now - timedelta(days=days))
        services.begin(session_id=other.pk, training_pk=training.pk, before=5, by=dana, at=now)
    assert look() == few


def test_a_list_of_the_day_after_asks_as_often_for_many_as_for_one(
    begun, maya, dana, as_user, count_queries, training, now, time_machine
):
    sessions = [make_individual_session(dana, maya, starts_at=now - timedelta(days=days)) for days in (1, 2)]
    time_machine.move_to(NextDayCheck.objects.get().answer_by + timedelta(hours=1), tick=False)
    one = count_queries(as_user(dana), "/today/")
    for session in sessions:
        services.begin(session_id=session.pk, training_pk=training.pk, before=5, by=dana, at=now)
    assert count_queries(as_user(dana), "/today/") == one
