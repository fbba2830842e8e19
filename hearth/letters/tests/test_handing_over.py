"""A letter reaches its reader only by name, under a release that all who must have signed, and while it is true."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_user
from hearth.consent import services as consents
from hearth.consent.models import Consent, ConsentKind, Disclosure
from hearth.consent.testing import make_release
from hearth.letters import queries, services
from hearth.letters.models import Letter
from hearth.letters.rules import State
from hearth.letters.tests.conftest import ask_for, asking, filled, hand, sign_release, verbs
from hearth.sessions.models import Attendance


@pytest.mark.parametrize("reader", ["To whom it may concern", "to whom it may concern:", "A quién corresponda", "—"])
def test_we_send_a_letter_only_to_a_reader_who_is_named(as_user, came, to_school, dana, now, reader):
    browser, page = as_user(came.user), as_user(came.user).get(asking(came))
    refused = browser.post(asking(came), filled(page, reader=reader, to_reader="yes"))
    assert refused.status_code == 422
    assert "Name the person, school or company" in refused.text
    put_right = as_user(dana).post(reverse("letters:letter", args=[to_school.pk]), {"step": "reader", "reader": reader})
    assert "Name the person, school or company" in put_right.text
    with pytest.raises(services.Unnamed):
        ask_for(came, by=came.user, at=now + timedelta(minutes=1), reader=reader, to_reader=True)
    with pytest.raises(services.Unnamed):
        services.put_right(pk=to_school.pk, reader=reader, by=dana, at=now)
    make_release(came, reader, at=now)
    to_school.reader = reader
    assert queries.releases_for(to_school, at=now) == []
    assert ask_for(came, by=came.user, at=now + timedelta(minutes=2), reader=reader).state is State.ASKED


def test_a_letter_reaches_its_reader_under_a_release_that_names_them_and_is_written_down(
    as_user, to_school, came, dana, now
):
    services.sign(pk=to_school.pk, by=dana, at=now)
    Consent.objects.create(
        patient=came,
        kind=ConsentKind.PART2_TPO,
        version="1",
        text="…",
        signer=came.user,
        signed_name="Maya",
        signed_at=now,
    )
    elsewhere = make_release(came, "Westside High School", at=now)
    browser, page = as_user(dana), reverse("letters:letter", args=[to_school.pk])
    assert "Give it to nobody" in browser.get(page).text
    hand(browser, to_school, elsewhere)
    assert not Disclosure.objects.exists()
    release = make_release(came, "eastside  high school", at=now)
    assert page in browser.get("/today/").text
    assert "written down as a disclosure" in hand(browser, to_school, release).text
    told = Disclosure.objects.get()
    assert (told.recipient, told.consent, told.by) == ("Eastside High School", release, dana)
    assert verbs(came).count("letters.handed_over") == 1
    assert page not in browser.get("/today/").text


def test_a_release_that_is_taken_back_while_the_page_is_open_opens_nothing(as_user, to_school, came, dana, now):
    services.sign(pk=to_school.pk, by=dana, at=now)
    release = make_release(came, "Eastside High School", at=now)
    consents.revoke(pk=release.pk, by=came.user, at=now)
    hand(as_user(dana), to_school, release)
    with pytest.raises(services.NotAgreed):
        services.hand_over(pk=to_school.pk, release=release.pk, by=dana, at=now)
    assert not Disclosure.objects.exists()


def test_the_release_is_written_out_for_the_student_who_only_reads_and_signs(as_user, to_school, came, now):
    sign_release(as_user(came.user), to_school, "own")
    assert len(queries.releases_for(to_school, at=now)) == 1


def test_a_release_of_something_else_hides_no_signature_and_is_told_to_nobody(as_user, lee, carmen, dana, now):
    letter = ask_for(lee, by=carmen.person, at=now, kind="school", reader="Eastside High School", to_reader=True)
    other = make_release(lee, letter.reader, at=now)
    Consent.objects.filter(pk=other.pk).update(information="That I go to the clinic", purpose="A secret of mine")
    for person, where in ((lee.user, "own"), (carmen.person, "asked")):
        page = as_user(person).get(reverse(f"letters:{where}", args=[letter.pk]))
        assert "Read and sign" in page.text
        assert "secret" not in page.text
        assert "clinic" not in page.text


def test_whoever_signs_second_signs_the_same_words_until_the_same_day(as_user, lee, carmen, dana, now, time_machine):
    letter = ask_for(lee, by=carmen.person, at=now, kind="school", reader="Eastside High School", to_reader=True)
    lee.user.language = "es"
    lee.user.save()
    first = sign_release(as_user(lee.user), letter, "own")
    time_machine.move_to(now + timedelta(days=1), tick=False)
    assert sign_release(as_user(carmen.person), letter, "asked") == first
    (release,) = queries.releases_for(letter, at=now + timedelta(days=1))
    services.agree(pk=letter.pk, shown=services.mark(letter.body), by=lee.user, at=now)
    services.sign(pk=letter.pk, by=dana, at=now)
    hand(as_user(dana), letter, release)
    assert Disclosure.objects.get().consent == release


def test_a_signed_letter_that_is_true_no_more_is_not_handed_over_but_taken_back(as_user, to_school, came, dana, now):
    services.sign(pk=to_school.pk, by=dana, at=now)
    release = make_release(came, "Eastside High School", at=now)
    Attendance.objects.filter(minutes=95).update(minutes=60)
    with pytest.raises(services.TextChanged):
        services.hand_over(pk=to_school.pk, release=release.pk, by=dana, at=now)
    browser, page = as_user(dana), reverse("letters:letter", args=[to_school.pk])
    assert "has changed since it was signed" in hand(browser, to_school, release).text
    assert not Disclosure.objects.exists()
    assert browser.post(page, {"step": "withdraw", "why": " "}).status_code == 422
    own, paper = (reverse(f"letters:{name}", args=[to_school.pk]) for name in ("own", "own-paper"))
    assert as_user(came.user).get(paper).status_code == 200
    browser = as_user(dana)
    browser.post(page, {"step": "withdraw", "why": "The hours of Thursday were wrong. Please ask once more."})
    assert "hours of Thursday were wrong" in browser.get(page).text
    student = as_user(came.user)
    assert student.get(paper).status_code == 403
    read = student.get(own).text
    assert "Dana Kim took it back after it was signed" in read
    assert "hours of Thursday were wrong" in read
    assert "Signed electronically" not in read
    assert "license no." not in read
    with pytest.raises(services.NotNow):
        services.withdraw(pk=to_school.pk, why="Again", by=dana, at=now)
    assert "letters.withdrawn" in verbs(came)


def test_what_is_handed_over_is_not_taken_back(to_school, came, dana, now):
    services.sign(pk=to_school.pk, by=dana, at=now)
    release = make_release(came, "Eastside High School", at=now)
    services.hand_over(pk=to_school.pk, release=release.pk, by=dana, at=now)
    with pytest.raises(services.NotNow):
        services.withdraw(pk=to_school.pk, why="Too late", by=dana, at=now)


def test_signed_letters_that_wait_for_a_release_push_out_no_new_ones(to_school, came, dana, now):
    services.sign(pk=to_school.pk, by=dana, at=now)
    asked = ask_for(came, by=came.user, at=now + timedelta(hours=1))
    assert queries.waiting_for(dana, at=now) == [asked, to_school]


def test_a_letter_is_stopped_before_it_is_handed_over(as_user, to_school, came, dana, now):
    services.sign(pk=to_school.pk, by=dana, at=now)
    as_user(came.user).post(reverse("letters:say", args=[to_school.pk]), {"say": "no"})
    release = make_release(came, "Eastside High School", at=now)
    hand(as_user(dana), to_school, release)
    assert not Disclosure.objects.exists()
    assert as_user(dana).get(reverse("letters:paper", args=[to_school.pk])).status_code == 403


def test_a_guardian_asks_and_the_young_person_says_yes(as_user, lee, carmen, dana, now):
    browser = as_user(carmen.person)
    assert reverse("letters:family") in browser.get("/today/").text
    page = browser.get(asking(lee, "school"))
    assert "once Lee says yes" in page.text
    assert (
        browser.post(asking(lee, "school"), filled(page, reader="Eastside High School", to_reader="yes")).status_code
        == 422
    )
    again = browser.post(
        asking(lee, "school"), filled(page, reader="Eastside High School", to_reader="yes", step="look")
    )
    said = dict(again.context["form"].data.items()) | {
        "step": "ask",
        "shown": again.context["draft"].mark,
    }
    assert browser.post(asking(lee, "school"), said).status_code == 302
    letter = Letter.objects.get()
    assert (letter.state, queries.waiting_for(dana, at=now)) == (State.UNSEEN, [])
    young = as_user(lee.user)
    assert "Carmen Castellan asked for it" in young.get(reverse("letters:own", args=[letter.pk])).text
    young.post(reverse("letters:say", args=[letter.pk]), {"say": "yes", "shown": services.mark(letter.body)})
    services.sign(pk=letter.pk, by=dana, at=now)
    paper = reverse("letters:own-paper", args=[letter.pk])
    assert as_user(carmen.person).get(paper).content.startswith(b"%PDF")
    assert "letters.read" in verbs(lee)
    make_release(lee, "Eastside High School", at=now)
    assert queries.releases_for(letter, at=now) == []  # the guardian must sign the same, too
    carmen.may_see_progress = False
    carmen.save()
    assert as_user(carmen.person).get(paper).status_code == 403


def test_what_a_minor_asks_for_alone_is_given_to_them_and_sent_by_nobody(as_user, lee, carmen, dana, now):
    browser, reader = as_user(lee.user), "Eastside High School"
    page = browser.get(asking(lee))
    refused = browser.post(asking(lee), filled(page, reader=reader, to_reader="yes"))
    assert refused.status_code == 422
    assert "Choose “I do: give it to me”" in refused.text
    with pytest.raises(services.GuardianToo):
        ask_for(lee, by=lee.user, at=now, reader=reader, to_reader=True)
    letter = ask_for(lee, by=lee.user, at=now, reader=reader)
    services.sign(pk=letter.pk, by=dana, at=now)
    Letter.objects.update(to_reader=True)  # asked for before a guardian was known here
    assert "A guardian must sign, too" in as_user(dana).get(reverse("letters:letter", args=[letter.pk])).text


def test_a_guardian_asks_for_nothing_the_young_person_does_not_show_and_nothing_from_the_birthday_on(
    as_user, lee, carmen, organisation, now, time_machine
):
    carmen.may_see_progress = False
    carmen.save()
    assert as_user(carmen.person).get(asking(lee)).status_code == 403
    page = as_user(carmen.person).get(reverse("letters:family")).text
    assert asking(lee) not in page
    assert "The student has not chosen to share this." in page
    carmen.may_see_progress = True
    carmen.save()
    assert as_user(carmen.person).get(asking(lee)).status_code == 200
    other = make_user("Rosa Reyes", Role.FAMILY, organisation=organisation)
    assert as_user(other).get(asking(lee)).status_code == 403
    lee.birth_date = (now - timedelta(days=18 * 366)).date()
    lee.save()
    assert as_user(carmen.person).get(asking(lee)).status_code == 403
    assert "No letters to ask for" in as_user(carmen.person).get(reverse("letters:family")).text
