"""The numbers of the rule files as flat tables: what somebody who scores these events by hand in SQL or a frame would type.

Only what the 108 files use is known here; anything else raises Unknown. Points are in hundredths, whole numbers
throughout. A *target* is what seats are combined over: every sheet, and every section or value that a ranking key asks for.

forms     form, event, module, sheet
items     form, pos (place in the compact column), item, text (its marks are text), times (points = value × times), key
          ("": none, "number": points hang on value − key, "answer": right or wrong, "order": positions right), blank
bands     form, pos, low, points: of the rows with low <= value (or value − key) the highest low gives the points
near      form, pos, other, within, points: points where two values of a sheet differ by no more than `within`
requires  form, pos, other: the answer only counts where the other one is right
zeros     form, pos, when_form, when_pos, least: no points while that value is at least `least`
outs      event, n, when_form, when_pos, least, status: the same, for the whole entry; the lowest n says which status
members   target, form, pos, raw (the value itself, not its points)
targets   target, module (None for keys), method (agreed, sum, mean, trimmed), times, rounded
overtimes module, form, pos, limit, per, points, cap (None: no cap)
modules   module, part, floor (0 or None), times     parts  part, event, over, weight: round(Σ module × times / over)
keys      event, n, sign, kind (part, module, target), ref: later ranking keys, added up by n
awards    event, n, award, share
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from competition.rules import Rules
from competition.rules.model import Item, Sheet
from tests.benchmarks.invented import written_items

Written = Mapping[str, Any]
Rows = list[dict[str, Any]]

CENTS = 100
_FACT = re.compile(r"(\w+)\.(\w+)\.(\w+)\.value (==|>) (\d+)")
_VALUE = re.compile(r"(\w+)\.(\w+)\.(\w+)\.value")
_SUM = re.compile(r"(?:sum|combined)\((\w+)\.(\w+)\.(\w+)(\.value)?\)")
_NEAR = re.compile(r"if\(abs\((\w+) - (\w+)\) <= (\d+), 1, 0\)")


class Unknown(Exception):
    """A rule file uses something that the hand-written computations don't do."""


def tables(field: list[Rules]) -> dict[str, Rows]:
    """All tables of some rule files, by name."""
    made = _Tables()
    for rules in field:
        made.event(rules)
    return dict(made.rows)


def hundredths(value: object) -> int:
    """A number of points as whole hundredths."""
    exact = Fraction(str(value)) * CENTS
    if exact.denominator != 1:
        raise Unknown(f"{value} is no whole number of hundredths")
    return exact.numerator


class _Tables:
    def __init__(self) -> None:
        self.rows: defaultdict[str, Rows] = defaultdict(list)
        self._forms = 0
        self._targets = 0

    def add(self, table: str, **row: Any) -> None:
        self.rows[table].append(row)

    def event(self, rules: Rules) -> None:
        _Event(self, rules).read()

    def form(self) -> int:
        self._forms += 1
        return self._forms

    def target(self) -> int:
        self._targets += 1
        return self._targets


