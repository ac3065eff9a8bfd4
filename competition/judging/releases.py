"""Making results public: a notice with its objection window, then the final release, numbered revision by revision.

A release freezes its rows, the bytes made public, and the digests of the rules and the ledger's head it came from. Rows
are pseudonymous and stay; names and bytes can be erased, their digests stay on the chain.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from competition.errors import Conflict, Finding
from competition.judging.acts import because, note
from competition.judging.entries import entries
from competition.judging.objections import unanswered
from competition.judging.officials import Official, permit
from competition.judging.recheck import recheck
from competition.judging.rulings import rulings_waiting
from competition.judging.standings import standings
from competition.rules.model import Rules
from competition.scoring import Result, Standing
from competition.store import canonical, digest_of, head, moment, sheets, stamp
from competition.store import releases as tables
from competition.store.appeals import WAITING, Appeal
from competition.store.games import Edition, Event

Both = Mapping[str, str]
"""The same words by language: {"zh": …, "en": …}."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a release. `names`, `unit` and `team` are empty once erased."""

    entry: str
    rank: int | None
    tied: bool
    decided_by: Both | None
    status: str
    total: str | None
    award: str | None
    award_name: Both | None
    values: Mapping[str, str | None]
    names: tuple[str, ...] = ()
    unit: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A release as it was made. `document_digest` is the sha256 of the bytes made public."""

    id: str
    event_id: str
    kind: str
    revision: int
    at: str
    window_closes: str | None
    rules_digest: str
    head_n: int
    head_hash: str
    document_digest: str
    rows: tuple[Row, ...]


def publish_notice(conn: Connection, event_id: str, by: Official, closes_at: datetime, at: datetime) -> Release:
    """Freeze the standings and open the objection window until `closes_at`. Conflict names every blocker."""
    permit(conn, by, "notice", event_id)
    if closes_at <= at:
        raise Conflict("公示截止时间必须在现在之后。", "The objection window must close in the future.")
    _refuse_blocked(blockers(conn, event_id, at, kind="notice"))
    return _publish(conn, event_id, "notice", by, at, closes_at, None)


def publish_final(conn: Connection, event_id: str, by: Official, at: datetime, reason: str | None = None) -> Release:
    """Make the noticed standings final, once the window is closed. A second final is a revision and needs a reason."""
    permit(conn, by, "final", event_id)
    _refuse_blocked(blockers(conn, event_id, at))
    if release_of(conn, event_id, "final") is not None:
        because(reason or "")
    return _publish(conn, event_id, "final", by, at, None, reason)


def release_of(conn: Connection, event_id: str, kind: str | None = None) -> Release | None:
    """The newest release; without a kind the newest final, and if there is none the newest notice."""
    every = releases(conn, event_id)
    for wanted in ("final", "notice") if kind is None else (kind,):
        of_kind = [release for release in every if release.kind == wanted]
        if of_kind:
            return of_kind[-1]
    return None


def releases(conn: Connection, event_id: str) -> list[Release]:
    """Every release of an event, oldest first."""
    table = tables.Release
    query = select(table).where(table.event_id == event_id).order_by(table.at, table.kind, table.revision)
    return [_load(row) for row in conn.execute(query)]


def blockers(conn: Connection, event_id: str, at: datetime, kind: str = "final") -> list[Finding]:
    """Every reason why the event can't be noticed, or made final, now. Empty: nothing stands in the way."""
    result = standings(conn, event_id)
    found = _open_sheets(conn, event_id) + _open_results(result)
    event = conn.execute(select(Event.drawn_at, Event.decoded_at).where(Event.id == event_id)).one()
    if event.drawn_at is None:
        found.append(_blocker("seal", "尚未抽签加密。请加密员抽签。", "No codes were drawn. Let the encryptor draw."))
    elif event.decoded_at is None:
        found.append(_blocker("seal", "编号尚未解密。请加密员和监督解密。", "The codes are sealed. Have them decoded."))
    return found + (
        _notice_blockers(conn, event_id, at, result) + _unchecked(conn, event_id) if kind == "final" else []
    )


def still_stands(conn: Connection, release: Release) -> bool:
    """Whether the standings are still those of the release."""
    return _same(standings(conn, release.event_id), release)


def moved_on(conn: Connection, event_id: str) -> tuple[bool, bool]:
    """Whether the standings are no longer those the public sees, and no longer those of the newest notice. Before there is either: no."""
    shown, notice = release_of(conn, event_id), release_of(conn, event_id, "notice")
    if shown is None:
        return False, False
    result = standings(conn, event_id)
    return not _same(result, shown), notice is None or not _same(result, notice)


