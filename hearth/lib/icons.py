"""Lucide's line icons as inline SVG. They are decoration: the word beside them carries the meaning."""

from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import lucide

NAMESPACE = "{http://www.w3.org/2000/svg}"  # goes without saying inside a page
LOOKS = {"class": "icon", "aria-hidden": "true", "focusable": "false", "stroke-width": "1.75"}


@lru_cache(maxsize=256)
def svg(name: str) -> str:
    """The icon called `name` (lucide.dev/icons), hidden from screen readers. Raises lucide.IconDoesNotExist."""
    try:
        drawn = ElementTree.fromstring(_all().read(f"{name}.svg"))  # noqa: S314 - the wheel's own file
    except KeyError as unknown:
        raise lucide.IconDoesNotExist(f"The icon {name!r} does not exist.") from unknown
    for shape in drawn.iter():
        shape.tag = shape.tag.removeprefix(NAMESPACE)
    drawn.attrib.update(LOOKS)
    return ElementTree.tostring(drawn, encoding="unicode")


@cache
def _all() -> ZipFile:
    """The archive of all icons, opened once: lucide itself opens it for each, which takes 15 ms."""
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))
