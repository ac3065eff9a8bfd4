"""One server on one file: what it prints, what it keeps, what it refuses."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.serving import Server, free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("serve") / "var", free_port(), ("--no-sample",)).start()
    yield running
    running.stop()


def second(server: Server, port: int, *options: str) -> subprocess.CompletedProcess[str]:
    """Another `competition serve` on the same data."""
    command = [sys.executable, "-c", "from competition.cli import main; main()", "serve", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--var", str(server.var), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_start_prints_address_login_and_code(server: Server) -> None:
    printed = server.log.read_text(encoding="utf-8")
    username, password = server.login("organiser")
    assert f"http://127.0.0.1:{server.port}/" in printed
    assert f"{username:<12}{password}" in printed
    assert "█▀▀" in printed


def test_health_answers(server: Server) -> None:
    with urlopen(f"{server.desk_url}/health", timeout=5) as answer:
        assert answer.status == 200
        assert {"version", "schema", "ledger"} <= set(json.load(answer))


def test_data_and_login_are_for_this_user_only(server: Server) -> None:
    assert server.var.stat().st_mode & 0o777 == 0o700
    assert (server.var / "first-login.txt").stat().st_mode & 0o777 == 0o600


def test_second_server_on_the_file_is_refused(server: Server) -> None:
    refused = second(server, free_port())
    assert refused.returncode == 2
    assert "competition.sqlite" in refused.stderr


def test_taken_port_is_refused_with_another_to_try(server: Server) -> None:
    refused = second(server, server.port)
    assert refused.returncode == 2
    assert f"PORT={server.port + 1}" in refused.stderr


def test_address_that_certificates_must_not_carry_is_refused(server: Server) -> None:
    refused = second(server, free_port(), "--public-address", "http://192.168.1.9:8000")
    assert refused.returncode == 2
    assert "https" in refused.stderr


def test_second_start_is_quick_and_keeps_the_data(server: Server) -> None:
    login = server.login("organiser")
    server.stop()
    began = time.monotonic()
    server.start()
    assert time.monotonic() - began < 10  # five on a quiet machine; the tests share two cores
    assert server.login("organiser") == login
    assert (server.var / "competition.sqlite").stat().st_size > Path(__file__).stat().st_size
