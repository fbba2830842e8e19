"""How well the rules on contact hold what they must, and let ordinary posts through.

    python bench/contact_rule.py [--quick] [--json FILE]

Judged on `hearth/circle/contact_examples/judged.toml`, which was written after the rules; none was written with it, and
nothing is learnt from it. `taught.toml` teaches what reads like contact; it is measured by cross-validation.
It prints no text of that list: who saw what was missed would mend the rules for it, and it could judge no longer.
"""

import argparse
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

from parts.report import figure, finish

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from hearth.circle import contact_rule, likeness, rules  # noqa: E402
from hearth.lib import phrases  # noqa: E402

FOLDER = ROOT / "hearth" / "circle" / "contact_examples"
RECALL, FALSE_HOLDS = 0.98, 0.02
FOLDS = 6
LINE = "{:<10} {:>8} {:>6} {:>8} {:>9} {:>6} {:>8} {:>10}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Recall and false holds of the rules on contact.")
    parser.add_argument("--quick", action="store_true", help="changes nothing: it takes seconds")
    parser.add_argument("--json", help="write the figures to this file")
    options = parser.parse_args()
    rules.judge("")  # read the rules before anything is timed
    figures: dict[str, Any] = {}
    print(LINE.format("list", "contact", "held", "recall", "ordinary", "held", "rate", "ms a post"))
    for name in ("tuned", "taught", "judged"):
        lists = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        found = _measure(name, lists) if name != "taught" else _crossed(name, lists)
        is_judge = name == "judged"
        figures[f"{name}_recall"] = figure(found["recall"], "share", RECALL if is_judge else None, better="more")
        figures[f"{name}_false_holds"] = figure(found["false"], "share", FALSE_HOLDS if is_judge else None)
        figures[f"{name}_milliseconds_a_post"] = figure(found["ms"], "ms", None)
    return finish("contact_rule", figures, to=options.json)


def _measure(name: str, lists: dict[str, list[str]]) -> dict[str, float]:
    """What is held by the rules on contact of what must be, and by any rule of what is ordinary."""
    started = time.perf_counter()
    held = sum(bool(contact_rule.found_in(text)) for text in lists["held"])
    wrong = sum(rules.judge(text).is_held for text in lists["ordinary"])
    return _told(name, lists, held, wrong, time.perf_counter() - started)


def _crossed(name: str, lists: dict[str, list[str]]) -> dict[str, float]:
    """The same where every sixth of the list is read by what the other five teach."""
    started, found = time.perf_counter(), {"held": 0, "ordinary": 0}
    for fold in range(FOLDS):
        rest = {side: [text for at, text in enumerate(texts) if at % FOLDS != fold] for side, texts in lists.items()}
        weights = likeness.counted(rest["held"], rest["ordinary"])
        for side, texts in lists.items():
            for text in texts[fold::FOLDS]:
                by_phrase = bool(phrases.found_in(text, contact_rule.rules()))
                found[side] += by_phrase or likeness.likeness(text, weights) > likeness.READS_ALIKE
    return _told(name, lists, found["held"], found["ordinary"], time.perf_counter() - started)


def _told(name: str, lists: dict[str, list[str]], held: int, wrong: int, seconds: float) -> dict[str, float]:
    must, ordinary = len(lists["held"]), len(lists["ordinary"])
    recall, false, ms = held / must, wrong / ordinary, seconds * 1000 / (must + ordinary)
    shares = f"{recall:.3f}", f"{false:.3f}", f"{ms:.2f}"
    print(LINE.format(name, must, held, shares[0], ordinary, wrong, *shares[1:]))
    return {"recall": round(recall, 4), "false": round(false, 4), "ms": round(ms, 3)}


if __name__ == "__main__":
    sys.exit(main())
