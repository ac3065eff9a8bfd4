"""Where on a worksheet the table of a marking scheme is: its heading row, found by what the columns are called.

Headings are compared without spaces, width, case and what stands in brackets. The heading row may be anywhere, may take two rows
(descriptors 0 to 3 below a merged heading) and may come again, as in WorldSkills import sheets, once for every criterion.
"""

import re
from dataclasses import dataclass

from competition.rules.drafting.scheme import plain
from competition.workbook import Worksheet

_HEADINGS = {
    "sub_id": r"subcriteri(on|a)id",
    "sub_name": r"subcriteri(on|a)nameordescription|subcriteri(on|a)(name)?",
    "day": r"dayofmarking|day|评分日",
    "score": r"judgscore|judgementscore|judgmentscore",
    "part": r"(竞赛|考核|比赛)?部分|part",
    "module": r"(竞赛|考核|评分|比赛)?模块(名称)?|任务(名称)?|一级指标|module(name)?|task|criterion(name)?",
    "section": r"子模块|分项|二级指标|(评分)?要素|维度|section",
    "item": r"评分项|评分点|评分要点|考核点|考核要点|检查项|检查点|三级指标|评分细项|aspect(-?description)?|item",
    "either": r"(竞赛|考核|评分|比赛|评价)?(项目|内容|指标|子项|子项目)(名称)?",
    "points": r"配分|分值|满分|标准分|分数|max(imum)?(mark|score|point)?s?|points?|marks?",
    "type": r"(评分|评判|评价)?类型.*|评分方式|评判方式|评价方式|测量/评价|m/j|aspecttype.*|type",
    "text": r"(评分|评判|扣分|评价|考核|技术)?(标准|细则|说明|依据|要求|办法)"
    r"|extraaspectdescription.*|requirements?.*|description|standard|criteria",
    "weight": r"权重|比例|占比|weight",
}
_SCORE = re.compile(r"(?:得|score|level|descriptor|第)?([0-3])(?:分|档)?(?:描述|标准|说明|description)?")


@dataclass
class Columns:
    """Which column holds what, and from which row on the table goes. texts: all columns with criteria, in order.

    scores: the column of each descriptor 0 to 3. worldskills: headings of a WorldSkills import sheet.
    """

    start: int
    of: dict[str, int]
    texts: list[int]
    scores: dict[int, int]

    @property
    def worldskills(self) -> bool:
        return "sub_id" in self.of and "type" in self.of

    def get(self, name: str) -> int | None:
        return self.of.get(name)


def columns_at(sheet: Worksheet, row: int) -> Columns | None:
    """The table that starts with this row as its heading, if the row is one: it names the points and what is marked."""
    named: dict[str, list[int]] = {}
    columns = sheet.columns(row)
    for column in columns:
        cell = sheet.own(row, column)
        if cell is not None and (name := _heading(cell.text)):
            named.setdefault(name, []).append(column)
    scores = _scores(sheet, row)
    below = {} if scores else _scores(sheet, row + 1)
    found = Columns(
        row + (2 if below or _two_rows(sheet, row, columns) else 1), {}, named.pop("text", []), scores or below
    )
    either = named.pop("either", [])
    for name, places in named.items():
        found.of[name] = places[0]
    _settle(found, either)
    return found if "points" in found.of and "item" in found.of else None


def _settle(found: Columns, either: list[int]) -> None:
    """项目 and 内容 name an item or a group of items, as it takes; the criteria are the items where nothing else is."""
    if "item" not in found.of and either:
        found.of["item"] = either.pop()
    if "item" not in found.of and found.texts:
        found.of["item"] = found.texts.pop(0)
    for name in ("section", "module"):
        if name not in found.of and either:
            found.of[name] = either.pop()


def _heading(text: str) -> str:
    said = plain(re.sub(r"[(（\[].*?[)）\]]", "", text)).rstrip(":")
    return next((name for name, words in _HEADINGS.items() if re.fullmatch(words, said)), "")


def _scores(sheet: Worksheet, row: int) -> dict[int, int]:
    """Columns headed 0 to 3 (0分, 0 分描述, score 0 …), if all four are there."""
    found: dict[int, int] = {}
    for column in sheet.columns(row):
        cell = sheet.own(row, column)
        match = _SCORE.fullmatch(plain(re.sub(r"[(（].*?[)）]", "", cell.text))) if cell else None
        if match:
            found.setdefault(int(match[1]), column)
    return found if len(found) == 4 else {}


def _two_rows(sheet: Worksheet, row: int, columns: list[int]) -> bool:
    """Whether headings are merged down into the next row."""
    return sum(sheet.merged.get((row + 1, column)) == (row, column) for column in columns) >= 2
