"""A real browser against a real server.

`server` is `competition serve` in its own process on a free port with its own var folder; it can be killed without warning
and started again on the same port. Without a browser these tests are skipped, except in the continuous check (CI=true),
where that is a failure: a walk nobody took proves nothing.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
# A name that is not a secure context, as at a venue: plain localhost would hide what plain HTTP lacks.
VENUE = "venue.test"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine; `http://venue.test:PORT/` leads to the server."""
    if CHROMIUM is None:
        message = "NO BROWSER: the browser tests did not run; `apt-get install chromium` brings one"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", f"--host-resolver-rules=MAP {VENUE} 127.0.0.1"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@dataclass
class Server:
    """`competition serve` in its own process. `url` is at the venue's name, `desk_url` at the loopback address."""

    var: Path
    port: int
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://{VENUE}:{self.port}"

    @property
    def desk_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Server":
        """Start and wait until /health answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from competition.cli import main; main()", "serve", "--host", "127.0.0.1",
                 "--port", str(self.port), "--var", str(self.var), *self.options],
                stdout=log, stderr=log,
            )  # fmt: skip
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended:\n{self.log.read_text()}")
            try:
                with urlopen(f"{self.desk_url}/health", timeout=1):
                    return self
            except (URLError, OSError):
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"no answer in a minute:\n{self.log.read_text()}")

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL, nothing flushed."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator does."""
        self._end(signal.SIGTERM)

    def restart(self) -> "Server":
        """Start it again: same data, same port."""
        self.kill()
        return self.start()

    @property
    def log(self) -> Path:
        return self.var.with_suffix(".log")

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(20)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running server with an empty database: one organiser and nothing else."""
    running = Server(tmp_path / "var", free_port(), ("--no-sample",)).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def sample_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server with the sample games. Shared: look, and change only what the next test does not need."""
    running = Server(tmp_path_factory.mktemp("sample") / "var", free_port()).start()
    yield running
    running.stop()


@pytest.fixture
def organiser_login(server: Server) -> tuple[str, str]:
    """The organiser's user name and password, as the terminal prints them."""
    username, password = (server.var / "first-login.txt").read_text(encoding="utf-8").split()
    return username, password


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
