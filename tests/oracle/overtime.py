"""Time taken beyond the limit: what it costs, and when it puts the entry or the module out."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .bands import band_points
from .sheet import Sheet


class Overtime:
    """One overtime rule of one module; `sheet` holds the clock's item."""

    def __init__(self, rule: Mapping[str, Any], module: str, sheet: Sheet) -> None:
        self.rule, self.module, self.sheet = rule, module, sheet

    def over(self) -> Fraction | None:
        """Seconds beyond the limit; below it a negative number."""
        time = self.sheet.row(f"{self.rule['time'].split('.')[1]}.value")
        return None if time is None else time - Fraction(self.rule["limit"])

    def cost(self) -> Fraction | None:
        """By bands of seconds over; or each started `per` seconds costs `points`, at most `cap`. Not over: nothing."""
        over = self.over()
        if over is None or over <= 0:
            return None if over is None else Fraction(0)
        if "bands" in self.rule:
            return band_points(self.rule["bands"], over)
        cost = math.ceil(over / Fraction(self.rule["per"])) * Fraction(self.rule["points"])
        return min(cost, Fraction(self.rule["cap"])) if "cap" in self.rule else cost

    def out(self) -> bool | None:
        over = self.over()
        return None if over is None else over > Fraction(self.rule["out"]["over"])

    def zeroes(self) -> bool | None:
        """Whether the module is worth nothing for it."""
        return self.out() if self.rule.get("out", {}).get("zero") == "module" else False
