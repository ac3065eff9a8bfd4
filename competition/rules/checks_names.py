"""Ids that are written twice, or that stand for two things: a formula or a result could mean only one of them."""

from collections.abc import Iterable, Sequence

from competition.rules.draft import Draft
from competition.rules.source import Where
from competition.rules.table import Faults

Said = tuple[str, Where]
"""An id and where it is written."""


def check_names(draft: Draft, faults: Faults) -> None:
    """Every list whose elements have ids, and the names that formulas share."""
    for path, sheet in draft.sheets.items():
        where = draft.sheet_paths[path]
        _once(_rows(faults, (*where, "sections")), "分节", "section", faults)
        items = [row for n in range(len(sheet.sections)) for row in _rows(faults, (*where, "sections", n, "items"))]
        _once(items, "评分项", "item", faults)
    for module in draft.modules:
        _once(_rows(faults, ("modules", module, "overtime")), "超时规则", "overtime", faults)
    for key, zh, en in (
        ("vetoes", "否决", "veto"),
        ("awards", "奖项", "award"),
        ("lists", "榜", "list"),
        ("sources", "出处", "source"),
    ):
        _once(_rows(faults, (key,)), zh, en, faults)
    _shared(draft, faults)


def _rows(faults: Faults, path: Where) -> list[Said]:
    """The ids of the tables in a list, as written (after bases and overrides are merged)."""
    here = faults.value(path)
    rows = enumerate(here) if isinstance(here, list) else ()
    return [(row["id"], (*path, n)) for n, row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]


def _once(said: Sequence[Said], zh: str, en: str, faults: Faults) -> None:
    seen: set[str] = set()
    for name, path in said:
        if name in seen:
            faults.add(
                (*path, "id"),
                f"{zh} {name} 出现了两次，请改名或删去一个。",
                f"The {en} {name} appears twice; rename or delete one.",
            )
        seen.add(name)


def _shared(draft: Draft, faults: Faults) -> None:
    """Parts, quantities, inputs, across, rounds and the total are all called by their id alone."""
    taken = {"total": "总分 / the total"}
    groups: Iterable[tuple[str, Iterable[str]]] = (
        ("parts", draft.parts), ("inputs", draft.inputs), ("quantities", draft.quantities), ("across", draft.across),
        ("rounds", draft.rounds),
    )  # fmt: skip
    for group, names in groups:
        for name in names:
            if name in taken:
                zh = f"{name} 已经是 {taken[name]}，公式里分不清，请改一个名字。"
                faults.add(
                    (group, name), zh, f"{name} is {taken[name]} already; formulas can't tell them apart. Rename one."
                )
            taken.setdefault(name, f"[{group}.{name}]")
    for name in draft.modules:
        # A module may have the id of its part or round (it is `id.module` then), of nothing else.
        if name in taken and name not in draft.parts and name not in draft.rounds:
            zh = f"模块 {name} 已经是 {taken[name]}，公式里分不清，请改一个名字。"
            en = f"The module {name} is {taken[name]} already; formulas can't tell them apart. Rename one."
            faults.add(("modules", name), zh, en)
