"""What a rule file says twice must agree: printed maxima against items and weights, names against what exists."""

from fractions import Fraction

from competition.rules.checks_names import check_names
from competition.rules.draft import Draft, Scored
from competition.rules.nodes import Node, highest, total
from competition.rules.resolve import Resolver
from competition.rules.scales import decimal_text
from competition.rules.source import Where
from competition.rules.table import Faults


def check_draft(draft: Draft, faults: Faults) -> None:
    """Every check that needs only what was read; run even where reading found faults, so that more comes out at once."""
    check_names(draft, faults)


def check(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """Every check that needs the resolved plan. Notes findings."""
    _printed_maxima(draft, resolver, faults)
    _ranking(draft, resolver, faults)
    _vetoes(draft, faults)
    _columns(draft, faults)
    _expected_use(draft, resolver, faults)


def _printed(faults: Faults, path: Where, key: str, what: str, said: Fraction | None, node: Node) -> None:
    if said is not None and (most := highest(node)) != said:
        a, b = _say(said), _say(most)
        faults.add(
            (*path, key),
            f"{what}：印的满分是 {a}，按评分项和权重算是 {b}。请改其一。",
            f"{what}: the printed maximum is {a}, items and weights make {b}. Change one of them.",
        )


def _say(value: Fraction) -> str:
    try:
        return decimal_text(value)
    except StopIteration:
        return f"{value.numerator}/{value.denominator}"


def _printed_maxima(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    for path, sheet in draft.sheets.items():
        for section in sheet.sections:
            for item in section.items:
                if item.scores:
                    node = resolver.points(sheet, 1, item)
                    _printed(faults, draft.item_paths[path, item.id], "max", item.name.zh, item.max, node)
            nodes = [resolver.points(sheet, 1, item) for item in section.items if item.scores]
            if nodes:
                where = draft.section_paths[path, section.id]
                _printed(faults, where, "max", section.name.zh, section.max, total(nodes))
        if sheet.max is not None:
            _printed(faults, draft.sheet_paths[path], "max", sheet.name.zh, sheet.max, resolver.row(sheet).nodes[0])
    if draft.total and draft.total.points is None:
        _parts_of_hundred(draft, resolver, faults)
    for step, scored in _scored(draft, resolver):
        if scored.out_of is not None:
            _printed(faults, scored.path, "out_of", scored.name.zh, scored.out_of, resolver.step(step))
    if draft.total and draft.total.out_of is not None:
        _printed(faults, draft.total.path, "out_of", "总分", draft.total.out_of, resolver.step("total"))


def _parts_of_hundred(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """A weight in percent says what it seems to say only when the part is out of 100."""
    for name, (scored, weight) in draft.parts.items():
        if (most := highest(resolver.step(name))) != 100 and len(draft.parts) > 1:
            zh = f"{scored.name.zh} 最高 {_say(most)}，按 {_say(weight)} % 计只有 {_say(most * weight / 100)}。可用 rescale 换算到 100。"
            en = f"{scored.name.en} reaches {_say(most)}; {_say(weight)} % of that is {_say(most * weight / 100)}. Rescale it to 100."
            faults.add((*scored.path, "weight"), zh, en, "warning")


def _ranking(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    for key, path in draft.keys:
        if key.by not in resolver.steps:
            faults.add(
                (*path, "by"),
                f"排名依据 {key.by} 不存在。",
                f"The ranking key {key.by} does not exist; name a quantity.",
            )
    if draft.keys and draft.keys[0][0].by != "total":
        faults.add(draft.keys[0][1], "第一个排名依据不是总分。", "The first ranking key is not the total.", "warning")
    if draft.total and draft.total.round is None and draft.decide_on == "rounded":
        faults.add(
            (*draft.total.path, "decide_on"),
            "按修约值排名，却没写 round。",
            "Ranked on the rounded total, but no round is said.",
        )


def _vetoes(draft: Draft, faults: Faults) -> None:
    known = {module for module in draft.modules} | set(draft.sheets)
    for path, sheet in draft.sheets.items():
        known |= {f"{path}.{section.id}" for section in sheet.sections}
        known |= {f"{path}.{name}" for item in sheet.items for name in (item.id, item.base)}
    for veto in draft.vetoes:
        for name in veto.zero:
            if name not in known:
                faults.add((*veto.path, "zero"), f"没有 {name}。", f"There is no {name}.")


def _columns(draft: Draft, faults: Faults) -> None:
    for weights, (_, _, rows) in draft.weights.items():
        used = {
            item.base for (path, _), w in draft.worths.items() if w.row == weights for item in draft.sheets[path].items
        }
        for column in {c for row in rows.values() for c in row} - used:
            faults.add(
                ("weights", weights, "rows"), f"没有评分项用到列 {column}。", f"No item uses the column {column}."
            )


def _expected_use(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """A part no total uses, a sheet no module uses: points that would be marked and never counted."""
    used: set[int] = set()
    stack: list[Node] = [resolver.steps["total"]] if "total" in resolver.steps else []
    while stack:
        node = stack.pop()
        if id(node) not in used:
            used.add(id(node))
            stack.extend(node.parts)
    for step, scored in _scored(draft, resolver):
        if step not in resolver.steps or id(resolver.steps[step]) not in used:
            faults.add(
                scored.path, f"{scored.name.zh} 没有计入总分。", f"{scored.name.en} never reaches the total.", "warning"
            )


def _scored(draft: Draft, resolver: Resolver) -> list[tuple[str, Scored]]:
    """Parts and modules with the names of their steps."""
    parts = [(name, scored) for name, (scored, _) in draft.parts.items()]
    return parts + [(resolver.module_step(name), scored) for name, (scored, _, _) in draft.modules.items()]