class _Event:
    """One rule file on its way into the tables."""

    def __init__(self, made: _Tables, rules: Rules) -> None:
        self.made, self.rules = made, rules
        self.data: Written = json.loads(rules.canonical, parse_float=Decimal)
        self.forms = {sheet.path: made.form() for sheet in rules.sheets}
        self.own = {sheet.path: made.target() for sheet in rules.sheets}
        self.parts = {part: f"{rules.id}.{part}" for part in self.data["parts"]}
        self.at = {
            (sheet.path, item.id): pos
            for sheet in rules.sheets
            for pos, item in enumerate(i for i in sheet.items if i.scale is not None)
        }

    def read(self) -> None:
        for sheet in self.rules.sheets:
            self._sheet(sheet)
        for module, body in self.data["modules"].items():
            self._module(module, body)
        for part, body in self.data["parts"].items():
            self._part(part, body)
        for n, veto in enumerate(self.data.get("vetoes", ())):
            self._veto(n, veto)
        for n, key in enumerate(self.data["ranking"]["keys"][1:], 1):
            self._key(n, key["by"], -1 if key["best"] == "low" else 1)
        for n, award in enumerate(self.data["awards"]):
            if (award["of"], award["rounding"]) != ("entered", "half_up"):
                raise Unknown(f"award {award}")
            self.made.add("awards", event=self.rules.id, n=n, award=award["id"], share=int(award["share"]))

    # ---- sheets and items ----

    def _sheet(self, sheet: Sheet) -> None:
        body = self.data["modules"][sheet.module]["sheets"][sheet.id]
        form = self.forms[sheet.path]
        self.made.add("forms", form=form, event=self.rules.id, module=sheet.module, sheet=sheet.id)
        self._target(self.own[sheet.path], f"{self.rules.id}.{sheet.module}", body["combine"])
        written = {item["id"]: item for item in written_items(body)}
        for item in sheet.items:
            self._item(sheet, item, written[item.base])

    def _target(self, target: int, module: str | None, combine: Written) -> None:
        method = combine["method"]
        if method not in ("agreed", "sum", "mean", "trimmed") or (method == "trimmed" and combine["from"] != 5):
            raise Unknown(f"combine {combine}")
        if combine.get("round", {"places": 2, "mode": "half_up"}) != {"places": 2, "mode": "half_up"}:
            raise Unknown(f"round {combine}")
        times, rounded = int(combine.get("times", 1)), "round" in combine
        self.made.add("targets", target=target, module=module, method=method, times=times, rounded=rounded)

    def _item(self, sheet: Sheet, item: Item, written: Written) -> None:
        form, own = self.forms[sheet.path], self.own[sheet.path]
        if "formula" in written:
            near = _NEAR.fullmatch(written["formula"])
            if near is None:
                raise Unknown(written["formula"])
            pos, other = (self.at[sheet.path, name] for name in near.group(1, 2))
            first = sheet.item(near[1])
            within = int(near[3]) * (first.scale.den if first.scale else 1)
            self.made.add("near", form=form, target=own, pos=pos, other=other, within=within, points=CENTS)
            return
        assert item.scale is not None
        pos = self.at[sheet.path, item.id]
        key = "answer" if item.key else "order" if item.order is not None else "number" if item.expert else ""
        blank = None if item.blank is None else int(item.blank * item.scale.den)
        times = self._times(item, written, item.scale.den)
        self.made.add(
            "items", form=form, pos=pos, item=item.id, text=not item.scale.numeric, den=item.scale.den, times=times,
            key=key, blank=blank,
        )  # fmt: skip
        if item.scores and item.scale.type != "note":
            self.made.add("members", target=own, form=form, pos=pos, raw=False)
        if item.key and item.key.requires:
            needed = item.key.requires + (f"@{item.sample}" if item.sample else "")
            self.made.add("requires", form=form, pos=pos, other=self.at[sheet.path, needed])
        for low, points in _bands(item, written, item.scale.den):
            self.made.add("bands", form=form, pos=pos, low=low, points=points)

    def _times(self, item: Item, written: Written, den: int) -> int:
        if item.key:
            return hundredths(item.key.points)
        weight = written.get("weight", 1)
        if isinstance(weight, str):
            rows = self.data["weights"][weight]
            if rows["adds_to"] != CENTS or den != 1:
                raise Unknown(f"weights {weight}")
            self._weight_row(item, rows)
            return 0
        return hundredths(Fraction(str(weight)) / den) if written.get("score", True) and not _measured(written) else 0

    def _weight_row(self, item: Item, rows: Written) -> None:
        (sheet,) = (s for s in self.rules.sheets if item in s.items)
        for choice, weights in rows["rows"].items():
            self.made.add(
                "weights", form=self.forms[sheet.path], pos=self.at[sheet.path, item.id], attribute=rows["by"],
                choice=choice, times=int(weights.get(item.base, 0)),
            )  # fmt: skip

    # ---- modules, parts, vetoes ----

    def _module(self, module: str, body: Written) -> None:
        id = f"{self.rules.id}.{module}"
        if body.get("points", "technical + sensory - overtime") != "technical + sensory - overtime" or "round" in body:
            raise Unknown(f"module {module}")
        weights = dict(re.findall(r"([\d.]+) \* (\w+)", self.data["parts"][body["part"]].get("points", "")))
        times = Fraction(next((n for n, name in weights.items() if name == module), "1")) * 10
        self.made.add(
            "modules", module=id, part=self.parts[body["part"]], floor=body.get("floor"), times=times.numerator
        )
        for over in body.get("overtime", ()):
            sheet, _, item = over["time"].partition(".")
            form, pos = self._place(module, sheet, item)
            cap = None if "cap" not in over else hundredths(over["cap"])
            self.made.add(
                "overtimes", module=id, form=form, pos=pos, limit=int(over["limit"]), per=int(over["per"]),
                points=hundredths(over["points"]), cap=cap,
            )  # fmt: skip
            if "out" in over:
                least = int(over["limit"]) + int(over["out"]["over"]) + 1
                self._out(form, pos, least, over["out"]["status"])

    def _part(self, part: str, body: Written) -> None:
        over = Fraction(10)
        if "rescale" in body:
            over = over * Fraction(str(body["rescale"]["from"])) / Fraction(str(body["rescale"]["to"]))
        scale = over.denominator
        for row in self.made.rows["modules"]:
            if row["part"] == self.parts[part]:
                row["times"] *= scale
        if body.get("round", {"places": 2, "mode": "half_up"}) != {"places": 2, "mode": "half_up"}:
            raise Unknown(f"part {part}")
        self.made.add(
            "parts", part=self.parts[part], event=self.rules.id, over=over.numerator, weight=int(body["weight"])
        )

    def _veto(self, n: int, veto: Written) -> None:
        for fact in veto["when"].split(" or "):
            found = _FACT.fullmatch(fact)
            if found is None:
                raise Unknown(fact)
            form, pos = self._place(*found.group(1, 2, 3))
            least = int(found[5]) + (found[4] == ">")
            if "status" in veto:
                self._out(form, pos, least, veto["status"])
            for where in veto.get("zero", ()):
                for at in self._within(where):
                    self.made.add("zeros", form=at[0], pos=at[1], when_form=form, when_pos=pos, least=least)

    def _out(self, form: int, pos: int, least: int, status: str) -> None:
        n = len(self.made.rows["outs"])
        self.made.add("outs", event=self.rules.id, n=n, when_form=form, when_pos=pos, least=least, status=status)

    # ---- names ----

    def _place(self, module: str, sheet: str, item: str) -> tuple[int, int]:
        return self.forms[f"{module}.{sheet}"], self.at[f"{module}.{sheet}", item]

    def _within(self, where: str) -> Iterator[tuple[int, int]]:
        """The items of a module, sheet, section or item."""
        for sheet in self.rules.sheets:
            for section in sheet.sections:
                for item in section.items:
                    names = (sheet.module, sheet.path, f"{sheet.path}.{section.id}", f"{sheet.path}.{item.base}")
                    if where in names and item.scale is not None:
                        yield self.forms[sheet.path], self.at[sheet.path, item.id]

    def _key(self, n: int, by: str, sign: int) -> None:
        add = {"event": self.rules.id, "n": n, "sign": sign}
        if by in self.parts:
            self.made.add("keys", **add, kind="part", ref=self.parts[by])
        elif by in self.data["modules"]:
            self.made.add("keys", **add, kind="module", ref=f"{self.rules.id}.{by}")
        else:
            for term in self.data["quantities"][by]["formula"].split(" + "):
                self.made.add("keys", **add, kind="target", ref=self._quantity(term))

    def _quantity(self, term: str) -> int:
        if term in self.own:
            return self.own[term]
        summed, value = _SUM.fullmatch(term), _VALUE.fullmatch(term)
        if summed is None and value is None:
            raise Unknown(term)
        module, sheet, name = (summed or value).group(1, 2, 3)  # type: ignore[union-attr]
        raw = value is not None or bool(summed and summed[4])
        combine = self.data["modules"][module]["sheets"][sheet]["combine"]
        combine = {"method": "sum"} if term.startswith("sum") else combine
        target = self.made.target()
        self._target(target, None, combine)
        for form, pos in self._within(f"{module}.{sheet}.{name}"):
            self.made.add("members", target=target, form=form, pos=pos, raw=raw)
        return target


