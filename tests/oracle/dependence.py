"""Which rounds a formula depends on: whose `reached` stands anywhere below it."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from .formula import combined_in, names_in, tree_of


class Dependence:
    """Asked of names and formulas of one rule file; static, so that it holds for every entry."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self.rules, self.order = rules, list(rules.get("rounds", {}))
        self.of_name, self.of_module = cache(self._of_name), cache(self._of_module)
        self.of_reaching, self.of_total = cache(self._of_reaching), cache(self._of_total)

    def of_formula(self, text: str) -> set[str]:
        """Raw values depend on nothing; put together by their sheet they are as unknown as the sheet in a round not reached."""
        tree = tree_of(text)
        sheets = {name.split(".")[0] for name in combined_in(tree)} & set(self.rules["modules"])
        return self._all(map(self.of_name, names_in(tree))) | self._all(map(self._of_sheets, sheets))

    def later(self, module: str) -> str:
        """The later round the module belongs to, or nothing: the first is everybody's."""
        stage = self.rules["modules"][module].get("round")
        return stage if isinstance(stage, str) and stage != self.order[0] else ""

    def spoken_of(self, when: str) -> set[str]:
        """The later rounds whose modules a condition speaks of."""
        heads = {name.split(".")[0] for name in names_in(tree_of(when))}
        return {stage for module in heads & set(self.rules["modules"]) if (stage := self.later(module))}

    def _of_name(self, name: str) -> set[str]:
        rules = self.rules
        head, _, rest = name.partition(".")
        if head in rules["modules"] and rest:
            if any(over["id"] == rest for over in rules["modules"][head].get("overtime", [])):
                return set()  # silent: a time is neither the module nor a sheet of it; it is what was recorded
            return set() if rest.endswith(".value") else self._of_sheets(head)
        if head in rules["modules"]:
            return self.of_module(head)
        if head in rules["parts"]:
            return self._of_part(head)
        if head in self.order:
            return self.of_reaching(head) if rest else self.of_formula(rules["rounds"][head]["points"])
        if head in rules.get("quantities", {}):
            return self.of_formula(rules["quantities"][head]["formula"])
        if head in rules.get("across", {}):
            return self.of_across(rules["across"][head])
        return self.of_total() if head == "total" else set()

    def of_across(self, rule: Mapping[str, Any]) -> set[str]:
        keys = [self.of_name(key["by"]) for key in rule.get("keys", [])]
        return self._all([self.of_formula(rule["of"]), self.of_formula(rule.get("among", "0")), *keys])

    def _of_part(self, part: str) -> set[str]:
        modules = [m for m, rule in self.rules["modules"].items() if rule["part"] == part]
        own = [self.of_module(m) for m in modules]
        return self._all(own) | self.of_formula(self.rules["parts"][part].get("points", "0"))

    def _of_module(self, module: str) -> set[str]:
        """Its sheets, and what its formula asks for beside them."""
        rule = self.rules["modules"][module]
        local = {*rule["sheets"], *[over["id"] for over in rule.get("overtime", [])]}
        asked = [name for name in names_in(tree_of(rule.get("points", "0"))) if name.split(".")[0] not in local]
        return self._of_sheets(module) | self._all(self.of_name(name) for name in asked)

    def _of_sheets(self, module: str) -> set[str]:
        """The module's round, and the vetoes that can zero something in it."""
        stage = self.later(module)
        vetoes = [
            self.of_formula(veto["when"]) | self._all(map(self.of_reaching, self.spoken_of(veto["when"]) - {stage}))
            for veto in self.rules.get("vetoes", [])
            if any(target.split(".")[0] == module for target in veto.get("zero", []))
        ]
        return self._all(vetoes) | (self.of_reaching(stage) if stage else set())

    def _of_reaching(self, stage: str) -> set[str]:
        """A round's `reached` depends on itself and on everything that the way into it asks."""
        at = self.order.index(stage)
        if at == 0:
            return set()
        before, rule = self.order[at - 1], self.rules["rounds"][stage]["from"]
        keys = [self.of_name(key["by"]) for key in rule.get("keys", [])]
        asked = self.of_formula(rule["pass"]) if "pass" in rule else self.of_name(before)
        return {stage} | self.of_reaching(before) | asked | self._all(keys)

    def _of_total(self) -> set[str]:
        """Which round is an entry's last depends on all of them, unless the total has a formula of its own."""
        if "points" in self.rules["total"]:
            own = self.of_formula(self.rules["total"]["points"])
        elif self.order:
            own = set(self.order[1:])
        else:
            own = self._all(self._of_part(part) for part in self.rules["parts"])
        conditions = [veto["when"] for veto in self.rules.get("vetoes", []) if "status" in veto]
        return own | self._all(self.of_formula(when) for when in conditions)

    @staticmethod
    def _all(sets: Iterable[set[str]]) -> set[str]:
        return set().union(*sets)
