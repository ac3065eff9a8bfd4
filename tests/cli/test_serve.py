"""One server on one file: what it prints, what it keeps, what it refuses."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from competition.cli import main
from tests.serving import Server, free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("serve") / "var", free_port(), ("--no-sample",)).start()
    yield running
    running.stop()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """`competition serve` with these options, here; it must end with 2. Answers what it said on standard error."""

    def run(server: Server, port: int, *options: str) -> str:
        command = ["competition", "serve", "--host", "127.0.0.1", "--port", str(port), "--var", str(server.var)]
        monkeypatch.setattr(sys, "argv", [*command, *options])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 2
        return capsys.readouterr().err

    return run


def test_start_prints_address_login_and_code(server: Server) -> None:
    printed = server.log.read_text(encoding="utf-8")
    username, password = server.login("organiser")
    assert f"http://127.0.0.1:{server.port}/" in printed
    assert f"{username:<12}{password}" in printed
    assert "██ ▄▄▄▄▄ " in printed  # the corner of a QR code


def test_health_answers(server: Server) -> None:
    with urlopen(f"{server.desk_url}/health", timeout=5) as answer:
        assert answer.status == 200
        assert {"version", "schema", "ledger"} <= set(json.load(answer))


def test_data_and_login_are_for_this_user_only(server: Server) -> None:
    assert server.var.stat().st_mode & 0o777 == 0o700
    assert (server.var / "first-login.txt").stat().st_mode & 0o777 == 0o600


def test_second_server_on_the_file_is_refused(server: Server, refused: Callable[..., str]) -> None:
    assert "competition.sqlite is held by another server" in refused(server, free_port())


def test_taken_port_is_refused_with_another_to_try(server: Server, refused: Callable[..., str]) -> None:
    assert f"PORT={server.port + 1}" in refused(server, server.port)


def test_address_that_certificates_must_not_carry_is_refused(server: Server, refused: Callable[..., str]) -> None:
    assert "https" in refused(server, free_port(), "--public-address", "http://192.168.1.9:8000")


def test_second_start_keeps_the_data_and_is_quick(server: Server) -> None:
    login = server.login("organiser")
    server.stop()
    server.start()
    assert server.login("organiser") == login
    assert cpu_seconds(server) < 6


def cpu_seconds(server: Server) -> float:
    """Processor time a server has used: unlike the clock on the wall it does not mind what else the machine does."""
    assert server.process is not None
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
