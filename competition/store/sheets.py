"""One row per sheet with its current marks: a projection of the ledger, quick to read, rebuilt at will."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Row,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from competition.rules.model import Rules
from competition.scoring.compact import encode
from competition.store.games import Seat, Slot
from competition.store.ledger import canonical
from competition.store.schema import Base

Cell = list[Any]
"""One current mark: [value or null, mark id, device, counter]."""

STATES = ("draft", "complete", "signed", "locked", "checked")
OPEN = ("draft", "complete")
"""While a sheet is in one of these a mark may still become current."""
SHUT = ("waiting", "closed")
"""Gates of a slot at which its sheets take no marks."""


class Sheet(Base):
    """The items one seat marks for one entry in one module (评分表).

    Columns `marks` to `late`, `keyed` and `unlock` are JSON text with everything that acts need to know. `current` holds
    only what scoring reads, a list as `competition.scoring.compact` says; a mark that clashes is not in it.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        UniqueConstraint("event_id", "entry_id", "module", "sheet", "seat_id"),
        CheckConstraint("state IN ('draft', 'complete', 'signed', 'locked', 'checked')", name="state"),
        # All that scoring reads, side by side: the wide rows themselves need not be touched. PostgreSQL keeps long text
        # out of its rows anyway, and would refuse an index on it.
        Index("ix_sheet_current", "event_id", "module", "sheet", "seat_id", "entry_id", "current").ddl_if("sqlite"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"), index=True)
    module: Mapped[str]
    sheet: Mapped[str]
    seat_id: Mapped[str] = mapped_column(ForeignKey("seat.id"), index=True)
    slot_id: Mapped[str | None] = mapped_column(ForeignKey("slot.id"))
    state: Mapped[str]
    version: Mapped[int]
    marks: Mapped[str]
    others: Mapped[str]
    clash: Mapped[str]
    late: Mapped[str]
    signed_at: Mapped[str | None]
    current: Mapped[str] = mapped_column(server_default="[]")
    keyed: Mapped[str] = mapped_column(server_default="{}")
    unlock: Mapped[str] = mapped_column(server_default="{}")


@dataclass(slots=True)
class SheetNow:
    """A sheet in memory.

    marks: item -> its current mark.
    others: item -> device -> the highest counter seen from it, kept only for items that more than one device marked.
    clash: item -> the marks that contend, while the chief has not decided.
    late: ids of marks that came after signing and wait for the chief.
    keyed: how far the double keying from paper is, {} when nobody keyed. "by": the officials who keyed since the last
    confirmation; "again": {"by", "values"}, a second keying that differs and waits to be settled; "confirmed": the second
    person who confirmed the marks as they are now.
    unlock: how far a correction asked for by the judge is, {} when there is none. "asked": {"id", "items", "reason", "at"},
    a request that waits for the chief ([] is the whole sheet); "refused": {"reason", "at"}, the chief's last no, until the
    next request; "reopened": {"items", "until"}, what the chief has opened and until when, until it is signed anew; "recheck":
    {"items", "at"}, what the chief asks its judge to look at again ("" is the whole sheet), until it is signed; "correction": {"id",
    "item", "value", "reason", "by", "at"}, a correction of a locked mark that waits for its second person.
    """

    id: str
    event_id: str
    entry_id: str
    module: str
    sheet: str
    seat_id: str
    slot_id: str | None = None
    state: str = "draft"
    version: int = 0
    marks: dict[str, Cell] = field(default_factory=dict)
    others: dict[str, dict[str, int]] = field(default_factory=dict)
    clash: dict[str, list[Cell]] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    signed_at: str | None = None
    keyed: dict[str, Any] = field(default_factory=dict)
    unlock: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether a mark may still become current."""
        return self.state in OPEN

    def keeps_shut(self, item: str) -> bool:
        """Whether the sheet was opened again for other items only."""
        opened = self.unlock.get("reopened", {}).get("items", ())
        return bool(opened) and item not in opened

    def over(self, at: str) -> bool:
        """Whether the time for which the sheet was opened again has passed at this stored moment."""
        until = self.unlock.get("reopened", {}).get("until")
        return until is not None and at > until

    def unmarked(self, required: frozenset[str]) -> list[str]:
        """Required items without a value, or whose marks clash."""
        return sorted(i for i in required if i in self.clash or self.marks.get(i, [None])[0] is None)

    def settle_open(self, required: frozenset[str]) -> None:
        """While open, a sheet is complete exactly when nothing required is missing and nothing clashes."""
        if self.is_open:
            self.state = "draft" if self.clash or self.unmarked(required) else "complete"


def load(row: Row[*tuple[Any, ...]]) -> SheetNow:
    """A stored row in memory."""
    return SheetNow(
        id=row.id,
        event_id=row.event_id,
        entry_id=row.entry_id,
        module=row.module,
        sheet=row.sheet,
        seat_id=row.seat_id,
        slot_id=row.slot_id,
        state=row.state,
        version=row.version,
        marks=json.loads(row.marks),
        others=json.loads(row.others),
        clash=json.loads(row.clash),
        late=json.loads(row.late),
        signed_at=row.signed_at,
        keyed=json.loads(row.keyed),
        unlock=json.loads(row.unlock),
    )


def columns(now: SheetNow, rules: Rules) -> dict[str, Any]:
    """The sheet as a row's values, under the rules its marks were recorded under."""
    return {
        "id": now.id,
        "event_id": now.event_id,
        "entry_id": now.entry_id,
        "module": now.module,
        "sheet": now.sheet,
        "seat_id": now.seat_id,
        "slot_id": now.slot_id,
        "state": now.state,
        "version": now.version,
        "marks": canonical(now.marks),
        "others": canonical(now.others),
        "clash": canonical(now.clash),
        "late": canonical(now.late),
        "signed_at": now.signed_at,
        "current": _current(now, rules),
        "keyed": canonical(now.keyed),
        "unlock": canonical(now.unlock),
    }


def _current(now: SheetNow, rules: Rules) -> str:
    values = {item: cell[0] for item, cell in now.marks.items() if cell[0] is not None and item not in now.clash}
    return encode(rules.sheet(now.module, now.sheet), values) if values else "[]"


CHANGING = (
    "state",
    "version",
    "marks",
    "others",
    "clash",
    "late",
    "signed_at",
    "slot_id",
    "current",
    "keyed",
    "unlock",
)
_READ = select(Sheet).where(Sheet.id.in_(bindparam("ids", expanding=True)))
_SHUT = select(Slot.id, Slot.module, Slot.gate).where(
    Slot.id.in_(bindparam("ids", expanding=True)), Slot.gate.in_(SHUT)
)
_INSERT = insert(Sheet)
_UPDATE = (
    update(Sheet.__table__)  # type: ignore[arg-type]
    .where(Sheet.__table__.c.id == bindparam("sheet_id"))
    .values({name: bindparam(f"new_{name}") for name in CHANGING})
)


def read_sheets(conn: Connection, ids: list[str]) -> dict[str, SheetNow]:
    """The sheets with these ids that exist."""
    return {row.id: load(row) for row in conn.execute(_READ, {"ids": ids})}


def shut_sheets(conn: Connection, some: Iterable[SheetNow]) -> dict[str, str]:
    """Of these sheets, those whose slot is "waiting" or "closed" and which nobody opened again or asked to be looked at again: what
    is marked on them now is late."""
    there = [now for now in some if now.slot_id and not {"reopened", "recheck"} & now.unlock.keys()]
    if not there:
        return {}
    rows = conn.execute(_SHUT, {"ids": sorted({now.slot_id or "" for now in there})})
    gate = {(row.id, row.module): row.gate for row in rows}
    return {now.id: gate[now.slot_id, now.module] for now in there if (now.slot_id, now.module) in gate}


def event_sheets(conn: Connection, event_id: str) -> dict[str, SheetNow]:
    """Every sheet of an event by id."""
    return {row.id: load(row) for row in conn.execute(select(Sheet).where(Sheet.event_id == event_id))}


def event_rows(conn: Connection, event_id: str) -> dict[str, dict[str, Any]]:
    """Every sheet's row as it is stored, by id."""
    return {row["id"]: dict(row) for row in conn.execute(select(Sheet).where(Sheet.event_id == event_id)).mappings()}


def add_sheets(conn: Connection, sheets: list[SheetNow], rules: Rules) -> None:
    """Insert new rows."""
    if sheets:
        conn.execute(_INSERT, [columns(now, rules) for now in sheets])


def save_sheets(conn: Connection, sheets: list[SheetNow], rules: Rules) -> None:
    """Write the changed columns of rows that exist."""
    rows = []
    for now in sheets:
        values = columns(now, rules)
        rows.append({"sheet_id": now.id} | {f"new_{name}": values[name] for name in CHANGING})
    if rows:
        conn.execute(_UPDATE, rows)


def remove_sheets(conn: Connection, ids: list[str]) -> None:
    """Take away rows that the ledger does not know; only the rebuild does this."""
    conn.execute(delete(Sheet).where(Sheet.id.in_(ids)))


def seat_label(conn: Connection, seat_id: str) -> str:
    """The label of a seat, "panel.n"."""
    row = conn.execute(select(Seat.panel, Seat.n).where(Seat.id == seat_id)).one()
    return f"{row.panel}.{row.n}"
