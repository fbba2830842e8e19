"""The middle of the way: a session and its notes, measures, practice, everybody's day, fourteen weeks."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import recurring_ical_events
from icalendar import Calendar
from playwright.sync_api import expect

from hearth.consent.testing import make_release
from hearth.lib import tenancy
from hearth.notebook.models import Entry
from hearth.sessions import services
from hearth.sessions.models import Attendance, ProgressNote, Session
from hearth.timetable.models import Kind
from tests.journeys.house import DENVER, FIRST_MONDAY, House, denver, maya_of
from tests.journeys.people import PHONE, Person

CLOCKS_CHANGE = date(2026, 11, 1)
LAST_DAY = FIRST_MONDAY + timedelta(weeks=14)
MAIL = "maya@example.org"
PASSPHRASE = "the green kite over Pueblo"


def sessions_of_hers(house: House) -> list[Session]:
    with house.inside():
        return list(Session.objects.filter(roster__patient=maya_of(house)).order_by("starts_at"))


def her_sessions_stand_for_the_whole_length(house: House) -> None:
    """4. Fourteen weeks of sessions, at the same time of day before and after the clocks change."""
    hers = sessions_of_hers(house)
    local = [one.starts_at.astimezone(DENVER) for one in hers]
    assert local[0].date() >= FIRST_MONDAY
    assert local[-1].date() >= LAST_DAY - timedelta(days=7)
    assert {one.utcoffset() for one in local if one.date() < CLOCKS_CHANGE} == {timedelta(hours=-6)}
    assert {one.utcoffset() for one in local if one.date() > CLOCKS_CHANGE} == {timedelta(hours=-7)}
    for section in {one.section_id for one in hers}:
        times = [one.starts_at.astimezone(DENVER) for one in hers if one.section_id == section]
        assert len({(one.weekday(), one.time()) for one in times}) == 1
        assert all(after.date() - before.date() == timedelta(weeks=1) for before, after in pairwise(times))
    weeks = [one.isocalendar().week for one in local]
    assert len(set(weeks)) == 14
    assert {weeks.count(week) for week in weeks} == {5}  # three groups, skills, one-to-one


def her_calendar_shows_them(house: House) -> None:
    """4. The address she subscribes to is read as a calendar program reads it, and says no more than when."""
    her = house.person(maya_of(house).user, screen=PHONE)
    her.opens(f"/my/week/?week={FIRST_MONDAY}")
    her.sees("10 h together this week.")
    her.presses("Add to my calendar")
    address = her.page.get_by_label("Your private calendar address").input_value()
    her.goes()
    anyone = house.person()
    text = anyone.page.request.get(address).text()
    anyone.goes()
    calendar = Calendar.from_ical(text)
    shown = recurring_ical_events.of(calendar).between(FIRST_MONDAY, LAST_DAY + timedelta(weeks=8))
    assert sorted(one["DTSTART"].dt for one in shown) == [one.starts_at for one in sessions_of_hers(house)]
    assert {str(one["SUMMARY"]) for one in shown} == {"Appointment"}
    for word in ("Maya", "Dana", "therapy", "group", "Hearthside"):
        assert word not in text


def a_session_is_run(house: House) -> None:
    """5. Her own tap, the staff's taps, one group note, and a progress note for each who was there."""
    with house.inside():
        held = Session.objects.filter(roster__patient=maya_of(house), kind=Kind.GROUP).earliest("starts_at")
    house.it_is(held.starts_at - timedelta(minutes=10))
    she_says_she_is_here(house, held)
    dana = house.person(house.dana)
    dana.opens("/today/")
    dana.follows(f"Open room {held.name}")
    dana.sees(how_she_is_known_to_be_here(house, held))
    dana.presses("Start")
    dana.taps("Present Luis R.")
    expect(dana.page.get_by_role("button", name="Left, now Luis R.")).to_be_visible()
    before = f"{(held.starts_at - timedelta(minutes=10)).astimezone(DENVER):%H:%M}"
    expect(dana.page.get_by_role("row").filter(has_text="Luis R.")).to_contain_text(before)
    house.it_is(held.starts_at + timedelta(minutes=20))
    dana.opens(f"/sessions/{held.pk}/")  # her browser's clock did not move with the house's: opened anew, it sees so
    dana.sees("Also works without a connection.")
    dana.taps("Late, now Jonah P.")
    dana.sees("late 20")
    house.it_is(held.ends_at)
    dana.comes_as(house.dana)  # two hours without a touch: she was signed off meanwhile
    dana.opens(f"/sessions/{held.pk}/")
    dana.presses("End and write the note")
    the_note_is_written(dana)
    what_was_signed_is_each_ones_own(house, held, dana)


def how_she_is_known_to_be_here(house: House, held: Session) -> str:
    with house.inside():
        source = held.roster.get(patient=maya_of(house)).source
    return {"own": "own tap", "site": "code in the room"}[source]


