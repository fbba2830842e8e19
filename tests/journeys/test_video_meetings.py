"""Two meetings from the waiting room to the signed note: a hybrid group of eight, and a family in two time zones."""

import re
from datetime import timedelta

from django.db.models import F
from playwright.sync_api import expect

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.consent.testing import make_release
from hearth.lib import tenancy
from hearth.people.models import Modality, Relationship
from hearth.people.testing import make_patient
from hearth.sessions.models import Presence, ProgressNote, QuietWord
from hearth.sessions.testing import make_room, make_session, say_where
from hearth.timetable.models import Kind
from tests.journeys.people import PHONE, Person
from tests.journeys.video_group import by_video, group

__all__ = ["group"]

pytestmark = by_video

ON_SITE = (("Amara", "Okoye"), ("Ben", "Castillo"), ("Chloe", "Duran"), ("Dev", "Patel"))
BY_VIDEO = ["Maya", "Jonah", "Luis", "Noor"]


def half_an_hour_passes(found):
    """Everyone's presence began as much earlier; nobody waits for it."""
    with tenancy.within(found.organisation.pk):
        Presence.objects.filter(ended_at=None).update(began_at=F("began_at") - timedelta(minutes=30))


def make_hybrid(found):
    """Eight with a seat in the Lounge: four come there, and four take part by video today and said where they are."""
    with tenancy.within(found.organisation.pk):
        found.students.append(make_patient("Noor", "Haddad", at=found.at))
        there = [make_patient(*names, at=found.at) for names in ON_SITE]
        found.session = make_session(
            found.dana,
            *found.students,
            *there,
            starts_at=found.at - timedelta(minutes=40),
            modality=Modality.EITHER,
            room=make_room(),
            topic="Early signs",
        )
        found.session.roster.update(modality=Modality.IN_PERSON)
        say_where(found.session, *found.students, at=found.at)
    return there


def comes_on_site(found, patient, desk) -> Person:
    """With a phone of their own, and the code that stands in the room."""
    desk.opens(f"/sessions/{found.session.pk}/code/")
    phone: Person = found.member(patient.user, screen=PHONE)
    phone.opens(f"/my/sessions/{found.session.pk}/")
    phone.writes("Code in the room", desk.page.locator(".figures").inner_text())
    phone.presses("I'm here")
    return phone


def says(person, word, number) -> None:
    form = person.page.locator("#shown form")
    form.locator("label").filter(has_text=re.compile(rf"^\s*{word}\s*$")).click()
    form.locator("fieldset.moods label").filter(has_text=re.compile(rf"^\s*{number}\s*$")).click()
    form.get_by_role("button", name="Say it").click()
    expect(form.get_by_role("button", name="Change it")).to_be_visible()


def signs(dana, names) -> None:
    dana.page.get_by_label("What was done", exact=True).fill("Early signs were gathered, each their own.")
    dana.chooses("Interventions", "psychoeducation")
    dana.page.get_by_label("What comes next").fill("Each tells one person of one early sign.")
    for row in dana.page.locator("[data-line]").all():
        row.locator("textarea").first.fill(f"{row.locator('textarea').first.input_value()} Named an early sign.")
        row.locator(".pips label").nth(3).click()
        row.locator("select[name$='-risk']").select_option(label="No risk seen or said")
    dana.presses(f"Sign {names} notes")
    dana.sees("signed and locked", "Notes of this session")