@dataclass(frozen=True, slots=True)
class Revised:
    """An entry that a revision would show otherwise: (place or status, total, award) before and after."""

    names: tuple[str, ...]
    team: str | None
    before: tuple[str, str | None, Both | None]
    after: tuple[str, str | None, Both | None]


def revised_since(conn: Connection, event_id: str) -> list[Revised]:
    """What a revision published now would change against the newest final release, in the order of the new standings."""
    last = release_of(conn, event_id, "final")
    if last is None:
        return []
    then = {row.entry: row for row in last.rows}
    people = {line.id: line for line in entries(conn, event_id, names=True)}
    found = []
    for one in rows_of(standings(conn, event_id)):
        now, row = Row(**one), then.get(one["entry"])
        before = _shown(row) if row else ("", None, None)
        if before != _shown(now):
            who = people[now.entry]
            found.append(Revised(who.names, who.team, before, _shown(now)))
    return found


def _shown(row: Row) -> tuple[str, str | None, Both | None]:
    return row.status or ("" if row.rank is None else str(row.rank)), row.total, row.award_name


def _open_sheets(conn: Connection, event_id: str) -> list[Finding]:
    every = list(sheets.event_sheets(conn, event_id).values())
    unlocked = sum(now.state not in ("locked", "checked") for now in every)
    clash = sum(len(now.clash) for now in every)
    late = sum(len(now.late) for now in every)
    asked = sum("asked" in now.unlock for now in every)
    correcting = sum("correction" in now.unlock for now in every)
    ruling = rulings_waiting(conn, event_id)
    counts = [
        (not every, "还没有评分表。请先分配评分表。", "There are no sheets. Assign them first."),
        (
            unlocked,
            f"{unlocked} 张评分表未锁定。请裁判长锁定。",
            f"{unlocked} sheets are not locked. Let the chief lock them.",
        ),
        (clash, f"{clash} 项打分冲突未裁定。请裁判长裁定。", f"{clash} clashes are open. Let the chief settle them."),
        (
            asked,
            f"{asked} 份更正申请未答复。请裁判长答复。",
            f"{asked} requests to correct wait. Let the chief answer them.",
        ),
        (
            correcting,
            f"{correcting} 处锁定后的更正等待第二人确认。请确认或退回。",
            f"{correcting} corrections wait for their second person. Confirm or decline them.",
        ),
        (
            ruling,
            f"{ruling} 项锁定后的裁定等待第二人确认。请确认或退回。",
            f"{ruling} rulings wait for their second person. Confirm or decline them.",
        ),
        (late, f"{late} 个迟到分数未裁定。请裁判长裁定。", f"{late} late marks wait. Let the chief decide."),
    ]
    return [_blocker("sheets", zh, en) for there, zh, en in counts if there]


def _open_results(result: Result) -> list[Finding]:
    incomplete = [one for one in result.standings if one.status == "" and one.total is None]
    missing = sum(one.missing for one in incomplete)
    found = [finding for finding in result.findings if finding.severity == "error"]
    if incomplete:
        lacks = (f"缺 {missing} 个打分", f"{missing} marks missing") if missing else _NO_MARK_LACKS
        zh = f"{len(incomplete)} 个参赛没有总分（{lacks[0]}）。请补齐或登记状态。"
        en = f"{len(incomplete)} entries have no total ({lacks[1]}). Complete them or set their status."
        found.append(_blocker("standings", zh, en))
    return found


_NO_MARK_LACKS = (
    "打分已齐，缺标准答案、输入值或裁定",
    "every mark is there; a sealed key, an input or a decision is not",
)


def _notice_blockers(conn: Connection, event_id: str, at: datetime, result: Result) -> list[Finding]:
    notice = release_of(conn, event_id, "notice")
    if notice is None or notice.window_closes is None:
        return [_blocker("notice", "尚未公示。请先公示。", "There was no notice. Publish it first.")]
    found = []
    if at < moment(notice.window_closes):
        zh = f"公示期到 {notice.window_closes} 截止，届时再正式公布。"
        found.append(_blocker("notice", zh, f"The objection window closes at {notice.window_closes}. Wait until then."))
    if not _same(result, notice):
        zh, en = "公示后成绩有变动。请重新公示。", "The standings changed after the notice. Publish a new notice."
        found.append(_blocker("notice", zh, en))
    return found


def _unchecked(conn: Connection, event_id: str) -> list[Finding]:
    """Appeals and objections that are open, and a re-check that was drawn and isn't through."""
    known = recheck(conn, event_id)
    left = known.left if known else 0
    zh, en = (
        f"抽查复核还有 {left} 张没有核完。请监督核对。",
        f"{left} sheets of the re-check are left. Let the supervisor compare them.",
    )
    asked = unanswered(conn).get(event_id, 0)
    said = f"监督的 {asked} 件异议没有答复。请裁判长答复。", f"{asked} objections of the supervisor are not answered."
    return [
        *_appeals(conn, event_id),
        *([_blocker("objections", *said)] if asked else []),
        *([_blocker("recheck", zh, en)] if left else []),
    ]


