"""Lucide's line icons as inline SVG. They are decoration: the word beside them carries the meaning."""

from functools import lru_cache

import lucide


@lru_cache(maxsize=256)
def svg(name: str) -> str:
    """The icon called `name` (lucide.dev/icons), hidden from screen readers. Raises lucide.IconDoesNotExist."""
    shape = {"class": "icon", "aria-hidden": "true", "focusable": "false", "stroke-width": "1.75"}
    return str(lucide._render_icon(name, None, **shape))
