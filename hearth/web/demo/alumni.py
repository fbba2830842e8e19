"""The circle of those who completed the evening program: some came in, two would like to be in touch."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from hearth.circle import services
from hearth.web.demo.cast import ALUMNA
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import House, Scene

WORDS = (  # of those who came in, in turn
    "Four months on. I still count the good mornings, and there are more of them than I can remember.",
    "First birthday in the family that I was awake for. I brought the cake.",
)
WAYS = (
    "Text me, 720 555 0144, best after six.",
    "720 555 0162. I am slow to answer and glad to be asked.",
    "nadia at post.example, or 720 555 0151 at noon.",
)


def meet_again(scene: Scene, house: House, charts: Mapping[str, Chart]) -> None:
    """Everyone who completed Nadia's track comes in; the two who left before her write, and one she chose back."""
    nadia = charts[" ".join(ALUMNA[:2])]
    same = [
        chart
        for chart in charts.values()
        if chart.life.ended_on
        and (chart.episode.program_id, chart.episode.track) == (nadia.episode.program_id, nadia.episode.track)
    ]
    same.sort(key=lambda chart: chart.life.planned_end_on)
    sam, ruth = house.staff["Sam Whitehorse"], house.staff["Ruth Okafor"]
    for number, chart in enumerate(same):
        at = min(scene.at, scene.moment(chart.life.planned_end_on + timedelta(days=1), 12))
        place = services.join_alumni(by=chart.user, at=at)
        if number == 0:
            services.name_host(circle=place.circle, member=sam.pk, by=ruth, at=at)
        services.keep_way(words=WAYS[number % len(WAYS)], by=chart.user, at=at)
    places = [services.join_alumni(by=chart.user, at=scene.at) for chart in same]
    for chart, words in zip((one for one in same if one is not nadia), WORDS, strict=False):
        token = UUID(int=scene.random.getrandbits(128))
        at = scene.moment(scene.today - timedelta(days=2), 12)
        post = services.write(kind="post", text=words, by=chart.user, at=at, token=token)
        services.decide(post=post, what="release", words="", by=sam, at=at + timedelta(hours=1))
    others = [(chart, place) for chart, place in zip(same, places, strict=True) if chart is not nadia]
    if others:
        hers = next(place for place in places if place.patient_id == nadia.patient.pk)
        services.choose(whom=others[0][1].pk, by=nadia.user, at=scene.at)
        services.choose(whom=hers.pk, by=others[0][0].user, at=scene.at)
