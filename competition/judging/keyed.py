"""Keying from paper, the first time: a clerk's marks for a paper sheet or an answer card, and theory marks from a file."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from competition.errors import CompetitionError, Conflict, MarkError, NotFound
from competition.judging.acts import because
from competition.judging.clashes import change, sheet_of
from competition.judging.marks import freeze
from competition.judging.officials import Official, permit
from competition.rules.model import Rules
from competition.rules.model import Sheet as Form
from competition.store import Ledger, digest_of, sheets, stamp, thawed
from competition.store.replay import DESK
from competition.store.sheets import Sheet, SheetNow


def import_theory(
    conn: Connection, event_id: str, module: str, sheet: str, rows: Mapping[str, Mapping[str, str]], by: Official,
    at: datetime, reason: str | None = None, codes: int = 0,
) -> int:  # fmt: skip
    """Record imported marks, entry by entry, on the one seat of the sheet's panel: keyed once, to be confirmed as a list.

    `reason` is recorded with every new mark; the desk asks for one when a mark corrects another. `codes` says by which of
    an entry's codes the file named it (0 参赛号, 1 工位号, 2 评审号), so that whoever confirms sees the list by the same.

    Answers how many marks are new; importing the same file twice adds none. If any value is wrong nothing is recorded
    and the MarkError names every one.
    """
    permit(conn, by, "enter", event_id)
    rules = thawed(conn, event_id)
    found = _sheets_by_entry(conn, event_id, rules.sheet(module, sheet), rows)
    values = legal(rules, {found[entry].id: (found[entry], row) for entry, row in rows.items()})
    return sum(key(conn, found[entry], values[found[entry].id], by, reason, at, codes) for entry in rows)


def key_marks(
    conn: Connection, sheet_id: str, values: Mapping[str, str | None], by: Official, reason: str, at: datetime
) -> int:
    """A clerk keys a paper sheet or an answer card; answers how many marks are new. Wrong values are all named.

    A second person must confirm what was keyed (`competition.judging.confirmed`) before the sheet can be signed.
    """
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "enter", now.event_id)
    checked = legal(thawed(conn, now.event_id), {now.id: (now, values)})
    return key(conn, now, checked[now.id], by, because(reason), at)


def key(
    conn: Connection, now: SheetNow, values: Mapping[str, str | None], by: Official, reason: str | None, at: datetime,
    codes: int | None = None,
) -> int:  # fmt: skip
    """Record these canonical values as marks of this desk; answers how many are new. Conflict once the sheet is signed."""
    changed = {item: value for item, value in values.items() if now.marks.get(item, [None])[0] != value}
    if not changed:
        return 0
    if not now.is_open:
        raise Conflict(
            "评分表已签名或锁定，请裁判长解锁后再录。", "The sheet is signed or locked; have the chief unlock it first."
        )
    if any(map(now.keeps_shut, changed)) or now.over(stamp(at)):
        raise Conflict(
            "裁判长只为裁判开放了别的项，或更正时间已过。请裁判长解锁整张表后再录。",
            "The chief opened other items of this sheet for its judge, or the time is over. Have the whole sheet unlocked.",
        )
    seat = sheets.seat_label(conn, now.seat_id)
    freeze(conn, now.event_id, thawed(conn, now.event_id).digest, at)
    for item, value in changed.items():
        current = now.marks.get(item)
        # The sheet's version counts up with every mark, so one desk's marks are in order whoever sits at it.
        body: dict[str, Any] = {
            "sheet": now.id,
            "item": item,
            "value": value,
            "device": f"{DESK}{by.id}",
            "counter": now.version + 1,
            "seat": seat,
            "judge": by.id,
            "supersedes": current[1] if current else None,
        }
        body |= {"reason": reason} if reason else {}
        body |= {} if codes is None else {"codes": codes}
        change(conn, now, "mark", body, at, id=digest_of([body, stamp(at)])[:32])
    return len(changed)


def listed_by(conn: Connection, listed: Sequence[SheetNow]) -> dict[str, int]:
    """By which of its codes (0 to 2) each imported sheet was named in its file, by sheet."""
    marks = {cell[1]: now.id for now in listed for cell in now.marks.values()}
    rows = conn.execute(select(Ledger.id, Ledger.body).where(Ledger.id.in_(marks)).order_by(Ledger.seq))
    return {marks[row.id]: json.loads(row.body).get("codes", 0) for row in rows}


def legal(
    rules: Rules, keyed: Mapping[str, tuple[SheetNow, Mapping[str, str | None]]]
) -> dict[str, dict[str, str | None]]:
    """The canonical values by sheet and item; a MarkError names every illegal one."""
    found: dict[str, dict[str, str | None]] = {sheet_id: {} for sheet_id in keyed}
    wrong: list[CompetitionError] = []
    for sheet_id, (now, values) in keyed.items():
        form = rules.sheet(now.module, now.sheet)
        for item, value in values.items():
            try:
                parsed = None if value is None else form.item(item).parse(value)
                found[sheet_id][item] = parsed
            except CompetitionError as error:
                wrong.append(error)
    if wrong:
        raise MarkError(" ".join(error.zh for error in wrong), " ".join(error.en for error in wrong))
    return found


def _sheets_by_entry(
    conn: Connection, event_id: str, form: Form, rows: Mapping[str, Mapping[str, str]]
) -> dict[str, SheetNow]:
    query = select(Sheet).where(Sheet.event_id == event_id, Sheet.module == form.module, Sheet.sheet == form.id)
    found = {row.entry_id: sheets.load(row) for row in conn.execute(query.order_by(Sheet.seat_id.desc()))}
    missing = [entry for entry in rows if entry not in found]
    if missing:
        raise NotFound(
            f"有 {len(missing)} 个参赛没有这张评分表：{'、'.join(missing)}。请先分配评分表。",
            f"{len(missing)} entries have no such sheet: {', '.join(missing)}. Assign the sheets first.",
        )
    return found