def test_a_hybrid_group_from_the_waiting_room_to_eight_signed_notes(group):
    there = make_hybrid(group)
    desk = group.member(group.dana)
    amara = comes_on_site(group, there[0], desk)
    desk.opens(f"/sessions/{group.session.pk}/")
    for each in there[1:]:
        desk.taps(f"Present {each.short_name}")
        expect(desk.page.get_by_role("button", name=f"Left, now {each.short_name}")).to_be_visible()

    members = [group.student(number) for number in range(4)]
    maya, jonah, luis = members[:3]
    jonah.is_at("waiting")
    dana = group.leader()
    dana.taps("Let everyone in")
    for member in members:
        member.is_in()
    dana.sees_moving(*BY_VIDEO)
    jonah.sees_moving("Dana Kim", "Maya", "Luis", "Noor")

    dana.page.get_by_text("Show to everyone").click()
    dana.taps("Check-in round")
    says(maya, "tired", 4)
    says(amara, "hopeful", 7)
    dana.sees("2 answers")
    expect(dana.page.locator("#shown")).not_to_contain_text("How many said each number")
    says(luis, "calm", 5)
    dana.sees("3 answers", "How many said each number")
    expect(jonah.page.locator("#shown .group-picture")).to_contain_text("hopeful")
    expect(jonah.page.locator("#shown")).not_to_contain_text("Amara")
    dana.looks()
    dana.taps("Put away")

    maya.taps("A word with staff")
    maya.taps("I need a word with staff")
    maya.sees("Somebody comes to you alone")
    expect(dana.page.locator("#quiet-words")).to_contain_text("would like a word with staff")
    dana.page.locator("#quiet-words").get_by_role("button", name="Talk alone").click()
    maya.sees("You are in a room of your own with staff.")
    maya.sees_moving("Dana Kim")
    jonah.is_at("paused")
    dana.looks()
    dana.taps("Everyone here back to the group")
    jonah.is_in()
    jonah.sees_moving("Dana Kim", "Maya")
    dana.page.locator("#quiet-words").get_by_role("button", name="Settled").click()
    expect(dana.page.locator("#quiet-words")).not_to_contain_text("would like a word")

    half_an_hour_passes(group)
    dana.ends_it()
    for member in members:
        member.is_at("ended")
    desk.opens(f"/sessions/{group.session.pk}/")
    desk.presses("End and write the note")
    signs(desk, 8)
    with tenancy.within(group.organisation.pk):
        notes = {note.patient.chosen_name: note for note in ProgressNote.objects.filter(session=group.session)}
        assert len(notes) == 8
        assert "“tired”, 4 of 10" in str(notes["Maya"].body)
        assert "14 Elm Street" in str(notes["Maya"].body)
        assert "14 Elm Street" not in str(notes["Amara"].body)
        assert QuietWord.objects.get().settled_by == group.dana
        on_site = [name for name, _family in ON_SITE]
        assert {name: notes[name].body["modality"] for name in notes} == {
            **dict.fromkeys(BY_VIDEO, "virtual"),
            **dict.fromkeys(on_site, "in_person"),
        }
        assert {notes[name].body["identity"] for name in BY_VIDEO} == {"signed_in"}
        assert not [name for name in on_site if "identity" in notes[name].body]
        for name, note in notes.items():
            assert not [other for other in set(notes) - {name} if other in str(note.body)]


def test_a_family_session_across_two_time_zones(group):
    with tenancy.within(group.organisation.pk):
        pia = make_user("Pia Reyes", Role.FAMILY, organisation=group.organisation, time_zone="America/New_York")
        Relationship.objects.create(patient=group.students[0], person=pia, kind="parent", may_see_schedule=True)
        make_release(group.students[0], pia.name, at=group.at - timedelta(days=9))
        group.session = make_session(
            group.dana,
            group.students[0],
            starts_at=group.at - timedelta(minutes=20),
            ends_at=group.at + timedelta(minutes=40),
            modality=Modality.VIRTUAL,
            kind=Kind.FAMILY,
            name="Family hour",
        )
        say_where(group.session, group.students[0], at=group.at)
    hers = group.session.starts_at.astimezone(pia.zone)
    mother = group.member(pia, screen=PHONE)
    mother.opens("/today/")
    mother.sees(f"{hers:%H:%M}", "America/New York")
    mother.context.grant_permissions(["camera", "microphone"])
    mother.follows("Join the video room")
    mother.sees("America/New York")
    mother.taps("Come in with camera")
    mother.is_at("waiting")
    maya = group.student(0)
    dana = group.leader()
    dana.taps("Let everyone in")
    dana.sees_moving("Maya", "Pia Reyes")
    mother.sees_moving("Dana Kim", "Maya")
    maya.sees_moving("Dana Kim", "Pia Reyes")
    half_an_hour_passes(group)
    dana.ends_it()
    mother.is_at("ended")
    dana.opens(f"/sessions/{group.session.pk}/")
    dana.presses("End and write the note")
    dana.chooses("Interventions", "family work")
    dana.page.get_by_label("What comes next").fill("They eat together twice.")
    row = dana.page.locator("[data-line]")
    row.locator("textarea").first.fill("Spoke of the evenings at home, and was heard.")
    row.locator(".pips label").nth(3).click()
    row.locator("select[name$='-risk']").select_option(label="No risk seen or said")
    dana.presses("Sign 1 note")
    dana.sees("signed and locked")
    with tenancy.within(group.organisation.pk):
        assert ProgressNote.objects.get(session=group.session).patient == group.students[0]
