"""Operations on whole columns: null spreads where it must, is skipped where it should, and no table lies about either."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from competition.scoring import vectors
from competition.scoring.arrays import Column
from competition.scoring.entries import Wide
from competition.scoring.vectors import Expr, Program, named, number

A, B, C = named("a"), named("b"), named("c")
Cells = list[int | None] | list[bool | None]


def column(cells: Cells) -> Column:
    known = np.array([cell is not None for cell in cells])
    kind = np.bool_ if any(isinstance(cell, bool) for cell in cells) else np.int64
    return np.array([cell or 0 for cell in cells], dtype=kind), None if known.all() else known


def run(expr: Expr, **cells: Cells) -> list[Any]:
    """What an expression gives for columns of these cells; one result a cell of the first column."""
    size = len(next(iter(cells.values()))) if cells else 1
    out = Program({"out": expr}).run({name: column(values) for name, values in cells.items()})
    return Wide(["e"] * size, [""] * size, {}, out).values("out")


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (A + B, [9, 3, None, None]), (A - B, [5, -7, None, None]), (A * B, [14, -10, None, None]),
        (-A, [-7, 2, -7, None]), (abs(A), [7, 2, 7, None]), (A // 2, [3, -1, 3, None]), (7 // B, [3, 1, None, None]),
        (A % 4, [3, 2, 3, None]), (vectors.sign(A), [1, -1, 1, None]), (10 - A, [3, 12, 3, None]),
        (A < B, [False, True, None, None]), (A >= B, [True, False, None, None]), (~(A > B), [False, True, None, None]),
        (vectors.added([A, B, number(1)]), [10, 4, None, None]), (vectors.tally([A, B]), [9, 3, 7, 0]),
        (vectors.lowest([A, B]), [2, -2, 7, None]), (vectors.highest([A, B]), [7, 5, 7, None]),
        (vectors.least([A, B]), [2, -2, None, None]), (vectors.most([A, B]), [7, 5, None, None]),
        (vectors.is_null(B), [False, False, True, True]), (vectors.default(A, number(3)), [7, -2, 7, 3]),
        (vectors.default(B, A), [2, 5, 7, None]),
    ],
)  # fmt: skip
def test_arithmetic_with_null(expr: Expr, expected: list[object]) -> None:
    assert run(expr, a=[7, -2, 7, None], b=[2, 5, None, None]) == expected


THREE = (True, False, None)


def _and(*values: bool | None) -> bool | None:
    return False if False in values else None if None in values else True


def _or(*values: bool | None) -> bool | None:
    return True if True in values else None if None in values else False


@pytest.mark.parametrize(("joined", "law"), [(vectors.all_of, _and), (vectors.any_of, _or)])
def test_logic_of_three_values(joined: Callable[[list[Expr]], Expr], law: Callable[..., bool | None]) -> None:
    rows = list(itertools.product(THREE, repeat=3))
    a, b, c = (list(each) for each in zip(*rows, strict=True))
    assert run(joined([A, B, C]), a=a, b=b, c=c) == [law(*row) for row in rows]
    assert run(joined([A, B]), a=[True, False], b=[True, True]) == [law(True, True), law(False, True)]


def test_a_choice_waits_for_its_condition_or_takes_it_as_not_held() -> None:
    cells: dict[str, Cells] = {"a": [True, False, None, True], "b": [1, 1, 1, None], "c": [2, None, 2, 2]}
    assert run(vectors.either(A, B, C), **cells) == [1, None, None, None]
    assert run(vectors.where(A, B, C), **cells) == [1, None, 2, None]
    assert run(vectors.given(A, B), **cells) == [1, None, None, None]


def test_the_values_in_order_leave_out_the_unknown() -> None:
    cells: dict[str, Cells] = {"a": [3, 3, None], "b": [1, None, None], "c": [2, -5, 4]}
    known = vectors.tally([~vectors.is_null(each) for each in (A, B, C)])
    assert run(known, **cells) == [3, 2, 1]
    assert run(vectors.in_order([A, B, C], number(0), number(1)), **cells) == [1, -5, 4]
    assert run(vectors.in_order([A, B, C], known - 1, number(1)), **cells) == [3, 3, 4]
    assert run(vectors.in_order([A, B, C], number(0), known), **cells) == [6, -2, 4]


def test_steps_and_tables() -> None:
    cells: Cells = [-1, 0, 1, 2, 3, None]
    assert run(vectors.steps(A, [0, 2], [5, 3, 1]), a=cells) == [5, 5, 3, 3, 1, None]
    assert run(vectors.steps(A, [], [4]), a=cells) == [4, 4, 4, 4, 4, None]
    assert run(vectors.table(A, {0: 7, 2: 8}, 9), a=cells) == [9, 7, 9, 8, 9, None]
    assert run(vectors.table(A, {0: 7, 2: 8}, None), a=cells) == [None, 7, None, 8, None, None]


def test_nothing_is_divided_by_zero() -> None:
    assert run(12 // A, a=[0, 5, None]) == [None, 2, None]


def test_one_value_for_all_is_a_column_too() -> None:
    columns: dict[str, Column] = {"a": (np.int64(4), None), "b": (np.int64(0), np.False_), "c": column([1, 2])}
    shared = {"sum": A + C, "null": B + C, "four": A * 1, "none": vectors.default(B, A)}
    out = Wide(["e", "f"], ["", ""], {}, Program(shared).run(columns))
    assert {name: out.values(name) for name in shared} == {
        "sum": [5, 6], "null": [None, None], "four": [4, 4], "none": [4, 4],
    }  # fmt: skip


def test_a_shared_part_is_computed_once() -> None:
    program = Program({"one": (A + B) * 2, "two": (named("a") + named("b")) * 2, "three": (A + B) * 3})
    assert len(program) == 7
