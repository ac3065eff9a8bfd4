"""The server's disk dies and an older copy takes its place: what it had confirmed meanwhile comes back from the tablets."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import msgspec
from playwright.sync_api import Page, expect
from sqlalchemy import select

from competition import judging, rules, store
from competition.settings import FILE
from competition.store import Ledger, sheets
from tests.browser.judge_walk import GIVEN, Venue, engine_of, give, join
from tests.web.judge_stage import CARDS, EVENT, PIN, ROOT, marks_in_ledger

BEFORE = ("crema", "espresso_taste")
AFTER = ("signature_taste", "details")
ELSEWHERE = "presentation"
GIVEN_HERE = (*BEFORE, *AFTER, ELSEWHERE, "milk_visual")


def test_marks_confirmed_after_the_last_copy_come_back_once(venue: Venue, tablet: Page, tmp_path: Path) -> None:
    """Each by its id, before newer ones; an item that another tablet marked after the restore keeps that mark, without a clash."""
    join(tablet, venue, "sensory.1")
    tablet.locator(".entry").first.tap()
    sheet = tablet.url.rsplit("/", 1)[1]
    for item in BEFORE:
        give(tablet, item)
    sent(tablet)
    copy = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(venue.var / FILE)) as live, closing(sqlite3.connect(copy)) as beside:
        live.backup(beside)
    give(tablet, "espresso_taste", "3")  # once more, though the copy has the one before
    for item in (*AFTER, ELSEWHERE):
        give(tablet, item)
    sent(tablet)
    venue.kill()
    confirmed = mark_ids(venue, sheet)
    for file in venue.var.glob(f"{FILE}*"):
        file.unlink()
    copy.rename(venue.var / FILE)
    other = mark_from_another_tablet(venue, sheet)
    give(tablet, "milk_visual")
    venue.start()

    sent(tablet)
    expect(tablet.locator(f"#i-{ELSEWHERE} .echo")).to_have_text("4")
    ours = mark_ids(venue, sheet)
    assert [item for id, item in confirmed.items() if id not in ours] == [ELSEWHERE]
    assert Counter(ours.values()) == {**dict.fromkeys(GIVEN_HERE, 1), "espresso_taste": 2}
    bodies: list[str] = []
    tablet.on(
        "request", lambda request: bodies.append(request.post_data or "") if request.url.endswith("/marks") else None
    )
    venue.restart()  # a new run that lost nothing is sent nothing again
    give(tablet, "milk_taste")
    sent(tablet)
    assert {mark["item"] for body in bodies for mark in msgspec.json.decode(body)["marks"]} == {"milk_taste"}
    venue.stop()
    engine = engine_of(venue)
    wanted = {item: GIVEN[item] for item in (*BEFORE, *AFTER, "milk_visual", "milk_taste")}
    assert marks_in_ledger(engine, sheet) == wanted | {"espresso_taste": "3", ELSEWHERE: "4"}
    with store.reading(engine) as conn:
        now = sheets.read_sheets(conn, [sheet])[sheet]
        assert (now.clash, now.late, now.marks[ELSEWHERE][1]) == ({}, [], other)
        assert now.marks["espresso_taste"][0] == "3"
        assert store.compare_sheets(conn, EVENT) == []
    engine.dispose()


def sent(tablet: Page) -> None:
    """Nothing of the tablet's waits any longer."""
    expect(tablet.locator(".chip-state")).to_have_text("已上传", timeout=30000)


def mark_ids(venue: Venue, sheet: str) -> dict[str, str]:
    """Every mark of the sheet in the ledger: its id and its item."""
    engine = engine_of(venue)
    with store.reading(engine) as conn:
        rows = conn.execute(select(Ledger.id, Ledger.body).where(Ledger.kind.in_(("mark", "late")))).all()
    engine.dispose()
    bodies = {row.id: msgspec.json.decode(row.body) for row in rows}
    return {id: body["item"] for id, body in bodies.items() if body["sheet"] == sheet}


def mark_from_another_tablet(venue: Venue, sheet: str) -> str:
    """A second tablet in the seat marks `ELSEWHERE` on the store as it was set back; answers the mark's id."""
    edition = rules.load(ROOT / "scoring_rules" / "barista").rules
    assert edition is not None
    op = judging.MarkOp("e" * 32, sheet, ELSEWHERE, "4", 1, edition.digest)
    engine = engine_of(venue)
    with store.Writer(engine) as writer:
        stage = venue.stage
        stage.engine, stage.writer = engine, writer
        device = stage.do(judging.join, CARDS["sensory.1"][-1], PIN, "d" * 64, rng_bytes=stage.rng)
        (receipt,) = stage.do(judging.record_marks, device, [op])
    engine.dispose()
    assert receipt.outcome == "accepted", receipt.reason
    return op.id
