"""Who reads what of a circle: every viewer with every kind of content, generated."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hearth.accounts.roles import Role
from hearth.accounts.testing import make_organisation, make_user
from hearth.admission.services import end_episode
from hearth.circle import photos, services
from hearth.circle.models import Post
from hearth.circle.testing import make_member, make_post
from hearth.lib.pictures import Picture
from hearth.people.models import Relationship
from hearth.people.testing import make_patient
from hearth.program.testing import make_program
from hearth.timetable.models import KeepApart

CONTENTS = {
    what: f"Wednesday the {bird} came back."
    for what, bird in {
        "shown": "heron", "anonymous": "owl", "held": "wren", "returned": "crane", "hidden": "lark",
        "question": "finch", "taken_back": "swift", "tomorrow": "robin",
    }.items()
}  # fmt: skip
PHOTO = photos.Sent(Picture("image/jpeg", 4, 3, b"\xff\xd8\xff\xd9"))
OPEN = {"shown", "anonymous"}
READS_AS_MEMBER = {"same_circle": OPEN}
TELLS = {"same_circle": OPEN | {"returned", "hidden", "taken_back"}}  # whoever read it once may still tell a host
READS_AS_HOST = {"host": set(CONTENTS), "supervisor": set(CONTENTS)}
VIEWERS = (
    "author", "same_circle", "not_agreed", "kept_apart", "other_circle", "adolescent", "discharged", "guardian",
    "host", "supervisor", "host_kept_apart", "care_team", "other_facilitator", "director", "other_house", "stranger",
)  # fmt: skip


@pytest.fixture
def viewers(circle, maya, jonah, dana, sam, ruth, walt, noon, organisation):
    """Everybody who might look, by what they are to Maya's circle."""
    grace, omar, ines, theo = (make_patient(name, "Test", at=noon) for name in ("Grace", "Omar", "Ines", "Theo"))
    lee = make_patient("Lee", "Test", at=noon, population="adolescent")
    make_member(grace, by=dana, at=noon)
    make_member(lee, by=dana, at=noon)
    make_member(omar, by=dana, at=noon, program=make_program(name="Adult day", pack="adult-day"))
    left = make_member(ines, by=dana, at=noon)
    end_episode(episode=left.episode, reason="left", on=noon.date(), by=ruth, at=noon)
    services.join(episode=make_member(theo, by=dana, at=noon).episode, at=noon)
    type(left).objects.filter(patient=theo).update(agreed_at=None)
    mother = make_user("Carmen Reyes", Role.FAMILY, organisation=organisation)
    Relationship.objects.create(patient=maya, person=mother, kind="parent", is_guardian=True, may_see_progress=True)
    peer, other = (
        make_user(name, Role.PEER, Role.FACILITATOR, organisation=organisation) for name in ("Kai Peer", "Noor Other")
    )
    services.name_host(circle=circle, member=peer.pk, by=ruth, at=noon)
    for whom in ({"other": grace}, {"member": peer}):
        KeepApart.objects.create(patient=maya, reason="…", entered_by=ruth, entered_at=noon, **whom)
    away = make_organisation(name="Elsewhere", slug="elsewhere")
    return {
        "author": maya.user, "same_circle": jonah.user, "not_agreed": theo.user, "kept_apart": grace.user,
        "other_circle": omar.user, "adolescent": lee.user, "discharged": ines.user, "guardian": mother, "host": sam,
        "supervisor": ruth, "host_kept_apart": peer, "care_team": dana,
        "other_facilitator": other, "director": walt, "stranger": None,
        "other_house": make_user("Away", Role.SUPERVISOR, Role.PEER, organisation=away),
    }  # fmt: skip