def _measured(written: Written) -> bool:
    return "bands" in written or "tolerance" in written


def _bands(item: Item, written: Written, den: int) -> list[tuple[int, int]]:
    """(lowest numerator, points): the points from there on, until the next row."""
    if item.order is not None:
        return [(count, hundredths(points)) for count, points in item.order]
    if "bands" in written:
        rows = [(Fraction(str(row["upto"])) * den, row["points"]) for row in written["bands"] if "upto" in row]
        starts = [-(10**9), *(edge // 1 + 1 for edge, _ in rows)]
        points = [*(p for _, p in rows), written["bands"][-1]["points"]]
        return [(start, hundredths(p)) for start, p in zip(starts, points, strict=True)]
    if "tolerance" in written:
        target = written["tolerance"]["target"]
        middle = Fraction(0) if target == "key" else Fraction(str(target)) * den
        rows = [(Fraction(str(r["within"])) * den, r["points"]) for r in written["tolerance"]["bands"] if "within" in r]
        rest = written["tolerance"]["bands"][-1]["points"]
        starts = [-(10**9), *(-((w - middle) // 1) for w, _ in reversed(rows))]
        starts += [(middle + w) // 1 + 1 for w, _ in rows]
        points = [rest, *(p for _, p in reversed(rows)), *(p for _, p in rows[1:]), rest]
        return [(start, hundredths(p)) for start, p in zip(starts, points, strict=True)]
    return []
