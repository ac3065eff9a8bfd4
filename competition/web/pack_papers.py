"""The records that go with a release: who judged, what was corrected and ruled, the ends of the ledger's chains, the certificates."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from competition import judging, store
from competition.judging.auditing import Export
from competition.judging.certificates import STATUS_NAMES
from competition.publish.records import Record
from competition.rules import Rules
from competition.store import Ledger
from competition.store.codes import JudgingCode
from competition.store.people import Official
from competition.store.sheets import SheetNow, event_sheets
from competition.web.pages import local
from competition.web.said import seat_said

RULINGS = {
    "ask-unlock": "裁判申请更正", "unlock": "裁判长开放更正", "refuse-unlock": "裁判长不同意更正", "extend-unlock": "延长更正时间",
    "settle": "裁定打分冲突", "late": "锁定后到达的打分", "late-decision": "裁定迟到打分", "strip": "裁定条",
    "absence": "裁判缺席", "absence-ended": "撤销缺席", "status": "登记参赛状态", "spread-review": "分差商议",
    "input": "登记输入值", "admit": "确定晋级", "order": "裁定先后", "substitute": "更换裁判",
    "ask-correction": "提出更正", "correct": "更正（第二人确认）", "refuse-correction": "不同意更正",
    "ask-ruling": "提出裁定", "refuse-ruling": "不同意裁定", "recheck-wrong": "抽查发现错误",
    "appeal": "申诉", "appeal-heard": "申诉答复", "appeal-done": "申诉更正完成", "mark": "签名后改分",
    "objection": "监督异议", "objection-answered": "答复异议",
}  # fmt: skip
"""Acts of the ledger that change or rule on something after it was said once, and how the list calls them."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every record of one event's pack has in common."""

    games: str
    event: str
    head: str
    at: str
    release: str


def setting(conn: sa.Connection, release: judging.Release) -> Setting:
    """The heads of the records of a release's pack."""
    known, top = judging.event_line(conn, release.event_id), store.head(conn, release.event_id)
    kind = "正式公布" if release.kind == "final" else "公示"
    last = conn.scalar(sa.select(sa.func.max(Ledger.at)).where(Ledger.event_id == release.event_id)) or release.at
    return Setting(
        known.games_zh,
        known.name_zh,
        f"{top.event_id}/{top.origin} {top.n} {top.hash}",
        local(last, "second"),
        f"{kind} 第 {release.revision} 版 {release.document_digest[:16]}",
    )


def judges_record(conn: sa.Connection, event_id: str, of: Setting) -> Record:
    """裁判签字表: every seat with its judge, how many sheets are signed, and room for the signature."""
    law, signed = store.thawed(conn, event_id), dict[str, int]()
    for now in event_sheets(conn, event_id).values():
        signed[now.seat_id] = signed.get(now.seat_id, 0) + 1
    rows = [
        (str(n), seat_said(law, one.label)["zh"], one.judge or "", str(signed.get(one.id, 0)), "")
        for n, one in enumerate(judging.seats(conn, event_id), start=1)
    ]
    return _record(
        "judges", of, (), ("no", "seat", "judge", "sheets", "signature"), rows, ("chief", "supervisor", "time")
    )


def corrections_record(conn: sa.Connection, event_id: str, of: Setting) -> Record:
    """Every correction after a signature and every ruling, in the order in which they happened; by code, never by name."""
    rows = corrections(conn, event_id)
    columns = ("no", "time", "what", "code", "where", "change", "by", "reason")
    return _record("corrections", of, [("changes", str(len(rows)))], columns, rows, ("chief", "supervisor", "time"))


def heads_record(of: Setting, export: Export) -> Record:
    """The ends of all chains and the code that `competition audit verify --heads` shows: what is signed can't be rewritten."""
    rows = [
        ("全系统" if head.event_id == store.HOUSE else head.event_id, str(head.n), head.hash) for head in export.heads
    ]
    facts = [("code", export.code)]
    return _record("heads", of, facts, ("chain", "lines", "hash"), rows, ("chief", "supervisor", "time"))


