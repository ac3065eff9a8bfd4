"""What each line of the ledger does to the sheets. Live acts and the rebuild both go through here, so they agree.

The order of one device's marks is its own counter: an older mark that arrives later is kept in the ledger and changes
nothing. Between devices a mark must name the current one as the one it supersedes; otherwise the two clash, both are
kept, and the item stays open until the chief decides.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from sqlalchemy import Connection, select

from competition.errors import Finding
from competition.rules.model import Rules
from competition.store.editions import thawed
from competition.store.ledger import Ledger, own_origin
from competition.store.sheets import Cell, SheetNow, add_sheets, columns, event_rows, remove_sheets, save_sheets

DESK = "desk:"
"""What stands before an official's id where a mark was keyed at a desk and no tablet made it."""

Sheets = dict[str, SheetNow]
Body = Mapping[str, Any]


def apply(sheets: Sheets, event_id: str, kind: str, id: str, at: str, body: Body) -> None:
    """Change the sheets as one line says. Kinds that concern no sheet change nothing."""
    change = _CHANGES.get(kind)
    if change is not None:
        change(sheets, event_id, id, at, body)


def place_mark(now: SheetNow, id: str, body: Body) -> Literal["current", "older", "clash"]:
    """Let a mark take its item's cell, if it is the newest; say what became of it."""
    now.version += 1
    item, device, counter = body["item"], body["device"], body["counter"]
    cell: Cell = [body["value"], id, device, counter]
    place = _place(now, item, cell, body["supersedes"])
    if place != "older" and (now.keyed or device.startswith(DESK)):
        _keyed_anew(now, device)
    return place


def required_items(rules: Rules, module: str, sheet: str) -> frozenset[str]:
    """The ids of the items a sheet must have marks for."""
    key = (rules.digest, module, sheet)
    if key not in _required:
        _required[key] = frozenset(item.id for item in rules.sheet(module, sheet).items if item.required)
    return _required[key]


def replay(conn: Connection, event_id: str, until: int | None = None) -> Sheets:
    """The sheets as the ledger alone tells them; as they were after line `until` of this store's own chain, if given."""
    query = (
        select(Ledger.kind, Ledger.id, Ledger.at, Ledger.body)
        .where(Ledger.event_id == event_id, Ledger.kind.in_(sorted(_CHANGES)))
        .order_by(Ledger.origin, Ledger.n)
    )
    if until is not None:
        query = query.where((Ledger.origin != own_origin(conn)) | (Ledger.n <= until))
    lines = conn.execute(query)
    sheets: Sheets = {}
    for line in lines:
        apply(sheets, event_id, line.kind, line.id, line.at, json.loads(line.body))
    if sheets:
        rules = thawed(conn, event_id)
        for now in sheets.values():
            now.settle_open(required_items(rules, now.module, now.sheet))
    return sheets


def rebuild_sheets(conn: Connection, event_id: str) -> int:
    """Write the sheets anew from the ledger; answer how many rows were not as they should be."""
    told, stored = replay(conn, event_id), event_rows(conn, event_id)
    rules = thawed(conn, event_id)
    wrong = [now for id, now in told.items() if id in stored and stored[id] != columns(now, rules)]
    missing = [now for id, now in told.items() if id not in stored]
    strange = [id for id in stored if id not in told]
    save_sheets(conn, wrong, rules)
    add_sheets(conn, missing, rules)
    remove_sheets(conn, strange)
    return len(wrong) + len(missing) + len(strange)


def compare_sheets(conn: Connection, event_id: str) -> list[Finding]:
    """Where the stored sheets differ from what the ledger tells."""
    told, stored = replay(conn, event_id), event_rows(conn, event_id)
    rules = thawed(conn, event_id)
    found = []
    for id in sorted(told.keys() | stored.keys()):
        if id not in stored:
            found.append(_differs(event_id, id, "台账中有，评分表中缺", "is in the ledger but has no row"))
        elif id not in told:
            found.append(_differs(event_id, id, "台账中没有这张表", "is not in the ledger"))
        else:
            row = columns(told[id], rules)
            if names := "、".join(name for name in row if row[name] != stored[id][name]):
                found.append(_differs(event_id, id, f"与台账不一致：{names}", f"differs from the ledger in {names}"))
    return found


def _differs(event_id: str, id: str, zh: str, en: str) -> Finding:
    return Finding(
        f"{event_id}/sheet {id}",
        f"评分表 {id} {zh}。以台账为准，重建评分表后再核对。",
        f"Sheet {id} {en}. The ledger rules: rebuild the sheets, then verify again.",
    )


def _place(now: SheetNow, item: str, cell: Cell, supersedes: str | None) -> Literal["current", "older", "clash"]:
    current = now.marks.get(item)
    if current is None:
        now.marks[item] = cell
        return "current"
    if item in now.clash:
        return _contend(now, item, cell)
    if cell[3] <= _last_counter(now, item, cell[2]):
        return "older"
    if current[2] == cell[2] or supersedes == current[1]:
        _supersede(now, item, cell)
        return "current"
    return _contend(now, item, cell)


def _keyed_anew(now: SheetNow, device: str) -> None:
    """A mark has moved: nobody has confirmed the marks as they are now, and a second keying no longer speaks of them."""
    by = set(now.keyed.get("by", ()))
    if device.startswith(DESK):
        by.add(device.removeprefix(DESK))
    now.keyed = {"by": sorted(by)} if by else {}


def _last_counter(now: SheetNow, item: str, device: str) -> int:
    current = now.marks[item]
    seen = now.others.get(item, {}).get(device, -1)
    return max(seen, current[3]) if current[2] == device else seen


