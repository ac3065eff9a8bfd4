"""Reading what goes beyond one entry: inputs, tables, quantities across the field, rounds, passing, lists, medals."""

from fractions import Fraction

from competition.rules.draft import AcrossRule, Draft, ListWritten, RoundWritten, TableRule, Written
from competition.rules.field import FORMS, Form
from competition.rules.model import Entrants, Input
from competition.rules.read_tables import read_bands, read_keys, read_round, written
from competition.rules.scales import Scale
from competition.rules.table import Table

EDITIONS = ("1997", "2005", "2013", "2015", "2017", "2019", "2022", "2024", "2026")
MEDALS = ("gold", "silver", "bronze", "medallion")


def read_inputs(top: Table, draft: Draft) -> None:
    """Numbers given for the whole event, and tables that formulas look up."""
    for name, table in top.named("inputs"):
        decimals = table.whole("decimals", 0, 0)
        low, high = table.number("from", 0), table.number("to")
        scale = Scale(f"input_{name}", "measure", low, high, Fraction(1, 10**decimals))
        draft.inputs[name] = Input(name, table.text("name"), scale)
        table.done()
    for name, table in top.named("tables"):
        if table.has("bands") == table.has("values"):
            table.fault(None, "请写 bands 或 values 之一。", "Write either bands or values.")
            continue
        if table.has("bands"):
            rows, below = read_bands(table, "bands", ("upto", "below"))
            draft.tables[name] = TableRule(rows, below, (), Fraction(0))
        else:
            group = table.table("values", needed=True)
            draft.tables[name] = TableRule(None, False, tuple(_values(group)), table.number("rest"))
        table.done()


def _values(group: Table) -> list[tuple[Fraction, Fraction]]:
    rows = []
    for key in list(group.data):
        try:
            rows.append((Fraction(key), group.number(key)))
        except (ValueError, ZeroDivisionError):
            group.fault(key, f"“{key}”不是数，请改。", f'"{key}" is not a number; change it.')
    return rows


def read_across(top: Table, draft: Draft) -> None:
    """Quantities that need the whole field."""
    for name, table in top.named("across"):
        form = _form(table)
        by = _grouping(table, draft, "by")
        if form.name == "factor" and not by:
            table.fault(
                "by",
                "等值系数要按裁判组，请写 by = 某个属性。",
                "A panel factor goes by panel; write by = an attribute.",
            )
        table.get("of", needed=True)
        of = written(table, "of") or Written("0", table.path)
        draft.across[name] = AcrossRule(
            table.text("name"), table.path, form, of, by, written(table, "among"), read_keys(table)
        )
        table.done()


def _grouping(table: Table, draft: Draft, key: str) -> str:
    if not table.has(key):
        return ""
    by = table.string(key)
    if by not in draft.attributes:
        table.unknown(key, "属性", "attribute", by, draft.attributes)
    return by


def _form(table: Table) -> Form:
    name = table.kind("how", FORMS)
    ordered = name in ("rank", "points", "top")
    trim = _pair(table, "trim") if name == "factor" else None
    clamp = _pair(table, "clamp") if name in ("scale_500", "scale_700") else None
    points = table.numbers("points", needed=True) if name == "points" else ()
    return Form(
        name,
        best=table.string("best", ("high", "low")) if ordered else "high",
        numbering=table.string("numbering", ("1224", "1223", "1334", "fractional"), default="1224")
        if name == "rank"
        else "",
        n=table.whole("n", low=1) if name == "top" else 0,
        ties=_ties(table, name),
        points=points,
        rest=table.number("rest", 0) if name == "points" else Fraction(0),
        pooled=table.string("method", ("means", "pooled")) == "pooled" if name == "factor" else False,
        trim=(int(trim[0]), int(trim[1])) if trim else (0, 0),
        round=read_round(table) if name == "factor" else None,
        centre=table.number("centre") if name == "standard" else Fraction(0),
        spread=table.number("spread") if name == "standard" else Fraction(1),
        places=table.whole("places", low=0) if name == "standard" else 0,
        least=table.whole("least", low=2) if name in ("scale_500", "scale_700") else 0,
        clamp=clamp,
    )


def _ties(table: Table, name: str) -> str:
    """What tied entries get is never a default: the sources are silent on it."""
    if name == "points":
        return table.string("ties", ("higher", "average", "lower", "refuse"))
    return table.string("ties", ("extend", "leave")) if name == "top" else ""


