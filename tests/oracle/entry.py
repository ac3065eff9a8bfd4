"""One entry's marks under the rules: sheets, overtime, vetoes, modules, parts, quantities, total."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .formula import Value, evaluate
from .rounding import rounded
from .sheet import Sheet

Cells = Mapping[tuple[str, str, str, str], str]


class EntryScore:
    """Everything that can be said of one entry. `marks` and `keys`: (module, sheet, seat, item) -> text."""

    def __init__(
        self, rules: Mapping[str, Any], entry: dict[str, str], marks: Cells, keys: Cells, absent: set[str]
    ) -> None:
        self.rules = rules
        self.modules = rules["modules"]
        self.declared = entry["status"]
        self.sheets = {
            (m, s): Sheet(rules, m, s, entry, marks, keys, absent)
            for m in self.modules
            for s in self.modules[m]["sheets"]
        }
        self.overtimes = {rule["id"]: (m, rule) for m in self.modules for rule in self.modules[m].get("overtime", [])}
        self.zeroed: set[str] = set()  # module ids
        self.in_doubt: set[str] = set()
        self.statuses: list[str] = []
        self.status_in_doubt = False
        self._vetoes()

    def status(self) -> str:
        """What was declared stands; else what overtime or a veto does."""
        return self.declared or (self.statuses[0] if self.statuses else "")

    def names(self) -> list[str]:
        """Everything with a name of its own."""
        return [*self.rules["parts"], *self.modules, *self.overtimes, *self.rules.get("quantities", {})]

    def within(self) -> dict[str, Fraction | None]:
        """Inside the modules: module.overtime, module.sheet, and module.sheet@n for what seat n gave."""
        values = {f"{module}.{name}": self.overtime(name) for name, (module, _) in self.overtimes.items()}
        for (module, name), sheet in self.sheets.items():
            values[f"{module}.{name}"] = sheet.combined()
            values |= {f"{module}.{name}@{seat.rpartition('.')[2]}": sheet.of_seat(seat) for seat in sheet.seats}
        return values

    def total(self) -> Fraction | None:
        """Exact. With a condition that decides on a status not known yet, neither is the total."""
        if self.status_in_doubt:
            return None
        rule = self.rules["total"]
        if "points" in rule:
            return self._evaluate(rule["points"])
        value = Fraction(0)
        for part, content in self.rules["parts"].items():
            points = self.part(part)
            if points is None:
                return None
            value += points * Fraction(content["weight"]) / 100
        return value

    def part(self, part: str) -> Fraction | None:
        """Its formula or the sum of its modules; floor, rescale once, round."""
        rule = self.rules["parts"][part]
        if "points" in rule:
            value = self._evaluate(rule["points"])
        else:
            value = _added([self.module(m) for m in self.modules if self.modules[m]["part"] == part])
        value = _floored(value, rule)
        if value is not None and "rescale" in rule:
            value = value * Fraction(rule["rescale"]["to"]) / Fraction(rule["rescale"]["from"])
        return rounded(value, rule.get("round"))

    def module(self, module: str) -> Fraction | None:
        """Its formula, or the sum of its sheets minus its overtimes; floor, round. A veto makes it zero."""
        if module in self.zeroed:
            return Fraction(0)
        if module in self.in_doubt:
            return None
        rule = self.modules[module]
        if "points" in rule:
            value = self._evaluate(rule["points"], module)
        else:
            minus = [self.overtime(over["id"]) for over in rule.get("overtime", [])]
            value = _added([self.sheets[module, s].combined() for s in rule["sheets"]])
            lost = _added(minus)
            value = None if value is None or lost is None else value - lost
        return rounded(_floored(value, rule), rule.get("round"))

    def overtime(self, name: str) -> Fraction | None:
        """Each started `per` seconds over the limit costs `points`, at most `cap`."""
        over = self._over(name)
        if over is None or over <= 0:
            return over if over is None else Fraction(0)
        rule = self.overtimes[name][1]
        cost = math.ceil(over / Fraction(rule["per"])) * Fraction(rule["points"])
        return min(cost, Fraction(rule["cap"])) if "cap" in rule else cost

    def named(self, name: str) -> Fraction | None:
        """A part, module, overtime, quantity or the total by its id."""
        if name in self.rules["parts"]:
            return self.part(name)
        if name in self.modules:
            return self.module(name)
        if name in self.overtimes:
            return self.overtime(name)
        if name == "total":
            return rounded(self.total(), self.rules["total"].get("round"))
        return self._evaluate(self.rules["quantities"][name]["formula"])

    def condition(self, text: str) -> bool | None:
        """A `needs` or a `when`."""
        return self._evaluate(text)

    def _over(self, name: str) -> Fraction | None:
        module, rule = self.overtimes[name]
        sheet, item = rule["time"].split(".")
        time = self.sheets[module, sheet].seats_of(f"{item}.value")
        return None if time is None or time[0] is None else time[0] - Fraction(rule["limit"])

    def _evaluate(self, text: str, module: str = "") -> Value:
        value = evaluate(text, lambda name: self._lookup(name, module), self._combined)
        if isinstance(value, list):
            (value,) = value
        return value

    def _lookup(self, name: str, module: str) -> Value:
        head, *rest = name.split(".")
        if not rest:
            return self.sheets[module, head].combined() if (module, head) in self.sheets else self.named(head)
        sheet = self.sheets[head, rest[0]]
        return sheet.seats_of(".".join(rest[1:])) if rest[1:] else sheet.combined()

    def _combined(self, name: str) -> Value:
        module, sheet, *rest = name.split(".")
        return self.sheets[module, sheet].combined(".".join(rest))

    def _vetoes(self) -> None:
        """Overtime out and vetoes, all judged on the marks as they stand before any zero."""
        for name, (_, rule) in self.overtimes.items():
            over = self._over(name)
            if "out" in rule and over is not None and over > Fraction(rule["out"]["over"]):
                self.statuses.append(rule["out"]["status"])
            self.status_in_doubt |= "out" in rule and over is None
        judged = [(veto, self.condition(veto["when"])) for veto in self.rules.get("vetoes", [])]
        for veto, happened in judged:
            if "status" in veto:
                self.statuses += [veto["status"]] if happened else []
                self.status_in_doubt |= happened is None
            for target in veto.get("zero", []):
                if happened is not False:
                    self._zero(target, in_doubt=happened is None)

    def _zero(self, target: str, in_doubt: bool) -> None:
        """A module's zero is its sheets' zero too; a zero that is in doubt leaves the points not known."""
        module, *rest = target.split(".")
        if not rest:
            (self.in_doubt if in_doubt else self.zeroed).add(module)
        for sheet in rest[:1] or self.modules[module]["sheets"]:
            self.sheets[module, sheet].zero(rest[1] if rest[1:] else "", in_doubt)


def _added(values: list[Fraction | None]) -> Fraction | None:
    return None if any(value is None for value in values) else sum((v for v in values if v is not None), Fraction(0))


def _floored(value: Fraction | None, rule: Mapping[str, Any]) -> Fraction | None:
    return value if value is None or "floor" not in rule else max(value, Fraction(rule["floor"]))
