"""Slots and stations (场次, 工位): when and where a module is done; and laying out the sheets, which opens the event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from competition.errors import Conflict, MarkError, NotFound
from competition.judging.acts import RngBytes, new_id, note
from competition.judging.officials import Official, permit
from competition.judging.permissions import MAY
from competition.judging.readiness import readiness
from competition.judging.setup import assign_sheets
from competition.store import append_all, moment, stamp, thawed
from competition.store.games import Event, Slot
from competition.store.sheets import Sheet

MOST_PLACES = 500
"""Places made in one go; a slip of the hand (a hundred stations for a hundred slots) is refused."""

LONGEST_NAME = 60
"""Characters of an event's name or venue: a line on a board, a seat card and a certificate."""
SETTERS = MAY["slots"]


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One place: slot number and station of a module, when it opens, how many entries have it."""

    id: str
    module: str
    n: int
    station: str
    opens_at: str | None
    taken: int


def slots(conn: Connection, event_id: str) -> list[SlotLine]:
    """Every place of an event, by module, slot and station."""
    query = select(Sheet.slot_id, func.count(Sheet.entry_id.distinct())).where(Sheet.event_id == event_id)
    taken = {slot: number for slot, number in conn.execute(query.group_by(Sheet.slot_id))}
    rows = conn.execute(select(Slot).where(Slot.event_id == event_id))
    lines = [SlotLine(r.id, r.module, r.n, r.station, r.opens_at, taken.get(r.id, 0)) for r in rows]
    return sorted(lines, key=lambda one: (one.module, one.n, station_order(one.station)))


def add_slots(
    conn: Connection, event_id: str, module: str, stations: Sequence[str], count: int, first: datetime | None,
    minutes: int, by: Official, at: datetime, rng_bytes: RngBytes,
) -> int:  # fmt: skip
    """So many slots more, each at every station, the first at `first` and the others `minutes` apart; answers the places."""
    permit(conn, by, "slots", event_id)
    check_module(conn, event_id, module)
    named = [station.strip() for station in stations if station.strip()]
    if not named or len(set(named)) < len(named) or any(len(one) > 20 for one in named):
        raise MarkError(
            "工位请逐个写出，用空格分开，不能重复，每个不超过 20 个字。",
            "Name each station once, parted by blanks, with at most 20 characters each.",
        )
    if not 1 <= count * len(named) <= MOST_PLACES or (first is not None and count > 1 and minutes < 1):
        raise MarkError(
            f"场次数与工位数之积应为 1 到 {MOST_PLACES}，每场间隔至少 1 分钟。",
            f"Slots times stations make 1 to {MOST_PLACES} places, and slots are at least a minute apart.",
        )
    last = conn.scalar(select(func.max(Slot.n)).where(Slot.event_id == event_id, Slot.module == module)) or 0
    rows = [
        {"id": new_id(rng_bytes), "event_id": event_id, "module": module, "n": last + k + 1, "station": station,
         "opens_at": stamp(first + timedelta(minutes=minutes * k)) if first else None}
        for k in range(count)
        for station in named
    ]  # fmt: skip
    conn.execute(insert(Slot), rows)
    told = [
        {"by": by.id, "slot": row["id"], "module": module, "n": row["n"], "station": row["station"],
         "opens": row["opens_at"]}
        for row in rows
    ]  # fmt: skip
    append_all(conn, event_id, [("slot", None, line) for line in told], at)
    return len(rows)


def postpone(
    conn: Connection, event_id: str, module: str, from_n: int, minutes: int, by: Official, reason: str, at: datetime
) -> int:
    """Open a module's slots from number `from_n` on so many minutes later (negative: earlier); answers how many places."""
    permit(conn, by, "slots", event_id)
    where = (Slot.event_id == event_id, Slot.module == module, Slot.n >= from_n, Slot.opens_at.is_not(None))
    rows = list(conn.execute(select(Slot).where(*where)))
    if not rows or not minutes or abs(minutes) > 24 * 60:
        raise Conflict(
            "没有可以顺延的场次，或顺延的分钟数不对（-1440 到 1440，不能为 0）。",
            "There is no slot to move, or the minutes are not right (-1440 to 1440, not 0).",
        )
    for row in rows:
        opens = stamp(moment(row.opens_at) + timedelta(minutes=minutes))
        conn.execute(update(Slot).where(Slot.id == row.id).values(opens_at=opens))
    moved = [row.id for row in rows]
    note(conn, event_id, "slots-moved", by, at, module=module, minutes=minutes, slots=moved, reason=reason.strip())
    return len(rows)


