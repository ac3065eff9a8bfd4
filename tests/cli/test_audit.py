"""The commands a supervisor runs on a copy of the store: heads out, everything checked, releases computed again."""

import json
from pathlib import Path

import pytest

from tests.judging.conftest import EVENT
from tests.judging.test_certificate_changes import with_certificates
from tests.laid_out import LaidOut
from tests.web.test_rehearsal import run


def test_heads_go_out_and_what_is_changed_afterwards_is_named(
    laid_out: LaidOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    var, heads = tmp_path / "var", tmp_path / "heads.json"
    var.mkdir()
    with laid_out.copy(with_certificates, var / "competition.sqlite") as hall:
        assert run(monkeypatch, "audit", "--var", str(var), "export-head", str(heads)) == 0
        code = json.loads(heads.read_text("utf-8"))["code"]
        assert code in capsys.readouterr().err
        assert run(monkeypatch, "audit", "--var", str(var), "verify", "--heads", str(heads)) == 0
        assert code in capsys.readouterr().out
        assert run(monkeypatch, "results", "--var", str(var), "verify") == 0
        assert "2 次公布全部相符" in capsys.readouterr().out
        with hall.engine.begin() as conn:
            conn.exec_driver_sql("UPDATE unit SET name_zh = '别的单位' WHERE id = 'u-north'")
        assert run(monkeypatch, "audit", "--var", str(var), "verify", "--heads", str(heads)) == 1
        assert "table unit" in capsys.readouterr().err
        with hall.engine.begin() as conn:
            conn.exec_driver_sql("UPDATE release SET rows = '[]' WHERE kind = 'final'")
        assert run(monkeypatch, "results", "--var", str(var), "verify", EVENT) == 1
        assert f"{EVENT}/release" in capsys.readouterr().err
        heads.write_text(heads.read_text("utf-8").replace(code, "0" * len(code)), "utf-8")
        assert run(monkeypatch, "audit", "--var", str(var), "verify", "--heads", str(heads)) == 2
        assert "校验码不符" in capsys.readouterr().err


def test_an_event_that_is_not_there_is_said_so(
    laid_out: LaidOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with laid_out.copy(with_certificates, tmp_path / "competition.sqlite"):
        assert run(monkeypatch, "results", "--var", str(tmp_path), "verify", "nowhere") == 2
    assert "nowhere" in capsys.readouterr().err
