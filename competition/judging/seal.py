"""Sealing: codes stand for names from the draw until two officials open them, layer by layer, after every sheet is locked.

How a draw is made, and how anybody repeats it from its record, is in `competition.judging.draws`; opening is in
`competition.judging.opening`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from competition.errors import Conflict
from competition.judging.acts import RngBytes, new_id, note
from competition.judging.draws import HALVES, Half, draw, half_digest, map_digest, seed_of
from competition.judging.officials import Official, permit, require, roles
from competition.judging.permissions import MAY
from competition.store import people, stamp
from competition.store.codes import LAYERS, Opening, Seed, every_code
from competition.store.games import Event
from competition.store.people import Entry

JUDGED = 3
"""评审号: the layer that no event can do without, because judges see nothing else."""
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Commitment:
    """One half of the seed as it may be shown before decoding: by digest."""

    role: str
    by: str
    at: str
    digest: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A layer that was opened: when, and by whom."""

    layer: int
    at: str
    encryptor: str
    supervisor: str


@dataclass(frozen=True, slots=True)
class SealState:
    """How far the sealing of an event is. `digest` is that of the code map, while it is sealed and after.

    layers: those drawn; opened: those two people have opened, the last drawn first.
    """

    commitments: tuple[Commitment, ...]
    drawn_at: str | None
    decoded_at: str | None
    digest: str | None
    layers: tuple[int, ...] = ()
    opened: tuple[Opened, ...] = ()

    @property
    def committed(self) -> tuple[str, ...]:
        """The roles that have given their half."""
        return tuple(one.role for one in self.commitments)

    @property
    def next_layer(self) -> int | None:
        """The layer to be opened next: from the last drawn back to the first."""
        shut = set(self.layers) - {one.layer for one in self.opened}
        return max(shut) if shut else None


@dataclass(frozen=True, slots=True)
class CodeLine:
    """An entry and its codes, layer by layer."""

    entry: str
    codes: tuple[str, ...]


def commit_seed(
    conn: Connection,
    event_id: str,
    words: str,
    by: Official,
    at: datetime,
    rng_bytes: RngBytes,
    role: str | None = None,
) -> str:
    """Lay down one half of the draw's seed; only its digest is shown, and answered. One half per role and person."""
    require(conn, by, MAY["half"] if role is None else role, event_id)
    if _drawn(conn, event_id):
        raise Conflict("抽签已经完成。", "The draw has been made.")
    if len(words.strip()) < SHORTEST:
        raise Conflict(
            f"种子至少 {SHORTEST} 个字符，请再写长一些。", "A seed has at least four characters. Write more."
        )
    there = {row.role: row.official_id for row in conn.execute(select(Seed).where(Seed.event_id == event_id))}
    wanted = HALVES if role is None else (role,)
    free = [one for one in HALVES if one in wanted and one in roles(conn, by, event_id) and one not in there]
    if not free or by.id in there.values():
        raise Conflict(
            "加密员与监督各交一次种子，须由两个人提交。",
            "Encryptor and supervisor give one half each, and are two people.",
        )
    salt = new_id(rng_bytes)
    digest = half_digest(event_id, free[0], salt, words)
    conn.execute(
        insert(Seed).values(
            event_id=event_id, role=free[0], official_id=by.id, words=words, digest=digest, at=stamp(at), salt=salt
        )
    )
    note(conn, event_id, "seed", by, at, role=free[0], digest=digest)
    return digest


