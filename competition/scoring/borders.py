"""Borders of rules: a case belongs on each of them, one just below and one just above (code-style.md section 9)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from competition.rules.nodes import Cell, Const, Named, Node, Op, Rounded, bare
from competition.rules.panels import Panel
from competition.scoring.result import number_text

_KEEP_STEP = ("max", "min", "sum", "count", "median")
"""Panel methods under which values stay on the steps of their scale (a median of two may lie between: near enough)."""

_COMPARISONS = ("lt", "le", "gt", "ge")


@dataclass(frozen=True, slots=True)
class Border:
    """A number at which a rule turns, and the values compared with it: their steps if they have any, and their bounds."""

    at: Fraction
    step: Fraction | None
    low: Fraction
    high: Fraction

    def open(self, values: Iterable[Fraction]) -> tuple[str, str]:
        """Where no case stands, in words (zh, en); empty where all three are there or can't be."""
        seen = set(values)
        near = self.step or max(Fraction(1), (self.high - self.low) / 100)
        wanted = [("恰好", "on it", self._legal(self.at), self.at in seen)]
        below, above = self._beside(-1), self._beside(1)
        wanted.append(("略低", "just below", below >= self.low, any(self.at - near <= v < self.at for v in seen)))
        wanted.append(("略高", "just above", above <= self.high, any(self.at < v <= self.at + near for v in seen)))
        lacking = [(zh, en) for zh, en, possible, there in wanted if possible and not there]
        return "、".join(zh for zh, _ in lacking), ", ".join(en for _, en in lacking)

    def _legal(self, value: Fraction) -> bool:
        on_step = self.step is None or ((value - self.low) / self.step).denominator == 1
        return self.low <= value <= self.high and on_step

    def _beside(self, way: int) -> Fraction:
        """The nearest value on one side."""
        if self.step is None:
            return self.at + way * Fraction(1, 1000)
        steps = (self.at - self.low) / self.step
        whole = steps.numerator // steps.denominator
        if way > 0:
            return self.low + (whole + 1) * self.step
        return self.low + (whole - (steps.denominator == 1)) * self.step


def border(at: Fraction, node: Node, steps: Mapping[str, Fraction]) -> Border:
    """The border of a value at a number; `steps`: of every cell, the step of its scale."""
    return Border(at, step_of(node, steps), node.shape.lo, node.shape.hi)


def step_of(node: Node, steps: Mapping[str, Fraction]) -> Fraction | None:
    """The step in which a value moves, where it is one recorded value moved, scaled or rounded; else None."""
    node = bare(node)
    if isinstance(node, Cell):
        return steps.get(node.key)
    if isinstance(node, Rounded):
        return Fraction(1, 10**node.how.places)
    if isinstance(node, Panel):
        found = {step_of(each, steps) for each in node.args}
        return found.pop() if node.how.name in _KEEP_STEP and len(found) == 1 and not node.by_standing else None
    if not isinstance(node, Op) or node.op not in ("add", "sub", "abs", "neg", "mul", "max", "min"):
        return None
    moved = [each for each in node.args if not isinstance(bare(each), Const)]
    if len(moved) != 1:
        return None
    step = step_of(moved[0], steps)
    if step is None or node.op != "mul":
        return step
    return step * abs(next(each.value for each in map(bare, node.args) if isinstance(each, Const)))


def comparisons(node: Node) -> Iterator[tuple[Node, Fraction]]:
    """The values that a condition compares with a number, and the number; names are not looked into."""
    stack: list[Node] = [bare(node)]
    while stack:
        each = stack.pop()
        if isinstance(each, Op) and each.op in _COMPARISONS:
            left, right = each.args
            if isinstance(bare(right), Const) and not isinstance(bare(left), Const):
                yield left, right.shape.lo
            elif isinstance(bare(left), Const):
                yield right, left.shape.lo
        stack.extend(part for part in each.parts if not isinstance(part, Named))


def said(value: Fraction) -> str:
    """A border in a message."""
    return number_text(value)
