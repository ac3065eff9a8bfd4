"""Recomputing what the games published: each event's marks as they stood at its release, then the tables on what the release rests on."""

from sqlalchemy import Connection

from competition.errors import CompetitionError, Finding
from competition.judging.games_releases import GamesRelease, games_releases
from competition.judging.games_rules import games_rules
from competition.judging.games_tables import compute_on, frozen_rows
from competition.judging.releases import releases
from competition.judging.verification import result_at
from competition.scoring import Result
from competition.store import digest_of
from competition.store.games_records import compare_games


def verify_games(conn: Connection) -> list[Finding]:
    """What doesn't agree in the releases of the games: rows, bytes, digests, the releases they rest on, or the computing itself."""
    found = [one for one in compare_games(conn) if one.where.startswith("games_")]
    for release in games_releases(conn):
        found += _recomputed(conn, release)
    return found


def _recomputed(conn: Connection, release: GamesRelease) -> list[Finding]:
    where = f"games/{release.kind} {release.revision}"
    filed = games_rules(conn, release.games_id, release.rules_digest)
    if filed is None:
        zh, en = "当时采用的总榜规则不在了。", "The rules that it was computed by are gone."
        return [Finding(where, zh, en)]
    results: dict[str, Result] = {}
    try:
        for event in release.basis["events"]:
            if event["release"] is not None:
                results[event["id"]] = _result(conn, event["id"], event["release"], event["document"])
        now = frozen_rows(compute_on(release.basis, filed.across, results))
    except CompetitionError as fault:
        return [Finding(where, f"不能重算：{fault.zh}", f"Can't be computed again: {fault.en}")]
    if digest_of(now) == digest_of(release.rows):
        return []
    differ = "、".join(
        kept["id"] for kept, again in zip(release.rows["tables"], now["tables"], strict=False) if kept != again
    )
    return [
        Finding(
            where,
            f"重算的总榜与公布的不同（{differ or '赛项汇总'}）。请停止使用该库，与备份和已打印的公布件核对。",
            f"Computed again the tables differ from what was published ({differ or 'events'}). Stop; compare with a backup and the print.",
        )
    ]


def _result(conn: Connection, event_id: str, release_id: str, document: str) -> Result:
    """The result of the very release that the tables rest on, from the ledger; CompetitionError when it isn't that one any more."""
    rests = next((one for one in releases(conn, event_id) if one.id == release_id), None)
    if rests is None or rests.document_digest != document:
        raise CompetitionError(
            f"{event_id} 的那次公布不在了或被改动。", f"The release of {event_id} it rests on is gone or changed."
        )
    return result_at(conn, rests)
