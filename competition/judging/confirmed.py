"""The second person: what one clerk keyed from paper is keyed again or compared by another, and only then signed.

Three ways, each one act in the ledger: `confirm_again` keys the sheet blind and the two keyings agree; `settle` decides the
cells in which they differ, with the paper in hand; `confirm_seen` compares what is on the screen with the paper. A judge's
marks from a tablet are one person's word too: whoever changes them from the paper is the first to key them. A list of
theory marks is confirmed whole, against the number of lines and the sums written on the paper list (`confirm_list`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from competition.errors import Conflict, MarkError, NotAllowed
from competition.judging.acts import because, note
from competition.judging.clashes import change, sheet_of
from competition.judging.keyed import key, legal
from competition.judging.officials import Official, permit
from competition.judging.sheets import STATE_NAMES, sign_for
from competition.rules.model import Item, Rules
from competition.rules.model import Sheet as Form
from competition.rules.scales import answer_key, decimal_text
from competition.store import digest_of, required_items, sheets, thawed
from competition.store.replay import DESK, apply
from competition.store.sheets import Sheet, SheetNow


@dataclass(frozen=True, slots=True)
class Difference:
    """One item that two people keyed differently; None where one of them keyed nothing."""

    item: str
    first: str | None
    second: str | None


@dataclass(frozen=True, slots=True)
class ListTotals:
    """What a list is checked by: its lines, and the sum of each numeric column by item. A control total, worth no points."""

    lines: int
    sums: Mapping[str, str]


def differences(form: Form, now: SheetNow, again: Mapping[str, str | None]) -> tuple[Difference, ...]:
    """Where a second keying differs from the marks as they are, in the form's order.

    Remarks are not compared, and answers as the key compares them: blanks and capitals make no other answer.
    """
    first = {item: cell[0] for item, cell in now.marks.items()}
    pairs = [(item, first.get(item.id), again.get(item.id)) for item in form.items]
    return tuple(Difference(item.id, one, two) for item, one, two in pairs if not _same(item, one, two))


def waits_for_second(now: SheetNow) -> bool:
    """Whether a sheet is keyed whole and only the second person is missing."""
    return now.state == "complete" and bool(now.keyed.get("by"))


def confirm_again(
    conn: Connection, sheet_id: str, values: Mapping[str, str | None], by: Official, at: datetime
) -> tuple[Difference, ...]:
    """Key a sheet a second time, blind. Where all agrees it is confirmed and signed; else the differences are kept.

    Also for a sheet whose marks all came from a tablet that can no longer sign: the paper is the second source.
    """
    now = _for_second(conn, sheet_id, by)
    rules = thawed(conn, now.event_id)
    again = legal(rules, {now.id: (now, values)})[now.id]
    missing = [item for item in sorted(required_items(rules, now.module, now.sheet)) if again.get(item) is None]
    if missing:
        raise MarkError(
            f"还有 {len(missing)} 项没有录：{_named(rules, now, missing, 'zh')}。",
            f"{len(missing)} items are not keyed: {_named(rules, now, missing, 'en')}.",
        )
    found = differences(rules.sheet(now.module, now.sheet), now, again)
    if found:
        body = {"by": by.id, "sheet": now.id, "values": dict(again), "marks": digest_of(now.marks)}
        change(conn, now, "key-again", body, at)
    else:
        _confirm(conn, now, by, at, how="blind")
    return found


def settle(
    conn: Connection, sheet_id: str, values: Mapping[str, str | None], by: Official, reason: str, at: datetime
) -> bool:
    """Decide every cell in which the two keyings differ, by keying it once more from the paper; then it is signed.

    Only the second person may, and every differing cell must be keyed: the first keying never stands by default. Where
    that overrules what a judge marked on a tablet, one person has said so: the sheet waits for another (answers False).
    """
    now = _for_second(conn, sheet_id, by)
    again = now.keyed.get("again")
    if again is None or again["by"] != by.id:
        raise Conflict("没有等您核定的差异。请重新录一遍。", "No differences wait for you. Key the sheet again first.")
    rules = thawed(conn, now.event_id)
    found = differences(rules.sheet(now.module, now.sheet), now, again["values"])
    required = required_items(rules, now.module, now.sheet)
    chosen = legal(rules, {now.id: (now, values)})[now.id]
    missing = [
        one.item for one in found if one.item not in chosen or (chosen[one.item] is None and one.item in required)
    ]
    if missing:
        raise MarkError(
            f"还有 {len(missing)} 处差异没有核定：{_named(rules, now, missing, 'zh')}。",
            f"{len(missing)} differences are not settled: {_named(rules, now, missing, 'en')}.",
        )
    stands = {one.item: chosen[one.item] for one in found}
    settled = {one.item: [one.first, one.second, stands[one.item]] for one in found}
    why = because(reason)
    overruled = any(_by_tablet(now, item) and now.marks[item][0] != value for item, value in stands.items())
    key(conn, now, stands, by, why, at)
    if not overruled:
        _confirm(conn, now, by, at, how="settled", differed=settled, reason=why)
    return not overruled


def confirm_seen(conn: Connection, sheet_id: str, version: int, by: Official, at: datetime) -> None:
    """Confirm what was on the screen after comparing it with the paper. Conflict when the sheet moved meanwhile.

    A judge's marks from a tablet are on no clerk's screen, so a sheet that nobody keyed can't be confirmed this way.
    """
    now = _for_second(conn, sheet_id, by)
    if not now.keyed.get("by"):
        raise Conflict(
            "这张表的分数都来自裁判的平板，没有人录过。请裁判在平板上签名；平板坏了，请照纸面录一遍。",
            "All marks of this sheet came from the judge's tablet; nobody has keyed it. Have the judge sign there, or, "
            "where the tablet has failed, key the sheet from its paper.",
        )
    if now.version != version:
        raise Conflict("这张表刚才改过，请重新核对。", "The sheet has changed just now. Compare it again.")
    _confirm(conn, now, by, at, how="compared")


def waiting_list(conn: Connection, event_id: str, module: str, sheet: str) -> list[SheetNow]:
    """The imported sheets that wait for a second person, by entry."""
    query = select(Sheet).where(
        Sheet.event_id == event_id, Sheet.module == module, Sheet.sheet == sheet, Sheet.state == "complete"
    )
    found = [sheets.load(row) for row in conn.execute(query.order_by(Sheet.entry_id))]
    return [now for now in found if waits_for_second(now)]


def totals(rules: Rules, listed: Sequence[SheetNow]) -> ListTotals:
    """The control totals of a list."""
    items = [item for item in rules.sheet(listed[0].module, listed[0].sheet).items] if listed else []
    sums = {
        item.id: decimal_text(
            sum((Fraction(now.marks[item.id][0]) for now in listed if _has(now, item.id)), Fraction())
        )
        for item in items
        if item.scale is not None and item.scale.numeric
    }
    return ListTotals(len(listed), sums)


def confirm_list(
    conn: Connection, event_id: str, listed: Mapping[str, int], read: ListTotals, by: Official, at: datetime
) -> int:
    """Confirm and sign a list of imported sheets ({id: version} as it was shown); answers how many.

    `read` is what the second person read off the paper list. MarkError says which number differs, not what it is here.
    """
    permit(conn, by, "confirm", event_id)
    known = sheets.read_sheets(conn, sorted(listed))
    if not listed or any(
        id not in known or known[id].event_id != event_id or known[id].version != version
        for id, version in listed.items()
    ):
        raise Conflict(
            "名单刚才变了，没有确认。请重新核对。", "The list has changed; nothing was confirmed. Check it again."
        )
    for now in known.values():
        _must_be_second(now, by)
    rules = thawed(conn, event_id)
    _compare_totals(rules, list(known.values()), read)
    body = {"how": "list", "sheets": sorted(known), "lines": read.lines, "sums": dict(read.sums)}
    body["marks"] = digest_of({id: digest_of(now.marks) for id, now in known.items()})
    line = note(conn, event_id, "confirm-keyed", by, at, **body)
    apply(known, event_id, "confirm-keyed", line.id, line.at, {"by": by.id, **body})
    sheets.save_sheets(conn, list(known.values()), rules)
    for id in sorted(known):
        sign_for(conn, id, by, at)
    return len(known)


def _same(item: Item, first: str | None, second: str | None) -> bool:
    if first == second or item.scale is None or item.scale.type == "note":
        return True
    if item.scale.type != "answer" or first is None or second is None:
        return False
    return answer_key(first) == answer_key(second)


def _compare_totals(rules: Rules, listed: Sequence[SheetNow], read: ListTotals) -> None:
    ours = totals(rules, listed)
    form = rules.sheet(listed[0].module, listed[0].sheet)
    wrong = [] if ours.lines == read.lines else [("行数", "the number of lines", str(read.lines))]
    for item, total in ours.sums.items():
        said = read.sums.get(item, "—")
        if said != total:
            name = form.item(item).name
            wrong.append((f"{name.zh}合计", f"the sum of {name.en}", said))
    if wrong:
        # Not the number here: whoever confirms must find it on the paper, not copy it from the refusal.
        zh = "、".join(f"{one}（您读到 {said}）" for one, _, said in wrong)
        en = ", ".join(f"{one} (you read {said})" for _, one, said in wrong)
        raise MarkError(
            f"与纸质名单对不上：{zh}。没有确认。请逐行核对，录错的请导入的人更正。",
            f"This does not agree with the paper list: {en}. Nothing was confirmed. Go through it line by line; whoever "
            "imported it corrects what is wrong.",
        )


def _for_second(conn: Connection, sheet_id: str, by: Official) -> SheetNow:
    now = sheet_of(conn, sheet_id)
    permit(conn, by, "confirm", now.event_id)
    _must_be_second(now, by)
    return now


def _must_be_second(now: SheetNow, by: Official) -> None:
    """Refuse unless the sheet is keyed whole, unsigned, and this is not one of those who keyed it."""
    if now.state == "draft":
        raise Conflict("这张表还没有录完，不能核对。", "The sheet is not keyed whole yet; it can't be checked.")
    if not now.is_open:
        zh, en = STATE_NAMES[now.state]
        raise Conflict(f"这张表{zh}，不用再核对。", f"The sheet is {en}; there is nothing to check.")
    if by.id in now.keyed.get("by", ()):
        raise NotAllowed(
            "这张表是您录的，要由另一位录分员核对。请换人登录。",
            "You keyed this sheet: another clerk must check it. Have somebody else sign in.",
        )


def _confirm(conn: Connection, now: SheetNow, by: Official, at: datetime, how: str, **more: Any) -> None:
    body = {"by": by.id, "sheet": now.id, "how": how, "marks": digest_of(now.marks), **more}
    change(conn, now, "confirm-keyed", body, at)
    sign_for(conn, now.id, by, at)


def _named(rules: Rules, now: SheetNow, items: Sequence[str], lang: str) -> str:
    form = rules.sheet(now.module, now.sheet)
    names = [form.item(item).name[lang] for item in items[:8]]
    return ("、" if lang == "zh" else ", ").join(names) + ("…" if len(items) > 8 else "")


def _by_tablet(now: SheetNow, item: str) -> bool:
    """Whether the item's mark is a judge's own, not one that a desk keyed."""
    return _has(now, item) and not now.marks[item][2].startswith(DESK)


def _has(now: SheetNow, item: str) -> bool:
    return item in now.marks and now.marks[item][0] is not None