def _supersede(now: SheetNow, item: str, cell: Cell) -> None:
    current = now.marks[item]
    if current[2] != cell[2]:
        now.others.setdefault(item, {})[current[2]] = current[3]
    now.marks[item] = cell


def _contend(now: SheetNow, item: str, cell: Cell) -> Literal["older", "clash"]:
    """Add a mark to those the chief must choose from; of one device only the newest contends."""
    rivals = now.clash.get(item, [now.marks[item]])
    own = next((rival for rival in rivals if rival[2] == cell[2]), None)
    if cell[3] <= max(own[3] if own else -1, now.others.get(item, {}).get(cell[2], -1)):
        return "older"
    kept = [rival for rival in rivals if rival is not own] + [cell]
    now.clash[item] = sorted(kept, key=lambda rival: str(rival[2]))
    if now.marks[item][2] == cell[2]:
        now.marks[item] = cell
    return "clash"


def _assign(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    for one in body["sheets"]:
        sheets[one["id"]] = SheetNow(
            one["id"], event_id, one["entry"], one["module"], one["sheet"], one["seat"], one["slot"]
        )


def _mark(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    place_mark(sheets[body["sheet"]], id, body)


def _late(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    now = sheets[body["sheet"]]
    now.late.append(id)
    now.version += 1


def _decide_late(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    now = sheets[body["sheet"]]
    now.late.remove(body["mark"])
    now.version += 1


def _settle(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    now, item = sheets[body["sheet"]], body["item"]
    for rival in now.clash.pop(item):
        others = now.others.setdefault(item, {})
        others[rival[2]] = max(rival[3], others.get(rival[2], -1))
        if rival[1] == body["mark"]:
            now.marks[item] = rival
    if now.keyed:
        _keyed_anew(now, "")
    now.version += 1


def _key_again(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    now = sheets[body["sheet"]]
    now.keyed = now.keyed | {"again": {"by": body["by"], "values": body["values"]}}
    now.version += 1


def _confirm(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    for sheet_id in body["sheets"] if "sheets" in body else [body["sheet"]]:
        now = sheets[sheet_id]
        now.keyed = {"confirmed": body["by"]}
        now.version += 1


def _ask(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    now = sheets[body["sheet"]]
    now.unlock = {"asked": {"id": id, "items": body["items"], "reason": body["reason"], "at": at}}
    now.version += 1


def _refuse(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    now = sheets[body["sheet"]]
    now.unlock = {"refused": {"reason": body["reason"], "at": at}}
    now.version += 1


def _extend(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    now = sheets[body["sheet"]]
    now.unlock = now.unlock | {"reopened": {"items": now.unlock["reopened"]["items"], "until": body["until"]}}
    now.version += 1


def _look_again(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    for sheet_id in body["sheets"]:
        now = sheets[sheet_id]
        items = {*now.unlock.get("recheck", {}).get("items", ()), body["item"]}
        now.unlock = now.unlock | {"recheck": {"items": sorted(items), "at": at}}
        now.version += 1


def _ask_correction(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    now = sheets[body["sheet"]]
    asked = {
        "id": id,
        "item": body["item"],
        "value": body["value"],
        "reason": body["reason"],
        "by": body["by"],
        "at": at,
    }
    now.unlock = now.unlock | {"correction": asked}
    now.version += 1


def _refuse_correction(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    now = sheets[body["sheet"]]
    now.unlock.pop("correction", None)
    now.version += 1


def _correct(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    """A mark corrected at the desk, whatever device made the one before: the sheet stays as it is, signed and locked."""
    now, item = sheets[body["sheet"]], body["item"]
    cell: Cell = [body["value"], id, f"correction:{id}", 0]
    if item in now.marks:
        _supersede(now, item, cell)
    else:
        now.marks[item] = cell
    now.unlock.pop("correction", None)
    now.version += 1


def _undo_lock(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    """What was signed is signed again; what was closed as it was is open again."""
    for sheet_id in body["sheets"]:
        now = sheets[sheet_id]
        now.state = "draft" if now.signed_at is None else "signed"
        now.version += 1


def _move(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
    for sheet_id, slot_id in body["sheets"].items():
        sheets[sheet_id].slot_id = slot_id
        sheets[sheet_id].version += 1


def _state(state: str) -> Callable[[Sheets, str, str, str, Body], None]:
    def change(sheets: Sheets, event_id: str, id: str, at: str, body: Body) -> None:
        for sheet_id in body["sheets"] if "sheets" in body else [body["sheet"]]:
            now = sheets[sheet_id]
            now.state = state
            now.version += 1
            if state == "signed":
                now.signed_at = at
                now.unlock = {}
            elif state == "draft":
                now.signed_at = None
                # Whatever was asked is answered now; only an answer to a request names items and a time.
                now.unlock = {"reopened": {"items": body["items"], "until": body["until"]}} if "items" in body else {}
            elif state == "locked":
                now.unlock.pop("reopened", None)

    return change


_CHANGES: dict[str, Callable[[Sheets, str, str, str, Body], None]] = {
    "assign": _assign,
    "mark": _mark,
    "late": _late,
    "late-decision": _decide_late,
    "settle": _settle,
    "key-again": _key_again,
    "confirm-keyed": _confirm,
    "sign": _state("signed"),
    "lock": _state("locked"),
    "close": _state("locked"),
    "ask-unlock": _ask,
    "refuse-unlock": _refuse,
    "extend-unlock": _extend,
    "unlock": _state("draft"),
    "check": _state("checked"),
    "running-order": _move,
    "swap": _move,
    "undo-lock": _undo_lock,
    "spread-review": _look_again,
    "ask-correction": _ask_correction,
    "refuse-correction": _refuse_correction,
    "correct": _correct,
}

_required: dict[tuple[str, str, str], frozenset[str]] = {}
