"""The calls a judge's tablet makes: what they record, what they refuse, and what they never tell."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from competition import judging, store
from competition.settings import Settings
from tests.laid_out import LaidOut
from tests.served import served
from tests.web.judge_stage import CARDS, EVENT, JUDGE, NAMES, PIN, ROOT, UNITS, Stage, lay_out, marks_in_ledger

TOKEN = "ab" * 32


@dataclass
class Tablet:
    """A tablet's view of the server: its calls, its token, and the contest behind them."""

    client: TestClient[Any]
    stage: Stage
    counter: int = 0

    def join(self, seat: str = "sensory.1", pin: str = PIN, token: str = TOKEN, card: int = 0) -> Any:
        body = {"token": CARDS[seat][card], "pin": pin, "device_token": token}
        return self.client.post("/api/judge/join", json=body)

    def get(self, path: str, token: str = TOKEN) -> Any:
        return self.client.get(f"/api/judge/{path}", headers={"Authorization": f"Bearer {token}"})

    def post(self, path: str, body: dict[str, Any], token: str = TOKEN) -> Any:
        return self.client.post(f"/api/judge/{path}", json=body, headers={"Authorization": f"Bearer {token}"})

    def session(self) -> dict[str, Any]:
        return dict(self.get("session").json())

    def mark(self, sheet: str, item: str, value: str | None, **more: Any) -> dict[str, Any]:
        """One mark as a tablet makes it."""
        self.counter += 1
        edition = self.session()["event"]["edition"]
        made = {"id": f"{self.counter:032x}", "counter": self.counter, "edition": edition, "supersedes": None}
        return {"sheet": sheet, "item": item, "value": value, "device_at": None, **made, **more}

    def send(self, *ops: dict[str, Any]) -> list[str]:
        receipts = self.post("marks", {"marks": list(ops)}).json()["receipts"]
        return [receipt["outcome"] for receipt in receipts]

    def fill(self, sheet: str) -> dict[str, str]:
        """Give every item of a sensory sheet its lowest legal value but zero; answer the mark ids by item."""
        form = self.session()["forms"]["stage/sensory"]
        items = [item for section in form["sections"] for item in section["items"]]
        ops = [self.mark(sheet, item["id"], item["values"][1]["value"]) for item in items]
        assert self.send(*ops) == ["accepted"] * len(ops)
        return {op["item"]: op["id"] for op in ops}


@pytest.fixture
def tablet(laid_out: LaidOut, tmp_path: Path) -> Iterator[Tablet]:
    """A tablet nobody has joined with yet."""
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage:
        settings = Settings(ROOT, tmp_path)
        with (
            served(settings, stage.engine, stage.writer, lambda: datetime.now(UTC)) as app,
            TestClient(app) as client,
        ):
            yield Tablet(client, stage)


def test_the_card_says_who_sits_where_before_the_pin(tablet: Tablet) -> None:
    page = tablet.client.get(f"/join/{CARDS['sensory.1'][0]}")
    assert page.status_code == 200
    for said in ("示例市职工技术运动会", "咖啡师", "感官裁判 1 号席", JUDGE):
        assert said in page.text
    assert "script-src" not in page.text
    assert "style=" not in page.text


def test_an_unknown_card_says_what_to_do(tablet: Tablet) -> None:
    page = tablet.client.get("/join/nobody-made-this")
    assert page.status_code == 403
    assert "请向工作人员换一张" in page.text


def test_joining_seats_the_tablet_once(tablet: Tablet) -> None:
    joined = tablet.join()
    assert joined.status_code == 200
    assert (joined.json()["seat"], joined.json()["judge"]) == ("sensory.1", JUDGE)
    assert tablet.session()["seat"]["label"] == "sensory.1"
    second = tablet.join(token="cd" * 32)
    assert second.status_code == 403


def test_a_lost_reply_to_joining_is_made_good(tablet: Tablet) -> None:
    assert tablet.join().status_code == 200
    assert tablet.join().status_code == 200
    with store.reading(tablet.stage.engine) as conn:
        assert len(judging.devices(conn, EVENT)) == 1


def test_wrong_pins_are_counted_then_blocked(tablet: Tablet) -> None:
    for _ in range(5):
        refused = tablet.join(pin="000000")
        assert refused.status_code == 403
    assert "15 分钟" in tablet.join().json()["error"]["zh"]


@pytest.mark.parametrize("body", [{}, {"token": "card-sensory-1", "pin": "48291", "device_token": TOKEN}, {"x": 1}])
def test_a_malformed_joining_is_refused_at_the_door(tablet: Tablet, body: dict[str, Any]) -> None:
    assert tablet.client.post("/api/judge/join", json=body).status_code == 400


@pytest.mark.parametrize("path", ["session"])
def test_without_a_token_a_card_is_asked_for(tablet: Tablet, path: str) -> None:
    refused = tablet.get(path, token="nothing")
    assert refused.status_code == 401
    assert "二维码" in refused.json()["error"]["zh"]
    assert tablet.post("marks", {"marks": []}, token="nothing").status_code == 401
    assert tablet.post("ping", {}, token="nothing").status_code == 401


