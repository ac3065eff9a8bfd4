"""axe-core looks at the desks' pages, each as its role, at laptop size: nothing may be found. Row 71; WCAG 2.2 AA."""

from playwright.sync_api import Browser

from tests.browser.looked_at import faults
from tests.serving import Server

LAPTOP = {"width": 1366, "height": 768}
PAGES = {
    "organiser": ("", "/events", "/games", "/intake", "/people", "/permissions", "/password", "{event}", "{event}/setup", "{event}/rules"),
    "chief": ("", "{event}", "{event}/judges", "{event}/lock", "{event}/decisions", "{event}/slots"),
    "encryptor": ("", "{event}/draw", "{event}/judges", "{event}/keys"),
    "clerk": ("", "{event}/checkin", "{event}/handover"),
}  # fmt: skip


def test_nothing_is_found_on_the_desks_pages(browser: Browser, sample_server: Server) -> None:
    seen: dict[str, list[str]] = {}
    for role, paths in PAGES.items():
        context = browser.new_context(viewport=LAPTOP)  # type: ignore[arg-type]
        page = context.new_page()
        username, password = sample_server.login(role)
        page.goto(f"{sample_server.desk_url}/login")
        page.locator("#username").fill(username)
        page.locator("#password").fill(password)
        page.locator("main button[type=submit]").click()
        page.wait_for_url("**/desk")
        page.goto(f"{sample_server.desk_url}/desk/events")
        event = page.locator(".lines th a").first.get_attribute("href")
        assert event
        for path in paths:
            answer = page.goto(
                sample_server.desk_url + (path.replace("{event}", event) if path.startswith("{") else f"/desk{path}")
            )
            assert answer is not None
            assert answer.status == 200, (role, path)
            seen[f"{role} {path}"] = faults(page)
        context.close()
    assert {place: found for place, found in seen.items() if found} == {}
