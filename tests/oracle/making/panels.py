"""Strategies for how a sheet puts its seats together, and how far apart they may lie."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from .drawing import D, Draw, Table, chance, one_of, rounding

METHODS = ("sum", "mean", "trimmed", "median", "best", "min", "max", "middle", "closest")


def combine(draw: Draw, seats: int) -> Table:
    """A `combine` table that a panel of so many seats can follow."""
    how: Table = {"least": draw(st.integers(1, seats)), "absent": one_of(draw, "exclude", "refuse", "mean")}
    if seats > 1 and chance(draw, 5):
        how["by_standing"] = _by_standing(draw, seats)
    else:
        how |= _method(draw, seats, how["least"])
    if how.get("method") == "agreed" or chance(draw, 6):
        how["times"] = draw(st.integers(1, 3))
    if draw(st.booleans()):
        how["by"] = one_of(draw, "item", "sheet")
    return {**how, **rounding(draw)}


def _method(draw: Draw, seats: int, least: int) -> Table:
    method = "agreed" if seats == 1 and draw(st.booleans()) else one_of(draw, *METHODS)
    how: Table = {"method": method}
    if method == "best":
        how["k"] = draw(st.integers(1, least))
    if method == "trimmed":
        how |= {"low": draw(st.integers(0, 2)), "high": draw(st.integers(0, 2))}
        how["from"] = how["low"] + how["high"] + draw(st.integers(1, 3))
    if method == "middle":
        how["k"] = draw(st.integers(1, seats))
        if chance(draw, 2):
            how["gaps"] = _gaps(draw)
    if method == "closest":
        how |= {"k": draw(st.integers(1, seats)), "tie": one_of(draw, "lower", "higher")}
    return how


def _gaps(draw: Draw) -> list[Table]:
    """How far the middle may lie apart, by the band of its mean."""
    rows: list[Table] = [
        {"below": one_of(draw, 1, 3), "gap": one_of(draw, D("0.5"), 2)},
        {"gap": one_of(draw, 0, D("1.5"))},
    ]
    return rows[draw(st.integers(0, 1)) :]


def _by_standing(draw: Draw, seats: int) -> list[Table]:
    """Methods by the number of seats that stand, the largest panel first."""
    rows = []
    for start in sorted(draw(st.sets(st.integers(1, seats), min_size=1, max_size=3)), reverse=True):
        row: Table = {"from": start, "method": one_of(draw, "mean", "trimmed", "median", "middle", "closest", "max")}
        if row["method"] == "trimmed":
            row["low"] = draw(st.integers(0, (start - 1) // 2))
            row["high"] = draw(st.integers(0, (start - 1) // 2))
        if row["method"] in ("middle", "closest"):
            row["k"] = draw(st.integers(1, start))
        if row["method"] == "closest":
            row["tie"] = one_of(draw, "lower", "higher")
        rows.append(row)
    return rows


def factor(how: Table, seats: int) -> int:
    """The most a seat's points can be multiplied by."""
    once = {"sum": seats, "best": how.get("k", 1)}.get(how.get("method", "mean"), 1)
    return int(once * how.get("times", 1))


def spread(draw: Draw, seats: int, how: Table, top: Decimal) -> dict[str, Any]:
    """Keys of the sheet: none, or a `spread` and the printed maximum that a limit in percent speaks of."""
    if seats < 2 or top <= 0 or not chance(draw, 4):
        return {}
    limit = one_of(draw, 0, 1, D("2.5"), "10%", "50%")
    then = one_of(draw, "report", "hold", "third") if seats > 2 else one_of(draw, "report", "hold")
    if then == "third" and how.get("by") == "item":
        then = "hold"
    by = "sheet" if then == "third" or isinstance(limit, str) else one_of(draw, "sheet", "item")
    if then == "third":
        how["least"] = min(how["least"], seats - 1)
        how |= {"k": min(how["k"], how["least"])} if how.get("method") == "best" else {}
    return {"spread": {"limit": limit, "by": by, "then": then}}
