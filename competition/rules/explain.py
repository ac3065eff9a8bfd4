"""A rule file in words: what is marked, on which scale, how it becomes a total, a place and an award."""

from collections.abc import Iterator
from fractions import Fraction

from competition.rules.explain_formula import Spoken, say_number
from competition.rules.field import REACHED, Across
from competition.rules.model import Award, Item, Module, Rules, Sheet
from competition.rules.nodes import Cell, Named, Node, bare, highest


def explain(rules: Rules, lang: str = "zh") -> str:
    """The rules as plain text: sheets, formulas, rounds, ranking, awards, lists, sources."""
    return "\n".join(_Words(rules, lang).lines())


class _Words(Spoken):
    def lines(self) -> Iterator[str]:
        rules, lang = self.rules, self.lang
        yield f"{rules.name[lang]} · {self.say('版本', 'edition')} {rules.edition} · {rules.digest[:12]}"
        if rules.template:
            yield self.say(
                "样板：待组委会技术文件替换，不是正式规则。", "TEMPLATE: to be replaced by the organiser's document."
            )
        yield from (f"  {note[lang]}" for note in rules.notes)
        yield f"{self.say('总分最高', 'Highest total')} {say_number(highest(rules.steps['total']))}"
        for module in rules.modules:
            yield ""
            yield self.head(module)
            for sheet in module.sheets:
                yield from self.sheet(sheet)
        yield from self.given()
        yield ""
        yield self.say("计算", "How it is computed")
        for name, node in rules.steps.items():
            if "@" not in name and not name.endswith(REACHED) and isinstance(node, Named):
                title, said = self.title(name), self.node(node.of)
                if said != f"{title}[1]":
                    yield f"  {title} = {said}"
        yield from self.rounds()
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

    def head(self, module: Module) -> str:
        part = next(each.name[self.lang] for each in self.rules.parts if each.id == module.part)
        facts = [part] if len(self.rules.parts) > 1 else []
        facts += [self.say(f"{module.minutes} 分钟", f"{module.minutes} min")] if module.minutes else []
        facts += [each.name[self.lang] for each in self.rules.rounds if each.id == module.round]
        return f"■ {module.name[self.lang]}" + (
            self.say(f"（{'，'.join(facts)}）", f" ({', '.join(facts)})") if facts else ""
        )

    def given(self) -> Iterator[str]:
        if self.rules.inputs:
            yield ""
            names = [f"{each.name[self.lang]}({each.scale.legal[self.at]})" for each in self.rules.inputs]
            yield self.say("由官方给定：", "Given by officials: ") + self.say("；", "; ").join(names)

    def rounds(self) -> Iterator[str]:
        for each in self.rules.rounds[1:]:
            computed = self._entry(self.rules.steps[f"{each.id}{REACHED}"])
            zh, en = (
                f"  进入{each.name.zh}：{computed}；官方可另行认定",
                f"  In the {each.name.en}: {computed}; an official may admit otherwise",
            )
            yield self.say(zh, en)

    def _entry(self, node: Node) -> str:
        """Who goes on, without the scaffolding around it."""
        found = _first_across(node)
        return self.across(found) if found else self.node(node.parts[0].parts[1].parts[0].parts[1])

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
        blank = ""
        if item.blank is not None:
            blank = self.say(f"；没打算 {say_number(item.blank)}", f"; untouched counts {say_number(item.blank)}")
        return f"{legal}{unit}{worth}{blank}{self._legend(item)}"

    def _legend(self, item: Item) -> str:
        words = item.scale.words if item.scale and item.scale.numeric and item.scale.type != "yesno" else {}
        return f" [{'; '.join(f'{value} {pair[self.at]}' for value, pair in words.items())}]" if words else ""

    def ranking(self) -> Iterator[str]:
        yield ""
        high, low = self.say("高者先", "high first"), self.say("低者先", "low first")
        keys = [f"{self.title(k.by)} ({high if k.best == 'high' else low})" for k in self.rules.keys]
        keys = [self.say("进得更远的轮次", "the later round reached"), *keys] if self.rules.rounds else keys
        yield f"{self.say('排名依次比', 'Ranked by')}: " + " → ".join(keys)
        tie = (
            ("仍相同则并列", "then places are shared")
            if self.rules.shared
            else ("仍相同须裁判长裁定", "then the chief decides")
        )
        yield f"  {tie[self.at]}"
        statuses = {"dns": "缺赛", "dnf": "未完成", "dsq": "取消资格", "void": "成绩无效", "withdrawn": "弃权"}
        after = [self.say(statuses[each], each.upper()) for each in self.rules.after]
        yield "  " + self.say("不排名者依次列：", "Listed without a place: ") + self.say("、", ", ").join(after)
        if self.rules.passed:
            only = self.say("，不合格者不排名", "; who doesn't pass has no place") if self.rules.ranked_passed else ""
            yield f"  {self.say('合格', 'Passed')}: {self.node(self.rules.passed)}{only}"
        yield from (self.award(award) for award in self.rules.awards)
        for each in self.rules.lists:
            best = high if each.best == "high" else low
            per = next((a.name[self.lang] for a in self.rules.attributes if a.id == each.per), "")
            whose = self.say(f"，按{per}", f", by {per}") if per else ""
            needs = f"; {self.say('条件', 'if')} {self.node(each.needs)}" if each.needs else ""
            yield f"  {self.say('另设榜', 'List')} {each.name[self.lang]}: {self.node(each.of)} ({best}{whose}{needs})"

    def award(self, award: Award) -> str:
        span = f"{award.places[0]}–{award.places[1]}" if award.places else f"{say_number(award.share or Fraction(0))} %"
        if not award.places and award.share is None:
            span = self.say("按世赛规则", "by the WorldSkills rule")
        needs = f" ({self.say('条件', 'if')} {self.node(award.needs)})" if award.needs else ""
        left = self.say("，并列跨线都不得", "; none of those tied over its border") if award.ties == "leave" else ""
        least = (
            self.say(f"，满 {award.least} 人参赛才设", f"; given from {award.least} entries on") if award.least else ""
        )
        return f"  {award.name[self.lang]}: {span}{needs}{left}{least}"


def _first_across(node: Node) -> Across | None:
    """The choice of the best n that lies in a round's step, if it is one."""
    if isinstance(node, Across):
        return node
    return next((found for part in node.parts[:2] if (found := _first_across(part))), None)


__all__ = ["explain", "say_number"]
