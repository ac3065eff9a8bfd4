"""Marks and rules in, standings out; touches nothing else.

The plan's named steps are computed in order over integer columns (`exact`), those that integers can't carry in fractions
(`fractions`, `across`); then entries are ranked (`ranking`), awards given (`awards`) and lists made (`lists`). The same
function serves the command line, the live standings, releases and certificates.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.field import Across, rounds_below
from competition.rules.items import cell_key
from competition.scoring import piles
from competition.scoring.across import across
from competition.scoring.awards import give
from competition.scoring.entries import Wide, column
from competition.scoring.fractions import Reader
from competition.scoring.frames import wide
from competition.scoring.lists import make_list
from competition.scoring.piles import Given
from competition.scoring.plan import Plan, across_within, plan
from competition.scoring.ranking import Row, rank
from competition.scoring.result import Numbers, Result, Standing, Values, comparable
from competition.scoring.spread import far_apart

Facts = dict[str, list[Any]]
"""Conditions of the rules and counts of required marks, by name: a value for every entry."""


def score(rules: Rules, marks: pl.DataFrame, entries: pl.DataFrame, *, absences: pl.DataFrame | None = None) -> Result:
    """Standings from the current marks; frames as `competition.scoring.frames` says. Nothing raises for bad marks:
    they are findings, and an entry with a mark missing has no total and no rank.
    """
    return standings(rules, *wide(rules, marks, entries, absences))


def score_piles(rules: Rules, given: Given) -> Result:
    """Standings from an event's sheets as the store hands them over: the same as `score` of the same marks, sooner."""
    return standings(rules, *piles.wide(rules, given))


def standings(rules: Rules, table: Wide, findings: Sequence[Finding]) -> Result:
    """Standings from a wide table; `findings` are what making it noticed."""
    made = plan(rules)
    table = made.run(table)
    rows, readers, noticed = _rows(made, table)
    _decisions(rows, table)
    ranked = rank(rules, rows)
    awards, award_findings = give(rules, ranked)
    noticed += award_findings + far_apart(rules, made.gaps, table, rows) + _unknown_choices(rules, table)
    noticed += _beyond(rules, table, rows)
    shown = tuple(
        Standing(
            entry=row.entry, rank=row.rank, tied=row.tied, decided_by=row.decided_by, status=row.status,
            total=None if row.status else row.texts["total"], award=awards.get(row.entry), values=row.texts,
            missing=row.missing, expected=row.expected, passed=row.passed,
        )
        for row in ranked
    )  # fmt: skip
    lists = {each.id: make_list(each, rows, readers) for each in rules.lists}
    numbers = {row.entry: row.numbers for row in rows}
    return Result(rules, shown, (*findings, *noticed, *_unbroken(rules, shown)), numbers, table, lists)


def _rows(made: Plan, table: Wide) -> tuple[list[Row], list[Reader], list[Finding]]:
    """A row per entry, with readers of the whole table where something is left for fractions."""
    facts = {name: table.values(name) for name in made.facts}
    steps = [table.values(column(name)) for name in made.at]
    numbers: list[Mapping[str, Fraction | None]]
    numbers = [
        Numbers(each, made.at, made.dens) for each in (zip(*steps, strict=True) if steps else [()] * len(table.entries))
    ]
    readers: list[Reader] = []
    findings: list[Finding] = []
    if made.fractional:
        known = [dict(each) for each in numbers]
        readers = [Reader(row, each) for row, each in zip(table.rows(), known, strict=True)]
        findings = _in_fractions(made, table, facts, readers)
        numbers = list(known)
    statuses = _statuses(made, table, facts)
    missing, expected = (_required(made, facts, what) for what in ("missing", "expected"))
    passed = facts.get("passed") or [None] * len(numbers)
    totals = comparable(numbers, "total")
    each = zip(table.entries, statuses, numbers, missing, expected, totals, passed, strict=True)
    rows = [
        Row(entry, status or "", number, Values(number, made.places), {}, less, most, total is not None, ok)
        for entry, status, number, less, most, total, ok in each
    ]
    _further(made, facts, statuses, rows)
    return rows, readers, findings


def _in_fractions(made: Plan, table: Wide, facts: Facts, readers: list[Reader]) -> list[Finding]:
    """The steps and conditions that integers can't carry, put among the entries' numbers and facts."""
    findings: list[Finding] = []
    named = set(made.rules.steps)
    for name, node in made.exact:
        for each in across_within(node.parts[0], named):
            findings += across(each, readers, _field(made, each, table, readers))
        for reader in readers:
            reader.numbers[name] = reader.number(node.parts[0])
    for name, node in made.slow.items():
        facts[name] = [reader.holds(node) for reader in readers]
    return findings


