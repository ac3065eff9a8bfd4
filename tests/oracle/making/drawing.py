"""The few ways in which everything else is drawn."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.oracle.rounding import rounded

Draw = Callable[[Any], Any]
D = Decimal
Table = dict[str, Any]
MODES = ("half_up", "half_even", "down", "up")


def name(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def one_of(draw: Draw, *choices: Any) -> Any:
    return draw(st.sampled_from(choices))


def chance(draw: Draw, of: int) -> bool:
    """True once in `of`; shrinks to no."""
    return bool(draw(st.integers(0, of - 1)) == of - 1)


def rounding(draw: Draw, often: int = 2) -> Table:
    """A `round` key, once in `often`."""
    if not chance(draw, often):
        return {}
    return {"round": {"places": draw(st.integers(0, 3)), "mode": one_of(draw, *MODES)}}


def after_rounding(value: Fraction, rule: Table) -> Fraction:
    result = rounded(value, rule.get("round"))
    assert result is not None
    return result


def decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def texts(values: Any) -> list[str]:
    """Decimals as a device writes them: no trailing zeros, no sign on zero."""
    return [format(value.normalize() + 0, "f") for value in values]
