"""What Lighthouse says of the public pages and of a student's first screen, as on a slow phone.

    python bench/lighthouse.py [--quick] [--json FILE]

Lighthouse 12 (from npm, fetched for this) opens each page in Chromium with its mobile profile: a throttled line and a
quarter of the processor. Of three runs the median counts; `--quick` makes one, of the front page and the student's.
Goals: 95 or more for performance, accessibility and best practices of every public page, under 100 kB each, and the
largest content of a student's Today within 2 s.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from parts import first_look
from parts.report import figure, finish
from parts.web import cookie_of

LIGHTHOUSE = "lighthouse@12.8.2"
CHROMIUM = os.environ.get("HEARTH_CHROMIUM", "/usr/bin/chromium-headless-shell")
KINDS = ("performance", "accessibility", "best-practices")
PUBLIC = (
    "/",
    "/check/",
    "/talk/",
    "/en/about/what-an-iop-is/",
    "/en/about/a-week/",
    "/en/about/costs/",
    "/es/about/questions/",
    "/help-now/",
)
TODAY = "/today/"
GOAL, MOST_KB, START_S = 95, 100, 2.0
THROUGH_PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.18.0.7"}
REDIRECTED = "behind a redirect"
"""What Chromium complains of because it fetches the service worker without the headers of our proxy's."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Public pages and a student's first screen, judged by Lighthouse.")
    parser.add_argument("--quick", action="store_true", help="one run of the front page and of the student's")
    parser.add_argument("--json", help="write the figures to this file")
    options = parser.parse_args()
    with first_look.served(secure=True) as (address, house):
        cookie = _student(house)
        pages = [*(PUBLIC[:1] if options.quick else PUBLIC), TODAY]
        times = 1 if options.quick else 3
        found = {page: _judged(address + page, cookie if page == TODAY else "", times) for page in pages}
    print(f"{'page':<28} {'perf.':>6} {'access.':>8} {'best pr.':>9} {'largest':>8} {'kB':>5}")
    for page, one in found.items():
        scores = " ".join(f"{one[kind]:>7.0f}" for kind in KINDS)
        print(f"{page:<28} {scores} {one['largest']:>7.1f}s {one['kb']:>5.0f}")
    public = [one for page, one in found.items() if page != TODAY]
    figures = {kind: figure(min(one[kind] for one in public), "of 100", GOAL, better="more") for kind in KINDS}
    figures["heaviest_public_page"] = figure(max(one["kb"] for one in public), "kB", MOST_KB, places=1)
    figures["students_today_largest_content"] = figure(found[TODAY]["largest"], "s", START_S, places=2)
    return finish("lighthouse", figures, to=options.json, whole=not options.quick)


def _student(house: Any) -> str:
    """The session of a student in care."""
    from django.conf import settings

    from hearth.lib import tenancy
    from hearth.people.testing import make_patient

    with tenancy.within(house):
        patient = make_patient("Maya", "Reyes", at=datetime.now(UTC))
        return f"{settings.SESSION_COOKIE_NAME}={cookie_of(patient.user)}"


def _judged(address: str, cookie: str, times: int) -> dict[str, float]:
    """The median of so many runs: scores of 100, seconds to the largest content, kB that came over the line."""
    runs = [_run(address, cookie) for _ in range(times)]
    return {name: statistics.median(one[name] for one in runs) for name in runs[0]}


def _run(address: str, cookie: str) -> dict[str, float]:
    headers = THROUGH_PROXY | ({"Cookie": cookie} if cookie else {})
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "report.json"
        command = ["npm", "exec", "--yes", "--ignore-scripts", f"--package={LIGHTHOUSE}", "--", "lighthouse", address,
                   "--quiet", "--output=json", f"--output-path={to}", f"--only-categories={','.join(KINDS)}",
                   f"--extra-headers={json.dumps(headers)}",
                   "--chrome-flags=--headless --no-sandbox --disable-gpu"]  # fmt: skip
        subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": CHROMIUM}, stdout=subprocess.DEVNULL)
        report = json.loads(to.read_text())
    final = report["finalDisplayedUrl"]
    assert final == address, f"{address} led to {final}"
    audits = report["audits"]
    return {kind: 100 * _score(report, kind) for kind in KINDS} | {
        "largest": audits["largest-contentful-paint"]["numericValue"] / 1000,
        "kb": audits["total-byte-weight"]["numericValue"] / 1000,
    }


def _score(report: dict[str, Any], kind: str) -> float:
    """The score of this kind, without what only the missing proxy makes Chromium complain of."""
    complaints = report["audits"].get("errors-in-console", {}).get("details", {}).get("items", [])
    if kind != "best-practices" or not complaints or any(REDIRECTED not in one["description"] for one in complaints):
        return float(report["categories"][kind]["score"])
    refs = [
        one for one in report["categories"][kind]["auditRefs"] if one["id"] != "errors-in-console" and one["weight"]
    ]
    scored = [(report["audits"][one["id"]]["score"], one["weight"]) for one in refs]
    told = [(score, weight) for score, weight in scored if score is not None]
    return float(sum(score * weight for score, weight in told) / sum(weight for _score, weight in told))


if __name__ == "__main__":
    sys.exit(main())
