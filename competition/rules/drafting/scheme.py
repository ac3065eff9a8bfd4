"""A marking scheme as an organiser's workbook says it: parts, modules, groups and aspects, before it is a rule file.

Also how single cells are understood: a number typed as text, the kind of an aspect, what every fault costs, what each of the
scores 0 to 3 means, how many judges there are and how they are combined.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from competition.errors import Finding

KINDS = ("measured", "judged", "yesno", "deducted", "points")
"""测量 M, 评价 J, 是否, 扣分, 打分 (points from 0 to the maximum)."""


@dataclass
class Aspect:
    """One line that is marked. points: its maximum (below 0: what is taken off), None where the workbook doesn't say.

    each: what every fault costs, where the text says so. graded: there are points between nothing and all, said in words only.
    legend: what the scores 0 to 3 mean. where: its cell.
    """

    id: str
    name: str
    kind: str
    points: Decimal | None
    where: str
    text: str = ""
    each: Decimal | None = None
    graded: bool = False
    legend: dict[int, str] = field(default_factory=dict)

    @property
    def most(self) -> Decimal:
        """What it adds to a maximum."""
        return max(self.points or Decimal(0), Decimal(0))


@dataclass
class Group:
    """A section of a module."""

    name: str
    aspects: list[Aspect] = field(default_factory=list)


@dataclass
class Unit:
    """A module with its groups, and the part it belongs to ("" where there are none)."""

    name: str
    part: str
    groups: list[Group] = field(default_factory=list)

    @property
    def aspects(self) -> list[Aspect]:
        return [aspect for group in self.groups for aspect in group.aspects]

    @property
    def paper(self) -> bool:
        """Whether it is a written paper, whose marks are keyed in once, not given by every judge."""
        return bool(re.search("理论|笔试|机考|theory|written", plain(self.part + self.name)))

    def sheet_of(self, aspect: Aspect) -> str:
        """On which sheet an item goes: each judge's own, the agreed one of facts, or the paper."""
        if self.paper:
            return "paper"
        return "judged" if aspect.kind in ("judged", "points") else "measured"


@dataclass
class Seating:
    """How many judges there are and how they are combined, as far as it is said; "" and 0 where it isn't.

    low, high: how many are dropped by "trimmed". worldskills: judgement as in WorldSkills, where both are known.
    """

    seats: int = 0
    method: str = ""
    low: int = 0
    high: int = 0
    worldskills: bool = False


@dataclass
class Scheme:
    """Everything read from a workbook. weights: percent of each part that says one. file: its name; digest: of its bytes."""

    title: str
    file: str
    digest: str = ""
    units: list[Unit] = field(default_factory=list)
    weights: dict[str, Decimal] = field(default_factory=dict)
    seating: Seating = field(default_factory=Seating)
    findings: list[Finding] = field(default_factory=list)

    @property
    def aspects(self) -> list[Aspect]:
        return [aspect for unit in self.units for aspect in unit.aspects]

    @property
    def sheets(self) -> set[str]:
        """Which kinds of sheets there are."""
        return {unit.sheet_of(aspect) for unit in self.units for aspect in unit.aspects}

    @property
    def parts(self) -> list[str]:
        return list(dict.fromkeys(unit.part for unit in self.units))

    def error(self, where: str, zh: str, en: str) -> None:
        self.findings.append(Finding(where, zh, en))

    def note(self, where: str, zh: str, en: str) -> None:
        self.findings.append(Finding(where, zh, en, "warning"))


