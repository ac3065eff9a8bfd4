"""Resident identity numbers: GB 11643-1999 (18 digits, the last a check by ISO 7064 MOD 11-2), and how they are shown."""

import re
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83, 91]
)
"""First two digits; 71, 81 to 83 are residence permits, 91 foreign permanent residents."""
SHOWN = 4


def check_digit(first: str) -> str:
    """The eighteenth character for the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True))
    return CHECKS[total % 11]


def identity_fault(number: str) -> tuple[str, str, str] | None:
    """(severity, zh, en) if a number can't be right, or is of a kind that can't be checked; None when it is fine."""
    if re.fullmatch(r"[A-Z0-9]{5,20}", number) and re.search(r"[A-Z]", number[:-1]):
        return (
            "warning",
            "不是身份证号，按其他证件登记，请核对",
            "not a resident number; kept as another document, check it",
        )
    if re.fullmatch(r"\d{15}", number):
        return (
            "warning",
            "是 15 位旧身份证号，没有校验位，请核对",
            "an old number of 15 digits has no check digit; check it",
        )
    if not re.fullmatch(r"\d{17}[0-9X]", number):
        return (
            "error",
            f"身份证号应为 18 位，这里有 {len(number)} 位",
            f"an identity number has 18 characters, this one {len(number)}",
        )
    if int(number[:2]) not in PROVINCES or not _day(number[6:14]):
        return (
            "error",
            "身份证号的地区或出生日期不对，请按证件核对",
            "its region or day of birth is impossible: check the document",
        )
    if check_digit(number[:17]) != number[17]:
        lost = number.endswith("000")
        zh = "末尾是 000，多半被 Excel 截断了，请按证件重新填写" if lost else "校验位不对，请按证件核对"
        en = (
            "it ends in 000: most likely cut by Excel, type it again"
            if lost
            else "its check digit is wrong: check the document"
        )
        return "error", zh, en
    return None


def masked(number: str) -> str:
    """A number as the organiser sees it: all but the last four digits covered."""
    return "*" * max(len(number) - SHOWN, 0) + number[-SHOWN:]


def _day(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).year >= 1900
    except ValueError:
        return False
