"""`competition draw replay`: a draw repeated from its record alone."""

import json
import sys
from pathlib import Path

import pytest

from competition.cli import main
from competition.judging.draws import Half, codes_record, draw, half_digest, map_digest, seed_of


def recorded() -> dict[str, object]:
    entries = [f"{n:032x}" for n in range(7)]
    halves = {
        role: Half(role, "salt", f"{role} words", half_digest("tea", role, "salt", f"{role} words"))
        for role in ("encryptor", "supervisor")
    }
    seed = seed_of("tea", halves)
    codes = draw(seed, entries)
    return codes_record("tea", "2026-11-20T04:00:00.000Z", halves, codes, map_digest(seed, codes))


def run(monkeypatch: pytest.MonkeyPatch, file: Path) -> int:
    monkeypatch.setattr(sys, "argv", ["competition", "draw", "replay", str(file)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def test_a_true_record_agrees_and_a_changed_one_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, record = tmp_path / "draw.json", recorded()
    file.write_text(json.dumps(record), encoding="utf-8")
    assert run(monkeypatch, file) == 0
    assert "all 7 entries agree" in capsys.readouterr().out
    first = min(record["entries"])  # type: ignore[call-overload]
    record["entries"][first]["1"] = "S99"  # type: ignore[index]
    file.write_text(json.dumps(record), encoding="utf-8")
    assert run(monkeypatch, file) == 1
    assert f"{first} layer 1" in capsys.readouterr().err


def test_what_is_no_record_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.json"
    for content in ("not json", "[]", '{"kind": "codes"}'):
        file.write_text(content, encoding="utf-8")
        assert run(monkeypatch, file) == 1
        assert "记录" in capsys.readouterr().err
