"""Making the games' tables public: the same two gates as an event's results, a notice with its window, then the final release.

All tables of the games are one release. It rests on the final releases of the events; one that is still missing must be left out by
name, and the release says so. A revision of an event shows here as a difference, which a new notice and a revision of the games follow.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from competition.errors import Conflict, Finding
from competition.judging.acts import because, note
from competition.judging.appeals import waiting_appeals
from competition.judging.games_rules import Filed, GamesLine, games_rules, the_games
from competition.judging.games_tables import Computed, computed, frozen_names, frozen_rows, outdated
from competition.judging.officials import Official, permit
from competition.judging.releases import release_of
from competition.store import canonical, digest_of, head, moment, stamp
from competition.store import games_releases as tables
from competition.store.games import Event
from competition.store.schema import HOUSE


@dataclass(frozen=True, slots=True)
class GamesRelease:
    """A release of the games' tables as it was made. rows, names: `competition.judging.games_tables`."""

    id: str
    games_id: str
    kind: str
    revision: int
    at: str
    window_closes: str | None
    rules_digest: str
    document_digest: str
    reason: str | None
    basis: Mapping[str, Any]
    rows: Mapping[str, Any]
    names: Mapping[str, Any]

    @property
    def missing(self) -> tuple[str, ...]:
        """The events that were left out."""
        return tuple(event["id"] for event in self.basis["events"] if event["release"] is None)


@dataclass(frozen=True, slots=True)
class Moved:
    """A row of a table that a revision would show otherwise: (rank, sum or average as shown) before and after."""

    table: str
    who: str
    before: tuple[str, str]
    after: tuple[str, str]


def publish_games_notice(
    conn: Connection, by: Official, closes_at: datetime, at: datetime, without: Sequence[str] = ()
) -> GamesRelease:
    """Freeze the tables and open the objection window. `without`: events that count nothing yet. Conflict names every blocker."""
    permit(conn, by, "games_notice", None)
    if closes_at <= at:
        raise Conflict("公示截止时间必须在现在之后。", "The objection window must close in the future.")
    games, filed = the_games(conn), _filed(conn)
    now = computed(conn, games, filed.across)
    _refuse_blocked(games_blockers(conn, now, at, without=without))
    return _publish(conn, games, filed, now, "notice", by, at, closes_at, None)


def publish_games_final(conn: Connection, by: Official, at: datetime, reason: str | None = None) -> GamesRelease:
    """Make the noticed tables final, once the window is closed. A second final is a revision and needs a reason."""
    permit(conn, by, "games_final", None)
    games, filed = the_games(conn), _filed(conn)
    now = computed(conn, games, filed.across)
    notice = games_release(conn, "notice")
    _refuse_blocked(games_blockers(conn, now, at, kind="final", without=notice.missing if notice else ()))
    if games_release(conn, "final") is not None:
        because(reason or "")
    return _publish(conn, games, filed, now, "final", by, at, None, reason)


def log_made(conn: Connection, by: Official, at: datetime, what: str, digest: str) -> None:
    """Record that the games' book or pack is made: who, when, and the digest of all that goes in. The pack names everybody."""
    permit(conn, by, "games_pack", None)
    note(conn, None, "games-made", by, at, what=what, digest=digest)


def games_releases(conn: Connection) -> list[GamesRelease]:
    """Every release of the games, oldest first."""
    table = tables.GamesRelease
    return [_load(row) for row in conn.execute(select(table).order_by(table.at, table.kind, table.revision))]


def games_release(conn: Connection, kind: str | None = None) -> GamesRelease | None:
    """The newest release; without a kind the newest final, and if there is none the newest notice."""
    every = games_releases(conn)
    for wanted in ("final", "notice") if kind is None else (kind,):
        of_kind = [release for release in every if release.kind == wanted]
        if of_kind:
            return of_kind[-1]
    return None


def games_shown(conn: Connection) -> GamesRelease | None:
    """What the public is shown: the newest release; a notice too that came after a final one, or nobody could object to it."""
    every = games_releases(conn)
    return max(every, key=lambda one: one.at) if every else None


def tables_out(conn: Connection) -> str:
    """Whether the public has the games' tables: "final", "notice" or ""."""
    kinds = set(conn.scalars(select(tables.GamesRelease.kind).distinct()))
    return next((kind for kind in ("final", "notice") if kind in kinds), "")


def games_blockers(
    conn: Connection, now: Computed, at: datetime, kind: str = "notice", without: Sequence[str] = ()
) -> list[Finding]:
    """Why the tables can't be noticed, or made final, now. `where` is an event's id, or `rules`, `appeals` or `notice`."""
    found = [
        Finding(
            id,
            f"赛项“{_name(conn, id)}”还没有正式公布。请先公布，或注明本次不计入。",
            f"Event “{id}” has no final release. Publish it, or leave it out by name.",
        )
        for id in now.missing
        if id not in without
    ]
    found += _outdated(conn, now)
    found += [Finding("rules", one.zh, one.en) for one in _faults(now) if one.severity == "error"]
    if not now.tables:
        found.append(
            Finding("rules", "采用的规则里没有 [[tables]]，没有榜可公布。", "The rules filed have no [[tables]].")
        )
    if not now.results:
        found.append(Finding("rules", "还没有任何赛项正式公布。", "No event was finally released yet."))
    return found + (_final_blockers(conn, now, at) if kind == "final" else [])