def _pair(table: Table, key: str) -> tuple[Fraction, Fraction] | None:
    """[low, high], whole numbers from 0."""
    values = table.numbers(key)
    if not table.has(key) or (len(values) == 2 and all(v >= 0 and v.denominator == 1 for v in values)):
        return (values[0], values[1]) if values else None
    table.fault(key, "应写成 [低, 高]，从 0 起的整数。", "Write [low, high], whole numbers from 0.")
    return None


def read_rounds(top: Table, draft: Draft) -> None:
    """Rounds in the order written; modules name the round they belong to."""
    for name, table in top.named("rounds"):
        start = table.table("from") if table.has("from") else None
        if (start is None) != (not draft.rounds):
            zh = "第一轮不写 from，其后各轮都要写；请补上或删去。"
            table.fault("from", zh, "The first round has no from, every later one has; add or delete it.")
        table.get("points", needed=True)
        points = written(table, "points") or Written("0", table.path)
        draft.rounds[name] = RoundWritten(table.text("name"), table.path, points, None, "", (), None)
        if start is not None:
            draft.rounds[name] = _entry_to(start, draft.rounds[name], draft, list(draft.rounds)[:-1])
        table.done()
    for module, each in draft.module_rounds.items():
        if each not in draft.rounds:
            top.table("modules").table(module).unknown("round", "轮次", "round", each, draft.rounds)


def _entry_to(table: Table, made: RoundWritten, draft: Draft, before: list[str]) -> RoundWritten:
    if before and table.has("round") and table.string("round") != before[-1]:
        zh = f"只能从上一轮 {before[-1]} 晋级，请改。"
        table.fault("round", zh, f"Entries come from the round before, {before[-1]}; change it.")
    if table.has("top") == table.has("pass"):
        table.fault(None, "请写 top 或 pass 之一。", "Write either top or pass.")
        table.let_go()
    allowed, form, by = written(table, "pass"), None, ""
    if allowed is None:
        n = table.whole("top", low=1)
        form = Form(
            "top", best=table.string("best", ("high", "low")), n=n, ties=table.string("ties", ("extend", "leave"))
        )
        by = _grouping(table, draft, "by")
    keys = read_keys(table)
    table.done()
    return RoundWritten(made.name, made.path, made.points, form, by, keys, allowed)


def read_endings(top: Table, draft: Draft) -> None:
    """Passing, lists beside the standings, WorldSkills medals, and who competes."""
    if top.has("pass"):
        table = top.table("pass")
        table.get("when", needed=True)
        draft.passed = written(table, "when")
        draft.ranked_passed = table.string("ranked", ("all", "passed")) == "passed"
        table.done()
    for row in top.rows("lists"):
        draft.lists.append(_list(row, draft))
    if top.has("worldskills"):
        table = top.table("worldskills")
        draft.medals = (table.string("edition", EDITIONS), table.string("of"))
        missing = [medal for medal in MEDALS if medal not in {award.id for award, _ in draft.awards}]
        if missing:
            said = ", ".join(missing)
            table.fault(
                None, f"还要声明这些奖项，请补上：{said}。", f"These awards must be declared too; add them: {said}."
            )
        table.done()
    event = top.table("event")
    if event.has("entrants"):
        table = event.table("entrants")
        kind = table.string("kind", ("person", "pair", "team"))
        usual = {"person": 1, "pair": 2}.get(kind)
        draft.entrants = Entrants(kind, table.whole("from", usual, 1), table.whole("to", usual, 1))
        if draft.entrants.most < draft.entrants.least:
            table.fault("to", "to 不能小于 from，请改。", "to must not be below from; change one of them.")
        table.done()


def _list(row: Table, draft: Draft) -> ListWritten:
    per = _grouping(row, draft, "per")
    for key in ("method", "take", "least"):
        if row.has(key) and not row.has("per"):
            zh = f"没有写 per，{key} 不起作用；请写 per，或删去它。"
            row.fault(key, zh, f"Without per, {key} does nothing; write per, or delete it.")
    row.get("of", needed=True)
    made = ListWritten(
        row.ident(), row.text("name"), row.path, written(row, "of") or Written("0", row.path),
        row.string("best", ("high", "low")), read_keys(row), written(row, "needs"), per,
        row.string("method", ("sum", "mean")) if per else "", row.whole("take", low=1) if row.has("take") else None,
        row.whole("least", low=1) if per else 1,
    )  # fmt: skip
    row.done()
    return made
