"""The printing page: what is in the way, a batch printed in a process of its own, stopped, gone on with, downloaded, on record."""

from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import text

from competition.publish.batches import Batch, print_batch
from competition.publish.stock import Tray
from competition.publish.trays import keep_tray, trays
from competition.web import printing_desk
from tests.publish.conftest import page_texts
from tests.web.test_certificates import OURS, app, at, own
from tests.web.test_pages import words
from tests.web.venue import FINAL, Venue

__all__ = ["app", "at", "own"]
BASE = f"/desk/events/{FINAL}/certificates"
Desks = dict[str, TestClient[Litestar]]


class Here:
    """A process that prints at once, in this one: spawning costs seconds and is `batches`' own test."""

    def __init__(self, target: object, args: tuple[Path, Batch, Path], daemon: bool) -> None:
        self.args, self.alive = args, False

    def start(self) -> None:
        print_batch(*self.args)

    def is_alive(self) -> bool:
        return self.alive

    def terminate(self) -> None:
        self.alive = False

    def join(self) -> None:
        """Nothing to wait for."""


class Hung(Here):
    """One that has begun and is not through."""

    def start(self) -> None:
        self.alive = True


def through(monkeypatch: pytest.MonkeyPatch, kind: type[Here]) -> None:
    monkeypatch.setattr(printing_desk, "get_context", lambda _: type("Context", (), {"Process": kind}))


def test_stopped_gone_on_with_downloaded_and_on_record(at: Desks, own: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    organiser = at["organiser"]
    assert "还没有打印过" in words(organiser.get(f"{BASE}/print").text)
    through(monkeypatch, Hung)
    begun = organiser.post(f"{BASE}/print", data={"do": "print", "printer": "HP 一号"}, headers=OURS)
    assert "正在生成：0 /" in words(begun.text)
    assert begun.headers["refresh"] == "2"
    other = organiser.post(f"{BASE}/print", data={"order": "unit"}, headers=OURS)
    assert other.status_code == 409
    assert "另一批证书正在打印" in words(other.text)
    stopped = organiser.post(f"{BASE}/print", data={"do": "stop"}, headers=OURS)
    assert "已停在 0 /" in words(stopped.text)
    assert "refresh" not in stopped.headers

    through(monkeypatch, Here)
    done = organiser.post(f"{BASE}/print", data={"do": "print"}, headers=OURS)
    assert "已全部完成" in words(done.text)
    assert "HP 一号" in words(done.text)
    links = [part.split('"')[0] for part in done.text.split('href="') if "/batches/" in part[:80]]
    assert [link.rpartition("/")[2][-8:] for link in links][-1] == "list.pdf"
    pdf = next(link for link in links if "/0001-" in link)
    page = "".join(page_texts(organiser.get(pdf).content))
    valid = [one for one in own.read(printing_desk.judging.certificates, FINAL) if one.status == "valid"]
    assert [str(one.name).replace(" ", "") in page for one in valid] == [True] * len(valid)
    assert at["chief"].get(pdf).status_code == 403
    assert organiser.get(pdf.replace("0001-", "..%2F")).status_code == 404
    assert organiser.get(pdf.rpartition("/")[0] + "/manifest.json").status_code == 404


def test_what_is_in_the_way_is_listed_and_nothing_printed(at: Desks, app: Litestar) -> None:
    """Without a public address a real certificate isn't printed; the fault says so and the button is gone."""
    organiser, settings = at["organiser"], app.state.settings
    before = organiser.get(f"{BASE}/print").text.count("<tr>")
    app.state.settings = type(settings)(settings.root, settings.var)
    try:
        shown = organiser.get(f"{BASE}/print").text
        assert "公开网址" in words(shown)
        assert 'value="print"' not in shown
        refused = organiser.post(f"{BASE}/print", data={"do": "print"}, headers=OURS)
        assert refused.status_code == 409
        assert refused.text.count("<tr>") == before
    finally:
        app.state.settings = settings


def test_the_proof_list_is_of_one_unit_when_asked(at: Desks, own: Venue) -> None:
    one = next(one for one in own.read(printing_desk.judging.certificates, FINAL) if one.status == "valid")
    made = at["organiser"].get(f"{BASE}/proof.pdf", params={"unit": one.unit})
    assert str(one.name).replace(" ", "") in "".join(page_texts(made.content))
    assert at["organiser"].get(f"{BASE}/proof.pdf", params={"unit": "没有"}).status_code == 409


def test_a_measured_tray_moves_the_text_and_prints_no_art(at: Desks, own: Venue, app: Litestar) -> None:
    organiser = at["organiser"]
    assert organiser.get(f"{BASE}/trays.pdf").content.startswith(b"%PDF")
    form = {"printer": "HP 一号", "tray": "手送", "left": "20.6", "top": "19.2"}
    for wrong, said in (({"left": "abc"}, "不是毫米数"), ({"top": "NaN"}, "不是毫米数"), ({"left": "45"}, "偏差超过 1 厘米"),
                        ({"tray": " "}, "请写明打印机和纸盒"), ({"across": "187.5"}, "实际大小")):  # fmt: skip
        refused = organiser.post(f"{BASE}/trays", data=form | wrong, headers=OURS)
        assert (refused.status_code, said in words(refused.text)) == (422, True)
        assert 'value="HP 一号"' in refused.text
    assert trays(app.state.settings.var) == {}
    kept = organiser.post(f"{BASE}/trays", data=form, headers=OURS)
    assert "-0.6" in words(kept.text)
    assert "+0.8" in words(kept.text)
    assert list(trays(app.state.settings.var)) == ["HP 一号 / 手送"]
    assert "套打（已印好版面的纸）：HP 一号 / 手送" in words(organiser.get(f"{BASE}/print").text)
    plain = organiser.get(f"{BASE}/print")
    stock = organiser.get(f"{BASE}/print", params={"tray": "HP 一号 / 手送"})
    assert 'name="tray" value="HP 一号 / 手送"' in stock.text
    assert 'name="tray" value="HP' not in plain.text
    assert organiser.get(f"{BASE}/print", params={"tray": "HP 一号 / 2"}).status_code == 404
    assert at["chief"].post(f"{BASE}/trays", data=form, headers=OURS).status_code == 403
    with own.engine.connect() as conn:
        said = conn.scalar(text("SELECT body FROM ledger WHERE kind = 'tray-measured'"))
    assert '"right":-6' in said.replace(" ", "")


def test_stock_is_printed_from_its_tray_and_on_record(
    at: Desks, app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_tray(app.state.settings.var, Tray("HP 一号", "手送", -6, 8))
    begun: list[Batch] = []

    class Kept(Here):
        def start(self) -> None:
            begun.append(self.args[1])

    through(monkeypatch, Kept)
    shown = at["organiser"].post(f"{BASE}/print", data={"tray": "HP 一号 / 手送", "order": "unit"}, headers=OURS)
    (batch,) = begun
    assert batch.tray is not None
    assert batch.tray.moved(100, 100) == (99.4, 100.8)
    assert "HP 一号 / 手送" in words(shown.text.partition('id="log"')[2])
