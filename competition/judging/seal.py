"""Sealing: codes stand for names from the draw until two officials decode them, after every sheet is locked.

The draw can be replayed by anyone who knows both halves of the seed: in each layer the entries are ordered by
HMAC-SHA256(seed, "layer|entry id"), and codes are given in that order. The halves come from the encryptor and the
supervisor, are committed by digest before the draw, and are shown in the ledger at decoding.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from competition.errors import Conflict, NotAllowed
from competition.judging.acts import note
from competition.judging.officials import Official, require, roles
from competition.store import digest_of, stamp
from competition.store.games import Event
from competition.store.people import Code, Entry, Seed
from competition.store.sheets import OPEN, Sheet

LAYERS = {1: "S", 2: "G", 3: "P"}
"""参赛号, 工位号, 评审号: the layer and the letter before its numbers."""
HALVES = ("encryptor", "supervisor")


@dataclass(frozen=True, slots=True)
class SealState:
    """How far the sealing of an event is. `digest` is that of the code map, while it is sealed and after."""

    committed: tuple[str, ...]
    drawn_at: str | None
    decoded_at: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class CodeLine:
    """An entry and its codes, layer by layer."""

    entry: str
    codes: tuple[str, ...]


def commit_seed(conn: Connection, event_id: str, words: str, by: Official, at: datetime) -> str:
    """Lay down one half of the draw's seed; only its digest is shown, and answered. One half per role and person."""
    require(conn, by, HALVES, event_id)
    if _drawn(conn, event_id):
        raise Conflict("抽签已经完成。", "The draw has been made.")
    if len(words.strip()) < 4:
        raise Conflict("种子至少 4 个字符。", "A seed has at least four characters.")
    there = {row.role: row.official_id for row in conn.execute(select(Seed).where(Seed.event_id == event_id))}
    free = [role for role in HALVES if role in roles(conn, by, event_id) and role not in there]
    if not free or by.id in there.values():
        raise Conflict(
            "加密员与监督各交一次种子，须由两个人提交。",
            "Encryptor and supervisor give one half each, and are two people.",
        )
    digest = digest_of([event_id, free[0], words])
    conn.execute(
        insert(Seed).values(
            event_id=event_id, role=free[0], official_id=by.id, words=words, digest=digest, at=stamp(at)
        )
    )
    note(conn, event_id, "seed", by, at, role=free[0], digest=digest)
    return digest


def draw_codes(conn: Connection, event_id: str, by: Official, at: datetime) -> int:
    """Draw the codes of every entry in three layers; answer how many entries. The map stays sealed, its digest doesn't."""
    require(conn, by, "encryptor", event_id)
    if _drawn(conn, event_id):
        raise Conflict("抽签已经完成，不能重抽。", "The draw has been made and can't be repeated.")
    entry_ids = conn.scalars(select(Entry.id).where(Entry.event_id == event_id)).all()
    if not entry_ids:
        raise Conflict("还没有参赛，不能抽签。", "There are no entries to draw for.")
    codes = draw(_seed(conn, event_id), entry_ids)
    rows = [
        {"entry_id": entry, "layer": layer, "event_id": event_id, "code": code}
        for (entry, layer), code in sorted(codes.items())
    ]
    conn.execute(insert(Code), rows)
    conn.execute(update(Event).where(Event.id == event_id).values(drawn_at=stamp(at)))
    note(conn, event_id, "draw", by, at, entries=len(entry_ids), digest=_map_digest(conn, event_id))
    return len(entry_ids)


def draw(seed: str, entry_ids: Sequence[str]) -> dict[tuple[str, int], str]:
    """The codes that a seed gives, by entry and layer. The same seed and entries give the same codes, in any order."""
    width = max(2, len(str(len(entry_ids))))
    codes = {}
    for layer, letter in LAYERS.items():
        ordered = sorted(entry_ids, key=lambda entry: _lot(seed, layer, entry))
        for n, entry in enumerate(ordered, start=1):
            codes[entry, layer] = f"{letter}{n:0{width}d}"
    return codes


def seal_state(conn: Connection, event_id: str) -> SealState:
    """How far the sealing is."""
    committed = conn.scalars(select(Seed.role).where(Seed.event_id == event_id).order_by(Seed.role)).all()
    event = conn.execute(select(Event.drawn_at, Event.decoded_at).where(Event.id == event_id)).one()
    digest = _map_digest(conn, event_id) if event.drawn_at else None
    return SealState(tuple(committed), event.drawn_at, event.decoded_at, digest)


def code_map(conn: Connection, event_id: str, by: Official) -> list[CodeLine]:
    """Which codes stand for which entry. Only for the encryptor, who never scores."""
    require(conn, by, "encryptor", event_id)
    lines: dict[str, list[str]] = {}
    query = select(Code.entry_id, Code.code).where(Code.event_id == event_id).order_by(Code.entry_id, Code.layer)
    for row in conn.execute(query):
        lines.setdefault(row.entry_id, []).append(row.code)
    return [CodeLine(entry, tuple(codes)) for entry, codes in lines.items()]


def decode_event(conn: Connection, event_id: str, encryptor: Official, supervisor: Official, at: datetime) -> None:
    """Open the codes: names may now be joined to results. Two people, and every sheet locked; the seed becomes public."""
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
    conn.execute(update(Event).where(Event.id == event_id).values(decoded_at=stamp(at)))
    seeds = {row.role: row.words for row in conn.execute(select(Seed).where(Seed.event_id == event_id))}
    note(conn, event_id, "decode", encryptor, at, witness=supervisor.id, digest=state.digest, seeds=seeds)


def _drawn(conn: Connection, event_id: str) -> bool:
    return conn.scalar(select(Event.drawn_at).where(Event.id == event_id)) is not None


def _seed(conn: Connection, event_id: str) -> str:
    halves = {row.role: row.words for row in conn.execute(select(Seed).where(Seed.event_id == event_id))}
    missing = [role for role in HALVES if role not in halves]
    if missing:
        raise Conflict(
            "加密员和监督都提交种子后才能抽签。",
            "Both encryptor and supervisor must commit their seed before the draw.",
        )
    return digest_of([event_id, *(halves[role] for role in HALVES)])


def _lot(seed: str, layer: int, entry: str) -> bytes:
    return hmac.new(seed.encode(), f"{layer}|{entry}".encode(), hashlib.sha256).digest()


def _map_digest(conn: Connection, event_id: str) -> str:
    rows = conn.execute(select(Code.entry_id, Code.layer, Code.code).where(Code.event_id == event_id))
    return digest_of([_seed(conn, event_id), sorted(map(list, rows))])
