"""A rule file in words: what is marked, on which scale, how it becomes a total, a place and an award."""

from collections.abc import Iterator
from fractions import Fraction

from competition.rules.field import Across
from competition.rules.model import Item, Rules, Sheet
from competition.rules.nodes import (
    Attribute,
    Bands,
    Cell,
    Const,
    FromSeat,
    Lookup,
    Named,
    Node,
    Op,
    Round,
    Rounded,
    bare,
    highest,
)
from competition.rules.panels import Method, Panel
from competition.rules.scales import decimal_text

_SIGNS = {
    "add": " + ",
    "sub": " − ",
    "mul": " × ",
    "div": " ÷ ",
    "eq": " = ",
    "ne": " ≠ ",
    "lt": " < ",
    "le": " ≤ ",
    "gt": " > ",
    "ge": " ≥ ",
}
_CALLS = {
    "min": ("取小", "lower of"), "max": ("取大", "higher of"), "abs": ("绝对值", "absolute"), "ceil": ("进到整数", "round up"),
    "floor": ("舍到整数", "round down"), "if": ("如果", "if"), "neg": ("负", "minus"), "not": ("非", "not"),
    "and": ("并且", "and"), "or": ("或者", "or"), "when": ("仅当", "only when"), "default": ("已知则取，否则", "if known, else"),
}  # fmt: skip
_METHODS = {
    "sum": ("各席相加", "sum of the seats"), "mean": ("各席平均", "mean of the seats"),
    "median": ("各席中位数", "median of the seats"), "best": ("最高 {k} 席相加", "sum of the best {k}"),
    "min": ("各席最低", "lowest seat"), "max": ("各席最高", "highest seat"),
    "trimmed": (
        "满 {start} 席去掉 {high} 个最高、{low} 个最低后平均，不足则平均",
        "from {start} seats mean without {high} highest and {low} lowest, else mean",
    ),
    "middle": ("中间 {k} 席平均", "mean of the middle {k}"), "closest": ("最接近的 {k} 席平均", "mean of the closest {k}"),
    "count": ("成立的席数", "number of seats where it holds"),
}  # fmt: skip
_FIELD = {
    "rank": ("全场名次", "place in the field"), "points": ("名次分", "points by place"), "sum": ("全场之和", "sum of the field"),
    "mean": ("全场平均", "mean of the field"), "median": ("全场中位数", "median of the field"),
    "min": ("全场最低", "lowest of the field"), "max": ("全场最高", "highest of the field"), "count": ("人数", "number of entries"),
    "rival": ("对手的", "the rival's"), "top": ("进入前 {n}", "among the best {n}"), "factor": ("等值系数", "panel factor"),
    "majority": ("多数席名次", "majority place"), "standard": ("标准分", "standard score"),
    "scale_500": ("500 分制", "500 scale"), "scale_700": ("700 分制", "700 scale"),
}  # fmt: skip
_MODES = {
    "half_up": ("四舍五入", "half away from zero"), "half_even": ("四舍六入五成双", "half to even"),
    "down": ("舍去", "towards zero"), "up": ("进一", "away from zero"),
}  # fmt: skip


def explain(rules: Rules, lang: str = "zh") -> str:
    """The rules as plain text: sheets, formulas, ranking, awards, sources."""
    return "\n".join(_Words(rules, lang).lines())


def say_number(value: Fraction) -> str:
    """A constant as decimal text, or as a fraction where no decimal ends."""
    try:
        return decimal_text(value)
    except StopIteration:
        return f"{value.numerator}/{value.denominator}"


