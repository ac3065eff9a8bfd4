"""One certificate, as plain values. What it looks like is the design's; whether it may be issued is judging's."""

from dataclasses import dataclass
from datetime import date

CODE_ALPHABET = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")  # Crockford base 32: no I, L, O, U


@dataclass(frozen=True, slots=True)
class CertificateData:
    """What a certificate says.

    number: unique, printed, never reused. code: ten Crockford characters, what the QR leads to.
    event and award: their Chinese names as printed. place: the rank, or None when it is not printed.
    issuers: one to three, in order of rank. sample: prints 样张，无效.
    proof: the digits the QR carries behind the address (`proofs.Signer.proof`); "" for none.
    members: who is in the team that `name` names, in order; () for a person or a unit.
    """

    number: str
    code: str
    name: str
    unit: str
    event: str
    award: str
    place: int | None
    games: str
    issuers: tuple[str, ...]
    issued_on: date
    sample: bool
    proof: str = ""
    members: tuple[str, ...] = ()


def chinese_date(day: date) -> str:
    """二〇二六年十一月二十二日: the year digit by digit, month and day as numbers."""
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    return f"{year}年{_number(day.month)}月{_number(day.day)}日"


def _number(n: int) -> str:
    """1 to 99 in Chinese: 三, 十, 十一, 二十, 二十二."""
    tens, ones = divmod(n, 10)
    digits = "〇一二三四五六七八九"
    head = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
    return head + (digits[ones] if ones else "")
