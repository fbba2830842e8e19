"""How a journey looks at a page: through the rules of WCAG, as axe reads them."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CALM_ROOMS = ".room-student, .room-public"  # where text and buttons reach 7:1


def axe_clean(page: Page) -> None:
    """Fail with what axe finds on this page; in the students', families' and public rooms contrast is 7:1."""
    everywhere: dict[str, object] = {"runOnly": {"type": "tag", "values": AA}}
    if page.locator("body").and_(page.locator(CALM_ROOMS)).count():
        # 7:1 holds for the whole page and takes the place of 4.5:1: one reading is enough.
        rules = {"color-contrast": {"enabled": False}, "color-contrast-enhanced": {"enabled": True}}
        found = problems(page, everywhere | {"rules": rules})
    else:
        found = problems(page, everywhere)
        if page.locator(CALM_ROOMS).count():
            found += problems(page, {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}, CALM_ROOMS)
    assert not found, f"{page.url}:\n" + "\n".join(found)


def problems(page: Page, options: dict[str, object], within: str | None = None) -> list[str]:
    """One line per finding: the rule, the element, what is wrong."""
    # Without "preload" axe does not copy style sheets into the page, where their relative imports would miss.
    asked = {**options, "preload": False, "resultTypes": ["violations"]}
    page.evaluate(AXE)
    # What holds is not brought over: it is most of what axe tells, and nobody reads it.
    violations = page.evaluate(
        "async ([where, asked]) => (await axe.run(where ?? document, asked)).violations", [within, asked]
    )
    return [
        f"{found['id']}: {node['target']} {node['failureSummary']}" for found in violations for node in found["nodes"]
    ]