def plain(text: str) -> str:
    """Text for comparing: full-width made half-width, small letters, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def number_in(text: str) -> Decimal | None:
    """The number that a text cell means ("５分", "2.0 points"); None if it is anything else (a range, "about 5")."""
    found = re.fullmatch(r"([+-]?[0-9]+(?:\.[0-9]+)?)(?:分|points?|marks?)?", plain(text).replace("−", "-"))
    try:
        return Decimal(found[1]).normalize() if found else None
    except InvalidOperation:
        return None


_WORDS = {
    "measured": r"测量|客观|meas|objective|^[mo]$|^m[^a-z]|[^a-z]m$",
    "judged": r"评价|评判|judg|^j$|^j[^a-z]|[^a-z]j$",
    "yesno": r"是否|是/否|有无|对错|yes/?no|^y/?n$",
    "deducted": r"扣|减分|deduct|penalt",
    "points": r"打分|评分|^points?$|主观",
}


def kind_of(text: str) -> str:
    """Which of `KINDS` a type cell names; "" where it names none, or two."""
    said = re.sub(r"[()\[\]_]", "", plain(text))
    found = [kind for kind, words in _WORDS.items() if re.search(words, said)]
    return found[0] if len(found) == 1 else ""


def cost_in(text: str) -> Decimal | None:
    """What every fault costs, where the text says exactly one: 每处扣1分, each 0.5 points, deduct 2 per …"""
    said = plain(text)
    costs = re.findall(r"每[^,，。;；]{0,20}?(?:扣|减)([0-9]+(?:\.[0-9]+)?)分?", said)
    costs += re.findall(r"(?:each|every)[^.;]{0,40}?([0-9]+(?:\.[0-9]+)?)(?:points?|marks?)", said)
    costs += re.findall(r"deduct([0-9]+(?:\.[0-9]+)?)(?:points?|marks?)?(?:per|foreach|forevery)", said)
    return Decimal(costs[0]) if len(set(costs)) == 1 and Decimal(costs[0]) > 0 else None


def grades(text: str) -> bool:
    """Whether a text gives parts of the points, so that it is not all or nothing."""
    return bool(re.search(r"[扣减][0-9.]*分|酌情|得[0-9]|[0-9]分[;；,，。]|partial|deduct", plain(text)))


_SCORE = re.compile(
    r"(?:^|(?<=[\s;；。,，、]))([0-3０-３])\s*(?:分|points?|marks?)?\s*[:：、.\-—=)）](?![0-9０-９])\s*", re.IGNORECASE
)


def legend_in(text: str) -> dict[int, str]:
    """Descriptors written in one cell: `0分：… 1分：… 2分：… 3分：…` (also 0: 1: or one a line)."""
    marks = list(_SCORE.finditer(text))
    if not marks:
        return {}
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    found = {
        int(mark[1]): " ".join(text[mark.end() : end].split()).strip(" ;；,，")
        for mark, end in zip(marks, ends, strict=True)
    }
    return {score: words for score, words in found.items() if words} if len(found) == len(marks) else {}


_PERCENT = re.compile(r"[(（\[]?\s*(?:占|weight)?\s*(\d+(?:\.\d+)?)\s*[%％]\s*[)）\]]?")
_PRINTED = re.compile(r"[(（]\s*(?:共|满分|配分)?\s*(\d+(?:\.\d+)?)\s*(?:分|points?|marks?)\s*[)）]")


def percent_in(text: str) -> tuple[str, Decimal | None]:
    """A name without the percentage it carries, and that percentage: `理论知识（20%）`."""
    return _without(_PERCENT, text)


def points_in(text: str) -> tuple[str, Decimal | None]:
    """A heading without the points it prints, and those: `模块A：焊接（40分）`."""
    return _without(_PRINTED, text)


def _without(pattern: re.Pattern[str], text: str) -> tuple[str, Decimal | None]:
    found = pattern.search(text)
    if found is None:
        return " ".join(text.split()), None
    return " ".join((text[: found.start()] + text[found.end() :]).split()), Decimal(found[1])


_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNT = r"([0-9]+|[一两二三四五六七八九十])"


def _count(text: str) -> int:
    return _DIGITS.get(text) or int(text)


def seating_in(text: str) -> Seating | None:
    """What a sentence says about the judges and how their marks are combined; None where it says nothing of it."""
    said = plain(text)
    found = Seating()
    seats = re.search(rf"{_COUNT}(?:名|位|个)?(?:裁判|评委|评审|judges?|assessors?|experts?)", said)
    if seats:
        found.seats = _count(seats[1])
    drops = re.search(rf"去(?:掉|除)?{_COUNT}?个?最高分?[^。;]{{0,8}}?{_COUNT}?个?最低", said)
    both = re.search(rf"去(?:掉|除)?最高[分、和与及]*最低分?各{_COUNT}", said)
    words = re.search(r"drop(?:ping|ped)?(?:the)?highestandlowest|withoutthehighestandlowest", said)
    if drops or both or words:
        counts = [_count(c) if c else 1 for c in drops.groups()] if drops else [1, 1]
        counts = [_count(both[1])] * 2 if both else counts
        found.method, found.high, found.low = "trimmed", counts[0], counts[1]
    else:
        methods = {"median": "中位数|median", "mean": "平均|average|mean", "sum": "之和|相加|总和|sumof"}
        found.method = next((method for method, word in methods.items() if re.search(word, said)), "")
    of_judges = found.method == "trimmed" or re.search("裁判|评委|评审|judge|assessor|expert", said)
    return found if found.seats or (found.method and of_judges) else None


def names_twice(aspects: list[Aspect]) -> Iterator[tuple[Aspect, Aspect]]:
    """Aspects of the same name, each with the first of it."""
    first: dict[str, Aspect] = {}
    for aspect in aspects:
        if plain(aspect.name) in first:
            yield aspect, first[plain(aspect.name)]
        else:
            first[plain(aspect.name)] = aspect
