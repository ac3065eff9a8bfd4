"""Quantities that need the whole field: a place, the best six, a group's mean, an equalising factor, a majority placing.

The field are the entries without a status. If anything that a group's value needs is not known yet, the value is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.rules.nodes import Named, Node, Round
from competition.rules.shapes import Shape

FORMS = (
    "rank", "points", "sum", "mean", "median", "min", "max", "count", "rival", "top", "factor", "majority",
    "standard", "scale_500", "scale_700",
)  # fmt: skip
"""What can be computed across the field; scoring/across.py says how."""

REPORTS = ("standard", "scale_500", "scale_700")
"""Forms with roots or with a field's spread in them: for reports, never for a place."""


@dataclass(frozen=True, slots=True)
class Form:
    """Which form, with what it needs. best: "high" or "low". n: how many are the best.

    points, rest, ties: of "points"; ties also of "top" ("extend", "leave"). pooled, trim, round: of "factor".
    centre, spread, places: of "standard". least, clamp: of the WorldSkills scales. numbering: of "rank".
    """

    name: str
    best: str = "high"
    numbering: str = "1224"
    n: int = 0
    ties: str = ""
    points: tuple[Fraction, ...] = ()
    rest: Fraction = Fraction(0)
    pooled: bool = False
    trim: tuple[int, int] = (0, 0)
    round: Round | None = None
    centre: Fraction = Fraction(0)
    spread: Fraction = Fraction(1)
    places: int = 0
    least: int = 0
    clamp: tuple[Fraction, Fraction] | None = None


@dataclass(frozen=True, eq=False)
class Across(Node):
    """One number per entry that depends on the others.

    of: the values of one entry, one for most forms, one per seat (`seats`) for "majority"; counted: how many of these count,
    those of the first seats that stand. keys: further keys of "top", each (node, "high" | "low"). among: only entries for which
    it holds. by: only within those of the same attribute.
    """

    form: Form
    of: tuple[Node, ...]
    keys: tuple[tuple[Node, str], ...] = ()
    among: Node | None = None
    by: str = ""
    seats: tuple[str, ...] = ()
    counted: Node | None = None

    @property
    def parts(self) -> Sequence[Node]:
        further = [node for node in (self.among, self.counted) if node is not None]
        return (*self.of, *(node for node, _ in self.keys), *further)

    def shape_from(self, parts: Sequence[Shape]) -> Shape:
        form, of = self.form, parts[: len(self.of)]
        if form.name == "points":
            given = [*form.points, form.rest]
            return Shape(0, min(given), max(given))
        if form.name == "top":
            return Shape(1, Fraction(0), Fraction(1))
        if form.name in ("rank", "count", "majority"):
            return Shape(0, Fraction(1), _MANY)
        if form.name in ("mean", "median", "min", "max", "rival"):
            return Shape(0, of[0].lo, of[0].hi)
        if form.name == "sum":
            return Shape(0, min(of[0].lo, of[0].lo * _MANY), max(of[0].hi, of[0].hi * _MANY))
        # A factor and the report scales have no bound that a rule could state.
        return Shape(0, -_MANY, _MANY)


_MANY = Fraction(100_000)
"""More entries than any event has; bounds what is only known once the field is."""


def reports_within(node: Node, seen: set[int]) -> bool:
    """Whether a value rests on a report scale anywhere."""
    if id(node) in seen:
        return False
    seen.add(id(node))
    if isinstance(node, Across) and node.form.name in REPORTS:
        return True
    return any(reports_within(part, seen) for part in node.parts)


def across_below(node: Node, seen: set[int]) -> bool:
    """Whether a value needs the rest of the field, other than by who reached a round."""
    if id(node) in seen or (isinstance(node, Named) and node.name.endswith(REACHED)):
        return False
    seen.add(id(node))
    return isinstance(node, Across) or any(across_below(part, seen) for part in node.parts)


REACHED = ".reached"
"""Ends the name of the step that says whether an entry is in a round."""


def rounds_below(node: Node, seen: set[int]) -> set[str]:
    """The steps `round.reached` that a value rests on anywhere."""
    if id(node) in seen:
        return set()
    seen.add(id(node))
    own = {node.name} if isinstance(node, Named) and node.name.endswith(REACHED) else set()
    return own.union(*(rounds_below(part, seen) for part in node.parts))