def _appeals(conn: Connection, event_id: str) -> list[Finding]:
    waiting = conn.scalar(
        select(func.count()).select_from(Appeal).where(Appeal.event_id == event_id, Appeal.state.in_(WAITING))
    )
    if not waiting:
        return []
    zh = f"{waiting} 件申诉没有办结。请监督仲裁组答复，或确认已更正。"
    return [
        _blocker("appeals", zh, f"{waiting} appeals are open. Let the supervisor answer them, or see them put right.")
    ]


def _publish(
    conn: Connection, event_id: str, kind: str, by: Official, at: datetime, closes_at: datetime | None,
    reason: str | None,
) -> Release:  # fmt: skip
    result = standings(conn, event_id)
    rows, people = rows_of(result), _people(conn, event_id)
    last = release_of(conn, event_id, kind)
    revision, top = (last.revision if last else 0) + 1, head(conn, event_id)
    rules_digest = conn.scalar(
        select(Edition.digest).join(Event, Event.edition_digest == Edition.digest).where(Event.id == event_id)
    )
    closes = stamp(closes_at) if closes_at else None
    public = {
        "event": event_id, "kind": kind, "revision": revision, "at": stamp(at), "window_closes": closes,
        "rules": rules_digest, "rows": [row | people.get(row["entry"], {}) for row in rows],
    }  # fmt: skip
    document = canonical(public).encode()
    id = digest_of([event_id, kind, revision, top.hash])[:32]
    document_digest = digest_of(public)
    conn.execute(
        insert(tables.Release).values(
            id=id, event_id=event_id, kind=kind, revision=revision, at=stamp(at), window_closes=closes,
            rows=canonical(rows), people=canonical(people), document=document, document_digest=document_digest,
            rules_digest=rules_digest, head_n=top.n, head_hash=top.hash, reason=reason,
        )
    )  # fmt: skip
    note(
        conn, event_id, kind, by, at,
        release=id, revision=revision, closes=closes, rows=digest_of(rows), people=digest_of(people),
        document=document_digest, rules=rules_digest, head=[top.n, top.hash], reason=reason,
    )  # fmt: skip
    return _load(conn.execute(select(tables.Release).where(tables.Release.id == id)).one())


def rows_of(result: Result) -> list[dict[str, Any]]:
    """The rows that a release of this result freezes: nobody's name among them."""
    return [_row(result.rules, standing) for standing in result.standings]


def _row(rules: Rules, standing: Standing) -> dict[str, Any]:
    award = rules.award(standing.award).name if standing.award else None
    return {
        "entry": standing.entry,
        "rank": standing.rank,
        "tied": standing.tied,
        "decided_by": {"zh": standing.decided_by.zh, "en": standing.decided_by.en} if standing.decided_by else None,
        "status": standing.status,
        "total": standing.total,
        "award": standing.award,
        "award_name": {"zh": award.zh, "en": award.en} if award else None,
        "values": dict(standing.values),
    }


def _same(result: Result, release: Release) -> bool:
    return canonical(rows_of(result)) == canonical([_bare(row) for row in release.rows])


def _bare(row: Row) -> dict[str, Any]:
    names = ("entry", "rank", "tied", "decided_by", "status", "total", "award", "award_name", "values")
    return {name: getattr(row, name) for name in names}


def _people(conn: Connection, event_id: str) -> dict[str, dict[str, Any]]:
    return {
        line.id: {"names": list(line.names), "unit": line.unit} | ({"team": line.team} if line.team else {})
        for line in entries(conn, event_id, names=True)
    }


def _load(row: Any) -> Release:
    people = json.loads(row.people) if row.people else {}
    rows = []
    for one in json.loads(row.rows):
        named = people.get(one["entry"], {})
        rows.append(Row(**one, names=tuple(named.get("names", ())), unit=named.get("unit"), team=named.get("team")))
    return Release(
        row.id, row.event_id, row.kind, row.revision, row.at, row.window_closes, row.rules_digest, row.head_n,
        row.head_hash, row.document_digest, tuple(rows),
    )  # fmt: skip


def _blocker(where: str, zh: str, en: str) -> Finding:
    return Finding(where, zh, en)


def _refuse_blocked(found: list[Finding]) -> None:
    if found:
        raise Conflict("不能公布:" + " ".join(one.zh for one in found), "Not yet: " + " ".join(one.en for one in found))
