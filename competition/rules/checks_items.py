"""Items, section by section: what an untouched one counts as, limits, targets, weight rows, and who waits for whom."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from competition.rules.draft import Draft, Worth
from competition.rules.explain import say_number
from competition.rules.model import Item, Sheet
from competition.rules.scales import Scale
from competition.rules.source import Where
from competition.rules.table import Faults


def check_items(draft: Draft, faults: Faults) -> None:
    """Needs no plan: only what each item, section and sheet says of itself."""
    for path, sheet in draft.sheets.items():
        for section in sheet.sections:
            _limits(section.floor, section.cap, draft.section_paths[path, section.id], faults)
        for item in _once(sheet):
            where, worth = draft.item_paths[path, item.id], draft.worths[path, item.id]
            _limits(worth.floor, worth.cap, where, faults)
            _blank(item, where, faults)
            _target(item, worth, where, faults)
        _only(draft, sheet.only, draft.sheet_paths[path], faults)
        _answers_in_circles(draft, path, sheet, faults)
    for module, only in draft.module_only.items():
        _only(draft, only, ("modules", module), faults)
        _phases_in_circles(draft, module, faults)
    _columns(draft, faults)


def legal(scale: Scale, value: Fraction) -> bool:
    """Whether a number may be recorded on a scale."""
    on_step = ((value - scale.low) / scale.step).denominator == 1
    return scale.low <= value <= scale.high and on_step and value not in scale.without


def _once(sheet: Sheet) -> Iterable[Item]:
    """An item that is marked once per sample is written once."""
    return {item.base: item for item in sheet.items}.values()


def _limits(floor: Fraction | None, cap: Fraction | None, where: Where, faults: Faults) -> None:
    if floor is not None and cap is not None and floor >= cap:
        zh = f"floor {say_number(floor)} 不低于 cap {say_number(cap)}，得分成了一个定数，请改其一。"
        en = f"floor {say_number(floor)} is not below cap {say_number(cap)}, so the points never vary; change one of them."
        faults.add((*where, "floor"), zh, en)


def _blank(item: Item, where: Where, faults: Faults) -> None:
    if item.blank is None or item.scale is None:
        return
    if not item.scale.numeric:
        zh = f"{item.scale.type} 量表不用 blank：未答记“—”，请删去。"
        en = f"A scale of type {item.scale.type} has no blank: an unanswered question is recorded as “—”. Delete it."
        faults.add((*where, "blank"), zh, en)
    elif not legal(item.scale, item.blank):
        zh = f"blank {say_number(item.blank)} 不在量表上，可以是：{item.scale.legal[0]}，请改。"
        en = f"blank {say_number(item.blank)} isn't on the scale, which is {item.scale.legal[1]}; change it."
        faults.add((*where, "blank"), zh, en)


def _target(item: Item, worth: Worth, where: Where, faults: Faults) -> None:
    if worth.target is None or worth.target == "key" or item.scale is None or not item.scale.numeric:
        return
    target = Fraction(worth.target)
    if not item.scale.low <= target <= item.scale.high:
        low, high = say_number(item.scale.low), say_number(item.scale.high)
        zh = f"目标 {say_number(target)} 在量表 {low}–{high} 之外，请改 target 或量表。"
        en = f"The target {say_number(target)} lies outside the scale, {low}–{high}; change the target or the scale."
        faults.add((*where, "tolerance", "target"), zh, en)


def _only(draft: Draft, only: Mapping[str, tuple[str, ...]], where: Where, faults: Faults) -> None:
    for attribute, values in only.items():
        if set(values) == set(draft.attributes[attribute].values):
            zh = f"only 列出了 {attribute} 的全部取值，等于没写，请删去或改正。"
            en = f"only names every value of {attribute}, which says nothing; delete or correct it."
            faults.add((*where, "only", attribute), zh, en)


def _answers_in_circles(draft: Draft, path: str, sheet: Sheet, faults: Faults) -> None:
    needs = {item.base: [item.key.requires] for item in sheet.items if item.key and item.key.requires}
    for circle in _circles(needs):
        where = next(draft.item_paths[path, item.id] for item in sheet.items if item.base == circle[0])
        zh = f"requires 成了一圈，请去掉一处：{' → '.join(circle)}。"
        faults.add((*where, "key", "requires"), zh, f"requires goes in a circle; break it: {' → '.join(circle)}.")


def _phases_in_circles(draft: Draft, module: str, faults: Faults) -> None:
    after = {sheet.id: list(sheet.opens_after) for sheet in draft.in_module(module)}
    for circle in _circles(after):
        where = (*draft.sheet_paths[f"{module}.{circle[0]}"], "opens_after")
        zh = f"opens_after 成了一圈，谁也打不开，请去掉一处：{' → '.join(circle)}。"
        faults.add(where, zh, f"opens_after goes in a circle, so none can open; break it: {' → '.join(circle)}.")


def _circles(after: Mapping[str, list[str]]) -> Iterable[list[str]]:
    """Each circle once, from its first member as written."""
    told: set[str] = set()
    for start in after:
        way = _way_back(start, after)
        if way and not told & set(way):
            told |= set(way)
            yield [*way, start]


def _way_back(start: str, after: Mapping[str, list[str]]) -> list[str]:
    """The steps from `start` back to itself, if there are any."""
    ways: list[list[str]] = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for step in after.get(way[-1], []):
            if step == start:
                return way
            if step not in seen:
                seen.add(step)
                ways.append([*way, step])
    return []


def _columns(draft: Draft, faults: Faults) -> None:
    """Every row of a weight table has a number for every item that uses it, and for no other."""
    for name, (_, _, rows) in draft.weights.items():
        items = {key[1].partition("@")[0] for key, worth in draft.worths.items() if worth.row == name}
        if not items:
            continue
        for choice, row in rows.items():
            where: Where = ("weights", name, "rows", choice)
            for column in sorted(set(row) - items):
                zh, en = (
                    "没有评分项用到这一列，请查拼写或删去。",
                    "No item uses this column; check its spelling or delete it.",
                )
                faults.add((*where, column), f"{column}：{zh}", f"{column}: {en}")
            for column in sorted(items - set(row)):
                zh, en = (
                    f"这一行缺少 {column}，请补上；不评的写 0。",
                    f"This row lacks {column}; add it, with 0 where it isn't judged.",
                )
                faults.add(where, zh, en)
