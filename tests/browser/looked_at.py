"""axe-core looks at a judge's page: as it stands, or turned on its side with the largest text and high contrast."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
LANDSCAPE = {"width": 1133, "height": 744}
DRESS = "([size, contrast]) => Object.assign(document.documentElement.dataset, { size, contrast })"
WORN = "[document.documentElement.dataset.size ?? 'm', document.documentElement.dataset.contrast ?? 'normal']"


def faults(page: Page) -> list[str]:
    """What axe finds, each with its place. Chinese as it stands; English, whose words are longer, in the other dress: a look takes
    axe most of a second, and both dresses in both languages would take two minutes."""
    if page.locator("html").get_attribute("lang") != "en":
        return _look(page)
    size, worn = page.viewport_size, page.evaluate(WORN)
    assert size is not None
    page.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]
    page.evaluate(DRESS, ["xl", "more"])
    found = _look(page)
    page.evaluate(DRESS, worn)
    page.set_viewport_size(size)
    return found


def _look(page: Page) -> list[str]:
    page.wait_for_timeout(150)  # a colour that is still changing is no fault
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]
    ]