def she_says_she_is_here(house: House, held: Session) -> None:
    her = house.person(maya_of(house).user, screen=PHONE)
    her.opens("/today/")
    her.leaves_by(her.page.locator(".card.lead").get_by_role("link"))
    her.chooses("How are you right now?", "4")
    if her.page.get_by_label("Where are you right now?").count():
        her.writes("Where are you right now?", "12 Pearl Street, Denver")
    in_the_room = her.page.get_by_label("Code in the room")
    if in_the_room.count():
        tablet = house.person(house.dana)
        tablet.opens(f"/sessions/{held.pk}/code/")
        in_the_room.fill(tablet.page.locator(".figures").inner_text())
        tablet.goes()
    her.presses("I'm here")
    her.sees("You are here since")
    her.goes()


def the_note_is_written(dana: Person) -> None:
    dana.page.get_by_label("What was done", exact=True).fill("How a week is planned so that the evenings hold.")
    dana.chooses("Interventions", "psychoeducation")
    dana.page.get_by_label("What comes next").fill("Each plans two evenings and tries them.")
    for name, words in (
        ("Maya R.", "Spoke for the first time. Jonah encouraged it."),
        ("Jonah P.", "Came late from work, then told of his shifts."),
        ("Luis R.", "Planned his weekend."),
    ):
        row = dana.page.locator("[data-line]").filter(has=dana.page.get_by_role("link", name=name))
        row.get_by_role("textbox", name=f"In their note, {name}").fill(words)
        dana.chooses(f"Took part, 1 to 5, {name}", "4")
        row.locator("select[name$='-risk']").select_option(label="No risk seen or said")
        goal = row.locator("select[name$='-goal']")
        if goal.locator("option").count() > 1:
            goal.select_option(index=1)
            row.locator("select[name$='-progress']").select_option(label="As before")
        where = row.locator("input[name$='-location']")
        if where.count() and not where.input_value():
            where.fill("At home, Denver")
    dana.presses("Sign 3 notes")
    dana.sees("Not signed: a note names another member.", "names Jonah")
    line = dana.page.get_by_role("textbox", name="In their note, Maya R.")
    line.fill("Spoke for the first time, about the nights.")
    dana.presses("Sign 3 notes")
    dana.sees("signed and locked", "Notes of this session")


def what_was_signed_is_each_ones_own(house: House, held: Session, dana: Person) -> None:
    with house.inside():
        notes = {note.patient.chosen_name: note for note in ProgressNote.objects.filter(session=held)}
        assert set(notes) == {"Maya", "Jonah", "Luis"}
        for name, note in notes.items():
            said = str(note.body)
            assert not [other for other in set(notes) - {name} if other in said]
        assert notes["Jonah"].body["attendance"] == "late"
    dana.follows("Maya R.")
    dana.sees("signed and locked", "about the nights", "Unchanged since.")
    dana.sees_nothing_of("Jonah", "Luis", "Park", "Romero")
    dana.writes("Add to this note", "She called her sister afterwards.")
    dana.presses("Add")
    dana.sees("Added to the note.", "She called her sister afterwards.")
    assert dana.page.locator("main textarea").count() == 1  # to add; the note itself is closed
    dana.goes()


def her_mood_is_asked(house: House) -> None:
    """6. Measures are due by rule. What says that she may not be safe shows help at once, and waits for a person."""
    house.it_is(denver(FIRST_MONDAY + timedelta(days=4), "12:10"))
    her = house.person(maya_of(house).user, screen=PHONE)
    her.opens("/today/")
    her.sees("How have you been?", "PHQ-9")
    her.opens("/my/check-ins/")
    her.follows("Begin Your mood")
    answers(her, (2, 2, 2, 2, 1, 1, 1, 0, 1))
    first = her.page.locator("main").locator("section, h1").first
    expect(first).to_contain_text("You told us something important. Thank you.")
    her.sees("Call 988", "PHQ-9: 12 of 27")
    her.opens("/my/check-ins/")
    her.follows("Begin Worry and tension")
    answers(her, (1, 2, 1, 1, 0, 1, 1))
    her.sees("GAD-7: 7 of 21")
    her.goes()
    her_concern_is_dealt_with(house)


def answers(her: Person, chosen: tuple[int, ...]) -> None:
    """One question after another, a tap each."""
    for number, value in enumerate(chosen):
        her.page.locator("[data-question]").nth(number).locator("label.choice").nth(value).click()
    her.presses("Send my answers")


def her_concern_is_dealt_with(house: House) -> None:
    dana = house.person(house.dana)
    dana.opens("/today/")
    concerns = dana.card("Concerns")
    expect(concerns).to_contain_text("Maya R.")
    expect(concerns).to_contain_text("nobody has taken it yet")
    dana.leaves_by(concerns.get_by_role("link", name="Maya R."))
    dana.presses("I take this")
    dana.opens("/today/")
    expect(dana.card("Concerns")).to_contain_text("with Dana Kim")
    dana.follows("Maya R.")
    dana.chooses("Did you speak with each other?", "Yes, we spoke")
    dana.presses("Write it down")
    dana.chooses("Thoughts of suicide", "Thoughts of suicide, no plan")
    dana.chooses("Means", "No means at hand")
    dana.chooses("Risk as you judge it", "Moderate")
    dana.writes("What this rests on", "She told me herself. Her mother stays over; she wants to see her niece grow up.")
    dana.chooses("What happens now", "Seen or called again the same day")
    dana.presses("Sign")
    dana.writes("What was done?", "Called her. Thoughts, no plan. Safety plan made together; her mother stays over.")
    dana.presses("Sign and close this concern")
    dana.opens("/today/")
    expect(dana.page.get_by_role("heading", name="Concerns")).to_have_count(0)
    dana.opens(f"/students/{maya_of(house).pk}/measures/")
    dana.sees("PHQ-9", "GAD-7", "moderate")
    dana.goes()


