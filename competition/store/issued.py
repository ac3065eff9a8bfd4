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
    made, settled = _told(conn, event_id)
    rows = conn.execute(select(Certificate.number, Certificate.status).where(Certificate.event_id == event_id)).all()
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


def _told(conn: Connection, event_id: str) -> tuple[dict[str, bool], set[tuple[Any, ...]]]:
    """What the ledger says was issued (number: a sample?), and what was confirmed."""
    made: dict[str, bool] = {}
    settled: set[tuple[Any, ...]] = set()
    query = select(Ledger.kind, Ledger.body).where(Ledger.event_id == event_id, Ledger.kind.in_(KINDS))
    for line in conn.execute(query.order_by(Ledger.seq)):
        body = json.loads(line.body)
        if line.kind == "certificates":
            made |= dict.fromkeys(body["numbers"], body["sample"])
            continue
        settled.add((body["change"], body["number"], body["act"], body["successor"]))
        if body["successor"]:
            made[body["successor"]] = False
    return made, settled


def _finding(event_id: str, number: str, zh: str, en: str) -> Finding:
    return Finding(
        f"{event_id}/certificate {number}",
        f"证书 {number} {zh}。请与备份核对。",
        f"Certificate {number} {en}. Compare with a backup.",
    )
