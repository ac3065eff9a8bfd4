"""Fitting a string into its place: full size, 90 %, 80 %, then more lines; never outside its box.

Lines are broken here and not by the page engine, so that a check before printing and the printed page agree.
"""

from dataclasses import dataclass
from functools import lru_cache

from competition.publish.typefaces import FontName, Setting, advances, setting, width

STEPS = (1.0, 0.9, 0.8)
MM_PER_POINT = 25.4 / 72
NEVER_FIRST = "，。、；：？！）》〉」』】〕”’·…—％%)]},.;:?!"
NEVER_LAST = "（《〈「『【〔“‘([{"
WHOLE = (
    "有限责任公司", "股份有限公司", "有限公司", "分公司", "公司", "集团", "委员会", "组委会", "领导小组", "办公室", "联合会",
    "总工会", "协会", "中心", "学院", "学校", "医院", "职工", "工人", "技能", "竞赛", "运动会", "组织", "行业", "产业", "发展",
    "工作", "建设", "能力", "职业", "人力资源", "社会保障", "工业", "信息化", "教育", "科学", "技术", "食品", "饮品",
)  # fmt: skip
"""Words of the names of bodies that a label isn't broken in while it fits otherwise."""


@dataclass(frozen=True, slots=True)
class Field:
    """Where a kind of string goes. `size` in points, `width` in mm, `leading` (a line's height) in mm, `indent` and `spacing` in
    characters.

    `keep` characters stay together at the end: a line with one lonely character looks like a mistake.
    A label is shrunk before it takes a second line; a `flowing` paragraph takes its lines before it is shrunk.
    `after`: lines end after one of these characters while the text fits so (a list of names: whole names); without it a label's words stay
    whole (`WHOLE`).
    """

    face: str
    size: float
    width: float
    lines: int = 1
    indent: float = 0
    spacing: float = 0
    leading: float = 0
    colour: str = "#000000"
    keep: int = 4
    flowing: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A string ready to print: its size in points, its lines, its fonts; `fits` is False when it is too long."""

    text: str
    size: float
    lines: tuple[str, ...]
    setting: Setting
    fits: bool = True

    @property
    def width(self) -> float:
        """Width of the longest line in mm, without spacing and indent."""
        return max(width(line, self.setting) for line in self.lines) * self.size * MM_PER_POINT


@lru_cache(maxsize=4096)
def fit(text: str, field: Field, chain: tuple[FontName, ...], steps: tuple[float, ...] = STEPS) -> Fitted:
    """`text` at the first size that needs one line, else at the first that needs no more than the field's lines.

    Kept: half of a certificate's strings are the same on the next one.
    """
    chosen = setting(text, chain)
    for well in (True, False):
        for lines in (field.lines,) if field.flowing else range(1, field.lines + 1):
            for step in steps:
                size = field.size * step
                broken = break_lines(text, chosen, field.width / (size * MM_PER_POINT), field, well)
                if len(broken) <= lines:
                    return Fitted(text, size, broken, chosen)
    smallest = field.size * steps[-1]
    return Fitted(text, smallest, (text,), chosen, fits=False)


def break_lines(text: str, chosen: Setting, ems: float, field: Field, well: bool = False) -> tuple[str, ...]:
    """Lines no wider than `ems`, the first shorter by the indent, broken where Chinese and Latin text may be.

    `well`: where the field would have it, too (`Field.after`, `WHOLE`), if there is such a place in the line.
    """
    lines: list[str] = []
    rest = text
    while rest:
        room = ems - (0 if lines else field.indent)
        end = _longest(rest, chosen, room, field.spacing)
        if end < len(rest):
            places = _good_places(rest, field) if well else None
            end = _allowed_break(rest, end, field.keep, places)
        lines.append(rest[:end].strip(" "))
        rest = rest[end:].lstrip(" ")
    return tuple(lines) or ("",)


def _longest(text: str, chosen: Setting, ems: float, spacing: float) -> int:
    if width(text, chosen) + spacing * len(text) <= ems:
        return len(text)
    widths, used = advances(chosen.fonts), 0.0
    for n, character in enumerate(text):
        used += widths[character] + spacing
        if used > ems + 1e-6:
            return max(n, 1)
    return len(text)


def _allowed_break(text: str, end: int, keep: int, good: frozenset[int] | None) -> int:
    """The last allowed place at or before `end`, a good one if there is any; `end` itself when there is none."""
    latest = min(end, len(text) - keep)
    places = [at for at in range(latest, 0, -1) if _may_break(text[at - 1], text[at])]
    return next((at for at in places if good is not None and at in good), next(iter(places), end))


def _good_places(text: str, field: Field) -> frozenset[int]:
    """Where a line may well end: after one of the field's characters, or between a label's words."""
    if field.after:
        return frozenset(at for at in range(1, len(text)) if text[at - 1] in field.after)
    if field.flowing:
        return frozenset(range(1, len(text)))
    starts = ((at, word) for word in WHOLE for at in range(len(text)) if text.startswith(word, at))
    return frozenset(range(1, len(text))) - {at + n for at, word in starts for n in range(1, len(word))}


def _may_break(before: str, after: str) -> bool:
    if before in NEVER_LAST or after in NEVER_FIRST:
        return False
    return not (_in_word(before) and _in_word(after))


def _in_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "-_.'")
