"""Every tool of a student's is usable within three taps of Today: the links are walked as a thumb would."""

import re

import pytest
from django.urls import reverse

from hearth.admission.testing import make_episode
from hearth.plan.services import agree_goal
from hearth.program import pack
from hearth.skills import map_services
from hearth.skills import urls as skills
from hearth.skills.sheet_kinds import kinds

TODAY, TAPS = reverse("web:today"), 3
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#?]*)[^"]*"')
TOOLBOX = ("/my/skills/", "/my/plan/", "/my/goals/", "/my/notebook/", "/my/week/", "/calm/")
"""Where tools are; what else Today leads to is not gone into."""


def taps_from_today(client):
    """How many taps away each page is that links lead to, up to `TAPS`."""
    away, edge = {TODAY: 0}, [TODAY]
    for tap in range(1, TAPS + 1):
        pages = [client.get(page) for page in edge]
        assert [page.status_code for page in pages] == [200] * len(pages)
        found = {link for page in pages for link in LINK.findall(page.text)}
        edge = [link for link in sorted(found - away.keys()) if link.startswith(TOOLBOX)]
        away |= dict.fromkeys(sorted(found - away.keys()), tap)
    return away


def tools(client):
    """Every page of a tool that needs nothing to exist before, the sheets, and what stands on floors of its own."""
    plain = [reverse(f"skills:{path.name}") for path in skills.urlpatterns if not path.pattern.converters]
    shown = [page for page in plain if client.get(page).status_code == 200]
    sheets = [reverse("skills:new-sheet", args=[kind]) for kind in kinds()]
    return [
        *shown,
        *sheets,
        *map(
            reverse,
            ("notebook:home", "plan:mine", "medical:reminders", "web:my-whole-week", "safety:plan-mine", "web:my-way"),
        ),
    ]


@pytest.fixture
def student(maya, dana, now):
    """Maya, with a goal and somebody on her map."""
    stay = make_episode(maya, by=dana, at=now)
    agree_goal(episode=stay, words="Sleep before one", first_step="", by=maya.user, at=now)
    map_services.put(name="Alma", note="", kind="friend", ring=1, knows="yes", effect="easier", by=maya.user, at=now)
    return maya


def test_each_tool_is_usable_within_three_taps_of_today(as_user, student):
    client = as_user(student.user)
    away, found = taps_from_today(client), tools(client)
    assert reverse("skills:new-urge") in found
    assert sorted(set(found) - away.keys()) == []
    assert reverse("plan:goal", args=[student.goals.get().pk]) in away


def test_each_lesson_is_two_taps_away(as_user, student):
    away = taps_from_today(as_user(student.user))
    described = pack.get(student.episodes.get().program.pack)
    lessons = [lesson for module in described.modules for lesson in module.lessons]
    assert {away.get(reverse("skills:lesson", args=[lesson])) for lesson in lessons} == {2}
