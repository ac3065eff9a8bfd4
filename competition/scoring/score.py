"""Marks and rules in, standings out; touches nothing else.

The plan's named steps are computed in order over integer columns (`exact`), then entries are ranked (`ranking`) and awards
given (`awards`). The same function serves the command line, the live standings, releases and certificates.
"""

from fractions import Fraction
from functools import lru_cache

import polars as pl

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.items import cell_key
from competition.rules.nodes import Named, Node, Rounded
from competition.scoring.awards import give
from competition.scoring.exact import Exact, Lowering, absent_column, attribute_column, column
from competition.scoring.frames import wide
from competition.scoring.ranking import Row, rank
from competition.scoring.result import Result, Standing, number_text
from competition.scoring.spread import far_apart


class Plan:
    """A rule file lowered once: for each step the expression over the wide frame, and the conditions for statuses.

    Raises RuleError where a number can't be proven to fit.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        lowering = Lowering()
        self.stages: list[list[pl.Expr]] = []
        self.levels: dict[str, int] = {}
        self.places: dict[str, int | None] = {}
        for name, node in rules.steps.items():
            self._stage(lowering.keep(name, node))
            self.places[name] = _places(node)
        self.columns: dict[str, Exact] = lowering.columns
        self.outs = [(out, lowering.lower(out.when).expr) for out in rules.outs]
        self.needs = {award.id: lowering.lower(award.needs).expr for award in rules.awards if award.needs}
        self.missing = _missing(rules)

    def _stage(self, expr: pl.Expr) -> None:
        """Steps go in stages: a step stands one stage after the last of those it reads."""
        name = expr.meta.output_name()
        level = 1 + max((self.levels.get(column, -1) for column in expr.meta.root_names()), default=-1)
        self.levels[name] = level
        if level == len(self.stages):
            self.stages.append([])
        self.stages[level].append(expr)

    def run(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with a column per step, out:…, needs:…, missing and expected."""
        lazy = frame.lazy()
        for stage in self.stages:
            lazy = lazy.with_columns(stage)
        lazy = lazy.with_columns(
            [expr.alias(f"out:{out.id}") for out, expr in self.outs]
            + [expr.alias(f"needs:{award}") for award, expr in self.needs.items()]
            + self.missing
        )
        return lazy.collect()


def _places(node: Node) -> int | None:
    """The decimals a step is shown with: those the rules round it to, also where it only passes another step on."""
    while isinstance(node, Named):
        node = node.of
    return node.how.places if isinstance(node, Rounded) else None


@lru_cache(maxsize=256)
def plan(rules: Rules) -> Plan:
    """The plan of these rules, kept by their digest. Raises RuleError where a number can't be proven to fit."""
    return Plan(rules)


def score(rules: Rules, marks: pl.DataFrame, entries: pl.DataFrame, *, absences: pl.DataFrame | None = None) -> Result:
    """Standings from the current marks; frames as `competition.scoring.frames` says. Nothing raises for bad marks:
    they are findings, and an entry with a mark missing has no total and no rank.
    """
    made = plan(rules)
    frame, findings = wide(rules, marks, entries, absences)
    frame = made.run(frame)
    rows = [_row(made, values) for values in frame.iter_rows(named=True)]
    ranked = rank(rules, rows)
    awards, award_findings = give(rules, ranked)
    findings += award_findings + far_apart(rules, frame, made.columns) + _unknown_choices(rules, entries)
    standings = tuple(
        Standing(
            entry=row.entry, rank=row.rank, tied=row.tied, decided_by=row.decided_by, status=row.status,
            total=row.texts["total"] if not row.status else None, award=awards.get(row.entry), values=row.texts,
            missing=row.missing, expected=row.expected,
        )
        for row in ranked
    )  # fmt: skip
    if not rules.shared:
        findings += _unbroken(standings)
    return Result(rules, standings, tuple(findings), {n: e.den for n, e in made.columns.items()}, frame)


def _row(made: Plan, values: dict[str, object]) -> Row:
    numbers: dict[str, Fraction | None] = {}
    texts: dict[str, str | None] = {}
    for name, exact in made.columns.items():
        numerator = values[column(name)]
        assert numerator is None or isinstance(numerator, int)
        number = None if numerator is None else Fraction(numerator, exact.den)
        numbers[name] = number
        texts[name] = None if number is None else number_text(number, made.places[name])
    status = str(values["status"] or "")
    if not status:
        status = next((out.status for out, _ in made.outs if values[f"out:{out.id}"]), "")
    if not status and any(values[f"out:{out.id}"] is None for out, _ in made.outs):
        # Whether the entry is out isn't known yet, so neither is its total.
        numbers["total"] = texts["total"] = None
    needs = {award: bool(values[f"needs:{award}"]) for award in made.needs}
    missing, expected = values["missing"], values["expected"]
    assert isinstance(missing, int)
    assert isinstance(expected, int)
    return Row(str(values["entry"]), status, numbers, texts, needs, missing, expected)


def _missing(rules: Rules) -> list[pl.Expr]:
    """Required cells of seats that are not absent: how many are unmarked, and how many there are."""
    cells = [
        (pl.col(cell_key(sheet, int(seat.rpartition(".")[2]), item.id)).is_null(), ~pl.col(absent_column(seat)))
        for sheet, seat, item in rules.cells()
        if item.required and (item.scores or item.scale is None or item.scale.numeric)
    ]
    attributes = [pl.col(attribute_column(a.id)).is_null() for a in rules.attributes]
    if not cells:
        return [pl.lit(0).alias("missing"), pl.lit(0).alias("expected")]
    missing = [(null & there).cast(pl.Int64) for null, there in cells] + [a.cast(pl.Int64) for a in attributes]
    return [
        pl.sum_horizontal(missing).alias("missing"),
        pl.sum_horizontal([there.cast(pl.Int64) for _, there in cells]).alias("expected"),
    ]


def _unknown_choices(rules: Rules, entries: pl.DataFrame) -> list[Finding]:
    findings = []
    for attribute in rules.attributes:
        if attribute.id not in entries.columns:
            says = (f"参赛名单缺少 {attribute.id} 一列。", f"The entries have no column {attribute.id}.")
            findings.append(Finding("entries", *says))
            continue
        for entry, value in entries.select("entry", attribute.id).iter_rows():
            if value not in attribute.values:
                legal = " | ".join(attribute.values)
                zh, en = (
                    f"{attribute.id} 应为 {legal}，不是“{value}”。",
                    f"{attribute.id} must be {legal}, not {value!r}.",
                )
                findings.append(Finding(f"entry {entry}", zh, en))
    return findings


def _unbroken(standings: tuple[Standing, ...]) -> list[Finding]:
    return [
        Finding(
            f"entry {s.entry}",
            f"并列第 {s.rank} 名，规则不许并列，需裁判长裁定。",
            f"Tied at rank {s.rank}; the rules forbid shared places, so the chief must decide.",
            "warning",
        )
        for s in standings
        if s.tied
    ]
