"""How the minutes of a session are shared out over its parts. Pure."""

from collections.abc import Sequence

STEP = 5  # minutes: clocks in rooms are read no finer


def laid_out(parts: Sequence[int], *, minutes: int) -> list[int]:
    """`minutes` shared out in the proportion of `parts`, in steps of five; what is left over goes to the longest.

    No part is negative, and together they are exactly `minutes`, however short the session.
    """
    whole = sum(parts)
    if not parts or whole <= 0:
        return []
    found = [minutes * part // whole // STEP * STEP for part in parts]
    found[max(range(len(parts)), key=lambda n: parts[n])] += minutes - sum(found)
    return found