def she_practises(house: House) -> None:
    """7. A lesson with practice, a thought looked at from both sides, and words that only she can read."""
    house.it_is(denver(FIRST_MONDAY + timedelta(days=7), "11:00"))
    dana = house.person(house.dana)
    dana.opens(f"/students/{maya_of(house).pk}/skills/")
    dana.selects("Lesson", "Ride the wave")
    dana.writes("Practised by", (FIRST_MONDAY + timedelta(days=11)).isoformat())
    dana.presses("Hand it out")
    dana.goes()

    her = house.person(maya_of(house).user, screen=PHONE)
    her.opens("/today/")
    her.follows("Open Ride the wave")
    her.writes("How strong was it before, 0 to 10?", "8")
    her.writes("And after, 0 to 10?", "3")
    her.writes("A note for yourself", "It fell after ten minutes.")
    her.presses("I practised")
    her.sees("Practised. Well done", "8 → 3")
    her.opens("/my/skills/")
    her.follows("Look at a thought")
    her.writes("What happened?", "My boss did not greet me.")
    her.writes("Feeling 1", "shame")
    her.writes("How strong was feeling 1, 0 to 100?", "80")
    her.writes("What went through your mind?", "I will be fired.")
    her.writes("What speaks against it?", "She greeted nobody that morning.")
    her.writes("A fairer thought", "She may have had a hard morning.")
    her.writes("How strong is feeling 1 now, 0 to 100?", "35")
    her.presses("Keep this")
    her.sees("I will be fired.")
    she_writes_what_nobody_else_reads(house, her)
    her.goes()


def she_writes_what_nobody_else_reads(house: House, her: Person) -> None:
    sent: list[str] = []
    her.page.on("request", lambda request: sent.append(request.post_data or ""))
    her.opens("/my/notebook/")
    her.page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    her.page.get_by_label("The same once more").locator("visible=true").fill(PASSPHRASE)
    her.taps("Go on to the recovery code")
    her.page.get_by_label("I have kept it").check()
    her.taps("Open my notebook")
    her.taps("New entry")
    her.page.get_by_label("Your words").fill("I called my brother back.")
    her.taps("Keep")
    expect(her.page.get_by_text("Kept.", exact=True)).to_be_visible()
    her.looks()
    with house.inside():
        stored = Entry.objects.get(patient=maya_of(house)).ciphertext
    for place in (stored, *sent):
        assert "brother" not in place
        assert "kite" not in place


def fourteen_weeks_pass(house: House) -> None:
    """The sessions of the weeks between: she comes to nearly all of them. Written down as the pages write it."""
    with house.inside():
        places = Attendance.objects.filter(patient=maya_of(house), status=Attendance.Status.EXPECTED)
        coming = list(places.select_related("session").order_by("session__starts_at"))
    for number, place in enumerate(coming):
        held = place.session
        if held.ends_at.astimezone(DENVER).date() >= date(2026, 12, 18):
            break
        house.it_is(held.ends_at + timedelta(minutes=1))
        with tenancy.within(house.organisation.pk):
            status = "absent" if number % 32 == 31 else "present"  # later than a month after she said she is in danger
            services.mark(attendance=place, status=status, by=house.dana, at=held.ends_at - timedelta(minutes=1))
            services.end(session=held, by=house.dana, at=held.ends_at)


def everyone_sees_their_day(house: House, moment: datetime) -> None:
    """9. Today, for each who opens it, and true at that moment."""
    house.it_is(moment)
    day = moment.astimezone(DENVER)
    maya = maya_of(house)
    her = house.person(maya.user, screen=PHONE)
    her.opens("/today/")
    her.sees("Your week", "of 14")
    her.goes()
    with house.inside():
        rosa = maya.relationships.get().person
        make_release(maya, rosa.name, at=moment - timedelta(days=1))
    mother = house.person(rosa, screen=PHONE)
    mother.opens("/today/")
    mother.sees("Maya", "The next days:")
    mother.goes()
    for user, words in (
        (house.dana, ("Your sessions", "Your students", "Maya R.")),
        (house.ines, ("Every inquiry is answered.",)),
        (house.walt, ("Places and dose", "Adult evening", "Open concerns")),
        (house.ruth, ("Places and dose",)),
    ):
        person = house.person(user)
        person.opens("/today/")
        person.sees(f"{day:%A} {day.day} {day:%B}", *words)
        person.goes()
