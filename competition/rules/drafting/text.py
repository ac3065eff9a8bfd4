"""A marking scheme written as a draft rule file. What the workbook doesn't say is marked TODO; what a rule may not leave unsaid
(how judges are combined) stands there as a comment, so that `rules check` refuses the draft until somebody decides.

Ids are p1, m1, s1, a1 … in the order of the workbook: names in Chinese make no ids, and an id must not change when a name does.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal

from competition.rules.drafting.scheme import Aspect, Scheme
from competition.rules.drafting.totals import known, total


def draft_text(scheme: Scheme, event: str) -> str:
    """The draft as TOML. event: the id of the event, the name of its folder."""
    return "\n".join(
        [*_head(scheme, event), *_scales(scheme), *_panels(scheme), *_parts(scheme), *_modules(scheme), *_end()]
    )


def _head(scheme: Scheme, event: str) -> Iterator[str]:
    yield f"# 由工作簿 {_line(scheme.file)} 起草 · drafted from this workbook (SHA-256 {scheme.digest[:16]}). 它没有说的标了 TODO。"
    yield "# What the workbook doesn't say is marked TODO. Both languages hold the workbook's words until they are translated."
    yield "language = 1"
    yield "template = true # TODO 定稿后删去 · delete when it is final"
    yield "\n[event]"
    yield f'id = "{event}"'
    yield f'job_type = "{event}" # TODO games.toml 中的工种 · the job type in games.toml'
    yield f"name = {_name(scheme.title)}"
    yield 'edition = "draft"'
    yield "\n[[sources]]"
    yield 'id = "workbook"'
    yield 'status = "found"'
    yield f"says = {_text('items, points and descriptors as in ' + scheme.file)}"
    yield f"where = {_text('SHA-256 ' + scheme.digest)}"
    if scheme.seating.worldskills:
        yield "\n[[sources]]"
        yield 'id = "worldskills"'
        yield 'status = "found"'
        yield 'says = "judgement: three judges independently 0 to 3, mean / 3 × the maximum, at most 1 apart"'
        yield 'where = "WorldSkills marking rules; confirm with the organiser\'s document"'


def _scales(scheme: Scheme) -> Iterator[str]:
    """One scale of cards for each set of descriptors."""
    for name, legend in _legends(scheme).items():
        yield f'\n[scales.{name}]\ntype = "cards"\nfrom = 0\nto = 3'
        if legend:
            yield f"[scales.{name}.legend]"
            yield from (f'"{score}" = {_name(words)}' for score, words in legend)
    if any(aspect.each is not None for aspect in scheme.aspects):
        yield '\n[scales.faults] # 次数 · how many faults\ntype = "count"\nfrom = 0\nto = 99'


Legend = tuple[tuple[int, str], ...]


def _legends(scheme: Scheme) -> dict[str, Legend]:
    """Scale id -> descriptors; items with the same descriptors share the first one's scale."""
    found: dict[Legend, str] = {}
    for aspect in scheme.aspects:
        if aspect.kind == "judged":
            found.setdefault(tuple(sorted(aspect.legend.items())), f"j_{aspect.id}")
    return {name: legend for legend, name in found.items()}


_PANELS = {
    "measured": (
        "measuring", "technical", "测量组（合议一张表）", "Measuring group (one agreed sheet)",
        "TODO 若由各裁判分别打，请改 · change it if judges mark alone",
    ),
    "paper": ("import", "import", "录分", "Import", "TODO 卷面成绩录入一次 · the paper's marks are keyed in once"),
}  # fmt: skip
"""Sheets that one seat fills in: panel, its kind and names, and what is to be confirmed."""

_SHEETS = {"judged": ("评价评分表", "Judged"), "measured": ("测量评分表", "Measured"), "paper": ("卷面成绩", "Paper")}


def _panels(scheme: Scheme) -> Iterator[str]:
    if "judged" in scheme.sheets:
        sure = scheme.seating.seats or scheme.seating.worldskills
        yield '\n[panels.judges]\nname = { zh = "裁判", en = "Judges" }'
        yield f"seats = {scheme.seating.seats or 3}{'' if sure else ' # TODO 几名裁判 · how many judges'}"
        yield 'kind = "judge"'
    for sheet, (panel, kind, zh, en, confirm) in _PANELS.items():
        if sheet in scheme.sheets:
            yield f"\n[panels.{panel}] # {confirm}"
            yield f'name = {{ zh = "{zh}", en = "{en}" }}\nseats = 1\nkind = "{kind}"'


