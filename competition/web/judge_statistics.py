"""Judges beside each other, after locking: for the chief and the supervisor, by code, in words where the numbers carry them."""

from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa
from litestar import Response, Router, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging, rules, store
from competition.judging.judge_statistics import JudgeLine, PanelStatistics, judge_statistics
from competition.scoring.judges import FEW
from competition.web import gates, matrix
from competition.web.auth import Asked, encrypted, person, read, signed_in
from competition.web.desk import at_event
from competition.web.pages import page
from competition.web.said import seat_said, sheet_title
from competition.web.views import Text

AGREE, APART = Fraction(7, 10), Fraction(1, 2)
"""Kendall's W from which judges are said to agree, and below which they are said to differ (proposals, as rules.md's bands)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A person in a seat, figures as text. few: too few entries for words; leans: "high", "low" or ""."""

    seat: Text
    judge: str
    entries: int
    few: bool
    severity: str
    leans: str
    above: int
    below: int
    off: str
    most: tuple[str, str] | None
    low: str
    high: str
    narrow: bool
    agrees: int | None
    corrected: int
    unvaried: int
    items: int


@dataclass(frozen=True, slots=True)
class Panel:
    """A sheet with its judges; agreement: percent, and "agree", "between", "apart" or "few"."""

    title: Text
    entries: int
    agreement: tuple[str, str] | None
    rows: tuple[Row, ...]
    flat: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """/desk/events/{id}/judges/statistics."""

    id: str
    name: Text
    panels: tuple[Panel, ...]
    few: int


@get("/judges/statistics", sync_to_thread=True)
def statistics(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """Every sheet that several seats mark."""
    by = person(request).official

    def look(conn: sa.Connection) -> StatisticsPage:
        at_event(conn, person(request), event_id)
        found = judge_statistics(conn, event_id, by)
        law = store.thawed(conn, event_id)
        codes = matrix.codes_of(judging.entries(conn, event_id), judging.progress(conn, event_id))
        panels = tuple(_panel(law, one, codes) for one in found)
        return StatisticsPage(event_id, gates.event_name(conn, event_id), panels, FEW)

    return page(request, "desk/judge_statistics.html", view=read(request, look))


def _panel(law: rules.Rules, one: PanelStatistics, codes: dict[str, str]) -> Panel:
    form = law.sheet(one.module, one.sheet)
    agreement = None
    if one.agreement is not None:
        w = one.agreement
        word = "few" if one.entries < FEW else "agree" if w >= AGREE else "apart" if w < APART else "between"
        agreement = _rounded(w), word
    flat = tuple({"zh": item.name.zh, "en": item.name.en} for item in map(form.item, one.flat))
    rows = tuple(_row(law, line, codes) for line in one.judges)
    return Panel(sheet_title(law, one.module, one.sheet), one.entries, agreement, rows, flat)


def _row(law: rules.Rules, line: JudgeLine, codes: dict[str, str]) -> Row:
    found = line.figures
    seat, beside = seat_said(law, line.seat), (line.corrected, line.unvaried, line.items)
    if found is None:
        return Row(seat, line.judge, 0, True, "—", "", 0, 0, "—", None, "—", "—", False, None, *beside)
    entry, gap = found.most
    return Row(
        seat, line.judge, found.entries, found.few, _signed(found.severity), found.leans, found.above, found.below,
        _rounded(found.off), (codes[entry], _signed(gap)), _rounded(found.low), _rounded(found.high), found.narrow,
        round(Fraction(100 * found.agrees, found.pairs)) if found.pairs else None, *beside,
    )  # fmt: skip


def _rounded(value: Fraction) -> str:
    """To hundredths, half up."""
    whole, rest = divmod((abs(value) * 200 + 1) // 2, 100)
    return f"{'-' if value < 0 and (whole or rest) else ''}{whole}.{rest:02d}"


def _signed(value: Fraction) -> str:
    text = _rounded(value)
    return text if text.startswith("-") or text == "0.00" else f"+{text}"


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[statistics], guards=[encrypted, signed_in])
]
