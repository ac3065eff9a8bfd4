"""A real browser against a real server.

`server` is `competition serve` in its own process on a free port with its own var folder; it can be killed without
warning and started again on the same port. Without a browser these tests are skipped, except in the continuous check
(CI=true), where that is a failure: a walk nobody took proves nothing.
"""

import base64
import contextlib
import hashlib
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.browser.judge_walk import PORTRAIT, Venue
from tests.serving import VENUE, Server, free_port

CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
# ms; a state that is never reached fails later, one that is reached late does not fail
expect.set_options(timeout=30_000)
MINE = f"--started-by={os.getpid()}"  # Chromium ignores it; kill_browsers knows its own by it
PATIENCE = 600.0  # s; the longest walk, all pages of all desks, takes 120 s on an idle machine
ARGUMENTS = [MINE, "--no-sandbox", f"--host-resolver-rules=MAP {VENUE} 127.0.0.1"]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browsers() -> list[Browser]:
    """The browser that is shared by the walks of this process, once one has been started."""
    return []


@pytest.fixture
def browser(browsers: list[Browser], patience: None, request: pytest.FixtureRequest) -> Browser:
    """Chromium of this machine; `http://venue.test:PORT/` leads to the server. Started anew where a walk brought it down."""
    if CHROMIUM is None:
        message = "NO BROWSER: the browser tests did not run; `apt-get install chromium` brings one"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    if not browsers or not browsers[-1].is_connected():
        playwright: Playwright = request.getfixturevalue("playwright")
        browsers.append(playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS))
    return browsers[-1]


@pytest.fixture
def patience() -> Iterator[None]:
    """A walk that waits for ever loses its browser after a while and so fails by name, instead of holding up the whole run: closing,
    evaluating and a few more of Playwright's calls know no time limit."""
    timer = threading.Timer(PATIENCE, kill_browsers)
    timer.start()
    yield
    timer.cancel()


def kill_browsers() -> None:
    """End every Chromium that this process started."""
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if MINE.encode() in command.read_bytes().split(b"\0"):
                os.kill(int(command.parent.name), signal.SIGKILL)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running server with an empty database: one organiser and nothing else."""
    running = Server(tmp_path / "var", free_port(), ("--no-sample",)).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def sample_server(tmp_path_factory: pytest.TempPathFactory, sample_var: Path) -> Iterator[Server]:
    """A running server with the sample games. Shared: look, and change only what the next test does not need."""
    var = tmp_path_factory.mktemp("sample") / "var"
    shutil.copytree(sample_var, var)
    running = Server(var, free_port()).start()
    yield running
    running.stop()


@pytest.fixture
def organiser_login(server: Server) -> tuple[str, str]:
    """The organiser's user name and password, as the terminal prints them."""
    return server.login("organiser")


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Venue]:
    """A venue of this test's own, to be killed or looked into."""
    running = Venue(tmp_path / "var", free_port(), ("--no-sample",)).lay_out()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def open_venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    """One venue for all tests that only look; each takes a seat that no other one marks in."""
    running = Venue(tmp_path_factory.mktemp("open") / "var", free_port(), ("--no-sample",)).lay_out()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def tablet(browser: Browser) -> Iterator[Page]:
    """A tablet's browser; an error in a script fails the test."""
    context = browser.new_context(viewport=PORTRAIT, has_touch=True, locale="zh-CN")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.unroute_all(behavior="ignoreErrors")  # a heartbeat may be on its way through a test's route
    context.close()
    assert errors == []


@pytest.fixture(params=["zh-CN", "en"], ids=["zh", "en"])
def judge(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A tablet in one of the two languages."""
    context = browser.new_context(viewport=PORTRAIT, has_touch=True, locale=request.param, reduced_motion="reduce")
    if request.param == "en":
        context.add_cookies([{"name": "lang", "value": "en", "url": f"http://{VENUE}/"}])
    yield context.new_page()
    context.close()


@pytest.fixture
def secure_venue(tmp_path: Path) -> Iterator[Venue]:
    """A venue served with --tls, found under its name."""
    options = ("--no-sample", "--tls", "--name", VENUE, "--trust-port", str(free_port()))
    running = Venue(tmp_path / "var", free_port(), options).lay_out()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def trusting(secure_venue: Venue, browser: Browser) -> Iterator[Browser]:
    """A browser to which the server's certificate is genuine. Chromium takes its authorities from a database this machine
    need not have, so it is told the key; for a service worker that counts as trust, unlike a warning clicked away."""
    served = x509.load_pem_x509_certificate((secure_venue.var / "tls" / "server.crt").read_bytes())
    key = served.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    known = base64.b64encode(hashlib.sha256(key).digest()).decode()
    arguments = [*ARGUMENTS, f"--ignore-certificate-errors-spki-list={known}"]
    chromium = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    yield chromium
    chromium.close()


@pytest.fixture
def secure_tablet(trusting: Browser) -> Iterator[Page]:
    """A tablet that has the authority; an error in a script fails the test."""
    context = trusting.new_context(viewport=PORTRAIT, has_touch=True, locale="zh-CN")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
