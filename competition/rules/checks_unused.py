"""Names that are declared and never used: a misspelt use, or what an edit left behind. Either way the rule isn't what it seems.

A base offers scales and panels that an event need not take, so only what the event's own file declares is asked about.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from competition.errors import RuleError
from competition.rules import formula
from competition.rules.draft import Draft, Written
from competition.rules.table import Faults

_SCORELESS = ("measure", "time", "answer", "choice")
"""Scales whose values are worth nothing until the rule says what they are worth."""


def check_unused(draft: Draft, faults: Faults) -> None:
    """Scales, panels, weight rows and tables must be used; of other names a warning is enough."""
    used = _Used(draft)
    scales = {item.scale.id for sheet in draft.sheets.values() for item in sheet.items if item.scale}
    _report(faults, "scales", "量表", "scale", scales)
    _report(faults, "panels", "裁判组", "panel", {sheet.panel.id for sheet in draft.sheets.values()})
    _report(faults, "weights", "权重表", "set of weight rows", {worth.row for worth in draft.worths.values()})
    _report(faults, "tables", "表", "table", used.names)
    _report(faults, "attributes", "属性", "attribute", used.attributes | used.names, "warning")
    _report(faults, "inputs", "给定数", "input", used.names, "warning")
    _report(faults, "quantities", "量", "quantity", used.names, "warning")
    _report(faults, "across", "全场量", "quantity across the field", used.names, "warning")
    _idle_items(draft, faults, used)


class _Used:
    """What the file's formulas, keys and groupings name. names: whole names and, of dotted ones, each word."""

    def __init__(self, draft: Draft) -> None:
        self.names = set(_keys(draft))
        for written in _formulas(draft):
            for name in _named(written):
                self.names |= {name, *name.split("."), name.rpartition("@")[0]}
        self.attributes = {by for by, _, _ in draft.weights.values()}
        self.attributes |= {rule.by for rule in draft.across.values()} | {each.by for each in draft.rounds.values()}
        self.attributes |= {row.per for row in draft.lists}
        for only in (*draft.module_only.values(), *(sheet.only for sheet in draft.sheets.values())):
            self.attributes |= set(only)


def _keys(draft: Draft) -> Iterator[str]:
    """What orders name: ranking, rounds, lists, quantities across the field, medals."""
    yield from (key.by for key, _ in draft.keys)
    groups: Sequence[Any] = (*draft.rounds.values(), *draft.across.values(), *draft.lists)
    yield from (key.by for each in groups for key in each.keys)
    if draft.medals:
        yield draft.medals[1]


def _formulas(draft: Draft) -> Iterator[Written]:
    """Every formula of the file."""
    found: list[Written | None] = [worth.formula for worth in draft.worths.values()]
    found += [o.time for group in draft.overtimes.values() for o in group]
    found += [formula for _, formula in draft.quantities.values()] + [veto.when for veto in draft.vetoes]
    found += [scored.points for scored, _ in draft.parts.values()] + [m[0].points for m in draft.modules.values()]
    found += [each for rule in draft.across.values() for each in (rule.of, rule.among)]
    found += [each for row in draft.rounds.values() for each in (row.points, row.allowed)]
    found += [each for row in draft.lists for each in (row.of, row.needs)] + [needs for _, needs in draft.awards]
    found += [draft.passed, draft.total.points if draft.total else None]
    yield from (each for each in found if each is not None)


def _named(written: Written) -> Iterator[str]:
    try:
        trees: list[formula.Syntax] = [formula.parse(written.text)]
    except RuleError:
        return
    while trees:
        tree = trees.pop()
        if isinstance(tree, formula.Name):
            yield tree.text
        elif isinstance(tree, formula.Call):
            trees += tree.args


def _report(faults: Faults, group: str, zh: str, en: str, used: set[Any], severity: str = "error") -> None:
    offered = {name for source in faults.sources[1:] for name in _table(source.data, group)}
    for name in _table(faults.sources[0].data, group):
        if name not in used and name not in offered:
            faults.add(
                (group, name),
                f"{zh} {name} 声明了却没有用到；请用上它或删去。",
                f"The {en} {name} is declared and never used; use it or delete it.",
                severity,
            )


def _table(data: Mapping[str, Any], group: str) -> Sequence[str]:
    found = data.get(group)
    return list(found) if isinstance(found, dict) else ()


def _idle_items(draft: Draft, faults: Faults, used: _Used) -> None:
    """Measurements and answers that are worth nothing and that nothing reads, unless the rule says score = false."""
    said: set[tuple[str, str]] = set()
    for path, sheet in draft.sheets.items():
        for item in sheet.items:
            idle = item.scale is not None and item.scale.type in _SCORELESS and not item.scores
            if not idle or item.base in used.names or item.id in used.names or (path, item.base) in said:
                continue
            said.add((path, item.base))
            where = draft.item_paths[path, item.id]
            if not faults.wrote((*where, "score")):
                zh = f"{item.name.zh} 不得分，也没有公式用到；请写 bands、key 等，或写 score = false。"
                en = f"{item.name.en} is worth nothing and nothing reads it; say what it is worth, or score = false."
                faults.add(where, zh, en, "warning")
