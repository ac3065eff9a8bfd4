"""A rule's operations in words, as a chief judge would read them aloud."""

from fractions import Fraction

from competition.rules.field import Across
from competition.rules.model import Rules
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


_ABSENT = {
    "exclude": ("缺席者不算在内", "an absent seat is left out"), "refuse": ("有人缺席则无成绩", "no value with a seat absent"),
    "mean": ("缺席者按到席者平均补", "an absent seat counts as the mean of the others"),
}  # fmt: skip
_TIES = {
    "higher": ("并列都得高的", "ties get the higher place's"), "lower": ("并列都得低的", "ties get the lower place's"),
    "average": ("并列平分", "ties share"), "refuse": ("并列则没有", "ties have none"),
    "extend": ("并列跨线都进", "ties over the border all in"), "leave": ("并列跨线都不进", "ties over the border all out"),
}  # fmt: skip


def say_number(value: Fraction) -> str:
    """A constant as decimal text, or as a fraction where no decimal ends."""
    try:
        return decimal_text(value)
    except StopIteration:
        return f"{value.numerator}/{value.denominator}"


class Spoken:
    """Speaks of one file's rules in one language."""

    def __init__(self, rules: Rules, lang: str) -> None:
        self.rules, self.lang, self.at = rules, lang, 1 if lang == "en" else 0
        # Names that stand in more than one module are said with their module.
        where = [(item.name.zh, module) for module in rules.modules for sheet in module.sheets for item in sheet.items]
        modules = {name: {module.id for other, module in where if other == name} for name, _ in where}
        self.twice = {name for name, found in modules.items() if len(found) > 1}

    def say(self, zh: str, en: str) -> str:
        return en if self.at else zh

    def title(self, name: str) -> str:
        path, _, seat = name.partition("@")
        text = self.rules.names.get(path)
        said = text[self.lang] if text else path
        sheet = next((each for each in self.rules.sheets if each.path == path), None)
        if sheet and len(self.rules.modules) > 1:
            said = f"{self.module(sheet.module)}·{said}"
        return f"{said}[{seat}]" if seat else said

    def module(self, module: str) -> str:
        return next(each.name[self.lang] for each in self.rules.modules if each.id == module)

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
        form = node.form
        points = ", ".join(say_number(each) for each in form.points)
        rest = (
            self.say(f"：{points}，其余 {say_number(form.rest)}", f": {points}, then {say_number(form.rest)}")
            if points
            else ""
        )
        ties = (
            f"；{_TIES[form.ties][0]}" if form.ties and not self.at else f"; {_TIES[form.ties][1]}" if form.ties else ""
        )
        among = self.say("，只在其中：", ", only where ") + self.node(node.among) if node.among else ""
        return f"{said}({of}{by}{among}{rest}{ties})"

    def panel(self, node: Panel) -> str:
        if len(node.args) == 1:
            said = self.node(node.args[0])
        elif node.by_standing:
            rows = [f"{self.say(f'满 {n} 席', f'from {n} seats')} {self.method(m)}" for n, m in node.by_standing]
            said = self.say("；", "; ").join(rows)
        else:
            said = self.method(node.how)
        if len(node.args) > 1:
            what = self.shared_name(node)
            said = f"{said}({what})" if what else said
        return said if node.times == 1 else f"{said} × {say_number(node.times)}"

    def shared_name(self, node: Panel) -> str:
        """What every seat gives, where it is one thing; with what a short or absent panel does."""
        inner = [each.of if isinstance(each, FromSeat) else each for each in node.args]
        paths = {
            each.name.partition("@")[0] if isinstance(each, Named) else each.key if isinstance(each, Cell) else ""
            for each in inner
        }
        said = (
            {self.node(each) for each in inner if not isinstance(each, Named)}
            if "" in paths or len(paths) > 1
            else set()
        )
        name = next(iter(said)) if len(said) == 1 else ""
        if len(paths) == 1 and "" not in paths:
            name = self.path(paths.pop())
        least = self.say(
            f"至少 {node.least} 席，{_ABSENT[node.absent][0]}", f"at least {node.least}, {_ABSENT[node.absent][1]}"
        )
        return f"{name}{self.say('；', '; ') if name else ''}{least}"

    def path(self, path: str) -> str:
        """A sheet, or one of its items, by name."""
        keys = path.split(".")
        sheet = next((s for s in self.rules.sheets if s.path == ".".join(keys[:2])), None)
        if sheet is None or len(keys) == 2:
            return self.title(path)
        return next((i.name[self.lang] for i in sheet.items if i.id == keys[-1]), self.title(path))

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
        name = self.rules.sheet(module, sheet).item(item).name
        return f"{self.module(module)}·{name[self.lang]}" if name.zh in self.twice else name[self.lang]
