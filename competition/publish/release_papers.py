"""A release on paper: the notice (公示) and the result book with its statistics; and score sheets filled in, for signing in ink."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from itertools import groupby
from pathlib import Path

from competition.publish import papers
from competition.publish.papers import paper, qr_image

BINS = 10
"""A histogram has at most so many bars."""
SHEETS_AT_ONCE = 40
"""So many filled sheets are laid out together: memory follows this, not the event."""
Both = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReleasePaper:
    """A release's rows as the public has them (rank, name, unit, total, award, state) and what stands around them.

    phone, office: who takes objections (监督电话, 监督单位); empty prints as a line to write on. Times are venue time.
    """

    kind: str
    games: str
    event: str
    venue: str
    host: str
    revision: int
    at: str
    closes: str
    rows: Sequence[Mapping[str, str]]
    digest: str
    phone: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, how many, and its length in hundredths of the longest."""

    label: str
    n: int
    length: int


@dataclass(frozen=True, slots=True)
class FilledItem:
    """An item as the seat marked it. struck: why the panel did not count it, "" when it did."""

    name: Both
    mark: str
    points: str
    max: str
    struck: str = ""


@dataclass(frozen=True, slots=True)
class FilledSection:
    """A group of items under its heading."""

    name: Both
    max: str
    items: Sequence[FilledItem]


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """One seat's sheet for one code: what was marked, the sub-total the calculator came to, and what ties paper to ledger.

    struck: why the panel did not count this seat. address: of the record, for the QR; "" without one.
    """

    games: str
    event: str
    module: Both
    name: Both
    code: str
    seat: str
    judge: str
    sections: Sequence[FilledSection]
    total: str
    struck: str
    signed_at: str
    version: int
    edition: str
    head: str
    address: str = ""


def notice(templates: Path, one: ReleasePaper) -> bytes:
    """The notice with its window, who takes objections, and the ranking."""
    return paper(templates, "notice.html", release=one)


def result_book(templates: Path, one: ReleasePaper) -> bytes:
    """The ranking, the awards by level, and how the totals are spread: bars that a copier keeps."""
    ranked = [row for row in one.rows if row["total"]]
    awards = bars([(row["award"] or "未获奖", 1) for row in ranked])
    totals = [Decimal(row["total"].rstrip("…")) for row in ranked]
    return paper(
        templates, "result_book.html", release=one, awards=awards, totals=histogram(totals), stats=_stats(totals)
    )


def filled_sheets(templates: Path, sheets: Sequence[FilledSheet]) -> bytes:
    """Each sheet on its own pages, counted by themselves, with lines to sign on."""
    parts = []
    for _, alike in groupby(sheets, key=lambda one: (one.module["zh"], one.name["zh"])):
        group = list(alike)
        for n in range(0, len(group), SHEETS_AT_ONCE):
            parts += _alike(templates, group[n : n + SHEETS_AT_ONCE])
    return parts[0] if len(parts) == 1 else _joined(parts)


def _alike(templates: Path, sheets: Sequence[FilledSheet]) -> list[bytes]:
    """Sheets of one form, laid out at once when all of them take as many pages as the first; else one by one."""
    whole = _drawn(templates, sheets, 1)
    if papers.page_count(whole) == len(sheets):
        return [whole]
    total = papers.page_count(_drawn(templates, sheets[:1], 1))
    whole = _drawn(templates, sheets, total)
    if papers.page_count(whole) == total * len(sheets):
        return [whole]
    return [_drawn(templates, [one], papers.page_count(_drawn(templates, [one], 1))) for one in sheets]


def _drawn(templates: Path, sheets: Sequence[FilledSheet], total: int) -> bytes:
    return paper(templates, "filled_sheet.html", sheets=sheets, total=total, qr=qr_image)


def bars(counted: Sequence[tuple[str, int]]) -> list[Bar]:
    """Bars by label in the order of first appearance."""
    sums: Counter[str] = Counter()
    for label, n in counted:
        sums[label] += n
    most = max(sums.values(), default=1)
    return [Bar(label, n, 100 * n // most) for label, n in sums.items()]


def histogram(values: Sequence[Decimal]) -> list[Bar]:
    """How many values lie in each step of a round width (1, 2 or 5 times a power of ten), the highest first."""
    if not values:
        return []
    low, high = min(values), max(values)
    width = next(
        step
        for power in range(-6, 9)
        for step in (Decimal(digit).scaleb(power) for digit in (1, 2, 5))
        if _floor(high, step) - _floor(low, step) < BINS
    )
    steps = Counter(_floor(value, width) for value in values)
    most = max(steps.values())
    return [
        Bar(f"{width * n:f} – {width * (n + 1):f}", steps[n], 100 * steps[n] // most)
        for n in range(_floor(high, width), _floor(low, width) - 1, -1)
    ]


def _floor(value: Decimal, width: Decimal) -> int:
    """In which step a value lies; Decimal's own // cuts towards zero."""
    return int((value / width).to_integral_value(ROUND_FLOOR))


def _stats(values: Sequence[Decimal]) -> tuple[tuple[str, str], ...]:
    """How many, the highest, the middle and the lowest: each a total that somebody has, nothing is rounded."""
    if not values:
        return (("n", "0"),)
    ordered = sorted(values)
    return (
        ("n", str(len(ordered))),
        ("highest", f"{ordered[-1]:f}"),
        ("middle", f"{ordered[(len(ordered) - 1) // 2]:f}"),
        ("lowest", f"{ordered[0]:f}"),
    )


def _joined(parts: Sequence[bytes]) -> bytes:
    from io import BytesIO

    import pikepdf

    out, kept = BytesIO(), []
    with pikepdf.new() as whole:
        for part in parts:
            kept.append(pikepdf.open(BytesIO(part)))
            whole.pages.extend(kept[-1].pages)
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for one in kept:
        one.close()
    return out.getvalue()