def games_revised(conn: Connection, now: Computed) -> list[Moved]:
    """What a release made now would change against the newest final one, table by table; a row that leaves or comes counts too."""
    last = games_release(conn, "final")
    if last is None:
        return []
    then = {(table["id"], row["who"]): _shown(table, row) for table in last.rows["tables"] for row in table["rows"]}
    fresh = {
        (table["id"], row["who"]): _shown(table, row) for table in frozen_rows(now)["tables"] for row in table["rows"]
    }
    gone = ("", "")
    return [
        Moved(*key, then.get(key, gone), fresh.get(key, gone))
        for key in dict.fromkeys((*fresh, *then))
        if then.get(key) != fresh.get(key)
    ]


def _shown(table: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[str, str]:
    medals = " ".join(str(row["awards"][award["id"]]) for award in table["awards"])
    return "" if row["rank"] is None else str(row["rank"]), row["sum"] if row["sum"] is not None else medals


def _outdated(conn: Connection, now: Computed) -> list[Finding]:
    """Events whose standings have moved since their final release: a revision of the event comes first."""
    found = []
    for id in now.results:
        final = release_of(conn, id, "final")
        if final is not None and outdated(conn, final):
            zh = f"赛项“{_name(conn, id)}”正式公布之后成绩有变动。请先公布修订版。"
            found.append(Finding(id, zh, f"Event “{id}” changed after its final release. Publish its revision first."))
    return found


def _faults(now: Computed) -> list[Finding]:
    return [*now.findings, *(one for table in now.tables for one in table.findings)]


def _final_blockers(conn: Connection, now: Computed, at: datetime) -> list[Finding]:
    notice = games_release(conn, "notice")
    if notice is None or notice.window_closes is None:
        return [Finding("notice", "总榜尚未公示。请先公示。", "The tables had no notice. Publish it first.")]
    found = []
    if at < moment(notice.window_closes):
        zh = f"公示期到 {notice.window_closes} 截止，届时再正式公布。"
        found.append(Finding("notice", zh, f"The objection window closes at {notice.window_closes}. Wait until then."))
    if digest_of(frozen_rows(now)) != digest_of(notice.rows):
        zh, en = "公示后总榜有变动。请重新公示。", "The tables changed after the notice. Publish a new notice."
        found.append(Finding("notice", zh, en))
    waiting = {event: n for event, n in waiting_appeals(conn).items() if event in now.results}
    for event, n in waiting.items():
        zh = f"赛项“{_name(conn, event)}”有 {n} 件申诉没有办结。"
        found.append(Finding("appeals " + event, zh, f"Event “{event}” has {n} open appeals."))
    return found


def _publish(
    conn: Connection, games: GamesLine, filed: Filed, now: Computed, kind: str, by: Official, at: datetime,
    closes_at: datetime | None, reason: str | None,
) -> GamesRelease:  # fmt: skip
    last, top = games_release(conn, kind), head(conn, HOUSE)
    revision, closes = (last.revision if last else 0) + 1, stamp(closes_at) if closes_at else None
    rows, names = frozen_rows(now), frozen_names(conn, games)
    public = {
        "games": games.id, "kind": kind, "revision": revision, "at": stamp(at), "window_closes": closes,
        "rules": filed.digest, **rows, "names": names,
    }  # fmt: skip
    id = digest_of([games.id, kind, revision, top.hash])[:32]
    conn.execute(
        insert(tables.GamesRelease).values(
            id=id, games_id=games.id, kind=kind, revision=revision, at=stamp(at), window_closes=closes,
            basis=canonical(now.basis), rows=canonical(rows), names=canonical(names), document=canonical(public).encode(),
            document_digest=digest_of(public), rules_digest=filed.digest, head_n=top.n, head_hash=top.hash, reason=reason,
        )
    )  # fmt: skip
    note(
        conn, None, f"games-{kind}", by, at,
        release=id, games=games.id, revision=revision, closes=closes, basis=digest_of(now.basis), rows=digest_of(rows),
        names=digest_of(names), document=digest_of(public), rules=filed.digest, head=[top.n, top.hash], reason=reason,
        without=list(now.missing),
    )  # fmt: skip
    return _load(conn.execute(select(tables.GamesRelease).where(tables.GamesRelease.id == id)).one())


def _load(row: Any) -> GamesRelease:
    return GamesRelease(
        row.id, row.games_id, row.kind, row.revision, row.at, row.window_closes, row.rules_digest, row.document_digest,
        row.reason, json.loads(row.basis), json.loads(row.rows), json.loads(row.names),
    )  # fmt: skip


def _filed(conn: Connection) -> Filed:
    filed = games_rules(conn, the_games(conn).id)
    if filed is None:
        raise Conflict("还没有采用总榜规则。请先采用。", "No rules of the tables are filed. File them first.")
    return filed


def _name(conn: Connection, event_id: str) -> str:
    return conn.scalar(select(Event.name_zh).where(Event.id == event_id)) or event_id


def _refuse_blocked(found: list[Finding]) -> None:
    if found:
        raise Conflict(
            "不能公布：" + " ".join(one.zh for one in found), "Not yet: " + " ".join(one.en for one in found)
        )
