from datetime import date

from hearth.accounts.models import Site
from hearth.program.models import Program, Room, StaffDuty

PROGRAMS, DUTIES, ROOMS = "/programs/", "/programs/duties/", "/programs/rooms/"


def make_rows(dana, number=0):
    site = Site.objects.create(name=f"Site {number}")
    Room.objects.create(site=site, name="Oak room", seats=14)
    Program.objects.create(
        name=f"Evening {number}", pack="adult-evening", pack_version="1.0.0", population="adult", site=site
    )
    hours = [{"day": 0, "from": "12:00", "to": "20:00"}]
    StaffDuty.objects.create(member=dana, hours=hours, since=date(2026, 1, 1))


def test_the_director_sees_programs_rooms_and_duties(walt, dana, as_user):
    make_rows(dana)
    browser = as_user(walt)

    page = browser.get(PROGRAMS).content.decode()

    assert "Evening 0" in page
    assert "10 h on 3 days" in page
    assert "12 to 16 weeks" in page
    duties = browser.get(DUTIES).text
    assert "Mon 12:00–20:00" in duties
    assert f"{DUTIES}{dana.pk}/" in duties
    rooms = browser.get(ROOMS).text
    assert "Oak room" in rooms
    assert "Keep the room" in rooms


def test_a_supervisor_reads_rooms_and_duties_and_sets_none(ruth, dana, as_user):
    make_rows(dana)
    browser = as_user(ruth)

    assert f"{DUTIES}{dana.pk}/" not in browser.get(DUTIES).text
    rooms = browser.get(ROOMS).text
    assert "Oak room" in rooms
    assert "Keep the room" not in rooms
    asked = {"form": "room", "room-name": "Elm", "room-site": Site.objects.get().pk, "room-seats": "3"}
    assert browser.post(ROOMS, asked).status_code == 403
    assert not Room.objects.filter(name="Elm").exists()


def test_before_anything_is_set_up_the_page_says_how_it_begins(walt, as_user):
    assert "A program begins with a pack" in as_user(walt).get(PROGRAMS).content.decode()


def test_counselors_students_and_strangers_do_not(dana, maya, as_user, client):
    assert [client.get(address).status_code for address in (PROGRAMS, DUTIES, ROOMS)] == [302, 302, 302]
    for address in (PROGRAMS, DUTIES, ROOMS):
        assert as_user(dana).get(address).status_code == 403
        assert as_user(maya.user).get(address).status_code == 403


def test_more_rows_ask_no_more_questions(walt, dana, theo, ruth, as_user, django_assert_max_num_queries):
    make_rows(dana)
    Site.objects.create(name="Site of no rooms")  # with a second one, the ways between are shown
    browser = as_user(walt)
    counted = []
    for address in (PROGRAMS, DUTIES, ROOMS):
        with django_assert_max_num_queries(20) as few:
            browser.get(address)
        counted.append((address, len(few)))
    make_rows(theo, 1)
    make_rows(ruth, 2)
    for address, few in counted:
        with django_assert_max_num_queries(few):
            browser.get(address)
