"""Values that need the whole field, group by group: places, place points, the best six, panel factors, majority placing."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from competition.errors import Finding
from competition.rules.field import Across, Form
from competition.rules.nodes import rounded
from competition.scoring import worldskills
from competition.scoring.entries import absent_column, attribute_column
from competition.scoring.fractions import Reader
from competition.scoring.majority import majority
from competition.scoring.methods import mean, median, places

Keys = tuple[Any, ...]
"""Fractions, all known; only the further keys of "top" may be None."""
Rows = list[Keys] | None


def across(node: Across, readers: Sequence[Reader], field: Sequence[bool]) -> list[Finding]:
    """Put the node's value of every entry into its reader. field: which entries have no status.

    A group in which anything is still unknown has no value; whoever isn't of the field, or not among, isn't in a "top".
    """
    default = Fraction(0) if node.form.name == "top" else None
    groups = _groups(node, readers, field)
    rows = {group: _rows(node, readers, members) for group, members in groups.items()}
    made = _factors(node.form, rows) if node.form.name == "factor" else _each(node, rows)
    known = {group: members for group, members in groups.items() if members and rows[group] is not None}
    values = {n: v for group, members in known.items() for n, v in zip(members, made[group], strict=True)}
    open_ = {
        n
        for group, members in groups.items()
        if rows[group] is None
        for n in members or _perhaps(node, readers, field, group)
    }
    for n, reader in enumerate(readers):
        reader.field[id(node)] = values.get(n, None if n in open_ else default)
    return [finding for group in known for finding in _refused(node, rows[group] or [], made[group])]


def _perhaps(node: Across, readers: Sequence[Reader], field: Sequence[bool], group: object) -> list[int]:
    """Every entry of a group of which it isn't known who is among it, but for those who are known not to be."""
    mine = [n for n, r in enumerate(readers) if not node.by or r.row[attribute_column(node.by)] == group]
    return [n for n in mine if field[n] and not (node.among and readers[n].holds(node.among) is False)]


def _rows(node: Across, readers: Sequence[Reader], members: list[int] | None) -> Rows:
    """What each entry of a group brings; None while anything of it is unknown, but for the further keys of "top"."""
    if members is None:
        return None
    rows = [_brings(node, readers[n]) for n in members]
    return None if any(value is None for row in rows for value in row[: len(row) - len(node.keys)]) else rows


def _brings(node: Across, reader: Reader) -> Keys:
    """An entry's values; of a row those of the counting seats, and nothing known where the panel doesn't stand."""
    if node.counted is not None:
        there = [each for each, seat in zip(node.of, node.seats, strict=True) if not reader.row[absent_column(seat)]]
        counted = reader.number(node.counted)
        return (None,) if counted is None else tuple(reader.number(each) for each in there[: int(counted)])
    return tuple(reader.number(each) for each in (*node.of, *(key for key, _ in node.keys)))


def _each(node: Across, rows: Mapping[object, Rows]) -> Mapping[object, Sequence[Fraction | None]]:
    form = _FORMS[node.form.name]
    return {group: [] if known is None else form(node, known) for group, known in rows.items()}


def _groups(node: Across, readers: Sequence[Reader], field: Sequence[bool]) -> dict[object, list[int] | None]:
    """Entries of the field by their group; None for a group of which it isn't known yet who belongs to it."""
    groups: dict[object, list[int] | None] = {}
    for n, reader in enumerate(readers):
        if not field[n]:
            continue
        group = reader.row[attribute_column(node.by)] if node.by else ""
        if node.by and group is None:
            continue
        among = True if node.among is None else reader.holds(node.among)
        known = groups.setdefault(group, [])
        if among is None:
            groups[group] = None
        elif among and known is not None:
            known.append(n)
    return groups


def _ordered(node: Across, rows: Sequence[Keys]) -> list[Keys]:
    """Rows as keys of which the lowest is the best."""
    return [tuple(-v if node.form.best == "high" else v for v in row) for row in rows]


def _rank(node: Across, rows: Sequence[Keys]) -> list[Fraction]:
    return places(_ordered(node, rows), node.form.numbering)


def _points(node: Across, rows: Sequence[Keys]) -> list[Fraction | None]:
    """Points by place. What tied entries get, the rule must say: the sources don't (Ljubljana, score-sheets.md 12)."""
    ordered = _ordered(node, rows)
    first, last = places(ordered, "1224"), places(ordered, "1334")
    form = node.form
    table = [*form.points, *[form.rest] * len(rows)]
    out: list[Fraction | None] = []
    for low, high in zip(first, last, strict=True):
        span = table[int(low) - 1 : int(high)]
        refused = None if len(span) > 1 else span[0]
        out.append({"higher": span[0], "lower": span[-1], "average": mean(span), "refuse": refused}[form.ties])
    return out


