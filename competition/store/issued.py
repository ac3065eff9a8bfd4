"""Whether the certificates that are kept are those the ledger tells of: none slipped in, none gone, nothing settled that nobody settled."""

import json
from typing import Any

from sqlalchemy import Connection, select

from competition.errors import Finding
from competition.store.ledger import Ledger
from competition.store.releases import Certificate, CertificateChange

KINDS = ("certificates", "certificate-confirmed")


def compare_certificates(conn: Connection, event_id: str) -> list[Finding]:
    """Where the certificates of an event differ from the acts that made and changed them."""
    made, kinds, settled = _told(conn, event_id)
    columns = (Certificate.number, Certificate.status, Certificate.kind)
    rows = conn.execute(select(*columns).where(Certificate.event_id == event_id)).all()
    kept = {row.number: row.status for row in rows}
    found = [
        _finding(event_id, number, "不是由记录在案的操作发出的", "was not issued by any act on record")
        for number in sorted(kept.keys() - made.keys())
    ]
    found += [
        _finding(event_id, number, "已发出，记录却不见了", "was issued, and its row is gone")
        for number in sorted(made.keys() - kept.keys())
    ]
    found += [
        _finding(event_id, number, "发出时是样张，现在却不是", "was issued as a sample and isn't one any more")
        for number, sample in sorted(made.items())
        if sample and kept.get(number, "sample") != "sample"
    ]
    found += [
        _finding(event_id, row.number, "的种类与发出时不同", "is of another kind than it was issued as")
        for row in rows
        if kinds.get(row.number, row.kind) != row.kind
    ]
    table = CertificateChange
    query = select(table.id, table.certificate, table.kind, table.successor).where(
        table.event_id == event_id, table.settled == "confirmed"
    )
    confirmed = {tuple(row) for row in conn.execute(query)}
    found += [
        _finding(
            event_id, str(change[1]), "的补发、更正或撤销与台账不一致", "has a change that the ledger tells otherwise"
        )
        for change in sorted(confirmed ^ settled, key=str)
    ]
    return found


def _told(conn: Connection, event_id: str) -> tuple[dict[str, bool], dict[str, str], set[tuple[Any, ...]]]:
    """What the ledger says was issued (number: a sample?), of which kind, and what was confirmed."""
    made: dict[str, bool] = {}
    kinds: dict[str, str] = {}
    settled: set[tuple[Any, ...]] = set()
    query = select(Ledger.kind, Ledger.body).where(Ledger.event_id == event_id, Ledger.kind.in_(KINDS))
    for line in conn.execute(query.order_by(Ledger.seq)):
        body = json.loads(line.body)
        if line.kind == "certificates":
            made |= dict.fromkeys(body["numbers"], body["sample"])
            kinds |= dict.fromkeys(body["numbers"], body.get("of", "award"))
            continue
        settled.add((body["change"], body["number"], body["act"], body["successor"]))
        if body["successor"]:
            made[body["successor"]] = False
            kinds[body["successor"]] = body.get("of", "award")
    return made, kinds, settled


def _finding(event_id: str, number: str, zh: str, en: str) -> Finding:
    return Finding(
        f"{event_id}/certificate {number}",
        f"证书 {number} {zh}。请与备份核对。",
        f"Certificate {number} {en}. Compare with a backup.",
    )
