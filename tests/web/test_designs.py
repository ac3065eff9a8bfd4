"""The page of designs: one is tried with the event's own people, what is wrong is said, one is chosen and printed on from then on."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import text

from competition.judging.issuing import units_there
from competition.publish.certificate import CertificateData
from competition.publish.design import Design
from competition.web import copies, designs
from tests.web.test_certificates import OURS, app, at, own
from tests.web.test_pages import words
from tests.web.venue import FINAL, Venue

__all__ = ["app", "at", "own"]
BASE = f"/desk/events/{FINAL}/certificates"
Desks = dict[str, TestClient[Litestar]]


@pytest.fixture
def with_blue(app: Litestar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root of its own with a second design for awards."""
    root = app.state.settings.root
    shutil.copytree(root / "certificates", tmp_path / "certificates")
    (tmp_path / "scoring_rules").symlink_to(root / "scoring_rules")
    (tmp_path / "templates").symlink_to(root / "templates")
    blue = tmp_path / "certificates" / "blue"
    blue.mkdir()
    (blue / "style.css").write_text("", "utf-8")
    (blue / "design.toml").write_text('base = "award"\nname = { zh = "蓝色荣誉证书", en = "Blue" }\n', "utf-8")
    monkeypatch.setattr(app.state, "settings", replace(app.state.settings, root=tmp_path))
    return blue


def test_the_chosen_design_is_what_the_desk_prints_on(
    at: Desks, own: Venue, with_blue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser = at["organiser"]
    assert "蓝色荣誉证书" not in words(organiser.get(f"{BASE}/print").text)
    chosen = organiser.post(f"{BASE}/designs", data={"kind": "award", "design": "blue"}, headers=OURS)
    assert "已选定" in words(chosen.text)
    assert "蓝色荣誉证书 ✓ 现在使用" in words(chosen.text)
    assert "蓝色荣誉证书" in words(organiser.get(f"{BASE}/print").text)
    again = organiser.post(f"{BASE}/designs", data={"kind": "award", "design": "blue"}, headers=OURS)
    assert (again.status_code, "已经选定" in words(again.text)) == (409, True)

    pressed: list[Design] = []

    def press(design: Design, *_: object) -> bytes:
        pressed.append(design)
        return b"%PDF"

    monkeypatch.setattr(copies, "batch_in_process", press)
    own.clock.now += timedelta(hours=2)  # the limits of tries are forgotten
    one = next(one for one in own.read(designs.judging.certificates, FINAL) if one.status in ("valid", "sample"))
    assert at[""].post(f"/c/{one.code}/copy", data={"name": one.name}).content == b"%PDF"
    assert [one.folder for one in pressed] == [with_blue]

    shutil.rmtree(with_blue)
    gone = organiser.get(f"{BASE}/designs")
    assert "请另选一个" in words(gone.text)
    assert organiser.get(f"{BASE}/print").status_code == 404
    back = organiser.post(f"{BASE}/designs", data={"kind": "award", "design": "award"}, headers=OURS)
    assert "已选定" in words(back.text)


def test_the_other_kinds_are_numbered_and_printed_by_themselves(at: Desks, own: Venue) -> None:
    organiser, form = at["organiser"], {"issuer": "SLS"}
    (unit, name), *_ = own.read(units_there, FINAL)
    none = organiser.post(BASE, data=form | {"kind": "organising_unit"}, headers=OURS)
    assert (none.status_code, "请选择参加了本赛项的单位" in words(none.text)) == (409, True)
    assert "证书已编号" in words(organiser.post(BASE, data=form | {"kind": "participation"}, headers=OURS).text)
    assert "优秀组织单位" in words(
        organiser.post(BASE, data=form | {"kind": "organising_unit", "units": unit}, headers=OURS).text
    )
    made = {one.kind: one for one in own.read(designs.judging.certificates, FINAL) if one.status == "valid"}
    assert made["organising_unit"].name == name
    awards, joined = (organiser.get(f"{BASE}/proof.pdf", params={"kind": kind}) for kind in ("award", "participation"))
    assert awards.content != joined.content
    shown = words(organiser.get(f"{BASE}/print", params={"kind": "participation"}).text)
    taking_part = [one for one in own.read(designs.judging.certificates, FINAL) if one.kind == "participation"]
    assert f"生成 {len(taking_part)} 张证书" in shown
    assert name in at[""].get(f"/c/{made['organising_unit'].code}").text  # a body's name is nobody's to hide
    paper = at[""].get(f"/c/{made['participation'].code}").text
    assert made["participation"].name not in paper
    assert "参赛" in words(paper)


def test_the_preview_shows_the_events_own_longest_and_names_what_cannot_print(
    at: Desks, own: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser, asked = at["organiser"], {"kind": "participation", "design": "participation"}
    drawn: list[tuple[CertificateData, ...]] = []

    def press(_: Design, certificates: tuple[CertificateData, ...], __: str) -> bytes:
        drawn.append(certificates)
        return b"%PDF"

    monkeypatch.setattr(designs, "batch_in_process", press)
    shown = organiser.get(f"{BASE}/preview", params=asked)
    assert "都放得下" in words(shown.text)
    assert "frame-ancestors 'self'" in shown.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in organiser.get(f"{BASE}/designs").headers["content-security-policy"]
    pdf = organiser.get(f"{BASE}/preview.pdf", params=asked)
    assert pdf.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert {one.sample for one in drawn[0]} == {True}
    assert all(one.name in shown.text for one in drawn[0])

    with own.engine.begin() as conn:  # a character that no font has
        conn.execute(text("UPDATE person SET name = '张\ue000' WHERE name = :name"), {"name": drawn[0][0].name})
    refused = words(organiser.get(f"{BASE}/preview", params=asked).text)
    assert "（U+E000）没有字形" in refused
    assert "打开预览 PDF" not in refused
    assert organiser.get(f"{BASE}/preview", params=asked | {"design": "award"}).status_code == 404
    assert at["chief"].get(f"{BASE}/preview", params=asked).status_code == 403
