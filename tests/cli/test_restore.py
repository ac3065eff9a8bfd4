"""The server dies, the twin takes over from the last copy: acceptance test 19 of tablets-and-screens.md, over real HTTP."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import Engine

from competition import judging, store
from competition.cli import main
from competition.store.backup import backups
from tests.serving import Server, free_port
from tests.web import judge_stage

TOKEN = "ab" * 32
Command = Callable[..., int]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Command:
    """`competition …` in this process; answers what it ended with."""

    def run(*words: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["competition", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0)

    return run


def call(server: Server, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{server.desk_url}/api/judge/{path}", content, headers), timeout=20) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


def test_the_twin_takes_over_from_the_last_copy(
    tmp_path: Path, engine: Engine, writer: store.Writer, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    judge_stage.lay_out(engine, writer)
    writer.stop()
    engine.dispose()
    var, twin, stick = tmp_path / "var", tmp_path / "twin", tmp_path / "stick"
    var.mkdir(mode=0o700)
    (tmp_path / "competition.sqlite").rename(var / "competition.sqlite")
    first = Server(var, free_port(), ("--no-sample", "--backup", str(stick))).start()
    try:
        call(first, "join", {"token": "card-sensory.1-0", "pin": judge_stage.PIN, "device_token": TOKEN})
        told = call(first, "session")
        sheet, edition = told["sheets"][0]["id"], told["event"]["edition"]
        item = "espresso_taste"

        def mark(n: int) -> dict[str, Any]:
            return {
                "id": f"{n:032x}", "sheet": sheet, "item": item, "value": str(n), "counter": n, "edition": edition,
                "supersedes": f"{n - 1:032x}" if n > 1 else None, "device_at": told["server_at"],
            }  # fmt: skip

        assert call(first, "marks", {"marks": [mark(1)]})["receipts"][0]["outcome"] == "accepted"
        assert command("restore", stick / "any", "--var", var) == 2  # there is no such file
        assert command("backup", "--var", var, "--into", stick, "--name", "session-1") == 0
        newest = next(one for one in backups(stick) if one.name == "session-1").path
        assert command("restore", newest, "--var", var, "--yes") == 2
        assert "held by another server" in capsys.readouterr().err
    finally:
        first.kill()
    assert [one for one in backups(stick) if not one.name], "the server takes copies by itself"

    assert command("restore", newest, "--var", twin, "--yes") == 0
    second = Server(twin, first.port, ("--no-sample",)).start()  # the same name and port: tablets notice nothing
    try:
        waiting = [mark(1), mark(2)]  # the first reply was lost, the second mark never left the tablet
        receipts = call(second, "marks", {"marks": waiting})["receipts"]
        assert [receipt["outcome"] for receipt in receipts] == ["known", "accepted"]
        line = next(line for line in call(second, "session")["sheets"] if line["id"] == sheet)
        assert line["marks"][item][:2] == ["2", mark(2)["id"]]
    finally:
        second.kill()


def test_a_look_changes_nothing_and_the_swap_keeps_the_old_file(
    tmp_path: Path, engine: Engine, writer: store.Writer, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = judge_stage.lay_out(engine, writer)
    assert command("backup", "--var", tmp_path, "--name", "before") == 0
    copy = backups(tmp_path / "backups")[0].path
    stage.do(judging.set_strip, judge_stage.EVENT, False, stage.people["chief"])
    writer.stop()
    engine.dispose()
    before = (tmp_path / "competition.sqlite").read_bytes()
    assert command("restore", copy, "--var", tmp_path, "--check") == 0
    told = capsys.readouterr().out
    assert "not in the backup: 0 marks and 1 acts of barista" in told
    assert (tmp_path / "competition.sqlite").read_bytes() == before
    assert not list(tmp_path.glob("restoring*"))
    assert command("restore", copy, "--var", tmp_path, "--yes") == 0
    (kept,) = tmp_path.glob("competition-before-restore-*.sqlite")
    assert kept.read_bytes()[:16] == before[:16]
    assert command("restore", kept, "--var", tmp_path, "--check") == 0
    assert "all that is here is in the backup" in capsys.readouterr().out
