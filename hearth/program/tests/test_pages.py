from datetime import date

from hearth.accounts.models import Site
from hearth.program.models import Program, Room, StaffDuty

PROGRAMS = "/programs/"


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

    page = as_user(walt).get(PROGRAMS).content.decode()

    assert "Evening 0" in page
    assert "10 h on 3 days" in page
    assert "12 to 16 weeks" in page
    assert "Mon 12:00–20:00" in page
    assert "Oak room" in page


def test_before_anything_is_set_up_the_page_says_how_it_begins(walt, as_user):
    assert "A program begins with a pack" in as_user(walt).get(PROGRAMS).content.decode()


def test_counselors_students_and_strangers_do_not(dana, maya, as_user, client):
    assert client.get(PROGRAMS).status_code == 302
    assert as_user(dana).get(PROGRAMS).status_code == 403
    assert as_user(maya.user).get(PROGRAMS).status_code == 403


def test_more_rows_ask_no_more_questions(walt, dana, theo, ruth, as_user, django_assert_max_num_queries):
    make_rows(dana)
    browser = as_user(walt)
    with django_assert_max_num_queries(20) as few:
        browser.get(PROGRAMS)
    make_rows(theo, 1)
    make_rows(ruth, 2)
    with django_assert_max_num_queries(len(few)):
        browser.get(PROGRAMS)