def _top(node: Across, rows: Sequence[Keys]) -> list[Fraction | None]:
    """1 for the best n. A further key is asked only of those tied over the border: while one of them lacks it, they wait."""
    chosen: list[Fraction | None] = [Fraction(0)] * len(rows)
    tied, free, ways = list(range(len(rows))), node.form.n, [node.form.best, *(way for _, way in node.keys)]
    for key, way in enumerate(ways):
        ordered = {n: -v if way == "high" else v for n in tied if (v := rows[n][key]) is not None}
        if len(ordered) < len(tied):
            return [None if n in tied else chose for n, chose in enumerate(chosen)]
        for value in sorted(set(ordered.values())):
            tied = [n for n in ordered if ordered[n] == value]
            if len(tied) > free:
                break
            for n in tied:
                chosen[n] = Fraction(1)
            free -= len(tied)
        else:
            return chosen
        if not free:
            return chosen
    for n in tied if node.form.ties == "extend" else ():
        chosen[n] = Fraction(1)
    return chosen


def _rival(_: Across, rows: Sequence[Keys]) -> list[Fraction | None]:
    return [rows[1][0], rows[0][0]] if len(rows) == 2 else [None] * len(rows)


def _same(function: Callable[[list[Fraction]], Fraction]) -> Callable[[Across, Sequence[Keys]], list[Fraction]]:
    """One number of the group, given to each of its entries."""
    return lambda _, rows: [function([row[0] for row in rows])] * len(rows) if rows else []


def _scaled(scale: Callable[..., Sequence[int] | None]) -> Callable[[Across, Sequence[Keys]], list[Fraction | None]]:
    def apply(node: Across, rows: Sequence[Keys]) -> list[Fraction | None]:
        small = len(rows) < node.form.least
        made = None if small else scale([row[0] for row in rows], clamp=node.form.clamp)
        return [None] * len(rows) if made is None else [Fraction(mark) for mark in made]

    return apply


def _standard(node: Across, rows: Sequence[Keys]) -> list[Fraction | None]:
    form = node.form
    made = worldskills.standard([row[0] for row in rows], form.centre, form.spread, form.places)
    return [None] * len(rows) if made is None else list(made)


_FORMS: Mapping[str, Callable[[Across, Sequence[Keys]], Sequence[Fraction | None]]] = {
    "rank": _rank, "points": _points, "top": _top, "rival": _rival, "standard": _standard,
    "sum": _same(lambda values: sum(values, Fraction(0))), "mean": _same(mean), "median": _same(median),
    "min": _same(min), "max": _same(max), "count": _same(lambda values: Fraction(len(values))),
    "majority": lambda _, rows: majority(rows),
    "scale_500": _scaled(worldskills.scale_500), "scale_700": _scaled(worldskills.scale_700),
}  # fmt: skip


def _factors(form: Form, rows: Mapping[object, Rows]) -> Mapping[object, Sequence[Fraction | None]]:
    """Panels made equal: each group's factor R / A (rules.md 11.2, both Chinese variants)."""
    values = {group: None if known is None else [row[0] for row in known] for group, known in rows.items()}
    kept = {group: _trimmed(form, known) for group, known in values.items() if known}
    unknown: dict[object, Sequence[Fraction | None]] = {g: [None] * len(known or []) for g, known in values.items()}
    pool = _trimmed(form, [value for known in values.values() if known for value in known])
    if None in values.values() or not all(kept.values()) or not pool:
        return unknown
    means = {group: mean(known) for group, known in kept.items()}
    if not all(means.values()):
        return unknown  # a panel that gave nothing but zeros can't be made equal to the others
    target = mean(pool) if form.pooled else mean(list(means.values()))
    out = dict(unknown)
    for group, known in values.items():
        if known:
            factor = target / means[group]
            out[group] = [rounded(factor, form.round) if form.round else factor] * len(known)
    return out


def _trimmed(form: Form, values: Sequence[Fraction]) -> list[Fraction]:
    low, high = form.trim
    return sorted(values)[low : len(values) - high]


def _refused(node: Across, rows: Sequence[Keys], made: Sequence[Fraction | None]) -> list[Finding]:
    """Why a report scale was not computed: said, not shown as a number that means nothing (rules.md section 21)."""
    if node.form.name not in ("scale_500", "scale_700", "standard") or not rows or None not in made:
        return []
    if len(rows) < node.form.least:
        zh, en = (
            f"只有 {len(rows)} 个参赛，少于 {node.form.least} 个，不换算。",
            f"Only {len(rows)} entries, fewer than {node.form.least}; not scaled.",
        )
    else:
        zh, en = "成绩没有离散度，不换算。", "The field has no spread; not scaled."
    return [Finding(node.form.name, zh, en, "warning")]
