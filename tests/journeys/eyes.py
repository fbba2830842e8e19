"""How a journey looks at a page: through the rules of WCAG, as axe reads them.

A page is read for what it has that was not read before: see `eyes.js` for what makes two elements the same.
"""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

MARKS = Path(__file__).with_suffix(".js").read_text()
AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Without "preload" axe does not copy style sheets into the page, where their relative imports would miss.
PROBLEMS = """async ({ fresh, tags }) => {
  const { everywhere, calm } = whereToLook(fresh);
  const options = { runOnly: { type: "tag", values: tags }, preload: false, resultTypes: ["violations"] };
  const seven = { ...options, runOnly: { type: "rule", values: ["color-contrast-enhanced"] } };
  // 7:1 holds for the whole page and takes the place of 4.5:1, or for a part of it.
  const rules = { "color-contrast": { enabled: false }, "color-contrast-enhanced": { enabled: true } };
  const isCalm = calm && calm.include.includes(document.body);
  const found = await axe.run(everywhere, isCalm ? { ...options, rules } : options);
  const more = calm && !isCalm ? await axe.run(calm, seven) : { violations: [] };
  return [...found.violations, ...more.violations].flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}"""
read: set[str] = set()  # marks of what was found clean, in this process


def axe_clean(page: Page) -> None:
    """Fail with what axe finds on this page; in the students', families' and public rooms contrast is 7:1."""
    fresh = set(page.evaluate(MARKS)) - read
    if not fresh:
        return
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(PROBLEMS, {"fresh": list(fresh), "tags": AA})
    assert not found, f"{page.url}:\n" + "\n".join(found)
    read.update(fresh)
