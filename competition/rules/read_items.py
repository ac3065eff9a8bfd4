"""Reading the items of a section: on which scale they are marked and how a value becomes points."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from competition.rules.draft import Draft, Worth
from competition.rules.model import Item, KeyRule, Text
from competition.rules.read_scales import MOST_VALUES
from competition.rules.read_tables import read_bands, read_round, written
from competition.rules.scales import Scale
from competition.rules.table import Table

Scales = dict[str, Scale]
Order = tuple[tuple[int, Fraction], ...]
SEVERAL = ("all", "each", "share", "half")


def read_item(path: str, row: Table, sample: str | None, draft: Draft, scales: Scales, again: bool) -> Item:
    """One item, or its copy for one sample. `again`: the same lines once more, their faults already noted."""
    found = len(row.faults.found)
    base = row.ident()
    name = row.text("name")
    if sample is not None:
        name = Text(f"{name.zh}({sample})", f"{name.en} ({sample})")
    scale = _scale(row, scales)
    worth, key, order = _worth(row, scale)
    worth = replace(worth, floor=row.optional("floor"), cap=row.optional("cap"), round=read_round(row))
    item = Item(
        id=f"{base}@{sample}" if sample else base, base=base, sample=sample, name=name,
        help=row.text("help") if row.has("help") else None, scale=scale, blank=row.optional("blank"), key=key, order=order,
        scores=row.flag("score", scale is None or (scale.type != "note" and _has_points(scale, worth, key, order))),
        expert=worth.target == "key", max=row.optional("max"), by_pairs=row.table("order").has("pairs"),
    )  # fmt: skip
    if worth.row is not None and worth.row not in draft.weights:
        row.unknown("weight", "权重表", "set of weight rows", worth.row, draft.weights)
    draft.worths[path, item.id] = worth
    row.done()
    if again:
        del row.faults.found[found:]
    return item


def _has_points(scale: Scale, worth: Worth, key: KeyRule | None, order: Order | None) -> bool:
    if worth.bands or worth.formula or worth.share is not None or key or order:
        return True
    return scale.type not in ("measure", "time", "answer", "choice", "choices", "order")


def _scale(row: Table, scales: Scales) -> Scale | None:
    if row.has("formula"):
        return None
    name = row.string("scale")
    scale = scales.get(name)
    if scale is None:
        row.unknown("scale", "量表", "scale", name, scales)
        return scales["yesno"]
    if scale.id == "points":
        most, step = row.number("max", low=0), row.number("step", 1)
        if most <= 0 or step <= 0 or (most / step).denominator != 1 or most / step > MOST_VALUES:
            zh, en = "从 0 到 max 走不成整档，请改 step 或 max。", "0 to max isn't a whole number of steps; change one."
            row.fault("step" if row.has("step") else "max", zh, en)
            step = most = Fraction(1)
        if row.has("weight"):
            zh = "points 量表的分值就是 max，不能再乘 weight；要加权请另立量表。"
            row.fault("weight", zh, "points are worth themselves up to max; declare a scale of its own to weight it.")
        return Scale(f"points_{most}_{step}", "points", Fraction(0), most, step)
    return scale


def _worth(row: Table, scale: Scale | None) -> tuple[Worth, KeyRule | None, Order | None]:
    said = [k for k in ("weight", "worth", "bands", "tolerance", "key", "order", "formula") if row.has(k)]
    for name in said:
        row.get(name)
    if len(said) > 1:
        zh = f"只能写其中之一，请删去其余：{'、'.join(said)}。"
        row.fault(said[1], zh, f"Write only one of these: {', '.join(said)}.")
    if row.has("formula"):
        return Worth(formula=written(row, "formula")), None, None
    if row.has("worth"):
        return Worth(share=_share(row, scale)), None, None
    if row.has("bands"):
        bands, below = read_bands(row, "bands", ("upto", "below"))
        return Worth(bands=bands, below=below), None, None
    if row.has("tolerance"):
        inner = row.table("tolerance")
        target: Any = inner.get("target", needed=True)
        value = "key" if target == "key" else inner.number("target")
        worth = Worth(bands=read_bands(inner, "bands", ("within",))[0], target=value)
        inner.done()
        return worth, None, None
    if row.has("key"):
        return Worth(), _key(row, scale), None
    if row.has("order"):
        return Worth(), None, _order(row, scale)
    if scale is not None and scale.type == "choices":
        zh = '多选题请写 key = { points = …, several = "…" }。'
        row.fault("key", zh, 'A multiple choice needs a key; write key = { points = …, several = "…" }.')
    if isinstance(row.get("weight"), str):
        return Worth(row=row.string("weight")), None, None
    return Worth(weight=row.number("weight", 1)), None, None


def _share(row: Table, scale: Scale | None) -> Fraction:
    """Points for one of the scale: its highest value is worth `worth`."""
    worth = row.number("worth")
    if scale is None or not scale.numeric or scale.low < 0 or scale.high <= 0:
        row.fault("worth", "worth 请用在从 0 起的数值量表上。", "worth wants a scale of numbers from 0 up; use one.")
        return Fraction(0)
    return worth / scale.high


def _key(row: Table, scale: Scale | None) -> KeyRule:
    inner = row.table("key")
    requires = inner.string("requires") if inner.has("requires") else None
    several = inner.string("several", SEVERAL) if inner.has("several") else ""
    wrong = inner.number("wrong") if inner.has("wrong") else None
    made = KeyRule(
        inner.number("points"), requires, wrong, several, inner.number("each", None if several == "each" else 0),
        len(scale.options) if scale and several else 0,
    )  # fmt: skip
    multiple = scale is not None and scale.type == "choices"
    if multiple != bool(several):
        zh = "several 只与 choices 量表一起用，两样都要写。"
        en = "several and a scale of type choices go together; write both or neither."
        inner.fault("several", zh, en)
    if several and requires:
        inner.fault("requires", "多选题不能写 requires，请删去。", "A multiple choice can't have requires; delete it.")
    if wrong is not None and wrong > 0:
        zh, en = "答错的分不能大于 0，请改。", "A wrong answer can't be worth more than 0; change it."
        inner.fault("wrong", zh, en)
    inner.done()
    return made


def _order(row: Table, scale: Scale | None) -> Order:
    inner = row.table("order")
    said = [key for key in ("right", "pairs") if inner.has(key)]
    if len(said) != 1:
        inner.fault(None, "请写 right 或 pairs 之一。", "Write either right or pairs.")
        inner.seen.update(said)
    key = said[0] if said else "right"
    counts = inner.table(key, needed=True)
    table = {int(n): counts.number(n) for n in list(counts.data) if n.isdecimal()}
    inner.done()
    options = len(scale.options) if scale and scale.type == "order" else 0
    most = options * (options - 1) // 2 if key == "pairs" else options
    if sorted(table) != list(range(most + 1)):
        zh = f"{key} 要写全 0 到 {most}，请补上或删去多余的。"
        row.fault("order", zh, f"{key} must have every count from 0 to {most} and no other; add or delete some.")
        return ((0, Fraction(0)),)
    return tuple(sorted(table.items()))
