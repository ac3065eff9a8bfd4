"""Reading the tables of a rule file other than scales and sheets: head, attributes, parts, vetoes, ranking, awards."""

from fractions import Fraction
from typing import Any

from competition.rules.draft import Draft, Scored, Veto, Written, WrittenKey
from competition.rules.model import STATUSES, AttributeRule, Award, RankKey, Text
from competition.rules.nodes import Round
from competition.rules.scales import decimal_text
from competition.rules.table import Table

MODES = ("half_up", "half_even", "down", "up")
NUMBERINGS = ("1224", "1223", "1334")
ROUNDINGS = ("half_up", "ceiling", "floor", "cumulative")
DEFAULT_AFTER = ("dnf", "dns", "withdrawn", "dsq", "void")


def read_head(top: Table) -> dict[str, Any]:
    """The file's own facts: id, job type, names, edition, sources."""
    event = top.table("event", needed=True)
    top.get("extends")
    head = {
        "id": event.ident(),
        "job_type": event.string("job_type"),
        "name": event.text("name"),
        "edition": event.string("edition"),
        "code": event.string("code", default=""),
        "design": event.string("design", default=""),
        "template": top.flag("template", False),
        "notes": top.texts("notes"),
        "sources": tuple(_source(row) for row in top.rows("sources")),
    }
    event.get("entrants")
    event.done()
    if not head["sources"]:
        top.fault("sources", "请写明数字的来源。", "Say where the numbers come from.")
    return head


def _source(row: Table) -> dict[str, str]:
    source = {
        "id": row.ident(),
        "status": row.string("status", ("found", "derived", "memory")),
        "says": row.string("says"),
        "where": row.string("where", default=""),
    }
    row.done()
    return source


def read_round(table: Table, key: str = "round") -> Round | None:
    """{ places = 2, mode = "half_up" }: the mode is never a default. A module's round = "final" names a round instead."""
    if not table.has(key) or isinstance(table.data[key], str):
        return None
    inner = table.table(key)
    how = Round(inner.whole("places", low=0, high=9), inner.string("mode", MODES))  # type: ignore[arg-type]
    inner.done()
    return how


def written(table: Table, key: str) -> Written | None:
    """A formula, if the table has one under this key."""
    return Written(table.string(key), (*table.path, key)) if table.has(key) else None


Bands = tuple[tuple[Fraction | None, Fraction], ...]


def read_bands(table: Table, key: str, edges: tuple[str, ...], points: str = "points") -> tuple[Bands, bool]:
    """Rows { upto | below | within = edge, points }; the last has no edge and takes the rest. True: edges are `below`."""
    rows: list[tuple[Fraction | None, Fraction]] = []
    used: set[str] = set()
    for row in table.rows(key, needed=True):
        said = [edge for edge in edges if row.has(edge)]
        used.update(said)
        rows.append((row.optional(said[0]) if said else None, row.number(points)))
        row.done()
    edge = next((each for each in edges if each in used), edges[0])
    if len(used) > 1:
        zh, en = (
            f"一张表里请只用 {' 或 '.join(edges)} 的一种。",
            f"Use one kind of edge in a table: {' or '.join(edges)}.",
        )
        table.fault(key, zh, en)
    elif _bands_in_order(table, key, edge, [edge for edge, _ in rows]):
        return tuple(rows), "below" in used
    return ((None, Fraction(0)),), False


def _bands_in_order(table: Table, key: str, edge: str, edges: list[Fraction | None]) -> bool:
    """Whether edges rise and the last row, and only that, has none; the first row at fault is named by its line."""
    at = Table({}, (*table.path, key, max(len(edges) - 1, 0)), table.faults)
    if not edges or edges[-1] is not None:
        zh = f"最后一行不写 {edge}，接住其余；请补上这一行。"
        at.fault(None, zh, f"The last row has no {edge} and takes the rest; add that row.")
        return False
    for n, value in enumerate(edges[:-1]):
        at = Table({}, (*table.path, key, n), table.faults)
        if value is None:
            at.fault(None, f"只有最后一行可以不写 {edge}，请补上。", f"Only the last row may lack {edge}; add it here.")
            return False
        before = edges[n - 1] if n else None
        if before is not None and value <= before:
            zh = f"{edge} 要一行比一行大，这一行永远轮不到；请按从小到大排。"
            at.fault(None, zh, f"{edge} must rise from row to row; this row is never reached. Sort the rows.")
            return False
    return True


def read_keys(table: Table, needed: bool = False) -> tuple[WrittenKey, ...]:
    """keys = [ { by = "…", best = "high" } ]"""
    keys = []
    for row in table.rows("keys", needed):
        keys.append(WrittenKey(row.string("by"), row.string("best", ("high", "low")), row.path))
        row.done()
    return tuple(keys)


def read_scored(table: Table, name: str) -> Scored:
    """What parts, modules and the total have in common: formula, floor, rescale, rounding, printed maximum."""
    rescale = None
    if table.has("rescale"):
        inner = table.table("rescale")
        rescale = (inner.number("from", low=0), inner.number("to"))
        if rescale[0] == 0:
            inner.fault("from", "不能从 0 换算，请写最高可得的分。", "Can't rescale from 0; write the most attainable.")
            rescale = None
        inner.done()
    default = Text("总分", "Total") if name == "total" else None
    return Scored(
        name, table.text("name", default), table.path, written(table, "points"), table.optional("floor"), rescale,
        read_round(table), table.optional("out_of"),
    )  # fmt: skip