def _parts(scheme: Scheme) -> Iterator[str]:
    parts = scheme.parts
    by_points = len(parts) > 1 and not any(scheme.weights.get(part) for part in parts) and total(scheme.aspects) == 100
    for number, part in enumerate(parts, 1):
        aspects = _of_part(scheme, part)
        most = total(aspects)
        yield f"\n[parts.p{number}]"
        yield (
            f"name = {_name(part)}"
            if part
            else 'name = { zh = "实操", en = "Practical" } # TODO 部分名 · name of the part'
        )
        weight = Decimal(100) if len(parts) == 1 else most if by_points else scheme.weights.get(part)
        yield f"weight = {weight:f}" if weight is not None else "# TODO weight = 占总分的百分比 · percent of the total"
        if known(aspects):
            yield from _scale_of_part(most, several=len(parts) > 1)


def _scale_of_part(most: Decimal, several: bool) -> Iterator[str]:
    if several and most != 100:
        yield "out_of = 100"
        yield f"rescale = {{ from = {most:f}, to = 100 }} # TODO 按权重计入，先换算成百分制 · converted to 100 before it is weighted"
    else:
        yield f"out_of = {most:f}"


def _modules(scheme: Scheme) -> Iterator[str]:
    sections = 0
    for number, unit in enumerate(scheme.units, 1):
        yield f"\n[modules.m{number}]"
        yield f'part = "p{scheme.parts.index(unit.part) + 1}"'
        yield f"name = {_name(unit.name)}"
        if known(unit.aspects):
            yield f"out_of = {total(unit.aspects):f}"
        if any((aspect.points or 0) < 0 for aspect in unit.aspects):
            yield "# TODO floor = 0 扣分是否不低于 0 分 · may deductions take it below 0?"
        for sheet in _SHEETS:
            chosen = [(group, [a for a in group.aspects if unit.sheet_of(a) == sheet]) for group in unit.groups]
            if aspects := [aspect for _, some in chosen for aspect in some]:
                path = f"modules.m{number}.sheets.{sheet}"
                yield from _sheet(scheme, path, sheet, aspects)
                for group, some in chosen:
                    if some:
                        sections += 1
                        yield from _section(scheme, group.name or unit.name, f"[[{path}.sections]]", sections, some)


def _sheet(scheme: Scheme, path: str, sheet: str, aspects: list[Aspect]) -> Iterator[str]:
    zh, en = _SHEETS[sheet]
    yield f"\n[{path}]"
    yield f'panel = "{_PANELS[sheet][0] if sheet in _PANELS else "judges"}"'
    yield f'name = {{ zh = "{zh}", en = "{en}" }}'
    if known(aspects):
        yield f"max = {total(aspects):f}"
    if sheet == "judged":
        yield from _combine(scheme, any(aspect.kind == "judged" for aspect in aspects))
    elif sheet == "measured":
        yield 'combine = { method = "agreed", least = 1, absent = "refuse" }'


def _combine(scheme: Scheme, cards: bool) -> Iterator[str]:
    """How the judges make one value: as said, as WorldSkills has it, or a suggestion that somebody must take up."""
    seating = scheme.seating
    if seating.seats == 1:
        yield "# 一名裁判 · one judge: nothing to combine"
    elif seating.seats and seating.method:
        trimmed = (
            f", low = {seating.low}, high = {seating.high}, from = {seating.seats}"
            if seating.method == "trimmed"
            else ""
        )
        yield f'combine = {{ method = "{seating.method}"{trimmed}, least = {seating.seats}, absent = "refuse" }} {_SHORT}'
    elif seating.worldskills and cards:
        yield f'combine = {{ method = "mean", least = 3, absent = "refuse" }} {_SHORT}'
        yield 'spread = { limit = 1, by = "item", then = "hold" }'
    else:
        yield "# TODO 各裁判的分怎样合成，必须写明 · how the judges are combined must be said, for instance:"
        yield '# combine = { method = "mean", least = 3, absent = "refuse" }'
        yield '# combine = { method = "trimmed", low = 1, high = 1, from = 5, least = 5, absent = "refuse" } # 五名，去一高一低 · five'
        if cards:
            yield '# spread = { limit = 1, by = "item", then = "hold" } # 0–3 分相差超过 1 分须重评 · more than 1 apart: again'