def test_marks_are_recorded_and_sent_twice_change_nothing(tablet: Tablet) -> None:
    tablet.join()
    sheet = tablet.session()["sheets"][0]["id"]
    op = tablet.mark(sheet, "espresso_taste", "4.5")
    assert tablet.send(op) == ["accepted"]
    assert tablet.send(op) == ["known"]
    assert marks_in_ledger(tablet.stage.engine, sheet) == {"espresso_taste": "4.5"}
    line = next(one for one in tablet.session()["sheets"] if one["id"] == sheet)
    assert line["marks"] == {"espresso_taste": ["4.5", op["id"]]}


@pytest.mark.parametrize("value", ["0.5", "6.5", "5,5", "５", "04", "4.50", ""])
def test_what_is_not_a_value_of_the_scale_is_refused_alone(tablet: Tablet, value: str) -> None:
    tablet.join()
    sheet = tablet.session()["sheets"][0]["id"]
    good = tablet.mark(sheet, "crema", "1")
    assert tablet.send(tablet.mark(sheet, "espresso_taste", value), good) == ["refused", "accepted"]


def test_marks_with_more_than_a_mark_has_are_refused_at_the_door(tablet: Tablet) -> None:
    tablet.join()
    sheet = tablet.session()["sheets"][0]["id"]
    refused = tablet.post("marks", {"marks": [tablet.mark(sheet, "crema", "1", points=100)]})
    assert refused.status_code == 400
    assert marks_in_ledger(tablet.stage.engine, sheet) == {}


def test_another_seats_sheet_is_refused(tablet: Tablet) -> None:
    tablet.join("sensory.2", token="cd" * 32)
    theirs = tablet.get("session", token="cd" * 32).json()["sheets"][0]["id"]
    tablet.join()
    assert tablet.send(tablet.mark(theirs, "crema", "1")) == ["refused"]


def test_signing_closes_the_sheet_and_later_marks_are_kept_as_late(tablet: Tablet) -> None:
    tablet.join()
    sheet = tablet.session()["sheets"][0]["id"]
    marks = tablet.fill(sheet)
    before = tablet.session()["version"]
    op = {"id": "f" * 32, "sheet": sheet, "counter": 900, "marks": marks, "strokes": [[[1, 2, 0]]], "pin": PIN}
    assert tablet.post("sign", {**op, "id": "e" * 32, "pin": "111111"}).json()["outcome"] == "refused"
    assert tablet.post("sign", op).json()["outcome"] == "accepted"
    assert tablet.post("sign", op).json()["outcome"] == "known"
    line = next(one for one in tablet.session()["sheets"] if one["id"] == sheet)
    assert line["state"] == "signed"
    assert tablet.post("ping", {"unsent": 0}).json()["version"] != before
    assert tablet.send(tablet.mark(sheet, "crema", "0")) == ["late"]


def test_the_judges_own_marks_do_not_move_the_version(tablet: Tablet) -> None:
    tablet.join()
    before = tablet.session()["version"]
    tablet.fill(tablet.session()["sheets"][0]["id"])
    assert tablet.post("ping", {"unsent": 3}).json()["version"] == before
    with store.reading(tablet.stage.engine) as conn:
        assert [line.unsent for line in judging.devices(conn, EVENT)] == [3]


def test_a_revoked_tablet_is_told_so(tablet: Tablet) -> None:
    tablet.join()
    with store.reading(tablet.stage.engine) as conn:
        device = judging.devices(conn, EVENT)[0].id
    tablet.stage.do(judging.revoke_device, device, tablet.stage.people["chief"], "掉进水里")
    refused = tablet.get("session")
    assert refused.status_code == 401
    assert "已停用" in refused.json()["error"]["zh"]


def test_nothing_a_tablet_gets_names_a_contestant_or_a_unit(tablet: Tablet) -> None:
    pages = [
        tablet.client.get(f"/join/{CARDS['sensory.1'][0]}").text,
        tablet.client.get("/judge").text,
        tablet.join().text,
    ]
    sheet = tablet.session()["sheets"][0]["id"]
    pages += [tablet.get("session").text, tablet.post("marks", {"marks": [tablet.mark(sheet, "crema", "7")]}).text]
    pages += [tablet.post("ping", {}).text, tablet.get("ping").text]
    assert not [secret for secret in (*NAMES, *UNITS, *UNITS.values()) for page in pages if secret in page]


def test_the_tablets_page_is_small_on_the_air(tablet: Tablet) -> None:
    files = tablet.client.app.state.files.by_path
    shared = ("tokens.css", "base.css")
    mine = [file.content for path, file in files.items() if path.startswith("judge/") or path in shared]
    page = tablet.client.get("/judge").content
    assert sum(len(gzip.compress(content)) for content in [page, *mine]) < 110_000  # the promise is 150 000
    assert len(page) + sum(map(len, mine)) < 300_000
