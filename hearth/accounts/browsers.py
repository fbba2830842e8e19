"""Browsers that are signed in: Django's sessions, each with the account it opens, so that its owner sees them all.

What a session holds stays where Django keeps it; the column `user` alone is drawn out, to find them by.
"""

import re
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as KeptInDatabase

from hearth.accounts.models import Browser

BRANDS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("ChromeOS", r"CrOS"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)


class SessionStore(KeptInDatabase):
    """Sessions in PostgreSQL, with whose they are."""

    @classmethod
    def get_model_class(cls) -> type[Browser]:
        return Browser

    def create_model_instance(self, data: dict[str, Any]) -> Browser:
        row = cast(Browser, super().create_model_instance(data))
        row.user_id = data.get(SESSION_KEY)
        return row


def told_by(user_agent: str) -> str:
    """Roughly which browser this is, as its owner would say it: `Firefox, Android`; "" if it does not say."""
    found = [next((name for name, mark in table if re.search(mark, user_agent)), "") for table in (BRANDS, SYSTEMS)]
    return ", ".join(word for word in found if word)
