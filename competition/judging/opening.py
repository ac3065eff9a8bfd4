"""Opening what was sealed: layer by layer, the last drawn first, by encryptor and supervisor together, and on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from competition.errors import Conflict, NotAllowed
from competition.judging.acts import note
from competition.judging.draws import codes_record
from competition.judging.entries import members
from competition.judging.interests import unsettled
from competition.judging.officials import Official, require
from competition.judging.seal import CodeLine, SealState, code_map, codes_of, halves_of, seal_state
from competition.store import stamp
from competition.store.codes import Opening
from competition.store.games import Event, Unit
from competition.store.people import Entry
from competition.store.sheets import OPEN, Sheet


@dataclass(frozen=True, slots=True)
class LayerLine:
    """One line of an opened layer: its code, and what lies beneath it. Under the first layer that is who it is."""

    code: str
    beneath: str | None
    names: tuple[str, ...] = ()
    unit: str | None = None
    team: str | None = None


def named_map(
    conn: Connection, event_id: str, by: Official, at: datetime
) -> tuple[list[tuple[CodeLine, LayerLine]], str]:
    """The whole map with names, to be printed once, put in an envelope and sealed; and its digest. Recorded each time."""
    lines = code_map(conn, event_id, by)
    state = seal_state(conn, event_id)
    if state.digest is None:
        raise Conflict("尚未抽签，没有编号对照表。", "No codes have been drawn; there is no map.")
    who = _who(conn, event_id)
    note(conn, event_id, "map-printed", by, at, digest=state.digest)
    return [(line, LayerLine(line.codes[0], None, *who[line.entry])) for line in lines], state.digest


def open_layer(
    conn: Connection, event_id: str, layer: int, encryptor: Official, supervisor: Official, at: datetime
) -> None:
    """Open one layer, the last drawn first. Two people, and every sheet locked; with the last layer the seed becomes public."""
    state = _may_open(conn, event_id, encryptor, supervisor)
    if layer != state.next_layer:
        raise Conflict(
            "这一层已经解密，或还没有轮到它。请刷新页面后再试。",
            "This layer is open already, or not the next. Load the page again.",
        )
    conn.execute(
        insert(Opening).values(
            event_id=event_id, layer=layer, at=stamp(at), encryptor_id=encryptor.id, supervisor_id=supervisor.id
        )
    )
    note(conn, event_id, "open-layer", encryptor, at, witness=supervisor.id, layer=layer, digest=state.digest)
    if layer != min(state.layers):
        return
    conn.execute(update(Event).where(Event.id == event_id).values(decoded_at=stamp(at)))
    halves = {role: [half.salt, half.words] for role, half in halves_of(conn, event_id).items()}
    note(conn, event_id, "decode", encryptor, at, witness=supervisor.id, digest=state.digest, seeds=halves)


def decode_event(conn: Connection, event_id: str, encryptor: Official, supervisor: Official, at: datetime) -> None:
    """Open every layer that is still sealed, the last drawn first: names may now be joined to results."""
    layer = _may_open(conn, event_id, encryptor, supervisor).next_layer
    while layer is not None:
        open_layer(conn, event_id, layer, encryptor, supervisor, at)
        layer = seal_state(conn, event_id).next_layer


def layer_lines(conn: Connection, event_id: str, layer: int) -> list[LayerLine]:
    """An opened layer: each code and what lies beneath it. Conflict while it is sealed."""
    state = seal_state(conn, event_id)
    if layer not in {one.layer for one in state.opened}:
        raise Conflict("这一层编号尚未解密。", "This layer of codes is still sealed.")
    codes = codes_of(conn, event_id)
    lower = max((one for one in state.layers if one < layer), default=None)
    who = _who(conn, event_id) if lower is None else {}
    lines = [
        LayerLine(code, None, *who[entry]) if lower is None else LayerLine(code, codes[entry, lower])
        for (entry, one), code in codes.items()
        if one == layer
    ]
    return sorted(lines, key=lambda line: line.code)


def draw_record(conn: Connection, event_id: str) -> dict[str, Any]:
    """The record that anybody can repeat the draw from; only once every layer is open, because it tells the seed."""
    state = seal_state(conn, event_id)
    if state.drawn_at is None or state.decoded_at is None or state.digest is None:
        raise Conflict(
            "抽签记录含有种子，全部解密后才能导出。",
            "The record tells the seed, so it is handed out once every layer is open.",
        )
    return codes_record(event_id, state.drawn_at, halves_of(conn, event_id), codes_of(conn, event_id), state.digest)


def _may_open(conn: Connection, event_id: str, encryptor: Official, supervisor: Official) -> SealState:
    require(conn, encryptor, "encryptor", event_id)
    require(conn, supervisor, "supervisor", event_id)
    if encryptor.id == supervisor.id:
        raise NotAllowed("解密须加密员与监督两人同时在场。", "Decoding takes two people: encryptor and supervisor.")
    state = seal_state(conn, event_id)
    if state.drawn_at is None:
        raise Conflict("尚未抽签，没有可解密的编号。", "No codes have been drawn.")
    if state.decoded_at is not None:
        raise Conflict("已经解密。", "The codes are decoded already.")
    query = (
        select(func.count()).select_from(Sheet).where(Sheet.event_id == event_id, Sheet.state.in_([*OPEN, "signed"]))
    )
    unlocked = conn.scalar(query) or 0
    if unlocked:
        raise Conflict(
            f"还有 {unlocked} 张评分表未锁定，全部锁定后才能解密。",
            f"{unlocked} sheets are not locked. Lock them all first.",
        )
    if waiting := unsettled(conn, event_id):
        raise Conflict(
            f"有 {waiting} 处裁判回避尚未由加密员处理，处理后才能解密。",
            f"{waiting} conflicts of interest are not settled. The encryptor settles them first.",
        )
    return state


def _who(conn: Connection, event_id: str) -> dict[str, tuple[tuple[str, ...], str | None, str | None]]:
    names: dict[str, list[str]] = {}
    for entry, name in members(conn, event_id):
        names.setdefault(entry, []).append(name)
    rows = conn.execute(
        select(Entry.id, Unit.name_zh, Entry.team)
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .where(Entry.event_id == event_id)
    )
    return {row.id: (tuple(names.get(row.id, ())), row.name_zh, row.team) for row in rows}
