"""What circles do together, what is coming, and the list of support groups. Names, places and pages are made up."""

from collections.abc import Mapping
from datetime import time, timedelta

from hearth.circle import services
from hearth.circle.models import Circle, Membership
from hearth.web.demo.cast import ALUMNA
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

GROUPS = (
    # name, weekday, starts, ends, way, place, link, for whom, population, language, ours, source, checked days ago
    ("Colfax evening circle", 0, time(19), time(20), "in_person", "Church basement, 1400 E Colfax Ave, Denver", "",
     "Open to everyone who wants to stop drinking or using. You may just listen.", "adult", "English", False,
     "Their leaflet; Sam was there in October", 12),
    ("Grupo Nuevo Amanecer", 1, time(19, 30), time(21), "in_person", "Parroquia San Isidro, sala 2, Denver", "",
     "Para quienes quieren dejar de beber. Abierto a familiares el primer martes.", "adult", "Español", False,
     "Lucía habló con ellos", 20),
    ("Tools for change, online", 2, time(12), time(13), "video", "", "https://tools-for-change.example/meetings",
     "A meeting with exercises; no steps and no prayers.", "adult", "English", False, "Their page", 5),
    ("Depression support, Aurora", 3, time(18, 30), time(20), "in_person", "Library, 14949 E Alameda Pkwy, Aurora", "",
     "For people with depression or bipolar disorder, and those close to them.", "", "English", False,
     "Their page; called on the phone", 101),
    ("Early birds by phone", 5, time(7), time(7, 45), "phone", "Call 720 555 0190", "",
     "Women in recovery.", "adult", "English", False, "Bev knows the person who holds it", 34),
    ("Young people's hour", 4, time(17), time(18), "video", "", "https://young-and-sober.example/denver",
     "Ages 13 to 19, with two grown-ups who keep watch.", "adolescent", "English", False, "Their page", 9),
    ("Hearthside open evening for alumni", 6, time(17), time(18, 30), "in_person", "Denver, big room", "",
     "For everyone who completed a program for adults with us. Soup at five.", "adult", "English", True,
     "We hold it", 3),
)  # fmt: skip
EVENTS = (
    # key, of whose circle, name, days ahead, hour, minutes, way, place, words, ours
    ("open", "Maya Reyes", "Open evening of the Colfax evening circle", 3, 19, 90, "in_person",
     "Church basement, 1400 E Colfax Ave, Denver",
     "Once a month anybody may come and just listen. Bev goes too and waits at the side door.", False),
    ("walk", "Maya Reyes", "Walk around Sloan's Lake with staff", 5, 11, 60, "in_person", "North parking lot, Denver",
     "One hour, slowly, whatever the weather.", True),
    ("talk", "Maya Reyes", "Sleep after the first months: a talk, and questions", 9, 18, 60, "in_person",
     "Denver, big room", "By our nurse. Nothing is asked of you.", True),
    ("soup", " ".join(ALUMNA[:2]), "Soup and stories", 6, 17, 90, "in_person", "Denver, big room",
     "Bring a bowl. Whoever wants to tell how it went on may, nobody has to.", True),
)  # fmt: skip
COME = ("Maya Reyes", "Jonah Park", "Grace Oyelaran", "Tomás Lindgren")
TICKS = {"Maya Reyes": 3, "Tomás Lindgren": 4, "Jonah Park": 1, "Grace Oyelaran": 4, "Rosa Montenegro": 2}


def list_and_start(scene: Scene, house: House, charts: Mapping[str, Chart]) -> None:
    """Sam keeps the list and starts a walk in the evening circle, which five of the cast took up."""
    sam = house.staff["Sam Whitehorse"]
    for name, weekday, starts, ends, way, place, link, whom, band, language, ours, source, ago in GROUPS:
        services.keep_group(
            name=name, weekday=weekday, starts=starts, ends=ends, way=way, place=place, link=link, for_whom=whom,
            population=band, language=language, is_ours=ours, source=source,
            checked_on=scene.today - timedelta(days=ago), by=sam, at=scene.at,
        )  # fmt: skip
    first = scene.today - timedelta(days=4)
    membership = Membership.objects.get(episode=charts["Maya Reyes"].episode)
    walk = services.start_challenge(
        circle=Circle.objects.get(pk=membership.circle_id), words="One small walk each day this week", lesson="",
        starts_on=first, ends_on=first + timedelta(days=6), by=sam, at=scene.at - timedelta(days=4),
    )  # fmt: skip
    for who, days in TICKS.items():
        user = charts[who].user
        services.take_part(challenge=walk.pk, by=user, at=scene.at)
        for ahead in range(days):
            services.tick(
                challenge=walk.pk, day=first + timedelta(days=ahead), done=True, today=scene.today, by=user, at=scene.at
            )


def tell_of_events(scene: Scene, house: House, charts: Mapping[str, Chart]) -> None:
    """What is coming in the evening circle and that of its alumni: some of the cast come, and a walk is called off."""
    sam = house.staff["Sam Whitehorse"]
    written = {}
    for key, who, name, ahead, hour, minutes, way, place, words, ours in EVENTS:
        circle = Circle.objects.get(memberships__episode=charts[who].episode, is_alumni=key == "soup")
        written[key] = services.write_event(
            circle=circle, name=name, starts_at=scene.moment(scene.today + timedelta(days=ahead), hour),
            minutes=minutes, way=way, place=place, link="", words=words, is_ours=ours, support_group=None, by=sam,
            at=scene.at,
        )  # fmt: skip
    for who in COME:
        services.say_coming(event=written["open"].pk, is_coming=True, by=charts[who].user, at=scene.at)
    services.say_coming(event=written["soup"].pk, is_coming=True, by=charts[" ".join(ALUMNA[:2])].user, at=scene.at)
    walk = written["walk"]
    services.call_off(circle=walk.circle, event=walk.pk, by=sam, at=scene.at)
