"""`competition serve` as a process of its own, for tests that need one to kill; an application of this process on a port.

The process is forked from one that has the program's modules loaded, which saves two of the two and a half seconds that
a start takes. tests/cli/test_serve.py starts the command itself.
"""

import multiprocessing
import os
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import uvicorn
from litestar import Litestar

from competition.cli import main

_warm = multiprocessing.get_context("forkserver")
_warm.set_forkserver_preload(["competition.cli.serve", "tests.serving"])

# A name that is not a secure context, as at a venue: plain localhost would hide what plain HTTP lacks.
VENUE = "venue.test"


@dataclass
class Server:
    """`competition serve` in its own process. `url` is at the venue's name, `desk_url` at the loopback address."""

    var: Path
    port: int
    options: tuple[str, ...] = ()
    process: BaseProcess | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{VENUE}:{self.port}"

    @property
    def desk_url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def scheme(self) -> str:
        return "https" if "--tls" in self.options or "--cert" in self.options else "http"

    @property
    def trust(self) -> ssl.SSLContext | None:
        """What a machine with the venue's authority installed trusts."""
        authority = self.var / "tls" / "authority.crt"
        return ssl.create_default_context(cafile=authority) if self.scheme == "https" and authority.exists() else None

    def start(self) -> "Server":
        """Start and wait until /health answers."""
        command = ["serve", "--host", "127.0.0.1", "--port", str(self.port), "--var", str(self.var), *self.options]
        self.process = _warm.Process(target=_run, args=(command, str(self.log), dict(os.environ)))
        self.process.start()
        for _ in range(1800):
            if not self.process.is_alive():
                raise RuntimeError(f"the server ended:\n{self.log.read_text()}")
            try:
                with urlopen(f"{self.desk_url}/health", timeout=1, context=self.trust):
                    return self
            except (URLError, OSError):
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"no answer in three minutes:\n{self.log.read_text()}")

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

    def login(self, username: str) -> tuple[str, str]:
        """User name and password as the terminal prints them: organiser; with the sample games also chief, encryptor,
        supervisor, clerk, announcer."""
        logins = dict(line.split() for line in (self.var / "first-login.txt").read_text(encoding="utf-8").splitlines())
        return username, logins[username]

    @property
    def log(self) -> Path:
        return self.var.with_suffix(".log")

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.is_alive():
            assert self.process.pid is not None
            os.kill(self.process.pid, how)
            self.process.join(20)
            assert not self.process.is_alive(), f"the server did not end:\n{self.log.read_text()}"


def _run(command: list[str], log: str, environment: dict[str, str]) -> None:
    """In the new process: the program as its own command starts it, its words into `log`."""
    os.environ.update(environment)  # the warm process has what was there when it began
    with open(log, "ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["competition", *command]
    main()


@contextmanager
def listening(app: Litestar) -> Iterator[str]:
    """`app` on a loopback port for browsers, while the test still has its store in hand; gives its address.

    The socket is bound here and handed over: a port that is only believed to be free may be taken in between.
    """
    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the server ended before it listened")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)
        if thread.is_alive():
            raise RuntimeError("the server did not end")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
