"""Settings read from the environment; one that cannot be what it says is a ValueError with a sentence."""

from collections.abc import Mapping


def is_on(environment: Mapping[str, str], name: str, *, otherwise: bool) -> bool:
    """A switch: 1 is on, 0 or nothing is off."""
    said = environment.get(name, "1" if otherwise else "0").strip()
    if said not in ("", "0", "1"):
        raise ValueError(f"{name} is 1 or 0, not {said!r}.")
    return said == "1"


def port(environment: Mapping[str, str], name: str, otherwise: int) -> int:
    """The number of a port."""
    said = environment.get(name, "").strip() or str(otherwise)
    if not (said.isascii() and said.isdigit() and 0 < int(said[:6]) < 1 << 16):
        raise ValueError(f"{name} is the number of a port, 1 to 65535, not {said!r}.")
    return int(said)


def address(environment: Mapping[str, str], name: str, otherwise: str) -> str:
    """The address of a web site."""
    said = environment.get(name, "").strip() or otherwise
    if not said.startswith(("http://", "https://")):
        raise ValueError(f"{name} begins with https:// or http://, unlike {said!r}.")
    return said
