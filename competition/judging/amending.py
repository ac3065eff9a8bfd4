"""Correcting a mark of a locked sheet at the desk: the chief asks with a reason and the effect in view, a second person confirms.

Before locking nobody at a desk may read a mark, so nothing is corrected here: the sheet is opened for its judge instead. What
waits stands in the sheet's projection (`SheetNow.unlock["correction"]`); confirming is one line of the ledger that names both.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from competition import scoring
from competition.errors import Conflict, MarkError, NotAllowed
from competition.judging.acts import because
from competition.judging.clashes import change, sheet_of
from competition.judging.officials import Official, permit
from competition.judging.reading import given
from competition.judging.standings import standings
from competition.scoring import Result
from competition.scoring.compact import encode
from competition.store import Ledger, digest_of, sheets, thawed
from competition.store.sheets import SheetNow, seat_label

LOCKED = ("locked", "checked")


@dataclass(frozen=True, slots=True)
class Moved:
    """One entry whose total or rank a correction changes; None is "not there"."""

    entry: str
    total: tuple[str | None, str | None]
    rank: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction that is previewed or waits: item, value before and after, why, who asked (an official's id) and when.

    id is "" for a preview. effect: the entry itself, then every other whose total or rank moves. seen: moves with both.
    """

    id: str
    sheet: str
    entry: str
    module: str
    form: str
    seat: str
    item: str
    was: str | None
    value: str | None
    reason: str
    by: str
    at: str
    effect: tuple[Moved, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that was confirmed, as the ledger has it."""

    sheet: str
    item: str
    was: str | None
    value: str | None
    reason: str
    asked_by: str
    by: str
    at: str


def preview_correction(conn: Connection, sheet_id: str, item: str, value: str, by: Official) -> Correction:
    """What another value for one item would change. Refused as the request itself would be."""
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "correct", now.event_id)
    return _correction(
        conn, now, {"id": "", "item": item, "value": _new(conn, now, item, value), "reason": "", "by": by.id, "at": ""}
    )


def ask_correction(
    conn: Connection, sheet_id: str, item: str, value: str, seen: str, by: Official, reason: str, at: datetime
) -> str:
    """Ask for a mark to be corrected as it was previewed; answers the request's id. Conflict when the effect has moved since,
    or another correction of this sheet waits."""
    now = sheet_of(conn, sheet_id)
    found = preview_correction(conn, sheet_id, item, value, by)
    if now.unlock.get("correction"):
        raise Conflict(
            "这张评分表已有一项更正等待确认。", "A correction of this sheet waits for its second person already."
        )
    if found.seen != seen:
        raise Conflict("预览之后成绩有变动，请重新预览。", "The results have moved since the preview. Preview again.")
    body = {"by": by.id, "sheet": sheet_id, "item": item, "value": found.value, "reason": because(reason)}
    return change(conn, now, "ask-correction", body, at)


def confirm_correction(conn: Connection, sheet_id: str, request: str, seen: str, by: Official, at: datetime) -> None:
    """The second person lets the correction stand. NotAllowed for whoever asked; Conflict when its effect moved since it was read."""
    now = _waiting(conn, sheet_id, request, by)
    found = _correction(conn, now, now.unlock["correction"])
    if found.by == by.id:
        raise NotAllowed("更正要由另一个人确认。", "Somebody else confirms a correction.")
    if found.seen != seen:
        raise Conflict("影响有变动，请刷新后再确认。", "The effect has moved. Refresh, then confirm.")
    current = now.marks.get(found.item)
    body = {
        "by": by.id, "asked_by": found.by, "request": request, "sheet": sheet_id, "item": found.item, "was": found.was,
        "value": found.value, "supersedes": current[1] if current else None, "reason": found.reason,
        "effect": [[one.entry, *one.total, *one.rank] for one in found.effect],
    }  # fmt: skip
    change(conn, now, "correct", body, at)


def refuse_correction(conn: Connection, sheet_id: str, request: str, by: Official, reason: str, at: datetime) -> None:
    """The second person objects; or whoever asked takes it back. The mark stays."""
    now = sheet_of(conn, sheet_id)
    asked = now.unlock.get("correction", {})
    permit(conn, by, "correct" if asked.get("by") == by.id else "confirm_correction", now.event_id)
    _still(asked, request)
    body = {"by": by.id, "sheet": sheet_id, "request": request, "reason": because(reason)}
    change(conn, now, "refuse-correction", body, at)


def waiting_corrections(conn: Connection, event_id: str) -> list[Correction]:
    """Corrections that wait for their second person, the oldest first."""
    waiting = [now for now in sheets.event_sheets(conn, event_id).values() if now.unlock.get("correction")]
    return sorted(
        (_correction(conn, now, now.unlock["correction"]) for now in waiting), key=lambda one: (one.at, one.id)
    )


def corrected(conn: Connection, event_id: str) -> list[Corrected]:
    """Corrections that were confirmed, the newest first."""
    query = select(Ledger.body, Ledger.at).where(Ledger.event_id == event_id, Ledger.kind == "correct")
    lines = [(json.loads(row.body), row.at) for row in conn.execute(query.order_by(Ledger.seq.desc()))]
    return [
        Corrected(b["sheet"], b["item"], b["was"], b["value"], b["reason"], b["asked_by"], b["by"], at)
        for b, at in lines
    ]


def locked_marks(conn: Connection, sheet_id: str, by: Official) -> tuple[SheetNow, dict[str, str | None]]:
    """A locked sheet and its values by item, for the chief who is about to correct one."""
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "correct", now.event_id)
    _locked(now)
    return now, {item: cell[0] for item, cell in now.marks.items()}


def _correction(conn: Connection, now: SheetNow, asked: Mapping[str, Any]) -> Correction:
    cell = now.marks.get(asked["item"])
    effect = _effect(conn, now, asked["item"], asked["value"])
    told = [now.id, asked["item"], cell and cell[1], asked["value"], [[m.entry, *m.total, *m.rank] for m in effect]]
    return Correction(
        id=asked["id"], sheet=now.id, entry=now.entry_id, module=now.module, form=now.sheet, seat=seat_label(conn, now.seat_id),
        item=asked["item"], was=cell[0] if cell else None, value=asked["value"], reason=asked["reason"], by=asked["by"],
        at=asked["at"], effect=effect, seen=digest_of(told)[:16],
    )  # fmt: skip


def _effect(conn: Connection, now: SheetNow, item: str, value: str | None) -> tuple[Moved, ...]:
    """The entry itself and every other that moves, when the item had this value: the same calculator, other marks."""
    rules = thawed(conn, now.event_id)
    known = given(conn, now.event_id, rules)
    values = {name: cell[0] for name, cell in now.marks.items() if cell[0] is not None and name not in now.clash}
    values = {name: kept for name, kept in (values | {item: value}).items() if kept is not None}
    text, seat = encode(rules.sheet(now.module, now.sheet), values), seat_label(conn, now.seat_id)
    piles = []
    for pile in known.piles:
        if (pile.module, pile.sheet, pile.seat) == (now.module, now.sheet, seat):
            lists = zip(pile.entries.split("\n"), pile.lists.split("\n"), strict=True)
            pile = replace(pile, lists="\n".join(text if entry == now.entry_id else kept for entry, kept in lists))
        piles.append(pile)
    before, after = standings(conn, now.event_id), scoring.score_piles(rules, replace(known, piles=piles))
    return moved(before, after, [now.entry_id])


def moved(before: Result, after: Result, about: Sequence[str]) -> tuple[Moved, ...]:
    """The entries it is about first, then every other whose total or rank differs."""
    then = {one.entry: one for one in after.standings}
    lines = [
        Moved(one.entry, (one.total, then[one.entry].total), (one.rank, then[one.entry].rank))
        for one in before.standings
    ]
    changed = [one for one in lines if one.entry in about or one.total[0] != one.total[1] or one.rank[0] != one.rank[1]]
    return tuple(sorted(changed, key=lambda one: one.entry not in about))


def _new(conn: Connection, now: SheetNow, item: str, value: str) -> str:
    """The canonical value. MarkError when it is not legal for the item, or nothing would change."""
    _locked(now)
    form = thawed(conn, now.event_id).sheet(now.module, now.sheet)
    scale = form.item(item).scale
    if scale is None:
        raise MarkError("这一项由系统计算，不能更正。", "This item is computed; it can't be corrected.")
    canonical = form.item(item).parse(value.strip())
    current = now.marks.get(item)
    if current is not None and current[0] == canonical:
        raise MarkError("新分数与原分数相同，没有可更正的。", "The new mark is the old one: nothing to correct.")
    return str(canonical)


def _locked(now: SheetNow) -> None:
    if now.state not in LOCKED:
        raise Conflict(
            "锁定之前由裁判自己更正：请为裁判打开评分表。",
            "Before locking the judge corrects: open the sheet for its judge.",
        )


def _waiting(conn: Connection, sheet_id: str, request: str, by: Official) -> SheetNow:
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "confirm_correction", now.event_id)
    _still(now.unlock.get("correction", {}), request)
    _locked(now)
    return now


def _still(asked: Mapping[str, Any], request: str) -> None:
    if asked.get("id") != request:
        raise Conflict("这项更正已经处理过，请刷新。", "This correction has been dealt with already. Refresh.")
