"""Queries and server time of every page, on the demo and on a tenfold demo.

    python bench/pages.py [--quick] [--json FILE]

Goals: no page's queries grow, p95 grows less than 1.5 times, p95 stays under 100 ms. Each demo is loaded into a
database of its own under `var/bench`, which is deleted at the end.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from parts.report import figure, finish

ROOT = Path(__file__).parent.parent
LARGE = 10
GROWTH, P95_MS = 1.5, 100.0
NOISE_MS = 5.0  # differences below this are the clock's


def main() -> int:
    options = _options()
    if options.walk:
        print(json.dumps(_walk(options.times)))
        return 0
    times = 5 if options.quick else 20
    measured = {size: _measure(size, times) for size in (1, LARGE)}
    figures = _figures(measured[1], measured[LARGE])
    return finish("pages", figures, to=options.json, whole=figures["pages"]["value"] > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Queries and server time of every page.")
    parser.add_argument("--quick", action="store_true", help="stay under ten minutes")
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--walk", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--times", type=int, default=5, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(size: int, times: int) -> list[dict[str, Any]]:
    """Every visit on a demo of `size` houses, in a process and a database of its own."""
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as var:
        Path(var).chmod(0o755)  # PostgreSQL may run as another user, who must be able to enter
        environment = os.environ | {"HEARTH_VAR": var, "PYTHONPATH": str(ROOT)}
        hearth = [sys.executable, "-m", "hearth.cli"]
        try:
            for command in (["migrate"], ["demo", "--times", str(size)]):
                subprocess.run([*hearth, *command], env=environment, cwd=ROOT, check=True, stdout=sys.stderr)
            walk = [sys.executable, __file__, "--walk", "--times", str(times)]
            done = subprocess.run(walk, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        finally:
            subprocess.run([*hearth, "database", "stop"], env=environment, cwd=ROOT, check=False, stdout=sys.stderr)
        visits: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
        return visits


def _walk(times: int) -> list[dict[str, Any]]:
    import logging

    from django.conf import settings

    import hearth.asgi  # noqa: F401 - what is measured is set up as the web server is

    logging.disable(logging.CRITICAL)  # who may not enter is no trouble here
    settings.ALLOWED_HOSTS = ["*"]
    from hearth.lib import postgres
    from hearth.web.testing import walk

    with postgres.running(settings.VAR_DIR):
        return [
            {"page": f"{each.page} as {each.reader.split('@')[0] or 'anybody'}", "status": each.status,
             "queries": each.queries, "ms": [1000 * one for one in each.seconds]}
            for each in walk(times=times)
        ]  # fmt: skip


def _figures(small: list[dict[str, Any]], large: list[dict[str, Any]]) -> dict[str, Any]:
    before, after = ({each["page"]: each for each in visits} for visits in (small, large))
    both = sorted(before.keys() & after.keys())
    broken = [each["page"] for each in (*small, *large) if each["status"] != 200]
    print(f"{'page':<62} {'queries':>9} {'p50 ms':>13} {'p95 ms':>13}")
    grown, slow = [], []
    slowest: dict[str, float] = defaultdict(float)
    for page in (each for each in both if before[each]["ms"] and after[each]["ms"]):
        b, a = before[page], after[page]
        figures = [(statistics.median(one["ms"]), _p95(one["ms"])) for one in (b, a)]
        (b50, b95), (a50, a95) = figures
        print(f"{page:<62} {b['queries']:>4} {a['queries']:>4} {b50:>6.0f} {a50:>6.0f} {b95:>6.0f} {a95:>6.0f}")
        grown += [page] if a["queries"] > b["queries"] else []
        slow += [page] if a95 > GROWTH * b95 and a95 - b95 > NOISE_MS else []
        slowest["demo"] = max(slowest["demo"], b95)
        slowest["tenfold"] = max(slowest["tenfold"], a95)
    for words, pages in (("Broken", broken), ("More queries", grown), ("Slower than 1.5 times", slow)):
        print(f"{words}: {', '.join(pages) or 'none'}")
    return {
        "pages": figure(len(both), "pages and readers", None),
        "pages_broken": figure(len(broken), "pages", 0),
        "pages_with_more_queries": figure(len(grown), "pages", 0),
        "pages_slower_than_1_5_times": figure(len(slow), "pages", 0),
        "slowest_p95_demo": figure(round(slowest["demo"], 1), "ms", P95_MS),
        "slowest_p95_tenfold": figure(round(slowest["tenfold"], 1), "ms", P95_MS),
    }


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, -(-95 * len(values) // 100) - 1)]


if __name__ == "__main__":
    sys.exit(main())
