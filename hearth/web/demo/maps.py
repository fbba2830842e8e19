"""Maya's map of her people, which she shares, and Rosa's, in Spanish, which she keeps to herself."""

from datetime import timedelta
from typing import Any

from hearth.skills.map_services import put, share
from hearth.web.demo.charts import Chart
from hearth.web.demo.house import Scene

MAYA = (  # name, kind, ring, effect, knows, note
    ("My daughter", "family", 1, "easier", "no", "The reason for most of it"),
    ("Alma", "friend", 1, "easier", "yes", "I can call her at night"),
    ("Alex", "family", 1, "both", "yes", "Kind, and sometimes too worried"),
    ("Basil the cat", "pet", 1, "easier", "unsure", ""),
    ("My sister", "family", 2, "both", "no", "Answers when she can"),
    ("Dr. Osei", "professional", 2, "easier", "yes", ""),
    ("Tuesday meeting", "group", 2, "easier", "yes", "Back row, near the door"),
    ("The library", "place", 2, "easier", "unsure", "Open until eight"),
    ("Rick", "friend", 3, "harder", "no", "Only ever meets at the bar"),
    ("Work crew", "group", 3, "both", "no", ""),
)
ROSA = (
    ("Mi hija Lucía", "family", 1, "easier", "yes", "Viene los domingos"),
    ("Canela", "pet", 1, "easier", "unsure", "Me saca a caminar"),
    ("El coro", "group", 2, "easier", "no", "Quiero volver"),
    ("Padre Tomás", "faith", 2, "easier", "yes", ""),
    ("Mi hermano", "family", 3, "harder", "no", "Se burla de todo esto"),
)


def draw_their_people(scene: Scene, charts: dict[str, Chart]) -> None:
    """Both drew it in one evening some days ago."""
    for key, people in (("Maya Reyes", MAYA), ("Rosa Montenegro", ROSA)):
        if key not in charts:
            continue
        user, at = charts[key].user, scene.at - timedelta(days=6)
        for number, (name, kind, ring, effect, knows, note) in enumerate(people):
            said: dict[str, Any] = {
                "name": name,
                "kind": kind,
                "ring": ring,
                "effect": effect,
                "knows": knows,
                "note": note,
            }
            put(by=user, at=at + timedelta(minutes=number), **said)
        if people is MAYA:
            share(is_shared=True, by=user, at=at + timedelta(days=1))
