"""What may not change any more once marks are there (DESIGN law 8): who marks what, on which scale. How marks are weighed, combined,
ranked and awarded may change, and so may every word."""

from collections.abc import Iterator
from typing import Any

from competition.errors import Finding
from competition.rules.model import AttributeRule, Item, Rules, Sheet, Text

ATTRIBUTES = Text("参赛的类别", "the attributes of entries")
FRAME = Text("由谁打、何时打、给谁打", "who marks it, when and for whom")
SCALE = Text("评分项和量表", "its items and their scales")


def in_the_way(old: Rules, new: Rules) -> list[Finding]:
    """Everything about marking in which two editions differ; nothing if marks made under the one stand under the other.

    `where` is the sheet or item by its Chinese name.
    """
    return [
        Finding(
            place.zh,
            f"{place.zh}：已经有打分，{what.zh}不能再变。",
            f"{place.en}: there are marks already; {what.en} can't change any more.",
        )
        for place, what in _differing(old, new)
    ]


def _differing(old: Rules, new: Rules) -> Iterator[tuple[Text, Text]]:
    if [_attribute(one) for one in old.attributes] != [_attribute(one) for one in new.attributes]:
        yield new.name, ATTRIBUTES
    before, after = ({sheet.path: sheet for sheet in rules.sheets} for rules in (old, new))
    for path in dict.fromkeys((*before, *after)):
        if path not in after or path not in before:
            yield (before.get(path) or after[path]).name, FRAME
        elif _frame(before[path]) != _frame(after[path]):
            yield after[path].name, FRAME
        else:
            yield from _items(before[path], after[path])


def _items(old: Sheet, new: Sheet) -> Iterator[tuple[Text, Text]]:
    before, after = ({item.id: item for item in sheet.items} for sheet in (old, new))
    for id in dict.fromkeys((*before, *after)):
        if _scale(before.get(id)) != _scale(after.get(id)):
            name = (before.get(id) or after[id]).name
            yield Text(f"{new.name.zh} / {name.zh}", f"{new.name.en} / {name.en}"), SCALE


def _attribute(one: AttributeRule) -> tuple[Any, ...]:
    return one.id, one.any, tuple(one.values)


def _frame(sheet: Sheet) -> tuple[Any, ...]:
    """What makes a sheet the same sheet: its seats, what is signed before it, for which entries it is."""
    return sheet.panel.id, sheet.panel.kind, tuple(sheet.panel.labels), sheet.opens_after, dict(sheet.only)


def _scale(item: Item | None) -> tuple[Any, ...] | None:
    """What a mark of the item may be, and whether the sheet needs one. None: nobody marks it (derived items may come and go)."""
    if item is None or item.scale is None:
        return None
    scale = item.scale
    bounds = (scale.low, scale.high, scale.step, scale.without, scale.unit, scale.options, scale.length)
    return scale.type, bounds, item.required, item.expert