def certificates_record(conn: sa.Connection, event_id: str, of: Setting) -> Record:
    """The register of certificates: number, who, award, and what each is worth now."""
    rows = [
        (one.number, one.name or "—", one.unit or "", one.award_name["zh"], STATUS_NAMES[one.status][0])
        for one in judging.certificates(conn, event_id)
    ]
    return register(of, rows)


def register(of: Setting, rows: Sequence[tuple[str, ...]]) -> Record:
    """A register of certificates with these rows."""
    return _record(
        "certificates", of, (), ("certificate", "name", "unit", "award", "state"), rows, ("organiser", "time")
    )


def corrections(conn: sa.Connection, event_id: str) -> list[tuple[str, ...]]:
    """The rows of the list of corrections."""
    law, sheets = store.thawed(conn, event_id), event_sheets(conn, event_id)
    codes = dict(
        conn.execute(sa.select(JudgingCode.entry_id, JudgingCode.code).where(JudgingCode.event_id == event_id)).all()
    )
    people = dict(conn.execute(sa.select(Official.id, Official.name)).all())
    labels = {one.id: one.label for one in judging.seats(conn, event_id)}
    kinds = (*RULINGS, "sign")
    query = sa.select(Ledger).where(Ledger.event_id == event_id, Ledger.kind.in_(kinds)).order_by(Ledger.seq)
    values: dict[tuple[str, str], object] = {}
    signed: set[str] = set()
    rows: list[tuple[str, ...]] = []
    for line in conn.execute(query):
        body = json.loads(line.body)
        body |= body.get("what", {})
        change = _changed(line.kind, body, values, signed)
        if change is None:
            continue
        now = sheets.get(body.get("sheet", ""))
        entry = now.entry_id if now else body.get("entry") or ""
        who = (body.get("asked_by"), body.get("by") or body.get("judge"))
        by = " / ".join(people.get(one, "") for one in who if one)
        rows.append(
            (
                str(len(rows) + 1),
                local(line.at, "second"),
                RULINGS[line.kind],
                codes.get(entry, ""),
                _where(law, labels, now, body),
                change or _ruled(body),
                by,
                str(body.get("reason") or body.get("answer") or body.get("wrong") or _objected(line.kind, body)),
            )
        )
    return rows


def _changed(kind: str, body: dict[str, Any], values: dict[tuple[str, str], object], signed: set[str]) -> str | None:
    """Old → new of a line that moved a mark after the signature, "" for a ruling, None for what is no correction at all."""
    if kind == "sign":
        signed.update(body["sheets"] if "sheets" in body else [body["sheet"]])
        return None
    if kind not in ("mark", "correct"):
        return ""
    place = (body["sheet"], body["item"])
    before, values[place] = body.get("was", values.get(place)), body["value"]
    if kind == "mark" and (body["sheet"] not in signed or before == body["value"]):
        return None
    return f"{_text(before)} → {_text(body['value'])}"


def _objected(kind: str, body: dict[str, Any]) -> str:
    """The words of an objection; an appeal's are in a register of their own, the ledger has their digest."""
    return str(body["said"]) if kind == "objection" else ""


def _where(law: Rules, labels: dict[str, str], now: SheetNow | None, body: dict[str, Any]) -> str:
    if now is None:
        return seat_said(law, str(body["seat"]))["zh"] if body.get("seat") else ""
    names = {item.id: item.name.zh for item in law.sheet(now.module, now.sheet).items}
    items = body.get("items") or ([body["item"]] if body.get("item") else [])
    said = "、".join(names.get(item, item) for item in items)
    return f"{seat_said(law, labels[now.seat_id])['zh']} {said}".strip()


def _ruled(body: dict[str, Any]) -> str:
    """What a ruling came to, where it has a value."""
    if "upheld" in body:
        return "支持" if body["upheld"] else "驳回"
    if body.get("n") and "late" in body:
        return f"第 {body['n']} 号"
    return _text(body["value"]) if "value" in body else str(body.get("status") or "")


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "—" if value is None else str(value)


def _record(
    kind: str,
    of: Setting,
    facts: Any,
    columns: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    signs: tuple[str, ...],
) -> Record:
    return Record(
        kind=kind,
        games=of.games,
        event=of.event,
        facts=[("release", of.release), *facts],
        columns=columns,
        rows=rows,
        signs=signs,
        head=of.head,
        printed_at=of.at,
        stamp="as_of",
    )