def read_parts(top: Table, draft: Draft) -> None:
    """Attributes, weight rows, parts, quantities and the total."""
    for name, table in top.named("attributes"):
        free = table.flag("any", False)
        group = table.table("values", needed=not free)
        values = {value: group.text(value) for value in list(group.data)}
        if free and values:
            zh = "any = true 时不列 values，请删去其一。"
            table.fault("values", zh, "With any = true there are no values to list; delete one of them.")
        draft.attributes[name] = AttributeRule(name, table.text("name"), values, free)
        table.done()
    for name, table in top.named("weights"):
        _weight_rows(name, table, draft)
    before = len(top.faults.found)
    for name, table in top.named("parts", needed=True):
        weight = table.number("weight", low=0)
        draft.parts[name] = (read_scored(table, name), weight)
        table.done()
    added = sum(weight for _, weight in draft.parts.values())
    if draft.parts and added != 100 and len(top.faults.found) == before:
        said = decimal_text(Fraction(added))
        zh = f"各部分权重之和是 {said}，不是 100，请改。"
        top.fault("parts", zh, f"The weights of the parts don't add up to 100 but to {said}; change them.")
    for name, table in top.named("quantities"):
        formula = written(table, "formula") or Written("0", table.path)
        table.get("formula", needed=True)
        draft.quantities[name] = (table.text("name"), formula)
        table.done()
    total = top.table("total", needed=True)
    draft.total = read_scored(total, "total")
    draft.decide_on = total.string("decide_on", ("rounded", "exact"))
    total.done()


def _weight_rows(name: str, table: Table, draft: Draft) -> None:
    by, adds_to = table.string("by"), table.optional("adds_to")
    rows = {}
    for choice, row in table.named("rows", needed=True):
        weights = {column: row.number(column) for column in list(row.data)}
        if adds_to is not None and sum(weights.values()) != adds_to:
            made, said = decimal_text(Fraction(sum(weights.values()))), decimal_text(adds_to)
            zh = f"这一行加起来是 {made}，不是 {said}，请改。"
            row.fault(None, zh, f"This row adds up to {made}, not to {said}; change it.")
        rows[choice] = weights
    attribute = draft.attributes.get(by)
    if attribute is None:
        table.unknown("by", "属性", "attribute", by, draft.attributes)
    else:
        if missing := [value for value in attribute.values if value not in rows]:
            zh = f"缺少这些类别的行，请补上：{'、'.join(missing)}。"
            table.fault("rows", zh, f"Rows are missing for {', '.join(missing)}; add them.")
        for choice in rows:
            if choice not in attribute.values:
                table.table("rows").unknown(choice, f"属性 {by} 的取值", f"value of {by}", choice, attribute.values)
    draft.weights[name] = (by, adds_to, rows)
    table.done()


def read_vetoes(top: Table, draft: Draft) -> None:
    """Facts that zero something or take the entry out, with their scope."""
    for row in top.rows("vetoes"):
        when = written(row, "when") or Written("0 == 1", row.path)
        row.get("when", needed=True)
        zero = row.strings("zero")
        status = row.string("status", ("", "dsq", "void"), default="")
        draft.vetoes.append(Veto(row.ident(), row.text("name"), row.path, when, zero, status))
        if bool(zero) == bool(status):
            row.fault(None, "请写 zero 或 status 之一。", "Write either zero or status.")
        row.done()


def read_ranking(top: Table, draft: Draft) -> None:
    """The ordered keys, whether places may be shared, and the order of those listed below the ranked."""
    table = top.table("ranking", needed=True)
    draft.shared = table.string("shared", ("allowed", "forbidden")) == "allowed"
    draft.keys = [(RankKey(key.by, key.best), key.path) for key in read_keys(table, needed=not top.has("worldskills"))]
    draft.numbering = table.string("numbering", NUMBERINGS, default="1224")
    if table.has("except_places"):
        draft.except_places = _span(table, "except_places")
    after = table.strings("after") if table.has("after") else DEFAULT_AFTER
    if sorted(after) != sorted(STATUSES):
        said = " ".join(STATUSES)
        table.fault("after", f"要列出全部状态，各一次：{said}。", f"List every status, each once: {said}.")
        after = DEFAULT_AFTER
    draft.after = after
    table.done()


def _span(table: Table, key: str) -> tuple[int, int]:
    """[from, to], places."""
    places = table.get(key)
    whole = isinstance(places, list) and len(places) == 2 and all(type(place) is int for place in places)
    if not whole or not 1 <= places[0] <= places[1]:
        table.fault(key, "应写成 [从, 到]，从 1 起的整数。", "Write [from, to], whole numbers from 1.")
        return (1, 1)
    return (places[0], places[1])


def read_awards(top: Table, draft: Draft) -> None:
    """Awards by places or by share, in the order of their worth; by WorldSkills medals they have only a name."""
    medals = top.has("worldskills")
    for row in top.rows("awards"):
        span = _span(row, "places") if row.has("places") else None
        share = row.optional("share")
        if (span is None) == (share is None) and not medals:
            row.fault(None, "请写 places 或 share 之一。", "Write either places or share.")
        if medals and (span or share):
            zh = "按 WorldSkills 奖牌规则时不写 places 或 share，请删去。"
            row.fault(None, zh, "Medals go by edition, without places or share; delete them.")
        rounding = row.string("rounding", ROUNDINGS, default=None if share else "half_up")
        of = row.string("of", ("entered", "ranked"), default=None if share else "ranked")
        ties = row.string("ties", ("extend", "leave"), default="extend")
        needs = written(row, "needs")
        least = row.whole("least", 0, 0)
        award = Award(row.ident(), row.text("name"), span, share, rounding, of, None, ties, least)
        draft.awards.append((award, needs))
        row.done()
