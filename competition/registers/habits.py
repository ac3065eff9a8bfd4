"""What spreadsheets and typing hands do to text, undone where that is safe and said where it isn't.

Sources: tablets-and-screens.md 6.3 (15 digits, scientific notation, full-width digits, hidden spaces, leading zeros).
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from competition.registers.fields import Kind
from competition.workbook import Cell

HIDDEN = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
"""Characters without a width: they come along when text is copied from a chat or a web page."""
DOTS = str.maketrans({dot: "·" for dot in "•‧∙⋅・･．●"})
"""Dots that people type in the names of minorities, for the one that is meant (U+00B7)."""
SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")
HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])")
WIDE = re.compile("[Ａ-Ｚａ-ｚ０-９]")
YEARS = (20_000, 60_000)
"""Day numbers of 1954 to 2064: a bare number there in a column of days is a day that lost its format."""


@dataclass
class Tidied:
    """The text of a cell as it is meant, and what was noticed: (severity, zh, en)."""

    text: str
    noticed: list[tuple[str, str, str]] = field(default_factory=list)

    def warn(self, zh: str, en: str) -> None:
        """Something was mended; the import goes on."""
        self.noticed.append(("warning", zh, en))

    def wrong(self, zh: str, en: str) -> None:
        """It can't be mended here."""
        self.noticed.append(("error", zh, en))


def tidy(cell: Cell, kind: Kind, since_1904: bool = False) -> Tidied:
    """A cell's text in its stored form, for a column of this kind."""
    if cell.error:
        made = Tidied("")
        made.wrong(
            f"公式出错（{cell.text}），请改好公式或直接填值",
            f"a formula failed ({cell.text}): mend it or type the value",
        )
        return made
    if cell.value is None:
        made = Tidied("")
        made.wrong(
            "公式没有结果，请在 Excel 或 WPS 中打开并保存一次",
            "a formula without a result: open and save it in Excel once",
        )
        return made
    if isinstance(cell.value, Decimal):
        return _number(cell, kind, since_1904)
    return _text(cell.value, kind)


def _number(cell: Cell, kind: Kind, since_1904: bool) -> Tidied:
    assert isinstance(cell.value, Decimal)
    value, made = cell.value, Tidied(cell.text)
    if kind == "date" and (cell.date or YEARS[0] <= value <= YEARS[1]):
        made.text = _day(value, since_1904)
        if not cell.date:
            made.warn(
                f"数字 {cell.text} 按日期 {made.text} 读，请核对",
                f"the number {cell.text} was read as {made.text}; check it",
            )
    elif kind == "date":
        return _text(cell.text, kind)
    elif cell.date:
        made.wrong(
            "这一格成了日期，请把格式改为“文本”后重新填写",
            "this cell became a date: format it as text and type it again",
        )
    elif kind == "identity":
        _digits_lost(made, len(value.as_tuple().digits) + max(int(value.as_tuple().exponent), 0))
    elif kind == "phone" and len(made.text) != 11:
        made.warn("数字格式会丢掉开头的 0，请核对", "as a number it loses a leading 0; check it")
    return made


def _digits_lost(made: Tidied, digits: int) -> None:
    """A number of more than 15 digits has lost its last ones for good: Excel keeps a binary double."""
    if digits > 15:
        made.text = ""
        made.wrong(
            "证件号存成了数字，Excel 只留 15 位，后几位已变成 0，找不回来。请把格式改为“文本”，按证件重新填写",
            "stored as a number: Excel keeps 15 digits and the rest is lost. Format the cell as text and type it again",
        )
    else:
        made.warn("证件号存成了数字，请把这一列改为“文本”", "stored as a number: format the column as text")


def _text(value: str, kind: Kind) -> Tidied:
    shown = " ".join(value.split())
    text = " ".join(value.translate(HIDDEN).split())
    made = Tidied(text)
    if text != shown:
        made.warn("去掉了看不见的字符", "hidden characters were taken out")
    plain = text
    if kind == "name":
        plain = WIDE.sub(
            lambda found: chr(ord(found[0]) - 0xFEE0), text
        )  # NFKC would change rare characters into others
    elif kind != "text":
        plain = unicodedata.normalize("NFKC", text)
    if plain != text and kind != "list":
        made.warn("全角字符改成了半角", "full-width characters were made plain")
    made.text = plain if kind != "name" else _name(plain, made)
    if kind in ("identity", "phone", "code", "number") and " " in made.text:
        made.text = made.text.replace(" ", "")
        made.warn("去掉了空格", "spaces were taken out")
    if kind in ("identity", "phone") and SCIENTIFIC.fullmatch(made.text):
        made.text = ""
        made.wrong(
            "成了科学记数法，后几位已丢失。请把格式改为“文本”，重新填写",
            "in scientific notation: the last digits are lost. Format the cell as text and type it again",
        )
    if kind == "identity":
        made.text = made.text.upper().lstrip("'")
    if kind == "phone":
        made.text = re.sub(r"[-—－]", "", made.text)
    if kind == "date":
        _date_text(made)
    return made


def _name(text: str, made: Tidied) -> str:
    """A name: no gaps between Han characters (people pad two-character names), one kind of dot."""
    joined = HAN_GAP.sub("", text)
    if joined != text:
        made.warn(f"姓名中间的空格去掉了：{joined}", f"the gap inside the name was taken out: {joined}")
    dotted = joined.translate(DOTS)
    if dotted != joined:
        made.warn(f"姓名里的点统一成“·”：{dotted}", f"the dot in the name was made “·”: {dotted}")
    return dotted


def _date_text(made: Tidied) -> None:
    found = re.fullmatch(r"(\d{4})[-/.年 ](\d{1,2})[-/.月 ](\d{1,2})日?|(\d{4})(\d\d)(\d\d)", made.text)
    try:
        year, month, day = (int(part) for part in found.groups() if part) if found else (0, 0, 0)
        made.text = date(year, month, day).isoformat()
    except ValueError:
        if made.text:
            made.wrong("日期读不出来，请写成 2026-03-05 这样", "not a day: write it like 2026-03-05")


def _day(value: Decimal, since_1904: bool) -> str:
    """Excel counts days from 1900 and believes that 1900 was a leap year; old Macs count from 1904."""
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
    try:
        return (first + timedelta(days=int(value))).isoformat()
    except OverflowError:
        return ""