@pytest.fixture
def content(circle, maya, ruth, noon, time_machine):
    """One post of Maya's of this kind."""
    time_machine.move_to(noon, tick=False)

    def make(what):
        kind = "question" if what == "question" else "post"
        words = f"{CONTENTS[what]} dm me" if what == "held" else CONTENTS[what]
        post = make_post(maya, words, at=noon, kind=kind, is_anonymous=what == "anonymous")
        changes = {
            "returned": {"state": "returned"},
            "hidden": {"state": "hidden"},
            "taken_back": {"state": "taken_back"},
            "tomorrow": {"appears_at": noon + timedelta(hours=18)},
        }.get(what, {})
        Post.objects.filter(pk=post.pk).update(**changes)
        photos.keep(post, PHOTO, at=noon)
        return Post.objects.get(pk=post.pk)

    return make


def browser_of(viewer, as_user, client):
    return as_user(viewer) if viewer else client


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_whole_matrix_of_viewer_and_content(viewers, content, as_user, client, viewer):
    posts, browser = {what: content(what) for what in CONTENTS}, browser_of(viewers[viewer], as_user, client)
    feed = browser.get(reverse("circle:home")).text
    for what, words in CONTENTS.items():
        is_own = viewer == "author" and what != "taken_back"
        reads = what in READS_AS_MEMBER.get(viewer, set())
        assert (words in feed) == (reads or (is_own and what != "tomorrow"))
        own = browser.get(reverse("circle:own-post", args=[posts[what].pk]))
        assert (own.status_code == 200) == (words in own.text) == is_own
        for page in ("encourage", "report"):
            answer = browser.post(reverse(f"circle:{page}", args=[posts[what].pk]), {"word": "proud", "why": "hard"})
            assert words not in answer.text
        assert posts[what].encouragements.exists() == reads
        assert posts[what].reports.exists() == (what in TELLS.get(viewer, set()))
        staff = browser.get(reverse("circle:post", args=[posts[what].pk]))
        assert (words in staff.text) == (staff.status_code == 200) == (what in READS_AS_HOST.get(viewer, set()))
        photo = browser.get(reverse("circle:photo", args=[posts[what].pk]))
        assert (photo.status_code == 200) == (reads or is_own)
        photo = browser.get(reverse("circle:photo-for-host", args=[posts[what].pk]))
        assert (photo.status_code == 200) == (what in READS_AS_HOST.get(viewer, set()))
    listed = browser.get(reverse("circle:of-staff", args=[posts["shown"].circle_id])).text
    waits = browser.get(reverse("circle:waiting")).text
    for what, words in CONTENTS.items():
        hosts = what in READS_AS_HOST.get(viewer, set())
        assert (words in listed) == (hosts and what != "taken_back")
        posts[what].refresh_from_db()
        assert (words in waits) == (hosts and posts[what].waits_since is not None)


def test_nobody_reads_who_wrote_what_is_anonymous(viewers, content, as_user):
    content("anonymous")
    feed = as_user(viewers["same_circle"]).get(reverse("circle:home")).text
    assert CONTENTS["anonymous"] in feed
    assert "Maya" not in feed


@pytest.mark.parametrize("viewer", [one for one in VIEWERS if one not in ("host", "supervisor")])
def test_nobody_but_a_host_decides_or_answers(viewers, content, as_user, client, viewer):
    held, asked = content("held"), content("question")
    browser = browser_of(viewers[viewer], as_user, client)
    browser.post(reverse("circle:post", args=[held.pk]), {"what": "release"})
    browser.post(reverse("circle:post", args=[asked.pk]), {"words": "Yes."})
    assert set(Post.objects.values_list("state", "answer")) == {("held", ""), ("staff_only", "")}


def test_what_is_open_to_the_circle_is_closed_by_the_end_of_the_writers_stay(
    viewers, content, as_user, maya, ruth, noon
):
    post = content("shown")
    episode = post.membership.episode
    end_episode(episode=episode, reason="left", on=noon.date(), by=ruth, at=noon)
    assert CONTENTS["shown"] not in as_user(viewers["same_circle"]).get(reverse("circle:home")).text
    browser = as_user(maya.user)
    assert "Your circle is for the time in the program" in browser.get(reverse("circle:home")).text
    for page in ("own-post", "report"):
        assert browser.get(reverse(f"circle:{page}", args=[post.pk])).status_code == 403
    assert browser.post(reverse("circle:write"), {"kind": "post", "text": "Hello"}).status_code == 403