class _Words:
    def __init__(self, rules: Rules, lang: str) -> None:
        self.rules, self.lang, self.at = rules, lang, 1 if lang == "en" else 0

    def say(self, zh: str, en: str) -> str:
        return en if self.at else zh

    def lines(self) -> Iterator[str]:
        rules, lang = self.rules, self.lang
        yield f"{rules.name[lang]} · {self.say('版本', 'edition')} {rules.edition} · {rules.digest[:12]}"
        if rules.template:
            yield self.say(
                "样板：待组委会技术文件替换，不是正式规则。", "TEMPLATE: to be replaced by the organiser's document."
            )
        yield from (f"  {note[lang]}" for note in rules.notes)
        yield f"{self.say('总分最高', 'Highest total')} {say_number(highest(rules.steps['total']))}"
        for sheet in rules.sheets:
            yield ""
            yield from self.sheet(sheet)
        yield ""
        yield self.say("计算", "How it is computed")
        for name, node in rules.steps.items():
            if "@" not in name and isinstance(node, Named):
                yield f"  {self.title(name)} = {self.node(node.of)}"
        yield from self.ranking()
        yield ""
        yield self.say("数字来源", "Sources of the numbers")
        status = {
            "found": ("公开来源", "found"),
            "derived": ("推算", "derived"),
            "memory": ("待核实的默认值", "default to confirm"),
        }
        for source in rules.sources:
            yield f"  [{status[source['status']][self.at]}] {source['says']} {source['where']}".rstrip()

    def sheet(self, sheet: Sheet) -> Iterator[str]:
        most = "" if sheet.max is None else f" {self.say('满分', 'max')} {say_number(sheet.max)}"
        seats = f"{sheet.panel.name[self.lang]} × {sheet.panel.seats}"
        yield f"{sheet.name[self.lang]}({seats}){most}"
        for section in sheet.sections:
            most = "" if section.max is None else f" {say_number(section.max)}"
            yield f"  {section.name[self.lang]}{most}"
            for item in section.items:
                yield f"    {item.name[self.lang]}: {self.item(sheet, item)}"

    def item(self, sheet: Sheet, item: Item) -> str:
        legal = item.scale.legal[self.at] if item.scale else self.say("由系统计算", "computed")
        unit = f" {item.scale.unit}" if item.scale and item.scale.unit else ""
        node = self.rules.detail.get(f"{sheet.path}.{item.id}@1")
        worth = "" if node is None or isinstance(bare(node), Cell) else f" → {self.node(bare(node))}"
        return f"{legal}{unit}{worth}"

    def ranking(self) -> Iterator[str]:
        yield ""
        high, low = self.say("高者先", "high first"), self.say("低者先", "low first")
        keys = [f"{self.title(k.by)} ({high if k.best == 'high' else low})" for k in self.rules.keys]
        yield f"{self.say('排名依次比', 'Ranked by')}: " + " → ".join(keys)
        tie = (
            ("仍相同则并列", "then places are shared")
            if self.rules.shared
            else ("仍相同须裁判长裁定", "then the chief decides")
        )
        yield f"  {tie[self.at]}"
        for award in self.rules.awards:
            span = (
                f"{award.places[0]}–{award.places[1]}"
                if award.places
                else f"{say_number(award.share or Fraction(0))} %"
            )
            needs = f" ({self.say('条件', 'if')} {self.node(award.needs)})" if award.needs else ""
            yield f"  {award.name[self.lang]}: {span}{needs}"

    def title(self, name: str) -> str:
        path, _, seat = name.partition("@")
        text = self.rules.names.get(path)
        said = text[self.lang] if text else path
        return f"{said}[{seat}]" if seat else said

    def node(self, node: Node) -> str:
        if isinstance(node, Named):
            cell = node.name in self.rules.detail and node.name not in self.rules.steps
            return self.node(node.of) if cell else self.title(node.name)
        if isinstance(node, FromSeat):
            return self.node(node.of)
        if isinstance(node, Const):
            return say_number(node.value)
        if isinstance(node, Cell):
            return self.cell(node.key)
        if isinstance(node, Attribute):
            return self.attribute(node)
        if isinstance(node, Rounded):
            return f"{self.node(node.of)}{self.rounding(node.how)}"
        if isinstance(node, Bands | Lookup):
            return f"{self.node(node.of)} [{'; '.join(self.rows(node))}]"
        if isinstance(node, Across):
            return self.across(node)
        if isinstance(node, Panel):
            return self.panel(node)
        assert isinstance(node, Op)
        if node.op in _SIGNS:
            return "(" + _SIGNS[node.op].join(self.node(arg) for arg in node.args) + ")"
        return f"{_CALLS[node.op][self.at]}({', '.join(self.node(arg) for arg in node.args)})"

    def rows(self, node: Bands | Lookup) -> list[str]:
        rest = self.say("其余", "else")
        if isinstance(node, Lookup):
            return [*(f"{say_number(v)}: {say_number(p)}" for v, p in node.rows), f"{rest}: {say_number(node.rest)}"]
        sign = "<" if node.below else "≤"
        return [f"{rest if e is None else sign + say_number(e)}: {say_number(p)}" for e, p in node.rows]

    def across(self, node: Across) -> str:
        said = _FIELD[node.form.name][self.at].format(n=node.form.n)
        of = ", ".join(dict.fromkeys(self.node(each) for each in node.of))
        attribute = next((a.name[self.lang] for a in self.rules.attributes if a.id == node.by), "")
        by = self.say(f"，按{attribute}", f", by {attribute}") if attribute else ""
        return f"{said}({of}{by})"

    def panel(self, node: Panel) -> str:
        if len(node.args) == 1:
            said = self.node(node.args[0])
        elif node.by_standing:
            rows = [f"{self.say(f'满 {n} 席', f'from {n} seats')} {self.method(m)}" for n, m in node.by_standing]
            said = self.say("；", "; ").join(rows)
        else:
            said = self.method(node.how)
        return said if node.times == 1 else f"{said} × {say_number(node.times)}"

    def method(self, how: Method) -> str:
        return _METHODS[how.name][self.at].format(k=how.k, start=how.start, high=how.high, low=how.low)

    def attribute(self, node: Attribute) -> str:
        rule = next((a for a in self.rules.attributes if a.id == node.key), None)
        if rule is None:
            return self.say("组委会认定的轮次", "the round an official admitted it to")
        if {value for _, value in node.table} <= {0, 1}:
            chosen = [rule.values[v][self.lang] for v, on in node.table if on]
            return f"[{rule.name[self.lang]}: {', '.join(chosen)}]"
        return self.say(f"按{rule.name.zh}的权重", f"weight by {rule.name.en}")

    def rounding(self, how: Round) -> str:
        mode = _MODES[how.mode][self.at]
        return self.say(f"，{mode}到 {how.places} 位", f", rounded {mode} to {how.places} places")

    def cell(self, key: str) -> str:
        module, sheet, *_, item = key.split(".", 3)
        if given := [each for each in self.rules.inputs if each.cell == key]:
            return given[0].name[self.lang]
        return self.rules.sheet(module, sheet).item(item).name[self.lang]
