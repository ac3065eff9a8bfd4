"""A tablet's other calls: signs of life with twins and leases, requests to correct, the judge's own workings."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from competition import judging, store
from competition.settings import Settings
from tests.laid_out import LaidOut
from tests.served import served
from tests.web.judge_stage import EVENT, NAMES, PIN, ROOT, UNITS, Stage, lay_out, ledger_kinds, marks_in_ledger
from tests.web.test_judge import Tablet

ONE, TWO = "ab" * 32, "cd" * 32


class Seat(Tablet):
    """A tablet, its twin, and the server's clock, which is moved by hand."""

    ahead = timedelta()

    def ping(self, token: str = ONE, **said: Any) -> dict[str, Any]:
        answer = self.post("ping", said, token=token)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def signed(self) -> str:
        """A sheet, filled and signed."""
        sheet: str = self.session()["sheets"][0]["id"]
        op = {"id": "f" * 32, "sheet": sheet, "counter": 900, "marks": self.fill(sheet), "strokes": None, "pin": PIN}
        assert self.post("sign", op).json()["outcome"] == "accepted"
        return sheet

    def line(self, sheet: str) -> dict[str, Any]:
        return next(one for one in self.session()["sheets"] if one["id"] == sheet)

    def ask(self, sheet: str, **more: Any) -> Any:
        body = {"id": "a" * 32, "sheet": sheet, "items": ["crema"], "reason": "杯号看错", **more}
        return self.post("ask", body)


@pytest.fixture
def seat(laid_out: LaidOut, tmp_path: Path) -> Iterator[Seat]:
    """A tablet that has joined seat sensory.1."""
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage:
        settings = Settings(ROOT, tmp_path)
        with (
            served(settings, stage.engine, stage.writer, lambda: datetime.now(UTC) + seat.ahead) as app,
            TestClient(app) as client,
        ):
            seat = Seat(client, stage)
            assert seat.join().status_code == 200
            yield seat


def act(stage: Stage, name: str, *args: object) -> Any:
    return stage.do(getattr(judging, name), *args)


def test_a_ping_tells_twins_leases_strip_and_the_program_served(seat: Seat) -> None:
    alone = seat.ping()
    assert (alone["twins"], alone["held"], alone["strip"]) == (0, {}, True)
    assert alone["app"] == seat.client.app.state.program.version
    assert alone["server_at"].endswith("Z")
    seat.join(token=TWO, card=1)
    sheet = seat.session()["sheets"][0]["id"]
    assert seat.ping(TWO, open=sheet, unsent=2, battery=40, clock_ms=31_000, app="old")["twins"] == 1
    assert (seat.ping()["twins"], seat.ping()["held"]) == (1, {sheet: True})
    seat.ahead = timedelta(seconds=25)
    assert (seat.ping()["twins"], seat.ping()["held"]) == (1, {})
    seat.ahead = timedelta(seconds=90)
    assert seat.ping()["twins"] == 0
    with store.reading(seat.stage.engine) as conn:
        said = {(one.unsent, one.battery, one.clock_ms, one.app) for one in judging.devices(conn, EVENT)}
    assert (2, 40, 31_000, "old") in said


@pytest.mark.parametrize(
    "body",
    [
        {"unsent": -1},
        {"battery": 101},
        {"clock_ms": 1.5},
        {"app": "x" * 41},
        {"open": 7},
        {"strip": False},
    ],
)
def test_a_malformed_ping_is_refused_at_the_door(seat: Seat, body: dict[str, Any]) -> None:
    assert seat.post("ping", body).status_code == 400


def test_the_session_names_its_device_and_the_strip(seat: Seat) -> None:
    told = seat.session()
    with store.reading(seat.stage.engine) as conn:
        assert told["seat"]["device"] == judging.devices(conn, EVENT)[0].id
    assert (told["seat"]["strip"], told["jottings"]) == (True, {})
    line = told["sheets"][0]
    assert (line["asked"], line["refused"], line["reopened"], line["rivals"]) == (None, None, None, {})
    before = seat.ping()["version"]
    act(seat.stage, "set_strip", EVENT, False, seat.stage.people["chief"])
    assert seat.ping()["strip"] is False
    assert seat.ping()["version"] != before