_SHORT = "# TODO 缺席时怎样 · what a missing judge does"


def _section(scheme: Scheme, name: str, head: str, number: int, aspects: list[Aspect]) -> Iterator[str]:
    yield f"\n{head}"
    yield f'id = "s{number}"'
    yield f"name = {_name(name)}"
    if known(aspects):
        yield f"max = {total(aspects):f}"
    yield "items = ["
    yield from (f"  {line}" for aspect in aspects for line in _item(scheme, aspect))
    yield "]"


def _item(scheme: Scheme, aspect: Aspect) -> Iterator[str]:
    """One item, on a line; before it a comment where something must be decided."""
    keys = [f'id = "{aspect.id}"', f"name = {_name(aspect.name)}"]
    if aspect.text:
        keys.append(f"help = {_name(aspect.text)}")
    if aspect.points is None and not (aspect.kind == "deducted" and aspect.each):
        yield f"# TODO {aspect.where}: 配分 · points"
    yield f"{{ {', '.join([*keys, *_worth(scheme, aspect)])} }}, # {_line(aspect.where)}"


def _worth(scheme: Scheme, aspect: Aspect) -> list[str]:
    """On which scale an item is marked and what a value is worth."""
    points, each = aspect.points, aspect.each
    if aspect.kind == "judged":
        legend = tuple(sorted(aspect.legend.items()))
        scale = next(name for name, known_legend in _legends(scheme).items() if known_legend == legend)
        return [f'scale = "{scale}"', *([f"worth = {points:f}, max = {points:f}"] if points else [])]
    if each is not None and (points is None or points < 0):
        floor = [f"floor = {points:f}"] if points is not None and points != -each else []
        return ['scale = "faults"', f"weight = -{each:f}", *floor]
    if each is not None and points is not None:
        return ['scale = "faults"', f"max = {points:f}", f"bands = [{_bands(points, each)}]"]
    if aspect.kind == "points" or aspect.graded:
        return ['scale = "points"', *([f"max = {points:f}", f"step = {_step(points):f}"] if points else [])]
    return [
        'scale = "yesno"',
        *([f"weight = {points:f}"] if points else []),
        *([f"max = {points:f}"] if points and points > 0 else []),
    ]


def _bands(points: Decimal, each: Decimal) -> str:
    """Points by the number of faults: each costs the same, and below 0 it doesn't go."""
    left = points
    rows: list[str] = []
    while left > 0:
        rows.append(f"{{ upto = {len(rows)}, points = {left:f} }}")
        left -= each
    return ", ".join([*rows, "{ points = 0 }"])


def _step(points: Decimal) -> Decimal:
    """Whole points; half or smaller ones where the maximum isn't whole."""
    for step in (Decimal(1), Decimal("0.5")):
        if points % step == 0:
            return step
    return Decimal(1).scaleb(int(points.as_tuple().exponent))


def _end() -> Iterator[str]:
    yield "\n[total]"
    yield 'decide_on = "exact" # TODO 修约到几位、按修约值还是精确值排名 · rounding, and what it is ranked on'
    yield "\n[ranking]"
    yield 'shared = "forbidden" # TODO 同分可否并列 · may places be shared'
    yield 'keys = [{ by = "total", best = "high" }] # TODO 同分依次比什么 · what decides ties'
    yield "\n# TODO [[awards]] 奖项 · awards\n"


def _of_part(scheme: Scheme, part: str) -> list[Aspect]:
    return [aspect for unit in scheme.units if unit.part == part for aspect in unit.aspects]


def _line(text: str) -> str:
    """Text that can stand in a comment."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text)


def _text(text: str) -> str:
    return json.dumps(_line(text).strip(), ensure_ascii=False)


def _name(text: str) -> str:
    """The same words in both languages: a workbook has one."""
    return f"{{ zh = {_text(text)}, en = {_text(text)} }}"
