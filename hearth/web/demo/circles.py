"""A circle for each program with what the cast wrote there: kind words, one held, one reported, and a question."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F

from hearth.circle import photos, services
from hearth.circle.models import Circle, Membership, Post
from hearth.people.models import Population
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

HOSTS = {
    "adult-evening": ("Dana Kim", "Sam Whitehorse", "Noor Haddad"),
    "adult-day": ("Sam Whitehorse", "Lucía Ferrer"),
    "adolescent-after-school": ("Dana Kim", "Andre Dupont"),
}
WORDS = (  # who, days ago, hour, minute, kind, without a name, words
    (
        "Grace Oyelaran",
        6,
        19,
        40,
        "gratitude",
        False,
        "Grateful for rain on the roof and nobody needing me for an hour.",
    ),
    (
        "Maya Reyes",
        5,
        8,
        15,
        "post",
        False,
        "Breakfast with my daughter, and I tasted it. She said I was “actually here”.",
    ),
    ("Tomás Lindgren", 5, 18, 5, "milestone", False, "Ninety days. I did not think I would write that down anywhere."),
    (
        "Jonah Park",
        4,
        12,
        30,
        "post",
        True,
        "I opened four messages today. Three were nothing. I had been scared of nothing.",
    ),
    ("Rosa Montenegro", 3, 20, 10, "post", False, "Anoche dormí sin la luz prendida. Primera vez en meses."),
    ("Maya Reyes", 2, 17, 20, "gratitude", False, "Thank you to whoever said that a wave also goes. It went."),
    (
        "Grace Oyelaran",
        1,
        9,
        0,
        "post",
        False,
        "Ran into somebody from group at the store. We waved, and I told Dana. It felt good to just say it.",
    ),
    ("Tomás Lindgren", 1, 13, 45, "post", False, "Two applications out. My stomach hurt and I did it anyway."),
    ("Amina Bashir", 4, 11, 0, "post", False, "Three stops on the bus. I counted only the first one."),
    (
        "Wendell Hargreave",
        2,
        10,
        30,
        "gratitude",
        False,
        "I changed the sheets and slept in a bed. Thankful for clean sheets, go figure.",
    ),
    ("Amina Bashir", 1, 12, 15, "milestone", False, "I wrote to my advisor. She wrote back the same day and was kind."),
    ("Lee Castellan", 3, 17, 0, "post", False, "Ate lunch with people twice this week. Deshawn saved me a seat."),
)
SAID = {  # which of them, and who said what to it
    1: (("Tomás Lindgren", "proud"), ("Jonah Park", "with_you")),
    2: (("Maya Reyes", "proud"), ("Rosa Montenegro", "proud"), ("Grace Oyelaran", "thank_you")),
    3: (("Maya Reyes", "me_too"),),
    4: (("Maya Reyes", "strength"), ("Tomás Lindgren", "with_you")),
    8: (("Wendell Hargreave", "me_too"),),
    9: (("Amina Bashir", "thank_you"),),
}
HELD = "Tonight is a hard one. If anybody is up too, text me, 720 555 0171."
REPORTED = "Payday tomorrow. I keep thinking about the old place on Federal, how easy it would be to just walk in."
PHOTO = Path(__file__).with_name("river.jpeg")
PHOTOGRAPHED = (  # who, days ago, hour, words, what it shows, and whether a host let it be read
    (
        "Tomás Lindgren",
        1,
        8,
        "Walked to the river before work. Nobody was up yet.",
        "Hills and a river at dawn",
        True,
    ),
    ("Grace Oyelaran", 0, 7, "This is where I sit when it is loud in me.", "A river with hills behind it", False),
)
ASKED = "Is there group on the Friday after the holiday, and does it count toward my hours?"


def gather(scene: Scene, house: House, charts: Mapping[str, Chart]) -> None:
    """Everyone in care has a place and has read the rule, and the named cast writes."""
    ruth, opened = house.staff["Ruth Okafor"], scene.at - timedelta(days=20)
    here = [chart.episode for chart in charts.values() if not chart.life.ended_on]
    for episode in here:
        services.join(episode=episode, at=max(opened, episode.admitted_at))
    Membership.objects.filter(episode__in=here).update(agreed_at=F("joined_at") + timedelta(hours=1))
    for circle in Circle.objects.select_related("program"):
        for name in HOSTS.get(circle.program.pack, ()):
            services.name_host(circle=circle, member=house.staff[name].pk, by=ruth, at=opened)
        if circle.population == Population.ADULT:
            services.keep_hours(circle=circle, hours=circle.hours, reads_first=False, by=ruth, at=opened)
    posts = []
    for who, ago, hour, minute, kind, hidden, words in WORDS:
        moment = scene.moment(scene.today - timedelta(days=ago), hour, minute)
        posts.append(_write(scene, charts[who], words, kind, hidden, moment))
    for number, several in SAID.items():
        for who, word in several:
            services.encourage(
                post=posts[number].pk, word=word, by=charts[who].user, at=posts[number].written_at + timedelta(hours=1)
            )
    _let_the_first_of_the_young_appear(house, posts[-1])
    for who, ago, hour, words, shows, is_read in PHOTOGRAPHED:
        moment = scene.moment(scene.today - timedelta(days=ago), hour)
        photo = photos.Sent(photos.made_small(PHOTO.read_bytes()), shows)
        post = _write(scene, charts[who], words, "post", False, moment, photo=photo)
        if is_read:
            sam = house.staff["Sam Whitehorse"]
            services.decide(post=post, what="release", words="", by=sam, at=moment + timedelta(hours=2))
    yesterday = scene.today - timedelta(days=1)
    _write(scene, charts["Jonah Park"], HELD, "post", False, scene.moment(yesterday, 21, 30))
    reported = _write(scene, charts["Maya Reyes"], REPORTED, "post", True, scene.moment(yesterday, 18, 50))
    services.report(
        post=reported.pk, why="hard", words="I had to put my phone down.", by=charts["Rosa Montenegro"].user,
        at=scene.moment(yesterday, 20),
    )  # fmt: skip
    day = Circle.objects.get(memberships__episode=charts["Amina Bashir"].episode)
    services.keep_pace(circle=day, minutes=30, by=house.staff["Lucía Ferrer"], at=scene.moment(yesterday, 16))
    _write(scene, charts["Tomás Lindgren"], ASKED, "question", False, scene.moment(yesterday, 19, 15))


def _write(scene: Scene, chart: Chart, words: str, kind: str, is_anonymous: bool, at: datetime, **photo: Any) -> Post:
    token = UUID(int=scene.random.getrandbits(128))
    return services.write(kind=kind, text=words, is_anonymous=is_anonymous, by=chart.user, at=at, token=token, **photo)


def _let_the_first_of_the_young_appear(house: House, post: Post) -> None:
    """Adolescents' posts are read by a host first."""
    if post.state == Post.State.HELD:
        services.decide(
            post=post, what="release", words="", by=house.staff["Dana Kim"], at=post.written_at + timedelta(hours=1)
        )
