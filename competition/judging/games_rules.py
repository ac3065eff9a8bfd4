"""The rules of the games' own tables and titles, as the organiser files them: the text of a games.toml.

They stand in the store, so that what was published can be recomputed when the file on disk is another one. Once something of the games
was published, other rules need a reason; they have a say from the next notice on.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select

from competition.errors import Conflict, NotFound, RuleError
from competition.judging.acts import because, note
from competition.judging.officials import Official, permit
from competition.rules.games import Across, read_across
from competition.store import games_releases as tables
from competition.store import stamp
from competition.store.games import Games

FILE = "games.toml"
MOST_CHARACTERS = 500_000


@dataclass(frozen=True, slots=True)
class GamesLine:
    """The games of this store."""

    id: str
    name_zh: str
    name_en: str
    host: str


@dataclass(frozen=True, slots=True)
class Filed:
    """Rules of the games as they were filed; n counts from 1."""

    n: int
    digest: str
    filed_at: str
    across: Across


def the_games(conn: Connection) -> GamesLine:
    """The games of this store; two never share one. NotFound before there are any."""
    row = conn.execute(select(Games).order_by(Games.year.desc(), Games.id)).first()
    if row is None:
        raise NotFound("还没有运动会，请先建立。", "There are no games yet. Set them up first.")
    return GamesLine(row.id, row.name_zh, row.name_en, row.host)


def file_games_rules(conn: Connection, text: str, by: Official, at: datetime, reason: str = "") -> Filed:
    """File the tables and titles in the text of a games.toml. RuleError with every fault; Conflict when they are in force already."""
    permit(conn, by, "games_rules", None)
    games = the_games(conn)
    if len(text) > MOST_CHARACTERS:
        raise RuleError("文件太大，不是 games.toml。", "The file is too large for a games.toml.")
    across = _read(text)
    digest = sha256(text.encode()).hexdigest()
    last = games_rules(conn, games.id)
    if last is not None and last.digest == digest:
        raise Conflict("采用的就是这一份，没有变化。", "These are the rules in force already.")
    published = conn.scalar(
        select(func.count()).select_from(tables.GamesRelease).where(tables.GamesRelease.games_id == games.id)
    )
    said = because(reason) if published else reason.strip() or None
    n = last.n + 1 if last else 1
    conn.execute(insert(tables.GamesRules).values(games_id=games.id, n=n, digest=digest, text=text, filed_at=stamp(at)))
    note(conn, None, "games-rules", by, at, games=games.id, n=n, rules=digest, reason=said)
    return Filed(n, digest, stamp(at), across)


def games_rules(conn: Connection, games_id: str, digest: str | None = None) -> Filed | None:
    """The rules in force, or those of a digest; None when there are none."""
    table = tables.GamesRules
    query = select(table).where(table.games_id == games_id).order_by(table.n.desc())
    row = conn.execute(query if digest is None else query.where(table.digest == digest)).first()
    return Filed(row.n, row.digest, row.filed_at, _read(row.text)) if row else None


def rules_text(conn: Connection) -> str:
    """The text of the rules in force, for the next games to take over; "" when none are filed."""
    table = tables.GamesRules
    return conn.scalar(select(table.text).order_by(table.n.desc()).limit(1)) or ""


@lru_cache(maxsize=8)
def _read(text: str) -> Across:
    across, findings = read_across(text, FILE)
    if across is None:
        faults = [one for one in findings if one.severity == "error"]
        raise RuleError(
            " ".join(f"{one.where}：{one.zh}" for one in faults), " ".join(f"{one.where}: {one.en}" for one in faults)
        )
    return across
