"""Values read from tables: bands by their edges, and words with points of their own."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any


def in_band(rows: Sequence[Mapping[str, Any]], value: Fraction) -> Mapping[str, Any]:
    """The first row that holds the value: `upto` and `within` inclusive, `below` exclusive; the last takes the rest."""
    for row in rows:
        edges = {
            "upto": lambda edge: value <= edge,
            "within": lambda edge: value <= edge,
            "below": lambda edge: value < edge,
        }
        if all(holds(Fraction(row[edge])) for edge, holds in edges.items() if edge in row):
            return row
    raise ValueError("the bands have no last row for the rest")


def band_points(rows: Sequence[Mapping[str, Any]], value: Fraction) -> Fraction:
    return Fraction(in_band(rows, value)["points"])


def looked_up(value: Fraction, table: Mapping[str, Any]) -> Fraction | None:
    """lookup(value, table): its band, or the value itself among those listed, else `rest`."""
    if "bands" in table:
        return band_points(table["bands"], value)
    for listed, points in table["values"].items():
        if Fraction(listed) == value:
            return Fraction(points)
    return Fraction(table["rest"]) if "rest" in table else None
