"""The re-check (抽查复核) of locked sheets: everybody up to tenth place and at least 15 % of the rest, drawn by a seed on record.

The supervisor draws. Each sheet of those entries is compared with its evidence by a supervisor, or by a clerk who did not key it. More
than 5 % of the sheets wrong, and every sheet is on the list (rules.md 12). What is wrong goes to the chief, who opens the sheet with a
reason; once it is locked again it is compared again. The list is read from the ledger: what was drawn, and what was found wrong; that a
sheet is right is its state `checked`.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil

from sqlalchemy import Connection, select

from competition.errors import Conflict, NotAllowed, NotFound
from competition.judging.acts import because, note
from competition.judging.clashes import sheet_of
from competition.judging.officials import Official, permit
from competition.judging.sheets import check_sheet, not_owed
from competition.judging.standings import standings
from competition.store import Ledger, sheets
from competition.store.sheets import OPEN, SheetNow

TOP = 10
REST, ERRORS = Fraction(15, 100), Fraction(5, 100)
DRAWN, WRONG = "recheck", "recheck-wrong"


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet on the list. `wrong`: what was found the last time, None if nothing; `state` as sheets have it."""

    sheet: SheetNow
    wrong: str | None

    @property
    def right(self) -> bool:
        """Compared with its evidence, and found as it is now."""
        return self.sheet.state == "checked"


@dataclass(frozen=True, slots=True)
class Recheck:
    """A re-check: the words it was drawn by, when, and its sheets. `everything`: too many were wrong, so that all are on it."""

    words: str
    at: str
    lines: tuple[Checked, ...]
    everything: bool
    errors: int

    @property
    def left(self) -> int:
        """How many sheets still wait."""
        return sum(not line.right for line in self.lines)


def draw_recheck(conn: Connection, event_id: str, words: str, by: Official, at: datetime) -> int:
    """Draw who is re-checked; answer how many entries. Once, after every sheet is locked; anybody can repeat it from the words."""
    permit(conn, by, "draw_recheck", event_id)
    if recheck(conn, event_id) is not None:
        raise Conflict("已经抽过，不能重抽。", "It was drawn already and can't be drawn again.")
    every = list(sheets.event_sheets(conn, event_id).values())
    free = not_owed(conn, event_id, every)
    unlocked = sum(now.state in (*OPEN, "signed") and now.id not in free for now in every)
    if unlocked or not every:
        raise Conflict(
            f"还有 {unlocked} 张评分表未锁定，全部锁定后才能抽查。",
            f"{unlocked} sheets are not locked. Lock them all first.",
        )
    places = {one.entry: one.rank for one in standings(conn, event_id).standings}
    drawn = sample(event_id, because(words), places)
    note(conn, event_id, DRAWN, by, at, words=words.strip(), entries=drawn)
    return len(drawn)


def sample(event_id: str, words: str, places: Mapping[str, int | None]) -> list[str]:
    """Everybody up to tenth place (those who share it too), and of the others the first 15 %, rounded up, in the order that the words
    give them."""
    top = {entry for entry, place in places.items() if place is not None and place <= TOP}
    rest = sorted(places.keys() - top, key=lambda entry: _lot(event_id, words, entry))
    return sorted(top) + rest[: ceil(len(rest) * REST)]


def compared(conn: Connection, sheet_id: str, wrong: str | None, by: Official, at: datetime) -> None:
    """A sheet was compared with its evidence: right (`wrong` None), or what is wrong with it, for the chief to put right."""
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "check_sheet", now.event_id)
    known = recheck(conn, now.event_id)
    if known is None or sheet_id not in {line.sheet.id for line in known.lines}:
        raise NotFound("这张评分表不在抽查名单里。", "This sheet is not on the list of the re-check.")
    if by.id in now.keyed.get("by", ()):
        raise NotAllowed(
            "录入的人不能自己复核，请另一位复核。", "Who keyed a sheet doesn't check it: another person does."
        )
    if wrong is None:
        check_sheet(conn, sheet_id, by, at)
        return
    if now.state != "locked":
        raise Conflict(
            "这张评分表已被更正或已复核，请刷新。", "This sheet was opened or checked meanwhile. Reload the page."
        )
    note(conn, now.event_id, WRONG, by, at, sheet=sheet_id, wrong=because(wrong))


def recheck(conn: Connection, event_id: str) -> Recheck | None:
    """How far the re-check is; None before it was drawn."""
    lines = conn.execute(
        select(Ledger.kind, Ledger.at, Ledger.body)
        .where(Ledger.event_id == event_id, Ledger.kind.in_((DRAWN, WRONG)))
        .order_by(Ledger.seq)
    ).all()
    if not lines:
        return None
    first = json.loads(lines[0].body)
    wrong: dict[str, str] = {}
    for line in lines[1:]:
        body = json.loads(line.body)
        wrong[body["sheet"]] = body["wrong"]
    every = sheets.event_sheets(conn, event_id)
    free = not_owed(conn, event_id, list(every.values()))
    owed = [now for now in every.values() if now.id not in free]
    drawn = [now for now in owed if now.entry_id in set(first["entries"])]
    everything = len(wrong.keys() & {now.id for now in drawn}) > len(drawn) * ERRORS
    return Recheck(first["words"], lines[0].at, _lines(owed if everything else drawn, wrong), everything, len(wrong))


def left_to_check(conn: Connection) -> dict[str, int]:
    """How many sheets still wait to be compared, by event where a re-check was drawn."""
    drawn = conn.scalars(select(Ledger.event_id).where(Ledger.kind == DRAWN)).all()
    known = {event: recheck(conn, event) for event in drawn if event}
    return {event: one.left for event, one in known.items() if one and one.left}


def _lines(some: Sequence[SheetNow], wrong: Mapping[str, str]) -> tuple[Checked, ...]:
    return tuple(
        Checked(now, wrong.get(now.id))
        for now in sorted(some, key=lambda now: (now.module, now.sheet, now.seat_id, now.id))
    )


def _lot(event_id: str, words: str, entry: str) -> bytes:
    return hmac.new(f"{event_id}|{words}".encode(), entry.encode(), hashlib.sha256).digest()
