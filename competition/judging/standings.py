"""Reading an event: its standings, computed from the sheets and kept by ledger version, and how far the marking is."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from competition import scoring
from competition.errors import Conflict
from competition.judging.corrections import Request, request_of
from competition.judging.jottings import flags
from competition.judging.officials import Official
from competition.judging.reading import given
from competition.scoring import Result
from competition.store import HOUSE, head, required_items, sheets, thawed
from competition.store.codes import JudgingCode
from competition.store.games import Chain, Edition, Event, Games, JobType, Seat
from competition.store.people import Grant
from competition.store.releases import Release
from competition.store.sheets import OPEN, Sheet, SheetNow

KEPT = 256
"""So many events' results are kept in memory."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one sheet is. `code` is the 评审号, None before the draw. No values and no names.

    `keyers` keyed it from paper and nobody has confirmed that yet; `settling` keyed it again and found differences.
    `asked` is the judge's request to correct it; `flags` says how many items the judge has put down as 待定. `until`
    is when an open correction ends. `correcting`: a correction of a locked mark waits for its second person.
    """

    sheet: str
    entry: str
    code: str | None
    module: str
    name: str
    seat: str
    state: str
    marked: int
    required: int
    clash: tuple[str, ...]
    late: int
    signed_at: str | None
    keyers: tuple[str, ...] = ()
    settling: str | None = None
    asked: Request | None = None
    flags: int = 0
    until: str | None = None
    correcting: bool = False


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in a list, and where it stands."""

    id: str
    name_zh: str
    name_en: str
    games_zh: str
    games_en: str
    chain_zh: str | None
    chain_en: str | None
    job_type: str | None
    edition: str
    frozen_at: str | None
    drawn_at: str | None
    locked: bool
    decoded_at: str | None
    notice_until: str | None
    final_at: str | None
    venue: str


def standings(conn: Connection, event_id: str) -> Result:
    """The event's result from its current marks. Every act moves the chain's head, so the head is the cache's key."""
    rules = thawed(conn, event_id)
    key = (event_id, head(conn, event_id).hash, rules.digest)
    with _lock:
        if key in _results:
            _results.move_to_end(key)
            return _results[key]
    result = scoring.score_piles(rules, given(conn, event_id, rules))
    with _lock:
        _results[key] = result
        while len(_results) > KEPT:
            _results.popitem(last=False)
    return result


def needs_second(conn: Connection, event_id: str) -> bool:
    """Whether everything was locked once: from then on what moves a result takes two people (`rulings`, `amending`)."""
    known = event_line(conn, event_id)
    return known.locked or known.decoded_at is not None


def alone(conn: Connection, event_id: str) -> None:
    """Conflict once an official can't decide alone any more."""
    if needs_second(conn, event_id):
        raise Conflict(
            "评分表已全部锁定：改变成绩的裁定要先看对名次的影响，再由第二个人确认。请从这里的“预览影响”提出。",
            "Everything is locked: what moves a result is previewed, then confirmed by a second person. Ask for it with its preview.",
        )


def progress(conn: Connection, event_id: str) -> list[Progress]:
    """Every sheet, by code, module and seat."""
    rules = thawed(conn, event_id)
    drawn = select(JudgingCode.entry_id, JudgingCode.code).where(JudgingCode.event_id == event_id)
    codes = dict(conn.execute(drawn).all())
    labels = {row.id: f"{row.panel}.{row.n}" for row in conn.execute(select(Seat).where(Seat.event_id == event_id))}

    flagged = flags(conn, event_id)

    def line(now: SheetNow) -> Progress:
        required = required_items(rules, now.module, now.sheet)
        return Progress(
            sheet=now.id,
            entry=now.entry_id,
            code=codes.get(now.entry_id),
            module=now.module,
            name=now.sheet,
            seat=labels[now.seat_id],
            state=now.state,
            marked=len(required) - len(now.unmarked(required)),
            required=len(required),
            clash=tuple(sorted(now.clash)),
            late=len(now.late),
            signed_at=now.signed_at,
            keyers=tuple(now.keyed.get("by", ())),
            settling=now.keyed.get("again", {}).get("by"),
            asked=request_of(now),
            flags=flagged.get(now.id, 0),
            until=now.unlock.get("reopened", {}).get("until"),
            correcting="correction" in now.unlock,
        )

    lines = [line(now) for now in sheets.event_sheets(conn, event_id).values()]
    return sorted(lines, key=lambda one: (one.code or "", one.entry, one.module, one.name, one.seat))


def event_line(conn: Connection, event_id: str) -> EventLine:
    """One event and where it stands. NotFound."""
    thawed(conn, event_id)
    return _line(conn.execute(_events().where(Event.id == event_id)).one())


def all_events(conn: Connection) -> list[EventLine]:
    """Every event, in the order of their ids."""
    return [_line(row) for row in conn.execute(_events().order_by(Event.id))]


def events_for(conn: Connection, official: Official) -> list[EventLine]:
    """The events an official has a role in."""
    granted = set(conn.scalars(select(Grant.event_id).where(Grant.official_id == official.id)))
    return [line for line in all_events(conn) if HOUSE in granted or line.id in granted]


def _events() -> Select[*tuple[Any, ...]]:
    unlocked = func.sum(case((Sheet.state.in_([*OPEN, "signed"]), 1), else_=0))
    sheet_counts = select(Sheet.event_id, func.count().label("sheets"), unlocked.label("unlocked"))
    counts = sheet_counts.group_by(Sheet.event_id).subquery()
    notice = select(func.max(Release.window_closes)).where(Release.event_id == Event.id, Release.kind == "notice")
    final = select(func.max(Release.at)).where(Release.event_id == Event.id, Release.kind == "final")
    return (
        select(
            Event,
            Games.name_zh.label("games_zh"),
            Games.name_en.label("games_en"),
            Chain.name_zh.label("chain_zh"),
            Chain.name_en.label("chain_en"),
            Edition.frozen_at,
            counts.c.sheets,
            counts.c.unlocked,
            notice.scalar_subquery().label("notice_until"),
            final.scalar_subquery().label("final_at"),
        )
        .join(Games, Games.id == Event.games_id)
        .join(Edition, (Edition.event_id == Event.id) & (Edition.digest == Event.edition_digest))
        .outerjoin(JobType, JobType.id == Event.job_type_id)
        .outerjoin(Chain, Chain.id == JobType.chain_id)
        .outerjoin(counts, counts.c.event_id == Event.id)
    )


def _line(row: Any) -> EventLine:
    return EventLine(
        row.id,
        row.name_zh,
        row.name_en,
        row.games_zh,
        row.games_en,
        row.chain_zh,
        row.chain_en,
        row.job_type_id,
        row.edition_digest,
        row.frozen_at,
        row.drawn_at,
        bool(row.sheets) and row.unlocked == 0,
        row.decoded_at,
        row.notice_until,
        row.final_at,
        row.venue,
    )


_lock = Lock()
_results: OrderedDict[tuple[str, str, str], Result] = OrderedDict()
