"""Certificates at a terminal: verified with no network from text, picture and PDF; static pages that change only where they must."""

import sys
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from competition import judging, words
from competition.cli import main
from competition.publish import qr
from competition.publish.proof_keys import public_text, signer_in
from competition.publish.proofs import qr_text
from competition.publish.static_pages import PageOf, write_pages
from tests.judging.conftest import EVENT, NAMES
from tests.judging.test_certificate_changes import with_certificates
from tests.laid_out import LaidOut

ROOT = Path(__file__).parents[2]
BASE, DAY, NUMBER = "https://v.example.org", date(2026, 11, 23), "SLS-2026-042-1-0001-X"
BOTH = {"zh": "示例", "en": "Sample"}


def run(monkeypatch: pytest.MonkeyPatch, *said: str) -> int:
    monkeypatch.setattr(sys, "argv", ["competition", "--root", str(ROOT), "certificates", *said])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


@pytest.fixture
def issued(tmp_path: Path) -> tuple[str, str]:
    """The text of a QR, and the file of public keys that go with it."""
    signer = signer_in(tmp_path, DAY)
    keys = tmp_path / "keys.txt"
    keys.write_text(public_text(tmp_path), encoding="utf-8")
    return qr_text(BASE, "0A1B2C3D4E", signer.proof(BASE, "0A1B2C3D4E", NUMBER, "欧阳示例", DAY, False)), str(keys)


def test_text_file_and_picture_verify(
    issued: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, keys = issued
    note, picture = tmp_path / "scanned.txt", tmp_path / "photo.png"
    note.write_text(f"{text}\n", encoding="utf-8")
    rows = qr.modules(text)
    drawn = Image.new("1", (len(rows), len(rows)), 1)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            drawn.putpixel((x, y), not dark)
    drawn.resize((len(rows) * 5, len(rows) * 5)).convert("L").rotate(3, expand=True, fillcolor=255).save(picture)
    drawn.resize((len(rows) * 5, len(rows) * 5)).convert("RGB").save(tmp_path / "paper.pdf")
    for source in (text, str(note), str(picture), str(tmp_path / "paper.pdf")):
        assert run(monkeypatch, "verify", source, "--keys", keys, "--name", "欧阳 示例") == 0
        said = capsys.readouterr().out
        assert NUMBER in said
        assert "2026-11-23" in said
        assert f"{BASE}/c/0A1B2C3D4E" in said


def test_what_was_not_signed_so_ends_with_1(
    issued: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, keys = issued
    assert run(monkeypatch, "verify", text.replace("v.example", "v.examp1e"), "--keys", keys) == 1
    assert "签名不符" in capsys.readouterr().out
    assert run(monkeypatch, "verify", text, "--keys", keys, "--name", "欧阳示范") == 1
    assert "签发的不是“欧阳示范”" in capsys.readouterr().out
    assert run(monkeypatch, "verify", "no-such-file.png", "--keys", keys) == 2
    assert "no-such-file.png" in capsys.readouterr().err
    assert run(monkeypatch, "verify", f"{BASE}/c/0A1B2C3D4E", "--keys", keys) == 1


def test_the_key_is_changed_and_the_old_one_goes_on_verifying(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "keys", "--var", str(tmp_path)) == 0
    first = capsys.readouterr().out
    assert run(monkeypatch, "keys", "--var", str(tmp_path), "--change") == 0
    second = capsys.readouterr().out
    assert second.startswith(first)
    assert second != first


def test_static_pages_of_a_store(
    laid_out: LaidOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, var = tmp_path / "www", tmp_path / "var"
    var.mkdir()
    with laid_out.copy(with_certificates, var / "competition.sqlite") as hall:
        organiser = hall.official("organiser")
        first, second = hall.read(judging.certificates, EVENT)
        written = ("static", str(folder), "--var", str(var), "--address", BASE)
        assert run(monkeypatch, *written) == 0
        before = snapshot(folder)
        page = (folder / "c" / first.code / "index.html").read_text(encoding="utf-8")
        assert "有效" in page
        assert "noindex" in page
        assert "<script" not in page
        assert len(page) < 5000
        for content in before.values():
            assert not any(name in content for name in NAMES)
        assert second.code not in "".join(text for name, text in before.items() if second.code not in name)
        id = hall.do(judging.ask_change, first.number, "revoke", organiser, "取消", rng_bytes=hall.rng, reference="7号")
        hall.do(judging.confirm_change, EVENT, id, hall.official("supervisor"), rng_bytes=hall.rng)
        capsys.readouterr()
        assert run(monkeypatch, *written) == 0
    assert "1 个文件有变化" in capsys.readouterr().out
    after = snapshot(folder)
    assert [name for name in after if after[name] != before.get(name)] == [f"c/{first.code}/index.html"]
    assert "已撤销" in after[f"c/{first.code}/index.html"]


@pytest.mark.parametrize(
    ("status", "says"),
    [("valid", "有效"), ("reissued", "已补发（第 2 次）"), ("corrected", "已更正，以新证为准"), ("revoked", "已撤销"),
     ("sample", "样张，无效")],
)  # fmt: skip
def test_a_static_page_says_each_status_in_both_languages(status: str, says: str, tmp_path: Path) -> None:
    one = PageOf("0A1B2C3D4E", status, 2, "张*", BOTH, BOTH, BOTH, BOTH, "示例市总工会", "2026-11-23", NUMBER)
    catalogue = words.load(ROOT)
    made = write_pages(tmp_path, [one], ROOT / "templates", catalogue, BASE, "2026-11-23", "")
    text = (tmp_path / "c" / one.code / "index.html").read_text(encoding="utf-8")
    heading = text[text.index("<h1>") : text.index("</h1>")]
    assert says in heading
    assert 'lang="en"' in heading
    assert f"请确认网址为 {BASE}" in text
    assert made.same == 0


def snapshot(folder: Path) -> dict[str, str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in files}