def test_a_request_to_correct_goes_its_way(seat: Seat) -> None:
    sheet, chief = seat.signed(), seat.stage.people["chief"]
    versions = [seat.ping()["version"]]
    assert seat.ask(sheet).json()["outcome"] == "accepted"
    assert seat.ask(sheet).json()["outcome"] == "known"
    assert seat.line(sheet)["asked"]["reason"] == "杯号看错"
    versions.append(seat.ping()["version"])
    act(seat.stage, "refuse_unlock", sheet, "a" * 32, chief, "照片相符")
    assert seat.line(sheet)["refused"]["reason"] == "照片相符"
    versions.append(seat.ping()["version"])
    assert seat.ask(sheet, id="b" * 32).json()["outcome"] == "accepted"
    act(seat.stage, "approve_unlock", sheet, "b" * 32, ["crema"], 15, chief, "同意")
    line = seat.line(sheet)
    assert (line["state"], line["reopened"]["items"], line["asked"]) == ("complete", ["crema"], None)
    versions.append(seat.ping()["version"])
    assert len(set(versions)) == 4  # every step reaches the tablet
    marks = [seat.mark(sheet, "crema", "0"), seat.mark(sheet, "espresso_taste", "2")]
    receipts = seat.post("marks", {"marks": marks}).json()["receipts"]
    assert [one["outcome"] for one in receipts] == ["accepted", "refused"]
    assert "没有开放这一项" in receipts[1]["reason"]["zh"]
    seat.ahead = timedelta(minutes=20)
    assert seat.send(seat.mark(sheet, "crema", "1")) == ["late"]


def test_a_request_on_an_open_sheet_is_refused_with_words(seat: Seat) -> None:
    answer = seat.ask(seat.session()["sheets"][0]["id"]).json()
    assert answer["outcome"] == "refused"
    assert "直接改分" in answer["reason"]["zh"]


@pytest.mark.parametrize(
    "more", [{"reason": "x"}, {"reason": "x" * 201}, {"id": "A" * 32}, {"items": "crema"}, {"minutes": 5}]
)
def test_a_malformed_request_is_refused_at_the_door(seat: Seat, more: dict[str, Any]) -> None:
    sheet = seat.signed()
    assert seat.ask(sheet, **more).status_code == 400
    assert seat.line(sheet)["asked"] is None


def test_workings_are_kept_for_the_next_tablet(seat: Seat) -> None:
    sheet = seat.session()["sheets"][0]["id"]
    row = {"sheet": sheet, "item": "crema", "flag": True, "zero": False, "note": "泡沫偏薄", "counter": 3}
    strange = {**row, "sheet": "f" * 32}
    before = seat.ping()["version"]
    assert seat.post("jottings", {"rows": [row, strange]}).json()["kept"] == 1
    assert seat.ping()["version"] == before  # the judge's own: nothing to fetch
    seat.join(token=TWO, card=1)
    told = seat.get("session", token=TWO).json()["jottings"]
    assert told == {f"{sheet}|crema": {"flag": True, "zero": False, "note": "泡沫偏薄"}}
    assert seat.post("jottings", {"rows": [{**row, "note": "x" * 2001}]}).status_code == 400


def test_both_tablets_of_a_seat_see_what_clashes(seat: Seat) -> None:
    seat.join(token=TWO, card=1)
    sheet = seat.session()["sheets"][0]["id"]
    assert seat.send(seat.mark(sheet, "crema", "1")) == ["accepted"]
    before = seat.ping()["version"]
    theirs = seat.post("marks", {"marks": [seat.mark(sheet, "crema", "0")]}, token=TWO).json()["receipts"]
    assert theirs[0]["outcome"] == "clash"
    assert seat.ping()["version"] != before
    assert sorted(seat.line(sheet)["rivals"]["crema"]) == ["0", "1"]
    assert seat.line(sheet)["marks"]["crema"][0] == "1"  # no silent overwrite


@pytest.mark.parametrize("path", ["ask", "jottings"])
def test_without_a_seat_nothing_is_asked_or_kept(seat: Seat, path: str) -> None:
    body = {"id": "a" * 32, "sheet": "s", "items": [], "reason": "because"} if path == "ask" else {"rows": []}
    assert seat.post(path, body, token="nothing").status_code == 401


def test_a_mark_for_a_locked_sheet_is_kept_aside_and_the_judge_is_told(seat: Seat) -> None:
    sheet = seat.signed()
    before = marks_in_ledger(seat.stage.engine, sheet)
    chief = seat.stage.people["chief"]
    for who in ("sensory.2", "sensory.3", "sensory.4", "technical.1", "clock.1", "head.1", "import.1"):
        act(seat.stage, "record_absence", EVENT, who, chief, "未到")
    for entry in other_entries(seat, sheet):
        act(seat.stage, "set_status", entry, "dns", chief, "缺赛")
    act(seat.stage, "lock_event", EVENT, chief)
    assert seat.line(sheet)["state"] == "locked"
    op = seat.mark(sheet, "crema", "0")
    for _ in range(2):  # the tablet that never heard the first answer hears the same
        receipt = seat.post("marks", {"marks": [op]}).json()["receipts"][0]
        assert receipt["outcome"] == "late"
        assert "迟到数据保存，由裁判长决定" in receipt["reason"]["zh"]
    line = seat.line(sheet)
    assert (line["late"], line["marks"]["crema"][0]) == (1, "1")
    assert marks_in_ledger(seat.stage.engine, sheet) == before
    assert ledger_kinds(seat.stage.engine, sheet).count("late") == 1


