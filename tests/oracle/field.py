"""The whole event: its entries, its inputs, and what one entry's number may depend on in the others."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from .across import better, factors, worked_out
from .dependence import Dependence
from .entry import EntryScore
from .placing import Better, best_n
from .working import Row, Value

Rules = Mapping[str, Any]
Mark = tuple[str, str, str, str, str, str]  # entry, module, sheet, seat, item, value text
Cells = dict[tuple[str, str, str, str], str]


class Field:
    """Every entry of the event, by id."""

    def __init__(
        self, rules: Rules, marks: Iterable[Mark], entries: list[dict[str, str]], absences: Iterable[tuple[str, str]]
    ) -> None:
        self.rules = rules
        cells: dict[str, Cells] = {}
        for entry, module, sheet, seat, item, value in marks:
            cells.setdefault(entry, {})[module, sheet, seat, item] = value
        self.common, away = cells.get("*", {}), set(absences)
        self.scores = {}
        for row in entries:
            name = row["entry"]
            absent = {seat for who, seat in away if who in ("*", name)}
            self.scores[name] = EntryScore(rules, row, cells.get(name, {}), self.common, absent, self)
        self.dependence = Dependence(rules)
        self.members = cache(self._members)
        self.reaching = cache(self._reaching)
        self.worked = cache(self._worked)

    def given(self, name: str) -> Fraction | None:
        """An input: what an official gave for the whole event."""
        text = self.common.get(("event", "inputs", "input", name))
        return None if text is None else Fraction(text)

    def reached(self, entry: str, round_name: str) -> bool:
        return entry in self.reaching(round_name)

    def across(self, entry: str, name: str) -> Fraction | None:
        nothing = Fraction(0) if self.rules["across"][name]["how"] == "top" else None
        return self.worked(name).get(entry, nothing)

    def _members(self, known: frozenset[str] | None = None) -> list[EntryScore]:
        """The field: entries without a status, neither recorded nor by the rules' own conditions.

        `known`: for what itself decides who reaches a round; then of the conditions on modules of later rounds only those
        of these rounds count.
        """
        return [score for score in self.scores.values() if not score.status(known)]

    def _reaching(self, round_name: str) -> set[str]:
        """Everybody reaches the first round; an official's admission stands for the entry it is given to."""
        order = list(self.rules["rounds"])
        place = order.index(round_name)
        computed = self._computed(round_name, order[place - 1]) if place else set(self.scores)
        admitted = {name: score.row.get("admitted") or "" for name, score in self.scores.items()}
        by_hand = {name for name, last in admitted.items() if last and place <= order.index(last)}
        return by_hand | {name for name in computed if not admitted[name] or place == 0}

    def _computed(self, round_name: str, before: str) -> set[str]:
        """Of those who reached the round before: the best of them by its points, or those who pass."""
        rule = self.rules["rounds"][round_name]["from"]
        candidates = self.reaching(before)
        if "pass" in rule:
            return {name for name in candidates if self.scores[name].evaluate(rule["pass"]) is True}
        known = frozenset(self.dependence.of_reaching(round_name) - {round_name})
        running = [score for score in self.members(known) if score.id in candidates]
        groups: dict[str | None, list[EntryScore]] = {}
        for score in running:
            groups.setdefault(score.attribute(rule["by"]) if "by" in rule else "", []).append(score)
        groups.pop(None, None)
        chosen = set()
        for group in groups.values():
            if any(one.named(before) is None for one in group):
                continue
            merits = {one.id: [better(one.named(before), rule["best"]), *self._keys(rule, one)] for one in group}
            chosen |= {one for one, chose in best_n(merits, int(rule["top"]), rule["ties"]).items() if chose}
        return chosen

    def _worked(self, name: str) -> dict[str, Fraction | None]:
        """The entries that have a value, with it; the others have none ("top": 0)."""
        rule = self.rules["across"][name]
        groups, unknown = self._groups(rule)
        if rule["how"] == "factor":
            found = {} if unknown else factors(rule, groups)
            return {entry: found.get(key) for key, group in groups.items() for entry in group if found}
        result: dict[str, Fraction | None] = {}
        for key, group in groups.items():
            if key in unknown:
                result |= dict.fromkeys(group)
            else:
                result |= worked_out(rule, group, lambda entry: self._keys(rule, self.scores[entry]))
        return result

    def _groups(self, rule: Rules) -> tuple[dict[str, dict[str, Value]], set[str]]:
        """Group -> entry -> value, and the groups in which something is not known."""
        groups: dict[str, dict[str, Value]] = {}
        unknown = set()
        for score in self.members(frozenset(self.dependence.of_across(rule))):
            key = score.attribute(rule["by"]) if "by" in rule else ""
            among = score.evaluate(rule["among"]) if "among" in rule else True
            if key is None or among is False:
                continue
            value = score.evaluate(rule["of"]) if rule["how"] == "majority" else score.number(rule["of"])
            if among is None or _is_open(value):
                unknown.add(key)
            groups.setdefault(key, {})[score.id] = value
        return groups, unknown

    @staticmethod
    def _keys(rule: Rules, score: EntryScore) -> Better:
        return [better(score.named(key["by"]), key["best"]) for key in rule.get("keys", [])]


def _is_open(value: Value) -> bool:
    """Not known, or a row with a place that is not."""
    return value is None or (isinstance(value, Row) and (not value.stands or None in value.values))
