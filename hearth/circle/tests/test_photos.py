"""Photos in the circle: a host looks first, nothing of the file is kept, and a door shows them."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hearth.circle import photos, services
from hearth.circle.models import Photo, Post
from hearth.circle.testing import photo_file
from hearth.safety.models import Concern

HOME, WRITE = reverse("circle:home"), reverse("circle:write")
WORDS = "The heron stood in the river."


@pytest.fixture(autouse=True)
def at_noon(time_machine, noon):
    time_machine.move_to(noon, tick=False)


def sent(colour="seagreen", words="A bird in the water"):
    return photos.Sent(photos.made_small(photo_file(colour=colour)), words)


@pytest.fixture
def post(circle, maya, noon):
    """Maya's words with a photo; her circle is one in which words are shown at once."""
    return services.write(kind="post", text=WORDS, by=maya.user, at=noon, token=uuid4(), photo=sent())


def decide(post, what, ruth, noon):
    return services.decide(post=post, what=what, words="Kindly.", by=ruth, at=noon)


def form(data=None, **fields):
    file = SimpleUploadedFile("IMG_1.jpg", photo_file() if data is None else data, "image/jpeg")
    return {"kind": "post", "text": WORDS, "token": uuid4(), "photo": file, "photo_words": "A bird"} | fields


def test_every_photo_waits_for_a_host_and_only_then_the_circle_sees_it(post, as_user, maya, jonah, ruth, noon):
    address = reverse("circle:photo", args=[post.pk])
    assert post.state == "held"
    assert WORDS not in as_user(jonah.user).get(HOME).text
    assert as_user(jonah.user).get(address).status_code == 403
    assert as_user(maya.user).get(address).status_code == 200
    page = as_user(ruth).get(reverse("circle:post", args=[post.pk])).text
    assert "A photo: a host looks at every one." in page
    assert "QR codes" in page
    assert as_user(ruth).get(reverse("circle:photo-for-host", args=[post.pk])).status_code == 200
    decide(post, "release", ruth, noon)
    seen = as_user(jonah.user).get(HOME).text
    assert address in seen
    assert 'alt="A bird in the water"' in seen
    assert as_user(jonah.user).get(address).status_code == 200
    decide(post, "hide", ruth, noon)
    assert as_user(jonah.user).get(address).status_code == 403


def test_a_photo_is_a_small_picture_that_no_browser_keeps(post, as_user, maya):
    answer = as_user(maya.user).get(reverse("circle:photo", args=[post.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert len(answer.content) <= photos.MOST_KEPT
    for trace in (b"Secret Camera", b"Pearl Street", b"Exif"):
        assert trace not in answer.content


def test_what_is_kept_is_sealed_for_its_post_alone(post, maya, noon):
    row = Photo.objects.get()
    assert photos.picture_for_member(viewer=maya.user, post=post.pk, at=noon)[:2] == b"\xff\xd8"
    assert b"JFIF" not in bytes(row.picture)


def test_the_form_keeps_words_and_says_what_is_wrong_with_a_file(circle, as_user, maya):
    browser = as_user(maya.user)
    answer = browser.post(WRITE, form(b"no photo at all"))
    assert answer.status_code == 422
    assert "This file is no photo we can read" in answer.text
    assert WORDS in answer.text
    heavy = browser.post(WRITE, form(b"x" * (photos.MOST_SENT + 1)))
    assert "larger than 12 MB" in heavy.text
    assert not Post.objects.exists()
    page = browser.post(WRITE, form(), follow=True).text
    assert "A host reads it first" in page
    assert Photo.objects.get().words == "A bird"


def test_a_form_sent_twice_is_one_post_and_with_another_photo_it_is_another(circle, maya, noon):
    facts = {"kind": "post", "text": WORDS, "by": maya.user, "at": noon, "token": uuid4()}
    for photo in (None, None, sent(), sent(), sent("tomato"), sent("tomato")):
        services.write(**facts, photo=photo)
    assert (Post.objects.count(), Photo.objects.count()) == (3, 2)


def test_what_a_photo_is_said_to_show_is_read_by_the_rules(circle, maya, noon):
    facts = {"kind": "post", "text": WORDS, "by": maya.user, "at": noon}
    found = services.write(**facts, token=uuid4(), photo=sent(words="my number is 720 555 0142"))
    assert len(found.wordings.get().reasons) > 1
    services.write(**facts, token=uuid4(), photo=sent("tomato", words="I want to kill myself"))
    assert Concern.objects.filter(patient=maya).exists()


def test_its_writer_leaves_the_photo_out_when_a_host_asks(post, as_user, maya, jonah, ruth, noon):
    decide(post, "return", ruth, noon)
    browser, page = as_user(maya.user), reverse("circle:own-post", args=[post.pk])
    assert "Without the photo" in browser.get(page).text
    browser.post(page, {"text": WORDS, "without_photo": "on"})
    assert not Photo.objects.exists()
    post.refresh_from_db()
    assert post.state == "held"  # what was sent back is read by a host again
    assert "Without the photo" not in browser.get(page).text
    assert browser.get(reverse("circle:photo", args=[post.pk])).status_code == 403


def test_a_photo_to_staff_alone_is_seen_by_staff_alone(circle, maya, jonah, ruth, noon, as_user):
    asked = services.write(
        kind="question", text="Is this rash normal?", by=maya.user, at=noon, token=uuid4(), photo=sent()
    )
    assert as_user(ruth).get(reverse("circle:photo-for-host", args=[asked.pk])).status_code == 200
    assert as_user(jonah.user).get(reverse("circle:photo", args=[asked.pk])).status_code == 403


def test_the_circle_asks_as_often_for_many_photos_as_for_one(post, as_user, maya, jonah, ruth, noon, count_queries):
    decide(post, "release", ruth, noon)
    before = count_queries(as_user(jonah.user), HOME)
    for colour in ("tomato", "gold", "navy"):
        one = services.write(kind="post", text=colour, by=maya.user, at=noon, token=uuid4(), photo=sent(colour))
        decide(one, "release", ruth, noon)
    assert count_queries(as_user(jonah.user), HOME) == before


def test_words_of_a_photo_that_was_not_sent_are_asked_for_again_and_stay(circle, as_user, maya):
    fields = form(photo_words="My dog asleep on the stairs")
    del fields["photo"]
    answer = as_user(maya.user).post(WRITE, fields)
    assert answer.status_code == 422
    assert "Choose the photo again, or move these words up." in answer.text
    assert "My dog asleep on the stairs" in answer.text
    assert not Post.objects.exists()


def test_what_a_host_reads_of_danger_has_the_words_of_the_photo_that_tell_of_it(circle, maya, noon):
    photo, token = sent(words="I want to kill myself"), uuid4()
    for _ in range(2):
        post = services.write(kind="post", text=WORDS, by=maya.user, at=noon, token=token, photo=photo)
    assert "I want to kill myself" in Concern.objects.get().summary
    assert post.wordings.get().text == f"{WORDS}\nI want to kill myself"
