"""The pages: a second look at the name, what is to be done, kind words for the family, and respect in every list."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.audit.models import Event
from hearth.bereavement import services
from hearth.bereavement.models import Death, Task
from hearth.people.models import Relationship
from hearth.people.testing import make_patient

TOLD = {"died_on": "2026-11-20", "told_by": "Rosa Reyes, her mother", "known_how": "She called this morning."}


@pytest.fixture(autouse=True)
def _at_that_time(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def death(maya, ruth, now):
    return services.record_death(
        patient=maya, died_on=now.date() - timedelta(days=4), told_by="Rosa", known_how="She called.", by=ruth, at=now
    )


def of(name, patient):
    return reverse(f"bereavement:{name}", args=[patient.pk])


def test_nothing_happens_before_the_name_was_typed_once_more(as_user, maya, ruth):
    browser = as_user(ruth)
    assert of("record", maya) in browser.get(reverse("web:chart", args=[maya.pk])).text
    assert "Type their family name" in browser.post(of("record", maya), TOLD).text
    assert browser.post(of("record", maya), TOLD | {"family_name": "Park"}).status_code == 422
    assert not Death.objects.exists()
    page = browser.post(of("record", maya), TOLD | {"family_name": " reyes "}, follow=True)
    assert "died on 20 November 2026" in page.text
    assert "Look after the staff" in page.text
    assert "died on 20 November 2026" in browser.get(reverse("web:students")).text
    assert "on the way in" not in browser.get(reverse("web:students")).text
    assert of("record", maya) not in browser.get(reverse("web:chart", args=[maya.pk])).text


def test_a_day_to_come_is_refused_and_an_unknown_day_is_not(as_user, maya, walt):
    browser = as_user(walt)
    assert browser.post(of("record", maya), TOLD | {"died_on": "2026-12-24"}).status_code == 422
    browser.post(of("record", maya), TOLD | {"died_on": "", "family_name": "Reyes"})
    assert Death.objects.get().died_on is None


def test_a_task_is_done_by_its_owner_and_closed_to_others(as_user, death, dana, theo, jonah):
    task = Task.objects.get(kind="family")
    address = reverse("bereavement:task", args=[task.pk])
    assert as_user(theo).get(address).status_code == 403
    assert as_user(jonah.user).get(address).status_code == 403
    browser = as_user(dana)
    assert address in browser.get(reverse("web:today")).text
    browser.post(address, {"form": "done", "note": "Called Rosa"})
    task.refresh_from_db()
    assert (task.done_by, task.note) == (dana, "Called Rosa")
    assert address not in browser.get(reverse("web:today")).text


def test_a_task_is_handed_to_somebody_who_reads_it_without_the_chart(as_user, death, ruth, theo, maya):
    task = Task.objects.get(kind="staff")
    address = reverse("bereavement:task", args=[task.pk])
    as_user(ruth).post(address, {"form": "hand-over", "owner": theo.pk, "due_on": "2026-11-30"})
    assert as_user(theo).get(address).status_code == 200
    assert as_user(theo).get(of("of-patient", maya)).status_code == 403
    assert Event.objects.filter(verb="bereavement.read", actor_id=theo.pk, patient_id=maya.pk).exists()


def test_the_pages_are_closed_to_those_whom_they_are_not_for(as_user, death, maya, dana, jonah, ines, organisation):
    stranger = make_user("Sam Vale", Role.COUNSELOR, organisation=organisation)
    assert as_user(dana).get(of("of-patient", maya)).status_code == 200
    for person in (stranger, ines, jonah.user):
        assert as_user(person).get(of("of-patient", maya)).status_code == 403
    for name in ("record", "take-back"):
        assert as_user(dana).get(of(name, maya)).status_code == 403


def test_the_family_reads_kind_words_once_somebody_has_spoken_with_them(as_user, maya, dana, ruth, organisation, now):
    mother = make_user("Rosa Reyes", Role.FAMILY, organisation=organisation)
    Relationship.objects.create(patient=maya, person=mother, kind=Relationship.Kind.PARENT)
    services.record_death(patient=maya, died_on=None, told_by="The police", known_how="A call", by=ruth, at=now)
    before = as_user(mother).get(reverse("web:today")).text
    assert "would like to speak with you" in before
    assert "sorry" not in before
    page = reverse("bereavement:task", args=[Task.objects.get(kind="family").pk])
    assert "Rosa Reyes (Parent)" in as_user(dana).get(page).text
    as_user(dana).post(page, {"form": "done", "spoken_with": mother.relatives.get().pk})
    after = as_user(mother).get(reverse("web:today")).text
    assert "We are so sorry" in after
    assert "The next days" not in after


def test_a_relative_with_whom_nobody_has_spoken_learns_nothing_though_another_was_told(
    as_user, death, maya, jonah, dana, organisation, now
):
    mother, father = (make_user(name, Role.FAMILY, organisation=organisation) for name in ("Rosa Reyes", "Luis Reyes"))
    ties = [
        Relationship.objects.create(patient=maya, person=one, kind=Relationship.Kind.PARENT) for one in (mother, father)
    ]
    family = Task.objects.get(kind="family")
    services.do_task(task=family, note="", spoken_with=ties[:1], by=dana, at=now)
    assert "We are so sorry" in as_user(mother).get(reverse("web:today")).text
    his = as_user(father).get(reverse("web:today")).text
    assert "would like to speak with you" in his
    assert "sorry" not in his
    page = reverse("bereavement:task", args=[family.pk])
    strange = Relationship.objects.create(patient=jonah, person=father, kind=Relationship.Kind.OTHER)
    services.say_spoken_with(task=family, spoken_with=[*ties[:1], strange], by=dana, at=now)
    assert Task.objects.get(kind="family").spoken_with == [ties[0].pk]
    browser = as_user(dana)
    assert browser.post(page, {"form": "spoken", "spoken_with": [one.pk for one in ties]}).status_code == 302
    assert "We are so sorry" in as_user(father).get(reverse("web:today")).text
    assert Event.objects.filter(verb="bereavement.spoken_with", actor_id=dana.pk, patient_id=maya.pk).count() == 2


def test_only_the_familys_task_asks_with_whom_one_has_spoken(as_user, death, maya, ruth, organisation):
    mother = make_user("Rosa Reyes", Role.FAMILY, organisation=organisation)
    Relationship.objects.create(patient=maya, person=mother, kind=Relationship.Kind.PARENT)
    for task in Task.objects.all():
        page = as_user(ruth).get(reverse("bereavement:task", args=[task.pk])).text
        assert ("Rosa Reyes" in page) is (task.kind == "family")


def test_a_task_of_a_mistake_asks_nothing_more(as_user, death, maya, dana, ruth, now):
    task = Task.objects.get(kind="family")
    address = reverse("bereavement:task", args=[task.pk])
    services.take_back(death=death, why="It was her aunt", by=ruth, at=now)
    browser = as_user(dana)
    assert address not in browser.get(reverse("web:today")).text
    page = browser.get(address).text
    assert "It was recorded by mistake." in page
    for asked in ("This is done", "Hand it over", "grief support"):
        assert asked not in page
    for posted in ("done", "spoken", "hand-over"):
        said = browser.post(address, {"form": posted, "owner": dana.pk, "due_on": "2026-11-30"}, follow=True)
        assert "It was recorded by mistake." in said.text
    task.refresh_from_db()
    assert (task.done_at, task.spoken_with) == (None, [])


def test_taking_it_back_says_what_does_not_come_back(as_user, death, maya, ruth):
    browser = as_user(ruth)
    assert browser.post(of("take-back", maya), {"why": ""}).status_code == 422
    page = browser.post(of("take-back", maya), {"why": "It was her aunt"}, follow=True).text
    assert "Nothing that was stopped was sent" in page
    assert "It was her aunt" in page
    assert "died on" not in browser.get(reverse("web:chart", args=[maya.pk])).text


def test_who_leads_finds_every_record_and_what_is_still_to_be_done(
    as_user, death, maya, jonah, dana, ruth, walt, organisation, now
):
    before = now - timedelta(hours=1)
    wrong = services.record_death(patient=jonah, died_on=None, told_by="A", known_how="B", by=walt, at=before)
    services.take_back(death=wrong, why="Another Jonah", by=walt, at=now)
    services.do_task(task=Task.objects.get(death=death, kind="family"), note="", by=dana, at=now)
    lena = make_user("Lena Ford", Role.SUPERVISOR, organisation=organisation)
    browser = as_user(lena)
    address = reverse("bereavement:deaths")
    assert address in browser.get(reverse("safety:incidents")).text
    page = browser.get(address)
    assert [(one.patient, one.noted_by, one.open_tasks) for one in page.context["deaths"]] == [
        (maya, ruth, 4),
        (jonah, walt, 0),
    ]
    assert of("of-patient", maya) in page.text
    assert "recorded by mistake" in page.text
    read = Event.objects.filter(verb="bereavement.read", actor_id=lena.pk)
    assert set(read.values_list("patient_id", flat=True)) == {maya.pk, jonah.pk}
    assert as_user(walt).get(address).status_code == 200


def test_the_list_of_deaths_is_closed_to_whoever_does_not_lead(as_user, death, dana, ines, priya, maya, jonah):
    for person in (dana, ines, priya, jonah.user):
        browser = as_user(person)
        assert browser.get(reverse("bereavement:deaths")).status_code == 403
    assert reverse("bereavement:deaths") not in as_user(dana).get(reverse("safety:incidents")).text


def test_the_list_of_deaths_asks_as_many_questions_for_many_as_for_one(
    as_user, death, ruth, now, organisation, count_queries
):
    browser = as_user(ruth)
    few = count_queries(browser, reverse("bereavement:deaths"))
    for number in range(5):
        person = make_patient(f"P{number}", "Vale", at=now)
        services.record_death(patient=person, died_on=None, told_by="A", known_how="B", by=ruth, at=now)
    assert count_queries(browser, reverse("bereavement:deaths")) == few


def test_the_list_asks_as_many_questions_for_many_tasks_as_for_few(as_user, death, maya, ruth, now, count_queries):
    browser = as_user(ruth)
    few = count_queries(browser, of("of-patient", maya))
    for number in range(9):
        Task.objects.create(death=death, kind="group", group=f"Group {number}", owner=ruth, due_on=now.date())
    assert count_queries(browser, of("of-patient", maya)) == few
