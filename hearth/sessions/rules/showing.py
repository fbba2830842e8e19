"""What a group sees together: its check-in round as one picture, and what may be drawn on the whiteboard. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

FEELINGS = (
    *("calm", "hopeful", "grateful", "proud", "content", "curious"),
    *("tired", "tense", "restless", "sad", "lonely", "ashamed", "angry", "afraid", "numb", "overwhelmed"),
)
HIGHEST = 10
LEAST_FOR_A_PICTURE = 3  # with two answers each who gave one would read the other's
TIMERS = (1, 2, 5, 10, 15)  # minutes
WIDE, HIGH = 1000, 600  # the whiteboard
MOST_POINTS, MOST_STROKES, LONGEST_TEXT = 200, 200, 80  # all of it is sent anew to everyone with each stroke


@dataclass(frozen=True, slots=True)
class Picture:
    """A round without anyone's name: how many said each number from 0 to 10, and each word, the commonest first."""

    answered: int
    numbers: tuple[int, ...]
    words: tuple[tuple[str, int], ...]


def picture(answers: Iterable[tuple[str, int]]) -> Picture | None:
    """The group's picture of these words and numbers; None where somebody could tell whose they are."""
    said = list(answers)
    if len(said) < LEAST_FOR_A_PICTURE:
        return None
    numbers = Counter(number for _word, number in said)
    words = Counter(word for word, _number in said)
    ordered = sorted(words.items(), key=lambda pair: (-pair[1], FEELINGS.index(pair[0])))
    return Picture(len(said), tuple(numbers[each] for each in range(HIGHEST + 1)), tuple(ordered))


class NotDrawn(ValueError):
    """This is nothing that can stand on the whiteboard."""


def drawn(found: object, *, text: object = "") -> tuple[tuple[int, ...], str]:
    """The points (x, y, x, y …) and words of a stroke that a browser sent. Raises NotDrawn."""
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise NotDrawn
    if not isinstance(found, list) or len(found) % 2 or not 2 <= len(found) <= 2 * MOST_POINTS:
        raise NotDrawn
    if not all(type(one) is int for one in found):
        raise NotDrawn
    xs, ys = found[::2], found[1::2]
    if not (all(0 <= x <= WIDE for x in xs) and all(0 <= y <= HIGH for y in ys)):
        raise NotDrawn
    return tuple(found), text.strip()
