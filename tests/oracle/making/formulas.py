"""Strategies for formulas and conditions outside the sheets."""

from dataclasses import dataclass, field

from .drawing import D, Draw, chance, one_of
from .sheets import HIGHEST, Made

REDUCED = ("sum", "mean", "median", "min", "max")


@dataclass
class Known:
    """The names a formula may use so far. `reports`: scales that no total, key, award or round may depend on."""

    made: list[Made]
    parts: list[str]
    modules: list[str]
    overtimes: list[str]
    names: list[str] = field(default_factory=list)  # quantities, across, rounds
    reports: list[str] = field(default_factory=list)

    def numbers(self) -> list[str]:
        return [*self.parts, *self.modules, *self.overtimes, *self.names]


def formula(draw: Draw, known: Known) -> str:
    """A number: of one sheet's seats, or of named numbers."""
    return (
        _of_names(draw, known) if known.names and chance(draw, 3) else _of_sheet(draw, one_of(draw, *known.made), known)
    )


def condition(draw: Draw, known: Known) -> str:
    """True or false for an entry."""
    a = one_of(draw, *known.numbers())
    shapes = [f"{a} >= {one_of(draw, 0, 1, 5, 30, 60)}", f"{a} < cut", "is(tint, red)", "not is(tint, blue)"]
    shapes.append(f"is(tint, red) or {a} > 1")
    shapes.append(f"count({a} > 0, {one_of(draw, *known.modules)} > 2) == 2")
    return str(one_of(draw, *shapes))


def _of_names(draw: Draw, known: Known) -> str:
    a, b = one_of(draw, *known.numbers()), one_of(draw, *known.numbers())
    return str(
        one_of(
            draw,
            f"{a} + {b}",
            f"{a} - 0.5 * {b}",
            f"{a} / max({b}, 1)",
            f"10 * {a} / clamp({b}, 1, 100)",
            f"min({a}, {b}, cut)",
            f"if({a} > {b}, {a}, {b} + 1)",
            f"if(is(tint, red), {a}, 2 * {b})",
            f"if({a} >= cut, 1, 0)",
            f"when({a} >= cut, {b})",
            f"lookup({a}, {one_of(draw, *HIGHEST)})",
            f"count({a} > 1, {b} > 1, is(tint, blue))",
            f"3 * ({a} == {b}) + ({a} > 0)",
            f"round({a} / 3, 1)",
            f"ceil({a}) - floor({b})",
        )
    )


def _of_sheet(draw: Draw, sheet: Made, known: Known) -> str:
    """Reductions over seats, the sheet's own method, one-seat sheets bare, the sheet itself."""
    where = [f"{sheet.path}.{section['id']}" for section in sheet.scoring()]
    where += [f"{sheet.path}.{item.id}" for item, samples in sheet.items() if samples == [""] and item.scores]
    where += [f"{sheet.path}.{item.id}.value" for item in sheet.plain()]
    cups = [
        f"{sheet.path}.{item.id}{sample}{value}"
        for item, samples in sheet.items()
        if samples != [""] and item.numeric and item.values
        for sample in ("", f"@{samples[0]}")
        for value in (".value", "" if item.scores else ".value")
    ]
    if cups and chance(draw, 3):
        return _over_cups(draw, sheet, one_of(draw, *cups))
    if not where or chance(draw, 5):
        return sheet.path
    what = one_of(draw, *where)
    if chance(draw, 4):
        return f"combined({what})"
    if sheet.seats == 1:
        return str(
            one_of(
                draw,
                what,
                f"clamp({what}, 1, 3)",
                f"max({what}, cut)",
                f"lookup({what}, waste)",
                f"sum({what}, {one_of(draw, *where)}, 2)",
                f"count({what} > 1, {one_of(draw, *where)} > 0)",
                f"median({what} > 1)",
            )
        )
    if chance(draw, 3):
        return f"{one_of(draw, *REDUCED)}({what})"
    return _over_seats(draw, what, one_of(draw, *where), known)


def _over_cups(draw: Draw, sheet: Made, what: str) -> str:
    """A name that may stand for several samples of every seat."""
    if "@" in what and sheet.seats == 1:
        return what
    return (
        f"{one_of(draw, *REDUCED, 'count')}({what}{one_of(draw, ' > 1', ' == 0')})"
        if chance(draw, 3)
        else (f"{one_of(draw, *REDUCED)}({what})")
    )


def _over_seats(draw: Draw, one: str, other: str, known: Known) -> str:
    """Rows go one by one before they are reduced."""
    edge, reduced = one_of(draw, D(0), D(1), D("2.5")), one_of(draw, *REDUCED)
    row = one_of(
        draw,
        f"{one} - median({one})",
        f"abs({one} - mean({one}))",
        f"clamp({one}, 0, {edge})",
        f"min({one}, {edge})",
        f"max({one}, {other})",
        f"2 * {one} + {edge}",
        f"if({one} >= {edge}, {one}, {other})",
        f"if(is(tint, red), {one}, {edge})",
        f"{one} / max({other}, 1)",
        f"lookup({one}, waste)",
        f"{one} * ({one} > {edge})",
        f"-{one}",
    )
    held = one_of(
        draw, f"{one} > {edge}", f"{one} >= {other} and not {one} == {edge}", f"{one} < {edge} or {other} > 1"
    )
    return str(
        one_of(
            draw,
            f"{reduced}({row})",
            f"count({held})",
            f"best({row}, 1)",
            f"max({one}) - min({one})",
            f"combined({row})",
            f"round({reduced}({row}), 1)",
            f"{reduced}({one}) / max({one_of(draw, *known.modules)}, 1)",
            f"sum({held})",
        )
    )
