"""Scales: the legal values of an item, and the canonical text of each.

A value travels as text ("4.5", "B A C", "西湖龙井") and is exact. The client normalises full-width digits before sending;
here anything not canonical is refused, so that two spellings of one value can never both be in the ledger.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from competition.errors import MarkError

TYPES = (
    "yesno",
    "steps",
    "cards",
    "points",
    "count",
    "measure",
    "time",
    "answer",
    "choice",
    "choices",
    "order",
    "note",
)
"""Kinds of scale; the tablet has a control for each."""

TAP_VALUES = 13
"""Up to this many legal values fit one row of taps (tablets-and-screens.md 3.1); more are keyed."""

UNANSWERED = "—"
"""What stands for a question that the contestant left blank: evidence that there was nothing, and never right."""

_JOINT = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])|[·、。,.\-—_](?![0-9])")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")


def decimal_text(value: Fraction) -> str:
    """The shortest decimal text of a value whose decimal expansion ends ("4.5", "-2", "0.125")."""
    if value.denominator == 1:
        return str(value.numerator)
    places = next(p for p in range(1, 40) if 10**p % value.denominator == 0)
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def answer_key(text: str) -> str:
    """An answer as it is compared with the key: NFKC, case folded, without the spaces and marks that join words.

    Nothing that is part of a number goes: 1.5 is not 15, -3 is not 3, 25-01 is not 2501.
    """
    return _JOINT.sub("", unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True)
class Scale:
    """What an item may be given.

    low, high, step, without: legal numbers of a numeric type. unit, decimals: of a measurement or a time (seconds).
    words: legend or descriptor by canonical value, or the name of each option. length: of a written answer.
    """

    id: str
    type: str
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(1)
    step: Fraction = Fraction(1)
    without: tuple[Fraction, ...] = ()
    unit: str = ""
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    length: int = 60

    @property
    def numeric(self) -> bool:
        """Values are numbers (written answers, options, orders and notes aren't)."""
        return self.type in ("yesno", "steps", "cards", "points", "count", "measure", "time")

    @cached_property
    def values(self) -> tuple[Fraction, ...]:
        """Every legal number, in order; empty where they are too many to list (measurements, times)."""
        if not self.numeric or self.type in ("measure", "time"):
            return ()
        count = int((self.high - self.low) / self.step) + 1
        return tuple(v for i in range(count) if (v := self.low + i * self.step) not in self.without)

    @property
    def control(self) -> str:
        """The tablet's control for this scale."""
        if self.type in ("steps", "points"):
            return "steps" if len(self.values) <= TAP_VALUES else "keypad"
        return self.type

    @property
    def den(self) -> int:
        """A denominator over which every legal number can be written."""
        return self.step.denominator * self.low.denominator

    def parse(self, text: str, zh: str = "", en: str = "") -> str:
        """The canonical text of a legal value. Raises MarkError naming the item (`zh`, `en`) and what is legal."""
        if self.numeric:
            return self._number(text, zh, en)
        if text == UNANSWERED and self.type != "note":
            return text
        if self.type in ("answer", "note"):
            return self._written(text, zh, en)
        if not self._chosen(text):
            raise self._refusal(text, zh, en)
        return text

    def _chosen(self, text: str) -> bool:
        """One option; several in the scale's order; or all of them in any order."""
        given = text.split(" ")
        if self.type == "order":
            return sorted(given) == sorted(self.options)
        if self.type == "choices":
            return bool(given) and given == [option for option in self.options if option in given]
        return text in self.options

    def _number(self, text: str, zh: str, en: str) -> str:
        if not _DECIMAL.fullmatch(text) or text == "-0":
            raise self._refusal(text, zh, en)
        places, low, high, step, without = self._grid
        whole, _, decimals = text.partition(".")
        # More decimals than the scale has are between two steps: a canonical text doesn't end with a nought.
        value = int(whole + decimals.ljust(places, "0"))
        if len(decimals) > places or not low <= value <= high or (value - low) % step or value in without:
            raise self._refusal(text, zh, en)
        return text

    @cached_property
    def _grid(self) -> tuple[int, int, int, int, frozenset[int]]:
        """Decimals of the scale, and lowest, highest, step and exceptions as whole numbers of its last decimal."""
        bounds = (self.low, self.high, self.step, *self.without)
        places = next(p for p in range(40) if all(10**p % each.denominator == 0 for each in bounds))
        low, high, step, *without = (int(each * 10**places) for each in bounds)
        return places, low, high, step, frozenset(without)

    def _written(self, text: str, zh: str, en: str) -> str:
        if text != unicodedata.normalize("NFC", text).strip() or not text or len(text) > self.length:
            raise self._refusal(text, zh, en)
        return text

    def _refusal(self, text: str, zh: str, en: str) -> MarkError:
        legal_zh, legal_en = self.legal
        return MarkError(
            f"“{zh or self.id}”不能是“{text}”。可以是：{legal_zh}。请重新输入。",
            f'"{en or self.id}" can\'t be "{text}". It may be {legal_en}. Enter it again.',
        )

    @property
    def legal(self) -> tuple[str, str]:
        """What may be entered, in words (zh, en)."""
        if self.type == "yesno":
            return "1（是）或 0（否）", "1 (yes) or 0 (no)"
        if not self.numeric:
            zh, en = self._answers
            blank = self.type != "note"
            return (f"{zh}；未答记 {UNANSWERED}", f"{en}; {UNANSWERED} if left blank") if blank else (zh, en)
        low, high, step = (decimal_text(x) for x in (self.low, self.high, self.step))
        but = "、".join(decimal_text(x) for x in self.without)
        return (
            f"{low} 到 {high}，每档 {step}" + (f"，{but} 除外" if but else ""),
            f"{low} to {high} by {step}" + (f", not {but.replace('、', ', ')}" if but else ""),
        )

    @property
    def _answers(self) -> tuple[str, str]:
        if self.type in ("answer", "note"):
            return (
                f"不超过 {self.length} 个字、首尾无空格的文字",
                f"text up to {self.length} characters, no spaces at the ends",
            )
        shown = " ".join(self.options)
        if self.type == "order":
            return f"{shown} 的一种排列", f"an order of {shown}"
        if self.type == "choices":
            return f"{shown} 中的若干个，按此次序、空格隔开", f"some of {shown}, in this order, with spaces"
        return shown, shown
