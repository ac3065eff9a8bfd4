"""What a batch prints, read back from the paper: every field of every page is the release's, and nothing else stands there."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp

from competition import judging
from competition.publish.certificate import chinese_date
from competition.publish.proof_keys import public_text, read_keys
from competition.publish.proofs import read_proof
from tests.cli.test_certificates import BASE, run
from tests.judging.conftest import EVENT
from tests.judging.test_certificate_changes import with_certificates
from tests.laid_out import LaidOut
from tests.publish.conftest import embedded_fonts, page_texts

ISSUER = "示例市"
FIXED = ("荣誉证书", "CERTIFICATE OF HONOUR", "特发此证，以资鼓励。", "证书编号", "扫码查验")


def without(text: str, parts: list[str]) -> str:
    """What is left of a page's text when each part was taken out once."""
    for part in parts:
        bare = "".join(part.split())
        assert bare in text, (part, text)
        text = text.replace(bare, "", 1)
    return text


def test_every_page_is_a_line_of_the_release(
    laid_out: LaidOut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    var, folder = tmp_path / "var", tmp_path / "paper"
    var.mkdir()
    with laid_out.copy(with_certificates, var / "competition.sqlite") as hall:
        said = ("print", str(folder), "--var", str(var), "--by", "organiser", "--address", BASE)
        assert run(monkeypatch, *said) == 0
        release = hall.read(judging.release_of, EVENT, "final")
        issued = {one.entry: one for one in hall.read(judging.certificates, EVENT)}
    rows = sorted((row for row in release.rows if row.award), key=lambda row: row.rank)
    content = (folder / f"0001-{len(rows):04}.pdf").read_bytes()
    assert embedded_fonts(content)
    assert all(inside for _, inside in embedded_fonts(content))
    keys, pages = read_keys(public_text(var)), pypdfium2.PdfDocument(content)
    assert len(pages) == len(rows) == len(issued)
    for text, page, row in zip(page_texts(content), pages, rows, strict=True):
        one = issued[row.entry]
        day = datetime.fromisoformat(one.issued_at).astimezone(ZoneInfo("Asia/Shanghai")).date()
        fields = [
            one.number,
            f"{row.names[0]}（{row.unit}）：",
            f"在{one.games_name['zh']}“{one.event_name['zh']}”职业技能竞赛中成绩优异，荣获",
            row.award_name["zh"],
            f"（第{row.rank}名）",
            chinese_date(day),
            f"{BASE.removeprefix('https://')}/c/{one.code}",
        ]
        assert without(text, [*fields, *FIXED]) == ISSUER
        (code,) = zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())
        proof = read_proof(code.text, keys)
        assert (proof.address, proof.number, proof.sample) == (f"{BASE}/c/{one.code}", one.number, False)
        assert proof.is_of(row.names[0])
        assert proof.issued_on == day
