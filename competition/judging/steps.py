"""Changes to the registers, remembered one by one, so that an import can be taken back as a whole.

A step is what was made, set or removed: the table, the row's key, and the values before and after.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from competition.errors import Conflict
from competition.store import Base

Values = Mapping[str, Any]


class Step(NamedTuple):
    """One change. `values`: of a set row {name: [before, after]}, of a removed one all it held."""

    kind: str
    table: str
    key: Mapping[str, Any]
    values: Mapping[str, Any]


class Steps:
    """Writes rows and keeps what it did."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.done: list[Step] = []

    def make(self, model: type[Base], rows: Sequence[Values]) -> None:
        """New rows."""
        table = _table(model)
        if rows:
            self.conn.execute(insert(table), [dict(row) for row in rows])
            self.note_made(model, rows)

    def note_made(self, model: type[Base], rows: Sequence[Values]) -> None:
        """Rows that another act has just made."""
        table = _table(model)
        self.done += [Step("made", table.name, {key: row[key] for key in _keys(table)}, {}) for row in rows]

    def set(self, model: type[Base], key: Values, values: Values) -> None:
        """Other values in one row; what is the same already is no step."""
        table = _table(model)
        before = self.conn.execute(select(*(table.c[name] for name in values)).where(_is(table, key))).one()._mapping
        changed = {name: value for name, value in values.items() if before[name] != value}
        if changed:
            self.conn.execute(update(table).where(_is(table, key)).values(**changed))
            self.note_set(model, key, {name: before[name] for name in changed}, changed)

    def note_set(self, model: type[Base], key: Values, before: Values, after: Values) -> None:
        """A change that another act has just made."""
        values = {name: [before[name], after[name]] for name in after}
        self.done.append(Step("set", _table(model).name, dict(key), values))

    def remove(self, model: type[Base], key: Values) -> None:
        """One row taken out; nothing happens if it isn't there. Conflict if something depends on it."""
        table = _table(model)
        row = self.conn.execute(select(table).where(_is(table, key))).mappings().first()
        if row is None:
            return
        try:
            self.conn.execute(delete(table).where(_is(table, key)))
        except IntegrityError:
            raise Conflict(
                "要删除的行里有已经用到的（已抽签、已分评分表或已入座），没有删除任何一行。请保留它们。",
                "Some rows to be removed are in use (drawn, with sheets, or seated); nothing was removed. Keep them.",
            ) from None
        self.done.append(Step("removed", table.name, dict(key), dict(row)))

    def packed(self) -> bytes:
        """The steps as bytes."""
        return json.dumps(self.done, ensure_ascii=False, default=_bytes_out).encode()


def take_back(conn: Connection, packed: bytes) -> int:
    """Undo packed steps, the last first; answer how many. Conflict, and nothing undone, if rows moved on meanwhile."""
    steps = [Step(*step) for step in json.loads(packed, object_hook=_bytes_in)]
    try:
        # Runs of the same kind go together: an import of 4,000 people is three runs of thousands, not thousands of statements.
        for (kind, name), run in groupby(reversed(steps), key=lambda step: (step.kind, step.table)):
            _take_back(conn, Base.metadata.tables[name], kind, list(run))
    except IntegrityError:
        raise Conflict(
            "这次导入的内容已经用到（已抽签、已分评分表、已登录等），不能整体撤销。请用改好的表再导入一次。",
            "What this import brought is in use already and can't be taken back whole. Import a corrected table instead.",
        ) from None
    return len(steps)


def _take_back(conn: Connection, table: Table, kind: str, run: Sequence[Step]) -> None:
    if kind == "made":
        here = and_(*(table.c[name] == bindparam(f"key_{name}") for name in run[0].key))
        conn.execute(delete(table).where(here), [{f"key_{k}": v for k, v in step.key.items()} for step in run])
    elif kind == "removed":
        conn.execute(insert(table), [dict(step.values) for step in run])
    else:
        for step in run:
            _put_back(conn, table, step)


def _put_back(conn: Connection, table: Table, step: Step) -> None:
    """The values before, if they are still those the import left."""
    still = and_(_is(table, step.key), *(_equal(table, name, after) for name, (_, after) in step.values.items()))
    back = {name: before for name, (before, _) in step.values.items()}
    if conn.execute(update(table).where(still).values(**back)).rowcount != 1:
        raise Conflict(
            "导入之后有人又改过这些行，不能整体撤销。请用改好的表再导入一次。",
            "Rows were changed again after the import; it can't be taken back whole. Import a corrected table instead.",
        )


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _is(table: Table, key: Values) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))


def _equal(table: Table, name: str, value: Any) -> ColumnElement[bool]:
    return table.c[name].is_(None) if value is None else table.c[name] == value


def _bytes_out(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    raise TypeError(type(value))


def _bytes_in(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["$bytes"]) if value.keys() == {"$bytes"} else value