def other_entries(seat: Seat, sheet: str) -> list[str]:
    """The entries this sheet is not about."""
    with store.reading(seat.stage.engine) as conn:
        progress = judging.progress(conn, EVENT)
    mine = next(one.entry for one in progress if one.sheet == sheet)
    return sorted({one.entry for one in progress} - {mine})


def test_a_sheet_with_a_blank_is_not_signed(seat: Seat) -> None:
    sheet = seat.session()["sheets"][0]["id"]
    marks = seat.fill(sheet)
    assert seat.send(seat.mark(sheet, "crema", None)) == ["accepted"]  # taken back: blank, not zero
    seen = {item: id for item, id in marks.items() if item != "crema"}
    op = {"id": "f" * 32, "sheet": sheet, "counter": 900, "marks": seen, "strokes": None, "pin": PIN}
    answer = seat.post("sign", op).json()
    assert answer["outcome"] == "refused"
    assert "还有 1 项未评" in answer["reason"]["zh"]
    assert seat.line(sheet)["state"] == "draft"
    assert seat.send(seat.mark(sheet, "crema", "0")) == ["accepted"]
    assert seat.line(sheet)["state"] == "complete"  # zero is a mark


def test_a_clock_two_hours_slow_orders_nothing(seat: Seat) -> None:
    slow = store.stamp(datetime.now(UTC) - timedelta(hours=2))
    sheet, chief = seat.session()["sheets"][0]["id"], seat.stage.people["chief"]
    ahead = seat.mark(sheet, "crema", "1", device_at=store.stamp(datetime.now(UTC)))
    assert seat.send(ahead, seat.mark(sheet, "crema", "0", device_at=slow)) == ["accepted", "accepted"]
    assert seat.line(sheet)["marks"]["crema"][0] == "0"  # the later tap, though its clock says earlier
    seat.signed()
    seat.ask(sheet)
    act(seat.stage, "approve_unlock", sheet, "a" * 32, ["crema"], 15, chief, "同意")
    assert seat.send(seat.mark(sheet, "crema", "1", device_at=slow)) == ["accepted"]
    seat.ahead = timedelta(minutes=16)
    assert seat.send(seat.mark(sheet, "crema", "0", device_at=slow)) == ["late"]  # within the time by its own clock
    told = seat.ping(clock_ms=-7_200_000)
    assert datetime.fromisoformat(told["server_at"]) > datetime.now(UTC) + timedelta(minutes=15)


def test_no_answer_to_a_tablet_names_a_contestant_or_a_unit(seat: Seat) -> None:
    sheet = seat.signed()
    seat.join(token=TWO, card=1)
    row = {"sheet": sheet, "item": "crema", "flag": True, "zero": False, "note": "?", "counter": 3}
    answers = [
        seat.ask(sheet),
        seat.ask(sheet, id="b" * 32),
        seat.ask("f" * 32, id="c" * 32),
        seat.ask(sheet, items=["nothing"], id="d" * 32),
        seat.post("jottings", {"rows": [row]}),
        seat.post("ping", {"open": sheet}),
        seat.post("ping", {"battery": "full"}),
        seat.post("marks", {"marks": [seat.mark(sheet, "crema", "0")]}),
        seat.get("session", token=TWO),
        seat.get("session", token="nothing"),
    ]
    assert not [secret for secret in (*NAMES, *UNITS, *UNITS.values()) for answer in answers if secret in answer.text]
    assert {answer.status_code for answer in answers} == {200, 400, 401}


def test_the_server_adds_up_the_seats_own_sheet_and_no_other(seat: Seat) -> None:
    session = seat.session()
    sheet, form = session["sheets"][0]["id"], session["forms"]["stage/sensory"]
    assert seat.get(f"total/{sheet}").json()["marks"] == {}
    ids = seat.fill(sheet)
    items = [item for section in form["sections"] for item in section["items"]]
    looked_up = [item["values"][1]["points"] for item in items]  # what `fill` gives
    # Three the tablet can't look up, for the head judge may void them; alone they are worth 0.5 × 4, 1 × 3 and 1 × 3.
    assert [items[n]["id"] for n, points in enumerate(looked_up) if points is None] == [
        "espresso_taste_accuracy", "milk_taste", "signature_taste",
    ]  # fmt: skip
    assert form["denominator"] == 2
    added = sum(points for points in looked_up if points is not None)
    assert seat.get(f"total/{sheet}").json() == {"points": added + 4 + 6 + 6, "marks": ids}
    seat.join("sensory.2", token=TWO)
    refused = seat.get(f"total/{sheet}", token=TWO)
    assert refused.status_code == 404
    assert "points" not in refused.text
    assert seat.get(f"total/{sheet}", token="0" * 64).status_code == 401
