"""The printing page: what is in the way, a batch printed in a process of its own, stopped, gone on with, downloaded, on record."""

from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from competition.publish.batches import Batch, print_batch
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
