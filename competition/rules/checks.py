"""What a rule file says twice must agree: printed maxima against items and weights, names against what exists."""

from fractions import Fraction

from competition.rules.checks_awards import check_awards, check_ranking
from competition.rules.checks_bands import check_bands
from competition.rules.checks_conditions import check_conditions
from competition.rules.checks_items import check_items
from competition.rules.checks_names import check_names
from competition.rules.checks_panels import check_panels, check_seats
from competition.rules.checks_time import check_time
from competition.rules.checks_unused import check_unused
from competition.rules.draft import Draft, Scored
from competition.rules.explain import say_number as say
from competition.rules.model import Text
from competition.rules.nearest import instead
from competition.rules.nodes import Node, highest
from competition.rules.resolve import Resolver
from competition.rules.source import Where
from competition.rules.table import Faults


def check_draft(draft: Draft, faults: Faults) -> None:
    """Every check that needs only what was read; run even where reading found faults, so that more comes out at once."""
    check_names(draft, faults)
    check_seats(draft, faults)
    check_awards(draft, faults)


def check(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """Every check that needs the resolved plan. Notes findings.

    A frozen edition is read again long after: what would only be tidier is not asked of it, or it could not be read.
    """
    _vetoes(draft, faults)
    if not faults.tidy or check_conditions(draft, resolver, faults):
        _printed_maxima(draft, resolver, faults)
    check_ranking(draft, resolver, faults)
    if faults.tidy:
        _empty_parts(draft, faults)
        _expected_use(draft, resolver, faults)
        check_items(draft, faults)
        check_panels(draft, resolver, faults)
        check_bands(draft, resolver, faults)
        check_time(draft, resolver, faults)
        check_unused(draft, faults)


def _printed(faults: Faults, path: Where, key: str, what: Text, said: Fraction | None, node: Node) -> None:
    if said is not None and (most := highest(node)) != said:
        a, b = say(said), say(most)
        faults.add(
            (*path, key),
            f"{what.zh}：印的满分是 {a}，按评分项和权重算是 {b}。请改其一。",
            f"{what.en}: the printed maximum is {a}, items and weights make {b}. Change one of them.",
        )


def _printed_maxima(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    for path, sheet in draft.sheets.items():
        for section in sheet.sections:
            scoring = [item for item in section.items if item.scores]
            for item in scoring:
                node = resolver.points(sheet, 1, item)
                _printed(faults, draft.item_paths[path, item.id], "max", item.name, item.max, node)
            if scoring:
                where, node = draft.section_paths[path, section.id], resolver.section(sheet, 1, section)
                _printed(faults, where, "max", section.name, section.max, node)
        if sheet.max is not None:
            _printed(faults, draft.sheet_paths[path], "max", sheet.name, sheet.max, resolver.row(sheet).nodes[0])
    if draft.total and draft.total.points is None and not draft.rounds:
        _parts_of_hundred(draft, resolver, faults)
    for step, scored in _scored(draft, resolver):
        if scored.out_of is not None:
            _printed(faults, scored.path, "out_of", scored.name, scored.out_of, resolver.step(step))
    if draft.total and draft.total.out_of is not None:
        _printed(faults, draft.total.path, "out_of", draft.total.name, draft.total.out_of, resolver.step("total"))


def _parts_of_hundred(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """A weight in percent says what it seems to say only when the part is out of 100."""
    for name, (scored, weight) in draft.parts.items():
        if (most := highest(resolver.step(name))) != 100 and len(draft.parts) > 1:
            zh = f"{scored.name.zh} 最高 {say(most)}，按 {say(weight)} % 计只有 {say(most * weight / 100)}。可用 rescale 换算到 100。"
            en = f"{scored.name.en} reaches {say(most)}; {say(weight)} % of that is {say(most * weight / 100)}. Rescale it to 100."
            faults.add((*scored.path, "weight"), zh, en, "warning")


def _vetoes(draft: Draft, faults: Faults) -> None:
    known = {module for module in draft.modules} | set(draft.sheets)
    for path, sheet in draft.sheets.items():
        known |= {f"{path}.{section.id}" for section in sheet.sections}
        known |= {f"{path}.{name}" for item in sheet.items for name in (item.id, item.base)}
    for veto in draft.vetoes:
        for name in veto.zero:
            if name not in known:
                zh, en = instead(name, known)
                faults.add((*veto.path, "zero"), f"没有 {name}。{zh}", f"There is no {name}. {en}")


def _empty_parts(draft: Draft, faults: Faults) -> None:
    """A part that no module belongs to would be 0 for everybody."""
    owners = {owner for _, owner, _ in draft.modules.values()}
    for name, (scored, _) in draft.parts.items():
        if name not in owners and scored.points is None:
            zh = f"没有模块属于部分 {name}；请在模块里写 part，或删去它。"
            faults.add(scored.path, zh, f"No module belongs to the part {name}; say so in a module, or delete it.")


def _expected_use(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """A part no total uses, a sheet no module uses: points that would be marked and never counted."""
    used: set[int] = set()
    stack: list[Node] = [resolver.steps["total"]] if "total" in resolver.steps else []
    while stack:
        node = stack.pop()
        if id(node) not in used:
            used.add(id(node))
            stack.extend(node.parts)
    parts = [] if draft.rounds else [(name, scored) for name, (scored, _) in draft.parts.items()]
    modules = [(resolver.module_step(name), scored) for name, (scored, _, _) in draft.modules.items()]
    for step, scored in parts + modules:
        if step not in resolver.steps or id(resolver.steps[step]) not in used:
            zh = f"{scored.name.zh} 没有计入总分；请写进 points，或注明它只作记录。"
            en = f"{scored.name.en} never reaches the total; name it in a points formula if it should."
            faults.add(scored.path, zh, en, "warning")


def _scored(draft: Draft, resolver: Resolver) -> list[tuple[str, Scored]]:
    """Parts and modules with the names of their steps."""
    parts = [(name, scored) for name, (scored, _) in draft.parts.items()]
    return parts + [(resolver.module_step(name), scored) for name, (scored, _, _) in draft.modules.items()]