def draw_codes(conn: Connection, event_id: str, by: Official, at: datetime, layers: Sequence[int] = (1, 2, 3)) -> int:
    """Draw the codes of every entry in the layers chosen; answer how many entries. The map stays sealed, its digest doesn't."""
    permit(conn, by, "draw", event_id)
    if _drawn(conn, event_id):
        raise Conflict("抽签已经完成，不能重抽。", "The draw has been made and can't be repeated.")
    if JUDGED not in layers or set(layers) - set(LAYERS):
        raise Conflict("评审号必须抽取，它是裁判看到的唯一编号。", "评审号 must be drawn: judges see no other code.")
    entry_ids = conn.scalars(select(Entry.id).where(Entry.event_id == event_id)).all()
    if not entry_ids:
        raise Conflict("还没有参赛，不能抽签。", "There are no entries to draw for.")
    seed = seed_of(event_id, halves_of(conn, event_id))
    codes = draw(seed, entry_ids, sorted(set(layers)))
    for layer in sorted(set(layers)):
        rows = [{"entry_id": entry, "event_id": event_id, "code": codes[entry, layer]} for entry in sorted(entry_ids)]
        conn.execute(insert(LAYERS[layer]), rows)
    conn.execute(update(Event).where(Event.id == event_id).values(drawn_at=stamp(at)))
    digest = map_digest(seed, codes)
    note(conn, event_id, "draw", by, at, entries=len(entry_ids), layers=sorted(set(layers)), digest=digest)
    return len(entry_ids)


def seal_state(conn: Connection, event_id: str) -> SealState:
    """How far the sealing is."""
    event = conn.execute(select(Event.drawn_at, Event.decoded_at).where(Event.id == event_id)).one()
    commitments = conn.execute(
        select(Seed.role, people.Official.name, Seed.at, Seed.digest)
        .join(people.Official, people.Official.id == Seed.official_id)
        .where(Seed.event_id == event_id)
        .order_by(Seed.role)
    )
    halves = tuple(Commitment(*row) for row in commitments)
    if event.drawn_at is None:
        return SealState(halves, None, None, None)
    codes = codes_of(conn, event_id)
    digest = map_digest(seed_of(event_id, halves_of(conn, event_id)), codes)
    layers = tuple(sorted({layer for _, layer in codes}))
    return SealState(halves, event.drawn_at, event.decoded_at, digest, layers, _opened(conn, event_id))


def code_map(conn: Connection, event_id: str, by: Official) -> list[CodeLine]:
    """Which codes stand for which entry. Only for the encryptor, who never scores."""
    permit(conn, by, "code_map", event_id)
    lines: dict[str, list[str]] = {}
    for (entry, _), code in sorted(codes_of(conn, event_id).items()):
        lines.setdefault(entry, []).append(code)
    return [CodeLine(entry, tuple(codes)) for entry, codes in lines.items()]


def _opened(conn: Connection, event_id: str) -> tuple[Opened, ...]:
    keeper, witness = people.Official.__table__.alias(), people.Official.__table__.alias()
    rows = conn.execute(
        select(Opening.layer, Opening.at, keeper.c.name, witness.c.name)
        .join(keeper, keeper.c.id == Opening.encryptor_id)
        .join(witness, witness.c.id == Opening.supervisor_id)
        .where(Opening.event_id == event_id)
        .order_by(Opening.layer.desc())
    )
    return tuple(Opened(*row) for row in rows)


def _drawn(conn: Connection, event_id: str) -> bool:
    return conn.scalar(select(Event.drawn_at).where(Event.id == event_id)) is not None


def codes_of(conn: Connection, event_id: str) -> dict[tuple[str, int], str]:
    """Every code by (entry, layer): sealed, for the acts of drawing and opening alone."""
    code = every_code().c
    rows = conn.execute(select(code.entry_id, code.layer, code.code).where(code.event_id == event_id))
    return {(row.entry_id, row.layer): row.code for row in rows}


def halves_of(conn: Connection, event_id: str) -> Mapping[str, Half]:
    """Both halves of the seed: sealed until everything is open. Conflict while one is missing."""
    halves = {
        row.role: Half(row.role, row.salt, row.words, row.digest)
        for row in conn.execute(select(Seed).where(Seed.event_id == event_id))
    }
    if set(HALVES) - set(halves):
        raise Conflict(
            "加密员和监督都提交种子后才能抽签。",
            "Both encryptor and supervisor must commit their seed before the draw.",
        )
    return halves
