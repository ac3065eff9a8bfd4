"""One entry's marks under the rules: sheets, overtime, vetoes, modules, parts, quantities, rounds, total. Worked out when asked."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

from .dependence import Dependence
from .formula import names_in, tree_of
from .marking import Around, Cells
from .overtime import Overtime
from .rounding import rounded
from .sheet import Sheet, added
from .working import Value, World, evaluate

NOTHING = Fraction(0)


class Others(Protocol):
    """What one entry may ask about the whole event."""

    dependence: Dependence

    def reached(self, entry: str, round_name: str) -> bool: ...

    def across(self, entry: str, name: str) -> Fraction | None: ...

    def given(self, name: str) -> Fraction | None: ...  # an input


class EntryScore:
    """Everything that can be said of one entry. `marks` and `keys`: (module, sheet, seat, item) -> text."""

    def __init__(
        self,
        rules: Mapping[str, Any],
        row: Mapping[str, str],
        marks: Cells,
        keys: Cells,
        absent: set[str],
        others: Others,
    ) -> None:
        self.rules, self.row, self.id, self.others = rules, row, row["entry"], others
        self.modules: Mapping[str, Any] = rules["modules"]
        self.world = World(self._lookup, self._combined, self.holds, rules.get("tables", {}))
        around = Around(rules, marks, keys, self.attribute, self.world)
        self.sheets = {
            (m, s): Sheet(around, m, s, absent, self._sheet_applies(m, s), self._zero(m, s))
            for m in self.modules
            for s in self.modules[m]["sheets"]
        }
        self.overtimes = {
            rule["id"]: Overtime(rule, m, self.sheets[m, rule["time"].split(".")[0]])
            for m in self.modules
            for rule in self.modules[m].get("overtime", [])
        }
        self.vetoes = {veto["id"]: veto for veto in rules.get("vetoes", [])}
        self.named, self.module = cache(self._named), cache(self._module)
        self.veto = cache(self._veto)
        self.applies = cache(self._applies)

    def attribute(self, name: str) -> str | None:
        """Not known: not given, or not among the values the rules list."""
        value = self.row.get(name) or None
        rule = self.rules.get("attributes", {}).get(name, {})
        return value if rule.get("any") or value in rule.get("values", {}) else None

    def holds(self, attribute: str, value: str) -> bool | None:
        found = self.attribute(attribute)
        return None if found is None else found == value

    def status(self, known: frozenset[str] | None = None) -> str:
        """What was declared stands; else what overtime or a veto does; of later rounds only those `known`, if said."""
        return self.row.get("status", "") or next((s for s, holds in self._statuses(known) if holds), "")

    def names(self) -> list[str]:
        """Everything with a name of its own, of this entry."""
        rules = self.rules
        steps = [name for one in rules.get("rounds", {}) for name in (one, f"{one}.reached")]
        own = [*rules["parts"], *self.modules, *self.overtimes, *rules.get("quantities", {})]
        return [*own, *rules.get("across", {}), *steps]

    def within(self) -> dict[str, Fraction | None]:
        """Inside the modules: module.overtime, module.sheet, and module.sheet@n for what seat n gave."""
        values = {f"{over.module}.{name}": self.named(name) for name, over in self.overtimes.items()}
        for (module, name), sheet in self.sheets.items():
            values[f"{module}.{name}"] = sheet.combined()
            if sheet.applies():
                values |= {f"{module}.{name}@{seat.rpartition('.')[2]}": sheet.of_seat(seat) for seat in sheet.seats}
        return values

    def total(self) -> Fraction | None:
        """Exact, not below its floor. With a condition that decides on a status not known yet, neither is the total."""
        in_doubt = any(holds is None for _, holds in self._statuses())
        return None if in_doubt else _floored(self._total(), self.rules["total"])

    def _total(self) -> Fraction | None:
        if "points" in self.rules["total"]:
            return self.number(self.rules["total"]["points"])
        if "rounds" in self.rules:
            return self.named(self.last_round())
        parts = self.rules["parts"]
        return added([_times(self._part(part), Fraction(parts[part]["weight"]) / 100) for part in parts])

    def last_round(self) -> str:
        """The last round this entry reached; everybody reaches the first."""
        return [name for name in self.rules["rounds"] if self.others.reached(self.id, name)][-1]

    def passed(self) -> bool | None:
        return self.evaluate(self.rules["pass"]["when"]) if "pass" in self.rules else None

    def evaluate(self, text: str) -> Value:
        """A formula or a condition."""
        return evaluate(text, self.world)

    def number(self, text: str, here: Callable[[str], Value] | None = None) -> Fraction | None:
        """A formula that is to give a number; a condition counts 1 or 0. `here`: names that go before all others."""
        value = evaluate(text, self.world if here is None else replace(self.world, names=here))
        return Fraction(value) if isinstance(value, bool) else value

    def _named(self, name: str) -> Fraction | None:
        """A part, module, overtime, quantity, input, across, round or the total by its id."""
        rules = self.rules
        if name == "total":
            return rounded(self.total(), rules["total"].get("round"))
        if name in rules["parts"]:
            return self._part(name)
        if name in self.modules:
            return self.module(name)
        if name in self.overtimes:
            return self.overtimes[name].cost()
        if name in rules.get("quantities", {}):
            return self.number(rules["quantities"][name]["formula"])
        if name in rules.get("inputs", {}):
            return self.others.given(name)
        if name in rules.get("across", {}):
            return self.others.across(self.id, name)
        round_name, _, reached = name.partition(".")
        if reached:
            return Fraction(self.others.reached(self.id, round_name))
        return self.number(rules["rounds"][round_name]["points"])

    def _part(self, part: str) -> Fraction | None:
        """Its formula or the sum of its modules; floor, rescale once, round."""
        rule, modules = self.rules["parts"][part], [m for m in self.modules if self.modules[m]["part"] == part]
        if "points" in rule:
            value = self.number(rule["points"], lambda name: (self.module if name in modules else self._lookup)(name))
        else:
            value = added([self.module(m) for m in modules])
        return _finished(value, rule)

    def _module(self, module: str) -> Fraction | None:
        """Zero where it does not apply, by a veto or by overtime; else its formula or sheets minus overtimes; floor, round."""
        zeros = [self.veto(v) for v, rule in self.vetoes.items() if module in rule.get("zero", [])]
        zeros += [over.zeroes() for over in self.overtimes.values() if over.module == module]
        zeroed = True if True in zeros else None if None in zeros else False
        if not self.reaches(module):
            return None
        return self._where(self.among(module), lambda: self._where(_opposite(zeroed), lambda: self._worked(module)))

    def _worked(self, module: str) -> Fraction | None:
        rule = self.modules[module]
        if "points" in rule:
            value = self.number(rule["points"], lambda name: self._lookup_in(module, name))
        else:
            lost = [self.named(over["id"]) for over in rule.get("overtime", [])]
            sheets = [self.sheets[module, s].combined() for s in rule["sheets"]]
            value = added([*sheets, *[_times(cost, Fraction(-1)) for cost in lost]])
        return _finished(value, rule)

    @staticmethod
    def _where(condition: bool | None, value: Callable[[], Fraction | None]) -> Fraction | None:
        """The value where the condition holds, nothing where it does not."""
        return None if condition is None else value() if condition else NOTHING

    def among(self, module: str) -> bool | None:
        """Whether the entry is one of those the module is for."""
        return self._among(self.modules[module].get("only", {}))

    def reaches(self, module: str) -> bool:
        """A module of a round has no value for those who did not reach it."""
        stage = self.modules[module].get("round")
        return not isinstance(stage, str) or self.others.reached(self.id, stage)

    def _applies(self, module: str) -> bool | None:
        return self.among(module) if self.reaches(module) else False

    def _sheet_applies(self, module: str, sheet: str) -> Callable[[], bool | None]:
        """Whether points on the sheet are the entry's; unknown, too, in a round it did not reach."""
        only = self.modules[module]["sheets"][sheet].get("only", {})
        return lambda: _both(self.among(module), self._among(only)) if self.reaches(module) else None

    def _among(self, only: Mapping[str, list[str]]) -> bool | None:
        found = [None if (a := self.attribute(name)) is None else a in values for name, values in only.items()]
        return _both(*found)

    def _statuses(self, known: frozenset[str] | None = None) -> list[tuple[str, bool | None]]:
        """Every condition that would put the entry out, in the order of the file: overtimes, then vetoes."""
        counts = lambda rounds: known is None or rounds <= known  # noqa: E731
        later = self.others.dependence
        found = [
            (over.rule["out"]["status"], _both(self.applies(over.module), over.out()))
            for over in self.overtimes.values()
            if "status" in over.rule.get("out", {}) and counts({later.later(over.module)} - {""})
        ]
        vetoes = [(v, rule) for v, rule in self.vetoes.items() if "status" in rule]
        return found + [(rule["status"], self.veto(v)) for v, rule in vetoes if counts(later.spoken_of(rule["when"]))]

    def _veto(self, veto: str) -> bool | None:
        """False, not unknown, where it speaks of a module or a sheet that does not apply to this entry."""
        when = self.vetoes[veto]["when"]
        spoken_of = [name.split(".") for name in names_in(tree_of(when)) if name.split(".")[0] in self.modules]
        there = [self.applies(name[0]) for name in spoken_of]
        there += [self.sheets[name[0], name[1]].applies() for name in spoken_of if len(name) > 1]
        return _both(*there, self.evaluate(when))

    def _zero(self, module: str, sheet: str) -> Callable[[str], bool | None]:
        """Is the sheet (""), one of its sections or items zeroed? A module's zero is its sheets' zero too."""

        def zeroed(target: str) -> bool | None:
            targets = {f"{module}.{sheet}.{target}"} if target else {f"{module}.{sheet}", module}
            found = [self.veto(v) for v, rule in self.vetoes.items() if targets & set(rule.get("zero", []))]
            return True if True in found else None if None in found else False

        return zeroed

    def _lookup(self, name: str) -> Value:
        head, *rest = name.split(".")
        if head not in self.modules or not rest:
            return self.named(name)
        if rest[0] in self.overtimes:
            return self.named(rest[0])
        sheet = self.sheets[head, rest[0]]
        return sheet.row(".".join(rest[1:])) if rest[1:] else sheet.combined()

    def _lookup_in(self, module: str, name: str) -> Value:
        """In a module's own formula its sheets, and what is on them, go without the module's name, before all other names."""
        return self._lookup(f"{module}.{name}" if (module, name.split(".")[0]) in self.sheets else name)

    def _combined(self, name: str) -> Value:
        module, sheet, *rest = name.split(".")
        return self.sheets[module, sheet].combined(".".join(rest))


def _times(value: Fraction | None, factor: Fraction) -> Fraction | None:
    return None if value is None else value * factor


def _opposite(condition: bool | None) -> bool | None:
    return None if condition is None else not condition


def _both(*sides: bool | None) -> bool | None:
    return False if False in sides else None if None in sides else True


def _finished(value: Fraction | None, rule: Mapping[str, Any]) -> Fraction | None:
    """Floor, rescale once, round. `round` as a word is no rounding: it names the round a module belongs to."""
    value = _floored(value, rule)
    if value is not None and "rescale" in rule:
        value = value * Fraction(rule["rescale"]["to"]) / Fraction(rule["rescale"]["from"])
    how = rule.get("round")
    return rounded(value, how if isinstance(how, Mapping) else None)


def _floored(value: Fraction | None, rule: Mapping[str, Any]) -> Fraction | None:
    return value if value is None or "floor" not in rule else max(value, Fraction(rule["floor"]))
