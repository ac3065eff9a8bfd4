"""Certificates on paper from a terminal: a batch, its proof list, and pre-printed stock."""

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from competition import judging
from competition.publish.trays import tray_of
from tests.cli.test_certificates import BASE, run
from tests.judging.conftest import EVENT, NAMES
from tests.judging.test_certificate_changes import with_certificates
from tests.laid_out import LaidOut
from tests.publish.conftest import page_texts


def test_a_batch_is_printed_recorded_and_the_same_the_second_time(
    laid_out: LaidOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    var, folder = tmp_path / "var", tmp_path / "paper"
    var.mkdir()
    with laid_out.copy(with_certificates, var / "competition.sqlite") as hall:
        first, second = hall.read(judging.certificates, EVENT)
        said = ("print", str(folder), "--var", str(var), "--by", "organiser", "--printer", "HP")
        assert run(monkeypatch, *said) == 2
        assert "公开网址" in capsys.readouterr().err
        assert not folder.exists()
        assert hall.ledger("certificates-printed") == []
        assert run(monkeypatch, *said, "--address", BASE) == 0
        assert "2 张证书" in capsys.readouterr().out
        before = {file.name: file.read_bytes() for file in folder.iterdir()}
        texts = page_texts(before["0001-0002.pdf"])
        assert [bare(name) in text for name, text in zip(NAMES, texts, strict=False)] == [True, True]
        assert run(monkeypatch, *said, "--address", BASE) == 0
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
        assert [first.number in body and second.number in body for body in hall.ledger("certificates-printed")] == [
            True
        ] * 2
        assert run(monkeypatch, *said, "--address", BASE, "--award", second.award) == 2
        assert "另一个批次" in capsys.readouterr().err
        assert len(hall.ledger("certificates-printed")) == 2


def test_a_proof_list_shows_the_names_for_signing_off(
    laid_out: LaidOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    var, out = tmp_path / "var", tmp_path / "proof.pdf"
    var.mkdir()
    with laid_out.copy(with_certificates, var / "competition.sqlite"):
        assert run(monkeypatch, "proof", str(out), "--var", str(var), "--by", "organiser") == 0
        assert run(monkeypatch, "proof", str(out), "--var", str(var), "--by", "organiser") == 2
    assert "已存在" in capsys.readouterr().err
    text = "".join(page_texts(out.read_bytes()))
    assert [bare(name) in text for name in NAMES[:2]] == [True, True]
    assert "校对单" in text
    large = heights(out.read_bytes(), NAMES[0])
    assert large
    assert min(large) > 18  # a character of 24 points


def bare(name: str) -> str:
    """A name as `page_texts` gives it: without its spaces."""
    return name.replace(" ", "")


def heights(pdf: bytes, name: str) -> list[float]:
    """How high the lines with this name are, in points."""
    found = []
    for page in pypdfium2.PdfDocument(BytesIO(pdf)):
        text = page.get_textpage()
        for n in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(n)
            if name in text.get_text_bounded(left, bottom, right, top):
                found.append(top - bottom)
    return found


def test_a_tray_is_calibrated_and_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "calibration.pdf"
    assert run(monkeypatch, "calibration", str(out)) == 0
    assert "20.0毫米" in page_texts(out.read_bytes())[0]
    assert run(monkeypatch, "tray", "HP", "手送", "--left", "17", "--top", "22", "--var", str(tmp_path)) == 0
    assert "+3.0" in capsys.readouterr().out
    tray = tray_of(tmp_path, "HP", "手送")
    assert (tray.right, tray.down) == (30, -20)
    assert run(monkeypatch, "tray", "HP", "手送", "--left", "50", "--top", "22", "--var", str(tmp_path)) == 2
    assert "100%" in capsys.readouterr().err