def _field(made: Plan, node: Across, table: Wide, readers: list[Reader]) -> list[bool]:
    """Which entries are in the field of a value: without a status, neither recorded nor by a condition that is known by then.

    What happened in a round takes nobody out of the choice of who is in it: a later round's conditions count only for values
    that rest on who reached it.
    """
    rests = rounds_below(node, set())
    outs = [out for out in made.rules.outs if rounds_below(out.when, set()) <= rests]
    return [
        not status and not any(reader.holds(out.when) for out in outs)
        for status, reader in zip(table.status, readers, strict=True)
    ]


def _statuses(made: Plan, table: Wide, facts: Facts) -> list[str | None]:
    """The recorded status, or the first that the rules' own conditions give; None while it isn't known whether they do."""
    found: list[str | None] = list(table.status)
    for condition, status in reversed(made.outs):
        for n, holds in enumerate(facts[condition]):
            if holds is not False and not table.status[n]:
                found[n] = status if holds else found[n] or None
    return found


def _required(made: Plan, facts: Facts, what: str) -> list[int]:
    """How many required marks are missing, or expected: those that are required anyway, and those on conditions."""
    total = list(facts[f"{what}:0"])
    for n, under in enumerate(made.required[1:], 1):
        for at, count in enumerate(facts[f"{what}:{n}"]):
            if all(facts[condition][at] for condition in under):
                total[at] += count
    return total


def _further(made: Plan, facts: Facts, statuses: list[str | None], rows: list[Row]) -> None:
    """What only some rules or some entries have."""
    for n, status in enumerate(statuses):
        if status is None:
            # Whether the entry is out isn't known yet, so neither is its total.
            numbers = {**rows[n].numbers, "total": None}
            rows[n].numbers, rows[n].texts, rows[n].totalled = numbers, Values(numbers, made.places), False
    if made.needs:
        for n, row in enumerate(rows):
            row.needs = {award: bool(facts[condition][n]) for award, condition in made.needs}
    if made.rules.rounds:
        for row in rows:
            row.reached = sum(row.numbers[f"{each.id}.reached"] == 1 for each in made.rules.rounds)


def _decisions(rows: list[Row], table: Wide) -> None:
    """The chief's recorded order among equals, from the entries' column `decision`: "2", or "which decision:2"."""
    if not any(table.said.get("decision", ())):
        return
    for row, said in zip(rows, table.said["decision"], strict=True):
        which, _, order = (said or "").strip().rpartition(":")
        row.decision = (which, int(order)) if order.isdecimal() else None


def _beyond(rules: Rules, table: Wide, rows: Sequence[Row]) -> list[Finding]:
    """Marks of a round that an entry isn't in: they count nothing, and somebody should know."""
    findings = []
    for module in rules.modules:
        each = next((r for r in rules.rounds[1:] if r.id == module.round), None)
        cells = [
            cell_key(sheet, n, item.id)
            for sheet in module.sheets
            for n in range(1, sheet.panel.seats + 1)
            for item in sheet.items
            if item.scale is not None
        ]
        if each is None or not cells:
            continue
        for row, *marks in zip(rows, *map(table.values, cells), strict=True):
            if row.numbers[f"{each.id}.reached"] != 1 and any(mark is not None for mark in marks):
                zh, en = (
                    f"没有进入{each.name.zh}，却有这一轮的打分，不计。",
                    f"Not in the {each.name.en}, yet marked in it; the marks don't count.",
                )
                findings.append(Finding(f"entry {row.entry}, {module.id}", zh, en, "warning"))
    return findings


def _unknown_choices(rules: Rules, table: Wide) -> list[Finding]:
    findings = []
    for attribute in rules.attributes:
        if attribute.id not in table.said:
            says = (f"参赛名单缺少 {attribute.id} 一列。", f"The entries have no column {attribute.id}.")
            findings.append(Finding("entries", *says))
            continue
        if attribute.any:
            continue
        for entry, value in zip(table.entries, table.said[attribute.id], strict=True):
            if value not in attribute.values:
                legal = " | ".join(attribute.values)
                zh, en = (
                    f"{attribute.id} 应为 {legal}，不是“{value}”。",
                    f"{attribute.id} must be {legal}, not {value!r}.",
                )
                findings.append(Finding(f"entry {entry}", zh, en))
    return findings


def _unbroken(rules: Rules, standings: tuple[Standing, ...]) -> list[Finding]:
    return [
        Finding(
            f"entry {s.entry}",
            f"并列第 {s.rank} 名，规则不许并列，需裁判长裁定。",
            f"Tied at rank {s.rank}; the rules forbid shared places, so the chief must decide.",
            "warning",
        )
        for s in standings
        if s.tied and s.rank is not None and not rules.may_share(s.rank)
    ]


__all__ = ["Plan", "plan", "score", "score_piles", "standings"]