def drop_slots(conn: Connection, event_id: str, module: str, n: int, by: Official, at: datetime) -> None:
    """Take a slot away, with all its stations. Conflict when an entry has a place in it."""
    permit(conn, by, "slots", event_id)
    rows = _of(conn, event_id, module, n)
    ids = [row.id for row in rows]
    taken = conn.scalar(select(func.count()).select_from(Sheet).where(Sheet.slot_id.in_(ids)))
    if taken:
        raise Conflict(
            f"第 {n} 场已经排了选手，不能删除。请先重新抽出场顺序。",
            f"Slot {n} has entries in it and stays. Draw the running order again first.",
        )
    conn.execute(delete(Slot).where(Slot.id.in_(ids)))
    note(conn, event_id, "slots-dropped", by, at, module=module, n=n, slots=ids)


def lay_out(conn: Connection, event_id: str, by: Official, at: datetime, rng_bytes: RngBytes) -> int:
    """Lay out every sheet, so that judges can start; answers how many are new. Conflict naming what is still missing."""
    permit(conn, by, "lay_out", event_id)
    missing = [need for need in readiness(conn, event_id)[event_id] if need.blocks and need.key != "sheets"]
    if missing:
        zh = "、".join(f"{NAMES[need.key][0]} {need.have}/{need.of}" for need in missing)
        en = ", ".join(f"{NAMES[need.key][1]} {need.have}/{need.of}" for need in missing)
        raise Conflict(f"还缺：{zh}。补齐后再分配评分表。", f"Still missing: {en}. Then lay out the sheets.")
    made = assign_sheets(conn, event_id, by, at, rng_bytes)
    if not made:
        raise Conflict("评分表都已分配。", "All sheets are laid out already.")
    return made


def describe_event(
    conn: Connection, event_id: str, zh: str, en: str, by: Official, at: datetime, venue: str = ""
) -> None:
    """What an event is called and where it takes place. Its id and its rules stay."""
    permit(conn, by, "games", event_id)
    names = zh.strip(), en.strip()
    if not all(1 <= len(name) <= LONGEST_NAME for name in names):
        raise MarkError(
            f"中英文名称都要填写，不超过 {LONGEST_NAME} 个字。",
            f"Give both names, up to {LONGEST_NAME} characters each.",
        )
    where = venue.strip()
    if len(where) > LONGEST_NAME:
        raise MarkError(f"赛场不超过 {LONGEST_NAME} 个字。", f"Up to {LONGEST_NAME} characters for the venue.")
    conn.execute(update(Event).where(Event.id == event_id).values(name_zh=names[0], name_en=names[1], venue=where))
    note(conn, event_id, "event-name", by, at, name=names, venue=where)


NAMES = {
    "rules": ("规则文件", "rule file"),
    "entries": ("参赛名单", "entries"),
    "slots": ("场次工位", "slots"),
    "seats": ("裁判席", "seats"),
    "interests": ("回避处理", "conflicts of interest"),
    "keys": ("标准答案", "sealed keys"),
    "codes": ("编号抽签", "draw of codes"),
    "sheets": ("评分表", "sheets"),
    "tablets": ("平板", "tablets"),
}
"""The needs as a refusal names them."""


def _of(conn: Connection, event_id: str, module: str, n: int) -> Sequence[Row[*tuple[object, ...]]]:
    rows = conn.execute(select(Slot).where(Slot.event_id == event_id, Slot.module == module, Slot.n == n)).all()
    if not rows:
        raise NotFound("没有这个场次。", "There is no such slot.")
    return rows


def check_module(conn: Connection, event_id: str, module: str) -> None:
    """NotFound unless the event's rules have this module."""
    if module not in {one.id for one in thawed(conn, event_id).modules}:
        raise NotFound("规则里没有这个模块。", "The rules have no such module.")


def station_order(station: str) -> tuple[int, str]:
    """Stations that are numbers in their order, then the others."""
    return (int(station), "") if station.isascii() and station.isdigit() else (10**6, station)
